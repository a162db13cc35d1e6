import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { PersonId } from '../base/brand.ts';
import { systemRandom } from '../base/ports.ts';
import { freshDatabase } from '../log/testing/postgres.ts';
import { type Product, productDraftSchema, productQuerySchema } from '../protocol/catalogue.ts';
import { type Catalogue, createCatalogue } from './catalogue.ts';
import type { CountDue, ImportWish } from './counts-due.ts';

const { pool } = await freshDatabase();
const dataFolder = await mkdtemp(join(tmpdir(), 'rialto-catalogue-'));
afterAll(() => rm(dataFolder, { recursive: true, force: true }));

let nowMs = Date.UTC(2026, 10, 24);
const catalogue: Catalogue = createCatalogue({
  pool,
  dataFolder,
  baseUrl: 'https://shop.example',
  currency: 'EUR',
  clock: { nowMs: () => nowMs },
  random: systemRandom,
});

const real = (name: string) =>
  readFile(new URL(`../../../shared/data/catalog/${name}.csv`, import.meta.url));
const header =
  'Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Image Src,Variant Image';
const csv = (...rows: string[]) => Buffer.from([header, ...rows].join('\n'));
const query = (over: object = {}) => productQuerySchema.parse(over);
const titles = async (over: object = {}) =>
  (await catalogue.list(query(over))).products.map((product) => product.title);

const wish: ImportWish = {
  by: { kind: 'person', id: 'mina' as PersonId, name: 'Mina', role: 'host' },
  key: 'import-1',
};
const imported = async (bytes: Uint8Array) => {
  const outcome = await catalogue.import(bytes, wish);
  if ('refused' in outcome) throw new Error(JSON.stringify(outcome.preview.problems));
  return outcome;
};
const made = async (over: object = {}, id?: string): Promise<Product> => {
  const outcome = await catalogue.create(
    productDraftSchema.parse({ title: 'Lagoon vase', variants: [{ priceMinor: 8600 }], ...over }),
    id,
  );
  if ('refused' in outcome) throw new Error(JSON.stringify(outcome));
  return outcome;
};
const edited = async (...args: Parameters<Catalogue['edit']>): Promise<Product> => {
  const outcome = await catalogue.edit(...args);
  if ('refused' in outcome) throw new Error(JSON.stringify(outcome));
  return outcome;
};
/** A variant as an editor would send it back. */
const draftOf = ({ id, sku, options, price, imageId }: Product['variants'][number]) => ({
  id,
  sku,
  barcode: null,
  options,
  priceMinor: price.minor,
  compareAtMinor: null,
  grams: null,
  requiresShipping: true,
  taxable: true,
  imageId,
});

beforeEach(async () => {
  await pool.query('truncate products, variants, product_images, price_history cascade');
  nowMs += 1000;
});

describe('imports', () => {
  test('[CAT-1] [CAT-14] both real shops go in whole, and hand back what they counted', async () => {
    const jewelry = await imported(await real('jewelry'));
    expect(jewelry.imported).toMatchObject({ created: 19, updated: 0, unchanged: 0 });
    expect([
      jewelry.stock.length,
      jewelry.stock.reduce((sum, each) => sum + each.onHand, 0),
    ]).toEqual([24, 20]);
    const apparel = await imported(await real('apparel'));
    expect(apparel.imported).toMatchObject({ created: 25, updated: 0, unchanged: 0 });
    expect([
      apparel.stock.length,
      apparel.stock.reduce((sum, each) => sum + each.onHand, 0),
    ]).toEqual([96, 458]);
    expect((await catalogue.list(query())).total).toBe(44);
    const { rows } = await pool.query(
      'select (select count(*) from variants) as variants, (select count(*) from product_images) as images, (select count(*) from price_history) as prices',
    );
    expect(rows[0]).toEqual({ variants: 120, images: 80, prices: 120 });
    const bag = await catalogue.product('canvas-lunch-bag');
    expect(
      bag?.variants.map((variant) => [variant.title, variant.sku, variant.price.minor]),
    ).toEqual([
      ['Khaki', '4219', 3200],
      ['Moss', '4216', 3200],
      ['Nutmeg', '4218', 3200],
    ]);
    expect(bag?.variants.map((variant) => variant.imageId)).toEqual(
      bag?.images.slice(0, 3).map((image) => image.id),
    );
  });

  test('[CAT-4] the same file again changes nothing, not even a version or an id', async () => {
    const first = await imported(await real('apparel'));
    const before = await catalogue.product('chevron');
    nowMs += 1000;
    const again = await imported(await real('apparel'));
    expect(again.imported).toMatchObject({ created: 0, updated: 0, unchanged: 25 });
    expect(again.stock).toEqual(first.stock);
    expect(await catalogue.product('chevron')).toEqual(before);
  });

  test('[CAT-4] two imports of one file at once make one catalogue', async () => {
    const outcomes = await Promise.all([
      imported(await real('jewelry')),
      imported(await real('jewelry')),
    ]);
    expect(outcomes.map((outcome) => outcome.imported.created).sort()).toEqual([0, 19]);
    expect((await catalogue.list(query())).total).toBe(19);
  });

  test('[CAT-18] what a file counted is due until it was told, also after a crash, and once', async () => {
    const { stock } = await imported(csv('vase,Vase,,,A,5,10,,', 'bowl,Bowl,,,B,7,10,,'));
    const [vase = '', bowl = ''] = stock.map(({ variantId }) => variantId);
    const told: [string, number, string][] = [];
    const failed: string[] = [];
    const tell = (away?: string) =>
      catalogue.tellCounts(
        async ({ variantId, onHand, key, by }) => {
          if (variantId === away) throw new Error('the log is away');
          expect(by).toEqual(wish.by);
          told.push([variantId, onHand, key]);
        },
        (due: CountDue) => failed.push(due.variantId),
      );
    await tell(vase);
    expect({ told, failed }).toEqual({ told: [[bowl, 7, 'import-1']], failed: [vase] });
    // A later import takes the place of what is still due; an answer for the earlier one doesn't.
    await catalogue.import(csv('vase,Vase,,,A,4,10,,'), { ...wish, key: 'import-2' });
    await catalogue.countsTold([vase], 'import-1');
    await tell();
    await tell();
    expect(told.slice(1)).toEqual([[vase, 4, 'import-2']]);
    // What was counted by hand since then holds; a refused file leaves nothing due.
    await imported(csv('vase,Vase,,,A,9,10,,'));
    await catalogue.countsTold([vase, bowl], null);
    await catalogue.import(csv('vase,Vase,,,A,8,x,,'), wish);
    await tell();
    expect(told).toHaveLength(2);
  });

  test('[CAT-2] one bad row among many stores nothing of the file', async () => {
    await imported(await real('jewelry'));
    const text = (await real('apparel')).toString().replace(',98.00,', ',ninety-eight,');
    const before = await pool.query('select * from products order by id');
    const outcome = await catalogue.import(Buffer.from(text), wish);
    expect(outcome).toMatchObject({
      refused: 'csv-has-problems',
      preview: {
        counts: { errors: 1 },
        problems: [{ code: 'price-invalid', found: 'ninety-eight' }],
      },
    });
    expect((await pool.query('select * from products order by id')).rows).toEqual(before.rows);
  });

  test.each([
    ['wrong columns', Buffer.from('a,b\n1,2')],
    ['a bad price', csv('vase,Vase,,,,1,10,,', 'bowl,Bowl,,,,1,-3,,')],
    ['a doubled SKU', csv('vase,Vase,,,A,1,10,,', 'bowl,Bowl,,,A,1,10,,')],
    ['a 10 MB line', csv('vase,Vase,,,,1,10,,', `bowl,${'x'.repeat(10_000_000)},,,,1,10,,`)],
    [
      'a wrong encoding',
      Buffer.concat([
        csv('vase,Vase,,,,1,10,,'),
        Buffer.from('\nbowl,Gl\xe4s,,,,1,10,,', 'latin1'),
      ]),
    ],
  ])('[CAT-2] %s: nothing is stored', async (_what, bytes) => {
    expect(await catalogue.import(bytes, wish)).toMatchObject({ refused: 'csv-has-problems' });
    expect((await catalogue.preview(bytes)).canImport).toBe(false);
    expect(await catalogue.isEmpty()).toBe(true);
  });

  test('[CAT-2] when the database breaks off in the middle nothing of the file is there', async () => {
    await pool.query(`create function refuse_bowls() returns trigger language plpgsql as $$ begin
      if exists (select from products where id = new.product_id and handle = 'bowl') then raise exception 'disk full'; end if; return new; end $$`);
    await pool.query(
      'create trigger break_off before insert on variants for each row execute function refuse_bowls()',
    );
    try {
      await expect(
        catalogue.import(csv('vase,Vase,,,,1,10,,', 'bowl,Bowl,,,,1,10,,'), wish),
      ).rejects.toThrow('disk full');
      expect(await catalogue.isEmpty()).toBe(true);
    } finally {
      await pool.query('drop function refuse_bowls() cascade');
    }
  });

  test('[CAT-5] a known handle is updated and its variants keep their ids by SKU or options', async () => {
    const first = await imported(
      csv('vase,Vase,Size,S,A,1,10,,', 'vase,,,M,,2,12,,', 'vase,,,L,C,3,14,,'),
    );
    const ids = first.stock.map((each) => each.variantId);
    const second = await imported(
      csv('vase,Tall vase,Size,XS,C,7,15,,', 'vase,,,M,D,8,12,,', 'bowl,Bowl,,,,1,5,,'),
    );
    expect(second.imported).toMatchObject({ created: 1, updated: 1 });
    const vase = await catalogue.product('vase');
    expect([vase?.title, vase?.version]).toEqual(['Tall vase', 2]);
    expect(vase?.variants.map((variant) => [variant.id, variant.title, variant.sku])).toEqual([
      [ids[2], 'XS', 'C'],
      [ids[1], 'M', 'D'],
    ]);
    expect(second.stock.slice(0, 2)).toEqual([
      { variantId: ids[2], onHand: 7, row: 2 },
      { variantId: ids[1], onHand: 8, row: 3 },
    ]);
  });

  test('[CAT-6] a SKU of another product refuses the file and names the product', async () => {
    await made({ variants: [{ priceMinor: 1, sku: 'A' }] });
    expect(await catalogue.import(csv('bowl,Bowl,,,A,1,10,,'), wish)).toMatchObject({
      preview: { problems: [{ code: 'sku-taken', row: 2, found: 'A' }] },
    });
  });

  test('[CAT-7] an export, imported, changes nothing; in an empty shop it makes the same catalogue', async () => {
    await imported(await real('apparel'));
    const vase = await made({
      provenance: {
        maker: 'Mina Orsini',
        materials: ['stoneware', 'wood ash'],
        story: 'Thrown in one go.\nFired twice.',
      },
    });
    const picture = await sharp({
      create: { width: 20, height: 10, channels: 3, background: 'teal' },
    })
      .png()
      .toBuffer();
    await catalogue.addImage(vase.id, { bytes: picture, alt: 'A vase' });
    const stock = new Map(
      (await catalogue.list(query({ limit: 200 }))).products.map((_, i) => [
        String(i),
        { onHand: 1, allocated: 0 },
      ]),
    );
    const text = await catalogue.export(async () => stock);
    expect((await imported(Buffer.from(text))).imported).toMatchObject({
      created: 0,
      updated: 0,
      unchanged: 26,
    });
    await pool.query('truncate products, variants, product_images, price_history cascade');
    expect((await imported(Buffer.from(text))).imported).toMatchObject({ created: 26 });
    expect(await catalogue.export(async () => stock)).toBe(text);
    expect((await catalogue.product('lagoon-vase'))?.provenance?.story).toBe(
      'Thrown in one go.\nFired twice.',
    );
  });

  test('[CAT-7] an import without provenance columns leaves the card alone', async () => {
    await made({ provenance: { maker: 'Mina Orsini' } });
    await imported(csv('lagoon-vase,Lagoon vase,,,,1,86,,'));
    expect((await catalogue.product('lagoon-vase'))?.provenance).toEqual({ maker: 'Mina Orsini' });
  });

  test('[CAT-1] 5,000 products of several variants go in within one transaction', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => [
      `p${i},Product ${i},Size,S,S${i},1,10.50,https://pictures.example/${i}.jpg,`,
      `p${i},,,M,M${i},1,11.50,,`,
    ]).flat();
    expect((await imported(csv(...rows))).imported.created).toBe(5000);
    expect((await catalogue.list(query())).total).toBe(5000);
  });
});

describe('edits', () => {
  test('[CAT-10] an edit on an old version is refused and changes nothing', async () => {
    const product = await made();
    const second = await edited(product.id, 1, { title: 'Lagoon vase, large' });
    expect(second.version).toBe(2);
    expect(await catalogue.edit(product.id, 1, { title: 'Mine' })).toEqual({
      refused: 'product-changed',
      detail: { version: 2 },
    });
    expect(await catalogue.product(product.id)).toEqual(second);
    expect(await catalogue.edit('nothing', 1, {})).toEqual({ refused: 'product-unknown' });
  });

  test('[CAT-10] of ten editors at once one wins', async () => {
    const product = await made();
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, i) => catalogue.edit(product.id, 1, { title: `Title ${i}` })),
    );
    expect(outcomes.filter((outcome) => !('refused' in outcome))).toHaveLength(1);
    expect((await catalogue.product(product.id))?.version).toBe(2);
  });

  test('[CAT-11] a variant that leaves is retired and still found; its SKU is free again', async () => {
    const product = await made({
      variants: [
        { priceMinor: 8600, sku: 'S', options: [{ name: 'Size', value: 'S' }] },
        { priceMinor: 9600, sku: 'L', options: [{ name: 'Size', value: 'L' }] },
      ],
    });
    const [small, large] = product.variants as [
      Product['variants'][number],
      Product['variants'][number],
    ];
    const next = await edited(product.id, 1, { variants: [draftOf(small)] });
    expect(next.variants.map((variant) => variant.id)).toEqual([small.id]);
    expect(await catalogue.variants([large.id, small.id, 'nothing'])).toEqual(
      expect.arrayContaining([
        {
          variant: expect.objectContaining({ id: large.id, sku: 'L' }),
          productId: product.id,
          productTitle: 'Lagoon vase',
          retired: true,
        },
        expect.objectContaining({ retired: false }),
      ]),
    );
    await made({ title: 'Another', variants: [{ priceMinor: 1, sku: 'L' }] });
    expect(await catalogue.edit(product.id, 2, { variants: [draftOf(large)] })).toMatchObject({
      refused: 'product-invalid',
      errors: [{ path: 'variants.0.id' }],
    });
  });

  test('[CAT-6] SKUs may change places within a product, but stand for one variant of the shop', async () => {
    const product = await made({
      variants: [
        { priceMinor: 1, sku: 'A', options: [{ name: 'Size', value: 'S' }] },
        { priceMinor: 2, sku: 'B', options: [{ name: 'Size', value: 'L' }] },
      ],
    });
    const [a, b] = product.variants.map(draftOf) as [
      ReturnType<typeof draftOf>,
      ReturnType<typeof draftOf>,
    ];
    const swapped = await edited(product.id, 1, {
      variants: [
        { ...a, sku: 'B' },
        { ...b, sku: 'A' },
      ],
    });
    expect(swapped.variants.map((variant) => variant.sku)).toEqual(['B', 'A']);
    const other = await made({ title: 'Bowl' });
    expect(
      await catalogue.edit(other.id, 1, {
        variants: [{ ...draftOf(other.variants[0] as Product['variants'][number]), sku: 'A' }],
      }),
    ).toMatchObject({
      refused: 'product-invalid',
      errors: [
        { path: 'variants.0.sku', message: 'The product “Lagoon vase” has this SKU already.' },
      ],
    });
    expect(
      await catalogue.edit(product.id, 2, {
        variants: [
          { ...a, sku: 'A' },
          { ...b, sku: 'A' },
        ],
      }),
    ).toMatchObject({ errors: [{ path: 'variants.1.sku' }] });
  });

  test('[CAT-6] two new products with one SKU at once: one is made, the other told', async () => {
    const draft = (title: string) =>
      productDraftSchema.parse({ title, variants: [{ priceMinor: 1, sku: 'A' }] });
    const outcomes = await Promise.all([
      catalogue.create(draft('One')),
      catalogue.create(draft('Two')),
    ]);
    expect(outcomes.filter((outcome) => 'refused' in outcome)).toEqual([
      expect.objectContaining({ refused: 'product-invalid' }),
    ]);
    expect((await catalogue.list(query())).total).toBe(1);
  });

  test('[CAT-5] a handle is made from the title and stands once', async () => {
    expect([
      (await made({ title: 'Tea bowl, wood ash' })).handle,
      (await made({ title: 'Tea Bowl – Wood Ash!' })).handle,
      (await made({ title: '!!' })).handle,
    ]).toEqual(['tea-bowl-wood-ash', 'tea-bowl-wood-ash-2', 'product']);
    expect(
      await catalogue.create(
        productDraftSchema.parse({ title: 'X', handle: 'Product', variants: [{ priceMinor: 1 }] }),
      ),
    ).toMatchObject({
      refused: 'product-invalid',
      errors: [{ path: 'handle' }],
    });
  });

  test('[CAT-10] a repeated request adds one product', async () => {
    expect(await made({}, 'fromkey')).toEqual(await made({ title: 'Other' }, 'fromkey'));
  });

  test('[CAT-12] every price is remembered from its time on, and only prices are', async () => {
    const product = await made();
    const variant = draftOf(product.variants[0] as Product['variants'][number]);
    const begun = nowMs;
    nowMs += 1000;
    await edited(product.id, 1, { variants: [{ ...variant, priceMinor: 7900 }] });
    nowMs += 1000;
    await edited(product.id, 2, { title: 'Same price' });
    await edited(product.id, 3, { variants: [{ ...variant, priceMinor: 8600 }] });
    expect((await catalogue.priceHistories([variant.id, 'none'])).get(variant.id)).toEqual([
      { fromMs: begun, priceMinor: 8600, currency: 'EUR' },
      { fromMs: begun + 1000, priceMinor: 7900, currency: 'EUR' },
      { fromMs: begun + 2000, priceMinor: 8600, currency: 'EUR' },
    ]);
  });

  test('[CAT-8] an editor’s description is cleaned like an import’s', async () => {
    expect(
      (await made({ descriptionHtml: '<p>Blue<script>x</script></p><img src=x onerror=y>' }))
        .descriptionHtml,
    ).toBe('<p>Blue</p>');
  });

  test('products are found by words, SKU, tag and status, page by page', async () => {
    await made({
      title: 'Lagoon vase',
      tags: ['Blue', 'tall, slim'],
      status: 'active',
      variants: [{ priceMinor: 1, sku: 'LV-100%' }],
    });
    await made({ title: 'Ash bowl', vendor: 'Laguna Ceramics', tags: ['Blue'] });
    await made({ title: 'Cup' });
    expect(await titles()).toEqual(['Ash bowl', 'Cup', 'Lagoon vase']);
    expect(await titles({ q: 'lag' })).toEqual(['Ash bowl', 'Lagoon vase']);
    expect(await titles({ q: 'vase LAGOON' })).toEqual(['Lagoon vase']);
    expect(await titles({ q: '100%' })).toEqual(['Lagoon vase']);
    expect(await titles({ q: '%' })).toEqual(['Lagoon vase']);
    expect(await titles({ q: "'; drop table products; --" })).toEqual([]);
    expect(await titles({ tag: 'Blue' })).toEqual(['Ash bowl', 'Lagoon vase']);
    expect(await titles({ tag: 'slim' })).toEqual(['Lagoon vase']);
    expect(await titles({ status: 'active' })).toEqual(['Lagoon vase']);
    expect(await titles({ limit: 1, offset: 1 })).toEqual(['Cup']);
  });
});

describe('pictures', () => {
  const photo = () =>
    sharp({ create: { width: 1800, height: 900, channels: 3, background: '#3a7d78' } })
      .withExif({ IFD0: { Copyright: 'secret place' }, IFD3: { GPSLatitude: '51/1 30/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();

  test('[CAT-13] a photo is turned upright, kept in three widths, and tells nothing of its place', async () => {
    const product = await made();
    const bytes = await photo();
    const next = await catalogue.addImage(product.id, { bytes, alt: 'The vase from the side' });
    if ('refused' in next) throw new Error(next.refused);
    const [image] = next.images;
    expect(image).toMatchObject({
      alt: 'The vase from the side',
      width: 900,
      height: 1800,
      stored: true,
      position: 1,
    });
    expect(image?.sources.map((source) => source.width)).toEqual([320, 800, 900]);
    expect(next.version).toBe(2);
    for (const { url, width } of image?.sources ?? []) {
      const file = await readFile(join(dataFolder, url.replace(/^\//, '')));
      const metadata = await sharp(file).metadata();
      expect([metadata.format, metadata.width, metadata.exif, metadata.orientation]).toEqual([
        'webp',
        width,
        undefined,
        undefined,
      ]);
      expect(file.includes('secret place')).toBe(false);
    }
  });

  test('[CAT-13] what is no picture, is cut off, or is a bomb is refused and leaves no file', async () => {
    const product = await made();
    const before = await readdir(join(dataFolder, 'media', 'images')).catch(() => []);
    const whole = await sharp({
      create: { width: 300, height: 300, channels: 3, background: 'teal' },
    })
      .png()
      .toBuffer();
    const bomb = await sharp({
      create: { width: 9000, height: 9000, channels: 3, background: 'teal' },
    })
      .png()
      .toBuffer();
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><script>x</script></svg>',
    );
    const gif = await sharp({ create: { width: 10, height: 10, channels: 3, background: 'teal' } })
      .gif()
      .toBuffer();
    for (const bytes of [
      Buffer.from('hello'),
      Buffer.alloc(0),
      whole.subarray(0, whole.length / 2),
      bomb,
      svg,
      gif,
    ]) {
      expect(await catalogue.addImage(product.id, { bytes, alt: '' })).toEqual({
        refused: 'image-unreadable',
      });
    }
    expect(
      await catalogue.addImage(product.id, { bytes: Buffer.alloc(10 * 1024 * 1024 + 1), alt: '' }),
    ).toMatchObject({ refused: 'request-too-large' });
    expect(await readdir(join(dataFolder, 'media', 'images')).catch(() => [])).toEqual(before);
    expect((await catalogue.product(product.id))?.images).toEqual([]);
  });

  test('[CAT-13] pictures are ordered, described and dropped; a variant loses the one that went', async () => {
    await imported(
      csv(
        'vase,Vase,,,,1,10,https://pictures.example/1.jpg,https://pictures.example/1.jpg',
        'vase,,,,,,,https://pictures.example/2.jpg,',
      ),
    );
    const vase = (await catalogue.product('vase')) as Product;
    const [one, two] = vase.images as [Product['images'][number], Product['images'][number]];
    expect(one).toMatchObject({
      url: 'https://pictures.example/1.jpg',
      stored: false,
      sources: [],
      width: null,
    });
    const turned = await catalogue.arrangeImages(vase.id, 1, [
      { id: two.id, alt: 'Back' },
      { id: one.id, alt: 'Front' },
    ]);
    expect(
      'images' in turned && turned.images.map((image) => [image.id, image.alt, image.position]),
    ).toEqual([
      [two.id, 'Back', 1],
      [one.id, 'Front', 2],
    ]);
    const dropped = await catalogue.arrangeImages(vase.id, 2, [{ id: two.id, alt: 'Back' }]);
    expect('variants' in dropped && dropped.variants[0]?.imageId).toBeNull();
    expect(await catalogue.arrangeImages(vase.id, 3, [{ id: one.id, alt: '' }])).toEqual({
      refused: 'image-unknown',
    });
    expect(await catalogue.arrangeImages(vase.id, 2, [])).toMatchObject({
      refused: 'product-changed',
    });
  });
});
