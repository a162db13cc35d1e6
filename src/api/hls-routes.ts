// The doors of HLS: playlists and media of live shows, from memory. `index.m3u8` is low-latency HLS, `plain.m3u8` the
// same segments for a CDN and older players. Nobody gets by this way into a show that is closed to them. Rules:
// docs/rules/hls.md.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { limits } from '../base/limits.ts';
import type { HlsSource } from '../media/hls/hls-plane.ts';
import type { HlsStore, PlaylistBody } from '../media/hls/hls-store.ts';
import type { PlaylistKind } from '../media/hls/playlist.ts';
import { id } from '../protocol/http.ts';
import { answerFirst, hlsFront, OpenShows } from './hls-front.ts';
import { cacheOf, fileName, playlistType } from './hls-words.ts';
import { ProblemError, sendProblem } from './problem-reply.ts';
import type { ShowDoor } from './show-access.ts';

export type HlsRoutesOptions = {
  readonly hls: HlsSource;
  readonly door: Pick<ShowDoor, 'refusal' | 'isForEverybody'>;
  readonly nowMs: () => number;
  /** Shows found to be open; whoever knows that a show's plan changed makes it forget. */
  readonly open?: OpenShows;
};

const wholeNumber = /^\d{1,15}$/;
/** No segment has as many parts: whoever asks for more asks for nothing that will come. */
const partsMax = 60;

type Query = Readonly<Record<string, string | readonly string[] | undefined>>;
type Get = FastifyRequest<{ Params: { show: string; file: string }; Querystring: Query }>;

export const hlsRoutes = (options: HlsRoutesOptions) => async (app: FastifyInstance) => {
  const { hls, door, nowMs, open = new OpenShows(nowMs) } = options;
  answerFirst(app.server, hlsFront({ hls, open }));
  /** Who was let into which closed show of late. */
  const entries = new Map<string, number>();

  /** [HLS-9] True when the show is for everybody; throws for whoever may not come in. */
  const admit = async (request: FastifyRequest, showId: string): Promise<boolean> => {
    if (!id.safeParse(showId).success) throw new ProblemError('show-unknown');
    if (await door.isForEverybody(showId)) {
      if (hls.store(showId)) open.note(showId);
      return true;
    }
    const key = request.you === null ? null : `${showId} ${request.you.personId}`;
    if (key !== null && (entries.get(key) ?? -Infinity) > nowMs() - limits.hlsEntryMs) return false;
    const refused = await door.refusal(request.you, showId);
    if (refused) throw new ProblemError(refused.refused, refused.detail ?? {});
    if (key !== null) {
      entries.delete(key);
      entries.set(key, nowMs());
      const oldest = entries.keys().next().value;
      if (entries.size > limits.hlsEntriesMax && oldest !== undefined) entries.delete(oldest);
    }
    return false;
  };

  const storeOf = (showId: string): HlsStore => {
    const store = hls.store(showId);
    if (!store) throw new ProblemError('media-no-publisher');
    if (!store.isPlayable) throw new ProblemError('hls-codec-unsupported');
    return store;
  };

  const sendPlaylist = async (
    request: Get,
    reply: FastifyReply,
    isOpen: boolean,
    isLow: boolean,
  ) => {
    const store = storeOf(request.params.show);
    const wish = isLow ? wishOf(request.query, store) : { kind: 'plain' as const, isThere: null };
    const first = () => store.playlistIsThere(isLow);
    const waited = await store.wait(wish.isThere ?? first);
    if (waited === 'crowded') return sendProblem(reply, 'media-capacity');
    if (waited === 'late' && !store.window.isEnded)
      return sendProblem(reply, wish.isThere ? 'hls-late' : 'media-no-publisher');
    const cache = wish.isThere && !store.window.isEnded ? cacheOf.blocking : cacheOf.playlist;
    reply.header('cache-control', isOpen ? cache : cacheOf.own);
    return sendBody(request, reply, store.playlist(wish.kind), isOpen);
  };

  /** [HLS-17] */
  const sendFlow = async (reply: FastifyReply, showId: string) => {
    reply.header('cache-control', cacheOf.own);
    if (!(await storeOf(showId).flows())) throw new ProblemError('media-no-publisher');
    return reply.code(204).send();
  };

  const sendMedia = async (request: Get, reply: FastifyReply, isOpen: boolean) => {
    const [, epoch, form, msn, part] = fileName.exec(request.params.file) ?? [];
    const store = epoch === undefined ? null : hls.store(request.params.show);
    if (!store || epoch !== store.window.epoch) throw new ProblemError('hls-file-unknown');
    const { window } = store;
    let data: Uint8Array | undefined;
    if (form !== undefined) data = window.forms.get(Number(form))?.data;
    else if (part === undefined) data = store.segment(Number(msn));
    else {
      const [wantedMsn, wantedPart] = [Number(msn), Number(part)];
      const { next } = window;
      // [HLS-6] The part that was hinted at is waited for; no other is.
      if (wantedMsn === next.msn && wantedPart === next.part) {
        const waited = await store.wait(
          () => store.part(wantedMsn, wantedPart) !== undefined || window.has(wantedMsn + 1, 0),
        );
        if (waited === 'crowded') return sendProblem(reply, 'media-capacity');
      }
      data = store.part(wantedMsn, wantedPart);
    }
    if (!data) throw new ProblemError('hls-file-unknown');
    return reply
      .header('cache-control', isOpen ? cacheOf.media : cacheOf.own)
      .type(form === undefined ? 'video/iso.segment' : 'video/mp4')
      .send(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  };

  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof ProblemError) {
      if (!reply.getHeader('cache-control')) reply.header('cache-control', cacheOf.missing);
      return sendProblem(reply, error.code, error.extra);
    }
    throw error;
  });

  app.get<{ Params: { show: string; file: string }; Querystring: Query }>(
    '/hls/:show/:file',
    { schema: { hide: true } },
    async (request, reply) => {
      const { show, file } = request.params;
      // An answer to a stranger is no answer to a member: said before anything can be refused.
      const isOpen = await admit(request, show).catch((error: unknown) => {
        reply.header('cache-control', cacheOf.own);
        throw error;
      });
      if (isOpen) reply.header('access-control-allow-origin', '*');
      else reply.header('cache-control', cacheOf.own).header('vary', 'cookie');
      if (file === 'index.m3u8') return sendPlaylist(request, reply, isOpen, true);
      if (file === 'plain.m3u8') return sendPlaylist(request, reply, isOpen, false);
      if (file === 'flow') return sendFlow(reply, show);
      return sendMedia(request, reply, isOpen);
    },
  );

  app.options('/hls/:show/:file', { schema: { hide: true } }, (_request, reply) =>
    reply
      .code(204)
      .header('access-control-allow-origin', '*')
      .header('access-control-allow-methods', 'GET, HEAD, OPTIONS')
      .header('access-control-max-age', '86400')
      .send(),
  );
};

/** What a player wants of the low-latency playlist: how much of it, and what it must hold at least. */
const wishOf = (
  query: Query,
  { window }: HlsStore,
): { kind: PlaylistKind; isThere: (() => boolean) | null } => {
  const { _HLS_msn: msnText, _HLS_part: partText, _HLS_skip: skip } = query;
  const kind = skip === 'YES' || skip === 'v2' ? 'low-delta' : 'low';
  const asksToWait = msnText !== undefined || partText !== undefined;
  // What has ended will hold no more than it holds (RFC 8216bis section 6.2.5.2).
  if (!asksToWait || window.isEnded) return { kind, isThere: null };
  const msn = numberOf(msnText);
  const part = partText === undefined ? undefined : numberOf(partText);
  // [HLS-7] What lies more than a segment ahead comes from a player that is lost (RFC 8216bis section 6.2.5.2).
  if (msn === null || part === null || msn > window.next.msn + 1 || (part ?? 0) > partsMax)
    throw new ProblemError('hls-request-invalid');
  return { kind, isThere: () => window.has(msn, part) };
};

const numberOf = (text: string | readonly string[] | undefined): number | null =>
  typeof text === 'string' && wholeNumber.test(text) ? Number(text) : null;

const sendBody = (
  request: FastifyRequest,
  reply: FastifyReply,
  body: PlaylistBody,
  isOpen: boolean,
) => {
  reply.header('etag', body.etag).type(playlistType);
  reply.header('vary', isOpen ? 'accept-encoding' : 'accept-encoding, cookie');
  if (request.headers['if-none-match'] === body.etag) return reply.code(304).send();
  if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(body.plain);
  return reply.header('content-encoding', 'gzip').send(body.gzip());
};
