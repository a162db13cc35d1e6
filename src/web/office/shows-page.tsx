// The shows of the shop: what is on air, what comes, what was. While a shop has no show of its own, the
// page says what to do first instead.

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ShowSummary } from '../../protocol/http.ts';
import { pictureUrl } from '../../protocol/picture-url.ts';
import { mayDirect, useCrew } from '../crew/crew-gate.tsx';
import { LinkIcon } from '../crew/icons.tsx';
import { LoadFailure } from '../crew/problem-note.tsx';
import { productsQuery, showsQuery } from '../crew/shop-data.ts';
import { disclosureWord, kindWord } from '../crew/words.ts';
import { Badge, LiveBadge } from '../design/badge.tsx';
import { ButtonLink, IconButton } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { durationText, Elapsed, timeText } from '../design/clock.tsx';
import { EmptyState, Skeleton } from '../design/empty-state.tsx';
import { CheckIcon, EyeIcon, PlusIcon } from '../design/icons.tsx';
import { toast } from '../design/toast.tsx';
import { ActionLink } from './action-link.tsx';
import { PageHead } from './page-head.tsx';

export function ShowsPage() {
  const person = useCrew();
  const direct = mayDirect(person);
  const shows = useQuery({ ...showsQuery, refetchInterval: 15_000 });
  const list = shows.data ?? [];
  const live = list.filter(({ phase }) => phase === 'live');
  const coming = list
    .filter(({ phase }) => phase === 'planned')
    .sort((a, b) => a.startsAtMs - b.startsAtMs);
  const past = list
    .filter(({ phase }) => phase === 'ended' || phase === 'cancelled')
    .sort((a, b) => (b.endedAtMs ?? b.startsAtMs) - (a.endedAtMs ?? a.startsAtMs));
  const own = list.filter(({ isDemo }) => !isDemo);

  return (
    <>
      <PageHead
        title="Shows"
        note="Plan the story, go live from the studio, sell on in the replay."
        actions={
          direct ? (
            <ActionLink to="/office/shows/new" look="strong" size="large">
              <PlusIcon /> Plan a show
            </ActionLink>
          ) : null
        }
      />
      {shows.isError && !shows.data ? (
        <LoadFailure error={shows.error} onRetry={() => void shows.refetch()} />
      ) : !shows.data ? (
        <div className="grid gap-3" aria-busy="true">
          <Skeleton className="h-40 rounded-card" />
          <Skeleton className="h-24 rounded-card" />
          <Skeleton className="h-24 rounded-card" />
        </div>
      ) : (
        <div className="grid gap-10">
          {direct && own.length === 0 ? <FirstSteps next={coming[0]} /> : null}
          {live.length > 0 ? (
            <Section title="On air">
              {live.map((show) => (
                <LiveShow key={show.showId} show={show} />
              ))}
            </Section>
          ) : null}
          {coming.length > 0 || own.length > 0 ? (
            <Section title="Coming up">
              {coming.length === 0 ? (
                <p className="rounded-card border border-dashed border-line px-6 py-8 text-center text-sm text-soft">
                  Nothing is planned. Regular evenings are what people come back for.
                </p>
              ) : (
                coming.map((show) => <ComingShow key={show.showId} show={show} direct={direct} />)
              )}
            </Section>
          ) : null}
          {past.length > 0 ? (
            <Section title="Past">
              <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-card">
                {past.map((show) => (
                  <PastShow key={show.showId} show={show} />
                ))}
              </ul>
            </Section>
          ) : null}
          {list.length === 0 && !direct ? (
            <EmptyState title="No shows yet">
              As soon as a host plans one, it stands here.
            </EmptyState>
          ) : null}
        </div>
      )}
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid gap-3">
      <h2 className="label font-sans text-soft">{title}</h2>
      {children}
    </section>
  );
}

/** Products, a plan, live: each step says whether it is done, and leads there. */
function FirstSteps({ next }: { next: ShowSummary | undefined }) {
  const products = useInfiniteQuery(productsQuery({ q: '', status: null }));
  const total = products.data?.pages[0]?.total ?? 0;
  const steps = [
    {
      title: 'Bring your products',
      text:
        total > 0
          ? `${total} in the catalogue.`
          : 'Drop a Shopify export, or write the first one by hand.',
      done: total > 0,
      action: (
        <>
          <ActionLink to="/office/import" look="strong">
            Import a CSV
          </ActionLink>
          <ActionLink to="/office/catalogue/new" className="bg-card">
            Add one by hand
          </ActionLink>
        </>
      ),
    },
    {
      title: 'Plan a show',
      text: 'A title, an evening, and a run of show that is there already.',
      done: next !== undefined,
      action: (
        <ActionLink to="/office/shows/new" look="strong">
          Plan a show
        </ActionLink>
      ),
    },
    {
      title: 'Go live',
      text: 'From this browser: camera, microphone, one button.',
      done: false,
      action: next ? (
        <ButtonLink look="strong" href={`/studio/${encodeURIComponent(next.showId)}`}>
          Open the studio
        </ButtonLink>
      ) : null,
    },
  ];
  const current = steps.findIndex(({ done }) => !done);
  return (
    <section
      aria-labelledby="first-steps"
      className="overflow-hidden rounded-sheet border border-line bg-card shadow-card"
    >
      <h2 id="first-steps" className="px-7 pt-7 text-2xl max-sm:px-5">
        Three steps to the first evening
      </h2>
      <ol className="grid gap-0 p-3 pt-5 lg:grid-cols-3">
        {steps.map((step, index) => (
          <li
            key={step.title}
            aria-current={index === current ? 'step' : undefined}
            className={classes(
              'flex flex-col gap-2 rounded-card p-4',
              index === current && 'bg-sunken',
            )}
          >
            <span
              className={classes(
                'figure grid size-10 place-items-center rounded-full text-lg',
                step.done
                  ? 'bg-accent text-on-accent'
                  : index === current
                    ? 'bg-strong text-on-strong'
                    : 'bg-sunken text-soft',
              )}
            >
              {step.done ? <CheckIcon /> : index + 1}
            </span>
            <h3 className="mt-1 text-lg">
              {step.title}
              {step.done ? <span className="sr-only"> (done)</span> : null}
            </h3>
            <p className="text-sm text-soft">{step.text}</p>
            {index === current && step.action ? (
              <div className="mt-auto flex flex-wrap gap-2 pt-3">{step.action}</div>
            ) : null}
          </li>
        ))}
      </ol>
    </section>
  );
}

const studioOf = ({ showId }: ShowSummary) => `/studio/${encodeURIComponent(showId)}`;
const pageOf = ({ showId }: ShowSummary) => `/shows/${encodeURIComponent(showId)}`;

function CopyLink({ show }: { show: ShowSummary }) {
  const copy = async () => {
    const address = new URL(pageOf(show), location.href).href;
    try {
      await navigator.clipboard.writeText(address);
      toast('Link copied', { look: 'good' });
    } catch {
      // Without the right to the clipboard the address is shown to be copied by hand.
      toast(address);
    }
  };
  return (
    <IconButton label={`Copy the link to ${show.title}`} onClick={() => void copy()}>
      <LinkIcon />
    </IconButton>
  );
}

function LiveShow({ show }: { show: ShowSummary }) {
  return (
    <article
      data-theme="night"
      className="relative grid overflow-hidden rounded-sheet bg-ground bg-[radial-gradient(90%_160%_at_100%_0%,#0d5f5a_0%,#15302c_38%,#12100e_72%)] text-text shadow-card sm:grid-cols-[minmax(0,1fr)_auto]"
    >
      <div className="grid content-between gap-8 p-7 max-sm:p-5">
        <div className="grid justify-items-start gap-3">
          <div className="flex flex-wrap gap-2">
            <LiveBadge>
              {show.startedAtMs ? <Elapsed sinceMs={show.startedAtMs} /> : null}
            </LiveBadge>
            {show.isDemo ? <Badge look="ritual">Demo</Badge> : null}
          </div>
          <h3 className="text-3xl max-sm:text-2xl">{show.title}</h3>
          <p className="text-sm text-soft">
            {kindWord(show.showKind)} · {show.hostName} · {disclosureWord(show.disclosure)}
          </p>
        </div>
        <div className="flex flex-wrap items-center gap-2">
          <ButtonLink look="strong" size="large" href={studioOf(show)}>
            Open the studio
          </ButtonLink>
          <ButtonLink size="large" href={pageOf(show)}>
            Watch it
          </ButtonLink>
          <CopyLink show={show} />
          <span className="ml-2 flex items-center gap-1.5 text-sm text-soft">
            <EyeIcon className="size-4" /> {show.viewers} watching
          </span>
        </div>
      </div>
      {show.posterUrl ? (
        <img
          src={pictureUrl(show.posterUrl, 800)}
          alt=""
          className="h-full min-h-48 w-[340px] object-cover max-md:hidden"
        />
      ) : null}
    </article>
  );
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric' });
const month = new Intl.DateTimeFormat('en-GB', { month: 'short' });
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long' });

function ComingShow({ show, direct }: { show: ShowSummary; direct: boolean }) {
  const late = show.startsAtMs < Date.now();
  return (
    <article className="flex flex-wrap items-center gap-x-6 gap-y-4 rounded-card border border-line bg-card p-5 max-sm:p-4">
      <div className="grid w-16 shrink-0 justify-items-center border-r border-line pr-5">
        <span className="figure text-3xl leading-none">{day.format(show.startsAtMs)}</span>
        <span className="label mt-1 text-soft">{month.format(show.startsAtMs)}</span>
      </div>
      <div className="min-w-0 flex-1 basis-56">
        <h3 className="truncate text-xl">{show.title}</h3>
        <p className="mt-0.5 text-sm text-soft">
          {late ? <b className="font-semibold text-urgent">was due </b> : null}
          {weekday.format(show.startsAtMs)}, {timeText(show.startsAtMs)} · {kindWord(show.showKind)}{' '}
          · {show.hostName}
        </p>
      </div>
      <div className="flex items-center gap-2 max-sm:w-full">
        <CopyLink show={show} />
        {direct ? (
          <ActionLink
            to="/office/shows/$show"
            params={{ show: show.showId }}
            className="max-sm:flex-1"
          >
            Edit
          </ActionLink>
        ) : null}
        <ButtonLink look="strong" href={studioOf(show)} className="max-sm:flex-1">
          Studio
        </ButtonLink>
      </div>
    </article>
  );
}

function PastShow({ show }: { show: ShowSummary }) {
  const ranMs =
    show.startedAtMs !== null && show.endedAtMs !== null ? show.endedAtMs - show.startedAtMs : null;
  const at = show.startedAtMs ?? show.startsAtMs;
  return (
    <li className="flex flex-wrap items-center gap-x-5 gap-y-2 px-5 py-3.5">
      {show.posterUrl ? (
        <img
          src={pictureUrl(show.posterUrl, 320)}
          alt=""
          loading="lazy"
          className="h-12 w-20 shrink-0 rounded-xl object-cover"
        />
      ) : (
        <span
          aria-hidden="true"
          className="h-12 w-20 shrink-0 rounded-xl bg-[linear-gradient(140deg,#e7dfd2,#f3ecdf)]"
        />
      )}
      <div className="min-w-0 flex-1 basis-48">
        <h3 className="truncate text-base">{show.title}</h3>
        <p className="text-sm text-soft">
          {weekday.format(at)} {day.format(at)} {month.format(at)}
          {ranMs === null ? '' : ` · ${durationText(ranMs / 1_000)}`}
          {show.isDemo ? ' · demo' : ''}
        </p>
      </div>
      {show.phase === 'cancelled' ? (
        <Badge>Cancelled</Badge>
      ) : (
        <>
          {show.hasRecording ? null : <Badge look="outline">No recording</Badge>}
          <CopyLink show={show} />
          <ButtonLink href={pageOf(show)}>Replay</ButtonLink>
        </>
      )}
    </li>
  );
}
