// One push: a show's tap in, one destination out, in a process of its own. The rule: what comes is taken at once, however
// slow the destination is; what it can't take in time is left out (`queue.ts`), and one that takes nothing is given up.

import type { TapPort } from '../messages.ts';
import { type TapLine, TapListener, type TapReader } from '../tap-listener.ts';
import { PushFault, targetOf } from './dial.ts';
import { PushFeed } from './feed.ts';
import { soundConfig } from './flv-body.ts';
import type { PushNews, PushWish } from './messages.ts';
import { type PushMessage, PushQueue } from './queue.ts';
import { RtmpPublisher } from './rtmp-publisher.ts';

/** What may wait for a destination: four seconds, or twice that many megabits at 4 Mbit/s. */
const QUEUE = { bytesMax: 4 * 1024 * 1024, spanMs: 4_000 };
/** What is handed to the system beyond what it takes: the rest waits where it can still be left out. */
const SOCKET_BYTES_MAX = 128 * 1024;
/** A destination that takes nothing for so long is given up. */
const STUCK_MS = 10_000;
const FIGURES_MS = 1_000;
/** How often the show's publisher is asked for a key frame because of one destination. */
const KEY_FRAME_EVERY_MS = 2_000;

export class Push {
  readonly #tell: (news: PushNews) => void;
  readonly #taps = new TapListener((showId, line) => this.#admit(showId, line));
  readonly #queue = new PushQueue(QUEUE);
  readonly #feed: PushFeed;
  #wish: PushWish | undefined;
  #line: TapLine | undefined;
  #state: 'idle' | 'connecting' | 'live' | 'over' = 'idle';
  #publisher: RtmpPublisher | undefined;
  #toldForm: Buffer | undefined;
  #taken = { bytes: 0, atMs: 0 };
  #figured = { bytes: 0, atMs: 0 };
  #askedKeyAtMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: (news: PushNews) => void) {
    this.#tell = tell;
    this.#feed = new PushFeed(
      (message) => this.#take(message),
      (isH264) => tell({ type: 'push-picture', isH264 }),
    );
  }

  listen(): Promise<TapPort> {
    return this.#taps.listen();
  }

  open(wish: PushWish): void {
    this.#wish = wish;
    this.#timer = setInterval(() => this.#look(), FIGURES_MS);
  }

  /** Asks the destination for leave to publish, sends nothing, and ends. */
  async try(wish: PushWish): Promise<void> {
    this.#wish = wish;
    await this.#connect();
    if (this.#state === 'live') this.#over(new PushFault('reset', 'Tried.'));
  }

  dump(): unknown {
    const { bytes, dropped, needsKey } = this.#queue;
    const { waitingBytes } = this.#publisher ?? {};
    return {
      ...{ pid: process.pid, cpu: process.cpuUsage(), memory: process.memoryUsage().rss },
      ...{ state: this.#state, tapped: this.#line !== undefined },
      ...{ queueBytes: bytes, dropped, needsKey, waitingBytes },
    };
  }

  #admit(showId: string, line: TapLine): TapReader | undefined {
    if (showId !== this.#wish?.showId || this.#state === 'over') return undefined;
    this.#line?.destroy();
    this.#line = line;
    const isMine = (): boolean => this.#line === line;
    return {
      session: (session) => isMine() && this.#guarded(() => this.#feed.session(session)),
      clock: (clock) => isMine() && this.#guarded(() => this.#feed.clock(clock)),
      packet: (kind, packet, atMs) =>
        isMine() && this.#guarded(() => this.#feed.packet(kind, packet, atMs)),
      end: () => {
        if (isMine()) this.#line = undefined;
      },
    };
  }

  #take(message: PushMessage): void {
    if (this.#state === 'over') return;
    this.#queue.push(message);
    if (this.#state === 'idle') void this.#connect();
    else if (this.#state === 'live') this.#flush();
    if (!this.#queue.needsKey) return;
    const nowMs = Date.now();
    if (nowMs - this.#askedKeyAtMs < KEY_FRAME_EVERY_MS) return;
    this.#askedKeyAtMs = nowMs;
    this.#line?.requestKeyFrame();
  }

  async #connect(): Promise<void> {
    const { address, key, inside } = this.#wish!;
    this.#state = 'connecting';
    this.#tell({ type: 'push-connecting' });
    try {
      const target = targetOf(address);
      if (!target) throw new PushFault('failed', 'This is no address of RTMP.');
      const publisher = await RtmpPublisher.open({ target, key, inside }, (fault) =>
        this.#over(fault),
      );
      this.#publisher = publisher;
      this.#state = 'live';
      this.#taken = { bytes: publisher.takenBytes, atMs: Date.now() };
      this.#figured = { ...this.#taken };
      publisher.onDrain(() => this.#flush());
      this.#tell({ type: 'push-live' });
      this.#flush();
    } catch (fault) {
      this.#over(
        fault instanceof PushFault ? fault : new PushFault('failed', (fault as Error).message),
      );
    }
  }

  #flush(): void {
    const publisher = this.#publisher;
    while (publisher && this.#state === 'live' && publisher.waitingBytes < SOCKET_BYTES_MAX) {
      const message = this.#queue.shift();
      if (!message) return;
      this.#describe(publisher, message);
      publisher.send(message.kind, message.atMs, message.body);
    }
  }

  /** Before what needs it: what the picture and the sound are. */
  #describe(publisher: RtmpPublisher, { atMs, form }: PushMessage): void {
    const isFirst = this.#toldForm === undefined;
    if (!isFirst && (!form || form.config.equals(this.#toldForm!))) return;
    this.#toldForm = form?.config ?? Buffer.alloc(0);
    publisher.describe(form && { width: form.width, height: form.height });
    if (form) publisher.send('video', atMs, form.config);
    if (isFirst) publisher.send('audio', atMs, soundConfig);
  }

  #look(): void {
    const publisher = this.#publisher;
    if (!publisher || this.#state !== 'live') return;
    const nowMs = Date.now();
    const bytes = publisher.takenBytes;
    if (bytes > this.#taken.bytes || publisher.waitingBytes === 0)
      this.#taken = { bytes, atMs: nowMs };
    if (nowMs - this.#taken.atMs > STUCK_MS) {
      this.#over(new PushFault('stuck', `It took nothing for ${STUCK_MS / 1000} s.`));
      return;
    }
    const seconds = Math.max(0.001, (nowMs - this.#figured.atMs) / 1000);
    this.#tell({
      type: 'push-figures',
      bitsPerSecond: Math.round(((bytes - this.#figured.bytes) * 8) / seconds),
      droppedPictures: this.#queue.dropped,
      waitingBytes: publisher.waitingBytes + this.#queue.bytes,
    });
    this.#figured = { bytes, atMs: nowMs };
  }

  #over({ end, message }: PushFault): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    clearInterval(this.#timer);
    this.#publisher?.close();
    this.#taps.close();
    this.#feed.close();
    this.#tell({ type: 'push-over', end, words: message });
  }

  #guarded(run: () => void): void {
    try {
      run();
    } catch (fault) {
      this.#over(new PushFault('failed', fault instanceof Error ? fault.message : String(fault)));
    }
  }
}
