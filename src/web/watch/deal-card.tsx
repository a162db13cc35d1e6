// The card with the one action: what it is, what it costs in all, how long and how many there truly are,
// and my state in words. What may be done is decided in deal.ts; the card only shows it.

import { lazy, Suspense, useEffect, useState } from 'react';
import type { Money as Amount } from '../../base/money.ts';
import { allInPrice } from '../../domain/order/price.ts';
import { tierOf } from '../../protocol/socket.ts';
import { setWords } from '../buy/set-words.ts';
import { Button, IconButton, Spinner } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { timeLeftText, useSecondsLeft } from '../design/clock.tsx';
import {
  BackIcon,
  CheckIcon,
  ForwardIcon,
  MinusIcon,
  PlusIcon,
  SealIcon,
} from '../design/icons.tsx';
import { Money, moneyText } from '../design/money.tsx';
import { useLive } from '../live/use-live.ts';
import { codeWords } from './code-words.ts';
import {
  type Deal,
  type DealVariant,
  dealNews,
  dealState,
  firstVariant,
  priceFor,
  provenanceLine,
  quantityMax,
  stockWords,
} from './deal.ts';
import { partsText } from './parts-text.ts';
import { ProductPicture } from './product-picture.tsx';
import { useMe } from './session.ts';
import { useMine, usePage, useParcel } from './watch-context.ts';

// On their way as soon as there is a card, so that a press finds them there.
const loadHeld = () => import('./deal-held.tsx');
const loadNews = () => import('./deal-news.tsx');
const Held = lazy(loadHeld);
const News = lazy(loadNews);

export type DealCardProps = {
  readonly deal: Deal;
  /** When several things can be bought now: which one this is, and the way to the others. */
  readonly others: {
    readonly at: number;
    readonly count: number;
    readonly go: (step: 1 | -1) => void;
  } | null;
  /** The person took this from the shelf: the way back to what runs. */
  readonly onBack: (() => void) | null;
  readonly onStory: () => void;
};

export function DealCard({ deal, others, onBack, onStory }: DealCardProps) {
  const { client, holds, askIn, shop } = usePage();
  const mine = useMine();
  const me = useMe();
  const connection = useLive(client, (state) => state.connection);
  const offsetMs = useLive(client, (state) => state.clockOffsetMs);
  const isWordRead = useLive(client, (state) => state.room?.commentClaims ?? false);
  const [variantId, setVariantId] = useState(() => firstVariant(deal));
  const [wanted, setWanted] = useState(1);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another deal starts anew; new figures don't.
  useEffect(() => {
    setVariantId(firstVariant(deal));
    setWanted(1);
  }, [deal.key]);

  useEffect(() => {
    void loadHeld();
    void loadNews();
  }, []);

  const variant = deal.variants.find((one) => one.variantId === variantId) ?? deal.variants[0];
  if (!variant) return null;
  const state = dealState(deal, variant.variantId, mine, connection);
  const news = dealNews(deal, mine);
  const max = quantityMax(deal, variant.variantId);
  const quantity = Math.min(wanted, max);
  const held = state.step === 'held' || state.step === 'paying' ? state.hold : null;
  const code = isWordRead ? codeWords(deal.comments, variant) : null;
  const story = provenanceLine(deal.item);
  const isMember = tierOf(me, Date.now() + offsetMs) !== null;
  const asked = priceFor(variant, isMember);

  const take = (isConfirmed = false) => {
    if (news?.kind === 'refused') holds.forget(news.claimId);
    const go = () => holds.take(deal, variant, quantity, isConfirmed);
    if (me) go();
    else askIn('guest', go);
  };

  return (
    <article data-theme="day" aria-label={deal.title} className="deal-card animate-appear">
      <div className="flex items-start gap-3">
        {onBack ? (
          <IconButton label="Back to what runs now" className="-mr-2 -ml-2" onClick={onBack}>
            <BackIcon />
          </IconButton>
        ) : null}
        <ProductPicture src={deal.item?.imageUrl ?? null} className="size-15" />
        <div className="min-w-0 flex-1">
          <p className="label text-soft">
            {deal.kind === 'offer' ? 'Live offer' : onBack ? 'From the shelf' : 'Shown now'}
          </p>
          <h2 className="line-clamp-2 font-sans text-base leading-tight font-semibold tracking-normal">
            {variant.parts ? variant.title : deal.title}
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
            <Money amount={held?.unitPrice ?? asked.price} />
          </p>
          {asked.isMembers ? (
            <p className="mt-1 text-xs font-semibold text-ritual">members’ price</p>
          ) : shop.taxIncludedMilliPercent > 0 ? (
            <p className="mt-1 text-xs text-soft">tax included</p>
          ) : null}
          {others ? <Others {...others} /> : null}
        </div>
      </div>

      {asked.reference || (variant.membersPrice && !isMember) ? (
        <p className="mt-1.5 flex flex-wrap justify-end gap-x-3 text-xs text-soft">
          {variant.membersPrice && !isMember ? (
            <span className="font-semibold text-ritual">
              Members pay {moneyText(variant.membersPrice)}
            </span>
          ) : null}
          {asked.reference ? (
            <span>
              Lowest price of the last 30 days <s>{moneyText(asked.reference)}</s>
            </span>
          ) : null}
        </p>
      ) : null}

      {held ? (
        <Suspense fallback={null}>
          <Held hold={held} isPaying={state.step === 'paying'} offsetMs={offsetMs} />
        </Suspense>
      ) : (
        <>
          <Standing deal={deal} variant={variant} offsetMs={offsetMs} onChoose={setVariantId} />
          {news ? (
            <Suspense fallback={null}>
              <News
                news={news}
                onClose={news.kind === 'refused' ? () => holds.forget(news.claimId) : null}
                onConfirm={() => take(true)}
              />
            </Suspense>
          ) : null}
          <div className="mt-3 flex items-stretch gap-2">
            {max > 1 && state.step === 'open' ? (
              <Quantity
                value={quantity}
                max={max}
                perPersonMax={deal.perPersonMax}
                onChange={setWanted}
              />
            ) : null}
            <Action
              deal={deal}
              price={asked.price}
              variant={variant}
              quantity={quantity}
              step={state.step}
              onTake={() => take()}
            />
          </div>
          {code ? <p className="mt-1.5 text-center text-xs text-soft">{code}</p> : null}
        </>
      )}
    </article>
  );
}

/** Which of several things this is, and the way to the others. */
export function Others({
  at,
  count,
  go,
}: {
  at: number;
  count: number;
  go: (step: 1 | -1) => void;
}) {
  return (
    <p className="-mr-1.5 flex items-center justify-end text-xs text-soft">
      <IconButton label="The one before" size="small" className="size-7!" onClick={() => go(-1)}>
        <BackIcon className="size-3.5" />
      </IconButton>
      <span>
        {at + 1} of {count}
      </span>
      <IconButton label="The next one" size="small" className="size-7!" onClick={() => go(1)}>
        <ForwardIcon className="size-3.5" />
      </IconButton>
    </p>
  );
}

/** Which of several variants; one of which nothing is left is struck out. */
export function Variants({
  deal,
  chosen,
  onChoose,
}: {
  deal: Pick<Deal, 'key' | 'title'> & {
    readonly variants: readonly Pick<DealVariant, 'variantId' | 'title' | 'left' | 'inCarts'>[];
  };
  chosen: string;
  onChoose: (variantId: string) => void;
}) {
  return (
    <fieldset className="-m-1 flex min-w-0 flex-1 gap-2 overflow-x-auto p-1 [scrollbar-width:none]">
      <legend className="sr-only">Choose a variant</legend>
      {deal.variants.map((variant) => {
        const isGone = variant.left === 0;
        return (
          <label
            key={variant.variantId}
            className={classes(
              'flex min-h-11 cursor-pointer items-center gap-1.5 rounded-control border px-3.5 text-sm font-semibold whitespace-nowrap',
              'has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
              variant.variantId === chosen ? 'border-ink bg-sunken' : 'border-line',
              isGone && 'text-soft',
            )}
          >
            <input
              type="radio"
              name={`variant-${deal.key}`}
              className="sr-only"
              checked={variant.variantId === chosen}
              onChange={() => onChoose(variant.variantId)}
            />
            {variant.variantId === chosen ? <CheckIcon className="size-3.5" /> : null}
            <span className={isGone ? 'line-through' : undefined}>
              {variant.title || deal.title}
            </span>
            {isGone ? <span className="sr-only"> {stockWords(variant)}</span> : null}
          </label>
        );
      })}
    </fieldset>
  );
}

/** The true clock, the choice of variants and the true stock. */
function Standing({
  deal,
  variant,
  offsetMs,
  onChoose,
}: {
  deal: Deal;
  variant: DealVariant;
  offsetMs: number;
  onChoose: (variantId: string) => void;
}) {
  const choice =
    deal.variants.length > 1 ? (
      <Variants deal={deal} chosen={variant.variantId} onChoose={onChoose} />
    ) : null;
  return (
    <div className="mt-3 grid grid-cols-[minmax(0,1fr)] gap-2.5">
      {variant.parts ? (
        <p className="text-sm">
          <span className="text-soft">Together:</span> {setWords(variant.parts)}
        </p>
      ) : null}
      {deal.closesAtMs !== null && deal.openedAtMs !== null ? (
        <>
          <OfferClock openedAtMs={deal.openedAtMs} closesAtMs={deal.closesAtMs} offsetMs={offsetMs}>
            <Stock variant={variant} />
          </OfferClock>
          {choice}
        </>
      ) : (
        <div className="flex items-center gap-3 text-sm">
          {choice}
          <Stock variant={variant} />
        </div>
      )}
    </div>
  );
}

function Stock({ variant }: { variant: DealVariant }) {
  const isLow = variant.left <= 3;
  return (
    <span
      className={classes('font-semibold whitespace-nowrap', isLow ? 'text-urgent' : 'text-text')}
    >
      {stockWords(variant)}
    </span>
  );
}

function OfferClock({
  openedAtMs,
  closesAtMs,
  offsetMs,
  children,
}: {
  openedAtMs: number;
  closesAtMs: number;
  offsetMs: number;
  children: React.ReactNode;
}) {
  const seconds = useSecondsLeft(closesAtMs, offsetMs);
  const share = Math.min(1, Math.max(0, (seconds * 1000) / Math.max(1, closesAtMs - openedAtMs)));
  const isLate = seconds <= 30;
  return (
    <div>
      <div
        className={classes('time-bar', isLate ? 'text-vermilion' : 'text-lagoon')}
        aria-hidden="true"
      >
        <span style={{ transform: `scaleX(${share})` }} />
      </div>
      <p className="mt-2 flex items-baseline justify-between gap-3 text-sm">
        <span>
          <time role="timer" className={classes('figure mr-1.5 text-xl', isLate && 'text-urgent')}>
            {timeLeftText(seconds)}
          </time>
          <span className="text-soft">{seconds > 0 ? 'left' : 'closing'}</span>
        </span>
        {children}
      </p>
    </div>
  );
}

/** How many, up to what one person may take. */
export function Quantity({
  value,
  max,
  perPersonMax,
  onChange,
}: {
  value: number;
  max: number;
  perPersonMax: number | null;
  onChange: (value: number) => void;
}) {
  return (
    <fieldset
      aria-label={perPersonMax === null ? 'Quantity' : `Quantity, at most ${perPersonMax} a person`}
      className="flex items-center rounded-[18px] bg-sunken"
    >
      <IconButton label="One less" disabled={value <= 1} onClick={() => onChange(value - 1)}>
        <MinusIcon className="size-4" />
      </IconButton>
      <output className="min-w-5 text-center font-semibold" aria-live="polite">
        {value}
      </output>
      <IconButton
        label={
          value >= max && perPersonMax === max
            ? `One more: the limit is ${max} a person`
            : 'One more'
        }
        disabled={value >= max}
        onClick={() => onChange(value + 1)}
      >
        <PlusIcon className="size-4" />
      </IconButton>
    </fieldset>
  );
}

function Action({
  deal,
  price,
  variant,
  quantity,
  step,
  onTake,
}: {
  deal: Deal;
  /** What this person would claim one at. */
  price: Amount;
  variant: DealVariant;
  quantity: number;
  step: 'open' | 'waiting' | 'sold-out' | 'claiming' | 'unreachable' | 'held' | 'paying';
  onTake: () => void;
}) {
  const { shop } = usePage();
  const joinsParcel = useParcel() !== null;
  const { total } = allInPrice(price, quantity, shop, joinsParcel);
  const wide = 'flex-1 flex-col gap-0.5! px-2!';
  switch (step) {
    case 'open':
      return (
        <Button look="strong" size="large" className={wide} onClick={onTake}>
          <span className="text-lg">
            {deal.kind === 'offer' ? 'Claim' : 'Buy'} for {moneyText(total)}
          </span>
          <span className="text-xs font-normal opacity-85">
            {partsText(price, quantity, shop, joinsParcel)}
          </span>
        </Button>
      );
    case 'claiming':
      return (
        <Button look="strong" size="large" className="flex-1" busy>
          Holding {quantity === 1 ? 'one' : quantity} for you…
        </Button>
      );
    case 'waiting':
      return (
        <Button size="large" className={wide} aria-disabled="true">
          <span>None left right now</span>
          <span className="text-xs font-normal">
            {variant.inCarts} in {variant.inCarts === 1 ? 'a cart' : 'carts'} may come back: this
            button wakes up
          </span>
        </Button>
      );
    case 'sold-out':
      return (
        <Button size="large" className="flex-1" aria-disabled="true">
          Sold out
        </Button>
      );
    default:
      return (
        <Button size="large" className="flex-1" aria-disabled="true">
          <Spinner /> Connecting…
        </Button>
      );
  }
}
