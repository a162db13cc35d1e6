// What encoders that publish by WHIP send, and what is wrong with it, as the ingest tells it of those that come by RTMP.
// What is known of them the forwarder saw in their packets, once a second. The rule: nothing is encoded again here, so
// that a complaint is named and the show goes on as it is. Rule: ING-15.

import type { Complaint, EncoderReport } from '../../protocol/encoder.ts';
import type { MediaEvent, MediaPlane, PublisherArrival, PublisherStats } from '../media-plane.ts';
import { pictureForm } from './picture-form.ts';

/** Reports of so many shows are kept, the oldest go first. */
const REPORTS_MAX = 500;
/** From here on sound or picture that didn't come are missing: an encoder begins both within a second or two. */
const MISSING_MS = 5_000;
/** The recorder asks for a key picture when the last is four seconds old: one that is much older was refused. */
const KEY_INTERVAL_MS_MAX = 8_000;
/** Opus in WebRTC is always told as 48 kHz and two channels (RFC 7587, section 7). */
const OPUS = { codec: 'Opus', sampleRate: 48_000, channels: 2 } as const;

export class WhipReports {
  readonly #reports = new Map<string, EncoderReport>();
  readonly #beganAtMs = new Map<string, number>();
  readonly #nowMs: () => number;

  constructor(media: Pick<MediaPlane, 'onEvent'>, nowMs: () => number) {
    this.#nowMs = nowMs;
    media.onEvent((event) => this.#hear(event));
  }

  /** An encoder was let in at the door. `encoder`: what it calls itself. */
  began(showId: string, sessionId: string, encoder: string | null): void {
    this.#beganAtMs.delete(showId);
    this.#keep({
      ...{ showId, sessionId, encoder, state: 'on', atMs: this.#nowMs() },
      ...{ video: null, audio: null, complaints: [] },
    });
  }

  /** What the show's encoder by WHIP sends, or sent last; null when none came since the start. */
  report(showId: string): EncoderReport | null {
    return this.#reports.get(showId) ?? null;
  }

  #hear(event: MediaEvent): void {
    if (event.type === 'engine-restarted') {
      for (const report of this.#reports.values()) this.#end(report);
      return;
    }
    const report = 'showId' in event ? this.#reports.get(event.showId) : undefined;
    if (!report) return;
    if (event.type === 'publisher-connected') {
      // A browser or another encoder took the place.
      if (event.sessionId !== report.sessionId) this.#end(report);
      else {
        this.#beganAtMs.set(report.showId, this.#nowMs());
        this.#keep({ ...report, state: 'on' });
      }
    } else if (event.type === 'publisher-lost') {
      if (event.sessionId === report.sessionId) this.#end(report);
    } else if (event.type === 'publisher-stats' && event.arrival && report.state === 'on')
      this.#look(report, event, event.arrival);
  }

  #look(report: EncoderReport, stats: PublisherStats, { picture, sound }: PublisherArrival): void {
    const atMs = this.#nowMs();
    const beganAtMs = this.#beganAtMs.get(report.showId);
    if (beganAtMs === undefined) return;
    const parameters = picture?.parameters ?? null;
    const keyIntervalMs = stats.keyIntervalMs ?? null;
    this.#keep({
      ...report,
      atMs,
      video: picture && {
        codec: picture.codec === 'VP8' ? 'VP8' : 'H.264',
        profile: parameters?.profile ?? null,
        level: parameters?.level ?? null,
        size: parameters && { width: parameters.width, height: parameters.height },
        framesPerSecond: stats.framesPerSecond,
        keyIntervalMs,
        bitsPerSecond: Math.max(0, stats.bitsPerSecond - (sound?.bitsPerSecond ?? 0)),
        remade: false,
      },
      audio: sound && { ...OPUS, bitsPerSecond: sound.bitsPerSecond },
      complaints: complaintsOf(
        { picture, sound },
        { ...stats, keyIntervalMs, ranMs: atMs - beganAtMs },
      ),
    });
  }

  #end(report: EncoderReport): void {
    if (report.state === 'on')
      this.#reports.set(report.showId, { ...report, state: 'ended', atMs: this.#nowMs() });
  }

  #keep(report: EncoderReport): void {
    this.#reports.delete(report.showId);
    this.#reports.set(report.showId, report);
    for (const oldest of this.#reports.keys()) {
      if (this.#reports.size <= REPORTS_MAX) break;
      this.#reports.delete(oldest);
      this.#beganAtMs.delete(oldest);
    }
  }
}

const named = (code: Complaint['code'], more: Partial<Complaint> = {}): Complaint => ({
  ...{ code, outcome: 'named', found: null, figure: null },
  ...more,
});

/** What is wrong with what came in the last second. */
export const complaintsOf = (
  { picture, sound }: PublisherArrival,
  {
    keyIntervalMs,
    packetsOverLimit,
    bitsPerSecond,
    ranMs,
  }: Pick<PublisherStats, 'packetsOverLimit' | 'bitsPerSecond'> & {
    keyIntervalMs: number | null;
    ranMs: number;
  },
): Complaint[] => {
  const found: Complaint[] = [];
  const isLate = ranMs > MISSING_MS;
  if (picture === null && isLate) found.push(named('no-picture'));
  if (sound === null && isLate) found.push(named('no-sound'));
  if (picture?.codec === 'VP8') found.push(named('vp8'));
  const { complaint } = picture?.parameters ? pictureForm(picture.parameters, 0) : {};
  if (complaint) found.push({ ...complaint, outcome: 'named' });
  if (picture?.reordered) found.push(named('b-frames'));
  if (keyIntervalMs !== null && keyIntervalMs > KEY_INTERVAL_MS_MAX)
    found.push(named('key-interval', { figure: keyIntervalMs }));
  if ((packetsOverLimit ?? 0) > 0) found.push(named('bit-rate', { figure: bitsPerSecond }));
  return found;
};
