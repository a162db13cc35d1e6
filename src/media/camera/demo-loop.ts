// The demo's picture and sound, encoded once and kept in the data folder: drawing and encoding take some seconds of a
// core, playing takes next to none. The rule: a file that isn't whole or of another version is made again.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { OPUS_SAMPLES, PictureEncoder, SoundEncoder } from './encoders.ts';
import type { Loop } from './play-loop.ts';
import { Scene } from './scene.ts';
import { makeSoundScape } from './sound-scape.ts';

/** Rises with every change of what the loop shows. */
const VERSION = 1;
export const demoPicture = { width: 720, height: 1280, framesPerSecond: 30, seconds: 12 } as const;
const BITS_PER_SECOND = 1_800_000;
const SOUND_BITS_PER_SECOND = 64_000;

type Index = {
  version: number;
  width: number;
  height: number;
  framesPerSecond: number;
  /** Bytes and key frame or not, for each picture; bytes for each sound. */
  pictures: [number, boolean][];
  sounds: number[];
};

/** The loop from the folder, or a new one. `onProgress` hears 0..1 while it is made. */
export async function demoLoop(
  folder: string,
  onProgress: (share: number) => void = () => undefined,
): Promise<Loop> {
  const path = join(folder, 'demo-loop.bin');
  const kept = readLoop(path);
  if (kept) return kept;
  const loop = await makeLoop(onProgress);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.tmp`, writeLoop(loop));
  renameSync(`${path}.tmp`, path);
  return loop;
}

async function makeLoop(onProgress: (share: number) => void): Promise<Loop> {
  const { width, height, framesPerSecond, seconds } = demoPicture;
  const scene = await Scene.create(width, height);
  const encoder = new PictureEncoder({
    width,
    height,
    framesPerSecond,
    bitsPerSecond: BITS_PER_SECOND,
    keyFrameEvery: framesPerSecond,
    preset: 'veryfast',
  });
  const picture = Buffer.alloc((width * height * 3) / 2);
  const count = framesPerSecond * seconds;
  const pictures: Loop['pictures'] = [];
  try {
    for (let n = 0; n < count; n += 1) {
      scene.draw(n / count, picture);
      const key = n % framesPerSecond === 0;
      pictures.push({ data: encoder.encode(picture, key), key });
      onProgress((n + 1) / count);
      if (n % 4 === 0) await breathe();
    }
  } finally {
    encoder.close();
  }
  return { width, height, framesPerSecond, pictures, sounds: encodeSound(seconds) };
}

function encodeSound(seconds: number): Buffer[] {
  const samples = makeSoundScape(seconds);
  const encoder = new SoundEncoder(SOUND_BITS_PER_SECOND);
  const frame = OPUS_SAMPLES * 2;
  const count = samples.length / frame;
  const sounds: Buffer[] = [];
  try {
    // The last moments first, so that the encoder begins the loop as it will go on after its end.
    for (let n = count - 10; n < count; n += 1)
      encoder.encode(samples.subarray(n * frame, (n + 1) * frame));
    for (let n = 0; n < count; n += 1)
      sounds.push(encoder.encode(samples.subarray(n * frame, (n + 1) * frame)));
  } finally {
    encoder.close();
  }
  return sounds;
}

function writeLoop(loop: Loop): Buffer {
  const { width, height, framesPerSecond, pictures, sounds } = loop;
  const index: Index = {
    version: VERSION,
    width,
    height,
    framesPerSecond,
    pictures: pictures.map(({ data, key }) => [data.length, key]),
    sounds: sounds.map((data) => data.length),
  };
  const text = Buffer.from(JSON.stringify(index));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text, ...pictures.map(({ data }) => data), ...sounds]);
}

/** The loop of a file; undefined when there is none, or it is not whole, or of another version. */
function readLoop(path: string): Loop | undefined {
  try {
    const file = readFileSync(path);
    const start = 4 + file.readUInt32BE(0);
    const index = JSON.parse(file.toString('utf8', 4, start)) as Index;
    if (index.version !== VERSION) return undefined;
    let at = start;
    const take = (bytes: number): Buffer => file.subarray(at, (at += bytes));
    const pictures = index.pictures.map(([bytes, key]) => ({ data: take(bytes), key }));
    const sounds = index.sounds.map(take);
    if (at !== file.length || pictures.length === 0) return undefined;
    const { width, height, framesPerSecond } = index;
    return { width, height, framesPerSecond, pictures, sounds };
  } catch {
    return undefined;
  }
}
