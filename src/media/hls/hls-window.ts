// The last half minute of a show as HLS has it: segments of parts, held in memory, the oldest let go. What is written of
// it stands in `playlist.ts`, who may read it in `src/api/hls-routes.ts`. The rule: what a playlist names is here for as
// long again as a playlist is long, and numbers only grow, over restarts too.

import { limits } from '../../base/limits.ts';
import type { HlsForm, HlsPart } from '../packager-messages.ts';

/** A part in its place. `index` counts within its segment. */
export type WindowPart = {
  readonly index: number;
  readonly durationMs: number;
  readonly independent: boolean;
  readonly gap: boolean;
  readonly data: Uint8Array;
};

export type WindowSegment = {
  /** Its media sequence number. */
  readonly msn: number;
  readonly form: number;
  readonly startMs: number;
  /** Something changed since the segment before: the form, or the packager itself. */
  readonly discontinuity: boolean;
  readonly parts: WindowPart[];
  durationMs: number;
  bytes: number;
  /** No more parts come. */
  isWhole: boolean;
};

export type WindowOptions = {
  /** The first media sequence number; above all that this show ever had. */
  readonly firstMsn: number;
  /** Part of every address: files of another run are other files. */
  readonly epoch: string;
};

export class HlsWindow {
  readonly epoch: string;
  /** Oldest first; the last one may still grow. */
  readonly segments: WindowSegment[] = [];
  /** Let go by the playlist, still here for those who read it before. */
  readonly #past: WindowSegment[] = [];
  readonly forms = new Map<number, HlsForm>();
  /** Grows with every change: what was made of the window before is old. */
  version = 0;
  /** `EXT-X-DISCONTINUITY-SEQUENCE`. */
  discontinuities = 0;
  bytes = 0;
  isEnded = false;
  #nextMsn: number;
  #breaks = false;
  #lastForm: number | undefined;

  constructor({ firstMsn, epoch }: WindowOptions) {
    this.#nextMsn = firstMsn;
    this.epoch = epoch;
  }

  /** There is something to play. */
  get isPlayable(): boolean {
    return this.segments.some(({ parts }) => parts.some(({ gap }) => !gap));
  }

  addForm(form: HlsForm): void {
    this.forms.set(form.form, form);
  }

  /** Another packager goes on with this show: its times are others. */
  restart(): void {
    this.#close();
    this.#breaks = this.segments.length > 0;
    this.version += 1;
  }

  /** Takes the next part. Parts come in the order of time; a part without a form that is known is left out. */
  add(part: HlsPart): void {
    if (this.isEnded || !this.forms.has(part.form)) return;
    if (part.startsSegment || !this.segments.at(-1) || this.segments.at(-1)?.isWhole)
      this.#open(part);
    const segment = this.segments.at(-1)!;
    const { durationMs, independent, gap, data } = part;
    segment.parts.push({ index: segment.parts.length, durationMs, independent, gap, data });
    segment.durationMs += durationMs;
    segment.bytes += data.length;
    this.bytes += data.length;
    if (part.endsSegment) segment.isWhole = true;
    this.#trim();
    this.version += 1;
  }

  /** Lets the oldest segment go before its time, for others need its room. False when what is left is the least. */
  forgetOldest(): boolean {
    if (this.#past.length === 0) {
      const first = this.segments.length > 2 ? this.segments.shift() : undefined;
      if (!first) return false;
      if (first.discontinuity) this.discontinuities += 1;
      this.#past.push(first);
      this.version += 1;
    }
    this.bytes -= this.#past.shift()?.bytes ?? 0;
    return true;
  }

  /** The show is over: no more comes. */
  end(): void {
    if (this.isEnded) return;
    this.#close();
    this.isEnded = true;
    this.version += 1;
  }

  /** The segment with this number, also one that the playlist no longer names. */
  segment(msn: number): WindowSegment | undefined {
    const first = this.#past[0] ?? this.segments[0];
    if (!first) return undefined;
    const at = msn - first.msn;
    return at < this.#past.length ? this.#past[at] : this.segments[at - this.#past.length];
  }

  /** The number and part that come next. */
  get next(): { msn: number; part: number } {
    const last = this.segments.at(-1);
    return last && !last.isWhole
      ? { msn: last.msn, part: last.parts.length }
      : { msn: this.#nextMsn, part: 0 };
  }

  /** Whether a playlist of now has this part; without `part`, the whole segment (RFC 8216bis section 6.2.5.2). */
  has(msn: number, part: number | undefined): boolean {
    const last = this.segments.at(-1);
    if (!last) return false;
    if (msn < last.msn) return true;
    if (msn > last.msn) return false;
    return part === undefined ? last.isWhole : part < last.parts.length;
  }

  #open(part: HlsPart): void {
    this.#close();
    const changed = this.#lastForm !== undefined && this.#lastForm !== part.form;
    this.segments.push({
      msn: this.#nextMsn,
      form: part.form,
      startMs: part.startMs,
      discontinuity: this.#breaks || changed,
      parts: [],
      durationMs: 0,
      bytes: 0,
      isWhole: false,
    });
    this.#nextMsn += 1;
    this.#breaks = false;
    this.#lastForm = part.form;
  }

  #close(): void {
    const last = this.segments.at(-1);
    if (last) last.isWhole = true;
  }

  #trim(): void {
    let durationMs = this.segments.reduce((sum, segment) => sum + segment.durationMs, 0);
    let bytes = this.segments.reduce((sum, segment) => sum + segment.bytes, 0);
    for (;;) {
      const first = this.segments[0];
      if (!first || this.segments.length < 2) break;
      const isLong = durationMs - first.durationMs >= limits.hlsWindowMs;
      // A host who sends much more than they were told to has a shorter past.
      if (!isLong && bytes <= limits.hlsShowBytesMax / 2) break;
      this.segments.shift();
      this.#past.push(first);
      if (first.discontinuity) this.discontinuities += 1;
      durationMs -= first.durationMs;
      bytes -= first.bytes;
    }
    let pastMs = this.#past.reduce((sum, segment) => sum + segment.durationMs, 0);
    for (let first = this.#past[0]; first; first = this.#past[0]) {
      if (pastMs <= limits.hlsWindowMs && this.bytes <= limits.hlsShowBytesMax) break;
      this.#past.shift();
      pastMs -= first.durationMs;
      this.bytes -= first.bytes;
    }
    const oldest = (this.#past[0] ?? this.segments[0])?.form ?? 0;
    for (const form of this.forms.keys()) {
      if (form >= oldest) break;
      this.forms.delete(form);
    }
  }
}
