// The head of the studio: which show, how long it is live, how the line does, and the way to end it.

import { isRehearsal } from '../../base/rehearsal-id.ts';
import type { ShowDetail } from '../../protocol/http.ts';
import { disclosureWord } from '../crew/words.ts';
import { Badge, LiveBadge } from '../design/badge.tsx';
import { Button, ButtonLink, IconButton, Spinner } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { Elapsed } from '../design/clock.tsx';
import { lineGrade } from '../live/whip-publisher.ts';
import { useDesk, useRoom, useShow, useStageState } from './desk.tsx';
import { PrompterLink } from './prompter-link.tsx';

export function StudioHeader({
  detail,
  direct,
  onEnd,
  onKeys,
}: {
  detail: ShowDetail;
  direct: boolean;
  onEnd: () => void;
  onKeys: () => void;
}) {
  const { client } = useDesk();
  const phase = useRoom((room) => room.phase);
  const startedAtMs = useRoom((room) => room.startedAtMs);
  const plan = useRoom((room) => room.plan);
  const connection = useShow((state) => state.connection);
  return (
    <header className="flex min-h-14 items-center gap-3 border-b border-line px-5 max-lg:gap-2 max-lg:px-3">
      <a href="/office/shows" className="figure py-2.5 text-lg max-lg:hidden">
        Rialto
      </a>
      <span aria-hidden="true" className="text-soft max-lg:hidden">
        /
      </span>
      <h1 className="min-w-0 truncate font-sans text-base font-semibold tracking-normal">
        {plan.title || detail.show.title}
      </h1>
      {phase === 'live' && startedAtMs !== null ? (
        <LiveBadge>
          <Elapsed sinceMs={startedAtMs} offsetMs={client.state().clockOffsetMs} />
        </LiveBadge>
      ) : (
        <Badge>{phase === 'planned' ? 'Planned' : phase === 'ended' ? 'Ended' : 'Cancelled'}</Badge>
      )}
      {plan.disclosure === 'none' ? null : (
        <Badge look="accent" className="max-xl:hidden">
          {disclosureWord(plan.disclosure)} · shown to everyone
        </Badge>
      )}
      {plan.isDemo ? (
        <Badge look="ritual" className="max-lg:hidden">
          Demo
        </Badge>
      ) : null}
      <span className="flex-1" />
      {connection === 'open' ? (
        <LineWords />
      ) : (
        <span role="status" className="flex items-center gap-2 text-sm text-ritual">
          <Spinner />
          {connection === 'offline'
            ? 'No network'
            : connection === 'closed'
              ? 'Room closed'
              : 'Reconnecting …'}
        </span>
      )}
      <PrompterLink showId={detail.show.showId} />
      <IconButton label="Keys (?)" onClick={onKeys} className="max-lg:hidden">
        <span className="text-base font-semibold">?</span>
      </IconButton>
      {direct && phase === 'live' ? (
        <Button onClick={onEnd} className="shrink-0 whitespace-nowrap max-lg:px-3">
          End {isRehearsal(detail.show.showId) ? 'rehearsal' : 'show'}
        </Button>
      ) : isRehearsal(detail.show.showId) ? null : (
        <ButtonLink
          href={`/shows/${encodeURIComponent(detail.show.showId)}`}
          target="_blank"
          rel="noreferrer"
        >
          See it
        </ButtonLink>
      )}
    </header>
  );
}

const megabits = (bitsPerSecond: number): string =>
  `${(bitsPerSecond / 1_000_000).toFixed(1)} Mbit/s`;

function LineWords() {
  const { line, publish } = useStageState();
  if (publish.phase !== 'on' || !line) return null;
  const grade = lineGrade(line);
  const loss = line.lossRatio === null ? '' : ` · loss ${(line.lossRatio * 100).toFixed(1)} %`;
  return (
    <p
      className={classes(
        'whitespace-nowrap text-sm text-soft',
        grade === 'good' && 'max-lg:hidden',
      )}
    >
      <span
        className={classes(
          'font-semibold',
          grade === 'good' ? 'text-accent' : grade === 'weak' ? 'text-ritual' : 'text-urgent',
        )}
      >
        Line {grade}
      </span>
      <span className="max-lg:hidden"> · {megabits(line.bitsPerSecond)}</span>
      <span className="max-xl:hidden">
        {line.rttMs === null ? '' : ` · ${line.rttMs} ms`}
        {loss}
        {line.height ? ` · ${line.height}p` : ''}
      </span>
    </p>
  );
}
