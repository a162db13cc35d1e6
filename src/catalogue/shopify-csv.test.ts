import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { previewImport, type ShopNow } from './shopify-csv.ts';

const emptyShop: ShopNow = { currency: 'EUR', handles: new Set(), skus: new Map() };
const real = (name: string) =>
  readFile(new URL(`../../../shared/data/catalog/${name}.csv`, import.meta.url));

const header =
  'Handle,Title,Body (HTML),Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Image Src';
const file = (...rows: string[]) => Buffer.from([header, ...rows].join('\n'));
const preview = async (bytes: Uint8Array, shop = emptyShop) =>
  (await previewImport(bytes, shop)).preview;
/** The findings as `code row column`, the short form that these tests compare. */
const findings = async (bytes: Uint8Array, shop = emptyShop) =>
  (await preview(bytes, shop)).problems.map(
    (each) => `${each.code} ${each.row ?? '-'} ${each.column ?? '-'}`,
  );

describe('real exports', () => {
  test('[CAT-1] the jewelry shop is read whole', async () => {
    const { counts, canImport } = await preview(await real('jewelry'));
    expect(canImport).toBe(true);
    expect(counts).toEqual({
      rows: 30,
      products: 19,
      variants: 24,
      images: 25,
      units: 20,
      toCreate: 19,
      toUpdate: 0,
      errors: 0,
      warnings: 1,
    });
  });

  test('[CAT-1] the apparel shop is read whole', async () => {
    const { counts, canImport } = await preview(await real('apparel'));
    expect(canImport).toBe(true);
    expect(counts).toEqual({
      rows: 104,
      products: 25,
      variants: 96,
      images: 55,
      units: 458,
      toCreate: 25,
      toUpdate: 0,
      errors: 0,
      warnings: 0,
    });
  });

  test('[CAT-1] options, SKUs, weights and pictures of variants come out as the shop meant them', async () => {
    const { products } = await previewImport(await real('apparel'), emptyShop);
    const bag = products.find((product) => product.handle === 'canvas-lunch-bag');
    expect(
      bag?.variants.map((variant) => [
        variant.sku,
        variant.options,
        variant.priceMinor,
        variant.grams,
      ]),
    ).toEqual([
      ['4219', [{ name: 'Color', value: 'Khaki' }], 3200, 454],
      ['4216', [{ name: 'Color', value: 'Moss' }], 3200, 454],
      ['4218', [{ name: 'Color', value: 'Nutmeg' }], 3200, 454],
    ]);
    expect(bag?.images).toHaveLength(5);
    expect(
      bag?.variants.map((variant) =>
        bag.images.findIndex((image) => image.url === variant.imageUrl),
      ),
    ).toEqual([0, 1, 2]);
    expect(
      products.find((product) => product.handle === 'the-scout-skincare-kit')?.variants[0]?.options,
    ).toEqual([]);
  });

  test('[CAT-15] the pair that was sold below zero counts as none and is named by its row', async () => {
    const { problems } = await preview(await real('jewelry'));
    expect(problems).toEqual([
      expect.objectContaining({
        severity: 'warning',
        code: 'stock-below-zero',
        row: 2,
        column: 'Variant Inventory Qty',
        found: '-1',
      }),
    ]);
  });
});

describe('rows and their findings', () => {
  test('[CAT-3] a row is the line of the file, also after texts of several lines and Windows line ends', async () => {
    const { problems } = await preview(
      file('vase,Vase,"<p>one', 'two\r\nthree</p>",,,,1,10,', '', 'bowl,Bowl,,,,,1,ten,'),
    );
    expect(problems).toEqual([
      {
        severity: 'error',
        code: 'price-invalid',
        row: 6,
        column: 'Variant Price',
        found: 'ten',
        advice:
          'Write the price with a point and without currency or thousands separators, such as 1299.00.',
      },
    ]);
  });

  test.each([
    ['-5'],
    ['1,000.00'],
    ['€ 12'],
    ['12.345'],
    ['1e3'],
    ['NaN'],
    ['12 34'],
    ['9999999999999999'],
  ])('[CAT-17] %s is no price', async (price) => {
    expect(await findings(file(`vase,Vase,,,,,1,"${price}",`))).toEqual([
      'price-invalid 2 Variant Price',
    ]);
  });

  test('[CAT-17] the digits are those of the currency', async () => {
    const bytes = file('vase,Vase,,,,,1,1200.50,');
    expect(await findings(bytes, { ...emptyShop, currency: 'JPY' })).toEqual([
      'price-invalid 2 Variant Price',
    ]);
    expect((await preview(bytes)).products[0]?.priceRange?.from).toEqual({
      minor: 120050,
      currency: 'EUR',
    });
  });

  test('[CAT-17] a variant without a price is an error, a picture without one is not', async () => {
    expect(
      await findings(
        file(
          'vase,Vase,,Size,S,,1,10,https://example.org/a.jpg',
          'vase,,,,L,,1,,',
          'vase,,,,,,,,https://example.org/b.jpg',
        ),
      ),
    ).toEqual(['price-missing 3 Variant Price']);
  });

  test('[CAT-6] a SKU twice in the file, or taken by another product, is an error; its own product may keep it', async () => {
    const shop = {
      ...emptyShop,
      handles: new Set(['vase', 'cup']),
      skus: new Map([
        ['A', 'vase'],
        ['C', 'cup'],
      ]),
    };
    const bytes = file(
      'vase,Vase,,Size,S,A,1,10,',
      'vase,,,,L,B,1,10,',
      'bowl,Bowl,,,,B,1,10,',
      'plate,Plate,,,,C,1,10,',
    );
    const { problems } = await preview(bytes, shop);
    expect(problems.map((each) => [each.code, each.row, each.found, each.advice])).toEqual([
      [
        'sku-doubled',
        4,
        'B',
        'Row 3 has this SKU already. A SKU stands for one variant: change one, or leave it empty.',
      ],
      ['sku-taken', 5, 'C', 'The product “cup” in the shop has this SKU. Change one of them.'],
    ]);
  });

  test('[CAT-5] the preview says which products are new', async () => {
    const { products, counts } = await preview(file('Vase,Vase,,,,,1,10,', 'bowl,Bowl,,,,,1,10,'), {
      ...emptyShop,
      handles: new Set(['vase']),
    });
    expect(products.map((each) => [each.handle, each.action])).toEqual([
      ['vase', 'update'],
      ['bowl', 'create'],
    ]);
    expect(counts).toMatchObject({ toCreate: 1, toUpdate: 1 });
  });

  test('[CAT-5] a handle twice is an error, apart or together', async () => {
    expect(
      await findings(file('vase,Vase,,,,,1,10,', 'bowl,Bowl,,,,,1,10,', 'vase,,,Size,S,,1,10,')),
    ).toContain('handle-doubled 4 Handle');
    expect(await findings(file('vase,Vase,,Size,S,,1,10,', 'vase,Another,,,M,,1,10,'))).toEqual([
      'handle-doubled 3 Handle',
    ]);
  });

  test('[CAT-3] missing values and values without meaning are named where they stand', async () => {
    expect(
      await findings(
        file(
          ',Vase,,,,,1,10,',
          'bowl,,,,,,1,10,',
          'cup,Cup,,,Large,,1,10,',
          'jug,Jug,,Size,,,1,10,',
          'jar,Jar,,Size,S,,1.5,10,',
          'jar,,,,S,,1,10,',
          'tile,Tile,,,,,1,10,javascript:alert(1)',
          'plate,Plate,,,,,1,10,data:image/png;base64,AA',
          'bad handle,Bad,,,,,1,10,',
        ),
      ),
    ).toEqual([
      'handle-missing 2 Handle',
      'title-missing 3 Title',
      'option-without-name 4 Option1 Name',
      'option-without-value 5 Option1 Value',
      'quantity-invalid 6 Variant Inventory Qty',
      'variant-doubled 7 Option1 Value',
      'image-address-invalid 8 Image Src',
      'row-width 9 -',
      'handle-invalid 10 Handle',
    ]);
  });

  test('[CAT-3] of ten thousand findings five hundred are listed and all are counted', async () => {
    const { problems, counts, canImport } = await preview(
      file(...Array.from({ length: 4000 }, (_, i) => `p${i},P,,,,,x,y,`)),
    );
    expect(canImport).toBe(false);
    expect(counts.errors).toBe(8000);
    expect(problems).toHaveLength(500);
  });

  test('[CAT-8] what acts is taken out of a description and said', async () => {
    const { preview: seen, products } = await previewImport(
      file(
        'vase,Vase,"<p onclick=""x()"">Blue<script>steal()</script> <a href=""javascript:x()"">link</a></p>",,,,1,10,',
      ),
      emptyShop,
    );
    expect(products[0]?.descriptionHtml).toBe('<p>Blue <a rel="noopener nofollow">link</a></p>');
    expect(seen.problems.map((each) => [each.severity, each.code])).toEqual([
      ['warning', 'description-cleaned'],
    ]);
  });
});

describe('files that are no product CSV', () => {
  test('[CAT-9] UTF-16 and Latin-1 are named', async () => {
    const text = `${header}\nvase,Café,,,,,1,10,`;
    expect((await preview(Buffer.from(`\ufeff${text}`, 'utf16le'))).problems[0]).toMatchObject({
      code: 'encoding-not-utf8',
      found: 'UTF-16',
    });
    expect((await preview(Buffer.from(text, 'utf16le'))).problems[0]).toMatchObject({
      code: 'encoding-not-utf8',
      found: 'UTF-16',
    });
    expect((await preview(Buffer.from(text, 'latin1'))).problems[0]).toMatchObject({
      code: 'encoding-not-utf8',
      row: 2,
      found: 'byte 0xE9',
    });
  });

  test('[CAT-9] a byte order mark of UTF-8 is no mistake', async () => {
    expect(
      (await preview(Buffer.from(`\ufeff${header}\nvase,Café,,,,,1,10,`))).counts,
    ).toMatchObject({ products: 1, errors: 0 });
  });

  test('[CAT-9] a line of 10 MB is refused at its row', async () => {
    expect(
      await findings(file('vase,Vase,,,,,1,10,', `bowl,Bowl,${'x'.repeat(10_000_000)},,,,1,10,`)),
    ).toEqual(['row-too-long 3 -']);
  });

  test('[CAT-9] a quote that never closes is refused at the row that opens it', async () => {
    expect(
      await findings(file('vase,Vase,,,,,1,10,', 'bowl,"Bowl,,,,,1,10,', 'cup,Cup,,,,,1,10,')),
    ).toEqual(['quote-not-closed 3 -']);
    expect(await findings(file('vase,V"a"se,,,,,1,10,'))).toEqual(['quote-misplaced 2 -']);
  });

  test('[CAT-9] more than 20 MB is refused unread', async () => {
    expect(await findings(new Uint8Array(20 * 1024 * 1024 + 1).fill(97))).toEqual([
      'file-too-large - -',
    ]);
  });

  test('[CAT-9] wrong, missing, doubled and unknown columns are named', async () => {
    expect((await preview(Buffer.from('name;price\nVase;10'))).problems[0]).toMatchObject({
      code: 'columns-wrong',
      row: 1,
      advice:
        'The cells are separated by “;”. Export the file again with commas between the cells.',
    });
    expect(await findings(Buffer.from('text,question\nhow much?,1'))).toEqual([
      'columns-wrong 1 -',
    ]);
    expect(await findings(Buffer.from('Handle,Title,Variant Inventory Qty\nvase,Vase,1'))).toEqual([
      'column-missing 1 Variant Price',
    ]);
    expect(
      await findings(
        Buffer.from('Handle,Title,Variant Price,Title,Variant Inventory Qty\nvase,Vase,1,V,1'),
      ),
    ).toEqual(['column-doubled 1 Title']);
    expect(
      await findings(Buffer.from('Handle,Title,Variant Price,Shoe Lace\nvase,Vase,1,x')),
    ).toEqual(['column-unknown 1 Shoe Lace', 'stock-unknown 1 Variant Inventory Qty']);
  });

  test('[CAT-9] an empty file, or one with a header alone, says so', async () => {
    expect(await findings(Buffer.from(''))).toEqual(['file-empty - -']);
    expect(await findings(Buffer.from(`${header}\n`))).toEqual(['file-empty - -']);
  });

  test('[CAT-9] more products or variants than fit are refused', async () => {
    const many = Array.from({ length: 5001 }, (_, i) => `p${i},P,,,,,1,1,`);
    expect(await findings(file(...many))).toEqual(['too-many-products 5002 -']);
    const wide = Array.from(
      { length: 101 },
      (_, i) => `p,${i === 0 ? 'P' : ''},,${i === 0 ? 'Size' : ''},${i},,1,1,`,
    );
    expect(await findings(file(...wide))).toEqual(['too-many-variants 2 -']);
  });
});
