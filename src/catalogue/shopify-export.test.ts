import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guard, guardCode, oneLine, unguard, unguardCode } from './csv-cells.ts';
import { cleanDescription } from './description.ts';
import { previewImport, type ReadProduct, type ShopNow } from './shopify-csv.ts';
import { type ExportProduct, writeShopifyCsv } from './shopify-export.ts';

const shop = (currency: string): ShopNow => ({ currency, handles: new Set(), skus: new Map() });
const real = (name: string) =>
  readFile(new URL(`../../../shared/data/catalog/${name}.csv`, import.meta.url));
const withoutRows = (products: readonly ReadProduct[]): ExportProduct[] =>
  products.map(({ row: _, variants, ...product }) => ({
    ...product,
    variants: variants.map(({ row: __, ...variant }) => variant),
  }));
const readBack = async (products: readonly ExportProduct[], currency: string) => {
  const { preview, products: again } = await previewImport(
    Buffer.from(writeShopifyCsv(products, currency)),
    shop(currency),
  );
  expect(preview.problems.filter((problem) => problem.severity === 'error')).toEqual([]);
  return withoutRows(again);
};

const spiced = fc.constantFrom(
  '=1+1',
  '+49',
  '-5',
  '@x',
  "'=a",
  "''4160",
  '"quoted"',
  'a,b;c',
  'Käse',
  '壺',
  '🏺',
  '0012',
);
const text = (maxLength: number) =>
  fc
    .oneof({ weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength }) }, spiced)
    .map((each) => oneLine(each.toWellFormed()).slice(0, maxLength).toWellFormed().trim());
const filled = (maxLength: number) => text(maxLength).filter((each) => each !== '');
const story = fc
  .array(filled(30), { minLength: 1, maxLength: 3 })
  .chain((lines) => fc.constantFrom('\n', '\r\n', '\r').map((end) => lines.join(end)));
const absentOr = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

const variantParts = fc.record({
  sku: absentOr(
    fc.constantFrom('', "'", '-').chain((start) => fc.nat(99_999).map((n) => `${start}${n}`)),
  ),
  barcode: absentOr(filled(20)),
  priceMinor: fc.nat(10_000_000),
  compareAtMinor: absentOr(fc.nat(10_000_000)),
  grams: absentOr(fc.nat(50_000)),
  requiresShipping: fc.boolean(),
  taxable: fc.boolean(),
  onHand: absentOr(fc.nat(1000)),
  kept: fc.constantFrom<Record<string, string>>(
    {},
    { 'Variant Weight Unit': 'kg', 'Variant Inventory Policy': 'deny' },
  ),
});

const product: fc.Arbitrary<Omit<ExportProduct, 'handle'>> = fc
  .record({
    title: filled(60),
    descriptionHtml: fc
      .oneof(
        fc.string({ unit: 'binary', maxLength: 80 }),
        fc.constantFrom(
          '<p>One\r\ntwo</p>',
          '<ul><li>a<li>b</ul>',
          '<b>=1</b> & more',
          '-<i>x</i>',
          '<script>x</script>ok',
        ),
      )
      .map((html) => cleanDescription(html.toWellFormed().replaceAll('\0', '')).html),
    vendor: text(30),
    type: text(30),
    tags: fc.uniqueArray(
      filled(12)
        .map((tag) => tag.replaceAll(',', ' ').trim())
        .filter((tag) => tag !== ''),
      { maxLength: 4 },
    ),
    status: fc.constantFrom('active' as const, 'draft' as const, 'archived' as const),
    provenance: absentOr(
      fc.record({
        maker: filled(30),
        materials: fc.uniqueArray(filled(20), { minLength: 1, maxLength: 3 }),
        story,
      }),
    ),
    images: fc.uniqueArray(
      fc.record({
        url: fc.nat(99).map((n) => `https://pictures.example/${n}.jpg?v=1`),
        alt: text(40),
      }),
      {
        selector: (image) => image.url,
        maxLength: 4,
      },
    ),
    kept: fc.constantFrom<Record<string, string>>(
      {},
      { 'SEO Title': '=Vase', 'Google Shopping / Condition': 'new' },
    ),
  })
  .chain((parts) =>
    fc
      .tuple(
        fc.uniqueArray(
          fc
            .string({ unit: 'grapheme', minLength: 1, maxLength: 3 })
            .map((name) => oneLine(name.toWellFormed()))
            .filter((name) => name !== ''),
          { maxLength: 3 },
        ),
        fc.array(variantParts, { minLength: 1, maxLength: 4 }),
        fc.nat(3),
      )
      .map(([names, variants, pick]) => ({
        ...parts,
        variants: (names.length === 0 ? variants.slice(0, 1) : variants).map((variant, index) => ({
          ...variant,
          options: names.map((name) => ({ name, value: `${name}${index}` })),
          imageUrl: parts.images[pick]?.url ?? null,
        })),
      })),
  );

const catalogue = fc.array(product, { minLength: 1, maxLength: 5 }).map((products) => {
  const skus = new Set<string>();
  return products.map(
    (each, index): ExportProduct => ({
      ...each,
      handle: index % 2 === 0 ? `${index}` : `vase-${index}`,
      variants: each.variants.map((variant) => {
        const isFree = variant.sku === null || !skus.has(variant.sku);
        if (variant.sku !== null) skus.add(variant.sku);
        return isFree ? variant : { ...variant, sku: null };
      }),
    }),
  );
});

/** The file has provenance columns for all products or for none. */
const asRead = (products: readonly ExportProduct[]) => {
  const withCards = products.some((each) => each.provenance);
  return products.map((each) => ({
    ...each,
    provenance: withCards ? (each.provenance ?? null) : undefined,
  }));
};

describe('export', () => {
  test('[CAT-7] real shops come back as they were', async () => {
    for (const name of ['jewelry', 'apparel']) {
      const { products } = await previewImport(await real(name), shop('USD'));
      const once = withoutRows(products);
      expect(await readBack(once, 'USD')).toEqual(once);
    }
  });

  test('[CAT-7] the columns are those of the real export, in their order, and ours follow', async () => {
    const [theirs] = parse(await real('jewelry'), { to: 1 }) as string[][];
    const [ours] = parse(writeShopifyCsv([], 'USD')) as string[][];
    expect(ours?.slice(0, theirs?.length)).toEqual(theirs);
    expect(ours?.slice(theirs?.length)).toEqual(['Status']);
  });

  test('[CAT-7] any catalogue comes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(
        catalogue,
        fc.constantFrom('EUR', 'JPY', 'KWD'),
        async (products, currency) => {
          expect(await readBack(products, currency)).toEqual(asRead(products));
        },
      ),
      { numRuns: 200, seed: 20261124 },
    );
  });

  test('[CAT-16] no cell begins like a formula', () => {
    fc.assert(
      fc.property(catalogue, (products) => {
        for (const row of parse(writeShopifyCsv(products, 'EUR')) as string[][]) {
          for (const cell of row) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
        }
      }),
      { numRuns: 100, seed: 20261124 },
    );
  });

  test('[CAT-16] a guarded cell reads back as it was', () => {
    fc.assert(
      fc.property(
        fc.oneof(spiced, fc.string(), fc.stringMatching(/^'{0,3}[=+@-]?\d{0,4}$/)),
        (cell) => {
          expect(unguard(guard(cell))).toBe(cell);
          expect(unguardCode(guardCode(cell))).toBe(cell);
        },
      ),
      { seed: 20261124 },
    );
  });

  test('[CAT-8] cleaning twice is cleaning once', () => {
    const html = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc
        .array(
          fc.constantFrom(
            '<p>',
            '</p>',
            '<a href="https://x.y">',
            '<a href=javascript:x>',
            '</a>',
            '<script>',
            '</script>',
            '<svg/onload=x>',
            '&amp;',
            '&lt;b&gt;',
            '<b',
            '>',
            '"',
            'text ',
            '<!--',
            '-->',
          ),
          { maxLength: 12 },
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(html, (each) => {
        const once = cleanDescription(each).html;
        expect(cleanDescription(once).html).toBe(once);
        expect(once).not.toMatch(/<script|<svg|javascript:/i);
      }),
      { numRuns: 500, seed: 20261124 },
    );
  });
});
