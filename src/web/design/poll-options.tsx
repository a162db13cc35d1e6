// The answers of a poll with how many stand behind each: as buttons for who may vote, to be read by everybody else.
// Which is one's own, and which leads once it is over, is said by a sign too, not by colour alone.

import type { RoomPoll } from '../../protocol/room-poll.ts';
import { classes } from './classes.ts';
import { CheckIcon } from './icons.tsx';

/** How long what a poll came to is shown after its close. */
export const pollResultMs = 20_000;

/** Percents that are whole, of all votes; all 0 before the first. */
export const sharesOf = (tally: readonly number[]): readonly number[] => {
  const total = votesOf(tally);
  return tally.map((count) => (total === 0 ? 0 : Math.round((count * 100) / total)));
};

export const votesOf = (tally: readonly number[]): number =>
  tally.reduce((sum, count) => sum + count, 0);

/** `1 vote`, `128 votes`. */
export const votesText = (tally: readonly number[]): string => {
  const total = votesOf(tally);
  return `${total} ${total === 1 ? 'vote' : 'votes'}`;
};

/** `Celadon, 62 %`, `Celadon and Tenmoku, 50 % each`, `nobody voted`. */
export const outcomeText = ({ options, tally }: Pick<RoomPoll, 'options' | 'tally'>): string => {
  const most = Math.max(...tally);
  if (!(most > 0)) return 'nobody voted';
  const first = options.filter((_, nth) => tally[nth] === most);
  const share = sharesOf(tally)[tally.indexOf(most)];
  return first.length === 1
    ? `${first[0]}, ${share} %`
    : `${first.slice(0, -1).join(', ')} and ${first.at(-1)}, ${share} % each`;
};

export function PollOptions({
  poll,
  chosen,
  onChoose,
}: {
  poll: Pick<RoomPoll, 'options' | 'tally' | 'closedAtMs'>;
  /** One's own choice; null: none. */
  chosen: number | null;
  /** Absent: to be read alone. */
  onChoose?: ((option: number) => void) | undefined;
}) {
  const { options, tally, closedAtMs } = poll;
  const shares = sharesOf(tally);
  const most = Math.max(...tally);
  return (
    <ul className={classes('grid gap-1.5', options.length > 3 && 'grid-cols-2')}>
      {options.map((option, nth) => {
        const isChosen = nth === chosen;
        const isFirst = closedAtMs !== null && most > 0 && tally[nth] === most;
        const look = classes(
          'relative flex min-h-11 w-full items-center gap-2 overflow-hidden rounded-control border px-3 py-1.5 text-left text-sm',
          isChosen || isFirst ? 'border-accent font-semibold' : 'border-line',
        );
        const inside = (
          <>
            <span
              aria-hidden="true"
              className="absolute inset-y-0 left-0 bg-accent-mist transition-[width] duration-500"
              style={{ width: `${shares[nth]}%` }}
            />
            {isChosen ? <CheckIcon className="relative size-4 shrink-0" /> : null}
            <span className="relative min-w-0 flex-1 break-words">{option}</span>
            <span className="figure relative shrink-0 text-xs">{shares[nth]} %</span>
          </>
        );
        return (
          <li key={option} className="min-w-0">
            {onChoose ? (
              <button
                type="button"
                aria-pressed={isChosen}
                onClick={() => onChoose(nth)}
                className={classes(look, 'hover:border-soft')}
              >
                {inside}
              </button>
            ) : (
              <p className={look}>
                {inside}
                {isChosen ? <span className="sr-only">, your choice</span> : null}
              </p>
            )}
          </li>
        );
      })}
    </ul>
  );
}
