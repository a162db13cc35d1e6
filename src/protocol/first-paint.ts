// What the server writes into the crowd's page before any script runs: a first picture of it, from the
// same state that the script starts from. A pure function to plain HTML whose classes are those of the
// React components that take over, so that nothing moves when they do. Every word that a person wrote is
// escaped here; the head and its social preview are the server's own business (api/pages.ts).

import { formatMoney, type Money } from '../base/money.ts';
import type { ShopInfo, ShowDetail, ShowSummary } from './http.ts';
import { pictureUrl, uprightMedia, uprightUrl } from './picture-url.ts';
import type { Coming } from './remind.ts';
import type { Room } from './room.ts';
import type { You } from './socket.ts';

/** What a page of the crowd starts from; stands in the page as JSON under the id `state`. */
export type PageState = {
  readonly shop: ShopInfo;
  readonly me: You | null;
  readonly page:
    | 'home'
    | 'watch'
    | 'draw'
    | 'order'
    | 'product'
    | 'receipts'
    | 'stage'
    | 'limits'
    | 'coming'
    | 'reminders'
    | 'account'
    | 'sign-in'
    | 'not-found';
  /** For `home`: live, coming and past shows. */
  readonly shows?: readonly ShowSummary[];
  /** For `watch`, in every phase of the show. */
  readonly detail?: ShowDetail;
  /** For `watch` before the show: what its announcement says besides the plan. */
  readonly notice?: { readonly teaser: string; readonly timeZone: string };
  /** For `coming`: what comes. */
  readonly coming?: Coming;
  /** For `draw`: which drop is proven, and of which show. */
  readonly draw?: DrawState;
};

export type DrawState = {
  readonly show: { readonly showId: string; readonly title: string; readonly hasEnded: boolean };
  readonly drop: { readonly dropId: string; readonly title: string; readonly isGiveaway: boolean };
};

/** What the disclosure of a show says to the crowd. */
export const disclosureWords: Readonly<Record<string, string>> = {
  'own-brand': 'Own brand',
  'paid-partnership': 'Paid partnership',
  affiliate: 'Earns from sales',
  gift: 'Products were gifts',
  none: 'No stake in the products',
};

/** "Own brand · Laguna Ceramics": who earns from what is shown, and whose shop it is. */
export const disclosureLine = (plan: Room['plan']): string =>
  `${disclosureWords[plan.disclosure] ?? plan.disclosure} · ${plan.shopName}`;

/** The first picture of the page, without scripts: who, what, and what it costs. */
export const firstPaint = (state: PageState): string => {
  if (state.page === 'watch' && state.detail)
    return state.detail.entry.mayEnter ? firstWatch(state.detail) : firstGate(state.detail);
  if (state.page === 'home') return firstHome(state);
  if (state.page === 'draw' && state.draw) return firstDraw(state.draw);
  return `<div class="grid min-h-dvh place-items-center"><p class="text-sm text-soft">${escapeHtml(state.shop.name)}</p></div>`;
};

/** What stands in the picture's place until it plays: the camera's poster, else what is shown or stands first. */
export const standInUrl = ({ room, show }: Pick<ShowDetail, 'room' | 'show'>): string | null =>
  posterOf(show) ?? productPicture(room);

/** What stands for a show, no larger than a page shows it. */
export const posterOf = ({ posterUrl }: Pick<ShowSummary, 'posterUrl'>): string | null =>
  posterUrl && pictureUrl(posterUrl, 800);

const productPicture = (room: Room): string | null => {
  const url = shownItem(room)?.imageUrl ?? room.shelf[0]?.imageUrl ?? null;
  return url && pictureUrl(url, 800);
};

/**
 * Tags for the head of a page with a picture, a show's or the home page while a show is live: the picture is asked
 * for before anything else, since it is what one came for and everything else waits in its queue. Empty for pages
 * without one.
 */
export const firstPicturePreload = (state: PageState): string => {
  const { detail } = state;
  const live = liveOf(state);
  const url = state.page === 'home' ? live && posterOf(live) : detail && standInUrl(detail);
  if (!url) return '';
  const upright = uprightUrl(url);
  if (!upright) return pictureTag(url);
  return `${pictureTag(upright, uprightMedia)}\n    ${pictureTag(url, `not all and ${uprightMedia}`)}`;
};

const pictureTag = (url: string, media?: string): string =>
  `<link rel="preload" as="image" fetchpriority="high"${media ? ` media="${media}"` : ''} href="${escapeHtml(url)}">`;

const firstPicture = (
  url: string,
  look = `absolute inset-0 size-full ${standInFit(url)}`,
): string => {
  const upright = uprightUrl(url);
  const source = upright
    ? `<source media="${uprightMedia}" srcset="${escapeHtml(upright)}" />`
    : '';
  return `<picture>${source}<img src="${escapeHtml(url)}" alt="" fetchpriority="high" class="${look}" /></picture>`;
};

/** How a stand-in fills its place: a camera's as its picture will, which on a desk is seen whole when it is upright. */
export const standInFit = (url: string): string =>
  uprightUrl(url) ? 'object-cover lg:object-contain' : 'object-cover';

const firstWatch = ({ room, show }: ShowDetail): string => {
  const { plan } = room;
  const standIn = standInUrl({ room, show });
  const picture = standIn ? firstPicture(standIn) : '';
  const segment = room.segments.find(({ segmentId }) => segmentId === room.segmentId)?.title;
  const state =
    room.phase === 'live'
      ? '<span class="inline-flex items-center gap-1.5 rounded-chip bg-vermilion-deep px-2.5 py-1 text-xs font-semibold leading-tight tracking-wide text-white"><span class="size-2 rounded-full bg-white"></span>LIVE</span>'
      : '';
  return `<div class="watch" data-theme="night" data-phase="${room.phase}">
  <div class="watch-picture">${picture}</div>
  <header class="watch-top">
    <div class="watch-who">
      <span class="grid size-11 shrink-0 place-items-center rounded-full border-2 border-white bg-sand font-bold text-ink" aria-hidden="true">${escapeHtml(initialOf(plan.hostName))}</span>
      <div class="min-w-0">
        <p class="truncate text-base leading-tight font-semibold">${escapeHtml(plan.hostName)}</p>
        <p class="line-clamp-2 text-xs leading-tight text-white/90 lg:text-soft">${escapeHtml(disclosureLine(plan))}</p>
      </div>
    </div>
    <div class="watch-badges">${state}</div>
    <div class="watch-now">
      <h1 class="sr-only lg:not-sr-only lg:mr-2 lg:truncate lg:text-xl">${escapeHtml(plan.title)}</h1>
      ${state ? `<span class="veil inline-flex max-w-[min(54vw,420px)] rounded-chip px-2.5 py-1 text-xs leading-tight font-semibold whitespace-nowrap lg:bg-sunken"><span class="truncate">${escapeHtml(segment ?? plan.title)}</span></span>` : ''}
    </div>
  </header>
  ${firstDeal(room)}
</div>`;
};

/** A show from outside: what it is, and when; how to get in comes with the script. */
const firstGate = ({ room }: ShowDetail): string =>
  `<div class="mx-auto grid min-h-dvh w-full max-w-6xl content-start gap-3 px-4 pt-24"><h1 class="text-4xl text-balance">${escapeHtml(room.plan.title)}</h1><p class="text-soft">with ${escapeHtml(room.plan.hostName)}</p></div>`;

const firstDeal = (room: Room): string => {
  const item = shownItem(room);
  if (!item) return '';
  const image = item.imageUrl
    ? `<img src="${escapeHtml(pictureUrl(item.imageUrl, 320))}" alt="" width="60" height="60" class="size-15 rounded-control object-cover" />`
    : '<span class="size-15 rounded-control bg-accent-mist"></span>';
  return `<section class="watch-deals lg:grid lg:grid-cols-[minmax(380px,440px)_minmax(0,1fr)] lg:items-stretch lg:gap-4"><div data-theme="day" class="deal-card"><div class="flex items-start gap-3">${image}
    <div class="min-w-0 flex-1"><h2 class="font-sans text-base font-semibold tracking-normal">${escapeHtml(item.title)}</h2></div>
    ${item.price ? `<p class="figure text-2xl">${escapeHtml(priceText(item.price))}</p>` : ''}
  </div><div aria-hidden="true" class="mt-3 grid content-end ${room.offers.length > 0 ? 'h-[110px]' : 'h-20'}"><span class="h-14 rounded-[18px] bg-sunken"></span></div></div></section>`;
};

const liveOf = ({ shows = [] }: PageState) => shows.find(({ phase }) => phase === 'live');

/** Without scripts the page can't recount; it says where everything for it is. */
const firstDraw = ({ show, drop }: DrawState): string => {
  const proof = `/api/shows/${show.showId}/drops/${drop.dropId}/proof`;
  return `<div class="mx-auto grid min-h-dvh max-w-6xl content-start gap-3 px-4 pt-24"><p class="label text-soft">${escapeHtml(show.title)}</p><h1 class="text-3xl">${escapeHtml(drop.title)}</h1><p class="text-soft">Everything that makes its order: <a class="underline underline-offset-2" href="${escapeHtml(proof)}">commitments, entries, seeds and winners</a>.</p></div>`;
};

const firstHome = (state: PageState): string => {
  const live = liveOf(state);
  const name = escapeHtml(state.shop.name);
  if (!live)
    return `<div class="mx-auto grid min-h-dvh max-w-6xl content-start gap-3 px-4 pt-24"><h1 class="text-3xl">${name}</h1></div>`;
  const picture = posterOf(live);
  const poster = picture
    ? firstPicture(picture, 'absolute inset-0 -z-2 size-full object-cover')
    : '';
  return `<div class="min-h-dvh bg-ground text-text">
  <header class="mx-auto flex w-full max-w-6xl items-center gap-2 px-4 py-4 lg:px-8"><p class="mr-auto flex min-h-11 items-center font-display text-xl leading-tight font-bold tracking-tight">${name}</p></header>
  <main class="mx-auto w-full max-w-6xl px-4 pb-16 lg:px-8">
    <a href="/shows/${escapeHtml(live.showId)}" data-theme="night" class="group relative isolate grid min-h-[min(72dvh,560px)] content-end overflow-hidden rounded-sheet bg-night text-white shadow-card">
      ${poster}<span aria-hidden="true" class="absolute inset-0 -z-1 bg-[linear-gradient(to_top,rgb(18_16_14/0.92),rgb(18_16_14/0.55)_45%,rgb(18_16_14/0.08)_80%)]"></span>
      <span class="grid gap-3 p-5 lg:p-10"><h1 class="max-w-[18ch] text-4xl lg:text-5xl">${escapeHtml(live.title)}</h1><span class="text-base text-white/95">${escapeHtml(live.hostName)}</span><span class="mt-2 min-h-14"></span></span>
    </a>
  </main>
</div>`;
};

/** What the card shows first: the running offer, else the pinned product. */
const shownItem = (
  room: Room,
): { title: string; imageUrl: string | null; price: Money | null } | null => {
  const offer = room.offers.at(-1);
  const productId =
    offer?.productId ?? room.pinned ?? (room.phase === 'live' ? null : room.shelf[0]?.productId);
  const item = room.shelf.find((one) => one.productId === productId);
  if (offer) {
    return {
      title: offer.title,
      imageUrl: item?.imageUrl ?? null,
      price: offer.variants[0]?.price ?? null,
    };
  }
  return item
    ? { title: item.title, imageUrl: item.imageUrl, price: item.variants[0]?.price ?? null }
    : null;
};

/** "€86.00" → "€ 86.00", with a no-break space. */
const priceText = (amount: Money): string =>
  formatMoney(amount).replace(/^(\D+?)\s*(?=\d)/, (_, symbol: string) => `${symbol}\u00a0`);

/** The first letter of a name, for the round mark of a person. */
export const initialOf = (name: string): string => [...name.trim()][0]?.toUpperCase() ?? '·';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that may stand between tags and in quoted attributes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign);
