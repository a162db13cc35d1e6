import { describe, expect, it } from 'vitest';
import { type Product, productDraftSchema } from '../../protocol/catalogue.ts';
import {
  imagesChanged,
  newProduct,
  newVariantRow,
  type ProductForm,
  productBody,
  productChanged,
  productForm,
  productProblems,
  stockCounts,
} from './product-form.ts';

const product: Product = {
  id: 'p1',
  handle: 'lagoon-vase',
  title: 'Lagoon vase',
  descriptionHtml: '<p>Thrown by hand.</p>',
  vendor: 'Laguna',
  type: 'Vase',
  tags: ['blue', 'kiln'],
  status: 'active',
  provenance: { maker: 'Mina Orsini', materials: ['stoneware', 'ash glaze'] },
  variants: [
    {
      id: 'v1',
      title: 'Small',
      sku: 'LV-S',
      barcode: null,
      options: [{ name: 'Size', value: 'Small' }],
      price: { minor: 4_200, currency: 'EUR' },
      compareAt: null,
      grams: 800,
      requiresShipping: true,
      taxable: true,
      position: 1,
      imageId: null,
      stock: { onHand: 12, allocated: 4 },
    },
    {
      id: 'v2',
      title: 'Large',
      sku: 'LV-L',
      barcode: null,
      options: [{ name: 'Size', value: 'Large' }],
      price: { minor: 8_600, currency: 'EUR' },
      compareAt: { minor: 9_800, currency: 'EUR' },
      grams: 1_900,
      requiresShipping: true,
      taxable: true,
      position: 2,
      imageId: null,
      stock: { onHand: 3, allocated: 0 },
    },
  ],
  images: [],
  version: 3,
  createdAt: '2026-11-01T10:00:00Z',
  updatedAt: '2026-11-01T10:00:00Z',
};
const form = productForm(product);
const withVariant = (
  key: string,
  change: Partial<ProductForm['variants'][number]>,
): ProductForm => ({
  ...form,
  variants: form.variants.map((row) => (row.key === key ? { ...row, ...change } : row)),
});

describe('the form of a product', () => {
  it('gives back what it was made from', () => {
    expect(productProblems(form, 'EUR')).toEqual({});
    const body = productBody(form, 'EUR');
    expect(productDraftSchema.safeParse(body).success).toBe(true);
    expect(
      body.variants.map(({ id, priceMinor, compareAtMinor, grams }) => [
        id,
        priceMinor,
        compareAtMinor,
        grams,
      ]),
    ).toEqual([
      ['v1', 4_200, null, 800],
      ['v2', 8_600, 9_800, 1_900],
    ]);
    expect(body.provenance).toEqual(product.provenance);
    expect(body.tags).toEqual(['blue', 'kiln']);
    expect(productChanged(form, form, 'EUR')).toBe(false);
  });

  it('begins with one variant and no options', () => {
    const fresh = {
      ...newProduct('k'),
      title: 'Bowl',
      variants: [{ ...newVariantRow('k'), price: '12,5' }],
    };
    expect(productProblems(fresh, 'EUR')).toEqual({});
    expect(productBody(fresh, 'EUR').variants[0]).toMatchObject({ priceMinor: 1_250, options: [] });
    expect(productBody(fresh, 'EUR').provenance).toBeNull();
  });

  it('names every field that can’t be', () => {
    const wrong = withVariant('v1', {
      price: 'x',
      onHand: '3',
      values: ['Large'],
      sku: 'LV-L',
      grams: '1.5',
    });
    expect(Object.keys(productProblems({ ...wrong, title: '' }, 'EUR')).sort()).toEqual(
      ['grams:v1', 'option:v2', 'price:v1', 'sku:v2', 'stock:v1', 'title'].sort(),
    );
  });

  it('a compare-at price that isn’t higher is none', () => {
    expect(productProblems(withVariant('v2', { compareAt: '86.00' }), 'EUR')).toHaveProperty(
      'compare:v2',
    );
  });

  it('several variants need something to tell them apart', () => {
    const twins = {
      ...newProduct('a'),
      title: 'Bowl',
      variants: ['a', 'b'].map((key) => ({ ...newVariantRow(key), price: '1' })),
    };
    expect(productProblems(twins, 'EUR')).toHaveProperty('option:b');
  });

  it('counts stock only where it was typed, and for new variants by their new ids', () => {
    const fresh = {
      ...newVariantRow('n', form.variants[0]),
      values: ['Huge'],
      price: '120',
      onHand: '2',
    };
    const now = {
      ...withVariant('v2', { onHand: '7' }),
      variants: [...withVariant('v2', { onHand: '7' }).variants, fresh],
    };
    const saved = {
      ...product,
      variants: [
        ...product.variants,
        { ...(product.variants[0] as Product['variants'][number]), id: 'v3' },
      ],
    };
    expect(stockCounts(form, now, saved)).toEqual([
      { variantId: 'v2', onHand: 7 },
      { variantId: 'v3', onHand: 2 },
    ]);
    expect(stockCounts(form, form, product)).toEqual([]);
  });

  it('tells pictures, stock and the product itself apart', () => {
    const image = { id: 'i', url: '/i.webp', alt: '' };
    expect(
      imagesChanged(
        { ...form, images: [image] },
        { ...form, images: [{ ...image, alt: 'A vase' }] },
      ),
    ).toBe(true);
    expect(productChanged(form, withVariant('v1', { onHand: '99' }), 'EUR')).toBe(false);
    expect(productChanged(form, withVariant('v1', { price: '43' }), 'EUR')).toBe(true);
  });
});
