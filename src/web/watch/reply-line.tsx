// A line from the shop to me alone, in its place in the chat: what became of my comment, with the clock of the
// hold and the way to pay. Words are in reply-words.ts.

import type { CommentAnswer, CommentReply } from '../../protocol/comment-claim.ts';
import { type MyHold, tierOf } from '../../protocol/socket.ts';
import { Button } from '../design/button.tsx';
import { durationText, useSecondsLeft } from '../design/clock.tsx';
import { useLive } from '../live/use-live.ts';
import { priceFor } from './deal.ts';
import { replyWords } from './reply-words.ts';
import { useMe } from './session.ts';
import { useMine, usePage } from './watch-context.ts';

export default function ReplyLine({ reply: { seq, answer } }: { reply: CommentReply }) {
  return (
    <li className="my-1 rounded-xl border-l-3 border-lagoon bg-[rgb(18_16_14/0.78)] py-2 pr-3 pl-3 text-[15px] leading-snug break-words text-white lg:bg-sunken">
      <span className="mr-1.5 inline-block rounded-chip bg-white/20 px-2 py-0.5 align-[1px] text-xs font-semibold lg:bg-accent-mist lg:text-accent">
        Shop, only to you
      </span>
      <span>{replyWords(answer)}</span>
      <Way answer={answer} seq={seq} />
    </li>
  );
}

/** What can be done about it now. */
function Way({ answer, seq }: { answer: CommentAnswer; seq: number }) {
  if (answer.says === 'held' || answer.says === 'served') return <HeldWay holdId={answer.holdId} />;
  if (answer.says === 'pay') return <FirstPaidWay answer={answer} seq={seq} />;
  if (answer.says === 'waiting') return <LineWay answer={answer} seq={seq} />;
  if (answer.says === 'refused')
    return (
      <span className="block text-sm text-white/90 lg:text-soft">{answer.problem.detail}</span>
    );
  return null;
}

function HeldWay({ holdId }: { holdId: string }) {
  const { holds, endedHolds } = useMine();
  const hold = holds.find((one) => one.holdId === holdId);
  if (hold) return <HoldWay hold={hold} />;
  const reason = endedHolds.find((one) => one.hold.holdId === holdId)?.reason;
  const words = {
    paid: 'It is paid.',
    released: 'You gave it back.',
    expired: 'It ran out and went back.',
  };
  return (
    <span className="block text-sm text-white/90 lg:text-soft">
      {reason ? words[reason] : 'It is no longer held.'}
    </span>
  );
}

function HoldWay({ hold }: { hold: MyHold }) {
  const { client, checkout } = usePage();
  const offsetMs = useLive(client, (state) => state.clockOffsetMs);
  const seconds = useSecondsLeft(hold.expiresAtMs, offsetMs);
  if (hold.paying) return <span className="block text-sm">Your payment is under way.</span>;
  return (
    <span className="mt-1.5 flex items-center gap-3">
      <Button size="small" look="accent" onClick={() => checkout(hold)}>
        Pay now
      </Button>
      <time role="timer" className="figure">
        {durationText(seconds)}
      </time>
    </span>
  );
}

function FirstPaidWay({
  answer,
  seq,
}: {
  answer: Extract<CommentAnswer, { says: 'pay' }>;
  seq: number;
}) {
  const { client, payNow } = usePage();
  const me = useMe();
  const offer = useLive(client, (state) =>
    state.room?.offers.find(({ offerId }) => offerId === answer.offerId),
  );
  const left = offer?.figures[answer.variantId]?.left ?? 0;
  const variant = offer?.variants.find(({ variantId }) => variantId === answer.variantId);
  if (!offer || !variant) return <span className="block text-sm">The offer has ended.</span>;
  if (left < answer.quantity)
    return (
      <span className="block text-sm">
        {left === 0 ? 'None is left right now.' : `Only ${left} left now.`}
      </span>
    );
  const pay = () => {
    const { price, membersPrice = null } = variant;
    // [PRI-17] The claim comes with the payment: a member's is at the members' price, and so is the sum.
    const isMember = tierOf(me, client.nowMs()) !== null;
    const { price: unitPrice } = priceFor({ price, membersPrice, reference: null }, isMember);
    payNow({ ...answer, unitPrice, key: `${seq}`, productId: offer.productId });
  };
  return (
    <span className="mt-1.5 flex">
      <Button size="small" look="accent" onClick={pay}>
        Pay now
      </Button>
    </span>
  );
}

function LineWay({
  answer: { offerId, variantId, holdId },
  seq,
}: {
  answer: Extract<CommentAnswer, { says: 'waiting' }>;
  seq: number;
}) {
  const { client } = usePage();
  // What came of it stands in a line of its own.
  const isOver = useLive(client, (state) =>
    state.replies.some(
      (other) =>
        other.seq > seq &&
        (other.answer.says === 'served' || other.answer.says === 'line-left') &&
        other.answer.holdId === holdId,
    ),
  );
  if (isOver) return null;
  return (
    <span className="mt-1.5 flex">
      <Button
        size="small"
        look="veil"
        className="lg:bg-card"
        onClick={() => client.leaveLine(offerId, variantId)}
      >
        Leave the line
      </Button>
    </span>
  );
}
