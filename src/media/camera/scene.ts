// The moving picture of the synthetic camera: the set, the vase turning on its wheel, sunlight through leaves that sway,
// dust in the light. Draws planar YUV 4:2:0 for the encoder. The rules: the whole scene repeats after one turn, so that
// a loop has no seam, and it is the same on every machine.

import { drawSet, staging } from './stage-picture.ts';
import type { VasePixels } from './vase.ts';
import { GLAZE_COLUMNS, GLAZE_ROWS, noise, PART, paintGlaze, traceVase } from './vase.ts';

/** Light is computed on a coarse grid of this many pixels and smoothed between: nothing in it is sharp. */
const CELL = 16;
const LEAVES = 16;
const MOTES = 34;
const TURN = 2 * Math.PI;

/** Toward the window: left, above, in front. */
const KEY = unit(-0.74, 0.52, 0.43);
const KEY_COLOUR = [1.9, 1.55, 1.1] as const;
const FILL = unit(0.85, 0.15, 0.5);
const FILL_COLOUR = [0.05, 0.09, 0.1] as const;
const SKY_COLOUR = [0.19, 0.165, 0.14] as const;
const TABLE_COLOUR = [0.16, 0.085, 0.04] as const;

type Leaf = {
  x: number;
  y: number;
  rx: number;
  ry: number;
  sway: number;
  phase: number;
  turns: number;
};
type Mote = {
  x: number;
  y: number;
  drift: number;
  rise: number;
  phase: number;
  size: number;
  light: number;
};

export class Scene {
  readonly width: number;
  readonly height: number;
  readonly #setY: Float32Array;
  readonly #setU: Float32Array;
  readonly #setV: Float32Array;
  readonly #pixels: VasePixels;
  readonly #glaze = paintGlaze();
  /** Per vase pixel: what doesn't change with time. */
  readonly #key: Float32Array;
  readonly #rest: Float32Array;
  readonly #gloss: Float32Array;
  readonly #columns: number;
  readonly #rows: number;
  readonly #light: Float32Array;
  readonly #patch: Float32Array;
  readonly #gamma = new Uint8Array(4097);
  readonly #leaves: Leaf[] = [];
  readonly #motes: Mote[] = [];

  private constructor(width: number, height: number, set: Buffer) {
    this.width = width;
    this.height = height;
    const area = width * height;
    this.#setY = new Float32Array(area);
    this.#setU = new Float32Array(area / 4);
    this.#setV = new Float32Array(area / 4);
    this.#readSet(set);
    const scale = staging.vaseHeight * height;
    this.#pixels = traceVase(
      width,
      height,
      staging.centerX * width,
      staging.wheelY * height,
      scale,
    );
    this.#key = new Float32Array(this.#pixels.count);
    this.#rest = new Float32Array(this.#pixels.count * 3);
    this.#gloss = new Float32Array(this.#pixels.count);
    this.#lightVase();
    this.#columns = Math.ceil(width / CELL) + 1;
    this.#rows = Math.ceil(height / CELL) + 1;
    this.#light = new Float32Array(this.#columns * this.#rows);
    this.#patch = new Float32Array(this.#columns * this.#rows);
    this.#placeLight();
    for (let i = 0; i <= 4096; i += 1) this.#gamma[i] = Math.round(255 * (i / 4096) ** (1 / 2.2));
  }

  /** Sizes must be even. */
  static async create(width: number, height: number): Promise<Scene> {
    return new Scene(width, height, await drawSet(width, height));
  }

  /** Draws the moment `turn` (0..1 is one whole turn of the vase) into an I420 picture. */
  draw(turn: number, picture: Buffer): void {
    this.#moveLight(turn);
    this.#drawSet(picture);
    this.#drawVase(turn, picture);
    this.#drawMotes(turn, picture);
  }

  #readSet(set: Buffer): void {
    const { width, height } = this;
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const at = y * width + x;
        const grain =
          (noise(x * 0.11, y * 0.11, 4096) - 0.5) * 5 + (noise(x * 0.71, y * 0.71, 4096) - 0.5) * 4;
        const r = set[at * 3]! + grain;
        const g = set[at * 3 + 1]! + grain;
        const b = set[at * 3 + 2]! + grain;
        this.#setY[at] = 16 + 0.257 * r + 0.504 * g + 0.098 * b;
        if (((x | y) & 1) === 0) {
          const half = (y >> 1) * (width >> 1) + (x >> 1);
          this.#setU[half] = -0.148 * r - 0.291 * g + 0.439 * b;
          this.#setV[half] = 0.439 * r - 0.368 * g - 0.071 * b;
        }
      }
    }
  }

  /** Everything about the light on the vase that doesn't depend on time. */
  #lightVase(): void {
    const { count, part, row, normalX, normalY, normalZ } = this.#pixels;
    const view = [0, Math.sin(0.227), Math.cos(0.227)] as const;
    for (let i = 0; i < count; i += 1) {
      const nx = normalX[i]!;
      const ny = normalY[i]!;
      const nz = normalZ[i]!;
      const toKey = nx * KEY[0] + ny * KEY[1] + nz * KEY[2];
      const toFill = Math.max(0, nx * FILL[0] + ny * FILL[1] + nz * FILL[2]);
      const sky = 0.5 + ny * 0.5;
      const facing = Math.max(0, nx * view[0] + ny * view[1] + nz * view[2]);
      const h = row[i]! / (GLAZE_ROWS - 1);
      let open = 1;
      if (part[i] === PART.glaze) open = 0.45 + 0.55 * Math.min(1, h / 0.16);
      // The deeper inside, the less light; the plate is dark under the vase and in its shadow on the right.
      if (part[i] === PART.inside) open = Math.max(0.05, 1 - (1 - h) * 9);
      if (part[i] === PART.plate)
        open = 0.25 + 0.75 * Math.min(1, Math.max(0, (row[i]! - 0.38) / 0.3));
      // Wrapped a little, as light through a thin glaze is.
      this.#key[i] = Math.max(0, (toKey + 0.12) / 1.12) * open;
      for (let c = 0; c < 3; c += 1) {
        this.#rest[i * 3 + c] =
          open *
          (SKY_COLOUR[c]! * (0.35 + 0.65 * sky) +
            FILL_COLOUR[c]! * toFill * 3 +
            TABLE_COLOUR[c]! * Math.max(0, -ny * 0.8 + 0.25));
      }
      this.#gloss[i] = part[i] === PART.glaze ? reflection(nx, ny, nz, view, facing) : 0;
    }
  }

  /** Where the sun falls on wall and table: window panes, leaning, soft. */
  #placeLight(): void {
    for (let row = 0; row < this.#rows; row += 1) {
      for (let column = 0; column < this.#columns; column += 1) {
        const x = (column * CELL) / this.width;
        const y = (row * CELL) / this.height;
        let sun: number;
        if (y < 0.585) {
          const u = (x - 0.06 - (y - 0.12) * 0.22) / 0.62;
          const v = (y - 0.1 - x * 0.06) / 0.4;
          sun = pane(u, v);
        } else {
          const u = (x + 0.02 - (y - 0.58) * 0.5) / 0.72;
          const v = (y - 0.585) / 0.16;
          sun = pane(u, v) * 0.8;
        }
        this.#patch[row * this.#columns + column] = sun;
      }
    }
    for (let i = 0; i < LEAVES; i += 1) {
      const random = (salt: number) => noise(i * 7.31 + salt * 3.7, salt * 11.3, 4096);
      this.#leaves.push({
        x: random(1) * 1.1 - 0.1,
        y: random(2) * 0.72 + 0.02,
        rx: 0.05 + random(3) * 0.08,
        ry: 0.018 + random(4) * 0.035,
        sway: 0.014 + random(5) * 0.022,
        phase: random(6),
        turns: 1 + Math.floor(random(7) * 3),
      });
    }
    for (let i = 0; i < MOTES; i += 1) {
      const random = (salt: number) => noise(i * 5.17 + salt * 2.9, salt * 17.1, 4096);
      this.#motes.push({
        x: random(1) * 0.9,
        y: 0.12 + random(2) * 0.55,
        drift: (random(3) - 0.5) * 0.1,
        rise: 0.02 + random(4) * 0.05,
        phase: random(5),
        size: 1.1 + random(6) * 2.2,
        light: 16 + random(7) * 44,
      });
    }
  }

  #moveLight(turn: number): void {
    const breath = 1 + 0.03 * Math.sin(TURN * turn) + 0.02 * Math.sin(TURN * (2 * turn + 0.3));
    for (let row = 0; row < this.#rows; row += 1) {
      for (let column = 0; column < this.#columns; column += 1) {
        const at = row * this.#columns + column;
        let sun = this.#patch[at]!;
        if (sun > 0.004) {
          const x = (column * CELL) / this.width;
          const y = (row * CELL) / this.height;
          let shade = 1;
          for (const leaf of this.#leaves) {
            const swing = Math.sin(TURN * (leaf.turns * turn + leaf.phase));
            const dx = (x - leaf.x - leaf.sway * swing) / leaf.rx;
            const dy = (y - leaf.y - leaf.sway * 0.4 * swing - dx * 0.012) / leaf.ry;
            const distance = dx * dx + dy * dy;
            if (distance < 4) shade *= 1 - 0.5 * Math.exp(-distance * 1.4);
          }
          sun *= shade;
        }
        this.#light[at] = 0.8 + 0.5 * sun * breath;
      }
    }
  }

  /** The light at a pixel, between the cells' corners. */
  #lightAt(x: number, y: number): number {
    const column = Math.floor(x / CELL);
    const row = Math.floor(y / CELL);
    const fx = x / CELL - column;
    const fy = y / CELL - row;
    const at = row * this.#columns + column;
    const light = this.#light;
    const top = light[at]! + (light[at + 1]! - light[at]!) * fx;
    const low =
      light[at + this.#columns]! +
      (light[at + this.#columns + 1]! - light[at + this.#columns]!) * fx;
    return top + (low - top) * fy;
  }

  #drawSet(picture: Buffer): void {
    const { width, height } = this;
    const setY = this.#setY;
    const setU = this.#setU;
    const setV = this.#setV;
    const light = this.#light;
    const columns = this.#columns;
    for (let y = 0; y < height; y += 1) {
      const row = Math.floor(y / CELL);
      const fy = y / CELL - row;
      for (let cell = 0; cell * CELL < width; cell += 1) {
        const at = row * columns + cell;
        const left = light[at]! + (light[at + columns]! - light[at]!) * fy;
        const right = light[at + 1]! + (light[at + columns + 1]! - light[at + 1]!) * fy;
        const slope = (right - left) / CELL;
        const start = cell * CELL;
        const end = Math.min(width, start + CELL);
        let value = left;
        for (let x = start; x < end; x += 1) {
          const luma = (setY[y * width + x]! - 16) * value + 16.5;
          picture[y * width + x] = Math.min(luma, 238);
          value += slope;
        }
      }
    }
    const halfWidth = width >> 1;
    const halfHeight = height >> 1;
    const uAt = width * height;
    const vAt = uAt + halfWidth * halfHeight;
    const step = CELL / 2;
    for (let y = 0; y < halfHeight; y += 1) {
      const row = Math.floor(y / step);
      const fy = y / step - row;
      for (let cell = 0; cell * step < halfWidth; cell += 1) {
        const at = row * columns + cell;
        const left = light[at]! + (light[at + columns]! - light[at]!) * fy;
        const right = light[at + 1]! + (light[at + columns + 1]! - light[at + 1]!) * fy;
        const slope = (right - left) / step;
        const end = Math.min(halfWidth, (cell + 1) * step);
        let value = left;
        for (let half = y * halfWidth + cell * step; half < y * halfWidth + end; half += 1) {
          picture[uAt + half] = 128.5 + setU[half]! * value;
          picture[vAt + half] = 128.5 + setV[half]! * value;
          value += slope;
        }
      }
    }
  }

  #drawVase(turn: number, picture: Buffer): void {
    const { width, height } = this;
    const { count, at, part, column, row, cover } = this.#pixels;
    const glaze = this.#glaze;
    const gamma = this.#gamma;
    const halfWidth = width >> 1;
    const uAt = width * height;
    const vAt = uAt + halfWidth * (height >> 1);
    const turned = turn * GLAZE_COLUMNS + GLAZE_COLUMNS;
    for (let i = 0; i < count; i += 1) {
      const place = at[i]!;
      const x = place % width;
      const y = (place / width) | 0;
      const sun = (this.#lightAt(x, y) - 0.55) * 1.5;
      let r: number;
      let g: number;
      let b: number;
      let metal = 0;
      const around = column[i]! + turned;
      if (part[i] === PART.glaze || part[i] === PART.inside) {
        const low = around | 0;
        const f = around - low;
        const line = Math.min(GLAZE_ROWS - 1, row[i]! | 0) * GLAZE_COLUMNS;
        const a = (line + (low % GLAZE_COLUMNS)) * 4;
        const c = (line + ((low + 1) % GLAZE_COLUMNS)) * 4;
        r = glaze[a]! + (glaze[c]! - glaze[a]!) * f;
        g = glaze[a + 1]! + (glaze[c + 1]! - glaze[a + 1]!) * f;
        b = glaze[a + 2]! + (glaze[c + 2]! - glaze[a + 2]!) * f;
        metal = glaze[a + 3]!;
      } else {
        const shade = plateShade(part[i]!, row[i]!, (around / GLAZE_COLUMNS) % 1);
        r = 0.17 * shade;
        g = 0.115 * shade;
        b = 0.075 * shade;
      }
      const key = this.#key[i]! * sun;
      const gloss = this.#gloss[i]! * (0.55 + 0.45 * sun);
      const matte = 1 - metal * 0.35;
      const red =
        r * matte * (KEY_COLOUR[0] * key + this.#rest[i * 3]!) + gloss * (metal > 0.4 ? 0.9 : 0.62);
      const green =
        g * matte * (KEY_COLOUR[1] * key + this.#rest[i * 3 + 1]!) +
        gloss * (metal > 0.4 ? 0.62 : 0.56);
      const blue =
        b * matte * (KEY_COLOUR[2] * key + this.#rest[i * 3 + 2]!) +
        gloss * (metal > 0.4 ? 0.22 : 0.46);
      const sr = gamma[red >= 1 ? 4096 : (red * 4096) | 0]!;
      const sg = gamma[green >= 1 ? 4096 : (green * 4096) | 0]!;
      const sb = gamma[blue >= 1 ? 4096 : (blue * 4096) | 0]!;
      const share = cover[i]!;
      const luma = 16.5 + 0.257 * sr + 0.504 * sg + 0.098 * sb;
      picture[place] = share === 1 ? luma : picture[place]! + (luma - picture[place]!) * share;
      if (((x | y) & 1) === 0) {
        const half = (y >> 1) * halfWidth + (x >> 1);
        const u = 128.5 - 0.148 * sr - 0.291 * sg + 0.439 * sb;
        const v = 128.5 + 0.439 * sr - 0.368 * sg - 0.071 * sb;
        picture[uAt + half] = picture[uAt + half]! + (u - picture[uAt + half]!) * share;
        picture[vAt + half] = picture[vAt + half]! + (v - picture[vAt + half]!) * share;
      }
    }
  }

  #drawMotes(turn: number, picture: Buffer): void {
    const { width, height } = this;
    for (const mote of this.#motes) {
      const own = (turn + mote.phase) % 1;
      const x = (mote.x + mote.drift * Math.sin(TURN * own)) * width;
      const y = (mote.y - mote.rise * Math.sin(TURN * (own + 0.25))) * height;
      const glint = 0.55 + 0.45 * Math.sin(TURN * (own * 3 + mote.phase));
      const radius = mote.size * (width / 720) * 2.4;
      const left = Math.max(0, Math.floor(x - radius));
      const right = Math.min(width - 1, Math.ceil(x + radius));
      const top = Math.max(0, Math.floor(y - radius));
      const bottom = Math.min(height - 1, Math.ceil(y + radius));
      if (left > right || top > bottom) continue;
      const sun =
        Math.max(
          0,
          this.#lightAt(Math.min(width - 1, Math.max(0, x)), Math.min(height - 1, y)) - 0.8,
        ) * 2;
      for (let py = top; py <= bottom; py += 1) {
        for (let px = left; px <= right; px += 1) {
          const distance = ((px - x) ** 2 + (py - y) ** 2) / (radius * radius);
          if (distance >= 1) continue;
          const value = picture[py * width + px]! + mote.light * sun * glint * (1 - distance) ** 2;
          picture[py * width + px] = Math.min(value, 238);
        }
      }
    }
  }
}

/** What the glaze mirrors: a tall window with its cross on the left, a soft light on the right edge, the rim's gleam. */
function reflection(
  nx: number,
  ny: number,
  nz: number,
  view: readonly number[],
  facing: number,
): number {
  const rx = 2 * facing * nx - view[0]!;
  const ry = 2 * facing * ny - view[1]!;
  const rz = 2 * facing * nz - view[2]!;
  const around = Math.atan2(rx, rz);
  const up = Math.asin(Math.max(-1, Math.min(1, ry)));
  const fresnel = 0.05 + 0.95 * (1 - facing) ** 5;
  const u = (around + 1.32) / 0.62;
  const v = (up - 0.36) / 0.62;
  const window = pane(u + 0.5, v + 0.5);
  const u2 = (around - 1.75) / 0.5;
  const side = Math.exp(-(u2 * u2) * 2 - up * up * 1.5);
  return window * (0.42 + fresnel * 0.5) + side * 0.05 + fresnel * 0.1 * Math.max(0, 0.4 + ry);
}

/** A window of two by three panes with soft edges: 0..1 inside, 0 outside. */
function pane(u: number, v: number): number {
  if (u < -0.2 || u > 1.2 || v < -0.2 || v > 1.2) return 0;
  const soft = 0.07;
  const edge = (t: number) => smoothstep(-soft, soft, t) * smoothstep(-soft, soft, 1 - t);
  const bar = (t: number, at: number) => 1 - 0.75 * Math.exp(-(((t - at) / 0.035) ** 2));
  return edge(u) * edge(v) * bar(u, 0.5) * bar(v, 0.36) * bar(v, 0.7);
}

/** The wheel's plate: turned rings, a few smears of slip that show that it turns. */
function plateShade(part: number, row: number, around: number): number {
  if (part === PART.plateEdge) return 0.75 + 0.5 * (1 - row) + 0.2 * Math.sin(around * TURN * 24);
  const rings = 1 + 0.1 * Math.sin(row * 150);
  const smear =
    smearAt(around, row, 0.1, 0.83) +
    smearAt(around, row, 0.37, 0.7) +
    smearAt(around, row, 0.62, 0.9) +
    smearAt(around, row, 0.85, 0.76);
  return rings * (1 + 2.6 * Math.min(1, smear)) * (row > 0.965 ? 1.5 : 1);
}

function smearAt(around: number, row: number, at: number, distance: number): number {
  const u = around - at - Math.round(around - at);
  return Math.exp(-((u / 0.035) ** 2) - ((row - distance) / 0.03) ** 2);
}

function smoothstep(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

function unit(x: number, y: number, z: number): readonly [number, number, number] {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}
