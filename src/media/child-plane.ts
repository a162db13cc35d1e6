// The media plane of one machine: forwarder processes (`forwarder-pool.ts`) and a recorder process, supervised, behind
// the `MediaPlane` interface. Signalling and book-keeping only; no packet passes the main process. The rule: children may
// die at any moment, and what was asked of the plane stands in the main process, so that a new child is told again.

import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { together } from '../base/together.ts';
import { SupervisedChild } from './child-process.ts';
import type { PoolNews } from './forwarder-pool.ts';
import { ForwarderPool } from './forwarder-pool.ts';
import type {
  ClipFile,
  ClipWish,
  MediaAnswer,
  MediaEvent,
  MediaLine,
  MediaPlane,
  MediaSession,
  Poster,
  Recording,
} from './media-plane.ts';
import { MediaFault } from './media-plane.ts';
import type { RecorderCalls, RecorderNews, RecorderOptions, TapPort } from './messages.ts';
import { Posters } from './posters.ts';

/** Rewriting a recording of some hours takes minutes on a slow disk. */
const STOP_TIMEOUT_MS = 10 * 60_000;
/** Viewers that one forwarder may have, however little each costs; what it carries is measured (`placement.ts`). */
const VIEWERS_MAX = 1000;
/** A further forwarder that nobody needs for this long ends. */
const FORWARDER_IDLE_MS = 60_000;
/** 720p at a quality that nobody complains about; a host's browser that could send more should not. */
const PUBLISHER_BITS_PER_SECOND_MAX = 4_000_000;

/** Options of the plane. */
export type ChildPlaneOptions = {
  /** Folder for recordings; made when it isn't there. */
  recordingsFolder: string;
  /** UDP port for WebRTC of the first forwarder; further ones have the following. 0 finds free ones. */
  udpPort?: number;
  /** Listen on this address only. Default: all, and loopback is offered too. */
  bindAddress?: string;
  /** Further addresses that clients should try, e.g. the public one of a machine behind NAT. */
  advertise?: string[];
  /** How many forwarders there may be. Default: one for each core. */
  forwardersMax?: number;
  /** Viewers of one forwarder. */
  viewersMax?: number;
  forwarderIdleMs?: number;
  publisherBitsPerSecondMax?: number;
  /** One line per step in the life of the children. */
  onNote?: (note: string) => void;
};

/** A plane, and what tests and `doctor` want to know of it. */
export type ChildPlane = MediaPlane & {
  /** The forwarders that run now, the first one first. */
  readonly forwarders: readonly { readonly pid: number | undefined; readonly udpPort: number }[];
  readonly recorderPid: number | undefined;
  /** Sends all of a show to a further listener on loopback from now on, over restarts; again replaces the port. */
  tap(showId: string, listener: string, port: TapPort): Promise<void>;
  untap(showId: string, listener: string): Promise<void>;
};

/**
 * Starts the children. Rejects with a sentence that names the setting when the UDP port is busy, and when `signal` is
 * aborted before they are ready. After a rejection no child is left.
 */
export async function startChildPlane(
  options: ChildPlaneOptions,
  signal?: AbortSignal,
): Promise<ChildPlane> {
  mkdirSync(options.recordingsFolder, { recursive: true });
  const plane = new ChildProcesses(options);
  try {
    await plane.start(signal);
  } catch (fault) {
    await plane.close();
    throw fault;
  }
  return plane;
}

class ChildProcesses implements ChildPlane {
  readonly #options: ChildPlaneOptions;
  readonly #listeners = new Set<(event: MediaEvent) => void>();
  readonly #recording = new Set<string>();
  readonly #posters = new Posters(
    (showId) => this.#makePoster(showId),
    (showId) => this.isLive(showId),
  );
  #forwarders: ForwarderPool | undefined;
  #recorder: SupervisedChild<RecorderCalls, RecorderNews> | undefined;
  #recorderPort: TapPort | undefined;
  #closed = false;

  constructor(options: ChildPlaneOptions) {
    this.#options = options;
  }

  get forwarders(): ChildPlane['forwarders'] {
    return this.#forwarders?.members ?? [];
  }

  get recorderPid(): number | undefined {
    return this.#recorder?.pid;
  }

  async start(signal?: AbortSignal): Promise<void> {
    const onNote = this.#options.onNote ?? (() => undefined);
    const { bindAddress } = this.#options;
    const recorderOptions: RecorderOptions = { folder: this.#options.recordingsFolder };
    const orGivenUp = (failed: AbortSignal): AbortSignal =>
      signal === undefined ? failed : AbortSignal.any([failed, signal]);
    await together(
      async (failed) => {
        this.#forwarders = await ForwarderPool.start(
          {
            udpPort: this.#options.udpPort ?? 0,
            ...(bindAddress === undefined ? {} : { bindAddress }),
            advertise: this.#options.advertise ?? [],
            forwardersMax: this.#options.forwardersMax ?? availableParallelism(),
            viewersMax: this.#options.viewersMax ?? VIEWERS_MAX,
            idleMs: this.#options.forwarderIdleMs ?? FORWARDER_IDLE_MS,
            publisherBitsPerSecondMax:
              this.#options.publisherBitsPerSecondMax ?? PUBLISHER_BITS_PER_SECOND_MAX,
            onNote,
          },
          (news) => this.#hear(news),
          orGivenUp(failed),
        );
      },
      async (failed) => {
        const { child, ready } = await SupervisedChild.start<RecorderCalls, RecorderNews>(
          {
            name: 'recorder',
            entry: new URL('./recorder/main.ts', import.meta.url),
            argument: recorderOptions,
            onNews: (news) => this.#emit(news),
            onRestart: (restarted) => {
              this.#recorderPort = restarted as TapPort;
              // A child that dies again in between is restarted again, and this runs again.
              for (const showId of this.#recording) this.#record(showId).catch(() => undefined);
            },
            onNote,
          },
          orGivenUp(failed),
        );
        this.#recorder = child;
        this.#recorderPort = ready as TapPort;
      },
    );
  }

  async publish(showId: string, offerSdp: string, takeOver = false): Promise<MediaAnswer> {
    return this.#needForwarders().publish(showId, offerSdp, takeOver);
  }

  async takeLine(showId: string, takeOver: boolean): Promise<MediaLine> {
    return this.#needForwarders().takeLine(showId, takeOver);
  }

  async watch(showId: string, offerSdp: string): Promise<MediaAnswer> {
    return this.#needForwarders().watch(showId, offerSdp);
  }

  async leave(sessionId: string): Promise<boolean> {
    return this.#needForwarders().leave(sessionId);
  }

  session(sessionId: string): MediaSession | undefined {
    return this.#forwarders?.session(sessionId);
  }

  async startRecording(showId: string): Promise<void> {
    if (this.#recording.has(showId)) return;
    this.#recording.add(showId);
    try {
      await this.#record(showId);
    } catch (fault) {
      // The wish stands when a child is just being restarted: it is told again then.
      if (!(fault instanceof MediaFault && fault.code === 'media-unavailable')) {
        this.#recording.delete(showId);
        throw fault;
      }
    }
  }

  async stopRecording(showId: string): Promise<Recording | null> {
    // What a dead forwarder had is lost anyway; what the recorder has is finished either way.
    if (this.#recording.delete(showId)) await this.#needForwarders().untap(showId, 'recorder');
    const recording = await this.#needRecorder().call('stop', { showId }, STOP_TIMEOUT_MS);
    if (recording) this.#emit({ type: 'recording-ready', showId, recording });
    return recording;
  }

  cutClip(showId: string, wish: ClipWish): Promise<ClipFile | null> {
    return this.#needRecorder().call('clip', { showId, wish }, STOP_TIMEOUT_MS);
  }

  poster(showId: string): Promise<Poster | null> {
    return this.#posters.of(showId);
  }

  hasPoster(showId: string): boolean {
    return this.#posters.has(showId);
  }

  viewers(showId: string): number {
    return this.#forwarders?.viewers(showId) ?? 0;
  }

  isLive(showId: string): boolean {
    return !this.#closed && (this.#forwarders?.isLive(showId) ?? false);
  }

  onEvent(listener: (event: MediaEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async tap(showId: string, listener: string, port: TapPort): Promise<void> {
    await this.#needForwarders().tap(showId, listener, { ...port, replay: true });
  }

  async untap(showId: string, listener: string): Promise<void> {
    await this.#needForwarders().untap(showId, listener);
  }

  async dump(): Promise<unknown> {
    return {
      recording: [...this.#recording],
      ...((await this.#forwarders?.dump()) as object),
      recorderRestarts: this.#recorder?.restarts,
      recorder: await this.#recorder
        ?.call('dump', null)
        .catch((fault: Error) => ({ fault: fault.message })),
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // The recorder writes out what it has; parts stay on disk for the next `stopRecording`.
    await this.#recorder?.call('close', null, 5000).catch(() => null);
    await Promise.all([this.#forwarders?.close(), this.#recorder?.close()]);
    this.#listeners.clear();
  }

  async #makePoster(showId: string): Promise<Poster | null> {
    const keyFrame = await this.#needForwarders().keyFrame(showId);
    if (!keyFrame) return null;
    const poster = await this.#needRecorder().call('poster', keyFrame);
    return poster && { whole: Buffer.from(poster.whole), upright: Buffer.from(poster.upright) };
  }

  async #record(showId: string): Promise<void> {
    const port = this.#recorderPort;
    if (!port) throw new MediaFault('media-unavailable', 'The media recorder is starting.');
    await this.#needRecorder().call('start', { showId });
    await this.#needForwarders().tap(showId, 'recorder', { ...port, replay: false });
  }

  #hear(news: PoolNews): void {
    const atMs = Date.now();
    switch (news.type) {
      case 'publisher-connected':
        void this.#posters.makeFirst(news.showId);
        this.#emit({ ...news, atMs });
        break;
      case 'publisher-lost':
        this.#posters.forget(news.showId);
        this.#emit({ ...news, atMs });
        break;
      case 'viewers':
      case 'publisher-stats':
        this.#emit(news);
        break;
      case 'restarted':
        this.#emit({ type: 'engine-restarted', atMs });
        break;
      default:
        news satisfies never;
    }
  }

  #emit(event: MediaEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #needForwarders(): ForwarderPool {
    if (!this.#forwarders || this.#closed)
      throw new MediaFault('media-unavailable', 'The media plane is closed.');
    return this.#forwarders;
  }

  #needRecorder(): SupervisedChild<RecorderCalls, RecorderNews> {
    if (!this.#recorder || this.#closed)
      throw new MediaFault('media-unavailable', 'The media plane is closed.');
    return this.#recorder;
  }
}
