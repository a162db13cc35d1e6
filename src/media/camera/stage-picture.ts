// The set of the synthetic camera: a potter's table before a plastered wall, with everything that doesn't move. Drawn
// by us as SVG and rasterised once. What moves (the vase on its wheel, light, dust) is `scene.ts`. The rule: soft and
// dark where the page lays its words over it (top and bottom), light in the middle.

import sharp from 'sharp';

/** The set's colours; the product's own palette, and clay, wood and plaster. */
export const palette = {
  ink: '#17130f',
  paper: '#faf6ef',
  lagoon: '#0d5f5a',
  vermilion: '#e2402a',
  gold: '#d99a1c',
  night: '#12100e',
  plaster: '#d9c2a0',
  clay: '#a9663f',
  wood: '#6b4427',
} as const;

/** Where the wheel's centre stands and how large the vase is, in shares of the picture's width and height. */
export const staging = { centerX: 0.5, wheelY: 0.655, vaseHeight: 0.355 } as const;

/** Units of the drawing around the picture. */
const MARGIN = 60;

/** Rasterises the set: RGB, three bytes a pixel. */
export function drawSet(width: number, height: number): Promise<Buffer> {
  // With a margin that is cut off: blurred shapes would fade at the edges of the picture.
  const marginX = Math.round((width * MARGIN) / 720);
  const marginY = Math.round((height * MARGIN) / 1280);
  return sharp(Buffer.from(svg(width + 2 * marginX, height + 2 * marginY)))
    .extract({ left: marginX, top: marginY, width, height })
    .flatten({ background: palette.night })
    .removeAlpha()
    .raw()
    .toBuffer();
}

function svg(width: number, height: number): string {
  // Drawn on 720x1280 whatever the size asked for.
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="-60 -60 840 1400" preserveAspectRatio="none">
  <defs>
    <linearGradient id="wall" x1="0" y1="0" x2="1" y2="0.25">
      <stop offset="0" stop-color="#e8d3ad"/><stop offset="0.38" stop-color="#cfb48c"/>
      <stop offset="0.75" stop-color="#8f7553"/><stop offset="1" stop-color="#5d4934"/>
    </linearGradient>
    <linearGradient id="fall" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#17130f" stop-opacity="0.72"/><stop offset="0.2" stop-color="#17130f" stop-opacity="0.12"/>
      <stop offset="0.6" stop-color="#17130f" stop-opacity="0"/><stop offset="1" stop-color="#17130f" stop-opacity="0.55"/>
    </linearGradient>
    <linearGradient id="dusk" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#12100e" stop-opacity="0"/><stop offset="1" stop-color="#12100e" stop-opacity="0.6"/>
    </linearGradient>
    <linearGradient id="table" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#8d5d37"/><stop offset="0.22" stop-color="#75492a"/>
      <stop offset="0.6" stop-color="#42281a"/><stop offset="1" stop-color="#17100b"/>
    </linearGradient>
    <linearGradient id="edge" x1="0" y1="0" x2="1" y2="0">
      <stop offset="0" stop-color="#f3dcb2" stop-opacity="0.75"/><stop offset="0.45" stop-color="#d9a868" stop-opacity="0.4"/>
      <stop offset="1" stop-color="#3a2516" stop-opacity="0.2"/>
    </linearGradient>
    <linearGradient id="bowl" x1="0" y1="0" x2="1" y2="0">
      <stop offset="0" stop-color="#d18a5c"/><stop offset="0.4" stop-color="#a9663f"/><stop offset="1" stop-color="#4a2818"/>
    </linearGradient>
    <linearGradient id="cup" x1="0" y1="0" x2="1" y2="0">
      <stop offset="0" stop-color="#f1e6d0"/><stop offset="0.45" stop-color="#d2c1a2"/><stop offset="1" stop-color="#6d5c45"/>
    </linearGradient>
    <linearGradient id="jar" x1="0" y1="0" x2="1" y2="0">
      <stop offset="0" stop-color="#3f8f87"/><stop offset="0.5" stop-color="#1b5f5a"/><stop offset="1" stop-color="#0b2f2d"/>
    </linearGradient>
    <radialGradient id="glow" cx="0.2" cy="0.34" r="0.75">
      <stop offset="0" stop-color="#fff0cf" stop-opacity="0.85"/><stop offset="0.5" stop-color="#f4d69e" stop-opacity="0.25"/>
      <stop offset="1" stop-color="#f4d69e" stop-opacity="0"/>
    </radialGradient>
    <filter id="far" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="7"/></filter>
    <filter id="near" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="2.6"/></filter>
    <filter id="soft" x="-60%" y="-60%" width="220%" height="220%"><feGaussianBlur stdDeviation="18"/></filter>
    <filter id="softer" x="-60%" y="-60%" width="220%" height="220%"><feGaussianBlur stdDeviation="34"/></filter>
  </defs>
  <rect x="-60" y="-60" width="840" height="1400" fill="url(#wall)"/>
  <rect x="-60" y="-60" width="840" height="1400" fill="url(#glow)"/>
  <g filter="url(#far)">
    <rect x="430" y="404" width="400" height="15" fill="#4a3320"/>
    <rect x="430" y="419" width="400" height="9" fill="#2a1c12"/>
    <path d="M480 404c-16-30-20-58 2-80 6-7 6-16 4-26h38c-2 10-2 19 4 26 22 22 18 50 2 80z" fill="url(#jar)"/>
    <path d="M572 404c-10-18-14-44-8-66h62c6 22 2 48-8 66z" fill="url(#bowl)"/>
    <path d="M658 404c-22-40-22-92 6-118 4-5 5-12 4-20h30c-1 8 0 15 4 20 28 26 28 78 6 118z" fill="url(#cup)"/>
    <path d="M420 404h44v-12h-44z" fill="#8a5a38"/><path d="M424 392h36v-10h-36z" fill="#b98455"/>
  </g>
  <g filter="url(#softer)" opacity="0.6"><path d="M430 440h400v60H450z" fill="#2a1c12"/></g>
  <rect x="-60" y="-60" width="840" height="1400" fill="url(#fall)" opacity="0.9"/>

  <g filter="url(#near)">
    <rect x="-80" y="748" width="880" height="640" fill="url(#table)"/>
    <rect x="-80" y="746" width="880" height="5" fill="url(#edge)"/>
  </g>
  ${grain()}
  <g filter="url(#softer)"><ellipse cx="500" cy="868" rx="290" ry="46" fill="#0f0a07" opacity="0.72"/></g>
  <g filter="url(#soft)"><ellipse cx="372" cy="872" rx="228" ry="50" fill="#0d0805" opacity="0.75"/></g>

  <g filter="url(#near)">
    <ellipse cx="112" cy="880" rx="92" ry="15" fill="#0d0805" opacity="0.55"/>
    <path d="M92 700l14 118 8-2-10-118z" fill="#caa06a"/><path d="M88 690c-6 10-3 20 6 26 10-4 14-14 12-26z" fill="#e8dcc4"/>
    <path d="M128 686l-6 132 8 0 8-130z" fill="#8a5a38"/><path d="M126 676c-5 8-4 18 3 24 9-4 12-13 10-24z" fill="#e2402a"/>
    <path d="M160 708l-22 112 8 2 24-112z" fill="#d8b27c"/><path d="M158 698c-7 8-7 18 0 24 9-3 13-12 12-22z" fill="#2b6f69"/>
    <path d="M40 800h146c2 40-12 72-40 84H82c-30-12-44-44-42-84z" fill="url(#bowl)"/>
    <ellipse cx="113" cy="800" rx="73" ry="13" fill="#5b3420"/><ellipse cx="113" cy="802" rx="66" ry="9" fill="#2c1810"/>
    <path d="M40 800a73 13 0 0 1 73-13" fill="none" stroke="#f0bd8d" stroke-width="3"/>
  </g>
  <g filter="url(#near)">
    <ellipse cx="622" cy="905" rx="84" ry="14" fill="#0d0805" opacity="0.6"/>
    <path d="M566 832h108c2 34-6 62-22 74h-64c-16-12-24-40-22-74z" fill="url(#cup)"/>
    <ellipse cx="620" cy="832" rx="54" ry="11" fill="#f3e9d6"/><ellipse cx="620" cy="834" rx="48" ry="8" fill="#3b2a1c"/>
    <ellipse cx="620" cy="832" rx="54" ry="11" fill="none" stroke="#d99a1c" stroke-width="3.5"/>
  </g>
  <g filter="url(#near)" opacity="0.95">
    <path d="M24 986l250 44 60-24-250-44z" fill="#d8c6a4" opacity="0.85"/>
    <path d="M24 986l250 44 0 8-250-44z" fill="#8b7455"/>
    <path d="M86 978l120 22m-108-14l86 15" stroke="#8a5a38" stroke-width="3" opacity="0.55" fill="none"/>
    <path d="M250 968l96 40 6-6-94-42z" fill="#c99a5f"/><path d="M346 1008l26 15-20-21z" fill="#b7b2a6"/>
  </g>
  <rect x="-60" y="860" width="840" height="480" fill="url(#dusk)"/>
</svg>`;
}

/** The wood's grain: long lines that lean with the table. */
function grain(): string {
  const lines: string[] = [];
  for (let i = 0; i < 40; i += 1) {
    const y = 762 + i * i * 0.34;
    const bend = Math.sin(i * 1.7) * 10;
    const dark = i % 3 === 0;
    lines.push(
      `<path d="M-80 ${y.toFixed(1)} C 180 ${(y + bend).toFixed(1)} 460 ${(y - bend).toFixed(1)} 800 ${(y + bend / 2).toFixed(1)}"
        stroke="${dark ? '#1d110a' : '#a9744a'}" stroke-width="${(1 + i * 0.07).toFixed(2)}" opacity="${dark ? 0.32 : 0.13}" fill="none"/>`,
    );
  }
  return `<g filter="url(#near)">${lines.join('')}</g>`;
}
