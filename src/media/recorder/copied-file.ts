// A file made of packets that were recorded before, without encoding anything again: MP4 with its index in front for
// H.264, WebM for VP8. Its users say which packets and where they stand. The rules: the file gets its name when it is
// whole, and time in it only goes forward.

import { renameSync, rmSync, statSync } from 'node:fs';
import type { AVCodecID, Stream } from 'node-av';
import { AV_CODEC_ID_H264, FormatContext, Packet } from 'node-av';
import type { Source } from './source.ts';

/** The recorder has live shows to write down: a long copy leaves the process after so long, and comes back. */
const SLICE_MS = 10;

type Track = { codecId: AVCodecID; out: Stream; lastMs: number };

/** What is copied of a source. */
export type CopyRange = {
  /** Where the source's first picture stands in the new file, in ms; negative: before its beginning. */
  offsetMs: number;
  /** Packets at or after this place in the new file are left out. */
  untilMs?: number;
  /** Only packets from here on, in the new file's time. Default: all. */
  fromMs?: number;
  /** The same for sound, which needs no key frame before it. */
  soundFromMs?: number;
};

export class CopiedFile {
  readonly path: string;
  readonly isMp4: boolean;
  /** Where its last packet ends, in ms. */
  durationMs = 0;
  readonly #temporary: string;
  readonly #output = new FormatContext();
  readonly #packet = new Packet();
  #tracks: { video: Track | undefined; audio: Track | undefined };

  private constructor(path: string, isMp4: boolean) {
    this.path = path;
    this.isMp4 = isMp4;
    this.#temporary = `${path}.tmp`;
    this.#tracks = { video: undefined, audio: undefined };
    this.#packet.alloc();
  }

  /** Begins a file at `base` with `.mp4` or `.webm`, for tracks like these. Throws when the disk refuses. */
  static async begin(
    base: string,
    video: Stream | undefined,
    audio: Stream | undefined,
  ): Promise<CopiedFile> {
    const isMp4 = !video || video.codecpar.codecId === AV_CODEC_ID_H264;
    const file = new CopiedFile(`${base}.${isMp4 ? 'mp4' : 'webm'}`, isMp4);
    try {
      await file.#open(video, audio);
      return file;
    } catch (fault) {
      file.abandon();
      throw fault;
    }
  }

  async #open(video: Stream | undefined, audio: Stream | undefined): Promise<void> {
    const output = this.#output;
    check(output.allocOutputContext2(null, this.isMp4 ? 'mp4' : 'webm', this.#temporary));
    const track = (stream: Stream | undefined): Track | undefined => {
      if (!stream) return undefined;
      const out = output.newStream();
      check(stream.codecpar.copy(out.codecpar));
      out.codecpar.codecTag = 0;
      out.timeBase = stream.timeBase;
      return { codecId: stream.codecpar.codecId, out, lastMs: -Infinity };
    };
    this.#tracks = { video: track(video), audio: track(audio) };
    output.url = this.#temporary;
    check(await output.openOutput());
    check(
      this.isMp4
        ? output.setOption('movflags', '+faststart')
        : output.setOption('cues_to_front', '1'),
    );
    check(await output.writeHeader());
  }

  /** Copies packets of a source from where it stands. Ends at `untilMs` or at the end of what can be read. */
  async copy(source: Source, range: CopyRange): Promise<void> {
    const { offsetMs, untilMs = Infinity, fromMs = -Infinity, soundFromMs = fromMs } = range;
    const packet = this.#packet;
    let sliceEndsAtMs = performance.now() + SLICE_MS;
    while (source.input.readFrameSync(packet) >= 0) {
      const isVideo = packet.streamIndex === source.video?.index;
      const from = isVideo
        ? source.video
        : packet.streamIndex === source.audio?.index
          ? source.audio
          : undefined;
      const track = isVideo ? this.#tracks.video : this.#tracks.audio;
      const atMs = from ? millisecondsOf(packet.pts, from) + offsetMs : 0;
      // A part in another codec than the first can't stand in the same track.
      if (from && track && from.codecpar.codecId === track.codecId) {
        // Pictures and sounds of a moment stand close together in a source: one picture too late is the end.
        if (atMs >= untilMs && isVideo) {
          packet.unref();
          return;
        }
        const beginMs = isVideo ? fromMs : soundFromMs;
        if (atMs >= beginMs && atMs < untilMs && atMs > track.lastMs)
          this.#write(track, from, atMs, isVideo ? 33 : 20);
      }
      packet.unref();
      if (performance.now() < sliceEndsAtMs) continue;
      await new Promise<void>((resolve) => setImmediate(resolve));
      sliceEndsAtMs = performance.now() + SLICE_MS;
    }
  }

  #write(track: Track, from: Stream, atMs: number, usualMs: number): void {
    const packet = this.#packet;
    const { num, den } = from.timeBase;
    const ownMs = millisecondsOf(packet.duration, from) || usualMs;
    track.lastMs = atMs;
    this.durationMs = Math.max(this.durationMs, atMs + ownMs);
    const time = BigInt(Math.round((atMs * den) / (1000 * num)));
    packet.pts = time;
    packet.dts = time;
    packet.duration = BigInt(Math.round((ownMs * den) / (1000 * num)));
    packet.streamIndex = track.out.index;
    packet.timeBase = from.timeBase;
    packet.rescaleTs(from.timeBase, track.out.timeBase);
    check(this.#output.interleavedWriteFrameSync(packet));
  }

  /** Completes the file under its name; gives its size. */
  async finish(): Promise<number> {
    check(await this.#output.writeTrailer());
    await this.#output.closeOutput();
    this.#free();
    renameSync(this.#temporary, this.path);
    return statSync(this.path).size;
  }

  /** Leaves nothing behind. */
  abandon(): void {
    this.#output.closeOutputSync();
    this.#free();
    rmSync(this.#temporary, { force: true });
  }

  #free(): void {
    this.#packet.free();
    this.#output.freeContext();
  }
}

/** A time or length of a stream in ms. */
export function millisecondsOf(value: bigint, { timeBase }: Stream): number {
  return (Number(value) * 1000 * timeBase.num) / timeBase.den;
}

function check(code: number): void {
  if (code < 0) throw new Error(`The recording can't be written (FFmpeg error ${code}).`);
}
