// What sells and what comes: the offers that run, the next step, and what is ready to fire. Each card has
// one main press and its key. Prices and figures are the room's; nothing is typed or computed here.

import { useMutation } from '@tanstack/react-query';
import type { RoomItem, RoomOffer, RoomVariant } from '../../protocol/room.ts';
import type { RoomLot } from '../../protocol/room-lot.ts';
import { ProblemNote } from '../crew/problem-note.tsx';
import { ask } from '../crew/shop-data.ts';
import { beatWord } from '../crew/words.ts';
import { Button, Spinner } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { Countdown } from '../design/clock.tsx';
import { Money, moneyText } from '../design/money.tsx';
import { type AskedOffer, askedState } from './asked-offers.ts';
import { useDesk, useRoom, useShow } from './desk.tsx';
import { dropBoardOf } from './drop-board.ts';
import { DropDesk } from './drop-desk.tsx';
import { Key } from './key.tsx';
import { boardOf, termsWords } from './lot-board.ts';
import { LotDesk } from './lot-desk.tsx';
import { nextSegment } from './run-timing.ts';

export type CueActions = {
  readonly openOfferForm: (productId: string | null) => void;
  readonly mend: (asked: AskedOffer, variantId: string, available: number) => void;
  readonly change: (asked: AskedOffer) => void;
  readonly forget: (asked: AskedOffer) => void;
  readonly next: () => void;
  readonly pin: (productId: string | null) => void;
  readonly endShow: () => void;
};

const card = 'flex min-w-0 flex-col rounded-card p-4 lg:min-h-0';

/** What runs: lots and drops with their desks, then offers, the newest in large. */
export function RunningCard({
  asked,
  direct,
  actions,
}: {
  asked: readonly AskedOffer[];
  direct: boolean;
  actions: CueActions;
}) {
  const offers = useRoom((room) => room.offers);
  const isLive = useRoom((room) => room.phase === 'live');
  const { running: lots } = boardOf(useRoom((room) => room.lots));
  const { open: drops } = dropBoardOf(useRoom((room) => room.drops));
  const crew = useShow((state) => state.crew);
  const newest = offers.at(-1);
  const others = offers.slice(0, -1).reverse();
  const waiting = asked.map((one) => ({ one, state: askedState(one, offers, crew) }));

  if (!newest && waiting.length === 0 && lots.length === 0 && drops.length === 0) {
    return (
      <section aria-label="Running" className={classes(card, 'bg-card')}>
        <h2 className="label font-sans text-soft">Running</h2>
        <p className="mt-2 text-base font-semibold">No offer is open</p>
        <p className="text-sm text-soft">
          {isLive
            ? 'A live price, a true quantity and a clock.'
            : 'Offers open once the show is live.'}
        </p>
        {direct ? (
          <div className="mt-auto pt-3">
            <Button disabled={!isLive} onClick={() => actions.openOfferForm(null)}>
              Open an offer <Key>O</Key>
            </Button>
          </div>
        ) : null}
      </section>
    );
  }
  return (
    <section
      aria-label="Running"
      data-theme="day"
      className={classes(card, 'scroll-quiet gap-3 overflow-y-auto bg-[#f4eee4] text-ink')}
    >
      {lots.map((lot, nth) => (
        <div key={lot.lotId} className={nth === 0 ? '' : 'border-t border-[#ddd2c0] pt-3'}>
          <LotDesk lot={lot} direct={direct} />
        </div>
      ))}
      {drops.map((drop, nth) => (
        <div
          key={drop.dropId}
          className={nth + lots.length === 0 ? '' : 'border-t border-[#ddd2c0] pt-3'}
        >
          <DropDesk drop={drop} direct={direct} />
        </div>
      ))}
      {waiting.map(({ one, state }) =>
        state.kind === 'refused' ? (
          <RefusedOffer key={one.offerId} asked={one} state={state} actions={actions} />
        ) : (
          <p
            key={one.offerId}
            role="status"
            className="flex items-center gap-2 text-sm font-semibold"
          >
            <Spinner /> {one.form.title}: taking its units from stock …
          </p>
        ),
      )}
      {newest ? (
        <div className={lots.length + drops.length > 0 ? 'border-t border-[#ddd2c0] pt-3' : ''}>
          <OpenOffer offer={newest} direct={direct} large />
        </div>
      ) : null}
      {others.map((offer) => (
        <div key={offer.offerId} className="border-t border-[#ddd2c0] pt-3">
          <OpenOffer offer={offer} direct={direct} />
        </div>
      ))}
    </section>
  );
}

function RefusedOffer({
  asked,
  state,
  actions,
}: {
  asked: AskedOffer;
  state: { readonly variantId: string; readonly available: number };
  actions: CueActions;
}) {
  const row = asked.form.rows.find(({ variantId }) => variantId === state.variantId);
  const name = [asked.form.title, row?.title].filter(Boolean).join(', ');
  return (
    <div role="alert" className="rounded-control bg-urgent-mist p-3">
      <p className="text-sm font-semibold text-urgent">
        {state.available > 0 ? `Only ${state.available} available` : 'None available'}: {name}
      </p>
      <p className="text-xs">The offer didn’t open; nothing was taken from stock.</p>
      <div className="mt-2.5 grid grid-cols-2 gap-2">
        {state.available > 0 ? (
          <Button
            look="strong"
            className="col-span-2"
            onClick={() => actions.mend(asked, state.variantId, state.available)}
          >
            Offer {state.available} instead
          </Button>
        ) : null}
        <Button className="bg-white/60" onClick={() => actions.change(asked)}>
          Change …
        </Button>
        <Button look="plain" onClick={() => actions.forget(asked)}>
          Let it be
        </Button>
      </div>
    </div>
  );
}

const lowest = (variants: readonly RoomVariant[]) =>
  variants.reduce<RoomVariant | null>(
    (low, variant) => (low === null || variant.price.minor < low.price.minor ? variant : low),
    null,
  );

function OpenOffer({
  offer,
  direct,
  large = false,
}: {
  offer: RoomOffer;
  direct: boolean;
  large?: boolean;
}) {
  const { showId, client } = useDesk();
  const close = useMutation({ mutationFn: () => ask.closeOffer(showId, offer.offerId) });
  const figures = Object.values(offer.figures);
  const sum = (of: (figure: (typeof figures)[number]) => number) =>
    figures.reduce((total, one) => total + of(one), 0);
  const left = sum((one) => one.left);
  const inCarts = sum((one) => one.inCarts);
  const sold = sum((one) => one.sold);
  const all = Math.max(1, left + inCarts + sold);
  const low = lowest(offer.variants);
  const usual =
    offer.variants.find(({ variantId }) => variantId === low?.variantId)?.usualPrice ?? null;
  const several = offer.variants.some(({ price }) => price.minor !== low?.price.minor);
  const offsetMs = client.state().clockOffsetMs;

  return (
    <article className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <div className="flex items-baseline justify-between gap-3">
        <p className="label min-w-0 truncate text-soft">Running · {offer.title}</p>
        <Countdown
          atMs={offer.closesAtMs}
          offsetMs={offsetMs}
          className={classes('figure shrink-0 text-urgent', large ? 'text-2xl' : 'text-lg')}
        />
      </div>
      <p className="flex flex-wrap items-baseline gap-x-2">
        {several ? <span className="text-sm font-medium text-soft">from</span> : null}
        <span className={classes('figure whitespace-nowrap', large ? 'text-3xl' : 'text-xl')}>
          {low ? <Money amount={low.price} /> : null}
        </span>
        {usual && low && usual.minor > low.price.minor ? (
          <Money amount={usual} struck className="text-sm text-soft" />
        ) : null}
      </p>
      <div
        aria-hidden="true"
        className="flex h-2 gap-0.5 overflow-hidden rounded-full bg-[#e2d7c5]"
      >
        <span
          className="bg-lagoon transition-[width] duration-300"
          style={{ width: `${(sold / all) * 100}%` }}
        />
        <span
          className="bg-gold transition-[width] duration-300"
          style={{ width: `${(inCarts / all) * 100}%` }}
        />
      </div>
      <p className="text-sm">
        <b>{left}</b> left · <b>{inCarts}</b> in carts · <b>{sold}</b> sold
      </p>
      {large && offer.variants.length > 1 ? (
        <ul className="text-xs text-soft">
          {offer.variants.map(({ variantId, title, price }) => {
            const one = offer.figures[variantId];
            return (
              <li key={variantId} className="flex justify-between gap-3">
                <span className="truncate">{title}</span>
                <span className="whitespace-nowrap">
                  {moneyText(price)} · {one?.left ?? 0} left
                </span>
              </li>
            );
          })}
        </ul>
      ) : null}
      <ProblemNote error={close.error} />
      {direct ? (
        <div>
          <Button
            className="bg-[#e4dac9] text-ink"
            busy={close.isPending}
            onClick={() => close.mutate()}
            aria-label={`Close offer: ${offer.title}`}
          >
            Close offer
          </Button>
        </div>
      ) : null}
    </article>
  );
}

/** The next step: one press, or Space; and the next lot: one press, or L. */
export function NextCard({
  direct,
  pending,
  error,
  actions,
  lot,
  onOpenLot,
}: {
  direct: boolean;
  pending: boolean;
  error: unknown;
  actions: CueActions;
  /** The lot that the next key opens. */
  lot: RoomLot | null;
  onOpenLot: () => void;
}) {
  const segments = useRoom((room) => room.segments);
  const segmentId = useRoom((room) => room.segmentId);
  const shelf = useRoom((room) => room.shelf);
  const isLive = useRoom((room) => room.phase === 'live');
  const next = nextSegment(segments, segmentId);
  const titles = next?.productIds
    .map((id) => shelf.find(({ productId }) => productId === id)?.title)
    .filter((title) => title !== undefined);

  return (
    <section aria-label="Next" className={classes(card, 'bg-card')}>
      <h2 className="label flex items-center gap-2 font-sans text-soft">
        Next {next && direct ? <Key>Space</Key> : null}
      </h2>
      {next ? (
        <>
          <p className="mt-2 text-base font-semibold leading-snug">{next.title}</p>
          <p className="text-sm text-soft">
            {beatWord(next.beat)} · {next.minutes} min
          </p>
          {titles && titles.length > 0 ? (
            <p className="mt-1 line-clamp-2 text-sm text-soft">Pins {titles[0]}</p>
          ) : null}
        </>
      ) : (
        <>
          <p className="mt-2 text-base font-semibold">
            {segments.length === 0 ? 'No run of show' : 'That was the last one'}
          </p>
          <p className="text-sm text-soft">
            {segments.length === 0
              ? 'You can pin and offer all the same.'
              : 'Say goodbye, then end the show.'}
          </p>
        </>
      )}
      <ProblemNote error={error} className="mt-2" />
      {direct ? (
        <div className="mt-auto pt-3">
          {next ? (
            <Button
              look={isLive ? 'strong' : 'quiet'}
              disabled={!isLive}
              busy={pending}
              onClick={actions.next}
            >
              {segmentId === null ? 'Begin' : 'Go on'}
            </Button>
          ) : (
            <Button disabled={!isLive} onClick={actions.endShow}>
              End show …
            </Button>
          )}
        </div>
      ) : null}
      {lot && direct ? (
        <div className="mt-3 grid gap-2 border-t border-line pt-3">
          <p className="truncate text-sm font-semibold" title={termsWords(lot)}>
            {lot.title}
          </p>
          <Button size="small" look="accent" disabled={!isLive} onClick={onOpenLot}>
            Open the lot <span className="sr-only">{lot.title}</span> <Key>L</Key>
          </Button>
        </div>
      ) : null}
    </section>
  );
}

/** The shelf, ready to pin by number or to offer. */
export function ReadyCard({
  direct,
  error,
  actions,
}: {
  direct: boolean;
  error: unknown;
  actions: CueActions;
}) {
  const shelf = useRoom((room) => room.shelf);
  const pinned = useRoom((room) => room.pinned);
  const isLive = useRoom((room) => room.phase === 'live');
  return (
    <section aria-label="Ready" className={classes(card, 'bg-card pb-0')}>
      <div className="flex items-center justify-between gap-2">
        <h2 className="label font-sans text-soft">Ready</h2>
        {pinned && direct ? (
          <button
            type="button"
            onClick={() => actions.pin(null)}
            className="reach text-xs font-semibold text-soft hover:text-text"
          >
            Take the pin off <Key>0</Key>
          </button>
        ) : null}
      </div>
      <ProblemNote error={error} className="mt-2" />
      {shelf.length === 0 ? (
        <p className="mt-2 pb-4 text-sm text-soft">
          The shelf is empty. Put products on it in the office.
        </p>
      ) : (
        <ul
          // A list that scrolls must be reachable by keys, also while its buttons rest.
          // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
          tabIndex={0}
          aria-label="Shelf"
          className="scroll-quiet -mx-2 mt-1.5 min-h-0 flex-1 overflow-y-auto pb-3"
        >
          {shelf.map((item, index) => (
            <ShelfRow
              key={item.productId}
              item={item}
              index={index}
              pinned={pinned === item.productId}
              disabled={!isLive || !direct}
              actions={actions}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

function ShelfRow({
  item,
  index,
  pinned,
  disabled,
  actions,
}: {
  item: RoomItem;
  index: number;
  pinned: boolean;
  disabled: boolean;
  actions: CueActions;
}) {
  const stock = useRoom((room) => room.stock);
  const available = item.variants.reduce(
    (total, { variantId }) => total + (stock[variantId]?.available ?? 0),
    0,
  );
  const low = lowest(item.variants);
  return (
    <li className="flex items-center">
      <button
        type="button"
        disabled={disabled}
        aria-pressed={pinned}
        aria-keyshortcuts={index < 9 ? String(index + 1) : undefined}
        onClick={() => actions.pin(pinned ? null : item.productId)}
        className={classes(
          'flex min-h-11 min-w-0 flex-1 items-center gap-2.5 rounded-control px-2 py-1 text-left enabled:hover:bg-sunken',
          pinned && 'bg-accent-mist',
        )}
      >
        <span aria-hidden="true" className="w-6 shrink-0">
          {index < 9 ? <Key>{index + 1}</Key> : null}
        </span>
        <span className="min-w-0 flex-1">
          <span className="block truncate text-sm font-medium">
            <span className="sr-only">{pinned ? 'Pinned: ' : 'Pin '}</span>
            {item.title}
          </span>
          <span
            className={classes(
              'block truncate text-xs',
              pinned ? 'font-semibold text-accent' : 'text-soft',
            )}
          >
            {pinned ? 'Pinned · ' : ''}
            {low ? moneyText(low.price) : 'no price'} · {available} in stock
          </span>
        </span>
      </button>
      <button
        type="button"
        disabled={disabled || available === 0}
        aria-label={`Offer ${item.title} …`}
        onClick={() => actions.openOfferForm(item.productId)}
        className="min-h-11 rounded-control px-2.5 text-xs font-semibold text-accent enabled:hover:bg-sunken disabled:text-soft disabled:opacity-60"
      >
        Offer …
      </button>
    </li>
  );
}
