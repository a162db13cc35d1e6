// A part of a recording: one Matroska file that grows while the show runs and can be read up to where it was cut, when
// the process is killed. Packets go in with their time on the part's own clock. Which packets, and what becomes of the
// parts, is decided elsewhere. The rule: what was written is on its way to the disk within a second.

import type { Stream } from 'node-av';
import {
  AV_CHANNEL_LAYOUT_STEREO,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_OPUS,
  AV_CODEC_ID_VP8,
  AV_PIX_FMT_YUV420P,
  AV_PKT_FLAG_KEY,
  AVFMT_FLAG_FLUSH_PACKETS,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
  FormatContext,
  Packet,
  Rational,
} from 'node-av';
import type { VideoCodec } from '../messages.ts';

/** The streams of a part. */
export type PartFormat = {
  video:
    | { codec: VideoCodec; width: number; height: number; parameterSets: Buffer | undefined }
    | undefined;
  audio: boolean;
};

const MILLISECONDS = { num: 1, den: 1000 };

export class PartFile {
  readonly path: string;
  readonly format: PartFormat;
  bytes = 0;
  #output: FormatContext | undefined;
  readonly #packet = new Packet();
  #video: Stream | undefined;
  #audio: Stream | undefined;
  #last = { video: -1, audio: -1 };

  /** Throws when the file can't be made (a full disk, a folder without rights). */
  constructor(path: string, format: PartFormat) {
    this.path = path;
    this.format = format;
    const output = new FormatContext();
    check(output.allocOutputContext2(null, 'matroska', path), 'make a recording');
    this.#output = output;
    try {
      if (format.video) this.#video = addVideo(output, format.video);
      if (format.audio) this.#audio = addAudio(output);
      output.flags = (output.flags | AVFMT_FLAG_FLUSH_PACKETS) as typeof output.flags;
      output.url = path;
      check(output.openOutputSync(), `open ${path}`);
      output.setOption('cluster_time_limit', '1000');
      check(output.writeHeaderSync(), `write to ${path}`);
      this.#packet.alloc();
    } catch (fault) {
      output.freeContext();
      this.#output = undefined;
      throw fault;
    }
  }

  /** Writes a packet. Packets that would go back in time are left out. Throws when the disk is full. */
  write(kind: 'video' | 'audio', data: Buffer, atMs: number, key: boolean): void {
    const stream = kind === 'video' ? this.#video : this.#audio;
    const output = this.#output;
    if (!stream || !output) return;
    const at = Math.round(atMs);
    if (at < 0 || at < this.#last[kind]) return;
    // Two pictures in one millisecond can't be told apart.
    const time = at === this.#last[kind] ? at + 1 : at;
    this.#last[kind] = time;
    const packet = this.#packet;
    packet.data = data;
    packet.streamIndex = stream.index;
    packet.pts = BigInt(time);
    packet.dts = BigInt(time);
    packet.duration = kind === 'audio' ? 20n : 0n;
    packet.flags = (key ? AV_PKT_FLAG_KEY : 0) as typeof packet.flags;
    packet.timeBase = MILLISECONDS;
    packet.rescaleTs(MILLISECONDS, stream.timeBase);
    try {
      check(output.writeFrameSync(packet), `write to ${this.path}`);
      this.bytes += data.length;
    } finally {
      packet.unref();
    }
  }

  /** Finishes the file. Idempotent. */
  close(): void {
    const output = this.#output;
    if (!output) return;
    this.#output = undefined;
    // A file without its trailer is read as well; what matters is in the clusters.
    output.writeTrailerSync();
    output.closeOutputSync();
    output.freeContext();
    this.#packet.free();
  }
}

function addVideo(output: FormatContext, video: NonNullable<PartFormat['video']>): Stream {
  const stream = output.newStream();
  const parameters = stream.codecpar;
  parameters.codecType = AVMEDIA_TYPE_VIDEO;
  parameters.codecId = video.codec === 'VP8' ? AV_CODEC_ID_VP8 : AV_CODEC_ID_H264;
  parameters.width = video.width;
  parameters.height = video.height;
  parameters.format = AV_PIX_FMT_YUV420P;
  if (video.parameterSets) parameters.extradata = video.parameterSets;
  stream.timeBase = new Rational(1, 1000);
  return stream;
}

function addAudio(output: FormatContext): Stream {
  const stream = output.newStream();
  const parameters = stream.codecpar;
  parameters.codecType = AVMEDIA_TYPE_AUDIO;
  parameters.codecId = AV_CODEC_ID_OPUS;
  parameters.sampleRate = 48_000;
  parameters.channelLayout = AV_CHANNEL_LAYOUT_STEREO;
  parameters.frameSize = 960;
  parameters.extradata = opusHead();
  stream.timeBase = new Rational(1, 1000);
  return stream;
}

/** The identification header of Opus (RFC 7845 section 5.1): stereo, nothing skipped, since we begin mid-stream. */
function opusHead(): Buffer {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 0, 'latin1');
  head[8] = 1;
  head[9] = 2;
  head.writeUInt32LE(48_000, 12);
  return head;
}

function check(code: number, what: string): void {
  if (code < 0) throw new Error(`The recorder can't ${what} (FFmpeg error ${code}).`);
}
