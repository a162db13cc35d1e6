// The recording of one show while it runs: what the tap brings becomes pictures and sounds with a place on the server's
// clock, and goes into part files. Parts are joined elsewhere (`finish.ts`). The rules: the place of a packet comes from
// the publisher's sender reports, not from its arrival; gaps stay gaps; a part starts at a key frame, and a new part is
// begun when codecs change.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { captionBytes } from '../captions/caption-bytes.ts';
import { Line21, type SaidLine } from '../captions/line-21.ts';
import type { TapClock, TapSession } from '../messages.ts';
import { h264ParameterSets } from '../rtp/h264.ts';
import { timestampDistance } from '../rtp/sequence.ts';
import type { MediaUnit } from './assembler.ts';
import { PictureAssembler, SoundAssembler } from './assembler.ts';
import { PartFile } from './part-file.ts';
import { pictureSize } from './picture.ts';

/** How long units wait for the sender reports that place them. Chromium sends its first for sound after 2.5 s. */
const CLOCK_WAIT_MS = 4000;
/** Corrections smaller than this are the jitter of the reports, larger ones the drift of clocks. */
const CLOCK_TOLERANCE_MS = 8;
/** A part is closed after so long, at a key frame: a clip looks through the one that still grows. */
const PART_MS_MAX = 5 * 60_000;
/** Browsers send key frames only when asked. A clip and whoever seeks begin at one: it may be so far back. */
const KEY_FRAME_MS_MAX = 4000;
const KEY_FRAME_ASKED_MS = 1000;

type Kind = 'video' | 'audio';
/** At `ticks` of the stream the server's clock showed `wallMs`. */
type Anchor = { ticks: number; wallMs: number };
type Line = {
  rate: number;
  anchor: Anchor | undefined;
  lastTicks: number | undefined;
  clock: TapClock | undefined;
};

export class ShowRecording {
  readonly folder: string;
  parts = 0;
  pictures = 0;
  /** The last fault in writing, for people. */
  fault: string | undefined;
  readonly #askForKey: () => void;
  #keyAtMs = -Infinity;
  #keyAskedAtMs = -Infinity;
  #writtenToMs = -Infinity;
  readonly #reached = new Set<() => void>();
  readonly #lines: Record<Kind, Line> = {
    video: { rate: 90, anchor: undefined, lastTicks: undefined, clock: undefined },
    audio: { rate: 48, anchor: undefined, lastTicks: undefined, clock: undefined },
  };
  #session: TapSession = { videoCodec: null, audio: false };
  #picture: PictureAssembler | undefined;
  #sound: SoundAssembler;
  #waiting: { kind: Kind; unit: MediaUnit }[] = [];
  #part: PartFile | undefined;
  #partStartedAtMs = 0;
  readonly #captions: Line21;
  #arrivedAtMs = 0;

  /** `askForKey` asks whoever sends for a key frame; `say` hears the captions that the pictures carry. */
  constructor(folder: string, askForKey: () => void, say: (line: SaidLine) => void) {
    this.folder = folder;
    this.#askForKey = askForKey;
    this.#captions = new Line21(say);
    mkdirSync(folder, { recursive: true });
    this.#sound = new SoundAssembler((unit) => this.#arrive('audio', unit));
  }

  /** A publisher's media begins (or goes on, for a tap that was connected again). */
  session(session: TapSession): void {
    this.#captions.end(this.#arrivedAtMs);
    this.#flush();
    const changed =
      session.videoCodec !== this.#session.videoCodec ||
      (session.audio && this.#part?.format.audio === false);
    this.#session = session;
    for (const line of Object.values(this.#lines)) {
      line.anchor = undefined;
      line.clock = undefined;
    }
    if (changed) this.#closePart();
    if (session.videoCodec && (!this.#picture || this.#picture.codec !== session.videoCodec)) {
      this.#picture = new PictureAssembler(session.videoCodec, (unit) =>
        this.#arrive('video', unit),
      );
    }
  }

  /** The tap broke and another one comes: packets in between are missing, numbers may be new. */
  reconnect(): void {
    this.#captions.end(this.#arrivedAtMs);
    this.#flush();
    const { videoCodec } = this.#session;
    this.#picture = videoCodec
      ? new PictureAssembler(videoCodec, (unit) => this.#arrive('video', unit))
      : undefined;
    this.#sound = new SoundAssembler((unit) => this.#arrive('audio', unit));
    for (const line of Object.values(this.#lines)) {
      line.anchor = undefined;
      line.clock = undefined;
      line.lastTicks = undefined;
    }
    this.#closePart();
  }

  packet(kind: Kind, packet: Buffer, arrivedAtMs: number): void {
    if (kind === 'video') this.#picture?.push(packet, arrivedAtMs);
    else this.#sound.push(packet, arrivedAtMs);
  }

  clock(clock: TapClock): void {
    const line = this.#lines[clock.kind];
    line.clock = clock;
    this.#useClock(line);
    if (this.#waiting.length > 0) this.#release(false);
  }

  /** Writes what waits and finishes the part. */
  close(): void {
    this.#captions.end(this.#arrivedAtMs);
    this.#flush();
    this.#closePart();
    this.#writtenToMs = Infinity;
    for (const look of this.#reached) look();
  }

  /** Resolves when pictures up to a time on the server's clock are written, the recording ends, or `waitMs` passed. */
  reached(wallMs: number, waitMs: number): Promise<void> {
    if (this.#writtenToMs >= wallMs) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#reached.delete(look);
        resolve();
      };
      const look = () => {
        if (this.#writtenToMs >= wallMs) end();
      };
      const timer = setTimeout(end, waitMs);
      this.#reached.add(look);
    });
  }

  dump(): unknown {
    return {
      folder: this.folder,
      session: this.#session,
      part: this.#part?.path,
      partBytes: this.#part?.bytes,
      parts: this.parts,
      pictures: this.pictures,
      dropped: this.#picture?.dropped,
      waiting: this.#waiting.length,
      fault: this.fault,
    };
  }

  #arrive(kind: Kind, unit: MediaUnit): void {
    const line = this.#lines[kind];
    line.lastTicks = unit.ticks;
    if (kind === 'video') {
      this.#watchKeys(unit);
      this.#read(unit);
    }
    if (!line.anchor) this.#useClock(line);
    if (this.#waiting.length === 0 && this.#isPlaced()) {
      this.#write(kind, unit);
      return;
    }
    this.#waiting.push({ kind, unit });
    const first = this.#waiting[0]!;
    this.#release(unit.arrivedAtMs - first.unit.arrivedAtMs > CLOCK_WAIT_MS);
  }

  /** Captions don't wait for the clock: who reads them does so now. */
  #read({ data, arrivedAtMs }: MediaUnit): void {
    if (this.#picture?.codec !== 'H264') return;
    this.#arrivedAtMs = arrivedAtMs;
    this.#captions.picture(captionBytes(data), arrivedAtMs);
  }

  #watchKeys({ key, arrivedAtMs }: MediaUnit): void {
    if (key) this.#keyAtMs = arrivedAtMs;
    if (arrivedAtMs - this.#keyAtMs < KEY_FRAME_MS_MAX) return;
    if (arrivedAtMs - this.#keyAskedAtMs < KEY_FRAME_ASKED_MS) return;
    this.#keyAskedAtMs = arrivedAtMs;
    this.#askForKey();
  }

  /** Every kind that this session sends has its clock. */
  #isPlaced(): boolean {
    const { videoCodec, audio } = this.#session;
    return (!videoCodec || !!this.#lines.video.anchor) && (!audio || !!this.#lines.audio.anchor);
  }

  #useClock(line: Line): void {
    const { clock, lastTicks, anchor } = line;
    if (!clock || lastTicks === undefined) return;
    // The report's timestamp is near the newest one, so the shorter way round is right.
    const ticks = lastTicks + timestampDistance(clock.rtpTimestamp, lastTicks >>> 0);
    const next = { ticks, wallMs: clock.wallMs };
    if (anchor && Math.abs(place(anchor, line.rate, ticks) - clock.wallMs) < CLOCK_TOLERANCE_MS)
      return;
    line.anchor = next;
  }

  #release(anyway: boolean): void {
    if (!anyway && !this.#isPlaced()) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const kind of ['video', 'audio'] as const) {
      const line = this.#lines[kind];
      const first = waiting.find((each) => each.kind === kind);
      // No report came: the arrival is the next best thing.
      if (!line.anchor && first)
        line.anchor = { ticks: first.unit.ticks, wallMs: first.unit.arrivedAtMs };
    }
    const placed = waiting.map((each) => ({ ...each, wallMs: this.#wallMs(each.kind, each.unit) }));
    placed.sort((a, b) => a.wallMs - b.wallMs);
    for (const { kind, unit } of placed) this.#write(kind, unit);
  }

  #flush(): void {
    if (this.#waiting.length > 0) this.#release(true);
  }

  #wallMs(kind: Kind, unit: MediaUnit): number {
    const { anchor, rate } = this.#lines[kind];
    return anchor ? place(anchor, rate, unit.ticks) : unit.arrivedAtMs;
  }

  #write(kind: Kind, unit: MediaUnit): void {
    const wallMs = this.#wallMs(kind, unit);
    try {
      const isOld = wallMs - this.#partStartedAtMs > PART_MS_MAX;
      if (this.#part && kind === 'video' && unit.key && isOld) this.#closePart();
      if (!this.#part && !this.#openPart(kind, unit, wallMs)) return;
      this.#part?.write(kind, unit.data, wallMs - this.#partStartedAtMs, unit.key);
      if (kind === 'video') {
        this.pictures += 1;
        this.#writtenToMs = wallMs;
        for (const look of this.#reached) look();
      }
      this.fault = undefined;
    } catch (fault) {
      // A full disk must not end the other recordings; what is written is kept, and the next key frame tries again.
      this.fault = fault instanceof Error ? fault.message : String(fault);
      this.#closePart();
    }
  }

  #openPart(kind: Kind, unit: MediaUnit, wallMs: number): boolean {
    const { videoCodec, audio } = this.#session;
    if (videoCodec && (kind !== 'video' || !unit.key)) return false;
    const size = videoCodec ? pictureSize(videoCodec, unit.data) : undefined;
    if (videoCodec && !size) return false;
    const parameterSets = videoCodec === 'H264' ? h264ParameterSets(unit.data) : undefined;
    if (videoCodec === 'H264' && !parameterSets) return false;
    const video = videoCodec && size ? { codec: videoCodec, ...size, parameterSets } : undefined;
    this.#partStartedAtMs = Math.round(wallMs);
    this.#part = new PartFile(join(this.folder, `part-${this.#partStartedAtMs}.mkv`), {
      video,
      audio,
    });
    this.parts += 1;
    return true;
  }

  #closePart(): void {
    const part = this.#part;
    this.#part = undefined;
    part?.close();
  }
}

function place(anchor: Anchor, rate: number, ticks: number): number {
  return anchor.wallMs + (ticks - anchor.ticks) / rate;
}
