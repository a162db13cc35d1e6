// The lots beside the run of show: each with its terms and where it stands, the next one a key away, and a
// run that opens several by itself. What a lot may do is the shop's to say; a refusal stands where it
// belongs.

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { RoomLot } from '../../protocol/room-lot.ts';
import { ProblemNote } from '../crew/problem-note.tsx';
import { ReasonDialog } from '../crew/reason-dialog.tsx';
import { ask } from '../crew/shop-data.ts';
import { Button, IconButton } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { Dialog } from '../design/dialog.tsx';
import { CheckIcon, CloseIcon, PlusIcon } from '../design/icons.tsx';
import { toast } from '../design/toast.tsx';
import { problemFrom } from '../live/http-client.ts';
import { isRunning } from '../watch/lots-shown.ts';
import { useDesk, useRoom, useShow } from './desk.tsx';
import { Key } from './key.tsx';
import { boardOf, isHammered, runOf, shortOf, stateWords, termsWords } from './lot-board.ts';

const runGapMs = 10_000;
const withdrawReasons = ['Another time', 'It is sold already', 'A mistake in its terms'];

export type LotActions = {
  readonly prepare: () => void;
  readonly open: (lot: RoomLot) => void;
  readonly opening: string | null;
  readonly error: unknown;
};

export function LotsPanel({ direct, actions }: { direct: boolean; actions: LotActions }) {
  const { showId } = useDesk();
  const lots = useRoom((room) => room.lots);
  const phase = useRoom((room) => room.phase);
  const crew = useShow((state) => state.crew);
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  const [taking, setTaking] = useState<RoomLot | null>(null);
  const [freeing, setFreeing] = useState<RoomLot | null>(null);
  const start = useMutation({
    mutationFn: (lotIds: readonly string[]) =>
      ask.runLots(showId, { lotIds: [...lotIds], gapMs: runGapMs }),
    onSuccess: () => setChosen(null),
  });
  const stop = useMutation({
    mutationFn: () => ask.stopLotRun(showId),
    onSuccess: () => {
      start.reset();
      toast('The run is stopped; what runs goes on to its hammer.');
    },
  });
  const withdraw = useMutation({
    mutationFn: ({ lot, reason }: { lot: RoomLot; reason: string }) =>
      ask.withdrawLot(showId, lot.lotId, reason),
    onSuccess: () => setTaking(null),
  });
  const { prepared, next } = boardOf(lots);
  const shown = lots.filter(({ figures }) => figures.phase !== 'withdrawn');
  const run = runOf(crew);
  // A run that began long ago may be gone from what the crew is told; the shop says so when another is asked for.
  const isOn = run.length > 0 || problemFrom(start.error).code === 'lot-run-exists';
  const isOpen = phase === 'planned' || phase === 'live';
  if (!direct && shown.length === 0) return null;

  return (
    <section
      aria-label="Lots"
      className="flex max-h-[38%] shrink-0 flex-col border-t border-line max-lg:max-h-none"
    >
      <div className="flex min-h-12 items-center justify-between gap-2 py-1 pr-3 pl-5">
        <h2 className="label font-sans text-soft">
          Lots {shown.length > 0 ? `· ${prepared.length} ready` : null}
        </h2>
        {direct && isOpen ? (
          <Button look="plain" size="small" onClick={actions.prepare}>
            <PlusIcon className="size-4" /> Lot <Key>A</Key>
          </Button>
        ) : null}
      </div>
      <ProblemNote error={actions.error ?? start.error ?? stop.error} className="mx-3 mb-2" />
      {shown.length === 0 ? (
        <p className="px-5 pb-4 text-sm text-soft">
          An auction of one piece: prepare it now, open it with one key.
        </p>
      ) : (
        <ol
          // A list that scrolls must be reachable by keys.
          // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
          tabIndex={0}
          aria-label="Lots of this show"
          className="scroll-quiet min-h-0 flex-1 overflow-y-auto px-3 pb-2"
        >
          {shown.map((lot, index) => (
            <LotRow
              key={lot.lotId}
              lot={lot}
              number={index + 1}
              short={shortOf(lot, crew)}
              isNext={lot === next}
              inRun={run.includes(lot.lotId)}
              chosen={chosen === null ? null : chosen.includes(lot.lotId)}
              direct={direct && isOpen}
              mayOpen={phase === 'live' && actions.opening === null}
              onOpen={() => actions.open(lot)}
              onChoose={() =>
                setChosen((list) =>
                  list?.includes(lot.lotId)
                    ? list.filter((lotId) => lotId !== lot.lotId)
                    : [...(list ?? []), lot.lotId],
                )
              }
              onWithdraw={() => setTaking(lot)}
              onFree={() => setFreeing(lot)}
            />
          ))}
        </ol>
      )}
      {direct && phase === 'live' ? (
        <RunBar
          chosen={chosen}
          isOn={isOn}
          ready={prepared.length}
          busy={start.isPending || stop.isPending}
          onChoosing={() => setChosen(prepared.map(({ lotId }) => lotId))}
          onLeave={() => setChosen(null)}
          onStart={() =>
            start.mutate(
              prepared.map(({ lotId }) => lotId).filter((lotId) => chosen?.includes(lotId)),
            )
          }
          onStop={() => stop.mutate()}
        />
      ) : null}
      {taking ? (
        <ReasonDialog
          title={`Take “${taking.title}” back?`}
          legend="Reason; everyone in the room reads it"
          reasons={withdrawReasons}
          action="Take it back"
          busy={withdraw.isPending}
          error={withdraw.error}
          onReason={(reason) => withdraw.mutate({ lot: taking, reason })}
          onClose={() => {
            withdraw.reset();
            setTaking(null);
          }}
        />
      ) : null}
      {freeing ? <FreeDialog lot={freeing} onClose={() => setFreeing(null)} /> : null}
    </section>
  );
}

function RunBar({
  chosen,
  isOn,
  ready,
  busy,
  onChoosing,
  onLeave,
  onStart,
  onStop,
}: {
  chosen: readonly string[] | null;
  isOn: boolean;
  ready: number;
  busy: boolean;
  onChoosing: () => void;
  onLeave: () => void;
  onStart: () => void;
  onStop: () => void;
}) {
  if (isOn) {
    return (
      <div className="flex items-center justify-between gap-3 border-t border-line py-2 pr-3 pl-5 text-sm">
        <span className="font-semibold text-accent">Lots open by themselves</span>
        <Button busy={busy} onClick={onStop}>
          Stop the run
        </Button>
      </div>
    );
  }
  if (chosen !== null) {
    return (
      <div className="flex items-center justify-end gap-2 border-t border-line px-3 py-2">
        <Button look="plain" onClick={onLeave}>
          Leave it
        </Button>
        <Button look="strong" busy={busy} disabled={chosen.length === 0} onClick={onStart}>
          Run {chosen.length}, {runGapMs / 1_000} s apart
        </Button>
      </div>
    );
  }
  if (ready < 2) return null;
  return (
    <div className="border-t border-line px-3 py-2">
      <Button look="plain" className="w-full" onClick={onChoosing}>
        Run several by themselves …
      </Button>
    </div>
  );
}

function LotRow({
  lot,
  number,
  short,
  isNext,
  inRun,
  chosen,
  direct,
  mayOpen,
  onOpen,
  onChoose,
  onWithdraw,
  onFree,
}: {
  lot: RoomLot;
  number: number;
  short: number | null;
  isNext: boolean;
  inRun: boolean;
  /** Null: nothing is being chosen. */
  chosen: boolean | null;
  direct: boolean;
  mayOpen: boolean;
  onOpen: () => void;
  onChoose: () => void;
  onWithdraw: () => void;
  onFree: () => void;
}) {
  const isPrepared = lot.figures.phase === 'prepared';
  const running = isRunning(lot);
  return (
    <li
      className={classes(
        'relative flex min-h-14 items-center gap-2 rounded-control px-3 py-1.5',
        running && 'bg-sunken',
      )}
    >
      {running ? (
        <span
          aria-hidden="true"
          className="absolute inset-y-2 left-0 w-[3px] rounded-full bg-vermilion"
        />
      ) : null}
      {chosen !== null && isPrepared ? (
        <input
          type="checkbox"
          aria-label={`In the run: ${lot.title}`}
          checked={chosen}
          onChange={onChoose}
          className="size-5 shrink-0 accent-[var(--accent)]"
        />
      ) : null}
      <span className="min-w-0 flex-1">
        <span
          className={classes(
            'block truncate text-[0.9375rem] leading-snug',
            running ? 'font-semibold' : isPrepared ? 'font-medium' : 'font-medium text-soft',
          )}
        >
          <span className="mr-1.5 text-soft">{number}</span>
          {lot.title}
        </span>
        <span className="block text-xs text-soft">{isPrepared ? termsWords(lot) : null}</span>
        {short === null ? null : (
          <span role="alert" className="block text-xs font-semibold text-urgent">
            Didn’t open: {short === 0 ? 'none' : `only ${short}`} in stock
          </span>
        )}
        {isPrepared && lot.figures.bids === 0 ? null : (
          <span
            className={classes(
              'flex items-center gap-1 text-xs',
              running ? 'font-semibold text-urgent' : 'text-soft',
            )}
          >
            {lot.figures.phase === 'sold' ? <CheckIcon className="size-3.5" /> : null}
            {stateWords(lot)}
          </span>
        )}
        {inRun && isPrepared ? (
          <span className="block text-xs font-semibold text-accent">opens by itself</span>
        ) : null}
      </span>
      {direct && isPrepared && chosen === null ? (
        <>
          <IconButton
            label={`Take ${lot.title} back …`}
            size="small"
            className="size-6! text-soft"
            onClick={onWithdraw}
          >
            <CloseIcon className="size-3.5" />
          </IconButton>
          <Button
            size="small"
            look={isNext ? 'accent' : 'quiet'}
            disabled={!mayOpen}
            aria-keyshortcuts={isNext ? 'L' : undefined}
            onClick={onOpen}
          >
            Open
            <span className="sr-only">
              lot {number}: {lot.title}
            </span>
            {isNext ? <Key>L</Key> : null}
          </Button>
        </>
      ) : null}
      {direct && isHammered(lot) ? (
        <Button size="small" look="plain" onClick={onFree}>
          Unpaid … <span className="sr-only">{lot.title}</span>
        </Button>
      ) : null}
    </li>
  );
}

/** The winner said that they won't pay: nobody has to wait for their time to run out. */
function FreeDialog({ lot, onClose }: { lot: RoomLot; onClose: () => void }) {
  const { client } = useDesk();
  return (
    <Dialog
      open
      theme="night"
      onClose={onClose}
      title="Take the piece back from its winner?"
      footer={
        <div className="flex justify-end gap-2">
          <Button look="plain" onClick={onClose}>
            Leave it
          </Button>
          <Button
            look="urgent"
            onClick={() => {
              // The hold of a hammer's winner has the name of its lot.
              client.release(lot.lotId);
              onClose();
            }}
          >
            Take it back
          </Button>
        </div>
      }
    >
      <p className="text-sm">
        “{lot.title}” is kept for its winner until their time to pay is over.
        {lot.secondChance
          ? ' Taken back now, it is offered to the runner-up once, at most at their own maximum.'
          : ' Taken back now, it goes to stock.'}
      </p>
      <p className="mt-3 text-sm text-soft">
        If it is paid already, or being paid, nothing changes.
      </p>
    </Dialog>
  );
}
