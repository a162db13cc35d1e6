// Pictures of the demo shop, drawn: thrown ceramics on a table by a window, from a profile and a glaze.
// Everything is an SVG made of text, the same for the same seed; no photograph and no file of anybody
// else is in it. What is sold stands in `demo-catalogue.ts`.

import { type Form, type Glaze, glazes } from './demo-forms.ts';

/** One thing on the table: its middle, where its foot stands, and how much larger than drawn it is. */
export type Piece = {
  readonly form: Form;
  readonly glaze: Glaze;
  readonly x: number;
  readonly y: number;
  readonly scale: number;
};

/** Where the light falls: the wall's colour and the table's. */
export type Scene = { readonly wall: 'sand' | 'rose' | 'mist' | 'sage'; readonly seed: number };

const side = 1200;
/** What a picture is drawn at by itself. Blurs cost by the square: 1200 took twice as long as 900. */
const pixels = 900;
/** How flat a circle lies when seen from a little above. */
const tilt = 0.2;
const horizon = 820;

const walls: Readonly<
  Record<
    Scene['wall'],
    readonly [light: string, dark: string, tableLight: string, tableDark: string]
  >
> = {
  sand: ['#f6ead6', '#dcc5a2', '#c79f73', '#86603c'],
  rose: ['#f5e2d6', '#d9b49d', '#b98564', '#7a4c34'],
  mist: ['#eceae2', '#c6c5ba', '#b3a58d', '#75664f'],
  sage: ['#e9ead8', '#c0c5a5', '#b89b70', '#7b5f3d'],
};

/** A square picture of pieces on the table, the nearest last. */
export const drawTable = (pieces: readonly Piece[], scene: Scene): string => {
  const ids = counter();
  const body = pieces.map((piece) => drawPiece(piece, ids, scene.seed)).join('');
  return picture(scene, `${backdrop(scene)}${body}`);
};

/** A square picture seen from above: glaze samples on paper. */
export const drawTiles = (tiles: readonly Glaze[], scene: Scene): string => {
  const random = seeded(scene.seed);
  const ids = counter();
  const size = 268;
  const gap = 44;
  const first = (side - 3 * size - 2 * gap) / 2;
  const drawn = tiles.slice(0, 9).map((glaze, index) => {
    const x = first + (index % 3) * (size + gap);
    const y = first + Math.floor(index / 3) * (size + gap);
    return drawTile(glaze, { x, y, size, turn: (random() - 0.5) * 5 }, ids, random);
  });
  const [light, dark] = walls[scene.wall];
  return picture(
    scene,
    `<defs><radialGradient id="paper" cx="0.28" cy="0.18" r="1.1"><stop offset="0" stop-color="#fffaf0"/><stop offset="0.55" stop-color="${light}"/><stop offset="1" stop-color="${dark}"/></radialGradient></defs>
    <rect width="${side}" height="${side}" fill="url(#paper)"/>${windowLight(0.5)}${drawn.join('')}`,
  );
};

const picture = (
  scene: Scene,
  content: string,
): string => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="${pixels}" height="${pixels}">
<defs>
<filter id="soft30" color-interpolation-filters="sRGB" x="-15%" y="-90%" width="130%" height="280%"><feGaussianBlur stdDeviation="30"/></filter>
<filter id="pane" color-interpolation-filters="sRGB" x="-10%" y="-10%" width="120%" height="120%"><feGaussianBlur stdDeviation="14"/></filter>
<filter id="soft14" color-interpolation-filters="sRGB" x="-50%" y="-60%" width="200%" height="220%"><feGaussianBlur stdDeviation="14"/></filter>
<filter id="soft5" color-interpolation-filters="sRGB" x="-30%" y="-40%" width="160%" height="180%"><feGaussianBlur stdDeviation="5"/></filter>
<filter id="grain" color-interpolation-filters="sRGB" x="0" y="0" width="100%" height="100%"><feTurbulence type="fractalNoise" baseFrequency="0.8" numOctaves="2" seed="${scene.seed}"/><feColorMatrix values="0 0 0 0 0.25  0 0 0 0 0.18  0 0 0 0 0.1  0 0 0 0.55 -0.18"/></filter>
<radialGradient id="vignette" cx="0.45" cy="0.42" r="0.8"><stop offset="0.55" stop-color="#2a1608" stop-opacity="0"/><stop offset="1" stop-color="#2a1608" stop-opacity="0.34"/></radialGradient>
</defs>
${content}
<rect width="${side}" height="${side}" fill="url(#vignette)"/>
<rect width="${side}" height="${side}" filter="url(#grain)" opacity="0.16"/>
</svg>`;

const backdrop = (scene: Scene): string => {
  const [light, dark, tableLight, tableDark] = walls[scene.wall];
  const random = seeded(scene.seed + 7);
  const boards = Array.from({ length: 16 }, (_, index) => {
    const y = horizon + 14 + index * index * 1.5 + random() * 6;
    const bow = (random() - 0.5) * 16;
    return `<path d="M0 ${fixed(y)} Q600 ${fixed(y + bow)} 1200 ${fixed(y + bow / 2)}" stroke="${random() > 0.5 ? '#5b3a20' : '#f3d7ae'}" stroke-opacity="${fixed(0.05 + random() * 0.08)}" stroke-width="${fixed(1 + random() * 3)}" fill="none"/>`;
  });
  return `<defs>
<radialGradient id="wall" cx="0.24" cy="0.2" r="1.05"><stop offset="0" stop-color="#fffaf0"/><stop offset="0.4" stop-color="${light}"/><stop offset="1" stop-color="${dark}"/></radialGradient>
<linearGradient id="table" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${tableLight}"/><stop offset="0.35" stop-color="${tableLight}"/><stop offset="1" stop-color="${tableDark}"/></linearGradient>
<linearGradient id="edge" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#3d2410" stop-opacity="0"/><stop offset="1" stop-color="#3d2410" stop-opacity="0.28"/></linearGradient>
<radialGradient id="pool" cx="0.3" cy="0" r="0.8"><stop offset="0" stop-color="#fff1d8" stop-opacity="0.55"/><stop offset="1" stop-color="#fff1d8" stop-opacity="0"/></radialGradient>
</defs>
<rect width="${side}" height="${side}" fill="url(#wall)"/>
${windowLight(0.62)}
<rect y="${horizon - 70}" width="${side}" height="70" fill="url(#edge)"/>
<rect y="${horizon}" width="${side}" height="${side - horizon}" fill="url(#table)"/>
${boards.join('')}
<rect y="${horizon}" width="${side}" height="${side - horizon}" fill="url(#pool)"/>
<rect y="${horizon - 2}" width="${side}" height="4" fill="#fff3dc" opacity="0.5" filter="url(#soft5)"/>`;
};

/** The panes of a window, thrown on the wall by a low sun. */
const windowLight = (strength: number): string => {
  const pane = (x: number, y: number) => `<path d="M${x} ${y} l190 -36 l0 210 l-190 36 z"/>`;
  return `<g fill="#fff6e0" opacity="${strength}" filter="url(#pane)">${pane(60, 130)}${pane(276, 89)}${pane(60, 366)}${pane(276, 325)}</g>`;
};

type Ids = () => string;

const drawPiece = ({ form, glaze, x, y, scale }: Piece, ids: Ids, seed: number): string => {
  const random = seeded(seed + Math.round(x * 3 + y));
  const id = ids();
  const points = form.profile.map(([height, radius]) => ({
    y: y - height * scale,
    r: radius * scale,
  }));
  const rim = points[0] as Ring;
  const foot = points.at(-1) as Ring;
  const outline = silhouette(points, x);
  const widest = Math.max(...points.map((point) => point.r));
  const height = foot.y - rim.y;
  const handle = form.handle ? drawHandle(form.handle, glaze, { x, y, scale }, id) : '';
  return `<defs>
<clipPath id="${id}c"><path d="${outline}"/></clipPath>
${turned(`${id}g`, glaze, x, widest)}
${turned(`${id}k`, clay(glaze), x, widest)}
<linearGradient id="${id}v" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#fff" stop-opacity="0.14"/><stop offset="0.45" stop-color="#000" stop-opacity="0"/><stop offset="1" stop-color="#120803" stop-opacity="0.42"/></linearGradient>
<linearGradient id="${id}i" x1="0" y1="0" x2="1" y2="0"><stop offset="0" stop-color="${mix(glaze.dark, '#000000', 0.5)}"/><stop offset="0.6" stop-color="${glaze.dark}"/><stop offset="1" stop-color="${mix(glaze.base, glaze.light, 0.25)}"/></linearGradient>
</defs>
${castShadow(x, y, foot.r, widest, height)}
${form.handle?.behind ? handle : ''}
<g clip-path="url(#${id}c)">
<path d="${outline}" fill="url(#${id}k)"/>
<path d="${glazed(points, x, form.bare * scale, random)}" fill="url(#${id}g)"/>
${runs(points, x, form, scale, glaze, random)}
${throwingLines(points, x, random)}
${speckles(points, x, glaze, random)}
${breaking(points, x, glaze)}
<path d="${outline}" fill="url(#${id}v)"/>
${highlights(points, x)}
</g>
${form.handle && !form.handle.behind ? handle : ''}
${form.lid ? drawLid(form.lid, glaze, { x, rim, scale }, id) : opening(rim, x, glaze, id)}
${form.egg ? drawEgg(x, rim, scale) : ''}`;
};

type Ring = { readonly y: number; readonly r: number };

/** Both sides of the profile as one outline, closed by the front of the foot and the back of the rim. */
const silhouette = (points: readonly Ring[], x: number): string => {
  const rim = points[0] as Ring;
  const foot = points.at(-1) as Ring;
  const left = points.map((point): Dot => [x - point.r, point.y]);
  const right = points.map((point): Dot => [x + point.r, point.y]).reverse();
  return `M${dot(left[0] as Dot)}${smooth(left)} A${fixed(foot.r)} ${fixed(foot.r * tilt)} 0 0 0 ${dot(right[0] as Dot)}${smooth(right)} A${fixed(rim.r)} ${fixed(rim.r * tilt)} 0 0 0 ${dot(left[0] as Dot)} Z`;
};

/** The same outline down to an uneven line above the foot, where the glaze stops. */
const glazed = (points: readonly Ring[], x: number, bare: number, random: () => number): string => {
  const foot = points.at(-1) as Ring;
  const rim = points[0] as Ring;
  const widest = Math.max(...points.map((point) => point.r)) + 20;
  const line = foot.y - bare;
  const waves = Array.from({ length: 9 }, (_, index): Dot => {
    const t = index / 8;
    const sag = Math.sin(Math.PI * t) * widest * tilt * 0.7;
    return [x + widest - 2 * widest * t, line + sag + (random() - 0.5) * bare * 0.7];
  });
  const top = rim.y - rim.r;
  return `M${fixed(x - widest)} ${fixed(top)} L${fixed(x + widest)} ${fixed(top)} L${dot(waves[0] as Dot)}${smooth(waves)} Z`;
};

/** A turned body in light from the left: shade, light, colour, shade, and a little light come back. */
const turned = (
  id: string,
  glaze: Glaze,
  x: number,
  r: number,
): string => `<linearGradient id="${id}" gradientUnits="userSpaceOnUse" x1="${fixed(x - r)}" y1="0" x2="${fixed(x + r)}" y2="0">
<stop offset="0" stop-color="${mix(glaze.base, glaze.dark, 0.55)}"/><stop offset="0.13" stop-color="${glaze.base}"/><stop offset="0.31" stop-color="${glaze.light}"/><stop offset="0.5" stop-color="${glaze.base}"/><stop offset="0.84" stop-color="${glaze.dark}"/><stop offset="0.94" stop-color="${mix(glaze.dark, '#000000', 0.25)}"/><stop offset="1" stop-color="${mix(glaze.dark, glaze.base, 0.45)}"/></linearGradient>`;

const clay = (glaze: Glaze): Glaze => ({
  ...glaze,
  base: glaze.clay,
  light: mix(glaze.clay, '#fff4e0', 0.35),
  dark: mix(glaze.clay, '#2a1206', 0.6),
});

/** Glaze that ran: tongues of the lighter colour from the shoulder down. */
const runs = (
  points: readonly Ring[],
  x: number,
  form: Form,
  scale: number,
  glaze: Glaze,
  random: () => number,
): string => {
  if (glaze.run === null) return '';
  const rim = points[0] as Ring;
  const foot = points.at(-1) as Ring;
  const widest = Math.max(...points.map((point) => point.r));
  const reach = (foot.y - rim.y - form.bare * scale) * 0.62;
  const tongues = Array.from({ length: 13 }, (_, index) => {
    const across = -1 + (2 * (index + 0.5)) / 13;
    const at = x + Math.sin((across * Math.PI) / 2) * widest;
    const width = (10 + random() * 22) * scale * Math.cos((across * Math.PI) / 2.4);
    const length = reach * (0.35 + random() * 0.65);
    const top = rim.y - rim.r * tilt;
    return `<path d="M${fixed(at - width)} ${fixed(top)} L${fixed(at + width)} ${fixed(top)} C${fixed(at + width)} ${fixed(top + length * 0.6)} ${fixed(at + width * 0.55)} ${fixed(top + length)} ${fixed(at)} ${fixed(top + length)} C${fixed(at - width * 0.55)} ${fixed(top + length)} ${fixed(at - width)} ${fixed(top + length * 0.6)} ${fixed(at - width)} ${fixed(top)} Z"/>`;
  });
  return `<g fill="${glaze.run}" opacity="0.5" filter="url(#soft5)">${tongues.join('')}</g>`;
};

const throwingLines = (points: readonly Ring[], x: number, random: () => number): string => {
  const rim = points[0] as Ring;
  const foot = points.at(-1) as Ring;
  const count = Math.max(3, Math.round((foot.y - rim.y) / 26));
  return Array.from({ length: count }, (_, index) => {
    const y = rim.y + ((index + 0.6 + random() * 0.3) / count) * (foot.y - rim.y);
    const r = Math.max(...points.map((point) => point.r)) + 4;
    return `<path d="M${fixed(x - r)} ${fixed(y)} Q${fixed(x)} ${fixed(y + 2 * r * tilt)} ${fixed(x + r)} ${fixed(y)}" fill="none" stroke="${random() > 0.4 ? '#1a0d05' : '#ffffff'}" stroke-opacity="${fixed(0.035 + random() * 0.05)}" stroke-width="${fixed(1.5 + random() * 3)}"/>`;
  }).join('');
};

const speckles = (
  points: readonly Ring[],
  x: number,
  glaze: Glaze,
  random: () => number,
): string => {
  if (glaze.speckle === null) return '';
  const rim = points[0] as Ring;
  const foot = points.at(-1) as Ring;
  const widest = Math.max(...points.map((point) => point.r));
  const count = Math.min(190, Math.round(((foot.y - rim.y) * widest) / 420));
  const dots = Array.from({ length: count }, () => {
    const across = random() * 2 - 1;
    const size = 0.7 + random() * random() * 3.4;
    return `<ellipse cx="${fixed(x + across * widest)}" cy="${fixed(rim.y + random() * (foot.y - rim.y))}" rx="${fixed(size * Math.sqrt(1 - across * across * 0.8))}" ry="${fixed(size)}" opacity="${fixed(0.25 + random() * 0.5)}"/>`;
  });
  return `<g fill="${glaze.speckle}">${dots.join('')}</g>`;
};

/** Where glaze is thin it breaks: a warm line below the rim. */
const breaking = (points: readonly Ring[], x: number, glaze: Glaze): string => {
  const rim = points[0] as Ring;
  const width = Math.max(5, rim.r * 0.055);
  return `<path d="M${fixed(x - rim.r - 4)} ${fixed(rim.y)} A${fixed(rim.r + 4)} ${fixed((rim.r + 4) * tilt)} 0 0 0 ${fixed(x + rim.r + 4)} ${fixed(rim.y)}" fill="none" stroke="${glaze.rim}" stroke-width="${fixed(width * 3)}" opacity="0.55" filter="url(#soft5)"/>`;
};

/** The window in the glaze: one long soft light, one small sharp one, and a breath from the right. */
const highlights = (points: readonly Ring[], x: number): string => {
  const rim = points[0] as Ring;
  const foot = points.at(-1) as Ring;
  const height = foot.y - rim.y;
  const along = (share: number, from: number, to: number): string => {
    const part = points.filter(
      (point) => point.y >= rim.y + height * from && point.y <= rim.y + height * to,
    );
    if (part.length < 2) return '';
    const dots = part.map((point): Dot => [x + point.r * share, point.y]);
    return `M${dot(dots[0] as Dot)}${smooth(dots)}`;
  };
  const widest = Math.max(...points.map((point) => point.r));
  return `<path d="${along(-0.47, 0.03, 0.86)}" fill="none" stroke="#ffffff" stroke-width="${fixed(widest * 0.2)}" stroke-linecap="round" opacity="0.42" filter="url(#soft14)"/>
<path d="${along(-0.53, 0.08, 0.62)}" fill="none" stroke="#ffffff" stroke-width="${fixed(widest * 0.045)}" stroke-linecap="round" opacity="0.75" filter="url(#soft5)"/>
<path d="${along(0.9, 0.1, 0.95)}" fill="none" stroke="#ffe9c9" stroke-width="${fixed(widest * 0.06)}" stroke-linecap="round" opacity="0.3" filter="url(#soft5)"/>`;
};

const opening = (rim: Ring, x: number, glaze: Glaze, id: string): string => {
  const lip = Math.max(4, rim.r * 0.05);
  return `<ellipse cx="${fixed(x)}" cy="${fixed(rim.y)}" rx="${fixed(rim.r)}" ry="${fixed(rim.r * tilt)}" fill="${mix(glaze.rim, glaze.light, 0.35)}"/>
<ellipse cx="${fixed(x)}" cy="${fixed(rim.y + lip * 0.25)}" rx="${fixed(rim.r - lip)}" ry="${fixed((rim.r - lip) * tilt)}" fill="url(#${id}i)"/>
<path d="M${fixed(x - rim.r + lip)} ${fixed(rim.y + lip * 0.25)} A${fixed(rim.r - lip)} ${fixed((rim.r - lip) * tilt)} 0 0 1 ${fixed(x + rim.r - lip)} ${fixed(rim.y + lip * 0.25)}" fill="none" stroke="#000" stroke-opacity="0.35" stroke-width="${fixed(lip * 0.7)}"/>
<path d="M${fixed(x - rim.r * 0.9)} ${fixed(rim.y + rim.r * tilt * 0.43)} A${fixed(rim.r)} ${fixed(rim.r * tilt)} 0 0 0 ${fixed(x - rim.r * 0.3)} ${fixed(rim.y + rim.r * tilt * 0.95)}" fill="none" stroke="#fff" stroke-opacity="0.4" stroke-width="${fixed(lip * 0.3)}" stroke-linecap="round"/>`;
};

const drawLid = (
  lid: NonNullable<Form['lid']>,
  glaze: Glaze,
  at: { x: number; rim: Ring; scale: number },
  id: string,
): string => {
  const { x, rim, scale } = at;
  const points = lid.profile.map(([height, radius]) => ({
    y: rim.y - height * scale,
    r: radius * scale,
  }));
  const outline = silhouette(points, x);
  const top = points[0] as Ring;
  return `<defs><clipPath id="${id}l"><path d="${outline}"/></clipPath>${turned(`${id}m`, glaze, x, rim.r)}</defs>
<ellipse cx="${fixed(x)}" cy="${fixed(rim.y + 3)}" rx="${fixed(rim.r + 3)}" ry="${fixed(rim.r * tilt + 5)}" fill="#120803" opacity="0.5" filter="url(#soft5)"/>
<g clip-path="url(#${id}l)"><path d="${outline}" fill="url(#${id}m)"/>${breaking(points, x, glaze)}<path d="${outline}" fill="url(#${id}v)" opacity="0.8"/>${highlights(points, x)}</g>
<ellipse cx="${fixed(x)}" cy="${fixed(top.y)}" rx="${fixed(top.r)}" ry="${fixed(top.r * tilt)}" fill="${mix(glaze.light, glaze.rim, 0.25)}"/>`;
};

const drawHandle = (
  handle: NonNullable<Form['handle']>,
  glaze: Glaze,
  at: { x: number; y: number; scale: number },
  id: string,
): string => {
  const { x, y, scale } = at;
  const [top, bottom, out, thick] = [handle.top, handle.bottom, handle.out, handle.thick].map(
    (each) => each * scale,
  ) as [number, number, number, number];
  const from = x + handle.atTop * scale - 10 * scale;
  const to = x + handle.atBottom * scale - 10 * scale;
  const path = `M${fixed(from)} ${fixed(y - top)} C${fixed(from + out * 1.15)} ${fixed(y - top - out * 0.2)} ${fixed(to + out * 1.3)} ${fixed(y - bottom + out * 0.15)} ${fixed(to)} ${fixed(y - bottom)}`;
  return `<path d="${path}" fill="none" stroke="#1a0d05" stroke-width="${fixed(thick)}" stroke-linecap="round" opacity="0.25" filter="url(#soft14)" transform="translate(10 14)"/>
<path d="${path}" fill="none" stroke="${glaze.dark}" stroke-width="${fixed(thick)}" stroke-linecap="round"/>
<path id="${id}h" d="${path}" fill="none" stroke="${mix(glaze.base, glaze.dark, 0.35)}" stroke-width="${fixed(thick * 0.72)}" stroke-linecap="round" transform="translate(${fixed(-thick * 0.07)} ${fixed(-thick * 0.07)})"/>
<path d="${path}" fill="none" stroke="${glaze.light}" stroke-width="${fixed(thick * 0.2)}" stroke-linecap="round" opacity="0.75" filter="url(#soft5)" transform="translate(${fixed(-thick * 0.16)} ${fixed(-thick * 0.18)})"/>`;
};

const drawEgg = (x: number, rim: Ring, scale: number): string => {
  const r = rim.r * 0.82;
  const height = 104 * scale;
  const y = rim.y + 2;
  return `<defs><radialGradient id="egg${fixed(x)}" cx="0.32" cy="0.3" r="0.85"><stop offset="0" stop-color="#fffaf2"/><stop offset="0.5" stop-color="#f0d8bd"/><stop offset="1" stop-color="#a97d57"/></radialGradient></defs>
<path d="M${fixed(x - r)} ${fixed(y)} C${fixed(x - r)} ${fixed(y - height * 0.62)} ${fixed(x - r * 0.55)} ${fixed(y - height)} ${fixed(x)} ${fixed(y - height)} C${fixed(x + r * 0.55)} ${fixed(y - height)} ${fixed(x + r)} ${fixed(y - height * 0.62)} ${fixed(x + r)} ${fixed(y)} A${fixed(r)} ${fixed(r * tilt)} 0 0 1 ${fixed(x - r)} ${fixed(y)} Z" fill="url(#egg${fixed(x)})"/>`;
};

const castShadow = (x: number, y: number, foot: number, widest: number, height: number): string =>
  `<path d="M${fixed(x - foot * 0.7)} ${fixed(y)} L${fixed(x + foot)} ${fixed(y + foot * tilt)} L${fixed(x + widest * 1.1 + height * 0.75)} ${fixed(y + 18 + height * 0.1)} L${fixed(x + widest * 0.6 + height * 0.8)} ${fixed(y - 28 + height * 0.02)} Z" fill="#2b1607" opacity="0.34" filter="url(#soft30)"/>
<ellipse cx="${fixed(x + foot * 0.12)}" cy="${fixed(y + foot * tilt * 0.5)}" rx="${fixed(foot * 1.14)}" ry="${fixed(foot * tilt * 1.35)}" fill="#1d0e04" opacity="0.62" filter="url(#soft14)"/>
<ellipse cx="${fixed(x)}" cy="${fixed(y + foot * tilt * 0.25)}" rx="${fixed(foot * 1.02)}" ry="${fixed(foot * tilt * 1.05)}" fill="#120702" opacity="0.7" filter="url(#soft5)"/>`;

const drawTile = (
  glaze: Glaze,
  at: { x: number; y: number; size: number; turn: number },
  ids: Ids,
  random: () => number,
): string => {
  const id = ids();
  const { x, y, size, turn } = at;
  const middle = `${fixed(x + size / 2)} ${fixed(y + size / 2)}`;
  const dots = Array.from(
    { length: glaze.speckle === null ? 0 : 46 },
    () =>
      `<circle cx="${fixed(x + random() * size)}" cy="${fixed(y + random() * size)}" r="${fixed(0.8 + random() * random() * 4)}" opacity="${fixed(0.3 + random() * 0.5)}"/>`,
  );
  const edge = y + size * (0.72 + random() * 0.1);
  const drip = Array.from(
    { length: 7 },
    (_, index): Dot => [x + size - (size * index) / 6, edge + (random() - 0.5) * size * 0.12],
  );
  const shape = `<rect x="${fixed(x)}" y="${fixed(y)}" width="${size}" height="${size}" rx="26"/>`;
  return `<defs><clipPath id="${id}c">${shape}</clipPath>
<linearGradient id="${id}g" x1="0" y1="0" x2="0.9" y2="1"><stop offset="0" stop-color="${glaze.light}"/><stop offset="0.42" stop-color="${glaze.base}"/><stop offset="1" stop-color="${glaze.dark}"/></linearGradient></defs>
<g transform="rotate(${fixed(turn)} ${middle})">
<rect x="${fixed(x + 16)}" y="${fixed(y + 22)}" width="${size}" height="${size}" rx="30" fill="#2b1607" opacity="0.42" filter="url(#soft14)"/>
<g clip-path="url(#${id}c)"><rect x="${fixed(x)}" y="${fixed(y)}" width="${size}" height="${size}" fill="${glaze.clay}"/>
<path d="M${fixed(x)} ${fixed(y)} L${fixed(x + size)} ${fixed(y)} L${dot(drip[0] as Dot)}${smooth(drip)} Z" fill="url(#${id}g)"/>
${glaze.run === null ? '' : `<path d="M${fixed(x)} ${fixed(y)} h${size} v${fixed(size * 0.22)} q${fixed(-size * 0.16)} ${fixed(size * 0.2)} ${fixed(-size * 0.34)} ${fixed(size * 0.04)} q${fixed(-size * 0.14)} ${fixed(size * 0.24)} ${fixed(-size * 0.3)} ${fixed(size * 0.02)} q${fixed(-size * 0.18)} ${fixed(size * 0.16)} ${fixed(-size * 0.36)} 0 z" fill="${glaze.run}" opacity="0.5" filter="url(#soft5)"/>`}
<g fill="${glaze.speckle ?? 'none'}">${dots.join('')}</g>
<path d="M${fixed(x + 20)} ${fixed(y + size * 0.5)} Q${fixed(x + 24)} ${fixed(y + 22)} ${fixed(x + size * 0.58)} ${fixed(y + 20)}" stroke="#fff" stroke-width="15" stroke-linecap="round" fill="none" opacity="0.5" filter="url(#soft5)"/>
<rect x="${fixed(x + 2)}" y="${fixed(y + 2)}" width="${size - 4}" height="${size - 4}" rx="24" fill="none" stroke="${glaze.rim}" stroke-width="7" opacity="0.55" filter="url(#soft5)"/></g>
<circle cx="${fixed(x + size / 2)}" cy="${fixed(y + size * 0.9)}" r="9" fill="#3a2414" opacity="0.75"/></g>`;
};

type Dot = readonly [x: number, y: number];

const fixed = (value: number): string => String(Math.round(value * 10) / 10);
const dot = ([x, y]: Dot): string => `${fixed(x)} ${fixed(y)}`;

/** A smooth line through points (Catmull-Rom, as cubic Béziers), without its first `M`. */
const smooth = (dots: readonly Dot[]): string =>
  dots
    .slice(0, -1)
    .map((from, index) => {
      const to = dots[index + 1] as Dot;
      const before = dots[index - 1] ?? from;
      const after = dots[index + 2] ?? to;
      const first: Dot = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6];
      const second: Dot = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6];
      return ` C${dot(first)} ${dot(second)} ${dot(to)}`;
    })
    .join('');

/** `share` of the second colour in the first; both as `#rrggbb`. */
const mix = (a: string, b: string, share: number): string => {
  const channel = (colour: string, at: number) => Number.parseInt(colour.slice(at, at + 2), 16);
  return `#${[1, 3, 5]
    .map((at) =>
      Math.round(channel(a, at) * (1 - share) + channel(b, at) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
};

const counter = (): Ids => {
  let count = 0;
  return () => {
    count += 1;
    return `p${count}`;
  };
};

/** Numbers in [0, 1) that are the same for the same seed (a linear congruential generator). */
const seeded = (seed: number): (() => number) => {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};

/** All glazes of the workshop, for sample tiles. */
export const allGlazes: readonly Glaze[] = Object.values(glazes);
