// The pages: HTML that carries the state, a first paint and the social preview, so that a phone shows
// the show before any script ran and a shared link has a picture. The scripts themselves are files
// that Vite built; what a page does afterwards is the web app's business.

import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ShowId } from '../base/brand.ts';
import {
  type DrawState,
  escapeHtml,
  firstPaint,
  firstPicturePreload,
  type PageState,
} from '../protocol/first-paint.ts';
import type { ShopInfo } from '../protocol/http.ts';
import type { Coming } from '../protocol/remind.ts';
import { whenIn } from '../remind/letters.ts';
import type { ShowDoor } from './show-access.ts';
import type { ShowDesk } from './show-desk.ts';
import { showDetail } from './show-detail.ts';

export type PagesOptions = {
  /** Where Vite put the web app: `watch.html`, `crew.html`, `assets/`. */
  readonly webFolder: string;
  readonly publicUrl: string;
  readonly shop: () => Promise<ShopInfo>;
  readonly desk: Pick<ShowDesk, 'list' | 'summary' | 'room' | 'shelfItems'>;
  readonly door: Pick<ShowDoor, 'refusal'>;
  readonly announcements: Announcements;
};

/** What pages know of what comes. */
export interface Announcements {
  coming(): Promise<Coming>;
  /** What a show’s announcement says besides the plan; null for a show without one. */
  notice(showId: string): Promise<{ teaser: string; timeZone: string } | null>;
}

/** JSON that can't end its own script element. */
const scriptJson = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

/** What a page may load and where it may be shown. `blob:` and `data:` are pictures that the page made. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' https: data: blob:",
  "media-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self' ws: wss:",
  "frame-ancestors 'self'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

export const pages = (options: PagesOptions) => async (app: FastifyInstance) => {
  const { webFolder, publicUrl, shop, desk } = options;
  const watchHtml = await builtPage(join(webFolder, 'watch.html'));
  const crewHtml = await builtPage(join(webFolder, 'crew.html'));

  // Names carry a hash of the content: what is there never changes.
  await app.register(fastifyStatic, {
    root: join(webFolder, 'assets'),
    prefix: '/assets/',
    decorateReply: false,
    preCompressed: true,
    immutable: true,
    maxAge: '365d',
  });

  const html = (reply: FastifyReply, status: number, text: string) =>
    reply
      .code(status)
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', contentSecurityPolicy)
      .send(text);

  const stateOf = async (
    request: FastifyRequest,
    page: PageState['page'],
    rest: Partial<PageState> = {},
  ): Promise<PageState> => ({ shop: await shop(), me: request.you, page, ...rest }) as PageState;

  const send = async (reply: FastifyReply, state: PageState, status = 200) =>
    html(
      reply,
      status,
      // Replacement texts are functions: `$&` in a product's name is not a pattern.
      (await watchHtml())
        .replace(
          'data-theme="day"',
          () => `data-theme="${state.detail?.entry.mayEnter ? 'night' : 'day'}"`,
        )
        .replace('<!--head-->', () => headTags(state, publicUrl))
        .replace(
          '<!--state-->',
          () => `<script type="application/json" id="state">${scriptJson(state)}</script>`,
        )
        .replace('<!--body-->', () => firstPaint(state)),
    );

  app.get('/', { schema: { hide: true } }, async (request, reply) =>
    send(reply, await stateOf(request, 'home', { shows: await desk.list(100) })),
  );

  app.get<{ Params: { show: string } }>(
    '/shows/:show',
    { schema: { hide: true } },
    async (request, reply) => {
      const showId = request.params.show as ShowId;
      const detail = await showDetail(options, request.you, showId);
      if (!detail) return send(reply, await stateOf(request, 'not-found'), 404);
      const notice =
        detail.room.phase === 'planned' ? await options.announcements.notice(showId) : null;
      return send(
        reply,
        await stateOf(request, 'watch', { detail, ...(notice ? { notice } : {}) }),
      );
    },
  );

  app.get<{ Params: { show: string; drop: string } }>(
    '/shows/:show/drops/:drop',
    { schema: { hide: true } },
    async (request, reply) => {
      const showId = request.params.show as ShowId;
      const [show, room] = await Promise.all([desk.summary(showId), desk.room(showId)]);
      const drop = room?.drops.find(({ dropId }) => dropId === request.params.drop);
      if (!show || !drop) return send(reply, await stateOf(request, 'not-found'), 404);
      // [TKT-5] Whoever may not come in reads at the show's own address how to.
      if (show.phase !== 'ended' && (await options.door.refusal(request.you, showId)) !== null)
        return reply.redirect(`/shows/${showId}`);
      const draw: DrawState = {
        show: { showId, title: show.title, hasEnded: show.phase === 'ended' },
        drop: { dropId: drop.dropId, title: drop.title, isGiveaway: drop.isGiveaway },
      };
      return send(reply, await stateOf(request, 'draw', { draw }));
    },
  );

  app.get('/orders/:order', { schema: { hide: true } }, async (request, reply) =>
    send(reply, await stateOf(request, 'order')),
  );
  app.get('/products/:product', { schema: { hide: true } }, async (request, reply) =>
    send(reply, await stateOf(request, 'product')),
  );
  app.get('/on-stage/:show', { schema: { hide: true } }, async (request, reply) =>
    send(reply, await stateOf(request, 'stage')),
  );
  app.get('/receipts', { schema: { hide: true } }, async (request, reply) =>
    send(reply, await stateOf(request, 'receipts')),
  );
  app.get('/limits', { schema: { hide: true } }, async (request, reply) =>
    send(reply, await stateOf(request, 'limits')),
  );
  app.get('/coming', { schema: { hide: true } }, async (request, reply) =>
    send(reply, await stateOf(request, 'coming', { coming: await options.announcements.coming() })),
  );
  app.get('/reminders', { schema: { hide: true } }, async (request, reply) =>
    send(reply, await stateOf(request, 'reminders')),
  );
  const worker = await builtPage(join(webFolder, 'push-worker.js'));
  app.get('/push-worker.js', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .type('text/javascript; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(await worker()),
  );
  app.get('/account', { schema: { hide: true } }, async (request, reply) =>
    send(reply, await stateOf(request, 'account')),
  );
  app.get('/sign-in', { schema: { hide: true } }, async (request, reply) =>
    send(reply, await stateOf(request, 'sign-in')),
  );

  const crew = async (_request: FastifyRequest, reply: FastifyReply) =>
    html(reply, 200, await crewHtml());
  for (const path of ['/studio', '/studio/*', '/office', '/office/*'])
    app.get(path, { schema: { hide: true } }, crew);

  // Somebody who follows a wrong link sees a page; a program that asks for a wrong address gets a problem.
  app.get('/*', { schema: { hide: true } }, async (request, reply) => {
    const wantsPage = request.headers.accept?.includes('text/html') ?? false;
    if (!wantsPage || /^\/(api|media|assets|whip|whep)\//.test(request.url)) {
      return reply.callNotFound();
    }
    return send(reply, await stateOf(request, 'not-found'), 404);
  });

  app.get('/shows', { schema: { hide: true } }, (_request, reply) => reply.redirect('/'));
};

/**
 * A page that was built, read anew when it was built anew: its scripts have new names then, and the old ones are gone.
 * While a build replaces it the page is what it was. Rejects when there is none to begin with.
 */
export const builtPage = async (path: string): Promise<() => Promise<string>> => {
  const read = async () => ({
    builtAtMs: (await stat(path)).mtimeMs,
    text: await readFile(path, 'utf8'),
  });
  let page = await read();
  return async () => {
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: page.builtAtMs }));
    if (mtimeMs !== page.builtAtMs) page = await read().catch(() => page);
    return page.text;
  };
};

/** Title, description and social preview. */
const headTags = (state: PageState, publicUrl: string): string => {
  const { title, description, image } = previewOf(state);
  const property = (name: string, content: string) =>
    `<meta property="og:${name}" content="${escapeHtml(content)}">`;
  return [
    firstPicturePreload(state),
    `<title>${escapeHtml(title)}</title>`,
    `<meta name="description" content="${escapeHtml(description)}">`,
    property('title', title),
    property('description', description),
    property('type', state.page === 'watch' ? 'video.other' : 'website'),
    property('site_name', state.shop.name),
    ...(image === null ? [] : [property('image', new URL(image, publicUrl).href)]),
    '<meta name="twitter:card" content="summary_large_image">',
  ].join('\n    ');
};

const previewOf = ({
  shop,
  page,
  detail,
  draw,
  notice,
}: PageState): { title: string; description: string; image: string | null } => {
  const description = `Live from ${shop.name}.`;
  if (draw) {
    const proves = 'Who got what in which order, for everybody to recount.';
    return { title: `${draw.drop.title} · ${shop.name}`, description: proves, image: null };
  }
  if (page === 'coming') {
    const search = 'Shows to come, and what they will sell. Follow, and be told.';
    return { title: `What comes · ${shop.name}`, description: search, image: null };
  }
  if (page !== 'watch' || !detail) return { title: shop.name, description, image: null };
  const { show, room } = detail;
  const pinned = room.shelf.find(({ productId }) => productId === room.pinned) ?? room.shelf[0];
  const items = room.shelf
    .slice(0, 4)
    .map((item) => item.title)
    .join(' · ');
  // Whoever shares a show that comes says when: in its own zone, since a preview has no reader yet.
  const when =
    room.phase === 'planned' && notice ? `${whenIn(show.startsAtMs, notice.timeZone)}. ` : '';
  return {
    title: `${show.title} · ${show.hostName}`,
    description: `${when}${notice?.teaser || items || description}`,
    image: show.posterUrl ?? pinned?.imageUrl ?? null,
  };
};
