import sharp from 'sharp';
import { expect, test } from 'vitest';
import { smallLoop } from '../camera/small-loop.ts';
import { keyFramePoster, pictureSize } from './picture.ts';

// Widths that are no multiple of a vector: the scaler once wrote past the end of the last row and took the process down.
test.each([
  [360, 640],
  [162, 288],
  [426, 240],
  [64, 64],
])(
  'a key frame of %d x %d becomes a picture of that size, and nothing else is written over',
  async (width, height) => {
    const [first] = smallLoop({ width, height, seconds: 1 }).pictures;
    expect(pictureSize('H264', first!.data)).toEqual({ width, height });
    for (let round = 0; round < 20; round += 1) {
      const poster = await keyFramePoster('H264', first!.data);
      expect(await sharp(poster!.whole).metadata()).toMatchObject({
        format: 'jpeg',
        width,
        height,
      });
      expect(await sharp(poster!.upright).metadata()).toMatchObject({ width: 480, height: 854 });
    }
  },
);

test('what is no picture gives none', async () => {
  expect(pictureSize('H264', Buffer.from('not a picture'))).toBeUndefined();
  expect(await keyFramePoster('VP8', Buffer.alloc(100, 7))).toBeNull();
});
