import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  CLOCK_CELLS,
  CLOCK_HEIGHT,
  CLOCK_TOP,
  clockCells,
  drawClock,
  readClock,
} from './clock-code.ts';

const time = fc.integer({ min: 0, max: 2 ** 41 });

test('a clock reads as it was drawn', () => {
  const width = 360;
  const height = 640;
  const picture = Buffer.alloc((width * height * 3) / 2, 90);
  fc.assert(
    fc.property(time, (ms) => {
      drawClock(picture, width, height, ms);
      const y = Math.round((CLOCK_TOP + CLOCK_HEIGHT / 2) * height);
      const cells = Array.from(
        { length: CLOCK_CELLS },
        (_, i) => picture[y * width + Math.round(((i + 0.5) * width) / CLOCK_CELLS)]!,
      );
      expect(readClock(cells)).toBe(ms % 2 ** 32);
    }),
  );
});

test('a clock with one wrong cell is no clock', () => {
  fc.assert(
    fc.property(time, fc.integer({ min: 2, max: CLOCK_CELLS - 1 }), (ms, wrong) => {
      const cells = clockCells(ms).map((set, i) => (set !== (i === wrong) ? 235 : 16));
      expect(readClock(cells)).toBeUndefined();
    }),
  );
});
