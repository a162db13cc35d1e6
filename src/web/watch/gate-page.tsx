// A show from outside: when it is and what will happen, what to bring, and how to get in. A ticket is bought
// here; whoever has paid it finds the show itself at the same address.

import { lazy, Suspense, useState } from 'react';
import { allInPrice } from '../../domain/order/price.ts';
import type { PageState } from '../../protocol/first-paint.ts';
import type { ShopItem, ShowDetail } from '../../protocol/http.ts';
import type { MyHold } from '../../protocol/socket.ts';
import { createMyParcel } from '../buy/my-parcel.ts';
import { useShelfPurchase } from '../buy/shelf-purchase.ts';
import { Badge } from '../design/badge.tsx';
import { Button, ButtonLink } from '../design/button.tsx';
import { momentText, timeText } from '../design/clock.tsx';
import { moneyText } from '../design/money.tsx';
import { ShopFrame } from '../home/shop-frame.tsx';
import { Materials } from './materials.tsx';
import { useMe } from './session.ts';
import { beatWords, kindWords } from './words.ts';

const WayInDialog = lazy(() => import('./way-in.tsx'));
const Checkout = lazy(() => import('../buy/checkout.tsx'));

type Paying = { readonly hold: MyHold; readonly item: ShopItem };

export default function GatePage({ state, detail }: { state: PageState; detail: ShowDetail }) {
  const { show, room, entry } = detail;
  const { plan } = room;
  const me = useMe();
  const [afterwards, setAfterwards] = useState<{ readonly then: () => void } | null>(null);
  const [paying, setPaying] = useState<Paying | null>(null);
  const [isIn, setIn] = useState(false);
  const [parcel] = useState(() => createMyParcel(show.showId));
  const askIn = (then: () => void) => (me ? then() : setAfterwards({ then }));

  return (
    <ShopFrame state={state}>
      <div className="mt-4 grid grid-cols-[minmax(0,1fr)] gap-10 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <header className="grid content-start gap-3">
          <p className="flex flex-wrap gap-2">
            <Badge>{kindWords[plan.showKind] ?? plan.showKind}</Badge>
            <Badge>{whenWords(detail)}</Badge>
          </p>
          <h1 className="text-4xl text-balance">{plan.title}</h1>
          <p className="text-soft">with {plan.hostName}</p>
        </header>
        <WayToEnter
          state={state}
          detail={detail}
          askIn={askIn}
          onHeld={(hold, item) => setPaying({ hold, item })}
        />
        <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-10 lg:col-start-1">
          <Run detail={detail} />
          <Materials
            showId={show.showId}
            materials={entry.materials}
            askIn={askIn}
            onHeld={(hold, item) => setPaying({ hold, item })}
          />
        </div>
      </div>
      <Suspense fallback={null}>
        {afterwards ? (
          <WayInDialog
            start="guest"
            onClose={() => setAfterwards(null)}
            onIn={() => {
              setAfterwards(null);
              afterwards.then();
            }}
          />
        ) : null}
        {paying ? (
          <Checkout
            key={paying.hold.holdId}
            hold={paying.hold}
            shop={state.shop}
            parcel={parcel}
            offsetMs={0}
            imageUrl={paying.item.imageUrl}
            onPaid={() => setIn(paying.item.productId === entry.ticket?.productId)}
            // Whoever has the ticket now comes in by the same address.
            onClose={() => (isIn ? location.reload() : setPaying(null))}
          />
        ) : null}
      </Suspense>
    </ShopFrame>
  );
}

const whenWords = ({ show }: ShowDetail): string => {
  if (show.phase === 'live') return 'Live now';
  if (show.phase === 'ended') return `Replay of ${momentText(show.startsAtMs)}`;
  return show.phase === 'cancelled' ? 'Cancelled' : momentText(show.startsAtMs);
};

function Run({ detail: { room } }: { detail: ShowDetail }) {
  let atMs = room.plan.startsAtMs;
  if (room.segments.length === 0) return null;
  return (
    <section aria-labelledby="run">
      <h2 id="run" className="mb-4 text-xl">
        What will happen
      </h2>
      <ol className="grid border-t border-line">
        {room.segments.map((segment) => {
          const beginsAtMs = atMs;
          atMs += segment.minutes * 60_000;
          return (
            <li
              key={segment.segmentId}
              className="grid grid-cols-[56px_1fr] gap-3 border-b border-line py-3"
            >
              <time className="text-soft">{timeText(beginsAtMs)}</time>
              <span>
                <span className="block font-semibold">{segment.title}</span>
                <span className="text-sm text-soft">
                  {beatWords[segment.beat] ?? segment.beat} · {segment.minutes} min
                </span>
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function WayToEnter({
  state,
  detail,
  askIn,
  onHeld,
}: {
  state: PageState;
  detail: ShowDetail;
  askIn: (then: () => void) => void;
  onHeld: (hold: MyHold, item: ShopItem) => void;
}) {
  const me = useMe();
  const purchase = useShelfPurchase(detail.show.showId);
  const { ticket } = detail.entry;
  const access = detail.room.plan.access ?? { for: 'everybody' as const };
  const signIn = `/sign-in?next=${encodeURIComponent(`/shows/${detail.show.showId}`)}`;
  const variant = ticket?.variants[0];
  const buy = (isConfirmed = false) =>
    askIn(async () => {
      if (!ticket || !variant) return;
      const hold = await purchase.take(ticket, variant.variantId, isConfirmed);
      if (hold) onHeld(hold, ticket);
    });
  return (
    <section
      aria-labelledby="way-in"
      className="grid h-fit gap-4 rounded-sheet border border-line bg-card p-6 shadow-card lg:col-start-2 lg:row-span-2 lg:row-start-1"
    >
      <h2 id="way-in" className="text-xl">
        How to get in
      </h2>
      {access.for === 'members' ? (
        <p className="text-soft">
          This show is for members of <b className="text-text">{access.tier}</b>.
          {me ? ` ${me.name} isn’t one: ask the shop how to become one.` : ''}
        </p>
      ) : ticket && variant ? (
        <>
          <p className="text-soft">
            With a ticket: it is yours as soon as it is paid, for the show and its replay.
          </p>
          <Button
            look="strong"
            size="large"
            className="flex-col gap-0.5!"
            busy={purchase.taking !== null}
            onClick={() => buy()}
          >
            <span className="text-lg">
              Buy a ticket for {moneyText(allInPrice(variant.price, 1, state.shop).total)}
            </span>
            <span className="text-xs font-normal opacity-85">
              {ticket.title}
              {variant.title ? `, ${variant.title}` : ''}
            </span>
          </Button>
        </>
      ) : (
        <p className="text-soft">With a ticket. It isn’t sold at the moment.</p>
      )}
      {purchase.refused ? (
        <p role="alert" className="grid gap-2 text-sm">
          <span>
            <b>{purchase.refused.title}.</b> {purchase.refused.detail}
          </span>
          {purchase.refused.isAsked ? (
            <Button onClick={() => buy(true)}>Yes, I mean it</Button>
          ) : null}
        </p>
      ) : null}
      {me ? null : (
        <ButtonLink href={signIn} look="plain">
          {access.for === 'members' ? 'Sign in as a member' : 'I have one: sign in'}
        </ButtonLink>
      )}
    </section>
  );
}
