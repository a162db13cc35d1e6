// The poll that is open, above the chat: one press votes, another changes it. What it came to stays for a while.

import { useEffect, useRef, useState } from 'react';
import type { MyVote } from '../../protocol/room-poll.ts';
import { Countdown } from '../design/clock.tsx';
import { outcomeText, PollOptions, pollResultMs, votesText } from '../design/poll-options.tsx';
import { http, problemFrom } from '../live/http-client.ts';
import { useLive } from '../live/use-live.ts';
import { useMe } from './session.ts';
import { usePage } from './watch-context.ts';

export default function PollCard() {
  const { client, showId, announce, askIn } = usePage();
  const me = useMe();
  const poll = useLive(client, (live) => live.room?.poll);
  const vote = useLive(client, (live) => live.vote);
  const offsetMs = useLive(client, (live) => live.clockOffsetMs);
  const [asked, setAsked] = useState<{ from: MyVote | null; to: MyVote } | null>(null);
  const [problem, setProblem] = useState<{ pollId: string; words: string } | null>(null);
  const isShown = useShown(poll?.closedAtMs ?? null, client.nowMs);
  const isOpen = poll?.closedAtMs === null;
  const told = useRef('');

  useEffect(() => {
    if (!poll) return;
    const news = `${poll.pollId} ${isOpen}`;
    if (told.current === news) return;
    // Who comes in after the close has missed nothing that still counts.
    if (isOpen) announce(`Poll: ${poll.question} ${poll.options.join(', ')}.`);
    else if (told.current !== '') announce(`Poll closed. ${poll.question} ${outcomeText(poll)}.`);
    told.current = news;
  }, [announce, poll, isOpen]);

  if (!poll || !isShown) return null;
  const { pollId, question, tally, closesAtMs } = poll;
  // What was pressed stands until the room says something else.
  const mine = asked && asked.from === vote ? asked.to : vote;
  const own = mine?.pollId === pollId ? mine.option : null;
  const isCrew = me !== null && me.role !== 'shopper';
  const send = async (option: number) => {
    setAsked({ from: client.state().vote, to: { pollId, option } });
    setProblem(null);
    try {
      await http.post(`/api/shows/${showId}/polls/${pollId}/vote`, { option });
    } catch (error) {
      setProblem({ pollId, words: problemFrom(error).title });
      setAsked(null);
    }
  };
  const choose = (option: number) => {
    if (me) void send(option);
    else askIn('guest', () => void send(option));
  };
  return (
    <section
      aria-label="Poll"
      data-theme="day"
      className="watch-poll animate-appear rounded-sheet bg-card p-3.5 text-text shadow-sheet"
    >
      <div className="mb-2 flex items-baseline justify-between gap-3">
        <h2 className="min-w-0 font-sans text-base leading-snug font-semibold">{question}</h2>
        {isOpen ? (
          <Countdown atMs={closesAtMs} offsetMs={offsetMs} className="figure shrink-0 text-sm" />
        ) : (
          <span className="shrink-0 text-xs text-soft">Closed</span>
        )}
      </div>
      <PollOptions poll={poll} chosen={own} onChoose={isOpen && !isCrew ? choose : undefined} />
      <p className="mt-1.5 text-xs text-soft">
        {votesText(tally)}
        {isOpen && isCrew ? ' · the crew doesn’t vote' : null}
        {isOpen && own !== null ? ' · you can change yours' : null}
        {isOpen ? null : ` · ${outcomeText(poll)}`}
      </p>
      {problem?.pollId === pollId ? (
        <p role="alert" className="mt-1 text-xs font-semibold text-urgent">
          {problem.words}
        </p>
      ) : null}
    </section>
  );
}

/** Whether a poll that closed then is still to be seen; one that is open is. */
const useShown = (closedAtMs: number | null, nowMs: () => number): boolean => {
  const [over, setOver] = useState<number | null>(null);
  useEffect(() => {
    if (closedAtMs === null) return;
    const leftMs = Math.max(0, closedAtMs + pollResultMs - nowMs());
    const timer = setTimeout(() => setOver(closedAtMs), leftMs);
    return () => clearTimeout(timer);
  }, [closedAtMs, nowMs]);
  return closedAtMs === null || (over !== closedAtMs && closedAtMs + pollResultMs > nowMs());
};
