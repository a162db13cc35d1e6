// The demo's shop: Laguna Ceramics, the invented workshop of Mina Orsini on an invented lagoon, with
// prices, stock, cards of provenance and drawn pictures. Put in by a first start, never by an update;
// nothing elsewhere depends on what is in it.

import sharp from 'sharp';
import { assert } from '../base/assert.ts';
import { isRefusal } from '../base/result.ts';
import { type Product, type ProductDraft, productDraftSchema } from '../protocol/catalogue.ts';
import type { Catalogue } from './catalogue.ts';
import type { CountedStock } from './counts-due.ts';
import { forms, type GlazeName, glazes } from './demo-forms.ts';
import { allGlazes, drawTable, drawTiles, type Piece, type Scene } from './demo-pictures.ts';

const vendor = 'Laguna Ceramics';

/** A product of the demo with its pictures; a picture for an option's value belongs to those variants. */
type DemoProduct = {
  readonly draft: Omit<ProductDraft, 'variants' | 'vendor' | 'status'>;
  readonly variants: readonly DemoVariant[];
  readonly pictures: readonly DemoPicture[];
};
type DemoVariant = {
  readonly sku: string;
  readonly options: readonly (readonly [name: string, value: string])[];
  readonly priceMinor: number;
  readonly compareAtMinor?: number;
  readonly grams: number;
  readonly onHand: number;
};
type DemoPicture = { readonly alt: string; readonly of?: string; readonly svg: () => string };

const stage = (
  form: keyof typeof forms,
  glaze: GlazeName,
  x: number,
  y: number,
  scale: number,
): Piece => ({
  form: forms[form],
  glaze: glazes[glaze],
  x,
  y,
  scale,
});
const table =
  (wall: Scene['wall'], seed: number, ...pieces: readonly Piece[]) =>
  () =>
    drawTable(pieces, { wall, seed });

const maker = 'Mina Orsini, Laguna Ceramics';
const origin = 'Thrown and fired in the workshop at the old boathouse, Laguna';

const products: readonly DemoProduct[] = [
  {
    draft: {
      handle: 'lagoon-vase',
      title: 'Lagoon vase',
      descriptionHtml:
        '<p>The vase that the workshop is known for: a full shoulder, a neck that holds a single branch, and the lagoon glaze that breaks to copper at the rim.</p><ul><li>Watertight, for fresh flowers</li><li>Signed under the foot</li><li>Wipe with a soft cloth; no dishwasher</li></ul>',
      type: 'Vases',
      tags: ['lagoon', 'signed', 'gift'],
      provenance: {
        maker,
        origin,
        materials: ['stoneware from the river bank', 'copper glaze', 'wood ash'],
        serialNumber: 'LV-0417',
        certificate: 'Signed certificate 0417',
        condition: 'New, first quality',
        story:
          'The glaze was a mistake of the winter of 2019: too much copper and a kiln that cooled too slowly. The first vase that came out of it is still on the shelf by the door and isn’t for sale.',
      },
    },
    variants: [
      { sku: 'LV-24', options: [['Size', '24 cm']], priceMinor: 8600, grams: 1450, onHand: 9 },
      { sku: 'LV-32', options: [['Size', '32 cm']], priceMinor: 12800, grams: 2300, onHand: 4 },
    ],
    pictures: [
      {
        alt: 'A teal vase with a full shoulder and a copper rim on a wooden table',
        svg: table('sand', 11, stage('vase', 'lagoon', 590, 1005, 1.5)),
      },
      {
        alt: 'The two sizes of the lagoon vase side by side',
        svg: table(
          'mist',
          12,
          stage('vase', 'lagoon', 790, 930, 1.3),
          stage('vase', 'lagoon', 400, 1010, 1.06),
        ),
      },
    ],
  },
  {
    draft: {
      handle: 'tea-bowl-wood-ash',
      title: 'Tea bowl, wood ash',
      descriptionHtml:
        '<p>A bowl for two hands. The ash of last year’s olive wood is sieved over the wet glaze and runs as it likes, so no two are alike.</p><ul><li>Holds 300 ml</li><li>Food safe; warm it before the tea</li></ul>',
      type: 'Bowls',
      tags: ['tea', 'wood ash', 'one of a kind'],
      provenance: {
        maker,
        origin,
        materials: ['stoneware', 'ash of olive wood'],
        condition: 'New; small pinholes in the ash are part of it',
        story:
          'The ash comes from the pruning of the neighbours’ trees. Each winter has its own colour.',
      },
    },
    variants: [
      { sku: 'TB-ASH', options: [['Glaze', 'Wood ash']], priceMinor: 4800, grams: 420, onHand: 12 },
      { sku: 'TB-SHI', options: [['Glaze', 'Shino']], priceMinor: 4800, grams: 420, onHand: 7 },
      { sku: 'TB-TEN', options: [['Glaze', 'Tenmoku']], priceMinor: 5200, grams: 430, onHand: 5 },
    ],
    pictures: [
      {
        alt: 'A tea bowl in speckled wood ash glaze',
        of: 'Wood ash',
        svg: table('rose', 21, stage('bowl', 'woodAsh', 600, 1000, 2.05)),
      },
      {
        alt: 'A tea bowl in orange shino glaze',
        of: 'Shino',
        svg: table('sage', 22, stage('bowl', 'shino', 600, 1000, 2.05)),
      },
      {
        alt: 'A tea bowl in dark tenmoku glaze',
        of: 'Tenmoku',
        svg: table('sand', 23, stage('bowl', 'tenmoku', 600, 1000, 2.05)),
      },
    ],
  },
  {
    draft: {
      handle: 'egg-cups-set',
      title: 'Egg cups, set of four',
      descriptionHtml:
        '<p>Four cups, four glazes, for the table that never agrees. They stack badly and look well.</p><ul><li>Dishwasher safe</li></ul>',
      type: 'Tableware',
      tags: ['breakfast', 'gift', 'set'],
      provenance: {
        maker,
        origin,
        materials: ['stoneware', 'four glazes'],
        condition: 'New, first quality',
      },
    },
    variants: [
      { sku: 'EC-4', options: [], priceMinor: 3400, compareAtMinor: 3900, grams: 480, onHand: 24 },
    ],
    pictures: [
      {
        alt: 'Four egg cups in four glazes, two of them with an egg',
        svg: table(
          'sage',
          31,
          stage('cup', 'blush', 330, 905, 2.2),
          stage('eggCup', 'saltWhite', 745, 930, 2.3),
          stage('eggCup', 'celadon', 480, 1060, 2.45),
          stage('cup', 'lagoon', 900, 1075, 2.45),
        ),
      },
    ],
  },
  {
    draft: {
      handle: 'glaze-test-tiles',
      title: 'Glaze test tiles, nine',
      descriptionHtml:
        '<p>The tiles that every glaze is tried on before it meets a pot. Nine from the drawer, each with its number and its recipe on the back. For the wall, the magnet board, or to choose your own.</p>',
      type: 'Workshop',
      tags: ['workshop', 'glaze', 'gift'],
      provenance: {
        maker,
        origin,
        materials: ['stoneware', 'nine glazes'],
        condition: 'Tests: small flaws are why they exist',
        story:
          'The recipe of a glaze that failed is worth more than the pot that came out well. It is on the back too.',
      },
    },
    variants: [{ sku: 'TT-9', options: [], priceMinor: 1800, grams: 350, onHand: 40 }],
    pictures: [
      {
        alt: 'Nine square tiles, each in another glaze',
        svg: () => drawTiles(allGlazes, { wall: 'sand', seed: 41 }),
      },
    ],
  },
  {
    draft: {
      handle: 'kiln-mug',
      title: 'Kiln mug',
      descriptionHtml:
        '<p>The mug that stands by the kiln at four in the morning. A handle for three fingers and a foot that doesn’t mark the table.</p><ul><li>Holds 350 ml</li><li>Dishwasher and microwave safe</li></ul>',
      type: 'Tableware',
      tags: ['mug', 'everyday'],
      provenance: { maker, origin, materials: ['stoneware'], condition: 'New, first quality' },
    },
    variants: [
      { sku: 'KM-TEN', options: [['Glaze', 'Tenmoku']], priceMinor: 2800, grams: 390, onHand: 18 },
      { sku: 'KM-LAG', options: [['Glaze', 'Lagoon']], priceMinor: 2800, grams: 390, onHand: 15 },
      {
        sku: 'KM-SAL',
        options: [['Glaze', 'Salt white']],
        priceMinor: 2800,
        grams: 390,
        onHand: 21,
      },
    ],
    pictures: [
      {
        alt: 'A mug in dark tenmoku glaze',
        of: 'Tenmoku',
        svg: table('sand', 51, stage('mug', 'tenmoku', 560, 1010, 2.15)),
      },
      {
        alt: 'A mug in teal lagoon glaze',
        of: 'Lagoon',
        svg: table('rose', 52, stage('mug', 'lagoon', 560, 1010, 2.15)),
      },
      {
        alt: 'A mug in speckled white glaze',
        of: 'Salt white',
        svg: table('sage', 53, stage('mug', 'saltWhite', 560, 1010, 2.15)),
      },
    ],
  },
  {
    draft: {
      handle: 'moon-jar',
      title: 'Moon jar',
      descriptionHtml:
        '<p>Two bowls thrown on two days and joined at the widest place. The seam shows if you look for it, and it should.</p><ul><li>About 38 cm high</li><li>Signed and numbered</li></ul>',
      type: 'Vases',
      tags: ['signed', 'one of a kind', 'large'],
      provenance: {
        maker,
        origin,
        materials: ['porcelain stoneware', 'salt glaze'],
        serialNumber: 'MJ-0031',
        certificate: 'Signed certificate 0031',
        condition: 'New; warped by 4 mm in the fire, as moon jars are',
        story:
          'Of nine that went into the autumn firing three came out whole. One went to the museum of the island, these are the other two.',
      },
    },
    variants: [{ sku: 'MJ-38', options: [], priceMinor: 24000, grams: 4800, onHand: 2 }],
    pictures: [
      {
        alt: 'A round white jar with fine speckles',
        svg: table('mist', 61, stage('moonJar', 'saltWhite', 600, 1010, 1.72)),
      },
    ],
  },
  {
    draft: {
      handle: 'pouring-jug',
      title: 'Pouring jug',
      descriptionHtml:
        '<p>For water, wine or the first poppies. The neck is as narrow as a hand is wide, the handle is pulled, not pressed.</p><ul><li>Holds 1.1 l</li><li>Dishwasher safe</li></ul>',
      type: 'Tableware',
      tags: ['table', 'everyday'],
      provenance: { maker, origin, materials: ['stoneware'], condition: 'New, first quality' },
    },
    variants: [
      { sku: 'PJ-CEL', options: [['Glaze', 'Celadon']], priceMinor: 5400, grams: 980, onHand: 8 },
      { sku: 'PJ-COB', options: [['Glaze', 'Cobalt']], priceMinor: 5800, grams: 980, onHand: 6 },
    ],
    pictures: [
      {
        alt: 'A jug with a pulled handle in pale green celadon',
        of: 'Celadon',
        svg: table('rose', 71, stage('jug', 'celadon', 560, 1010, 1.75)),
      },
      {
        alt: 'A jug with a pulled handle in cobalt blue',
        of: 'Cobalt',
        svg: table('sand', 72, stage('jug', 'cobalt', 560, 1010, 1.75)),
      },
    ],
  },
  {
    draft: {
      handle: 'lidded-jar',
      title: 'Lidded jar, cobalt',
      descriptionHtml:
        '<p>For sugar, tea or what nobody should find. The lid was fired on its jar and fits no other.</p><ul><li>Holds 700 ml</li></ul>',
      type: 'Tableware',
      tags: ['kitchen', 'gift'],
      provenance: {
        maker,
        origin,
        materials: ['stoneware', 'cobalt glaze'],
        condition: 'New, first quality',
      },
    },
    variants: [{ sku: 'LJ-COB', options: [], priceMinor: 6200, grams: 870, onHand: 10 }],
    pictures: [
      {
        alt: 'A round cobalt jar with a knobbed lid',
        svg: table('mist', 81, stage('jar', 'cobalt', 600, 1010, 1.95)),
      },
    ],
  },
  {
    draft: {
      handle: 'bud-vases-trio',
      title: 'Bud vases, a trio',
      descriptionHtml:
        '<p>Three small vases for three stems: a tall one, a bottle and a round one. They come as a family and quarrel like one.</p>',
      type: 'Vases',
      tags: ['set', 'gift', 'small'],
      provenance: {
        maker,
        origin,
        materials: ['stoneware', 'kelp, blush and lagoon glazes'],
        condition: 'New, first quality',
      },
    },
    variants: [{ sku: 'BV-3', options: [], priceMinor: 4500, grams: 720, onHand: 14 }],
    pictures: [
      {
        alt: 'Three small vases: tall and green, round and teal, a bottle in pink',
        svg: table(
          'rose',
          91,
          stage('budTall', 'kelp', 380, 935, 1.85),
          stage('bottle', 'blush', 815, 955, 1.75),
          stage('budRound', 'lagoon', 590, 1060, 1.95),
        ),
      },
    ],
  },
  {
    draft: {
      handle: 'serving-bowl-kelp',
      title: 'Serving bowl, kelp',
      descriptionHtml:
        '<p>Wide enough for the salad of eight people, low enough to see them. The kelp glaze pools green in the middle.</p><ul><li>36 cm across</li><li>Food safe</li></ul>',
      type: 'Bowls',
      tags: ['table', 'large', 'gift'],
      provenance: {
        maker,
        origin,
        materials: ['stoneware', 'kelp ash glaze'],
        condition: 'New, first quality',
      },
    },
    variants: [{ sku: 'SB-KEL', options: [], priceMinor: 7200, grams: 1900, onHand: 6 }],
    pictures: [
      {
        alt: 'A wide green bowl on a small foot',
        svg: table('sage', 101, stage('wideBowl', 'kelp', 600, 1000, 1.62)),
      },
    ],
  },
  {
    draft: {
      handle: 'dinner-plates',
      title: 'Dinner plate',
      descriptionHtml:
        '<p>Flat where the knife works, with a rim that keeps the sauce. Sold singly, because one always breaks.</p><ul><li>Dishwasher and microwave safe</li></ul>',
      type: 'Tableware',
      tags: ['table', 'everyday'],
      provenance: { maker, origin, materials: ['stoneware'], condition: 'New, first quality' },
    },
    variants: [
      { sku: 'DP-27', options: [['Size', '27 cm']], priceMinor: 3200, grams: 780, onHand: 32 },
      { sku: 'DP-21', options: [['Size', '21 cm']], priceMinor: 2400, grams: 520, onHand: 36 },
    ],
    pictures: [
      {
        alt: 'A teal side plate on a white dinner plate, and a bowl behind',
        svg: table(
          'mist',
          111,
          stage('jug', 'celadon', 830, 850, 1.2),
          stage('plate', 'saltWhite', 560, 1030, 1.75),
          stage('sidePlate', 'lagoon', 560, 968, 1.55),
        ),
      },
    ],
  },
];

/** How many products are drawn at once: as many as a small machine has cores. */
const productsAtOnce = 2;

/**
 * Puts the demo's products into the catalogue and resolves to what is on hand of each variant, for the
 * stock streams. Drawing takes some seconds; `onProgress` says how far it is. Repeating it, after a crash
 * too, adds what is missing and draws nothing twice.
 */
export const addDemoCatalogue = async (
  catalogue: Catalogue,
  onProgress: (done: number, of: number) => void = () => {},
): Promise<CountedStock[]> => {
  const waiting = [...products];
  const stock: CountedStock[] = [];
  let done = 0;
  const work = async (): Promise<void> => {
    for (let product = waiting.shift(); product; product = waiting.shift()) {
      const made =
        (await catalogue.product(product.draft.handle ?? '')) ?? (await add(catalogue, product));
      const pictured = await addPictures(catalogue, made, product);
      for (const { sku, onHand } of product.variants) {
        const variant = pictured.variants.find((each) => each.sku === sku);
        if (variant) stock.push({ variantId: variant.id, onHand, row: 1 });
      }
      done += 1;
      onProgress(done, products.length);
    }
  };
  await Promise.all(Array.from({ length: productsAtOnce }, work));
  return stock;
};

const add = async (catalogue: Catalogue, product: DemoProduct): Promise<Product> =>
  kept(
    await catalogue.create(
      productDraftSchema.parse({
        ...product.draft,
        vendor,
        status: 'active',
        variants: product.variants.map(({ onHand: _, options, ...variant }) => ({
          ...variant,
          options: options.map(([name, value]) => ({ name, value })),
        })),
      }),
    ),
  );

const addPictures = async (
  catalogue: Catalogue,
  product: Product,
  demo: DemoProduct,
): Promise<Product> => {
  let now = product;
  for (const picture of demo.pictures.slice(product.images.length)) {
    const bytes = await sharp(Buffer.from(picture.svg())).jpeg({ quality: 94 }).toBuffer();
    now = kept(await catalogue.addImage(product.id, { bytes, alt: picture.alt }));
  }
  const imageFor = (values: readonly string[]) => {
    const index = demo.pictures.findIndex(
      (picture) => picture.of !== undefined && values.includes(picture.of),
    );
    return now.images[index]?.id ?? null;
  };
  const variants = now.variants.map((variant) => ({
    id: variant.id,
    sku: variant.sku,
    barcode: variant.barcode,
    options: variant.options,
    priceMinor: variant.price.minor,
    compareAtMinor: variant.compareAt?.minor ?? null,
    grams: variant.grams,
    requiresShipping: variant.requiresShipping,
    taxable: variant.taxable,
    imageId: imageFor(variant.options.map((option) => option.value)),
  }));
  const isDone = variants.every(
    (variant, index) => variant.imageId === now.variants[index]?.imageId,
  );
  return isDone ? now : kept(await catalogue.edit(now.id, now.version, { variants }));
};

const kept = <T extends object>(outcome: T): Exclude<T, { readonly refused: string }> => {
  assert(!isRefusal(outcome), `the demo's catalogue is refused: ${JSON.stringify(outcome)}`);
  return outcome as Exclude<T, { readonly refused: string }>;
};
