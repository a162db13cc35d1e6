// A poll of the evening, as it stood at a moment of the replay: to be read, not to vote in.

import type { Room } from '../../protocol/room.ts';
import { outcomeText, PollOptions, pollResultMs, votesText } from '../design/poll-options.tsx';

/** `nowMs`: the moment of the show that is played. */
export function PollThen({ poll, nowMs }: { poll: Room['poll']; nowMs: number }) {
  if (!poll || (poll.closedAtMs !== null && nowMs > poll.closedAtMs + pollResultMs)) return null;
  const isOpen = poll.closedAtMs === null;
  return (
    <section
      aria-label="Poll"
      data-theme="day"
      className="watch-poll rounded-sheet bg-card p-3.5 text-text shadow-sheet"
    >
      <h2 className="mb-2 font-sans text-base leading-snug font-semibold">{poll.question}</h2>
      <PollOptions poll={poll} chosen={null} />
      <p className="mt-1.5 text-xs text-soft">
        {votesText(poll.tally)}
        {isOpen ? ' so far, that evening' : ` · ${outcomeText(poll)}`}
      </p>
    </section>
  );
}
