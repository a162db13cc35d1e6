// Stored products as the API shows them. Stock is laid over them by whoever asked the stock streams.

import type { Money } from '../base/money.ts';
import type {
  Product,
  ProductImage,
  ProductSummary,
  StockLevel,
  Variant,
} from '../protocol/catalogue.ts';
import { imagePath } from './image-store.ts';
import type { StoredImage, StoredProduct, StoredVariant } from './product-store.ts';

/** On hand and allocated of variants; one that is missing was never counted. */
export type StockOf = ReadonlyMap<string, StockLevel>;

export const showImage = (image: StoredImage, index: number): ProductImage => {
  const common = { id: image.id, position: index + 1, alt: image.alt };
  if (image.place.kind === 'elsewhere') {
    return {
      ...common,
      url: image.place.url,
      width: null,
      height: null,
      sources: [],
      stored: false,
    };
  }
  const { fileName, width, height, widths } = image.place;
  return {
    ...common,
    url: imagePath(fileName, width),
    width,
    height,
    sources: widths.map((each) => ({ url: imagePath(fileName, each), width: each })),
    stored: true,
  };
};

export const showVariant = (
  variant: StoredVariant,
  index: number,
  stock: StockOf | null,
): Variant => ({
  id: variant.id,
  title: variant.options.map((option) => option.value).join(' / '),
  sku: variant.sku,
  barcode: variant.barcode,
  options: [...variant.options],
  price: { minor: variant.priceMinor, currency: variant.currency },
  compareAt:
    variant.compareAtMinor === null
      ? null
      : { minor: variant.compareAtMinor, currency: variant.currency },
  grams: variant.grams,
  requiresShipping: variant.requiresShipping,
  taxable: variant.taxable,
  position: index + 1,
  imageId: variant.imageId,
  stock: stock?.get(variant.id) ?? null,
});

export const showProduct = (product: StoredProduct, stock: StockOf | null = null): Product => ({
  id: product.id,
  handle: product.handle,
  title: product.title,
  descriptionHtml: product.descriptionHtml,
  vendor: product.vendor,
  type: product.type,
  tags: [...product.tags],
  status: product.status,
  provenance: product.provenance,
  variants: product.variants.map((variant, index) => showVariant(variant, index, stock)),
  images: product.images.map(showImage),
  version: product.version,
  createdAt: product.createdAt.toISOString(),
  updatedAt: product.updatedAt.toISOString(),
});

/** The same product with stock laid over its variants. */
export const withStock = (product: Product, stock: StockOf): Product => ({
  ...product,
  variants: product.variants.map((variant) => ({
    ...variant,
    stock: stock.get(variant.id) ?? null,
  })),
});

export const showSummary = (
  product: StoredProduct,
  stock: StockOf | null = null,
): ProductSummary => ({
  id: product.id,
  handle: product.handle,
  title: product.title,
  vendor: product.vendor,
  type: product.type,
  tags: [...product.tags],
  status: product.status,
  variantCount: product.variants.length,
  priceRange: priceRange(product.variants),
  onHand:
    stock === null
      ? null
      : product.variants.reduce((sum, variant) => sum + (stock.get(variant.id)?.onHand ?? 0), 0),
  image: product.images[0] ? showImage(product.images[0], 0) : null,
  hasProvenance: product.provenance !== null,
  version: product.version,
  updatedAt: product.updatedAt.toISOString(),
});

const priceRange = (variants: readonly StoredVariant[]): { from: Money; to: Money } | null => {
  const [first] = variants;
  if (!first) return null;
  const prices = variants.map((variant) => variant.priceMinor);
  return {
    from: { minor: Math.min(...prices), currency: first.currency },
    to: { minor: Math.max(...prices), currency: first.currency },
  };
};
