// The receiving side of one RTP stream from a publisher: what came, what is missing, when to ask again, and the report
// that the publisher gets. Pure bookkeeping on a clock that is handed in; it sends nothing itself. The rule: a missing
// packet is asked for at once and then repeatedly, since at 3 % loss single requests were seen to freeze the picture.

import type { ReportBlock } from '../rtp/rtcp.ts';
import { SequenceUnwrapper } from '../rtp/sequence.ts';

/** How often a missing packet is asked for, and how far apart. Six times in 240 ms, then a key frame is cheaper. */
export const NACK_ATTEMPTS = 6;
export const NACK_INTERVAL_MS = 40;
/** A gap larger than this is an outage: no asking, a key frame instead. */
const GAP_PACKETS_MAX = 256;
/** Numbers remembered for recognising repetitions. */
const WINDOW_PACKETS = 2048;

/** What a packet turned out to be. */
export type Received = { index: number; fresh: boolean };

export class ReceiveStream {
  readonly ssrc: number;
  readonly #clockRate: number;
  readonly #unwrapper = new SequenceUnwrapper();
  readonly #seen = new Float64Array(WINDOW_PACKETS).fill(-1);
  readonly #missing = new Map<number, { attempts: number; askAtMs: number }>();
  #first = -1;
  #highest = -1;
  #packets = 0;
  #lostInInterval = 0;
  #expectedInInterval = 0;
  #reportExpected = 0;
  #reportPackets = 0;
  #jitter = 0;
  #lastTransit: number | undefined;
  #lastReport = 0;
  #lastReportAtMs = 0;

  constructor(ssrc: number, clockRate: number) {
    this.ssrc = ssrc;
    this.#clockRate = clockRate;
  }

  /** Takes note of a packet. `fresh` is false for a repetition of one that came already. */
  receive(sequence: number, timestamp: number, nowMs: number): Received {
    const index = this.#unwrapper.unwrap(sequence);
    const slot = index % WINDOW_PACKETS;
    const fresh = this.#seen[slot] !== index && index > this.#highest - WINDOW_PACKETS;
    if (!fresh) return { index, fresh };
    this.#seen[slot] = index;
    this.#packets += 1;
    if (this.#first < 0) {
      this.#first = index;
      this.#highest = index;
      this.#expectedInInterval += 1;
    } else if (index > this.#highest) {
      const gap = index - this.#highest - 1;
      this.#expectedInInterval += gap + 1;
      this.#lostInInterval += gap;
      if (gap <= GAP_PACKETS_MAX) {
        for (let each = this.#highest + 1; each < index; each += 1) {
          this.#missing.set(each, { attempts: 0, askAtMs: nowMs });
        }
      }
      this.#highest = index;
      this.#measureJitter(timestamp, nowMs);
    } else {
      this.#missing.delete(index);
    }
    return { index, fresh };
  }

  /** Something is missing that may still come. */
  get hasMissing(): boolean {
    return this.#missing.size > 0;
  }

  /**
   * What to ask for now, in rising order, and whether something was given up (then only a key frame helps).
   * Call it when a gap appears and every few ms while `hasMissing`.
   */
  due(nowMs: number): { sequences: number[]; gaveUp: boolean } {
    const sequences: number[] = [];
    let gaveUp = false;
    for (const [index, entry] of this.#missing) {
      if (entry.askAtMs > nowMs) continue;
      if (entry.attempts >= NACK_ATTEMPTS || index < this.#highest - WINDOW_PACKETS / 2) {
        this.#missing.delete(index);
        gaveUp = true;
        continue;
      }
      entry.attempts += 1;
      entry.askAtMs = nowMs + NACK_INTERVAL_MS;
      sequences.push(index & 0xffff);
    }
    return { sequences, gaveUp };
  }

  /** Notes a sender report, which the next report answers. */
  senderReport(ntpMiddle: number, nowMs: number): void {
    this.#lastReport = ntpMiddle;
    this.#lastReportAtMs = nowMs;
  }

  /** The report block for the publisher; covers the time since the last call. Undefined before the first packet. */
  report(nowMs: number): ReportBlock | undefined {
    if (this.#first < 0) return undefined;
    const expected = this.#highest - this.#first + 1;
    const expectedNow = expected - this.#reportExpected;
    const receivedNow = this.#packets - this.#reportPackets;
    this.#reportExpected = expected;
    this.#reportPackets = this.#packets;
    return {
      ssrc: this.ssrc,
      fractionLost: expectedNow > 0 ? Math.max(0, expectedNow - receivedNow) / expectedNow : 0,
      totalLost: Math.max(0, expected - this.#packets),
      highestSequence: (this.#highest - 0x10000) >>> 0,
      jitter: Math.round(this.#jitter),
      lastReport: this.#lastReport,
      delaySinceLastReport:
        this.#lastReport === 0 ? 0 : Math.round(((nowMs - this.#lastReportAtMs) * 65536) / 1000),
    };
  }

  /** Share of packets that did not come at first, since the last call. */
  takeLossRatio(): number {
    const ratio =
      this.#expectedInInterval > 0 ? this.#lostInInterval / this.#expectedInInterval : 0;
    this.#lostInInterval = 0;
    this.#expectedInInterval = 0;
    return Math.min(1, ratio);
  }

  #measureJitter(timestamp: number, nowMs: number): void {
    const arrival = (nowMs * this.#clockRate) / 1000;
    const transit = arrival - timestamp;
    if (this.#lastTransit !== undefined) {
      const difference = Math.abs(transit - this.#lastTransit);
      // A wrap of the timestamp isn't jitter.
      if (difference < this.#clockRate * 10) this.#jitter += (difference - this.#jitter) / 16;
    }
    this.#lastTransit = transit;
  }
}
