// One live show on its way to HLS: what the tap brings becomes pictures and sounds with their place on the server's
// clock, then parts in MP4. Pictures go through as they are, Opus becomes AAC. The rule: one timeline from the first
// picture on, over all publishers of the show; what changes in it is said with the part that changes.

import type { TapClock, TapSession } from '../messages.ts';
import type { PackagerNews } from '../packager-messages.ts';
import { PictureAssembler, SoundAssembler } from '../recorder/assembler.ts';
import { pictureSize } from '../recorder/picture.ts';
import { AAC_SAMPLES, type AacPacket, AacTrack, SOUND_RATE } from './aac-track.ts';
import {
  codecsOf,
  fragment,
  initialisation,
  PICTURE_RATE,
  parameterSets,
  type Sample,
  type TrackFormat,
  toLengths,
} from './fragmented-mp4.ts';
import { type CutPart, PartCutter } from './part-cutter.ts';
import { type PlacedUnit, Timeline } from './timeline.ts';

const TICK_MS = 40;
/** Sound that is so far behind the picture isn't coming: silence takes its place. */
const SOUND_MISSING_MS = 400;
const AAC_MS = (AAC_SAMPLES * 1000) / SOUND_RATE;

export class ShowPackager {
  /** The last fault, for people. */
  fault: string | undefined;
  readonly #showId: string;
  readonly #tell: (news: PackagerNews) => void;
  readonly #requestKeyFrame: () => void;
  readonly #timeline = new Timeline((placed) => this.#guarded(() => this.#take(placed)));
  readonly #aac = new AacTrack((packet) => this.#sound(packet));
  readonly #timer: NodeJS.Timeout;
  #session: TapSession = { videoCodec: null, audio: false };
  #picture: PictureAssembler | undefined;
  #sounds: SoundAssembler | undefined;
  #cutter: PartCutter | undefined;
  /** The server's clock where the timeline begins. */
  #baseMs: number | undefined;
  #format: TrackFormat | undefined;
  #formatOfCutter: 'picture' | 'sound' | undefined;
  /** Counts the initialisations. */
  #form = -1;
  #parts = 0;
  #soundArrivedAtMs = 0;

  constructor(showId: string, tell: (news: PackagerNews) => void, requestKeyFrame: () => void) {
    this.#showId = showId;
    this.#tell = tell;
    this.#requestKeyFrame = requestKeyFrame;
    this.#timer = setInterval(() => this.#guarded(() => this.#tick()), TICK_MS);
  }

  /** A publisher's media begins, or goes on over another tap. */
  session(session: TapSession): void {
    this.#timeline.session(session);
    this.#session = session;
    const { videoCodec } = session;
    this.#picture =
      videoCodec === 'H264'
        ? new PictureAssembler(videoCodec, (unit) => this.#timeline.arrive('video', unit))
        : undefined;
    this.#sounds = new SoundAssembler((unit) => this.#timeline.arrive('audio', unit));
    this.#tell({ type: 'hls-publisher', showId: this.#showId, isPlayable: videoCodec !== 'VP8' });
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
    this.#guarded(() => this.#cutter?.end(this.#nowMs()));
    this.#aac.close();
  }

  dump(): unknown {
    const { picture } = this.#format ?? {};
    return {
      session: this.#session,
      parts: this.#parts,
      form: this.#form,
      width: picture?.width,
      height: picture?.height,
      isAway: this.#cutter?.isAway,
      dropped: this.#picture?.dropped,
      fault: this.fault,
    };
  }

  /** The clock on the timeline. */
  #nowMs(): number {
    return Date.now() - (this.#baseMs ?? 0);
  }

  #take({ kind, unit, wallMs }: PlacedUnit): void {
    this.#baseMs ??= Math.floor(wallMs) - 1000;
    const atMs = wallMs - this.#baseMs;
    if (kind === 'audio') {
      this.#soundArrivedAtMs = this.#nowMs();
      if (this.#session.videoCodec === null) this.#useFormat({ picture: undefined });
      this.#aac.push(unit.data, Math.max(0, Math.round((atMs * SOUND_RATE) / 1000)));
      return;
    }
    if (unit.key) {
      const format = this.#formatOf(unit.data);
      if (!format) return;
      this.#useFormat(format);
    }
    this.#cutter?.picture(atMs, toLengths(unit.data), unit.key, this.#form, this.#nowMs());
  }

  /** What the tracks are from this key picture on; undefined when it can't be decoded. */
  #formatOf(data: Buffer): TrackFormat | undefined {
    const sets = parameterSets(data);
    if (!sets) return this.#format;
    const { picture } = this.#format ?? {};
    if (picture?.sps.equals(sets.sps) && picture.pps.equals(sets.pps)) return this.#format;
    const size = pictureSize('H264', data);
    return size && { picture: { ...size, ...sets } };
  }

  #useFormat(format: TrackFormat): void {
    const kind = format.picture ? 'picture' : 'sound';
    if (this.#formatOfCutter !== kind) {
      this.#cutter?.end(this.#nowMs());
      this.#formatOfCutter = kind;
      this.#cutter = new PartCutter(kind === 'picture', {
        part: (part) => this.#put(part),
        keyFrameWanted: () => this.#requestKeyFrame(),
      });
    }
    const isSame = this.#form >= 0 && this.#format?.picture === format.picture;
    if (isSame) return;
    this.#format = format;
    this.#form += 1;
    this.#tell({
      type: 'hls-form',
      showId: this.#showId,
      form: this.#form,
      codecs: codecsOf(format),
      width: format.picture?.width ?? 0,
      height: format.picture?.height ?? 0,
      data: initialisation(format),
    });
  }

  #sound({ at, data }: AacPacket): void {
    const atMs = (at * 1000) / SOUND_RATE;
    this.#cutter?.sound({ at, atMs, data }, AAC_MS, this.#form, this.#nowMs());
  }

  #tick(): void {
    if (this.#baseMs === undefined || !this.#cutter) return;
    const nowMs = this.#nowMs();
    const { lastPictureMs, isAway } = this.#cutter;
    if (!isAway && lastPictureMs > 0 && nowMs - this.#soundArrivedAtMs > SOUND_MISSING_MS)
      this.#aac.fill(Math.round((Math.min(lastPictureMs, nowMs - 100) * SOUND_RATE) / 1000));
    this.#cutter.tick(nowMs);
  }

  #put(part: CutPart): void {
    this.#parts += 1;
    const data = part.gap
      ? Buffer.alloc(0)
      : fragment(this.#parts, part.pictures.map(pictureSample), part.sounds.map(soundSample));
    this.#tell({
      type: 'hls-part',
      showId: this.#showId,
      form: part.form,
      startMs: (this.#baseMs ?? 0) + part.startMs,
      durationMs: part.durationMs,
      startsSegment: part.startsSegment,
      endsSegment: part.endsSegment,
      independent: part.independent,
      gap: part.gap,
      data,
    });
  }

  /** What a publisher sends must not end the other shows. */
  #guarded(run: () => void): void {
    try {
      run();
    } catch (fault) {
      this.fault = fault instanceof Error ? fault.message : String(fault);
    }
  }
}

const ticks = (ms: number): number => Math.max(0, Math.round((ms * PICTURE_RATE) / 1000));

function pictureSample({ atMs, durationMs, data, key }: CutPart['pictures'][number]): Sample {
  const at = ticks(atMs);
  return { at, duration: Math.max(1, ticks(atMs + durationMs) - at), data, key };
}

function soundSample({ at, data }: CutPart['sounds'][number]): Sample {
  return { at, duration: AAC_SAMPLES, data, key: true };
}
