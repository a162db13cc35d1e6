// All recordings of the recorder process: finds the recording that each of the forwarder's taps belongs to, finishes
// recordings when told. The rule: a show has one recording and it is fed by one tap, the newest.

import { join } from 'node:path';
import type { ClipFile, ClipWish, Recording } from '../media-plane.ts';
import { MediaFault } from '../media-plane.ts';
import type { RecorderNews, TapPort } from '../messages.ts';
import type { TapLine, TapReader } from '../tap-listener.ts';
import { TapListener } from '../tap-listener.ts';
import { cutClip } from './clip.ts';
import { finishRecording } from './finish.ts';
import { ShowRecording } from './show-recording.ts';

/** After the forwarder was told to stop, what it sent is still on its way. */
const DRAIN_MS = 2000;
/** What is written reaches the disk a second later, a cluster at a time. */
const CLUSTER_MS = 1200;
/** How long a clip waits for pictures of its end: they are placed up to four seconds after they came. */
const CLIP_WAIT_MS = 8000;
/** Clips of one show that wait; each is cut in a fraction of a second. */
const CLIPS_WAITING_MAX = 200;

type OpenTap = { line: TapLine; ended: PromiseWithResolvers<void> };
type OpenRecording = { recording: ShowRecording; tap: OpenTap | undefined };

export class Recorder {
  readonly #folder: string;
  readonly #tell: (news: RecorderNews) => void;
  readonly #open = new Map<string, OpenRecording>();
  readonly #taps = new TapListener((showId, line) => this.#admit(showId, line));
  /** Joining of one show's parts happens once at a time. */
  readonly #finishing = new Map<string, Promise<Recording | null>>();
  /** What reads or rewrites a show's files happens one after the other; how many wait. */
  readonly #turns = new Map<string, { last: Promise<unknown>; waiting: number }>();

  constructor(folder: string, tell: (news: RecorderNews) => void) {
    this.#folder = folder;
    this.#tell = tell;
  }

  /** Listens on a free loopback port. */
  listen(): Promise<TapPort> {
    return this.#taps.listen();
  }

  start(showId: string): void {
    if (this.#open.has(showId)) return;
    const askForKey = () => this.#open.get(showId)?.tap?.line.requestKeyFrame();
    this.#open.set(showId, {
      recording: new ShowRecording(this.#showFolder(showId), askForKey, (line) =>
        this.#tell({ type: 'caption', showId, ...line }),
      ),
      tap: undefined,
    });
  }

  /** Finishes the show's recording; see `MediaPlane.stopRecording`. */
  async stop(showId: string): Promise<Recording | null> {
    const open = this.#open.get(showId);
    if (open) {
      await Promise.race([
        open.tap?.ended.promise,
        new Promise<void>((resolve) => setTimeout(resolve, DRAIN_MS)),
      ]);
      open.tap?.line.destroy();
      this.#open.delete(showId);
      open.recording.close();
    }
    const present = this.#finishing.get(showId);
    if (present) return present;
    const finishing = this.#inTurn(showId, () => finishRecording(this.#showFolder(showId))).finally(
      () => this.#finishing.delete(showId),
    );
    this.#finishing.set(showId, finishing);
    return finishing;
  }

  /** Cuts a clip; see `MediaPlane.cutClip`. */
  async clip(showId: string, wish: ClipWish): Promise<ClipFile | null> {
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(wish.clipId)) throw new Error('a clip without a good name');
    if ((this.#turns.get(showId)?.waiting ?? 0) >= CLIPS_WAITING_MAX)
      throw new MediaFault('media-capacity', 'Too many clips of this show wait to be cut.');
    await this.#open.get(showId)?.recording.reached(wish.toMs + CLUSTER_MS, CLIP_WAIT_MS);
    return this.#inTurn(showId, () => cutClip(this.#showFolder(showId), wish));
  }

  async #inTurn<T>(showId: string, run: () => Promise<T>): Promise<T> {
    const turns = this.#turns.get(showId) ?? { last: Promise.resolve(), waiting: 0 };
    this.#turns.set(showId, turns);
    turns.waiting += 1;
    const mine = turns.last.then(run, run);
    turns.last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      turns.waiting -= 1;
      if (turns.waiting === 0) this.#turns.delete(showId);
    }
  }

  /** Closes all files; parts are joined another time. */
  close(): void {
    this.#taps.close();
    for (const { recording } of this.#open.values()) recording.close();
    this.#open.clear();
  }

  dump(): unknown {
    const shows: Record<string, unknown> = {};
    for (const [showId, { recording, tap }] of this.#open) {
      shows[showId] = { tapped: tap !== undefined, ...(recording.dump() as object) };
    }
    return { pid: process.pid, folder: this.#folder, shows };
  }

  /** A folder name that no show id can escape from. */
  #showFolder(showId: string): string {
    const safe = showId.replaceAll(
      /[^A-Za-z0-9_-]/g,
      (letter) => `~${letter.codePointAt(0)!.toString(16)}`,
    );
    return join(this.#folder, safe.slice(0, 120) || '~');
  }

  #admit(showId: string, line: TapLine): TapReader | undefined {
    const open = this.#open.get(showId);
    if (!open) return undefined;
    open.tap?.line.destroy();
    const tap: OpenTap = { line, ended: Promise.withResolvers<void>() };
    open.tap = tap;
    const { recording } = open;
    // Another forwarder counts from elsewhere: nothing of the old tap fits.
    recording.reconnect();
    const isMine = (): boolean => open.tap === tap;
    return {
      session: (session) => isMine() && recording.session(session),
      clock: (clock) => isMine() && recording.clock(clock),
      // A copy: units may wait for seconds, and the chunk they came in is large.
      packet: (kind, packet, atMs) => isMine() && recording.packet(kind, Buffer.from(packet), atMs),
      end: () => {
        tap.ended.resolve();
        if (isMine()) open.tap = undefined;
      },
    };
  }
}
