// The shop's front: what is live now, large; what comes; what can be watched again; my orders. An empty
// shop says what to do next, to its owner and to everyone else.

import { useEffect, useState } from 'react';
import type { PageState } from '../../protocol/first-paint.ts';
import { disclosureWords, posterOf } from '../../protocol/first-paint.ts';
import type { OrderView, ShowSummary } from '../../protocol/http.ts';
import { uprightMedia, uprightUrl } from '../../protocol/picture-url.ts';
import { orderWords } from '../buy/order-words.ts';
import { Badge, LiveBadge } from '../design/badge.tsx';
import { ButtonLink } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { durationText, shortMomentText, timeText } from '../design/clock.tsx';
import { EmptyState, Skeleton } from '../design/empty-state.tsx';
import { EyeIcon, PlayIcon } from '../design/icons.tsx';
import { moneyText } from '../design/money.tsx';
import { http } from '../live/http-client.ts';
import { isWithoutAccount, useMe } from '../watch/session.ts';
import { accessWords, kindWords } from '../watch/words.ts';
import { ShopFrame } from './shop-frame.tsx';

export default function HomePage({ state }: { state: PageState }) {
  const shows = useShows(state.shows ?? []);
  const live = shows.filter(({ phase }) => phase === 'live');
  const coming = shows
    .filter(({ phase }) => phase === 'planned')
    .sort((a, b) => a.startsAtMs - b.startsAtMs);
  const past = shows
    .filter(({ phase }) => phase === 'ended')
    .sort((a, b) => (b.endedAtMs ?? 0) - (a.endedAtMs ?? 0));
  const [first, ...others] = live;

  return (
    <ShopFrame state={state}>
      {shows.length === 0 ? <EmptyShop state={state} /> : null}
      {first ? <LiveNow show={first} /> : shows.length > 0 ? <Quiet next={coming[0]} /> : null}
      {others.length > 0 ? (
        <ul className="mt-4 grid gap-4 sm:grid-cols-2">
          {others.map((show) => (
            <li key={show.showId}>
              <PastCard show={show} />
            </li>
          ))}
        </ul>
      ) : null}
      {coming.length > 0 ? (
        <section aria-labelledby="coming" className="mt-14">
          <div className="mb-4 flex flex-wrap items-baseline justify-between gap-x-4">
            <h2 id="coming" className="text-2xl">
              Coming
            </h2>
            <ButtonLink href="/coming" look="plain">
              Search and follow
            </ButtonLink>
          </div>
          <ol className="grid border-t border-line">
            {coming.map((show) => (
              <ComingRow key={show.showId} show={show} />
            ))}
          </ol>
        </section>
      ) : null}
      {past.length > 0 ? (
        <section aria-labelledby="past" className="mt-14">
          <h2 id="past" className="mb-4 text-2xl">
            Watch again
          </h2>
          <ul className="grid gap-x-4 gap-y-8 sm:grid-cols-2 lg:grid-cols-3">
            {past.map((show) => (
              <li key={show.showId}>
                <PastCard show={show} />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <MyOrders />
    </ShopFrame>
  );
}

/** The list of the page's state, asked for anew while it is in sight: a show may begin. */
const useShows = (initial: readonly ShowSummary[]): readonly ShowSummary[] => {
  const [shows, setShows] = useState(initial);
  useEffect(() => {
    const ask = async () => {
      if (document.hidden) return;
      const answer = await http
        .get<{ shows: readonly ShowSummary[] }>('/api/shows')
        .catch(() => null);
      if (answer) setShows(answer.shows);
    };
    const timer = setInterval(ask, 20_000);
    document.addEventListener('visibilitychange', ask);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }, []);
  return shows;
};

function LiveNow({ show }: { show: ShowSummary }) {
  return (
    <a
      href={`/shows/${show.showId}`}
      data-theme="night"
      className="group relative isolate grid min-h-[min(72dvh,560px)] content-end overflow-hidden rounded-sheet bg-night text-white shadow-card"
    >
      <Poster show={show} className="absolute inset-0 -z-2 size-full" eager />
      <span
        aria-hidden="true"
        className="absolute inset-0 -z-1 bg-[linear-gradient(to_top,rgb(18_16_14/0.92),rgb(18_16_14/0.55)_45%,rgb(18_16_14/0.08)_80%)]"
      />
      <span className="grid gap-3 p-5 lg:p-10">
        <span className="flex flex-wrap items-center gap-2">
          <LiveBadge />
          <Badge look="veil">
            <EyeIcon className="size-3.5" /> {show.viewers.toLocaleString('en')}
            <span className="sr-only"> watching</span>
          </Badge>
          {show.isDemo ? <Badge look="veil">Demo</Badge> : null}
        </span>
        <h1 className="max-w-[18ch] text-4xl lg:text-5xl">{show.title}</h1>
        <span className="text-base text-white/95">
          {show.hostName} · {kindWords[show.showKind]} · {disclosureWords[show.disclosure]}
          <Access show={show} />
        </span>
        <span className="mt-2 inline-flex min-h-14 w-fit items-center gap-2 rounded-[18px] bg-paper px-6 font-semibold text-ink transition group-hover:bg-white">
          <PlayIcon className="size-5" /> Watch live
        </span>
      </span>
    </a>
  );
}

function Quiet({ next }: { next: ShowSummary | undefined }) {
  return (
    <section className="grid overflow-hidden rounded-sheet bg-sunken lg:grid-cols-2">
      {next?.coverUrl ? (
        <Poster show={next} className="aspect-video size-full lg:order-last" eager />
      ) : null}
      <div className="self-center px-6 py-10 lg:px-10 lg:py-14">
        <p className="label text-soft">Nothing is live right now</p>
        <h1 className="mt-2 max-w-[24ch] text-3xl lg:text-4xl">
          {next ? `${next.title} is next` : 'The next show isn’t planned yet'}
        </h1>
        {next ? (
          <>
            <p className="mt-2 text-soft">
              {shortMomentText(next.startsAtMs)} with {next.hostName}
            </p>
            <ButtonLink href={`/shows/${next.showId}`} look="strong" size="large" className="mt-6">
              See what is coming
            </ButtonLink>
          </>
        ) : null}
      </div>
    </section>
  );
}

function EmptyShop({ state }: { state: PageState }) {
  const me = useMe();
  const mayPlan = me?.role === 'owner' || me?.role === 'host';
  return (
    <section className="grid min-h-[60dvh] place-items-center rounded-sheet bg-sunken">
      {mayPlan ? (
        isWithoutAccount(me, state.shop) ? (
          <EmptyState
            title="You are in. Keep your way in first"
            action={
              <>
                <ButtonLink href="/sign-in?next=/office" look="strong" size="large">
                  Set address and password
                </ButtonLink>
                <ButtonLink href="/office" size="large" className="bg-card">
                  To the office
                </ButtonLink>
              </>
            }
          >
            The link that you came by works once. After this, bring in your products and plan the
            first show.
          </EmptyState>
        ) : (
          <EmptyState
            title="Your stage is empty"
            action={
              <>
                <ButtonLink href="/office/shows/new" look="strong" size="large">
                  Plan the first show
                </ButtonLink>
                <ButtonLink href="/office/import" size="large" className="bg-card">
                  Bring in your products
                </ButtonLink>
              </>
            }
          >
            Give it a title and a time, put some products on its shelf, and go live from your
            browser.
          </EmptyState>
        )
      ) : state.shop.needsSetup ? (
        <EmptyState
          title="This shop is new"
          action={<ButtonLink href="/sign-in">Sign in</ButtonLink>}
        >
          Shows will stand here, large. If it is yours: open the sign-in link that stands in the
          terminal where the shop was started.
        </EmptyState>
      ) : (
        <EmptyState title="The first show is still to come">
          Look in again soon: it will stand here, large.
        </EmptyState>
      )}
    </section>
  );
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric' });
const month = new Intl.DateTimeFormat('en-GB', { month: 'short' });
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long' });

function ComingRow({ show }: { show: ShowSummary }) {
  return (
    <li className="border-b border-line">
      <a
        href={`/shows/${show.showId}`}
        className="grid grid-cols-[64px_1fr_auto] items-center gap-4 rounded-control py-4 hover:bg-sunken lg:gap-6"
      >
        <span className="grid justify-items-center">
          <span className="figure text-2xl leading-none">{day.format(show.startsAtMs)}</span>
          <span className="label mt-1 text-soft">{month.format(show.startsAtMs)}</span>
        </span>
        <span className="min-w-0">
          <span className="block font-display text-lg leading-tight font-bold">{show.title}</span>
          <span className="text-sm text-soft">
            {weekday.format(show.startsAtMs)} {timeText(show.startsAtMs)} · {show.hostName} ·{' '}
            {kindWords[show.showKind]}
            <Access show={show} />
          </span>
        </span>
        {show.coverUrl ? (
          <Poster show={show} className="h-14 w-25 rounded-control max-sm:h-11 max-sm:w-18" />
        ) : (
          <span aria-hidden="true" className="pr-2 text-soft">
            →
          </span>
        )}
      </a>
    </li>
  );
}

/** Said before anybody goes there: it is not for everybody. */
function Access({ show }: { show: ShowSummary }) {
  const words = accessWords[show.access];
  return words ? <> · {words}</> : null;
}

function PastCard({ show }: { show: ShowSummary }) {
  const isLive = show.phase === 'live';
  const seconds = ((show.endedAtMs ?? 0) - (show.startedAtMs ?? 0)) / 1000;
  return (
    <a href={`/shows/${show.showId}`} className="group block rounded-card">
      <span className="relative block aspect-video overflow-hidden rounded-card bg-sunken">
        <Poster
          show={show}
          className="size-full transition duration-500 group-hover:scale-[1.03]"
        />
        <span className="absolute bottom-2.5 left-2.5">
          {isLive ? (
            <LiveBadge />
          ) : show.hasRecording ? (
            <Badge look="veil">
              <PlayIcon className="size-3" /> {durationText(seconds)}
            </Badge>
          ) : (
            <Badge look="veil">No recording</Badge>
          )}
        </span>
      </span>
      <span className="mt-3 block font-display text-lg leading-tight font-bold">{show.title}</span>
      <span className="text-sm text-soft">
        {show.hostName} · {shortMomentText(show.startedAtMs ?? show.startsAtMs)}
        <Access show={show} />
      </span>
    </a>
  );
}

/** A show's picture; without one, a quiet field of colour that differs from show to show. */
function Poster({
  show,
  className,
  eager = false,
}: {
  show: ShowSummary;
  className?: string;
  eager?: boolean;
}) {
  const [failed, setFailed] = useState(false);
  const poster = posterOf(show);
  if (poster && !failed) {
    // The large one fills the width of a phone, where the upright cut is all that is seen of it.
    const upright = eager ? uprightUrl(poster) : null;
    return (
      <picture>
        {upright ? <source media={uprightMedia} srcSet={upright} /> : null}
        <img
          src={poster}
          alt=""
          loading={eager ? 'eager' : 'lazy'}
          fetchPriority={eager ? 'high' : 'auto'}
          onError={() => setFailed(true)}
          className={classes('object-cover', className)}
        />
      </picture>
    );
  }
  const turn = [...show.showId].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 3;
  const field = [
    'bg-[radial-gradient(110%_90%_at_20%_10%,#74c7bd,transparent_60%),linear-gradient(#0d5f5a,#08302e)]',
    'bg-[radial-gradient(110%_90%_at_80%_15%,#f0b947,transparent_55%),linear-gradient(#b05a2a,#3a1a13)]',
    'bg-[radial-gradient(110%_90%_at_30%_20%,#e8cfa8,transparent_60%),linear-gradient(#8a6a48,#2b2119)]',
  ][turn];
  return <span aria-hidden="true" className={classes('block', field, className)} />;
}

function MyOrders() {
  const me = useMe();
  const [orders, setOrders] = useState<readonly OrderView[] | null>(null);
  useEffect(() => {
    if (!me) return;
    http
      .get<{ orders: readonly OrderView[] }>('/api/orders?mine=1')
      .then((answer) => setOrders(answer.orders))
      .catch(() => setOrders([]));
  }, [me]);
  if (!me || orders?.length === 0) return null;
  return (
    <section id="orders" aria-labelledby="orders-title" className="mt-14">
      <h2 id="orders-title" className="mb-4 text-2xl">
        My orders
      </h2>
      {orders === null ? <Skeleton className="h-16" /> : null}
      <ul className="grid border-t border-line">
        {orders?.map((order) => (
          <li key={order.orderId} className="border-b border-line">
            <a
              href={`/orders/${order.orderId}`}
              className="flex min-h-16 items-center justify-between gap-4 rounded-control py-3 hover:bg-sunken"
            >
              <span className="min-w-0">
                <span className="block truncate font-semibold">
                  {order.lines.map(({ title }) => title).join(', ')}
                </span>
                <span className="text-sm text-soft">
                  {order.number} · {shortMomentText(order.placedAtMs)}
                </span>
              </span>
              <span className="text-right">
                <span className="block font-semibold">{moneyText(order.totals.total)}</span>
                <span className="text-sm text-soft">{orderWords[order.phase].title}</span>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
