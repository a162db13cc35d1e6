// Shows by HLS: a packager process, supervised, that hears what the forwarder sends, and what it made of each show, in
// memory. The process is started with the first publisher, so that a server without shows has one less. The rule: HLS
// is a second way to a show; whatever fails here, shows, sales and WHEP go on.

import { limits } from '../../base/limits.ts';
import { SupervisedChild } from '../child-process.ts';
import type { MediaEvent, MediaPlane } from '../media-plane.ts';
import type { TapPort } from '../messages.ts';
import type { PackagerCalls, PackagerNews } from '../packager-messages.ts';
import { isPrivatePlace } from '../private-place.ts';
import { HlsStore } from './hls-store.ts';

/** The forwarders' side: who listens to a show besides its viewers. */
export type Tappable = Pick<MediaPlane, 'onEvent'> & {
  tap(showId: string, listener: string, port: TapPort): Promise<void>;
  untap(showId: string, listener: string): Promise<void>;
};

export type HlsPlaneOptions = {
  readonly media: Tappable;
  /** One line per step in the life of the packager. */
  readonly onNote?: (note: string) => void;
};

/** What the doors ask. */
export type HlsSource = {
  /** Null: nobody publishes this show, or did of late. */
  store(showId: string): HlsStore | null;
};

const LISTENER = 'packager';

type Show = {
  readonly store: HlsStore;
  /** The packager's forms count from here; another process counts anew. */
  formsFrom: number;
  forms: number;
  /** Lets the show go when nobody publishes it. */
  timer: NodeJS.Timeout | undefined;
};

export class HlsPlane implements HlsSource {
  readonly #options: HlsPlaneOptions;
  readonly #shows = new Map<string, Show>();
  readonly #stopListening: () => void;
  readonly #giveUp = new AbortController();
  /** Shows that are just being let go: whoever comes back to one comes after it. */
  readonly #releasing = new Map<string, Promise<void>>();
  #starting: Promise<void> | undefined;
  #child: SupervisedChild<PackagerCalls, PackagerNews> | undefined;
  #port: TapPort | undefined;

  constructor(options: HlsPlaneOptions) {
    this.#options = options;
    this.#stopListening = options.media.onEvent((event) => this.#hear(event));
  }

  store(showId: string): HlsStore | null {
    return this.#shows.get(showId)?.store ?? null;
  }

  /** A show ended: its playlists say so, and for a while it can be watched to its end. */
  end(showId: string): void {
    const show = this.#shows.get(showId);
    if (!show) return;
    void this.#release(showId).then(() => show.store.end());
    this.#letGoLater(showId, show, limits.hlsEndedMs);
  }

  async dump(): Promise<unknown> {
    const shows: Record<string, unknown> = {};
    for (const [showId, { store }] of this.#shows) {
      const { window, waiting } = store;
      shows[showId] = {
        segments: window.segments.length,
        bytes: window.bytes,
        next: window.next,
        waiting,
      };
    }
    const packager = await this.#child
      ?.call('dump', null)
      .catch((fault: Error) => ({ fault: fault.message }));
    return { shows, restarts: this.#child?.restarts ?? 0, packager };
  }

  async close(): Promise<void> {
    this.#stopListening();
    this.#giveUp.abort();
    for (const { store, timer } of this.#shows.values()) {
      clearTimeout(timer);
      store.close();
    }
    this.#shows.clear();
    await this.#starting?.catch(() => undefined);
    await this.#child?.close();
  }

  #hear(event: MediaEvent): void {
    if ('showId' in event && isPrivatePlace(event.showId)) return;
    if (event.type === 'publisher-connected') void this.#begin(event.showId);
    else if (event.type === 'publisher-lost') {
      const show = this.#shows.get(event.showId);
      if (show) this.#letGoLater(event.showId, show, limits.hlsAbsentMs);
    }
  }

  async #begin(showId: string): Promise<void> {
    let show = this.#shows.get(showId);
    if (show?.store.window.isEnded) {
      this.#letGo(showId, show);
      show = undefined;
    }
    clearTimeout(show?.timer);
    if (show) return;
    if (this.#shows.size >= limits.hlsShowsMax) {
      this.#note(`Show ${showId} has no HLS: ${limits.hlsShowsMax} shows have.`);
      return;
    }
    // Seconds since 1970: more than one a second never begin, so that numbers grow over restarts of the server too.
    const nowS = Math.floor(Date.now() / 1000);
    const store = new HlsStore(nowS.toString(36), nowS);
    this.#shows.set(showId, { store, formsFrom: 0, forms: 0, timer: undefined });
    try {
      await this.#start();
      await this.#releasing.get(showId);
      await this.#package(showId);
    } catch (fault) {
      this.#note(
        `Show ${showId} has no HLS for now: ${fault instanceof Error ? fault.message : fault}`,
      );
    }
  }

  #start(): Promise<void> {
    this.#starting ??= SupervisedChild.start<PackagerCalls, PackagerNews>(
      {
        name: 'packager',
        entry: new URL('../packager/main.ts', import.meta.url),
        argument: null,
        onNews: (news) => this.#take(news),
        onRestart: (ready) => this.#restarted(ready as TapPort),
        onNote: (note) => this.#note(note),
      },
      this.#giveUp.signal,
    ).then(
      ({ child, ready }) => {
        this.#child = child;
        this.#port = ready as TapPort;
      },
      (fault: unknown) => {
        // The next publisher tries again.
        this.#starting = undefined;
        throw fault;
      },
    );
    return this.#starting;
  }

  async #package(showId: string): Promise<void> {
    const port = this.#port;
    if (!this.#child || !port || !this.#shows.has(showId)) return;
    await this.#child.call('start', { showId });
    await this.#options.media.tap(showId, LISTENER, port);
  }

  #restarted(port: TapPort): void {
    this.#port = port;
    for (const [showId, show] of this.#shows) {
      if (show.store.window.isEnded) continue;
      show.formsFrom = show.forms;
      show.store.restart();
      // A packager that dies again in between is restarted again, and this runs again.
      this.#package(showId).catch(() => undefined);
    }
  }

  #take(news: PackagerNews): void {
    const show = this.#shows.get(news.showId);
    if (!show) return;
    const { store } = show;
    switch (news.type) {
      case 'hls-publisher':
        store.isPlayable = news.isPlayable;
        break;
      case 'hls-form': {
        const form = show.formsFrom + news.form;
        show.forms = form + 1;
        store.addForm({ ...news, form });
        break;
      }
      case 'hls-part':
        store.add({ ...news, form: show.formsFrom + news.form });
        keepWithin([...this.#shows.values()].map((one) => one.store));
        break;
      default:
        news satisfies never;
    }
  }

  #release(showId: string): Promise<void> {
    const releasing = (async () => {
      await this.#options.media.untap(showId, LISTENER).catch(() => undefined);
      await this.#child?.call('stop', { showId }).catch(() => undefined);
    })().finally(() => {
      if (this.#releasing.get(showId) === releasing) this.#releasing.delete(showId);
    });
    this.#releasing.set(showId, releasing);
    return releasing;
  }

  #letGoLater(showId: string, show: Show, afterMs: number): void {
    clearTimeout(show.timer);
    show.timer = setTimeout(() => this.#letGo(showId, show), afterMs);
  }

  #letGo(showId: string, show: Show): void {
    if (this.#shows.get(showId) !== show) return;
    this.#shows.delete(showId);
    clearTimeout(show.timer);
    show.store.close();
    void this.#release(showId);
  }

  #note(note: string): void {
    this.#options.onNote?.(note);
  }
}

/** [HLS-10] Of all shows together no more is kept than `bytesMax`: the largest gives its oldest segments. */
export function keepWithin(
  stores: readonly HlsStore[],
  bytesMax: number = limits.hlsBytesMax,
): void {
  while (stores.reduce((sum, { bytes }) => sum + bytes, 0) > bytesMax) {
    const bySize = stores.toSorted((a, b) => b.bytes - a.bytes);
    if (!bySize.some((store) => store.forgetOldest())) return;
  }
}
