// Open shows' playlists and parts, answered before the web framework sees the request: a crowd by HLS asks seven times a
// second for each viewer, and everything that is the same for all of them is made once. Whatever isn't plainly one of
// those requests, or of a show that isn't known to be open, goes the checked way (`hls-routes.ts`), which says the same.

import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { limits } from '../base/limits.ts';
import type { HlsSource } from '../media/hls/hls-plane.ts';
import type { HlsStore, PlaylistBody } from '../media/hls/hls-store.ts';
import { cacheOf, fileName, playlistType } from './hls-words.ts';

/** Which shows were found to be for everybody a moment ago. */
export class OpenShows {
  readonly #nowMs: () => number;
  /** When it was found. */
  readonly #found = new Map<string, number>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  note(showId: string): void {
    this.#found.delete(showId);
    this.#found.set(showId, this.#nowMs());
    const oldest = this.#found.keys().next().value;
    if (this.#found.size > limits.hlsShowsMax && oldest !== undefined) this.#found.delete(oldest);
  }

  /** The show's plan changed: it is asked for again. */
  forget(showId: string): void {
    this.#found.delete(showId);
  }

  has(showId: string): boolean {
    const foundMs = this.#found.get(showId);
    return foundMs !== undefined && this.#nowMs() - foundMs < limits.hlsOpenMs;
  }
}

/** Puts `first` before all else that the server does; what it answers false to goes on as before. */
export const answerFirst = (
  server: Server,
  first: (request: IncomingMessage, response: ServerResponse, next: () => void) => boolean,
): void => {
  const others = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const next = () => {
      for (const listener of others) listener.call(server, request, response);
    };
    if (!first(request, response, next)) next();
  });
};

const address = /^\/hls\/([\w-]{1,64})\/([\w.-]{1,64})(?:\?([\w=&]{0,80}))?$/;
const reload = /^_HLS_msn=(\d{1,15})&_HLS_part=(\d{1,2})(&_HLS_skip=(?:YES|v2))?$/;

type Kept = { readonly body: PlaylistBody; readonly headers: Map<string, readonly string[]> };

/** Answers what is plainly a viewer's request of an open show; `next` is the checked way. */
export const hlsFront = ({ hls, open }: { readonly hls: HlsSource; readonly open: OpenShows }) => {
  const kept = new WeakMap<PlaylistBody, Kept['headers']>();

  const sendPlaylist = (
    request: IncomingMessage,
    response: ServerResponse,
    body: PlaylistBody,
    cache: string,
  ) => {
    const isZipped = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    const data = isZipped ? body.gzip() : body.plain;
    let made = kept.get(body);
    if (!made) kept.set(body, (made = new Map()));
    const key = `${cache}${isZipped}`;
    let headers = made.get(key);
    if (!headers) {
      headers = [
        ...everywhere(cache, playlistType, data.length),
        ...['etag', body.etag, 'vary', 'accept-encoding'],
        ...(isZipped ? ['content-encoding', 'gzip'] : []),
      ];
      made.set(key, headers);
    }
    response.writeHead(200, headers as string[]).end(data);
  };

  /** When what is waited for is there, and nobody closed the show meanwhile. */
  const whenThere = (
    store: HlsStore,
    showId: string,
    isThere: () => boolean,
    next: () => void,
    then: () => void,
  ) =>
    store.whenThere(isThere, (waited) => {
      if (waited === 'there' && open.has(showId)) then();
      else next();
    });

  return (request: IncomingMessage, response: ServerResponse, next: () => void): boolean => {
    if (request.method !== 'GET' || !request.url?.startsWith('/hls/')) return false;
    const [, showId = '', file = '', query] = address.exec(request.url) ?? [];
    const store = open.has(showId) ? hls.store(showId) : null;
    if (!store?.isPlayable || request.headers['if-none-match'] !== undefined) return false;
    const { window } = store;
    if (file === 'index.m3u8') {
      const [, msnText, partText, skip] = reload.exec(query ?? '') ?? [];
      const [msn, part] = [Number(msnText), Number(partText)];
      if (msnText === undefined || window.isEnded || msn > window.next.msn + 1) return false;
      whenThere(
        store,
        showId,
        () => window.has(msn, part),
        next,
        () => {
          const cache = window.isEnded ? cacheOf.playlist : cacheOf.blocking;
          const kind = skip === undefined ? 'low' : 'low-delta';
          sendPlaylist(request, response, store.playlist(kind), cache);
        },
      );
      return true;
    }
    if (query !== undefined) return false;
    const [, epoch, , msnText, partText] = fileName.exec(file) ?? [];
    if (msnText === undefined || epoch !== window.epoch) return false;
    const msn = Number(msnText);
    const send = (data: Uint8Array | undefined) => {
      if (!data) return false;
      response
        .writeHead(200, everywhere(cacheOf.media, 'video/iso.segment', data.length) as string[])
        .end(data);
      return true;
    };
    if (partText === undefined) return send(store.segment(msn));
    const part = Number(partText);
    const { msn: nextMsn, part: nextPart } = window.next;
    if (msn !== nextMsn || part !== nextPart) return send(store.part(msn, part));
    whenThere(
      store,
      showId,
      () => store.part(msn, part) !== undefined || window.has(msn + 1, 0),
      next,
      () => send(store.part(msn, part)) || next(),
    );
    return true;
  };
};

/** What every answer says, as `hls-routes.ts` and the server's own guards do. */
const everywhere = (cache: string, type: string, bytes: number): readonly string[] => [
  ...['content-type', type, 'content-length', String(bytes), 'cache-control', cache],
  ...['access-control-allow-origin', '*', 'x-content-type-options', 'nosniff'],
  ...['referrer-policy', 'strict-origin-when-cross-origin'],
];
