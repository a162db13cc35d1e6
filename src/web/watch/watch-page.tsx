// The page of one show in all its phases: before, live, after. Here the live client and my holds are made
// once, and the sheets that any part may ask for are opened; what is seen is in the phases' own files.

import { lazy, Suspense, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { closeCodes } from '../../protocol/close-codes.ts';
import { type PageState, standInUrl } from '../../protocol/first-paint.ts';
import type { ShowDetail } from '../../protocol/http.ts';
import type { MyHold } from '../../protocol/socket.ts';
import { createMyParcel } from '../buy/my-parcel.ts';
import { Toaster } from '../design/toast.tsx';
import { createLiveClient } from '../live/socket-client.ts';
import { useLive } from '../live/use-live.ts';
import { type Taker, takerOf, unheld } from './first-paid.ts';
import { LiveShow } from './live-show.tsx';
import { createMyHolds } from './my-holds.ts';
import { setMe, useMe } from './session.ts';
import { type WatchContext, Watching, type WayIn } from './watch-context.ts';

// Those who listen hear from it what happens after the first paint: it needn't come before.
const Announcer = lazy(() => import('./announcer.tsx'));
const Before = lazy(() => import('./before.tsx'));
const Cancelled = lazy(() => import('./cancelled.tsx'));
const Ended = lazy(() => import('./ended.tsx'));
const WayInDialog = lazy(() => import('./way-in.tsx'));
const Checkout = lazy(() => import('../buy/checkout.tsx'));

export function WatchPage({ state, detail }: { state: PageState; detail: ShowDetail }) {
  const { showId } = detail.show;
  const [standIn] = useState(() => standInUrl(detail));
  const [client] = useState(() => createLiveClient({ showId, room: detail.room, you: state.me }));
  const [holds] = useState(() => createMyHolds(client, showId));
  const [parcel] = useState(() => createMyParcel(showId));
  const [asked, setAsked] = useState<{ way: WayIn } | null>(null);
  const afterwards = useRef<(() => void) | undefined>(undefined);
  const [paying, setPaying] = useState<MyHold | null>(null);
  const [taker, setTaker] = useState<Taker | null>(null);
  const [said, setSaid] = useState('');
  const mine = useSyncExternalStore(holds.subscribe, holds.mine);
  // As it stands now: a try that was declined gives the hold another deadline.
  const held = paying && (mine.holds.find(({ holdId }) => holdId === paying.holdId) ?? paying);
  const me = useMe();
  const phase = useLive(client, (live) => live.room?.phase ?? 'planned');

  useEffect(() => () => client.close(), [client]);
  useEffect(
    () =>
      client.subscribe(() => {
        const { you, connection } = client.state();
        if (connection === 'open' && you !== undefined) setMe(you);
      }),
    [client],
  );
  // Outside again: the page says how to get in.
  const isOutside = useLive(client, (live) => live.closeCode === closeCodes.entryNeeded);
  useEffect(() => {
    if (isOutside) location.reload();
  }, [isOutside]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks anew when somebody else is signed in.
  useEffect(() => {
    parcel.forget();
    if (!me) return;
    void holds.refresh();
    void parcel.refresh();
  }, [holds, parcel, me?.personId]);

  const context = useMemo<WatchContext>(
    () => ({
      showId,
      shop: state.shop,
      client,
      holds,
      parcel,
      askIn(way = 'guest', then) {
        afterwards.current = then;
        setAsked({ way });
      },
      checkout(hold) {
        setTaker(null);
        setPaying(hold);
      },
      payNow(units) {
        setTaker(takerOf(showId, units));
        setPaying(unheld(showId, units));
      },
      announce: setSaid,
    }),
    [client, holds, parcel, showId, state.shop],
  );

  return (
    <Watching value={context}>
      <Suspense fallback={null}>
        <Announcer client={client} extra={said} />
      </Suspense>
      <Toaster />
      {phase === 'live' ? (
        <LiveShow standIn={standIn} />
      ) : (
        <Suspense fallback={null}>
          {phase === 'planned' ? (
            <Before standIn={standIn} materials={detail.entry.materials} />
          ) : null}
          {phase === 'ended' ? <Ended /> : null}
          {phase === 'cancelled' ? <Cancelled title={detail.room.plan.title} /> : null}
        </Suspense>
      )}
      <Suspense fallback={null}>
        {asked ? (
          <WayInDialog
            start={asked.way}
            onClose={() => setAsked(null)}
            onIn={() => {
              setAsked(null);
              // The socket learns who this is; what is wished meanwhile waits for its welcome.
              client.reconnect();
              afterwards.current?.();
            }}
          />
        ) : null}
        {held ? (
          <Checkout
            key={held.holdId}
            hold={held}
            taker={taker}
            shop={state.shop}
            parcel={parcel}
            offsetMs={client.state().clockOffsetMs}
            imageUrl={
              client.state().room?.shelf.find(({ productId }) => productId === held.productId)
                ?.imageUrl ?? null
            }
            onClose={() => setPaying(null)}
            onPaid={(order) => {
              holds.paid(held, order.orderId);
              void parcel.refresh();
            }}
          />
        ) : null}
      </Suspense>
    </Watching>
  );
}
