// The story on the left: segments with their beat, planned time against the clock, what runs now. A press or Enter goes
// to a segment; while it is being arranged, rows move by hand and by keys, and are changed, doubled and taken out.
// How times are computed is in run-timing.ts.

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ProblemNote } from '../crew/problem-note.tsx';
import { ask } from '../crew/shop-data.ts';
import { beatWord } from '../crew/words.ts';
import { Button } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { durationText, timeText, useTick } from '../design/clock.tsx';
import { EmptyState } from '../design/empty-state.tsx';
import { CheckIcon } from '../design/icons.tsx';
import { ArrangeRun } from './arrange-run.tsx';
import type { AskedOffer } from './asked-offers.ts';
import { useCrewSegments } from './crew-segments.ts';
import { useDesk, useRoom } from './desk.tsx';
import { ReadyCues } from './ready-cues.tsx';
import { behindInWords, type RunLine, runTiming } from './run-timing.ts';

/** The run of show. `direct`: this member of the crew may move on. */
export function RunPanel({
  direct,
  onAsked,
}: {
  direct: boolean;
  /** An offer was fired: the desk follows it until it is open. */
  onAsked: (asked: AskedOffer) => void;
}) {
  useTick();
  const { showId, client } = useDesk();
  const room = useRoom((whole) => whole);
  const crewSegments = useCrewSegments();
  const [arranging, setArranging] = useState(false);
  const go = useMutation({
    mutationFn: (segmentId: string) => ask.enterSegment(showId, segmentId),
  });
  const timing = runTiming({
    segments: room.segments,
    startsAtMs: room.plan.startsAtMs,
    startedAtMs: room.startedAtMs,
    currentId: room.segmentId,
    currentSinceMs: room.segmentSinceMs,
    visits: room.visits,
    nowMs: client.nowMs(),
  });
  const isLive = room.phase === 'live';
  const mayArrange = direct && (isLive || room.phase === 'planned');
  const current = crewSegments.find(({ segmentId }) => segmentId === room.segmentId);

  return (
    <nav aria-label="Run of show" className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-11 items-center justify-between gap-2 px-5 pt-3 pb-1">
        <h2 className="label font-sans text-soft">Run of show</h2>
        <p
          className={classes(
            'ml-auto text-xs font-semibold',
            (timing.behindMs ?? 0) >= 60_000 ? 'text-urgent' : 'text-soft',
          )}
        >
          {isLive ? behindInWords(timing.behindMs) : `${Math.round(timing.plannedMs / 60_000)} min`}
        </p>
        {mayArrange ? (
          <Button
            size="small"
            look="plain"
            aria-pressed={arranging}
            onClick={() => setArranging((before) => !before)}
          >
            {arranging ? 'Done' : 'Arrange'}
          </Button>
        ) : null}
      </div>
      <ProblemNote error={go.error} className="mx-3 mb-2" />
      {arranging && mayArrange ? (
        <ArrangeRun segments={crewSegments} current={room.segmentId} />
      ) : timing.lines.length === 0 ? (
        <EmptyState title="No run of show yet" className="py-8">
          {mayArrange
            ? 'Press Arrange and put segments in: hook, story, demo, offer.'
            : 'Hook, story, demo, offer: whoever directs the show plans them.'}
        </EmptyState>
      ) : (
        <ol className="scroll-quiet min-h-0 flex-1 space-y-1 overflow-y-auto px-3 pb-4">
          {timing.lines.map((line) => (
            <li key={line.segment.segmentId}>
              <SegmentRow
                line={line}
                disabled={!direct || !isLive}
                waiting={go.isPending && go.variables === line.segment.segmentId}
                onGo={() => go.mutate(line.segment.segmentId)}
              />
            </li>
          ))}
        </ol>
      )}
      {current && isLive && direct && !arranging ? (
        <ReadyCues cues={current.cues ?? []} onAsked={onAsked} />
      ) : null}
    </nav>
  );
}

function SegmentRow({
  line,
  disabled,
  waiting,
  onGo,
}: {
  line: RunLine;
  disabled: boolean;
  waiting: boolean;
  onGo: () => void;
}) {
  const { segment, place, leftMs, actualMs, warning } = line;
  const isNow = place === 'now';
  return (
    <button
      type="button"
      disabled={disabled}
      aria-current={isNow ? 'step' : undefined}
      onClick={onGo}
      className={classes(
        'relative flex min-h-14 w-full items-center gap-3 overflow-hidden rounded-control px-3 py-2.5 text-left transition-colors disabled:cursor-default',
        isNow ? 'bg-sunken' : 'enabled:hover:bg-card',
        waiting && 'animate-breathe',
      )}
    >
      {isNow ? (
        <span
          aria-hidden="true"
          className="absolute inset-y-2 left-0 w-[3px] rounded-full bg-vermilion"
        />
      ) : null}
      <span className={classes('w-11 shrink-0 text-sm', isNow ? 'text-text' : 'text-soft')}>
        {timeText(line.plannedAtMs)}
      </span>
      <span className="min-w-0 flex-1">
        <span
          className={classes(
            'block text-[0.9375rem] leading-snug',
            isNow ? 'font-semibold' : place === 'done' ? 'font-medium text-soft' : 'font-medium',
          )}
        >
          {segment.title}
        </span>
        <span className={classes('block text-xs', warning ? 'text-ritual' : 'text-soft')}>
          {beatWord(segment.beat)} · {segment.minutes} min
          {place === 'done' && actualMs !== null ? `, took ${durationText(actualMs / 1_000)}` : ''}
          {warning ? ' · two offers in a row: put a story between' : ''}
        </span>
      </span>
      {isNow && leftMs !== null ? (
        <span className={classes('shrink-0 text-base font-semibold', leftMs < 0 && 'text-urgent')}>
          <span className="sr-only">{leftMs < 0 ? 'over by ' : 'left '}</span>
          {leftMs < 0 ? '+' : ''}
          {durationText(Math.abs(leftMs) / 1_000)}
        </span>
      ) : null}
      {place === 'done' ? (
        <span className="shrink-0 text-soft">
          <CheckIcon className="size-4" />
          <span className="sr-only">done</span>
        </span>
      ) : null}
    </button>
  );
}
