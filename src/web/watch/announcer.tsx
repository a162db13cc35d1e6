// Says what matters to those who listen: offers, my holds, the picture, the line. One short sentence at a
// time and never the chat, so that nobody is flooded and nobody misses an offer.

import { useEffect, useRef, useState } from 'react';
import { moneyText } from '../design/money.tsx';
import type { LiveState } from '../live/live-state.ts';
import type { LiveClient } from '../live/socket-client.ts';
import { replyWords } from './reply-words.ts';

/** What to say about the step from one state to the next; empty for nothing. Pure. */
export const announcements = (
  before: LiveState,
  after: LiveState,
  nowMs: number,
): readonly string[] => {
  const said: string[] = [];
  if (before.room && after.room && before.room !== after.room) {
    const known = new Set(before.room.offers.map(({ offerId }) => offerId));
    for (const offer of after.room.offers) {
      const price = offer.variants[0]?.price;
      if (known.has(offer.offerId) || !price) continue;
      const minutes = Math.max(1, Math.round((offer.closesAtMs - nowMs) / 60_000));
      said.push(
        `New offer: ${offer.title}, ${moneyText(price)}, for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
      );
    }
    const open = new Set(after.room.offers.map(({ offerId }) => offerId));
    for (const offer of before.room.offers) {
      if (!open.has(offer.offerId)) said.push(`The offer of ${offer.title} has closed.`);
    }
    if (before.room.picture !== after.room.picture && after.room.picture === 'lost')
      said.push('The picture is gone for a moment.');
    if (before.room.picture === 'lost' && after.room.picture === 'on')
      said.push('The picture is back.');
    if (before.room.phase !== after.room.phase && after.room.phase === 'ended')
      said.push('The show has ended.');
    if (before.room.phase !== after.room.phase && after.room.phase === 'live')
      said.push('The show is live.');
  }
  for (const hold of after.holds) {
    if (before.holds.some(({ holdId }) => holdId === hold.holdId)) continue;
    // What became of a lot or a drop is theirs to say (lot-crier.ts, drop-crier.ts).
    if (after.room?.lots.some(({ lotId }) => lotId === hold.offerId)) continue;
    if (after.room?.drops.some(({ dropId }) => dropId === hold.offerId)) continue;
    const seconds = Math.round((hold.expiresAtMs - nowMs) / 1_000);
    said.push(`${hold.title} is held for you for ${seconds} seconds.`);
  }
  for (const ended of after.endedHolds) {
    if (before.endedHolds.includes(ended)) continue;
    const how = { expired: 'ran out; it went back', released: 'was released', paid: 'is paid' }[
      ended.reason
    ];
    said.push(`Your hold of ${ended.hold.title} ${how}.`);
  }
  for (const claim of after.pendingClaims) {
    const was = before.pendingClaims.find(({ id }) => id === claim.id);
    if (claim.state === 'refused' && was?.state !== 'refused')
      said.push(claim.problem?.title ?? 'The claim was refused');
  }
  for (const { seq, answer } of after.replies) {
    // What is held says so itself.
    const isSaid = answer.says === 'held' || before.replies.some((one) => one.seq === seq);
    if (!isSaid) said.push(replyWords(answer));
  }
  const lost = (state: LiveState) =>
    state.connection === 'reconnecting' || state.connection === 'offline';
  if (lost(after) && !lost(before)) said.push('The connection is gone; it comes back by itself.');
  if (lost(before) && after.connection === 'open') said.push('Connected again.');
  return said;
};

/** A place that screen readers read out; `extra` is said as well. */
export default function Announcer({ client, extra }: { client: LiveClient; extra: string }) {
  const [text, setText] = useState('');
  const before = useRef(client.state());
  useEffect(
    () =>
      client.subscribe(() => {
        const after = client.state();
        const said = announcements(before.current, after, client.nowMs());
        before.current = after;
        if (said.length > 0) setText(said.slice(-3).join(' '));
      }),
    [client],
  );
  useEffect(() => {
    if (extra) setText(extra);
  }, [extra]);
  return (
    <p aria-live="polite" aria-atomic="true" className="sr-only">
      {text}
    </p>
  );
}
