// What a show's viewers by HLS are served from: its window, and what was made of it once for all of them. Holds those
// who wait for what isn't there yet. Knows nothing of HTTP. The rule: one body for everybody who asks for the same, and
// whoever waits is answered or told that it was in vain.

import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { limits } from '../../base/limits.ts';
import type { HlsForm, HlsPart } from '../packager-messages.ts';
import { HlsWindow } from './hls-window.ts';
import { type PlaylistKind, writePlaylist } from './playlist.ts';

/** A playlist, ready to be sent. */
export type PlaylistBody = { readonly plain: Buffer; readonly etag: string; gzip(): Buffer };

/** What became of waiting: it is there, it will not come, or too many wait. */
export type Waited = 'there' | 'late' | 'crowded';

type Waiter = {
  readonly isThere: () => boolean;
  readonly resolve: (waited: Waited) => void;
  readonly untilMs: number;
};

/** How often those are looked for who waited too long. */
const lateCheckMs = 100;
/** A part that came so lately says that the next is on its way. */
const freshMs = 450;

export class HlsStore {
  readonly window: HlsWindow;
  /** False while somebody publishes what HLS can't carry. */
  isPlayable = true;
  readonly #bodies = new Map<PlaylistKind, { version: number; body: PlaylistBody }>();
  readonly #segments = new Map<number, Buffer>();
  readonly #waiters = new Set<Waiter>();
  #joinedBytes = 0;
  #lateCheck: NodeJS.Timeout | undefined;
  #mediaAtMs = -Infinity;

  constructor(epoch: string, firstMsn: number) {
    this.window = new HlsWindow({ epoch, firstMsn });
  }

  /** Media in memory: parts, and the segments that were joined of them. */
  get bytes(): number {
    return this.window.bytes + this.#joinedBytes;
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  addForm(form: HlsForm): void {
    this.window.addForm(form);
  }

  add(part: HlsPart): void {
    this.window.add(part);
    if (!part.gap) this.#mediaAtMs = performance.now();
    this.#forgetJoined();
    this.#wake();
  }

  /** Lets the oldest segment go; false when there is none to spare. */
  forgetOldest(): boolean {
    const isLess = this.window.forgetOldest();
    this.#forgetJoined();
    return isLess;
  }

  /** Another packager goes on. */
  restart(): void {
    this.window.restart();
    this.#wake();
  }

  end(): void {
    this.window.end();
    this.#wake();
  }

  /** Ends all waiting. */
  close(): void {
    for (const { resolve } of this.#waiters) resolve('late');
    this.#waiters.clear();
    clearInterval(this.#lateCheck);
    this.#lateCheck = undefined;
  }

  /** Whether there is anything that a playlist could name. */
  playlistIsThere(isLow: boolean): boolean {
    return this.window.segments.some(({ isWhole }) => isLow || isWhole);
  }

  playlist(kind: PlaylistKind): PlaylistBody {
    const { version } = this.window;
    const made = this.#bodies.get(kind);
    if (made?.version === version) return made.body;
    const body = bodyOf(writePlaylist(this.window, kind));
    this.#bodies.set(kind, { version, body });
    return body;
  }

  /** A whole segment as one piece; undefined when it isn't here or still grows. */
  segment(msn: number): Buffer | undefined {
    const segment = this.window.segment(msn);
    if (!segment?.isWhole || segment.bytes === 0) return undefined;
    let joined = this.#segments.get(msn);
    if (!joined) {
      joined = Buffer.concat(segment.parts.map(({ data }) => data));
      this.#segments.set(msn, joined);
      this.#joinedBytes += joined.length;
    }
    return joined;
  }

  part(msn: number, index: number): Uint8Array | undefined {
    const part = this.window.segment(msn)?.parts[index];
    return part && !part.gap ? part.data : undefined;
  }

  /** Waits until `isThere`, for a blocking reload or a part that was hinted at. Ends by itself after a while. */
  wait(isThere: () => boolean, forMs: number = limits.hlsWaitMs): Promise<Waited> {
    return new Promise((resolve) => this.whenThere(isThere, resolve, forMs));
  }

  /** The same with a callback, which is called at once when nothing is to be waited for. */
  whenThere(
    isThere: () => boolean,
    resolve: (waited: Waited) => void,
    forMs: number = limits.hlsWaitMs,
  ): void {
    if (isThere()) resolve('there');
    else if (this.window.isEnded) resolve('late');
    else if (this.#waiters.size >= limits.hlsWaitingMax) resolve('crowded');
    else {
      this.#waiters.add({ isThere, resolve, untilMs: performance.now() + forMs });
      this.#lateCheck ??= setInterval(() => this.#dismissLate(), lateCheckMs);
    }
  }

  /** Whether the host sends now: a part came just now or comes in a moment. */
  async flows(): Promise<boolean> {
    const askedMs = performance.now();
    if (askedMs - this.#mediaAtMs < freshMs) return true;
    return (await this.wait(() => this.#mediaAtMs > askedMs, limits.hlsFlowMs)) === 'there';
  }

  #forgetJoined(): void {
    for (const [msn, joined] of this.#segments) {
      if (this.window.segment(msn)) continue;
      this.#segments.delete(msn);
      this.#joinedBytes -= joined.length;
    }
  }

  #wake(): void {
    for (const waiter of this.#waiters) {
      const isThere = waiter.isThere();
      if (!isThere && !this.window.isEnded) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(isThere ? 'there' : 'late');
    }
  }

  /** One timer for all: thousands wait at once. */
  #dismissLate(): void {
    const nowMs = performance.now();
    for (const waiter of this.#waiters) {
      if (waiter.untilMs > nowMs) continue;
      this.#waiters.delete(waiter);
      waiter.resolve('late');
    }
    if (this.#waiters.size > 0) return;
    clearInterval(this.#lateCheck);
    this.#lateCheck = undefined;
  }
}

function bodyOf(text: string): PlaylistBody {
  const plain = Buffer.from(text);
  let zipped: Buffer | undefined;
  return {
    plain,
    etag: `"${createHash('sha1').update(plain).digest('base64url')}"`,
    gzip: () => {
      zipped ??= gzipSync(plain, { level: 1 });
      return zipped;
    },
  };
}
