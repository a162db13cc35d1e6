// The shapes and glazes of the demo's workshop. A form is a profile that is turned round its axis:
// heights above the table and radii there, from the rim down. How it looks is drawn elsewhere.

export type Glaze = {
  readonly base: string;
  readonly light: string;
  readonly dark: string;
  /** Where it is thin, at edges. */
  readonly rim: string;
  readonly clay: string;
  readonly speckle: string | null;
  /** The colour of what ran down, or null when it stays. */
  readonly run: string | null;
};

export type Form = {
  readonly profile: readonly (readonly [height: number, radius: number])[];
  /** How far above the foot the glaze stops. */
  readonly bare: number;
  readonly handle?: {
    readonly top: number;
    readonly bottom: number;
    readonly atTop: number;
    readonly atBottom: number;
    readonly out: number;
    readonly thick: number;
    readonly behind: boolean;
  };
  readonly lid?: { readonly profile: readonly (readonly [height: number, radius: number])[] };
  readonly egg?: boolean;
};

export const glazes = {
  lagoon: {
    base: '#2c7f7a',
    light: '#9ad3c8',
    dark: '#0d3638',
    rim: '#c29a63',
    clay: '#a8714a',
    speckle: null,
    run: '#7fc4b8',
  },
  woodAsh: {
    base: '#b79f75',
    light: '#efe2c0',
    dark: '#5f4a2e',
    rim: '#7a4a27',
    clay: '#8a5634',
    speckle: '#4a331d',
    run: '#a9b184',
  },
  saltWhite: {
    base: '#e6ddcb',
    light: '#fffaf0',
    dark: '#9c8d76',
    rim: '#b58a5f',
    clay: '#b98a63',
    speckle: '#7d5f43',
    run: null,
  },
  shino: {
    base: '#d98a5c',
    light: '#f8d3b2',
    dark: '#7d3e22',
    rim: '#8d3f1d',
    clay: '#7d4a2c',
    speckle: '#6b2f17',
    run: '#f6dcc4',
  },
  tenmoku: {
    base: '#38211a',
    light: '#9a6540',
    dark: '#120906',
    rim: '#b86a2b',
    clay: '#6e4028',
    speckle: null,
    run: '#5c2f17',
  },
  celadon: {
    base: '#a3c0aa',
    light: '#e6f0e1',
    dark: '#577562',
    rim: '#d8cdb0',
    clay: '#a98b6a',
    speckle: null,
    run: null,
  },
  cobalt: {
    base: '#2b4b93',
    light: '#93afe6',
    dark: '#0f1b42',
    rim: '#8a6a55',
    clay: '#9a6b49',
    speckle: null,
    run: '#5b7cc6',
  },
  kelp: {
    base: '#47553a',
    light: '#a6b28a',
    dark: '#1c2416',
    rim: '#a9793f',
    clay: '#8d5b38',
    speckle: '#20180d',
    run: '#6d7b4e',
  },
  blush: {
    base: '#dcb3a2',
    light: '#fbe8df',
    dark: '#946253',
    rim: '#f3ded2',
    clay: '#b07f61',
    speckle: '#a05a45',
    run: null,
  },
} as const satisfies Record<string, Glaze>;
export type GlazeName = keyof typeof glazes;

export const forms = {
  vase: {
    profile: [
      [520, 92],
      [505, 84],
      [470, 68],
      [430, 66],
      [385, 92],
      [330, 148],
      [265, 190],
      [195, 202],
      [120, 178],
      [55, 128],
      [20, 104],
      [0, 98],
    ],
    bare: 40,
  },
  bowl: {
    profile: [
      [200, 210],
      [185, 208],
      [150, 202],
      [105, 184],
      [62, 146],
      [30, 100],
      [14, 84],
      [0, 82],
    ],
    bare: 34,
  },
  cup: {
    profile: [
      [118, 62],
      [110, 62],
      [88, 60],
      [66, 48],
      [50, 34],
      [40, 30],
      [26, 36],
      [10, 50],
      [0, 52],
    ],
    bare: 10,
  },
  eggCup: {
    profile: [
      [118, 62],
      [110, 62],
      [88, 60],
      [66, 48],
      [50, 34],
      [40, 30],
      [26, 36],
      [10, 50],
      [0, 52],
    ],
    bare: 10,
    egg: true,
  },
  mug: {
    profile: [
      [250, 122],
      [240, 121],
      [190, 118],
      [130, 119],
      [80, 124],
      [40, 122],
      [15, 110],
      [0, 104],
    ],
    bare: 30,
    handle: { top: 205, bottom: 68, atTop: 118, atBottom: 124, out: 104, thick: 34, behind: true },
  },
  moonJar: {
    profile: [
      [430, 88],
      [418, 86],
      [408, 92],
      [388, 132],
      [340, 192],
      [275, 232],
      [210, 242],
      [145, 228],
      [85, 184],
      [35, 124],
      [10, 96],
      [0, 92],
    ],
    bare: 16,
  },
  jug: {
    profile: [
      [400, 78],
      [390, 72],
      [350, 62],
      [300, 72],
      [245, 108],
      [180, 138],
      [115, 142],
      [60, 124],
      [20, 102],
      [0, 98],
    ],
    bare: 34,
    handle: { top: 348, bottom: 150, atTop: 60, atBottom: 136, out: 130, thick: 30, behind: true },
  },
  jar: {
    profile: [
      [250, 126],
      [240, 130],
      [215, 150],
      [170, 172],
      [120, 176],
      [70, 160],
      [28, 128],
      [0, 116],
    ],
    bare: 30,
    lid: {
      profile: [
        [92, 17],
        [84, 26],
        [72, 26],
        [60, 15],
        [48, 24],
        [34, 74],
        [16, 120],
        [0, 132],
      ],
    },
  },
  bottle: {
    profile: [
      [330, 30],
      [322, 26],
      [280, 21],
      [235, 23],
      [190, 48],
      [145, 78],
      [95, 90],
      [50, 80],
      [15, 60],
      [0, 58],
    ],
    bare: 22,
  },
  budRound: {
    profile: [
      [210, 26],
      [203, 22],
      [180, 21],
      [160, 34],
      [125, 74],
      [85, 90],
      [45, 76],
      [14, 52],
      [0, 48],
    ],
    bare: 18,
  },
  budTall: {
    profile: [
      [390, 32],
      [382, 26],
      [330, 22],
      [250, 28],
      [160, 46],
      [80, 58],
      [25, 54],
      [0, 50],
    ],
    bare: 20,
  },
  wideBowl: {
    profile: [
      [150, 300],
      [142, 298],
      [118, 280],
      [84, 234],
      [50, 172],
      [24, 122],
      [10, 108],
      [0, 106],
    ],
    bare: 20,
  },
  plate: {
    profile: [
      [46, 292],
      [42, 290],
      [30, 250],
      [18, 190],
      [8, 150],
      [0, 146],
    ],
    bare: 6,
  },
  sidePlate: {
    profile: [
      [40, 226],
      [36, 224],
      [26, 190],
      [14, 146],
      [6, 116],
      [0, 112],
    ],
    bare: 6,
  },
} as const satisfies Record<string, Form>;
