// Where pictures and sounds belong on the server's clock: by the publisher's sender reports, never by their arrival, so
// that lips and voice stay together however differently the two travelled. Units wait for the first reports of their
// stream. No media is looked at here.

import type { TapClock, TapSession } from '../messages.ts';
import type { MediaUnit } from '../recorder/assembler.ts';
import { timestampDistance } from '../rtp/sequence.ts';

/** How long units wait for the reports that place them. Chromium sends its first for sound after 2.5 s. */
const CLOCK_WAIT_MS = 4000;
/** Corrections smaller than this are the jitter of the reports, larger ones the drift of clocks. */
const CLOCK_TOLERANCE_MS = 8;
/** Units that wait for reports at most: some seconds of pictures and sounds. */
const WAITING_MAX = 2000;

export type Kind = 'video' | 'audio';
/** A unit and the server's clock, in ms since 1970, at its first moment. */
export type PlacedUnit = { kind: Kind; unit: MediaUnit; wallMs: number };

type Line = {
  /** Ticks a millisecond. */
  rate: number;
  anchor: { ticks: number; wallMs: number } | undefined;
  lastTicks: number | undefined;
  clock: TapClock | undefined;
};

export class Timeline {
  readonly #emit: (placed: PlacedUnit) => void;
  readonly #lines: Record<Kind, Line> = {
    video: { rate: 90, anchor: undefined, lastTicks: undefined, clock: undefined },
    audio: { rate: 48, anchor: undefined, lastTicks: undefined, clock: undefined },
  };
  #session: TapSession = { videoCodec: null, audio: false };
  #waiting: { kind: Kind; unit: MediaUnit }[] = [];

  constructor(emit: (placed: PlacedUnit) => void) {
    this.#emit = emit;
  }

  /** A publisher's media begins: the clocks of the one before mean nothing any more. */
  session(session: TapSession): void {
    this.#release(true);
    this.#session = session;
    for (const line of Object.values(this.#lines)) {
      line.anchor = undefined;
      line.clock = undefined;
      line.lastTicks = undefined;
    }
  }

  clock(clock: TapClock): void {
    const line = this.#lines[clock.kind];
    line.clock = clock;
    useClock(line);
    this.#release(false);
  }

  arrive(kind: Kind, unit: MediaUnit): void {
    const line = this.#lines[kind];
    line.lastTicks = unit.ticks;
    if (!line.anchor) useClock(line);
    if (this.#waiting.length === 0 && this.#isPlaced()) {
      this.#place(kind, unit);
      return;
    }
    this.#waiting.push({ kind, unit });
    const first = this.#waiting[0]!;
    this.#release(
      unit.arrivedAtMs - first.unit.arrivedAtMs > CLOCK_WAIT_MS ||
        this.#waiting.length > WAITING_MAX,
    );
  }

  /** Every kind that this session sends has its clock. */
  #isPlaced(): boolean {
    const { videoCodec, audio } = this.#session;
    return (!videoCodec || !!this.#lines.video.anchor) && (!audio || !!this.#lines.audio.anchor);
  }

  #release(anyway: boolean): void {
    if (this.#waiting.length === 0 || (!anyway && !this.#isPlaced())) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const kind of ['video', 'audio'] as const) {
      const line = this.#lines[kind];
      const first = waiting.find((each) => each.kind === kind);
      // No report came: the arrival is the next best thing.
      if (!line.anchor && first)
        line.anchor = { ticks: first.unit.ticks, wallMs: first.unit.arrivedAtMs };
    }
    for (const { kind, unit } of waiting) this.#place(kind, unit);
  }

  #place(kind: Kind, unit: MediaUnit): void {
    const { anchor, rate } = this.#lines[kind];
    const wallMs = anchor ? anchor.wallMs + (unit.ticks - anchor.ticks) / rate : unit.arrivedAtMs;
    this.#emit({ kind, unit, wallMs });
  }
}

function useClock(line: Line): void {
  const { clock, lastTicks, anchor, rate } = line;
  if (!clock || lastTicks === undefined) return;
  // The report's timestamp is near the newest one, so the shorter way round is right.
  const ticks = lastTicks + timestampDistance(clock.rtpTimestamp, lastTicks >>> 0);
  const off = anchor ? anchor.wallMs + (ticks - anchor.ticks) / rate - clock.wallMs : Infinity;
  if (Math.abs(off) >= CLOCK_TOLERANCE_MS) line.anchor = { ticks, wallMs: clock.wallMs };
}
