import { describe, expect, it } from 'vitest';
import { firstPaint, firstPicturePreload, type PageState, standInUrl } from './first-paint.ts';
import { emptyRoom } from './room.ts';

const shop = {
  name: 'Laguna <Ceramics>',
  currency: 'EUR',
  sandbox: { payments: true, mail: true },
  shippingMinor: 590,
  taxIncludedMilliPercent: 22_000,
  needsSetup: false,
  version: '0.1.0',
};

const watch = (title: string): PageState => {
  const plan = {
    title,
    showKind: 'demonstration',
    startsAtMs: 0,
    hostId: 'mina',
    hostName: '</script><script>alert(1)</script>',
    shopName: shop.name,
    disclosure: 'own-brand',
    isDemo: false,
  };
  const item = {
    productId: 'vase',
    title: 'Lagoon "vase"',
    imageUrl: '/media/vase.jpg',
    variants: [{ variantId: 'v1', title: '', price: { minor: 8600, currency: 'EUR' } }],
    provenance: null,
  };
  const room = {
    ...emptyRoom('kiln', plan),
    phase: 'live' as const,
    shelf: [item],
    pinned: 'vase',
  };
  const show = {
    showId: 'kiln',
    title,
    showKind: 'demonstration' as const,
    phase: 'live' as const,
    startsAtMs: 0,
    startedAtMs: 0,
    endedAtMs: null,
    hostId: 'mina',
    hostName: plan.hostName,
    disclosure: 'own-brand' as const,
    isDemo: false,
    viewers: 3,
    access: 'everybody' as const,
    posterUrl: '/media/poster.jpg',
    coverUrl: null,
    hasRecording: false,
  };
  const entry = { mayEnter: true, ticket: null, materials: [] };
  return { shop, me: null, page: 'watch', detail: { show, room, segments: null, entry } };
};

describe('the first paint of a page', () => {
  it('[DRO-9] of a drop’s proof leads to the proof itself, also without scripts', () => {
    const html = firstPaint({
      shop,
      me: null,
      page: 'draw',
      draw: {
        show: { showId: 'kiln', title: 'Kiln <night>', hasEnded: false },
        drop: { dropId: 'd1', title: 'Vase & bowl', isGiveaway: true },
      },
    });
    expect(html).toContain('href="/api/shows/kiln/drops/d1/proof"');
    expect(html).toContain('Kiln &lt;night&gt;');
    expect(html).toContain('Vase &amp; bowl');
  });

  it('says who, their stake, what is pinned and what it costs', () => {
    const html = firstPaint(watch('Kiln night'));
    expect(html).toContain('Kiln night');
    expect(html).toContain('Own brand · Laguna &lt;Ceramics&gt;');
    expect(html).toContain('Lagoon &quot;vase&quot;');
    expect(html).toContain('€\u00a086.00');
  });

  it('shows the camera’s poster, upright for a phone, and asks for it before all else', () => {
    const state = watch('Kiln night');
    const show = { ...state.detail!.show, posterUrl: '/media/posters/kiln.jpg' };
    const withPoster = { ...state, detail: { ...state.detail!, show } };
    const upright = '/media/posters/kiln.upright.jpg';
    expect(firstPaint(withPoster)).toContain(
      `<source media="(max-aspect-ratio: 9/16)" srcset="${upright}" />`,
    );
    expect(firstPicturePreload(withPoster)).toContain(
      `media="(max-aspect-ratio: 9/16)" href="${upright}"`,
    );
    const home: PageState = { shop, me: null, page: 'home', shows: [show] };
    expect(firstPaint(home)).toContain('<img src="/media/posters/kiln.jpg"');
    expect(firstPicturePreload(home)).toContain('href="/media/posters/kiln.jpg"');
    expect(firstPicturePreload({ ...home, shows: [{ ...show, phase: 'ended' }] })).toBe('');
  });

  it('shows the pinned product while a live camera has no picture yet, else the first of the shelf', () => {
    const { detail } = watch('Kiln night');
    const show = { ...detail!.show, posterUrl: null };
    const other = { ...detail!.room.shelf[0]!, productId: 'cup', imageUrl: '/cup.webp' };
    const room = { ...detail!.room, shelf: [other, ...detail!.room.shelf] };
    expect(standInUrl({ show, room })).toBe('/media/vase.jpg');
    expect(standInUrl({ show, room: { ...room, pinned: null } })).toBe('/cup.webp');
    expect(standInUrl({ show, room: { ...room, pinned: null, shelf: [] } })).toBeNull();
  });

  it('lets no written word act as markup', () => {
    const html = firstPaint(watch('"><img src=x onerror=alert(1)>'));
    expect(html).not.toContain('<img src=x');
    expect(html).not.toContain('<script');
  });

  it('leads a home page without a live show with the name of the shop', () => {
    expect(firstPaint({ shop, me: null, page: 'home' })).toContain(
      '<h1 class="text-3xl">Laguna &lt;Ceramics&gt;</h1>',
    );
  });
});
