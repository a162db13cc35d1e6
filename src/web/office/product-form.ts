// What an owner types about a product, and what the shop gets from it. Text stays text until it is sent;
// stock is counted separately, because it belongs to the stock streams and not to the product.

import { currencyDigits, type Money, parsePrice } from '../../base/money.ts';
import type {
  Product,
  ProductDraft,
  ProductStatus,
  ProvenanceCard,
  VariantDraft,
} from '../../protocol/catalogue.ts';

export type VariantRow = {
  /** Stable while the form is open; the variant's own id for a known one. */
  readonly key: string;
  readonly id: string | null;
  /** One value for each option name of the form. */
  readonly values: readonly string[];
  readonly sku: string;
  readonly barcode: string;
  readonly price: string;
  readonly compareAt: string;
  readonly grams: string;
  readonly onHand: string;
  /** What shows and carts have of it: shown, never typed. */
  readonly allocated: number;
  readonly rest: Pick<VariantDraft, 'requiresShipping' | 'taxable' | 'imageId'>;
};

export type CardForm = {
  readonly maker: string;
  readonly origin: string;
  /** With commas between them. */
  readonly materials: string;
  readonly serialNumber: string;
  readonly certificate: string;
  readonly condition: string;
  readonly story: string;
};

export type ImageRow = { readonly id: string; readonly url: string; readonly alt: string };

export type ProductForm = {
  readonly title: string;
  readonly descriptionHtml: string;
  readonly vendor: string;
  readonly type: string;
  readonly tags: string;
  readonly status: ProductStatus;
  readonly optionNames: readonly string[];
  readonly variants: readonly VariantRow[];
  readonly card: CardForm;
  readonly images: readonly ImageRow[];
};

export type ProductProblems = Readonly<Record<string, string>>;

const emptyCard: CardForm = {
  maker: '',
  origin: '',
  materials: '',
  serialNumber: '',
  certificate: '',
  condition: '',
  story: '',
};

const inField = (amount: Money | null): string => {
  if (amount === null) return '';
  const digits = currencyDigits(amount.currency);
  return (amount.minor / 10 ** digits).toFixed(digits);
};

export const newVariantRow = (key: string, like?: VariantRow): VariantRow => ({
  key,
  id: null,
  values: like ? like.values.map(() => '') : [],
  sku: '',
  barcode: '',
  price: like?.price ?? '',
  compareAt: '',
  grams: like?.grams ?? '',
  onHand: '0',
  allocated: 0,
  rest: { requiresShipping: true, taxable: true, imageId: null },
});

export const newProduct = (key: string): ProductForm => ({
  title: '',
  descriptionHtml: '',
  vendor: '',
  type: '',
  tags: '',
  status: 'active',
  optionNames: [],
  variants: [newVariantRow(key)],
  card: emptyCard,
  images: [],
});

export const productForm = (product: Product): ProductForm => {
  const optionNames: string[] = [];
  for (const { options } of product.variants) {
    for (const { name } of options) if (!optionNames.includes(name)) optionNames.push(name);
  }
  return {
    title: product.title,
    descriptionHtml: product.descriptionHtml,
    vendor: product.vendor,
    type: product.type,
    tags: product.tags.join(', '),
    status: product.status,
    optionNames,
    variants: product.variants.map((variant) => ({
      key: variant.id,
      id: variant.id,
      values: optionNames.map(
        (name) => variant.options.find((option) => option.name === name)?.value ?? '',
      ),
      sku: variant.sku ?? '',
      barcode: variant.barcode ?? '',
      price: inField(variant.price),
      compareAt: inField(variant.compareAt),
      grams: variant.grams === null ? '' : String(variant.grams),
      onHand: String(variant.stock?.onHand ?? 0),
      allocated: variant.stock?.allocated ?? 0,
      rest: {
        requiresShipping: variant.requiresShipping,
        taxable: variant.taxable,
        imageId: variant.imageId,
      },
    })),
    card: {
      ...emptyCard,
      ...product.provenance,
      materials: product.provenance?.materials?.join(', ') ?? '',
    },
    images: product.images.map(({ id, url, alt, sources }) => ({
      id,
      alt,
      url: sources.at(-1)?.url ?? url,
    })),
  };
};

const amount = (text: string, currency: string): Money | null =>
  parsePrice(text.replace(/[^\d.,]/g, '').replace(',', '.'), currency);

const whole = (text: string): number | null =>
  /^\d{1,8}$/.test(text.trim()) ? Number(text) : null;

/** Field by field what can't be. Rows are `price:<key>`, `stock:<key>`, `option:<key>`, … */
export const productProblems = (form: ProductForm, currency: string): ProductProblems => {
  const problems: Record<string, string> = {};
  if (form.title.trim() === '') problems.title = 'A product needs a name.';
  if (form.variants.length === 0) problems.variants = 'At least one variant is sold.';
  if (form.optionNames.some((name) => name.trim() === ''))
    problems.options = 'Name the option, such as Size.';
  if (
    new Set(form.optionNames.map((name) => name.trim().toLowerCase())).size !==
    form.optionNames.length
  ) {
    problems.options = 'Two options have the same name.';
  }
  const seen = new Map<string, string>();
  const skus = new Map<string, string>();
  for (const row of form.variants) {
    const price = amount(row.price, currency);
    if (price === null) problems[`price:${row.key}`] = 'A price such as 12 or 12.50.';
    if (row.compareAt.trim() !== '') {
      const compare = amount(row.compareAt, currency);
      if (compare === null) problems[`compare:${row.key}`] = 'A price, or empty.';
      else if (price && compare.minor <= price.minor)
        problems[`compare:${row.key}`] = 'Higher than the price, or empty.';
    }
    const onHand = whole(row.onHand);
    if (onHand === null) problems[`stock:${row.key}`] = 'A whole number.';
    else if (onHand < row.allocated)
      problems[`stock:${row.key}`] = `${row.allocated} are promised in shows and carts.`;
    if (row.grams.trim() !== '' && whole(row.grams) === null)
      problems[`grams:${row.key}`] = 'Whole grams, or empty.';
    if (form.optionNames.length > 0 && row.values.some((value) => value.trim() === '')) {
      problems[`option:${row.key}`] = 'Each option needs a value.';
    } else if (form.variants.length > 1) {
      const name = row.values.map((value) => value.trim().toLowerCase()).join(' / ');
      if (seen.has(name))
        problems[`option:${row.key}`] =
          form.optionNames.length > 0
            ? 'This combination is there twice.'
            : 'Several variants need an option to tell them apart.';
      seen.set(name, row.key);
    }
    const sku = row.sku.trim();
    if (sku !== '' && skus.has(sku)) problems[`sku:${row.key}`] = 'This SKU is there twice.';
    skus.set(sku, row.key);
  }
  return problems;
};

const cardOf = (card: CardForm): ProvenanceCard | null => {
  const materials = card.materials
    .split(/[\n,]/)
    .map((material) => material.trim())
    .filter(Boolean);
  const filled: ProvenanceCard = { ...(materials.length > 0 ? { materials } : {}) };
  for (const field of [
    'maker',
    'origin',
    'serialNumber',
    'certificate',
    'condition',
    'story',
  ] as const) {
    const text = card[field].trim();
    if (text !== '') filled[field] = text;
  }
  return Object.keys(filled).length === 0 ? null : filled;
};

/** The product as the shop takes it; only for a form without problems. */
export const productBody = (form: ProductForm, currency: string): ProductDraft => ({
  title: form.title.trim(),
  descriptionHtml: form.descriptionHtml,
  vendor: form.vendor.trim(),
  type: form.type.trim(),
  tags: [
    ...new Set(
      form.tags
        .split(',')
        .map((tag) => tag.trim())
        .filter(Boolean),
    ),
  ],
  status: form.status,
  provenance: cardOf(form.card),
  variants: form.variants.map((row) => ({
    ...(row.id === null ? {} : { id: row.id }),
    sku: row.sku.trim() || null,
    barcode: row.barcode.trim() || null,
    options: form.optionNames.map((name, index) => ({
      name: name.trim(),
      value: row.values[index]?.trim() ?? '',
    })),
    priceMinor: amount(row.price, currency)?.minor ?? 0,
    compareAtMinor: amount(row.compareAt, currency)?.minor ?? null,
    grams: whole(row.grams),
    ...row.rest,
  })),
});

/**
 * What to count anew after a save, by the ids that the shop gave: rows and variants stand in the same
 * order. A new row with 0 needs no count.
 */
export const stockCounts = (
  before: ProductForm,
  now: ProductForm,
  saved: Product,
): readonly { readonly variantId: string; readonly onHand: number }[] =>
  now.variants.flatMap((row, index) => {
    const variantId = row.id ?? saved.variants[index]?.id;
    const onHand = whole(row.onHand);
    if (variantId === undefined || onHand === null) return [];
    const former = before.variants.find(({ id }) => id === row.id && id !== null);
    const formerOnHand = former ? whole(former.onHand) : 0;
    return formerOnHand === onHand ? [] : [{ variantId, onHand }];
  });

/** Whether order, texts or number of the pictures differ. */
export const imagesChanged = (before: ProductForm, now: ProductForm): boolean =>
  JSON.stringify(before.images.map(({ id, alt }) => [id, alt])) !==
  JSON.stringify(now.images.map(({ id, alt }) => [id, alt]));

/** Whether the product itself differs, beyond pictures and stock. */
export const productChanged = (before: ProductForm, now: ProductForm, currency: string): boolean =>
  JSON.stringify(productBody(before, currency)) !== JSON.stringify(productBody(now, currency));
