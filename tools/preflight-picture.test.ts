// The camera's measures on a real person on film, which belongs to the browser stories: no part of the product may
// reach for that, so this suite stands here and not beside its file.

import { open } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { film } from '../e2e/film.ts';
import {
  type Grey,
  greyOf,
  judgePicture,
  measuredWidth,
  measureLight,
  type PictureMeasures,
  usualLight,
} from '../src/domain/preflight/picture.ts';

/** The third picture of a person on film: its brightness as the file has it. */
const filmed = async (): Promise<Grey> => {
  const file = await open((await film()).y4m);
  try {
    const head = Buffer.alloc(200);
    await file.read(head, 0, head.length, 0);
    const line = head.toString('latin1').split('\n', 1)[0] ?? '';
    const [width, height] = [/ W(\d+)/, / H(\d+)/].map((part) => Number(part.exec(line)?.[1]));
    if (!width || !height) throw new Error(`no picture in ${line}`);
    const luma = Buffer.alloc(width * height);
    const frameBytes = width * height * 1.5 + 'FRAME\n'.length;
    await file.read(luma, 0, luma.length, line.length + 1 + 2 * frameBytes + 'FRAME\n'.length);
    return { width, height, luma: new Uint8Array(luma) };
  } finally {
    await file.close();
  }
};

const person = await filmed();

/** Changed in full size, then brought to the measured width as the page does it. */
const measured = async (change: (value: number, x: number, y: number) => number, blur = 0) => {
  const { width, height } = person;
  const luma = Buffer.from(
    person.luma.map((value, at) =>
      Math.max(
        0,
        Math.min(255, change(value, (at % width) / width, Math.floor(at / width) / height)),
      ),
    ),
  );
  let picture = sharp(luma, { raw: { width, height, channels: 1 } }).resize(measuredWidth);
  if (blur > 0)
    picture = sharp(await picture.toColourspace('b-w').raw().toBuffer(), {
      raw: {
        width: measuredWidth,
        height: Math.round((height * measuredWidth) / width),
        channels: 1,
      },
    }).blur(blur);
  const { data, info } = await picture
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return measureLight({ width: info.width, height: info.height, luma: new Uint8Array(data) });
};
const asItIs = (value: number) => value;
const camera: Omit<PictureMeasures, keyof Awaited<ReturnType<typeof measured>>> = {
  width: 1280,
  height: 720,
  framesPerSecond: 29.8,
  nominalFramesPerSecond: 30,
};
const codesOf = async (change: Parameters<typeof measured>[0], blur = 0) =>
  judgePicture({ ...camera, ...(await measured(change, blur)) }).map(({ code }) => code);
const good = ['exposure-good', 'backlight-none', 'sharp', 'size-good', 'frames-good'];

describe('a camera', () => {
  it('[PRE-7] that shows a person as they should be shown is green', async () => {
    expect(await codesOf(asItIs)).toEqual(good);
    const found = judgePicture({ ...camera, ...(await measured(asItIs)) });
    expect(new Set(found.map(({ grade }) => grade))).toEqual(new Set(['green']));
  });

  it.each([
    [0.4, 'dark'],
    [0.15, 'very-dark'],
  ])('[PRE-7] that gets %f of the light is called %s', async (share, code) => {
    expect(await codesOf((value) => value * share)).toContain(code);
  });

  it.each([
    [0.15, 'burnt'],
    [0.35, 'very-burnt'],
  ])('[PRE-7] that has %f of the picture white is called %s', async (share, code) => {
    expect(await codesOf((value, x) => (x < share ? 255 : value))).toContain(code);
  });

  it.each([
    [200, 'backlight-some'],
    [250, 'backlight-strong'],
  ])('[PRE-8] with a window of %i behind a darker person is called %s', async (window, code) => {
    const isOutside = (x: number, y: number) => Math.hypot(2 * x - 1, 2 * y - 1) > 0.85;
    const dim = code === 'backlight-strong' ? 0.55 : 0.8;
    expect(await codesOf((value, x, y) => (isOutside(x, y) ? window : value * dim))).toContain(
      code,
    );
  });

  it('[PRE-8] with a dark background has no backlight', async () => {
    const isOutside = (x: number, y: number) => Math.hypot(2 * x - 1, 2 * y - 1) > 0.85;
    expect(await codesOf((value, x, y) => (isOutside(x, y) ? 5 : value))).toContain(
      'backlight-none',
    );
  });

  it.each([
    [0.6, 'sharp'],
    [1.1, 'soft'],
    [2.3, 'blurred'],
  ])('[PRE-9] blurred by %f pixels is called %s', async (sigma, code) => {
    expect(await codesOf(asItIs, sigma)).toContain(code);
  });

  it('[PRE-9] of half the contrast is as sharp as it was', async () => {
    const full = (await measured(asItIs)).sharpness ?? 0;
    const half = (await measured((value) => 70 + value / 2)).sharpness ?? 0;
    expect(Math.abs(half / full - 1)).toBeLessThan(0.1);
  });

  it('[PRE-9] before a wall isn’t called sharp or blurred', async () => {
    expect(await codesOf(() => 120)).toContain('nothing-to-focus');
  });

  it.each([
    [1920, 1080, 'size-good'],
    [720, 1280, 'size-good'],
    [640, 480, 'size-small'],
    [320, 240, 'size-tiny'],
  ])('[PRE-10] of %i by %i is called %s', async (width, height, code) => {
    const picture = { ...camera, ...(await measured(asItIs)), width, height };
    expect(judgePicture(picture).map((found) => found.code)).toContain(code);
  });

  it.each([
    [24, 24, 'frames-good'],
    [24, null, 'frames-good'],
    [30, 60, 'frames-low'],
    [15, 30, 'frames-low'],
    [9, 30, 'frames-very-low'],
  ])('[PRE-10] that gives %i of %s pictures a second is called %s', async (real, nominal, code) => {
    const rates = { framesPerSecond: real, nominalFramesPerSecond: nominal };
    const picture = { ...camera, ...(await measured(asItIs)), ...rates };
    expect(judgePicture(picture).map((found) => found.code)).toContain(code);
  });

  it('[PRE-7] is judged by what it usually shows: one black picture changes nothing', async () => {
    const [sharpOne, black] = [await measured(asItIs), await measured(() => 0)];
    const usual = usualLight([black, sharpOne, sharpOne, sharpOne, sharpOne]);
    expect(usual).toEqual(sharpOne);
  });
});

it('grey is weighed as BT.709 says', () => {
  const rgba = new Uint8ClampedArray([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255]);
  expect([...greyOf(rgba, 3, 1).luma]).toEqual([54, 182, 18]);
});
