// Who this is, what their stake in the goods is, that it is live and how many watch; below it what runs
// now and what comes. Stands over the picture on a phone and above it on a desk.

import { lazy, Suspense } from 'react';
import { disclosureLine, initialOf } from '../../protocol/first-paint.ts';
import { Badge, LiveBadge } from '../design/badge.tsx';
import { Button } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { EyeIcon } from '../design/icons.tsx';
import { useLive } from '../live/use-live.ts';
import { CartChip, nextToPay } from './cart-chip.tsx';
import { signOut, useMe } from './session.ts';
import { useMine, usePage } from './watch-context.ts';

const NowNext = lazy(() => import('./now-next.tsx'));

/** The upper edge of the watch page in every phase of a show. */
export function TopBar({ replay = false }: { replay?: boolean }) {
  const { client } = usePage();
  const plan = useLive(client, (state) => state.room?.plan);
  const phase = useLive(client, (state) => state.room?.phase);
  const { holds } = useMine();
  if (!plan) return null;
  const toPay = nextToPay(holds);
  const count = holds.filter(({ paying }) => !paying).length;
  const isLive = phase === 'live' && !replay;
  return (
    <header className="watch-top">
      <div className="watch-who">
        <a
          href="/"
          aria-label={`${plan.shopName}: all shows`}
          className="grid size-11 shrink-0 place-items-center rounded-full border-2 border-white bg-sand font-bold text-ink"
        >
          {initialOf(plan.hostName)}
        </a>
        <div className="min-w-0">
          <p className="truncate text-base leading-tight font-semibold">{plan.hostName}</p>
          <p className="line-clamp-2 text-xs leading-tight text-white/90 lg:text-soft">
            {disclosureLine(plan)}
          </p>
        </div>
      </div>
      <div className="watch-badges">
        {plan.isDemo ? (
          <Badge look="veil" className="max-sm:hidden lg:bg-sunken">
            Demo shop
          </Badge>
        ) : null}
        {isLive ? (
          <LiveBadge />
        ) : replay ? (
          <Badge look="veil" className="lg:bg-sunken">
            Replay
          </Badge>
        ) : null}
        {isLive ? <Viewers className={toPay ? 'max-sm:hidden' : undefined} /> : null}
        {toPay ? <CartChip hold={toPay} count={count} /> : null}
        <PersonMenu />
      </div>
      <div className="watch-now">
        <h1 className="sr-only lg:not-sr-only lg:mr-2 lg:truncate lg:text-xl">{plan.title}</h1>
        {isLive ? (
          <Suspense>
            <NowNext title={plan.title} />
          </Suspense>
        ) : null}
      </div>
    </header>
  );
}

function Viewers({ className }: { className: string | undefined }) {
  const { client } = usePage();
  const viewers = useLive(client, (state) => state.room?.viewers ?? 0);
  const text = viewers.toLocaleString('en');
  return (
    <Badge
      look="veil"
      className={classes('min-w-14 justify-center lg:bg-sunken lg:text-text', className)}
    >
      <EyeIcon className="size-3.5" />
      <span aria-hidden="true">{text}</span>
      <span className="sr-only">{text} watching</span>
    </Badge>
  );
}

function PersonMenu() {
  const { askIn } = usePage();
  const me = useMe();
  if (!me) {
    return (
      <Button size="small" look="quiet" className="max-lg:hidden" onClick={() => askIn()}>
        Sign in
      </Button>
    );
  }
  return (
    <details className="relative max-lg:hidden">
      <summary className="reach flex h-8 list-none items-center rounded-chip bg-sunken px-3 text-xs font-semibold">
        {me.name}
      </summary>
      <div className="absolute right-0 z-20 mt-2 grid min-w-44 gap-1 rounded-control border border-line bg-card p-2 text-sm shadow-sheet">
        <a
          className="grid min-h-11 items-center rounded-control px-3 hover:bg-sunken"
          href="/#orders"
        >
          My orders
        </a>
        {me.role === 'shopper' ? null : (
          <a
            className="grid min-h-11 items-center rounded-control px-3 hover:bg-sunken"
            href="/office"
          >
            Office
          </a>
        )}
        {me.guest ? (
          <button
            type="button"
            className="min-h-11 rounded-control px-3 text-left hover:bg-sunken"
            onClick={() => askIn('account')}
          >
            Keep my account
          </button>
        ) : null}
        <button
          type="button"
          className="min-h-11 rounded-control px-3 text-left hover:bg-sunken"
          onClick={() => signOut().then(() => location.reload())}
        >
          Sign out
        </button>
      </div>
    </details>
  );
}
