// A show's tap as messages for a destination: pictures as they came (H.264 with lengths), sound as AAC, both on one
// timeline that begins with the first key picture. The rule: times only grow and go on over a publisher's absence, and
// what follows an absence begins with a key picture.

import type { TapClock, TapSession } from '../messages.ts';
import { AAC_SAMPLES, AacTrack, SOUND_RATE } from '../packager/aac-track.ts';
import { parameterSets, toLengths } from '../packager/fragmented-mp4.ts';
import { type PlacedUnit, Timeline } from '../packager/timeline.ts';
import { PictureAssembler, SoundAssembler } from '../recorder/assembler.ts';
import { pictureSize } from '../recorder/picture.ts';
import { keyBody, pictureBody, pictureConfig, soundBody } from './flv-body.ts';
import type { PictureForm, PushMessage } from './queue.ts';

const TICK_MS = 100;
/** Sound that is so far behind isn't coming: silence takes its place. Longer than units wait for their clock. */
const SILENCE_AFTER_MS = 4_500;

export class PushFeed {
  readonly #emit: (message: PushMessage) => void;
  readonly #onPicture: (isH264: boolean) => void;
  readonly #timeline = new Timeline((placed) => this.#take(placed));
  readonly #aac: AacTrack;
  readonly #timer: NodeJS.Timeout;
  readonly #last = { video: -1, audio: -1 };
  #session: TapSession = { videoCodec: null, audio: false };
  #picture: PictureAssembler | undefined;
  #sounds: SoundAssembler | undefined;
  /** The server's clock where the timeline begins. */
  #baseMs: number | undefined;
  #form: PictureForm | undefined;
  #sps: Buffer | undefined;

  constructor(emit: (message: PushMessage) => void, onPicture: (isH264: boolean) => void) {
    this.#emit = emit;
    this.#onPicture = onPicture;
    this.#aac = new AacTrack(({ at, data }) =>
      this.#put({
        ...{ kind: 'audio', key: false },
        atMs: ((at - AAC_SAMPLES) * 1000) / SOUND_RATE,
        body: soundBody(data),
      }),
    );
    this.#timer = setInterval(() => this.#fillSilence(), TICK_MS);
  }

  session(session: TapSession): void {
    this.#timeline.session(session);
    this.#session = session;
    const { videoCodec } = session;
    this.#picture =
      videoCodec === 'H264'
        ? new PictureAssembler(videoCodec, (unit) => this.#timeline.arrive('video', unit))
        : undefined;
    this.#sounds = new SoundAssembler((unit) => this.#timeline.arrive('audio', unit));
    this.#onPicture(videoCodec !== 'VP8');
  }

  clock(clock: TapClock): void {
    this.#timeline.clock(clock);
  }

  packet(kind: 'video' | 'audio', packet: Buffer, arrivedAtMs: number): void {
    if (this.#session.videoCodec === 'VP8') return;
    // A copy: units may wait for seconds, and the chunk they came in is large.
    if (kind === 'video') this.#picture?.push(Buffer.from(packet), arrivedAtMs);
    else this.#sounds?.push(Buffer.from(packet), arrivedAtMs);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#aac.close();
  }

  #take({ kind, unit, wallMs }: PlacedUnit): void {
    if (this.#baseMs === undefined) {
      const begins = kind === 'video' ? unit.key : this.#session.videoCodec === null;
      if (!begins) return;
      // The encoder of sound begins one packet early.
      this.#baseMs = wallMs - (AAC_SAMPLES * 1000) / SOUND_RATE;
    }
    const atMs = wallMs - this.#baseMs;
    if (kind === 'audio') {
      const at = Math.round((atMs * SOUND_RATE) / 1000);
      if (at >= AAC_SAMPLES) this.#aac.push(unit.data, at);
      return;
    }
    if (!unit.key) {
      if (this.#form)
        this.#put({ kind: 'video', atMs, key: false, body: pictureBody(toLengths(unit.data)) });
      return;
    }
    this.#useForm(unit.data);
    if (this.#form)
      this.#put({
        ...{ kind: 'video', atMs, key: true, form: this.#form },
        body: keyBody(toLengths(unit.data)),
      });
  }

  #useForm(data: Buffer): void {
    const sets = parameterSets(data);
    if (!sets) return;
    const config = pictureConfig(sets);
    if (this.#form?.config.equals(config)) return;
    const isSameSize = this.#sps?.equals(sets.sps) && this.#form;
    const size = isSameSize ? this.#form : pictureSize('H264', data);
    if (!size) return;
    this.#sps = sets.sps;
    this.#form = { config, width: size.width, height: size.height };
  }

  #fillSilence(): void {
    if (this.#baseMs === undefined) return;
    const at = ((Date.now() - SILENCE_AFTER_MS - this.#baseMs) * SOUND_RATE) / 1000;
    if (at > (this.#aac.end ?? 0)) this.#aac.fill(Math.round(at));
  }

  #put(message: PushMessage): void {
    const atMs = Math.round(message.atMs);
    if (atMs < 0 || atMs < this.#last[message.kind]) return;
    this.#last[message.kind] = atMs;
    this.#emit({ ...message, atMs });
  }
}
