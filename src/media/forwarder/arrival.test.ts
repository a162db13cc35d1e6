import { expect, test } from 'vitest';
import { PictureEncoder } from '../camera/encoders.ts';
import { packetizeH264, startsH264KeyFrame } from '../rtp/h264.ts';
import { Arrival } from './arrival.ts';

/** Payloads of a key picture of 160 x 96, as x264 makes it. */
const keyPicture = (width: number, payloadBytesMax = 1180): readonly Buffer[] => {
  const encoder = new PictureEncoder({
    ...{ width, height: 96, framesPerSecond: 25, bitsPerSecond: 200_000, keyFrameEvery: 25 },
    preset: 'ultrafast',
  });
  const picture = encoder.encode(Buffer.alloc((width * 96 * 3) / 2, 128), true);
  encoder.close();
  return packetizeH264(picture, payloadBytesMax);
};
const delta = Buffer.from([0x41, 0, 0]);

test('[ING-15] the size comes from the parameter set, also in a packet of several units, and follows a new one', () => {
  const arrival = new Arrival('H264');
  let index = 0;
  for (const [width, payloadBytesMax] of [
    [160, 1180],
    [320, 1180],
    [160, 40],
  ] as const) {
    for (const payload of keyPicture(width, payloadBytesMax))
      arrival.picture(
        ++index,
        index * 3_600,
        payload,
        startsH264KeyFrame(payload, 0, payload.length),
      );
    expect(arrival.take(1).picture).toMatchObject({
      codec: 'H264',
      parameters: { width, height: 96 },
      reordered: false,
    });
  }
});

test('[ING-15] pictures whose time goes back in the order of sending are B-frames; packets that were late aren’t', () => {
  const arrival = new Arrival('H264');
  const shown = [0, 3, 1, 2, 6, 4, 5, 9, 7, 8];
  shown.forEach((at, index) => {
    arrival.picture(index, at * 3_600, delta, false);
  });
  expect(arrival.take(1).picture?.reordered).toBe(true);
  for (const index of [20, 22, 21, 24, 23, 26, 25, 28, 27])
    arrival.picture(index, index * 3_600, delta, false);
  expect(arrival.take(1).picture?.reordered).toBe(false);
});

test('[ING-15] what doesn’t come isn’t told: no picture, no sound, no codec', () => {
  const arrival = new Arrival('VP8');
  expect(arrival.take(1)).toEqual({ picture: null, sound: null });
  arrival.picture(1, 0, delta, true);
  arrival.picture(2, 3_600, delta, false);
  arrival.sound(125);
  expect(arrival.take(0.5)).toEqual({
    picture: { codec: 'VP8', parameters: null, reordered: false },
    sound: { bitsPerSecond: 2_000 },
  });
  expect(new Arrival(undefined).take(1)).toEqual({ picture: null, sound: null });
});
