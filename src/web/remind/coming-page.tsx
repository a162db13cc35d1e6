// What comes: shows by day in the reader's own time, and a search of what they will sell. The search is a
// request to the server; the list that came with the page stands until it answers.

import { useEffect, useState } from 'react';
import type { PageState } from '../../protocol/first-paint.ts';
import type { CalendarShow, Coming, FoundItem } from '../../protocol/remind.ts';
import { Badge, LiveBadge } from '../design/badge.tsx';
import { Button, ButtonLink } from '../design/button.tsx';
import { timeText } from '../design/clock.tsx';
import { EmptyState, Failure } from '../design/empty-state.tsx';
import { Field } from '../design/field.tsx';
import { moneyText } from '../design/money.tsx';
import { ShopFrame } from '../home/shop-frame.tsx';
import { http, problemFrom, type WebProblem } from '../live/http-client.ts';
import { ProductPicture } from '../watch/product-picture.tsx';
import { accessWords, kindWords } from '../watch/words.ts';
import { WishButton } from './remind-buttons.tsx';

type ComingShow = Coming['shows'][number];

const dayText = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
});
const zoneText = (): string =>
  Intl.DateTimeFormat().resolvedOptions().timeZone.split('/').at(-1)?.replaceAll('_', ' ') ?? '';

/** How long after the last letter a search is sent. */
const settleMs = 250;

export default function ComingPage({ state }: { state: PageState }) {
  const [q, setQ] = useState(() => new URLSearchParams(location.search).get('q') ?? '');
  const [found, setFound] = useState<{
    readonly q: string;
    readonly shows: Coming['shows'];
  } | null>(state.coming ? { q: '', shows: state.coming.shows } : null);
  const [problem, setProblem] = useState<WebProblem | null>(null);
  const [tries, setTries] = useState(0);
  const wanted = q.trim();

  // biome-ignore lint/correctness/useExhaustiveDependencies: another try is another request.
  useEffect(() => {
    if (found?.q === wanted && problem === null) return;
    const ended = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const query = new URLSearchParams(wanted ? { q: wanted } : {});
        const { shows } = await http.get<Coming>(`/api/coming?${query}`, { signal: ended.signal });
        setFound({ q: wanted, shows });
        setProblem(null);
        history.replaceState(null, '', wanted ? `?${query}` : location.pathname);
      } catch (error) {
        if (!ended.signal.aborted) setProblem(problemFrom(error));
      }
    }, settleMs);
    return () => {
      clearTimeout(timer);
      ended.abort();
    };
  }, [wanted, tries]);

  const shows = found?.shows ?? [];
  const isSearch = (found?.q ?? '') !== '';
  const items = shows.reduce((sum, show) => sum + show.items.length, 0);
  return (
    <ShopFrame state={state}>
      <div className="mt-4 flex flex-wrap items-end justify-between gap-4">
        <div>
          <h1 className="text-3xl">What comes</h1>
          <p className="mt-2 max-w-[52ch] text-soft">
            All times are yours ({zoneText()}). Look for a thing, and see in which show it will be.
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <WishButton
            subject="shop"
            title={state.shop.name}
            words={['Follow the shop', 'Following the shop']}
            calendarHref="/api/calendar.ics"
            look="strong"
            size="medium"
          />
          <ButtonLink href={`webcal://${location.host}/api/calendar.ics`}>
            Subscribe in my calendar
          </ButtonLink>
        </div>
      </div>
      <search>
        <form className="mt-6" onSubmit={(event) => event.preventDefault()}>
          <Field
            label="Search what coming shows sell"
            type="search"
            placeholder="signet ring"
            maxLength={80}
            value={q}
            onChange={(event) => setQ(event.target.value)}
          />
        </form>
      </search>
      <p role="status" className="mt-3 min-h-5 text-sm text-soft">
        {isSearch
          ? `${items} ${items === 1 ? 'thing' : 'things'} in ${shows.length} coming ${shows.length === 1 ? 'show' : 'shows'}`
          : null}
      </p>
      {problem ? (
        <Failure
          title={problem.title}
          detail={problem.detail}
          onRetry={() => setTries((before) => before + 1)}
        />
      ) : shows.length === 0 && found ? (
        isSearch ? (
          <EmptyState
            title="No coming show has that"
            action={<Button onClick={() => setQ('')}>Show all that comes</Button>}
          >
            Follow the shop, and you hear of new shows as they are announced.
          </EmptyState>
        ) : (
          <EmptyState title="Nothing is planned yet">
            Follow the shop, and you hear of the next show as it is announced.
          </EmptyState>
        )
      ) : (
        <Days shows={shows} />
      )}
    </ShopFrame>
  );
}

function Days({ shows }: { shows: readonly ComingShow[] }) {
  const days = Map.groupBy(shows, ({ startsAtMs }) => dayText.format(startsAtMs));
  return (
    <div className="mt-4 grid gap-10">
      {[...days].map(([day, those]) => (
        <section key={day} aria-label={day}>
          <h2 className="label mb-2 font-sans text-soft">{day}</h2>
          <ol className="grid border-t border-line">
            {those.map((show) => (
              <li key={show.showId} className="border-b border-line py-4">
                <ShowRow show={show} />
              </li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

function ShowRow({ show }: { show: ComingShow }) {
  return (
    <article className="grid gap-3 sm:grid-cols-[72px_minmax(0,1fr)_auto] sm:gap-5">
      <time
        className="figure text-2xl leading-tight"
        dateTime={new Date(show.startsAtMs).toISOString()}
      >
        {timeText(show.startsAtMs)}
      </time>
      <div className="min-w-0">
        {show.coverUrl ? (
          <ProductPicture
            src={show.coverUrl}
            width={800}
            className="mb-3 aspect-video w-full max-w-sm rounded-card"
          />
        ) : null}
        <h3 className="text-xl">
          <a href={`/shows/${show.showId}`} className="rounded-control hover:underline">
            {show.title}
          </a>
        </h3>
        <p className="mt-0.5 text-sm text-soft">
          {show.hostName} · {kindWords[show.showKind] ?? show.showKind} · {show.minutes} min
          {accessWords[show.access] ? ` · ${accessWords[show.access]}` : ''}
          {show.repeats ? ' · comes again' : ''}
        </p>
        {show.teaser ? <p className="mt-1 max-w-[62ch] text-sm">{show.teaser}</p> : null}
        <Badges show={show} />
        {show.items.length > 0 ? <Found items={show.items} /> : null}
      </div>
      <div>
        <WishButton
          subject={`show:${show.showId}`}
          title={show.title}
          words={['Remind me', 'Reminder set']}
          calendarHref={`/api/shows/${show.showId}/calendar.ics`}
          size="medium"
        />
      </div>
    </article>
  );
}

function Badges({ show }: { show: CalendarShow }) {
  if (show.phase !== 'live' && !show.isDemo) return null;
  return (
    <p className="mt-2 flex gap-2">
      {show.phase === 'live' ? <LiveBadge /> : null}
      {show.isDemo ? <Badge look="ritual">Demo</Badge> : null}
    </p>
  );
}

function Found({ items }: { items: readonly FoundItem[] }) {
  return (
    <ul className="mt-3 grid gap-2 sm:grid-cols-2">
      {items.map((item) => (
        <li key={item.productId} className="flex items-center gap-3 text-sm">
          <ProductPicture src={item.imageUrl} className="size-12 shrink-0 rounded-control" />
          <span className="min-w-0">
            <span className="block font-semibold">{item.title}</span>
            {item.price ? <span className="text-soft">{moneyText(item.price)}</span> : null}
          </span>
        </li>
      ))}
    </ul>
  );
}
