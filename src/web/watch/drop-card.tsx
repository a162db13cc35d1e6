// The card of a drop or giveaway: what it is, when it opens, how many there are, my place in its line, and one
// button under the thumb. What it says and does is decided in drop.ts. Nothing is told by colour alone.

import { lazy, Suspense, useState } from 'react';
import type { RoomDrop, RoomItem } from '../../protocol/room.ts';
import { type MyEntry, tierOf } from '../../protocol/socket.ts';
import { setWords } from '../buy/set-words.ts';
import { Button, IconButton, Spinner } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { timeLeftText, timeText, useSecondsLeft } from '../design/clock.tsx';
import { BackIcon, CheckIcon, ClockIcon, ForwardIcon, SealIcon } from '../design/icons.tsx';
import { moneyText } from '../design/money.tsx';
import { useLive } from '../live/use-live.ts';
import { CardNote } from './card-note.tsx';
import { provenanceLine } from './deal.ts';
import { type DealCardProps, Others, Quantity, Variants } from './deal-card.tsx';
import {
  aheadOf,
  aheadWords,
  costWords,
  type DropAction,
  type DropState,
  dropAction,
  dropState,
  earlyWords,
  everybodyAtMs,
  figuresOf,
  howWords,
  isForShowing,
  isOrderMade,
  type MyDrop,
  myDrop,
  type Outlook,
  oncePerWords,
  openingAtMs,
  outlookOf,
  outlookWords,
  refusedWords,
  unitsWords,
  waitingWords,
} from './drop.ts';
import { Over, ProofLink, Served } from './drop-outcome.tsx';
import { nearMs } from './drops-shown.ts';
import { useSettled } from './lot-time.ts';
import { ProductPicture } from './product-picture.tsx';
import { useMe } from './session.ts';
import { SignalsSwitch } from './signals-switch.tsx';
import { useMine, usePage, useParcel } from './watch-context.ts';

const EntryNeeds = lazy(() => import('./entry-needs.tsx'));

export default function DropCard({
  drop,
  item,
  others,
  onBack,
  onStory,
}: Pick<DealCardProps, 'others' | 'onBack' | 'onStory'> & {
  drop: RoomDrop;
  item: RoomItem | null;
}) {
  const { client, askIn } = usePage();
  const mine = useMyDrop(drop);
  const me = useMe();
  const connection = useLive(client, (live) => live.connection);
  const nowMs = useOpeningTime(drop);
  const [chosen, setChosen] = useState(drop.variants[0]?.variantId ?? '');
  const [wanted, setWanted] = useState(1);
  const [isLeaving, setLeaving] = useState(false);
  const [isShowing, setShowing] = useState(false);
  const state = dropState(drop, mine);
  const action = dropAction(drop, mine, connection, me, nowMs);
  const mayLeave = useSettled(action.do === 'leave' ? 1 : 0);
  const variant =
    drop.variants.find(({ variantId }) => variantId === (mine.entry?.variantId ?? chosen)) ??
    drop.variants[0];
  if (!variant) return null;
  const quantity = Math.min(wanted, drop.perPersonMax, variant.quantity);
  const canChoose = action.do === 'enter' || action.do === 'add-address';

  const forget = () => mine.pending?.state === 'refused' && client.forgetEntry(mine.pending.id);
  const enter = () => {
    forget();
    const go = () => client.enter(drop.dropId, variant.variantId, quantity);
    if (action.do === 'add-address') askIn('account', go);
    else if (me) go();
    else askIn('guest', go);
  };
  const leave = () => {
    forget();
    setLeaving(false);
    client.leave(drop.dropId);
  };

  return (
    <article data-theme="day" aria-label={drop.title} className="deal-card animate-appear">
      <Head
        drop={drop}
        item={item}
        title={variant.parts ? variant.title : drop.title}
        state={state}
        price={moneyText(variant.price)}
        others={others}
        onBack={onBack}
        onStory={onStory}
      />
      {variant.usualPrice.minor > variant.price.minor && !drop.isGiveaway ? (
        <p className="mt-1.5 text-right text-xs text-soft">
          Lowest price of the last 30 days <s>{moneyText(variant.usualPrice)}</s>
        </p>
      ) : null}
      {state.step === 'announced' || state.step === 'open' ? (
        <>
          <Clock drop={drop} nowMs={nowMs} units={unitsWords(drop, variant)} />
          {variant.parts ? (
            <p className="mt-1.5 text-sm">
              <span className="text-soft">Together:</span> {setWords(variant.parts)}
            </p>
          ) : null}
          {mine.entry ? null : <How drop={drop} nowMs={nowMs} />}
          {canChoose && drop.variants.length > 1 ? (
            <div className="mt-2.5 flex">
              <Variants deal={choicesOf(drop)} chosen={variant.variantId} onChoose={setChosen} />
            </div>
          ) : null}
          {mine.entry ? <InLine drop={drop} entry={mine.entry} /> : null}
          <Refusal mine={mine} onClose={forget} onShow={() => setShowing(true)} />
          {isShowing ? (
            <Suspense fallback={null}>
              <EntryNeeds
                drop={drop}
                onShown={() => {
                  setShowing(false);
                  enter();
                }}
                onClose={() => setShowing(false)}
              />
            </Suspense>
          ) : null}
          {isLeaving && mine.entry ? (
            <CardNote
              title={`Give up place ${mine.entry.place}`}
              detail={
                drop.order === 'draw'
                  ? 'You can’t come back into this draw.'
                  : 'Who enters again stands at the end.'
              }
              yes="Leave the line"
              onConfirm={leave}
              onClose={() => setLeaving(false)}
            />
          ) : null}
          <div className="mt-3 flex items-stretch gap-2">
            {canChoose && drop.perPersonMax > 1 ? (
              <Quantity
                value={quantity}
                max={Math.min(drop.perPersonMax, variant.quantity)}
                perPersonMax={drop.perPersonMax}
                onChange={setWanted}
              />
            ) : null}
            <Main
              drop={drop}
              action={action}
              cost={{ variantId: variant.variantId, quantity }}
              isLeaving={isLeaving}
              mayLeave={mayLeave}
              onEnter={enter}
              onLeave={() => {
                if (mine.entry?.place == null) leave();
                else setLeaving(!isLeaving);
              }}
            />
          </div>
        </>
      ) : state.step === 'served' || state.step === 'paying' ? (
        <Served drop={drop} state={state} />
      ) : (
        <Over drop={drop} mine={mine} state={state} />
      )}
    </article>
  );
}

// ── what it looks at ───────────────────────────────────────────────────────────────────────────────

const useMyDrop = (drop: RoomDrop): MyDrop => {
  const { client } = usePage();
  const { holds, endedHolds } = useMine();
  const entries = useLive(client, (live) => live.entries);
  const pendingEntries = useLive(client, (live) => live.pendingEntries);
  return myDrop(drop.dropId, { holds, endedHolds, entries, pendingEntries });
};

/** The server's time, anew at every second until the opening. */
const useOpeningTime = (drop: RoomDrop): number => {
  const { client } = usePage();
  const offsetMs = useLive(client, (live) => live.clockOffsetMs);
  useSecondsLeft(everybodyAtMs(drop) ?? 0, offsetMs);
  return client.nowMs();
};

/** The variants as a card's choice takes them: before the opening all of it is there. */
const choicesOf = (drop: RoomDrop) => ({
  key: drop.dropId,
  title: drop.title,
  variants: drop.variants.map((variant) => {
    const { left, inCarts } = figuresOf(drop, variant.variantId);
    const isAnnounced = drop.figures.phase === 'announced';
    return { ...variant, left: isAnnounced ? variant.quantity : left + inCarts, inCarts: 0 };
  }),
});

// ── its parts ──────────────────────────────────────────────────────────────────────────────────────

const kindOf = ({ isGiveaway, figures, opensAtMs }: RoomDrop): string => {
  const kind = isGiveaway ? 'Giveaway' : 'Drop';
  return figures.phase === 'announced' && opensAtMs !== null
    ? `${kind} at ${timeText(opensAtMs)}`
    : kind;
};

function Head({
  drop,
  item,
  title,
  state,
  price,
  others,
  onBack,
  onStory,
}: Pick<DealCardProps, 'others' | 'onBack' | 'onStory'> & {
  drop: RoomDrop;
  item: RoomItem | null;
  title: string;
  state: DropState;
  price: string;
}) {
  const { shop } = usePage();
  const story = provenanceLine(item);
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
          <span className="truncate">{kindOf(drop)}</span>
          {state.step === 'announced' || state.step === 'open' ? (
            <SignalsSwitch of="my turn" />
          ) : null}
        </p>
        <h2 className="line-clamp-2 font-sans text-base leading-tight font-semibold tracking-normal">
          {title}
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
        <p className="figure text-2xl leading-none whitespace-nowrap">
          {drop.isGiveaway ? 'Free' : price}
        </p>
        <p className="mt-1 text-xs text-soft">
          {drop.isGiveaway
            ? 'delivery included'
            : shop.taxIncludedMilliPercent > 0
              ? 'tax included'
              : null}
        </p>
        {others ? <Others {...others} /> : null}
      </div>
    </div>
  );
}

/** The true clock: to the opening, then to the end; beside it how many there are and who waits. */
function Clock({ drop, nowMs, units }: { drop: RoomDrop; nowMs: number; units: string }) {
  const { client } = usePage();
  const offsetMs = useLive(client, (live) => live.clockOffsetMs);
  const isRunning = isOrderMade(drop, nowMs);
  const tier = tierOf(useMe(), nowMs);
  const atMs = isRunning ? drop.figures.closesAtMs : openingAtMs(drop, tier, nowMs);
  const seconds = useSecondsLeft(atMs ?? 0, offsetMs);
  const share = Math.min(1, (seconds * 1_000) / (isRunning ? drop.durationMs : nearMs));
  const isLate = seconds <= 30;
  return (
    <div className="mt-3">
      {atMs === null ? null : (
        <div
          className={classes('time-bar', isLate ? 'text-vermilion' : 'text-lagoon')}
          aria-hidden="true"
        >
          <span style={{ transform: `scaleX(${share})` }} />
        </div>
      )}
      <p className="mt-2 flex min-h-7 items-baseline justify-between gap-3 text-sm">
        {atMs === null ? (
          <span className="font-semibold">The host opens it</span>
        ) : (
          <span className="whitespace-nowrap">
            <time
              role="timer"
              className={classes('figure mr-1.5 text-xl', isLate && 'text-urgent')}
            >
              {timeLeftText(seconds)}
            </time>
            <span className="text-soft">
              {isRunning ? 'left' : seconds > 0 ? 'until it opens' : 'opens now'}
            </span>
          </span>
        )}
        <span className="min-w-0 text-right">
          <b className="whitespace-nowrap">{units}</b>
          <span className="text-soft"> · {waitingWords(drop)}</span>
        </span>
      </p>
    </div>
  );
}

function How({ drop, nowMs }: { drop: RoomDrop; nowMs: number }) {
  const early = earlyWords(drop, tierOf(useMe(), nowMs));
  const { showId } = usePage();
  return (
    <p className="mt-1.5 text-sm leading-snug text-soft">
      {howWords(drop, nowMs)} {early} {oncePerWords(drop)} <ProofLink showId={showId} drop={drop} />
    </p>
  );
}

const outlookLooks: Record<Outlook, string> = {
  likely: 'bg-accent-mist text-accent',
  'if-some': 'bg-ritual-mist text-ritual',
  'if-many': 'bg-sunken text-text',
  gone: 'bg-sunken text-soft',
};

/** My place, who stands before me, and what that is worth. */
function InLine({ drop, entry }: { drop: RoomDrop; entry: MyEntry }) {
  const { showId } = usePage();
  const ahead = aheadOf(drop, entry);
  const outlook = outlookOf(drop, entry);
  const title = drop.variants.find(({ variantId }) => variantId === entry.variantId)?.title;
  const what = [title, entry.quantity > 1 ? `${entry.quantity} units` : null].filter(Boolean);
  if (ahead === null || outlook === null) {
    return (
      <p className="mt-3 flex items-center gap-2.5 rounded-control bg-accent-mist px-3.5 py-2.5 text-sm text-accent">
        <CheckIcon className="size-5 shrink-0" />
        <span>
          <b>You are in</b> with entry {entry.entry}
          {what.length > 0 ? `: ${what.join(', ')}` : ''}. The draw makes your place.
        </span>
      </p>
    );
  }
  return (
    <div className="mt-2.5 flex items-center gap-3.5">
      <p className="grid min-w-16 shrink-0 justify-items-center rounded-control bg-sunken px-3 py-2">
        <span className="text-xs text-soft">Your place</span>
        <span className="figure text-2xl leading-none">{entry.place}</span>
      </p>
      <div className="grid min-w-0 flex-1 justify-items-start gap-1">
        <p
          className={classes(
            'inline-flex items-center gap-1.5 rounded-chip px-2.5 py-1 text-sm font-semibold',
            outlookLooks[outlook],
          )}
        >
          {outlook === 'likely' ? (
            <CheckIcon className="size-4 shrink-0" />
          ) : outlook === 'gone' ? null : (
            <ClockIcon className="size-4 shrink-0" />
          )}
          {outlookWords[outlook]}
        </p>
        <p className="text-sm text-soft">
          {[aheadWords(ahead), ...what, ''].join(' · ')}
          <ProofLink showId={showId} drop={drop} />
        </p>
      </div>
    </div>
  );
}

/** Why the last wish was refused, until the next one. */
function Refusal({
  mine: { pending },
  onClose,
  onShow,
}: {
  mine: MyDrop;
  onClose: () => void;
  onShow: () => void;
}) {
  if (pending?.state !== 'refused' || !pending.problem) return null;
  const words = refusedWords(pending.problem, pending.wish);
  return isForShowing(pending.problem) ? (
    <CardNote {...words} yes="Do it now" onConfirm={onShow} onClose={onClose} />
  ) : (
    <CardNote {...words} onClose={onClose} />
  );
}

function Main({
  drop,
  action,
  cost,
  isLeaving,
  mayLeave,
  onEnter,
  onLeave,
}: {
  drop: RoomDrop;
  action: DropAction;
  cost: { readonly variantId: string; readonly quantity: number };
  /** Whether the person means it is being asked. */
  isLeaving: boolean;
  mayLeave: boolean;
  onEnter: () => void;
  onLeave: () => void;
}) {
  const { shop } = usePage();
  const joinsParcel = useParcel() !== null;
  const variant = drop.variants.find(({ variantId }) => variantId === cost.variantId);
  switch (action.do) {
    case 'enter':
    case 'add-address':
      return (
        <Button
          look="strong"
          size="large"
          className="min-w-0 flex-1 flex-col gap-0.5! px-2!"
          onClick={onEnter}
        >
          <span className="text-lg">
            {action.do === 'enter' ? 'Enter' : 'Add your address and enter'}
          </span>
          {variant ? (
            <span className="text-xs font-normal opacity-85">
              {costWords(drop, variant, cost.quantity, shop, joinsParcel)}
            </span>
          ) : null}
        </Button>
      );
    case 'leave':
      return (
        <Button
          size="large"
          // So soon after entering a press was meant for the button that stood there. That is too short to be seen.
          className="flex-1 aria-disabled:opacity-100!"
          aria-disabled={!mayLeave}
          onClick={mayLeave ? onLeave : undefined}
        >
          {isLeaving ? 'Stay in the line' : 'Leave the line'}
        </Button>
      );
    case 'sending':
      return (
        <Button look="strong" size="large" className="flex-1" busy>
          {action.wish.t === 'enter' ? 'Entering…' : 'Leaving…'}
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
