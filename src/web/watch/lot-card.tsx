// The card of a lot: price, clock, where I stand, and one button under the thumb. What it says and does is
// decided in lot.ts. Nothing is told by colour alone: every state has its words and its mark.

import { lazy, Suspense, useState } from 'react';
import type { Money as Amount } from '../../base/money.ts';
import type { RoomItem } from '../../protocol/room.ts';
import type { RoomLot } from '../../protocol/room-lot.ts';
import { Button, IconButton, Spinner } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { timeLeftText, useSecondsLeft, useTick } from '../design/clock.tsx';
import { BackIcon, CheckIcon, ForwardIcon, SealIcon, SendIcon } from '../design/icons.tsx';
import { moneyText } from '../design/money.tsx';
import { useLive } from '../live/use-live.ts';
import { CardNote } from './card-note.tsx';
import { provenanceLine } from './deal.ts';
import { type DealCardProps, Others } from './deal-card.tsx';
import {
  allInWords,
  bidsWords,
  buyNowOf,
  closeWords,
  type LotAction,
  type LotState,
  leaderWords,
  lotAction,
  lotState,
  type MyLot,
  myLot,
  priceNote,
  priceOf,
  refusedWords,
  stakeIn,
  undoSeconds,
} from './lot.ts';
import { GavelIcon } from './lot-icons.tsx';
import { Over, Won } from './lot-outcome.tsx';
import { useLotTime, useSettled } from './lot-time.ts';
import { ProductPicture } from './product-picture.tsx';
import { useMe } from './session.ts';
import { SignalsSwitch } from './signals-switch.tsx';
import { useMine, usePage, useParcel } from './watch-context.ts';

const MaxSheet = lazy(() => import('./max-sheet.tsx'));

export default function LotCard({
  lot,
  item,
  others,
  onBack,
  onStory,
}: Pick<DealCardProps, 'others' | 'onBack' | 'onStory'> & { lot: RoomLot; item: RoomItem | null }) {
  const { client, askIn } = usePage();
  const mine = useMyLot(lot);
  const me = useMe();
  const connection = useLive(client, (state) => state.connection);
  const nowMs = useLotTime(lot);
  const [isSaying, setSaying] = useState(false);
  const [isMoved, setMoved] = useState(false);
  const state = lotState(lot, mine, nowMs);
  const action = lotAction(lot, state, mine, connection, me, nowMs);
  const amount = action.do === 'bid' || action.do === 'take' ? action.amount.minor : null;
  const isSettled = useSettled(amount);
  const isLive = state.step === 'open' || state.step === 'paused' || state.step === 'coming';
  const buyNow = buyNowOf(lot);
  const canSayMore =
    lot.bidding.format === 'english' && (action.do === 'bid' || action.do === 'sending');

  const wish = (go: () => void) => {
    setMoved(false);
    if (mine.pending?.state === 'refused') client.forgetBid(mine.pending.id);
    if (me) go();
    else askIn('guest', go);
  };
  const take = (price: Amount) =>
    wish(() =>
      client.bid({
        t: 'take',
        lotId: lot.lotId,
        priceMinor: price.minor,
        currency: price.currency,
      }),
    );
  const act = () => {
    if (action.do === 'raise' || action.do === 'leave-maximum') return setSaying(true);
    // A falling price only falls: a press a moment later pays less, never more.
    if (action.do === 'take') return take(action.amount);
    if (action.do !== 'bid') return;
    if (!isSettled) return setMoved(true);
    const { minor, currency } = action.amount;
    wish(() => client.bid({ t: 'bid', lotId: lot.lotId, maxMinor: minor, currency }));
  };

  return (
    <article data-theme="day" aria-label={lot.title} className="deal-card animate-appear">
      <Head
        lot={lot}
        item={item}
        state={state}
        nowMs={nowMs}
        others={others}
        onBack={onBack}
        onStory={onStory}
      />
      {isLive || state.step === 'opening' ? (
        <>
          <Standing lot={lot} mine={mine} state={state} />
          <MyLine lot={lot} mine={mine} />
          {isMoved ? (
            <CardNote
              title="The next bid has just changed"
              detail="Look at it, then press again."
            />
          ) : null}
          <Refusal lot={lot} mine={mine} hidden={isSaying} />
          <div className="mt-3 flex items-stretch gap-2">
            {canSayMore ? (
              <Button size="large" className="px-3.5! text-sm!" onClick={() => setSaying(true)}>
                {mine.bid?.max ? 'Raise max' : 'Set max'}
              </Button>
            ) : null}
            <Main action={action} isSettled={isSettled || action.do !== 'bid'} onPress={act} />
          </div>
          {buyNow && action.do === 'bid' ? (
            <BuyNow price={buyNow} onTake={() => take(buyNow)} />
          ) : null}
        </>
      ) : state.step === 'won' || state.step === 'chance' || state.step === 'paying' ? (
        <Won state={state} />
      ) : (
        <Over lot={lot} mine={mine} state={state} />
      )}
      {isSaying ? (
        <Suspense fallback={null}>
          <MaxSheet lot={lot} mine={mine} onClose={() => setSaying(false)} />
        </Suspense>
      ) : null}
    </article>
  );
}

// ── what it looks at ───────────────────────────────────────────────────────────────────────────────

const useMyLot = (lot: RoomLot): MyLot => {
  const { client } = usePage();
  const { holds, endedHolds } = useMine();
  const bids = useLive(client, (state) => state.bids);
  const pendingBids = useLive(client, (state) => state.pendingBids);
  return myLot(lot.lotId, { holds, endedHolds, bids, pendingBids });
};

// ── its parts ──────────────────────────────────────────────────────────────────────────────────────

const kindOf = (lot: RoomLot, state: LotState): string => {
  if (state.step === 'coming') return 'Lot coming up';
  return lot.bidding.format === 'dutch' ? 'Falling price' : 'Lot';
};

/** A large amount gets smaller letters, so that the name beside it keeps its place. */
const sizeOf = (text: string): string =>
  text.length <= 8 ? 'text-3xl' : text.length <= 10 ? 'text-2xl' : 'text-xl';

function Head({
  lot,
  item,
  state,
  nowMs,
  others,
  onBack,
  onStory,
}: Pick<DealCardProps, 'others' | 'onBack' | 'onStory'> & {
  lot: RoomLot;
  item: RoomItem | null;
  state: LotState;
  nowMs: number;
}) {
  const story = provenanceLine(item);
  const held = 'hold' in state ? state.hold : null;
  const price = held?.unitPrice ?? priceOf(lot, nowMs);
  const left = lot.bidding.format === 'dutch' && lot.quantity > 1 ? lot.figures.left : null;
  return (
    <div className="flex items-start gap-3">
      {onBack ? (
        <IconButton label="Back to what runs now" className="-mr-2 -ml-2" onClick={onBack}>
          <BackIcon />
        </IconButton>
      ) : null}
      <ProductPicture src={item?.imageUrl ?? null} className="size-15" />
      <div className="min-w-0 flex-1">
        <p className="label flex items-center gap-1 whitespace-nowrap text-soft">
          {kindOf(lot, state)}
          {state.step === 'open' || state.step === 'paused' ? <SignalsSwitch /> : null}
        </p>
        <h2 className="line-clamp-2 font-sans text-base leading-tight font-semibold tracking-normal">
          {lot.title}
        </h2>
        <button
          type="button"
          onClick={onStory}
          className="reach mt-0.5 flex min-h-6 max-w-full items-center gap-1 text-left text-xs text-soft hover:text-text"
        >
          {story ? <SealIcon className="size-3.5 shrink-0" /> : null}
          <span className="truncate">{story ?? 'About this piece'}</span>
          <ForwardIcon className="size-3 shrink-0" />
        </button>
      </div>
      <div className="text-right">
        {/* A new price is another element: it comes in anew, which is what the eye catches. */}
        <p
          key={price.minor}
          className={classes(
            'figure animate-appear leading-none whitespace-nowrap',
            sizeOf(moneyText(price)),
          )}
        >
          {moneyText(price)}
        </p>
        <p className="mt-1 text-xs text-soft">
          {state.step === 'chance'
            ? 'for you'
            : left === null
              ? priceNote(lot)
              : `${left} of ${lot.quantity} left`}
        </p>
        {others ? <Others {...others} /> : null}
      </div>
    </div>
  );
}

/** The clock, who leads, how many bids. */
function Standing({ lot, mine, state }: { lot: RoomLot; mine: MyLot; state: LotState }) {
  const { figures, bidding } = lot;
  const stake = stakeIn(figures, mine.bid);
  return (
    <div className="mt-3">
      {state.step === 'open' && figures.closesAtMs !== null ? (
        <Clock lot={lot} closesAtMs={figures.closesAtMs} state={state} />
      ) : state.step === 'paused' ? (
        <p className="rounded-control bg-ritual-mist px-3.5 py-2.5 text-sm text-ritual">
          <b>Paused: {figures.reason ?? 'wait for the host'}.</b>{' '}
          {figures.leftMs === null
            ? null
            : `${timeLeftText(Math.ceil(figures.leftMs / 1_000))} are left when it goes on.`}
        </p>
      ) : state.step === 'coming' ? (
        <p className="text-sm text-soft">
          {bidding.format === 'english'
            ? `Runs for ${timeLeftText(bidding.durationMs / 1_000)}, ${closeWords(bidding)}.`
            : 'The price falls until somebody takes it.'}
        </p>
      ) : null}
      {bidding.format === 'english' ? (
        <p className="mt-2.5 flex min-h-7 items-center justify-between gap-3 text-sm">
          <span
            className={classes(
              'inline-flex min-w-0 items-center gap-1.5 font-semibold',
              stake !== 'none' && 'rounded-chip px-2.5 py-1',
              stake === 'leading' && 'bg-ritual-mist text-ritual',
              stake === 'outbid' && 'bg-urgent-mist text-urgent',
            )}
          >
            {stake === 'leading' ? <CheckIcon className="size-4 shrink-0" /> : null}
            {stake === 'outbid' ? <SendIcon className="size-4 shrink-0" /> : null}
            <span className="truncate">{leaderWords(figures, mine.bid)}</span>
          </span>
          <span className="text-xs whitespace-nowrap text-soft max-[380px]:hidden">
            {figures.bids === 0 ? null : bidsWords(figures)}
          </span>
        </p>
      ) : null}
    </div>
  );
}

function Clock({
  lot,
  closesAtMs,
  state,
}: {
  lot: RoomLot;
  closesAtMs: number;
  state: Extract<LotState, { step: 'open' }>;
}) {
  const { client } = usePage();
  const offsetMs = useLive(client, (live) => live.clockOffsetMs);
  const seconds = useSecondsLeft(closesAtMs, offsetMs);
  const { bidding, figures } = lot;
  const fullMs =
    bidding.format === 'english' ? bidding.durationMs : closesAtMs - (figures.openedAtMs ?? 0);
  const share = Math.min(1, Math.max(0, (seconds * 1_000) / Math.max(1, fullMs)));
  const isLate = seconds <= 10;
  return (
    <>
      <div
        className={classes('time-bar', isLate ? 'text-vermilion' : 'text-lagoon')}
        aria-hidden="true"
      >
        <span style={{ transform: `scaleX(${share})` }} />
      </div>
      <p className="mt-2 flex min-h-7 items-baseline gap-2 text-sm">
        {state.moment === 'running' ? (
          <>
            <time role="timer" className={classes('figure text-xl', isLate && 'text-urgent')}>
              {timeLeftText(seconds)}
            </time>
            <span className="min-w-0 truncate text-soft">
              {bidding.format === 'dutch' ? fallWords(lot) : closeWords(bidding)}
            </span>
          </>
        ) : (
          <>
            <span className="figure inline-flex items-center gap-1.5 text-xl text-urgent">
              <GavelIcon className="size-5 self-center" />
              {state.moment === 'going' ? 'Going…' : 'Hammer'}
            </span>
            <span className="text-soft">
              {state.moment === 'going' ? 'bids still count' : 'the result comes now'}
            </span>
          </>
        )}
      </p>
    </>
  );
}

/** `falls by € 1.00 every 2 s`. */
const fallWords = ({ bidding }: RoomLot): string => {
  if (bidding.format !== 'dutch') return '';
  const step = moneyText({ minor: bidding.stepMinor, currency: bidding.start.currency });
  return `falls by ${step} every ${bidding.stepMs / 1_000} s`;
};

/** My maximum, for my eyes alone, and the way back from a slip. */
function MyLine({ lot, mine }: { lot: RoomLot; mine: MyLot }) {
  if (!mine.bid?.max) return null;
  return (
    <p className="mt-1.5 flex min-h-6 items-center justify-between gap-3 text-xs text-soft">
      <span className="truncate">
        Your max <b className="text-text">{moneyText(mine.bid.max)}</b>, seen by you alone
      </span>
      <Undo lot={lot} mine={mine} />
    </p>
  );
}

function Undo({ lot, mine }: { lot: RoomLot; mine: MyLot }) {
  const { client } = usePage();
  useTick();
  const seconds = undoSeconds(lot, mine.bid, client.nowMs());
  const bidId = mine.bid?.undo?.bidId;
  if (seconds === null || bidId === undefined) return null;
  return (
    <button
      type="button"
      onClick={() => client.bid({ t: 'undo-bid', lotId: lot.lotId, bidId })}
      className="reach font-semibold whitespace-nowrap text-text underline decoration-line decoration-2 underline-offset-4 hover:decoration-text"
    >
      Undo bid <span aria-hidden="true">· {seconds} s</span>
    </button>
  );
}

/** Why the last wish was refused, until the next one; while the sheet is open it says so itself. */
function Refusal({ lot, mine, hidden }: { lot: RoomLot; mine: MyLot; hidden: boolean }) {
  const { client } = usePage();
  const { pending } = mine;
  if (hidden || pending?.state !== 'refused' || !pending.problem) return null;
  const words = refusedWords(pending.problem, pending.wish, lot);
  const forget = () => client.forgetBid(pending.id);
  const { wish } = pending;
  const confirm = () => {
    forget();
    if (wish.t !== 'undo-bid') client.bid({ ...wish, confirmed: true });
  };
  const isAsked = pending.problem.code === 'needs-confirmation';
  return <CardNote {...words} onClose={forget} onConfirm={isAsked ? confirm : undefined} />;
}

function Main({
  action,
  isSettled,
  onPress,
}: {
  action: LotAction;
  isSettled: boolean;
  onPress: () => void;
}) {
  const { shop } = usePage();
  const joinsParcel = useParcel() !== null;
  const wide = 'min-w-0 flex-1 flex-col gap-0.5! px-2! py-1.5';
  switch (action.do) {
    case 'bid':
    case 'take':
      return (
        <Button
          look="strong"
          size="large"
          className={wide}
          aria-disabled={isSettled ? undefined : true}
          onClick={onPress}
        >
          <span className="text-lg">
            {action.do === 'bid' ? 'Bid' : 'Take at'} {moneyText(action.amount)}
          </span>
          <span className="text-xs font-normal opacity-85">
            {allInWords(action.amount, shop, joinsParcel)}
          </span>
        </Button>
      );
    case 'raise':
      return (
        <Button size="large" className={wide} onClick={onPress}>
          Raise your maximum
        </Button>
      );
    case 'leave-maximum':
      return (
        <Button look="strong" size="large" className={wide} onClick={onPress}>
          <span className="text-lg">Leave a maximum</span>
          <span className="text-xs font-normal opacity-85">it bids for you when the lot opens</span>
        </Button>
      );
    case 'sending':
      return (
        <Button look="strong" size="large" className="flex-1" busy>
          {sendingWords(action.wish)}
        </Button>
      );
    case 'unreachable':
      return (
        <Button size="large" className="flex-1" aria-disabled="true">
          <Spinner /> Connecting…
        </Button>
      );
    default:
      return (
        <Button size="large" className="flex-1" aria-disabled="true">
          {action.words}
        </Button>
      );
  }
}

const sendingWords = (wish: Extract<LotAction, { do: 'sending' }>['wish']): string => {
  if (wish.t === 'undo-bid') return 'Undoing your bid…';
  const minor = wish.t === 'bid' ? wish.maxMinor : wish.priceMinor;
  const price = moneyText({ minor, currency: wish.currency });
  return wish.t === 'bid' ? `Bidding ${price}…` : `Taking it at ${price}…`;
};

function BuyNow({ price, onTake }: { price: Amount; onTake: () => void }) {
  const { shop } = usePage();
  const joinsParcel = useParcel() !== null;
  return (
    <button
      type="button"
      onClick={onTake}
      className="mt-2 flex min-h-11 w-full flex-wrap items-center justify-center gap-x-2 rounded-control border border-line px-3 py-1 text-sm font-semibold hover:bg-sunken"
    >
      Buy now for {moneyText(price)}
      <span className="text-xs font-normal text-soft">{allInWords(price, shop, joinsParcel)}</span>
    </button>
  );
}
