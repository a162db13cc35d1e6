// A clock that machines read off the picture: the milliseconds of the wall clock as a row of black and white cells.
// Drawing and reading stand side by side, so that they agree. Used to measure the delay from glass to glass.
//
// Layout: white, black, then 32 bits (high first), then two check cells: parity of the even and of the odd bits.

/** Cells in the row. */
export const CLOCK_CELLS = 36;
/** The row's place, in shares of the picture: near the top, over the whole width. */
export const CLOCK_TOP = 0.01;
export const CLOCK_HEIGHT = 0.03;

const WHITE = 235;
const BLACK = 16;

/** Draws the low 32 bits of `ms` into an I420 picture. */
export function drawClock(picture: Buffer, width: number, height: number, ms: number): void {
  const cells = clockCells(ms);
  const top = evenly(height * CLOCK_TOP);
  const bottom = evenly(height * (CLOCK_TOP + CLOCK_HEIGHT));
  for (let y = top; y < bottom; y += 1) {
    for (let cell = 0; cell < CLOCK_CELLS; cell += 1) {
      const left = Math.round((cell * width) / CLOCK_CELLS);
      const right = Math.round(((cell + 1) * width) / CLOCK_CELLS);
      picture.fill(cells[cell] ? WHITE : BLACK, y * width + left, y * width + right);
    }
  }
  const half = width >> 1;
  for (const plane of [width * height, width * height + half * (height >> 1)]) {
    picture.fill(128, plane + (top >> 1) * half, plane + (bottom >> 1) * half);
  }
}

/** The cells for a time. */
export function clockCells(ms: number): boolean[] {
  const value = ms % 2 ** 32;
  const cells = [true, false];
  let even = false;
  let odd = false;
  for (let bit = 31; bit >= 0; bit -= 1) {
    const set = Math.floor(value / 2 ** bit) % 2 === 1;
    cells.push(set);
    if (set && bit % 2 === 0) even = !even;
    if (set && bit % 2 === 1) odd = !odd;
  }
  cells.push(even, odd);
  return cells;
}

/**
 * Reads the clock from the brightness (0..255) in the middle of each cell: the low 32 bits of the milliseconds, or
 * undefined when it isn't a whole clock. Self-contained, since the benchmark also runs it inside a browser.
 */
export function readClock(brightness: readonly number[]): number | undefined {
  const white = brightness[0];
  const black = brightness[1];
  if (brightness.length !== 36 || white === undefined || black === undefined || white - black < 60)
    return undefined;
  const middle = (white + black) / 2;
  let value = 0;
  let even = false;
  let odd = false;
  for (let i = 0; i < 32; i += 1) {
    const set = brightness[2 + i]! > middle;
    value = value * 2 + (set ? 1 : 0);
    if (set && (31 - i) % 2 === 0) even = !even;
    if (set && (31 - i) % 2 === 1) odd = !odd;
  }
  return brightness[34]! > middle === even && brightness[35]! > middle === odd ? value : undefined;
}

function evenly(pixels: number): number {
  return Math.round(pixels / 2) * 2;
}
