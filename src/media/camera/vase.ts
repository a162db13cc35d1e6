// The vase of the synthetic camera and the wheel it stands on: a solid of revolution seen from a little above. Its
// shape never moves on the screen, so every pixel's place on it is found once; only its glaze turns. Light is the
// scene's affair (`scene.ts`). The rule: deterministic, no random but a fixed hash, so that the loop is the same on all
// machines.

/** Columns (around) and rows (foot to lip) of the glaze. */
export const GLAZE_COLUMNS = 1024;
export const GLAZE_ROWS = 512;

/** Radius over height, foot to lip, in units of the vase's height. */
const PROFILE: readonly [height: number, radius: number][] = [
  [0, 0.165],
  [0.02, 0.172],
  [0.05, 0.182],
  [0.14, 0.268],
  [0.28, 0.352],
  [0.42, 0.392],
  [0.52, 0.385],
  [0.64, 0.318],
  [0.74, 0.22],
  [0.82, 0.15],
  [0.88, 0.126],
  [0.93, 0.132],
  [0.975, 0.162],
  [1, 0.178],
];
/** How far the camera looks down. */
const PITCH = (13 * Math.PI) / 180;
/** The wheel's plate, in units of the vase's height. */
const PLATE_RADIUS = 0.47;
const PLATE_THICKNESS = 0.045;

const profileTable = makeProfile();

/** Radius at a height 0..1. */
function radiusAt(height: number): number {
  const at = Math.min(0.9999, Math.max(0, height)) * (profileTable.length - 2);
  const low = Math.floor(at);
  return profileTable[low]! + (profileTable[low + 1]! - profileTable[low]!) * (at - low);
}

/** Catmull-Rom through the profile's points, in 1024 steps. */
function makeProfile(): Float64Array {
  const table = new Float64Array(1025);
  let segment = 0;
  for (let i = 0; i <= 1024; i += 1) {
    const h = i / 1024;
    while (segment < PROFILE.length - 2 && h > PROFILE[segment + 1]![0]) segment += 1;
    const [h1, r1] = PROFILE[segment]!;
    const [h2, r2] = PROFILE[segment + 1]!;
    const [h0, r0] = PROFILE[Math.max(0, segment - 1)]!;
    const [h3, r3] = PROFILE[Math.min(PROFILE.length - 1, segment + 2)]!;
    const m1 = ((r2 - r0) / Math.max(1e-6, h2 - h0)) * (h2 - h1);
    const m2 = ((r3 - r1) / Math.max(1e-6, h3 - h1)) * (h2 - h1);
    const t = (h - h1) / (h2 - h1);
    const t2 = t * t;
    const t3 = t2 * t;
    table[i] =
      (2 * t3 - 3 * t2 + 1) * r1 +
      (t3 - 2 * t2 + t) * m1 +
      (-2 * t3 + 3 * t2) * r2 +
      (t3 - t2) * m2;
  }
  return table;
}

/** What a pixel shows. */
export const PART = { glaze: 1, inside: 2, plate: 3, plateEdge: 4 } as const;

/** The pixels that vase and wheel cover, and what each shows. Arrays run in parallel. */
export type VasePixels = {
  count: number;
  /** Index into the picture. */
  at: Int32Array;
  part: Uint8Array;
  /** Around, 0..GLAZE_COLUMNS, before turning. */
  column: Float32Array;
  /** Row of the glaze; for the plate: distance from its centre, 0..1. */
  row: Float32Array;
  normalX: Float32Array;
  normalY: Float32Array;
  normalZ: Float32Array;
  /** Share of the pixel that is covered, for smooth edges. */
  cover: Float32Array;
};

type Hit = { part: number; theta: number; row: number; nx: number; ny: number; nz: number };

/** Finds what every pixel shows. `scale` is the vase's height in pixels, `(centerX, baseY)` the middle of its foot. */
export function traceVase(
  width: number,
  height: number,
  centerX: number,
  baseY: number,
  scale: number,
): VasePixels {
  const left = Math.max(0, Math.floor(centerX - PLATE_RADIUS * scale - 2));
  const right = Math.min(width - 1, Math.ceil(centerX + PLATE_RADIUS * scale + 2));
  const top = Math.max(0, Math.floor(baseY - (Math.cos(PITCH) + 0.08) * scale));
  const bottom = Math.min(
    height - 1,
    Math.ceil(baseY + (PLATE_RADIUS * Math.sin(PITCH) + PLATE_THICKNESS + 0.02) * scale),
  );
  const max = (right - left + 1) * (bottom - top + 1);
  const pixels: VasePixels = {
    count: 0,
    at: new Int32Array(max),
    part: new Uint8Array(max),
    column: new Float32Array(max),
    row: new Float32Array(max),
    normalX: new Float32Array(max),
    normalY: new Float32Array(max),
    normalZ: new Float32Array(max),
    cover: new Float32Array(max),
  };
  for (let y = top; y <= bottom; y += 1) {
    for (let x = left; x <= right; x += 1) {
      let hit: Hit | undefined;
      let covered = 0;
      // Two by two rays: the first that hits says what is seen, all say how much of it.
      for (let sub = 0; sub < 4; sub += 1) {
        const px = (x + 0.25 + (sub & 1) * 0.5 - centerX) / scale;
        const py = (baseY - (y + 0.25 + (sub >> 1) * 0.5)) / scale;
        const each = cast(px, py);
        if (!each) continue;
        covered += 0.25;
        hit ??= each;
      }
      if (!hit) continue;
      const i = pixels.count;
      pixels.count += 1;
      pixels.at[i] = y * width + x;
      pixels.part[i] = hit.part;
      pixels.column[i] = ((hit.theta / (2 * Math.PI) + 1) % 1) * GLAZE_COLUMNS;
      pixels.row[i] = hit.row;
      pixels.normalX[i] = hit.nx;
      pixels.normalY[i] = hit.ny;
      pixels.normalZ[i] = hit.nz;
      pixels.cover[i] = covered;
    }
  }
  return pixels;
}

const SIN = Math.sin(PITCH);
const COS = Math.cos(PITCH);
/** Coarse step along a ray, in units of the vase's height; a hit is then found to a 64th of it. */
const STEP = 0.012;
const REACH = PLATE_RADIUS + 0.02;

/** One ray, parallel projection. World: x right, y up from the foot, z towards the viewer. */
function cast(px: number, py: number): Hit | undefined {
  // The picture plane through the foot; rays go down and away.
  const originY = py * COS + SIN * 1.6;
  const originZ = -py * SIN + COS * 1.6;
  const from = (originZ - REACH) / COS;
  const to = (originZ + REACH) / COS;
  let inside = false;
  let last = place(px, originY - SIN * from, originZ - COS * from, inside);
  for (let s = from + STEP; s <= to; s += STEP) {
    const now = place(px, originY - SIN * s, originZ - COS * s, inside);
    if (now !== last) {
      // Entered something between the last step and this one.
      let low = s - STEP;
      let high = s;
      for (let i = 0; i < 6; i += 1) {
        const middle = (low + high) / 2;
        if (place(px, originY - SIN * middle, originZ - COS * middle, inside) === last)
          low = middle;
        else high = middle;
      }
      const y = originY - SIN * high;
      const z = originZ - COS * high;
      if (now === SOLID) return surface(px, Math.min(1, Math.max(0, y)), z, inside);
      if (now === HOLLOW) inside = true;
      else if (now === PLATE_BODY) return plate(px, originY - SIN * low, z);
    }
    last = now;
    if (originY - SIN * s < -PLATE_THICKNESS - 0.01) return undefined;
  }
  return undefined;
}

const AIR = 0;
const SOLID = 1;
const HOLLOW = 2;
const PLATE_BODY = 3;

/** What is at a point. */
function place(x: number, y: number, z: number, inside: boolean): number {
  const rho2 = x * x + z * z;
  if (y > 1 || y < -PLATE_THICKNESS) return AIR;
  if (y < 0) return rho2 < PLATE_RADIUS * PLATE_RADIUS ? PLATE_BODY : AIR;
  const radius = radiusAt(y);
  const wall = radius - 0.018;
  if (rho2 >= radius * radius) return inside ? SOLID : AIR;
  // The cavity is only ever entered from above.
  return rho2 < wall * wall && (inside || y > 0.97) ? HOLLOW : SOLID;
}

function plate(x: number, beforeY: number, z: number): Hit {
  const rho = Math.hypot(x, z);
  const theta = Math.atan2(x, z);
  if (beforeY >= 0)
    return { part: PART.plate, theta, row: rho / PLATE_RADIUS, nx: 0, ny: 1, nz: 0 };
  const depth = Math.min(1, -beforeY / PLATE_THICKNESS);
  return { part: PART.plateEdge, theta, row: depth, nx: x / rho, ny: 0, nz: z / rho };
}

function surface(x: number, y: number, z: number, inner: boolean): Hit {
  const slope = (radiusAt(Math.min(1, y + 0.004)) - radiusAt(Math.max(0, y - 0.004))) / 0.008;
  const rho = Math.hypot(x, z) || 1e-6;
  const length = Math.hypot(1, slope);
  const sign = inner ? -1 : 1;
  return {
    part: inner ? PART.inside : PART.glaze,
    theta: Math.atan2(x, z),
    row: y * (GLAZE_ROWS - 1),
    nx: (sign * (x / rho)) / length,
    ny: (sign * -slope) / length,
    nz: (sign * (z / rho)) / length,
  };
}

/** The glaze: linear red, green, blue and how metallic, four floats for each of GLAZE_COLUMNS x GLAZE_ROWS. */
export function paintGlaze(): Float32Array {
  const glaze = new Float32Array(GLAZE_COLUMNS * GLAZE_ROWS * 4);
  for (let row = 0; row < GLAZE_ROWS; row += 1) {
    const h = row / (GLAZE_ROWS - 1);
    for (let column = 0; column < GLAZE_COLUMNS; column += 1) {
      const [r, g, b, metal] = glazeAt(column / GLAZE_COLUMNS, h);
      const at = (row * GLAZE_COLUMNS + column) * 4;
      glaze[at] = linear(r);
      glaze[at + 1] = linear(g);
      glaze[at + 2] = linear(b);
      glaze[at + 3] = metal;
    }
  }
  return glaze;
}

type Rgb = readonly [number, number, number];
const DEEP: Rgb = [7, 62, 62];
const LAGOON: Rgb = [13, 95, 90];
const SHALLOW: Rgb = [70, 158, 146];
const CREAM: Rgb = [240, 228, 202];
const CLAY: Rgb = [158, 96, 60];
const GOLD: Rgb = [226, 165, 48];
const VERMILION: Rgb = [226, 64, 42];

/** Drips of the cream glaze: place around, width, length. */
const DRIPS: readonly [number, number, number][] = [
  [0.04, 0.016, 0.1],
  [0.13, 0.022, 0.2],
  [0.22, 0.014, 0.08],
  [0.31, 0.02, 0.15],
  [0.43, 0.026, 0.25],
  [0.53, 0.014, 0.09],
  [0.6, 0.02, 0.17],
  [0.71, 0.018, 0.11],
  [0.8, 0.026, 0.22],
  [0.91, 0.018, 0.13],
];

/** A crack mended with gold, as points (around, height); branches begin at points of the first. */
const CRACKS: readonly (readonly [number, number])[][] = [
  [
    [0.17, 0.72],
    [0.185, 0.64],
    [0.165, 0.575],
    [0.2, 0.5],
    [0.19, 0.43],
    [0.235, 0.35],
    [0.225, 0.27],
    [0.26, 0.19],
    [0.255, 0.09],
  ],
  [
    [0.2, 0.5],
    [0.245, 0.475],
    [0.27, 0.5],
    [0.315, 0.47],
  ],
  [
    [0.235, 0.35],
    [0.285, 0.33],
    [0.305, 0.285],
  ],
  [
    [0.165, 0.575],
    [0.125, 0.54],
    [0.11, 0.48],
  ],
];

function glazeAt(u: number, h: number): [number, number, number, number] {
  const cloud = noise(u * 12, h * 7, 12) * 0.6 + noise(u * 40, h * 24, 40) * 0.4;
  const rings = Math.sin(h * 190 + noise(u * 6, h * 20, 6) * 3) * 0.5;
  let colour = mix(DEEP, LAGOON, clamp(0.35 + cloud * 0.9 + rings * 0.12));
  // Where the glaze pooled above the foot it is darker, on the shoulder it broke to light.
  colour = mix(colour, SHALLOW, clamp((h - 0.3) * 0.55) * (0.35 + cloud * 0.7));
  const speckle = noise(u * 260, h * 130, 260);
  if (speckle > 0.86) colour = mix(colour, DEEP, (speckle - 0.86) * 4);
  let metal = 0;

  // Brushed leaves around the belly, under the cream.
  for (let leaf = 0; leaf < 5; leaf += 1) {
    const center = leaf / 5 + 0.03;
    const du = wrap(u - center) * 2 * Math.PI * 0.39;
    const dh = h - 0.26;
    const along = dh * 0.86 + du * 0.5;
    const across = du * 0.86 - dh * 0.5;
    const shape = 1 - (along / 0.11) ** 2;
    if (shape > 0) {
      const width = 0.034 * shape ** 0.8;
      const edge = clamp((width - Math.abs(across)) / 0.006);
      const dry = clamp(0.75 + noise(across * 500 + leaf * 31, along * 30, 1000) * 0.7 - 0.25);
      const vein = Math.abs(across) < 0.0022 ? 0.55 : 1;
      colour = mix(colour, CREAM, edge * dry * 0.62 * vein);
    }
  }

  let border = 0.735 + (noise(u * 9, 3.3, 9) - 0.5) * 0.05;
  for (const [at, width, length] of DRIPS)
    border -= length * Math.exp(-((wrap(u - at) / width) ** 2));
  const into = h - border;
  if (into > -0.012) {
    const cover = clamp((into + 0.012) / 0.02);
    const thin = clamp(1 - into / 0.16);
    const cream = mix(CREAM, [196, 205, 182], thin * (0.35 + cloud * 0.6));
    colour = mix(colour, cream, cover * (0.93 - speckle * 0.1));
    if (speckle > 0.9) colour = mix(colour, [150, 112, 70], (speckle - 0.9) * 5);
  }

  for (const crack of CRACKS) {
    for (let i = 1; i < crack.length; i += 1) {
      const distance = toSegment(u, h, crack[i - 1]!, crack[i]!);
      const width = 0.0062 * (0.8 + noise(u * 90, h * 90, 90) * 0.5);
      if (distance < width + 0.003) {
        const edge = clamp((width + 0.003 - distance) / 0.003);
        colour = mix(colour, GOLD, edge);
        metal = Math.max(metal, edge);
      }
    }
  }

  const du = wrap(u - 0.66) * 2 * Math.PI * 0.3;
  const dh = h - 0.135;
  if (Math.abs(du) < 0.028 && Math.abs(dh) < 0.03) {
    const frame = Math.max(Math.abs(du) / 0.028, Math.abs(dh) / 0.03);
    const sign =
      Math.abs(Math.abs(du) - 0.011) < 0.0035 || (Math.abs(dh) < 0.0035 && Math.abs(du) < 0.013);
    if (frame < 0.96) colour = sign && frame < 0.75 ? CREAM : VERMILION;
  }

  if (h < 0.05) {
    const bare = clamp((0.05 - h) / 0.008);
    colour = mix(colour, mix(CLAY, [104, 58, 34], speckle * 0.7), bare);
  }
  if (h > 0.984) {
    const rim = clamp((h - 0.984) / 0.004);
    colour = mix(colour, GOLD, rim);
    metal = Math.max(metal, rim);
  }
  return [colour[0], colour[1], colour[2], metal];
}

function toSegment(
  u: number,
  h: number,
  a: readonly [number, number],
  b: readonly [number, number],
): number {
  // Around counts as arc length at the belly, so that lines are equally wide in all directions.
  const scale = 2 * Math.PI * 0.38;
  const px = wrap(u - a[0]) * scale;
  const py = h - a[1];
  const bx = wrap(b[0] - a[0]) * scale;
  const by = b[1] - a[1];
  const t = clamp((px * bx + py * by) / (bx * bx + by * by));
  return Math.hypot(px - bx * t, py - by * t);
}

/** The signed distance around, -0.5..0.5. */
function wrap(u: number): number {
  return u - Math.round(u);
}

/** Smooth noise 0..1, periodic in x with the given period. */
export function noise(x: number, y: number, period: number): number {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const fx = smooth(x - x0);
  const fy = smooth(y - y0);
  const left = ((x0 % period) + period) % period;
  const right = (left + 1) % period;
  const top = hash(left, y0) + (hash(right, y0) - hash(left, y0)) * fx;
  const low = hash(left, y0 + 1) + (hash(right, y0 + 1) - hash(left, y0 + 1)) * fx;
  return top + (low - top) * fy;
}

function hash(x: number, y: number): number {
  let n = Math.imul(x | 0, 374761393) + Math.imul(y | 0, 668265263);
  n = Math.imul(n ^ (n >>> 13), 1274126177);
  return ((n ^ (n >>> 16)) >>> 0) / 4294967295;
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function mix(a: Rgb, b: Rgb, t: number): Rgb {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

/** From sRGB 0..255 to linear light 0..1. */
export function linear(value: number): number {
  return (value / 255) ** 2.2;
}
