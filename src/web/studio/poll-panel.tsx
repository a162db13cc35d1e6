// Asking the room, above what it says: how the open poll stands and a way to close it, or the way to ask something.

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { PollTerms } from '../../protocol/polls.ts';
import { PollFields } from '../crew/poll-fields.tsx';
import { emptyPollForm, pollOf } from '../crew/poll-form.ts';
import { ProblemNote } from '../crew/problem-note.tsx';
import { ask } from '../crew/shop-data.ts';
import { Button } from '../design/button.tsx';
import { Countdown } from '../design/clock.tsx';
import { outcomeText, PollOptions, votesText } from '../design/poll-options.tsx';
import { newId } from '../live/http-client.ts';
import { useDesk, useRoom, useShow } from './desk.tsx';
import { TermsSheet } from './terms-sheet.tsx';

export function PollPanel() {
  const { showId } = useDesk();
  const poll = useRoom((room) => room.poll);
  const isLive = useRoom((room) => room.phase === 'live');
  const offsetMs = useShow((state) => state.clockOffsetMs);
  const [isAsking, setAsking] = useState(false);
  const close = useMutation({ mutationFn: (pollId: string) => ask.closePoll(showId, pollId) });
  if (!isLive) return null;
  const isOpen = poll?.closedAtMs === null;
  return (
    <section aria-label="Poll" className="grid gap-2 border-b border-line px-4 py-3">
      {poll && isOpen ? (
        <>
          <div className="flex items-baseline justify-between gap-3">
            <h3 className="min-w-0 font-sans text-sm font-semibold">{poll.question}</h3>
            <Countdown atMs={poll.closesAtMs} offsetMs={offsetMs} className="figure text-sm" />
          </div>
          <PollOptions poll={poll} chosen={null} />
          <div className="flex items-center justify-between gap-3">
            <span className="text-xs text-soft">{votesText(poll.tally)}</span>
            <Button size="small" busy={close.isPending} onClick={() => close.mutate(poll.pollId)}>
              Close the poll
            </Button>
          </div>
        </>
      ) : (
        <div className="flex items-center justify-between gap-3">
          <p className="min-w-0 text-xs text-soft">
            {poll ? (
              <>
                {poll.question} <b className="text-text">{outcomeText(poll)}</b>,{' '}
                {votesText(poll.tally)}
              </>
            ) : (
              'A question makes a room speak.'
            )}
          </p>
          <Button size="small" className="shrink-0" onClick={() => setAsking(true)}>
            Ask the room
          </Button>
        </div>
      )}
      <ProblemNote error={close.error} />
      {isAsking ? <PollSheet onClose={() => setAsking(false)} /> : null}
    </section>
  );
}

function PollSheet({ onClose }: { onClose: () => void }) {
  const { showId } = useDesk();
  const [form, setForm] = useState(emptyPollForm);
  const [tried, setTried] = useState(false);
  // One wish, one key: pressing again after a lost answer opens one poll.
  const [wish, setWish] = useState(newId);
  const open = useMutation({
    mutationFn: (body: PollTerms) => ask.openPoll(showId, body, wish),
    onSuccess: onClose,
  });
  const poll = pollOf(form);
  return (
    <TermsSheet
      kind="Poll"
      title="Ask the room"
      summary="Everybody sees it at once, one vote each."
      action="Ask"
      busy={open.isPending}
      onSubmit={() => {
        setTried(true);
        if (typeof poll !== 'string') open.mutate(poll);
      }}
      onClose={onClose}
    >
      <PollFields
        form={form}
        wrong={tried && typeof poll === 'string' ? poll : ''}
        onChange={(next) => {
          setForm(next);
          setWish(newId());
          open.reset();
        }}
      />
      <ProblemNote error={open.error} />
    </TermsSheet>
  );
}
