// Clips and the joined file, from parts that are really written: while the last one still grows, over two parts, from the
// joined file. What a person would see and hear is decoded and measured.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
  Codec,
  CodecContext,
  FormatContext,
  Frame,
  Packet,
} from 'node-av';
import sharp from 'sharp';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { OPUS_SAMPLES, PictureEncoder, SoundEncoder } from '../camera/encoders.ts';
import { h264ParameterSets } from '../rtp/h264.ts';
import { cutClip } from './clip.ts';
import { finishRecording } from './finish.ts';
import { PartFile } from './part-file.ts';

const width = 160;
const height = 96;
/** 25 pictures a second, a key frame every two seconds; a white picture and a beep begin at 7.2 s. */
const pictureMs = 40;
const keyEvery = 50;
const flashAtMs = 7200;
const flashMs = 200;
const lengthMs = 12_000;
const startedAtMs = 1_700_000_000_000;

const pictures: Buffer[] = [];
const sounds: Buffer[] = [];

beforeAll(() => {
  const encoder = new PictureEncoder({
    width,
    height,
    framesPerSecond: 25,
    bitsPerSecond: 200_000,
    keyFrameEvery: keyEvery,
    preset: 'ultrafast',
  });
  const isFlash = (atMs: number) => atMs >= flashAtMs && atMs < flashAtMs + flashMs;
  for (let n = 0; n * pictureMs < lengthMs; n += 1) {
    const yuv = Buffer.alloc((width * height * 3) / 2, 128);
    yuv.fill(isFlash(n * pictureMs) ? 235 : 30, 0, width * height);
    pictures.push(encoder.encode(yuv, n % keyEvery === 0));
  }
  encoder.close();
  const sound = new SoundEncoder(32_000);
  const samples = new Float32Array(OPUS_SAMPLES * 2);
  for (let n = 0; n * 20 < lengthMs; n += 1) {
    for (let i = 0; i < OPUS_SAMPLES; i += 1) {
      const tone = isFlash(n * 20) ? 0.6 * Math.sin((2 * Math.PI * 1000 * i) / 48_000) : 0;
      samples[i * 2] = tone;
      samples[i * 2 + 1] = tone;
    }
    sounds.push(sound.encode(samples));
  }
  sound.close();
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rialto-clip-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes what was recorded from `fromMs` to `toMs` into a part; the caller closes it. */
function writePart(fromMs: number, toMs: number): PartFile {
  const part = new PartFile(join(folder, `part-${startedAtMs + fromMs}.mkv`), {
    video: { codec: 'H264', width, height, parameterSets: h264ParameterSets(pictures[0]!) },
    audio: true,
  });
  for (let atMs = fromMs; atMs < toMs; atMs += 20) {
    if (atMs % pictureMs === 0) {
      const n = atMs / pictureMs;
      part.write('video', pictures[n]!, atMs - fromMs, n % keyEvery === 0);
    }
    part.write('audio', sounds[atMs / 20]!, atMs - fromMs, true);
  }
  return part;
}

/** When the picture turns white and when the beep begins, in ms of what a player shows; and where it begins. */
async function watched(path: string) {
  const input = new FormatContext();
  expect(await input.openInput(path)).toBeGreaterThanOrEqual(0);
  await input.findStreamInfo();
  const packet = new Packet();
  const frame = new Frame();
  packet.alloc();
  frame.alloc();
  const decoders = [AVMEDIA_TYPE_VIDEO, AVMEDIA_TYPE_AUDIO].map((type) => {
    const stream = input.streams.find((each) => each.codecpar.codecType === type)!;
    const codec = Codec.findDecoder(stream.codecpar.codecId)!;
    const context = new CodecContext();
    context.allocContext3(codec);
    context.parametersToContext(stream.codecpar);
    context.open2Sync(codec);
    return { type, stream, context };
  });
  const seen: { flashMs: number | null; beepMs: number | null; shownMs: number[] } = {
    flashMs: null,
    beepMs: null,
    shownMs: [],
  };
  const take = ({ type, stream, context }: (typeof decoders)[number]) => {
    while (context.receiveFrameSync(frame) >= 0) {
      const atMs = (Number(frame.pts) * 1000 * stream.timeBase.num) / stream.timeBase.den;
      if (type === AVMEDIA_TYPE_VIDEO) {
        // What stands before zero is cut away by the edit list.
        if (atMs >= 0) seen.shownMs.push(atMs);
        if (frame.data![0]![0]! > 150) seen.flashMs ??= atMs;
      } else {
        const plane = frame.data![0]!;
        const samples = new Float32Array(plane.buffer, plane.byteOffset, frame.nbSamples);
        const loud = samples.findIndex((sample) => Math.abs(sample) > 0.1);
        if (loud >= 0) seen.beepMs ??= atMs + loud / 48;
      }
    }
  };
  while ((await input.readFrame(packet)) >= 0) {
    const decoder = decoders.find(({ stream }) => stream.index === packet.streamIndex)!;
    decoder.context.sendPacketSync(packet);
    packet.unref();
    take(decoder);
  }
  for (const decoder of decoders) {
    decoder.context.sendPacketSync(null);
    take(decoder);
    decoder.context.freeContext();
  }
  frame.free();
  packet.free();
  await input.closeInput();
  return seen;
}

/** 60 ms at most between the flash and the beep, and both where they were on the server's clock. */
async function expectFlash(path: string, clipStartedAtMs: number): Promise<void> {
  const { flashMs: flash, beepMs: beep } = await watched(path);
  const wantedMs = startedAtMs + flashAtMs - clipStartedAtMs;
  expect(Math.abs(flash! - wantedMs)).toBeLessThan(45);
  expect(Math.abs(beep! - flash!)).toBeLessThan(60);
}

const wish = (fromMs: number, toMs: number) => ({
  clipId: 'lot-1',
  fromMs: startedAtMs + fromMs,
  toMs: startedAtMs + toMs,
});

describe('a clip', () => {
  test('[RPL-8] [RPL-9] is cut while its part still grows, and begins exactly where it should', async () => {
    const part = writePart(0, 11_000);
    const clip = await cutClip(folder, wish(5000, 9000));
    part.close();
    expect(clip).toMatchObject({
      path: join(folder, 'clips', 'lot-1.mp4'),
      contentType: 'video/mp4',
      startedAtMs: startedAtMs + 5000,
      leadMs: 0,
    });
    expect(clip!.durationMs).toBeGreaterThan(3950);
    expect(clip!.durationMs).toBeLessThan(4050);
    await expectFlash(clip!.path, clip!.startedAtMs);
    // The key frame stands at 4 s: a second of pictures leads to the beginning and isn't shown.
    const { shownMs } = await watched(clip!.path);
    expect(shownMs[0]).toBeLessThan(pictureMs);
    expect(shownMs).toHaveLength(100);
    expect(await sharp(clip!.posterPath!).metadata()).toMatchObject({ width, height });
  });

  test('[RPL-8] goes over two parts, and is the same again from the joined file', async () => {
    writePart(0, 6000).close();
    const second = writePart(6000, 12_000);
    const clip = await cutClip(folder, wish(5000, 9000));
    second.close();
    await expectFlash(clip!.path, clip!.startedAtMs);
    const before = readFileSync(clip!.path);
    const recording = await finishRecording(folder);
    await expectFlash(recording!.path, recording!.startedAtMs);
    const again = await cutClip(folder, wish(5000, 9000));
    expect(again).toEqual({ ...clip, bytes: again!.bytes });
    await expectFlash(again!.path, again!.startedAtMs);
    expect(before.length).toBeGreaterThan(1000);
  });

  test('[RPL-8] begins with the picture when that came later, and isn’t when there was none', async () => {
    writePart(2000, 12_000).close();
    const clip = await cutClip(folder, wish(500, 8000));
    expect(clip!.startedAtMs).toBe(startedAtMs + 2000);
    await expectFlash(clip!.path, clip!.startedAtMs);
    expect(await cutClip(folder, wish(14_000, 16_000))).toBeNull();
    expect(await cutClip(folder, wish(-9000, -4000))).toBeNull();
    expect(await cutClip(join(folder, 'never'), wish(0, 4000))).toBeNull();
  });
});

test('[RPL-1] [RPL-2] the joined file has picture and sound together, and small pictures for its time line', async () => {
  writePart(0, 4000).close();
  writePart(4000, 12_000).close();
  const recording = await finishRecording(folder);
  await expectFlash(recording!.path, startedAtMs);
  const { previews } = recording!;
  expect(previews).toMatchObject({ everyMs: 2000, count: 6, columns: 6, width: 160, height: 96 });
  const { data, info } = await sharp(previews!.path).raw().toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ width: 6 * 160, height: 96 });
  expect(data[0]).toBeLessThan(60);
});
