// One encoder's publication: what it sends, made fit for WebRTC and sent on to the forwarder; what it is and what is
// wrong with it, reported. Connections and keys are elsewhere (`rtmp-door.ts`). The rule: times are the encoder's own,
// from the message to the packet; arrival only sets where they stand on the server's clock.

import type { Complaint, EncoderReport } from '../../protocol/encoder.ts';
import type { Tap } from '../forwarder/tap.ts';
import { packetizeUnits, splitAnnexB } from '../rtp/h264.ts';
import type { SequenceParameters } from '../rtp/sequence-parameters.ts';
import { readSequenceParameters } from '../rtp/sequence-parameters.ts';
import { Allowance, KeyInterval, Rate } from './figures.ts';
import type { AvcConfig } from './flv-tag.ts';
import { readAudioTag, readVideoTag, splitUnits } from './flv-tag.ts';
import type { OpusSound } from './opus-sound.ts';
import { pictureForm } from './picture-form.ts';
import type { RemadePictures } from './remade-picture.ts';
import { RtpStream, rtpTimestamp } from './rtp-stream.ts';

/** Fits a path of 1,280 bytes with every header that a viewer's packet gets. */
const PAYLOAD_BYTES_MAX = 1180;
const CLOCK_EVERY_MS = 1000;
const REPORT_EVERY_MS = 2000;
/** Above it viewers who come in see nothing for too long. */
const KEY_INTERVAL_MS_MAX = 4500;
/** So long a kind of media may be missing before that is named. */
const MISSING_MS = 5000;
/** A picture made again is worth what the encoder sent, within what a crowd's lines carry. */
const REMADE_BITS_PER_SECOND = 3_000_000;

const IDR = 5;
const SPS = 7;
const DELIMITER = 9;
const FILLER = 12;
const startCode = Buffer.from([0, 0, 0, 1]);

/** FFmpeg's parts, loaded when the first encoder needs them. */
export type Codecs = {
  readonly OpusSound: typeof OpusSound;
  readonly RemadePictures: typeof RemadePictures;
};

export type PublicationOptions = {
  readonly showId: string;
  readonly sessionId: string;
  /** The line to the forwarder. */
  readonly line: Pick<Tap, 'session' | 'clock' | 'packet'>;
  readonly codecs: Codecs;
  readonly bitsPerSecondMax: number;
  /** Takes a place among the pictures that are made again; false when all are taken. */
  readonly takeRemaking: () => boolean;
  readonly giveRemaking: () => void;
  readonly onReport: (report: EncoderReport) => void;
  /** It can't go on. */
  readonly onEnd: (complaint: Complaint) => void;
  readonly nowMs?: () => number;
};

export class Publication {
  readonly #options: PublicationOptions;
  readonly #nowMs: () => number;
  readonly #video = new RtpStream(96);
  readonly #audio = new RtpStream(97);
  readonly #rates = { video: new Rate(), audio: new Rate() };
  readonly #keys = new KeyInterval();
  readonly #allowance: Allowance;
  readonly #complaints = new Map<Complaint['code'], Complaint>();
  #config: AvcConfig | undefined;
  #parameters: SequenceParameters | undefined;
  #way: 'undecided' | 'pass' | 'remake' = 'undecided';
  #waitsForKey = true;
  #remade: RemadePictures | undefined;
  #sound: OpusSound | undefined;
  #soundForm: { sampleRate: number; channels: number } | undefined;
  #encoder: string | null = null;
  /** What the forwarder was told that comes. */
  #told = { video: false, audio: false };
  #firstMs: number | undefined;
  #lastMs = 0;
  /** The server's clock minus the encoder's: the smallest seen, which is the one least delayed. */
  #offsetMs = Infinity;
  #clockAtMs = -Infinity;
  #reportAtMs = -Infinity;
  #ended = false;

  constructor(options: PublicationOptions) {
    this.#options = options;
    this.#allowance = new Allowance(options.bitsPerSecondMax);
    this.#nowMs = options.nowMs ?? (() => performance.timeOrigin + performance.now());
  }

  encoder(name: string): void {
    this.#encoder = name;
  }

  /** Takes a media message; `body` is kept. */
  take(kind: 'video' | 'audio', timestampMs: number, body: Buffer): void {
    if (this.#ended) return;
    this.#firstMs ??= timestampMs;
    this.#lastMs = timestampMs;
    const rate = this.#rates[kind];
    rate.add(timestampMs, body.length);
    const { bitsPerSecondMax } = this.#options;
    const isAllowed = this.#allowance.take(body.length, this.#nowMs());
    if (!isAllowed || rate.bitsPerSecond > bitsPerSecondMax) {
      const figure = Math.max(rate.bitsPerSecond, isAllowed ? 0 : bitsPerSecondMax);
      this.#end({ code: 'bit-rate', outcome: 'ended', found: null, figure });
      return;
    }
    this.#offsetMs = Math.min(this.#offsetMs, this.#nowMs() - timestampMs);
    if (kind === 'video') this.#takePicture(timestampMs, body);
    else this.#takeSound(timestampMs, body);
    if (!this.#ended) this.#tell(timestampMs);
  }

  /** Somebody needs a key picture: only what is made again can give one. */
  requestKey(): void {
    this.#remade?.requestKey();
  }

  /** Ends it and frees what it holds. The last report is told. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#free();
    this.#options.onReport(this.#report('ended'));
  }

  dump(): unknown {
    return { ...this.#report('on'), way: this.#way, waiting: this.#remade?.waiting ?? 0 };
  }

  #takePicture(timestampMs: number, body: Buffer): void {
    const tag = readVideoTag(body);
    if (tag.type === 'foreign') {
      this.#end({ code: 'video-codec', outcome: 'ended', found: tag.codec, figure: null });
    } else if (tag.type === 'config') {
      this.#configure(tag.config);
    } else if (tag.type === 'picture' && this.#config) {
      const units = splitUnits(tag.units, this.#config.lengthBytes);
      this.#keys.picture(timestampMs, tag.key);
      if (!units) {
        // Damaged: what follows it can't be shown before the next key picture.
        this.#waitsForKey = true;
        this.#complain({ code: 'unreadable', outcome: 'named', found: null, figure: null });
        return;
      }
      this.#sendPicture(
        units.filter((unit) => !isLeftOut(unit)),
        tag.key,
        timestampMs,
        tag.compositionMs,
      );
    }
  }

  #configure(config: AvcConfig): void {
    const parameters = readSequenceParameters(config.sps[0]!);
    if (!parameters) {
      this.#end({ code: 'unreadable', outcome: 'ended', found: null, figure: null });
      return;
    }
    const form = pictureForm(parameters, 0);
    if (form.way === 'refuse' && form.complaint) {
      this.#end(form.complaint);
      return;
    }
    const isSame = this.#config && sameSets(this.#config, config);
    this.#config = config;
    this.#parameters = parameters;
    if (isSame) return;
    // Another size or another encoder behind the same connection.
    this.#stopRemaking();
    this.#way = 'undecided';
    this.#waitsForKey = true;
  }

  #sendPicture(units: Buffer[], key: boolean, timestampMs: number, compositionMs: number): void {
    const isKey = key || units.some((unit) => (unit[0]! & 0x1f) === IDR);
    if (this.#way === 'pass' && compositionMs !== 0 && this.#parameters?.reorderFrames !== 0) {
      // B-frames after all.
      this.#way = 'undecided';
      this.#waitsForKey = true;
    }
    if (this.#waitsForKey && !isKey) return;
    if (this.#way === 'undecided' && !this.#decide(compositionMs)) return;
    this.#waitsForKey = false;
    const shownAtMs = timestampMs + compositionMs;
    if (this.#remade) {
      this.#remade.take(toAnnexB(units, isKey ? this.#config : undefined), isKey, shownAtMs);
      return;
    }
    const hasSets = units.some((unit) => (unit[0]! & 0x1f) === SPS);
    const { sps, pps } = this.#config!;
    const all = isKey && !hasSets ? [...sps, ...pps, ...units] : units;
    this.#sendUnits(all, shownAtMs);
  }

  /** Decides at a picture what is done with pictures; false when it ended. */
  #decide(compositionMs: number): boolean {
    const parameters = this.#parameters!;
    const form = pictureForm(parameters, compositionMs);
    this.#complaints.delete('b-frames');
    this.#complaints.delete('profile');
    if (form.complaint) this.#complain(form.complaint);
    if (form.way === 'pass') {
      this.#way = 'pass';
      return true;
    }
    if (!this.#options.takeRemaking()) {
      this.#end({ code: 'too-many-remade', outcome: 'ended', found: null, figure: null });
      return false;
    }
    this.#way = 'remake';
    try {
      this.#remade = new this.#options.codecs.RemadePictures({
        parameterSets: toAnnexB([], this.#config),
        width: parameters.width,
        height: parameters.height,
        bitsPerSecond: REMADE_BITS_PER_SECOND,
        onPicture: ({ timestampMs, unit }) => {
          if (!this.#ended) this.#sendUnits(splitAnnexB(unit), timestampMs);
        },
      });
      return true;
    } catch {
      this.#options.giveRemaking();
      this.#end({ code: 'unreadable', outcome: 'ended', found: null, figure: null });
      return false;
    }
  }

  #sendUnits(units: readonly Buffer[], shownAtMs: number): void {
    this.#begin('video');
    const payloads = packetizeUnits(units, PAYLOAD_BYTES_MAX);
    const atMs = this.#nowMs();
    payloads.forEach((payload, at) => {
      const isLast = at === payloads.length - 1;
      this.#options.line.packet('video', this.#video.packet(payload, shownAtMs * 90, isLast), atMs);
    });
  }

  #takeSound(timestampMs: number, body: Buffer): void {
    const tag = readAudioTag(body);
    if (tag.type === 'foreign') {
      this.#complain({ code: 'audio-codec', outcome: 'named', found: tag.codec, figure: null });
    } else if (tag.type === 'config') {
      this.#sound?.close();
      this.#sound = undefined;
      this.#soundForm = tag.sound;
      try {
        this.#sound = new this.#options.codecs.OpusSound(tag.config);
        this.#complaints.delete('audio-codec');
      } catch {
        this.#complain({
          code: 'audio-codec',
          outcome: 'named',
          found: 'AAC of an odd kind',
          figure: null,
        });
      }
    } else if (tag.type === 'sound' && this.#sound) {
      const packets = this.#sound.take(tag.data, timestampMs);
      if (packets.length === 0) return;
      this.#begin('audio');
      const atMs = this.#nowMs();
      for (const { timestamp, data } of packets)
        this.#options.line.packet('audio', this.#audio.packet(data, timestamp, false), atMs);
    }
  }

  /** Tells the forwarder what comes, before its first packet and when more comes than was told. */
  #begin(kind: 'video' | 'audio'): void {
    if (this.#told[kind]) return;
    this.#told = {
      video: this.#config !== undefined,
      audio: this.#sound !== undefined,
      [kind]: true,
    };
    const { video, audio } = this.#told;
    this.#options.line.session({ videoCodec: video ? 'H264' : null, audio });
    this.#sendClocks(this.#lastMs);
  }

  #sendClocks(timestampMs: number): void {
    const wallMs = timestampMs + this.#offsetMs;
    const { line } = this.#options;
    this.#clockAtMs = timestampMs;
    if (this.#told.video)
      line.clock({ kind: 'video', rtpTimestamp: rtpTimestamp(timestampMs * 90), wallMs });
    if (this.#told.audio)
      line.clock({ kind: 'audio', rtpTimestamp: rtpTimestamp(timestampMs * 48), wallMs });
  }

  #tell(timestampMs: number): void {
    const isTold = this.#told.video || this.#told.audio;
    if (isTold && Math.abs(timestampMs - this.#clockAtMs) >= CLOCK_EVERY_MS)
      this.#sendClocks(timestampMs);
    if (Math.abs(timestampMs - this.#reportAtMs) < REPORT_EVERY_MS) return;
    this.#reportAtMs = timestampMs;
    this.#look(timestampMs);
    this.#options.onReport(this.#report('on'));
  }

  /** What can only be said after a while. */
  #look(timestampMs: number): void {
    const { intervalMs } = this.#keys;
    if (intervalMs !== null && intervalMs > KEY_INTERVAL_MS_MAX && this.#way === 'pass') {
      this.#complain({ code: 'key-interval', outcome: 'named', found: null, figure: intervalMs });
    } else this.#complaints.delete('key-interval');
    const isLate = timestampMs - (this.#firstMs ?? timestampMs) > MISSING_MS;
    for (const [code, missing] of [
      ['no-sound', !this.#told.audio && !this.#complaints.has('audio-codec')],
      ['no-picture', !this.#told.video],
    ] as const) {
      if (isLate && missing) this.#complain({ code, outcome: 'named', found: null, figure: null });
      else this.#complaints.delete(code);
    }
  }

  #complain(complaint: Complaint): void {
    const isNew = !this.#complaints.has(complaint.code);
    this.#complaints.set(complaint.code, complaint);
    // The host hears of something new at once.
    if (isNew) this.#reportAtMs = -Infinity;
  }

  #end(complaint: Complaint): void {
    this.#complaints.set(complaint.code, complaint);
    this.#ended = true;
    this.#free();
    this.#options.onReport(this.#report('ended'));
    this.#options.onEnd(complaint);
  }

  #free(): void {
    this.#stopRemaking();
    this.#sound?.close();
    this.#sound = undefined;
  }

  #stopRemaking(): void {
    if (!this.#remade) return;
    this.#remade.close();
    this.#remade = undefined;
    this.#options.giveRemaking();
  }

  #report(state: EncoderReport['state']): EncoderReport {
    const { showId, sessionId } = this.#options;
    const parameters = this.#parameters;
    const { video, audio } = this.#rates;
    return {
      showId,
      sessionId,
      state,
      atMs: Math.round(this.#nowMs()),
      encoder: this.#encoder,
      video: parameters
        ? {
            codec: 'H.264',
            profile: parameters.profile,
            level: parameters.level,
            size: { width: parameters.width, height: parameters.height },
            framesPerSecond: video.perSecond ?? parameters.framesPerSecond,
            keyIntervalMs: this.#keys.intervalMs,
            bitsPerSecond: video.bitsPerSecond,
            remade: this.#way === 'remake',
          }
        : null,
      audio: this.#soundForm
        ? { codec: 'AAC', ...this.#soundForm, bitsPerSecond: audio.bitsPerSecond }
        : null,
      complaints: [...this.#complaints.values()],
    };
  }
}

/** Delimiters and filler say nothing to a viewer and cost their line. */
const isLeftOut = (unit: Buffer): boolean => {
  const type = unit[0]! & 0x1f;
  return type === DELIMITER || type === FILLER || type === 0 || type > 23;
};

const sameSets = (one: AvcConfig, other: AvcConfig): boolean =>
  one.lengthBytes === other.lengthBytes && toAnnexB([], one).equals(toAnnexB([], other));

const toAnnexB = (units: readonly Buffer[], config: AvcConfig | undefined): Buffer =>
  Buffer.concat(
    [...(config ? [...config.sps, ...config.pps] : []), ...units].flatMap((unit) => [
      startCode,
      unit,
    ]),
  );
