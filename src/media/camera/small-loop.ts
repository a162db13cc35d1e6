// A small loop for tests: one second of a moving gradient and a quiet tone, encoded on the spot in a few ms. Not for
// eyes; the demo's picture is `scene.ts`.

import { OPUS_SAMPLES, PictureEncoder, SoundEncoder } from './encoders.ts';
import type { Loop } from './play-loop.ts';

/** Encodes the loop. Every `keyFrameEvery` pictures there is a key frame. */
export function smallLoop(
  options: { width?: number; height?: number; keyFrameEvery?: number; seconds?: number } = {},
): Loop {
  const { width = 160, height = 288, keyFrameEvery = 15, seconds = 1 } = options;
  const framesPerSecond = 30;
  const encoder = new PictureEncoder({
    width,
    height,
    framesPerSecond,
    bitsPerSecond: 400_000,
    keyFrameEvery,
    preset: 'ultrafast',
  });
  const pictures: Loop['pictures'] = [];
  const picture = Buffer.alloc((width * height * 3) / 2, 128);
  for (let n = 0; n < framesPerSecond * seconds; n += 1) {
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) picture[y * width + x] = (x + y * 2 + n * 8) & 0xff;
    }
    const key = n % keyFrameEvery === 0;
    pictures.push({ data: encoder.encode(picture, key), key });
  }
  encoder.close();
  const sound = new SoundEncoder(32_000);
  const sounds: Buffer[] = [];
  const samples = new Float32Array(OPUS_SAMPLES * 2);
  for (let n = 0; n < 50 * seconds; n += 1) {
    for (let i = 0; i < OPUS_SAMPLES; i += 1) {
      const value = 0.1 * Math.sin(2 * Math.PI * 200 * ((n * OPUS_SAMPLES + i) / 48_000));
      samples[i * 2] = value;
      samples[i * 2 + 1] = value;
    }
    sounds.push(sound.encode(samples));
  }
  sound.close();
  return { width, height, framesPerSecond, pictures, sounds };
}
