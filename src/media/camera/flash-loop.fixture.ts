// A picture and a sound that begin in one frame, for tests of whether they are still together where they arrive.

import { OPUS_SAMPLES, PictureEncoder, SoundEncoder } from './encoders.ts';
import type { Loop } from './play-loop.ts';

/** From flash to flash. */
export const flashLoopMs = 2000;
const flashMs = 200;

/** Every two seconds a white picture, which alone is a key picture, and a beep begin in one frame. */
export const flashLoop = (): Loop => {
  const [width, height, framesPerSecond] = [160, 96, 25];
  const bitsPerSecond = 200_000;
  const keyFrameEvery = (flashLoopMs / 1000) * framesPerSecond;
  const encoder = new PictureEncoder({
    ...{ width, height, framesPerSecond, bitsPerSecond, keyFrameEvery },
    preset: 'ultrafast',
  });
  const pictures: Loop['pictures'] = [];
  for (let n = 0; n < keyFrameEvery; n += 1) {
    const yuv = Buffer.alloc((width * height * 3) / 2, 128);
    yuv.fill(n * 40 < flashMs ? 235 : 30, 0, width * height);
    pictures.push({ data: encoder.encode(yuv, n === 0), key: n === 0 });
  }
  encoder.close();
  const sound = new SoundEncoder(32_000);
  const sounds: Buffer[] = [];
  for (let n = 0; n * 20 < flashLoopMs; n += 1) {
    const samples = new Float32Array(OPUS_SAMPLES * 2).map((_, i) =>
      n * 20 < flashMs ? 0.6 * Math.sin((2 * Math.PI * 1000 * (i >> 1)) / 48_000) : 0,
    );
    sounds.push(sound.encode(samples));
  }
  sound.close();
  return { width, height, framesPerSecond, pictures, sounds };
};
