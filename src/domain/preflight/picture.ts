// What is measured of a camera's picture, and what of it is good: light, backlight, sharpness, size and frame rate.
// Pure functions over the brightness of pixels, 0..255, row by row. Rules: docs/rules/preflight.md.

import { type Bound, byBounds, type Finding } from './finding.ts';

/** A picture in grey. */
export type Grey = {
  readonly width: number;
  readonly height: number;
  readonly luma: Uint8Array;
};

/** Pictures are brought to this width before they are measured: the noise of a sensor isn't sharpness. */
export const measuredWidth = 480;

/** Brightness of RGBA pixels as BT.709 weighs them. */
export const greyOf = (rgba: Uint8ClampedArray, width: number, height: number): Grey => {
  const luma = new Uint8Array(width * height);
  for (let at = 0; at < luma.length; at++) {
    const from = at * 4;
    luma[at] = Math.round(
      0.2126 * (rgba[from] as number) +
        0.7152 * (rgba[from + 1] as number) +
        0.0722 * (rgba[from + 2] as number),
    );
  }
  return { width, height, luma };
};

export type LightMeasures = {
  /** Mean brightness of the middle, where the host sits, 0..255. */
  readonly middle: number;
  /** Share of the pixels that are white without drawing, 0..1. */
  readonly burntShare: number;
  /** How many stops the border is brighter than the middle; below 0 it is darker. */
  readonly backlightStops: number;
  /** Variance of the Laplacian over variance of the brightness; null where there is nothing to see. */
  readonly sharpness: number | null;
};

export type PictureMeasures = LightMeasures & {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  /** What the camera said that it gives; null where the browser doesn't say. */
  readonly nominalFramesPerSecond: number | null;
};

const burntLuma = 250;
/** Of the shorter way: what lies outside of this much of an ellipse is the border. */
const middleShare = 0.6;
const borderShare = 0.9;
/** A picture with less contrast than this (standard deviation) is a wall or a lid. */
const contrastMin = 8;

/** Light as it fell in: screens show brightness to a power (sRGB). */
const linear = (luma: number): number => {
  const share = luma / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};
const linearOf = Float32Array.from({ length: 256 }, (_, luma) => linear(luma));

export const measureLight = ({ width, height, luma }: Grey): LightMeasures => {
  let [middleSum, middleLight, middleCount, borderLight, borderCount, burnt] = [0, 0, 0, 0, 0, 0];
  for (let y = 0; y < height; y++) {
    const up = (2 * (y + 0.5)) / height - 1;
    for (let x = 0; x < width; x++) {
      const aside = (2 * (x + 0.5)) / width - 1;
      const value = luma[y * width + x] as number;
      const from = Math.hypot(aside, up);
      if (from <= middleShare) {
        middleSum += value;
        middleLight += linearOf[value] as number;
        middleCount += 1;
      } else if (from >= borderShare) {
        borderLight += linearOf[value] as number;
        borderCount += 1;
      }
      if (value >= burntLuma) burnt += 1;
    }
  }
  // A thousandth of full light on both sides: two black regions are equal, not infinitely apart.
  const light = (sum: number, count: number) => sum / Math.max(1, count) + 0.001;
  return {
    middle: middleSum / Math.max(1, middleCount),
    burntShare: burnt / Math.max(1, luma.length),
    backlightStops: Math.log2(light(borderLight, borderCount) / light(middleLight, middleCount)),
    sharpness: sharpnessOf({ width, height, luma }),
  };
};

/**
 * The variance of the Laplacian (Pech-Pacheco and others, 2000: the edges of a sharp picture answer to it) relative
 * to the variance of the brightness, so that a picture of little contrast isn't called blurred.
 */
const sharpnessOf = ({ width, height, luma }: Grey): number | null => {
  let [sum, squares, edges, edgeSquares, count] = [0, 0, 0, 0, 0];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const value = luma[at] as number;
      const edge =
        (luma[at - 1] as number) +
        (luma[at + 1] as number) +
        (luma[at - width] as number) +
        (luma[at + width] as number) -
        4 * value;
      sum += value;
      squares += value * value;
      edges += edge;
      edgeSquares += edge * edge;
      count += 1;
    }
  }
  if (count === 0) return null;
  const variance = squares / count - (sum / count) ** 2;
  if (Math.sqrt(variance) < contrastMin) return null;
  return (edgeSquares / count - (edges / count) ** 2) / variance;
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** The median over some pictures: a hand before the lens, or the first dark ones, change nothing. */
export const usualLight = (pictures: readonly LightMeasures[]): LightMeasures => {
  const sharp = pictures.flatMap(({ sharpness }) => sharpness ?? []);
  return {
    middle: median(pictures.map(({ middle }) => middle)),
    burntShare: median(pictures.map(({ burntShare }) => burntShare)),
    backlightStops: median(pictures.map(({ backlightStops }) => backlightStops)),
    sharpness: sharp.length * 2 > pictures.length ? median(sharp) : null,
  };
};

/** Middle grey of a screen is 118; a face is lit around it. At half of that it sinks, at a third it is a shadow. */
const darkBounds: readonly Bound[] = [
  [62, 'exposure-good', 'green'],
  [38, 'dark', 'amber'],
  [0, 'very-dark', 'red'],
];
/** A lamp or a window in the picture is white on a few hundredths; a tenth is a face or a product gone. */
const burntBounds: readonly Bound[] = [
  [0.25, 'very-burnt', 'red'],
  [0.1, 'burnt', 'amber'],
  [0, 'exposure-good', 'green'],
];
/** Portraits are lit with the background at most a stop brighter; two and a half stops make a silhouette. */
const backlightBounds: readonly Bound[] = [
  [2.5, 'backlight-strong', 'red'],
  [1.3, 'backlight-some', 'amber'],
  [Number.NEGATIVE_INFINITY, 'backlight-none', 'green'],
];
/**
 * Measured on a person on film at the measured width, blurred by known amounts (`tools/preflight-picture.test.ts` does it again):
 * sharp 0.065, a radius (sigma) of 0.6 pixels 0.028, of 1.1 pixels 0.009, of 2.3 pixels 0.002. A blur of a pixel is
 * seen by who looks for it, of a pixel and a half by everybody.
 */
const sharpBounds: readonly Bound[] = [
  [0.015, 'sharp', 'green'],
  [0.004, 'soft', 'amber'],
  [0, 'blurred', 'red'],
];
/** By the shorter side: 720p is what is sent; below 480 lines writing on a product isn't read. */
const sizeBounds: readonly Bound[] = [
  [720, 'size-good', 'green'],
  [480, 'size-small', 'amber'],
  [0, 'size-tiny', 'red'],
];
/** Film's 24 is moving; below 15 lips and words part. */
const frameBounds: readonly Bound[] = [
  [23, 'frames-good', 'green'],
  [14, 'frames-low', 'amber'],
  [0, 'frames-very-low', 'red'],
];
/** A camera that gives less than this of what it promised lengthens its exposure, or the machine doesn't keep up. */
const promiseShare = 0.75;

export const judgePicture = (picture: PictureMeasures): readonly Finding[] => {
  const dark = byBounds('exposure', darkBounds, picture.middle);
  const burnt = byBounds('exposure', burntBounds, picture.burntShare);
  const frames = byBounds('frames', frameBounds, picture.framesPerSecond);
  const promised = picture.nominalFramesPerSecond ?? 0;
  const short = picture.framesPerSecond < promised * promiseShare;
  return [
    // What is too dark can't be cured by taking light away: dark comes first.
    dark.grade === 'green' && burnt.grade !== 'green' ? burnt : dark,
    byBounds('backlight', backlightBounds, picture.backlightStops),
    picture.sharpness === null
      ? { topic: 'sharpness', code: 'nothing-to-focus', grade: 'amber', value: null }
      : byBounds('sharpness', sharpBounds, picture.sharpness),
    byBounds('size', sizeBounds, Math.min(picture.width, picture.height)),
    frames.grade === 'green' && short ? { ...frames, code: 'frames-low', grade: 'amber' } : frames,
  ];
};
