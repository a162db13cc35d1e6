// What must hold within one product before it is stored, whoever wrote it. Whether its handle and SKUs
// are free in the shop is the database's to say.

import type { ProductContent } from './product-store.ts';

/** A field of a request and what is wrong with it. */
export type FieldError = { readonly path: string; readonly message: string };

/** Empty when the product may be stored. Paths are those of the request body. */
export const checkProduct = (product: ProductContent): FieldError[] => {
  const errors: FieldError[] = [];
  const names = JSON.stringify(product.variants[0]?.options.map((option) => option.name) ?? []);
  const combinations = new Map<string, number>();
  const skus = new Map<string, number>();
  if (product.variants.length === 0)
    errors.push({ path: 'variants', message: 'A product has at least one variant.' });
  for (const [index, variant] of product.variants.entries()) {
    const at = `variants.${index}`;
    if (JSON.stringify(variant.options.map((option) => option.name)) !== names) {
      errors.push({
        path: `${at}.options`,
        message: 'All variants have the same options in the same order.',
      });
    }
    const combination = JSON.stringify(variant.options.map((option) => option.value));
    const twin = combinations.get(combination);
    if (twin !== undefined) {
      errors.push({
        path: `${at}.options`,
        message: `Variant ${twin + 1} has these options already.`,
      });
    } else combinations.set(combination, index);
    if (variant.sku !== null) {
      const other = skus.get(variant.sku);
      if (other !== undefined)
        errors.push({ path: `${at}.sku`, message: `Variant ${other + 1} has this SKU already.` });
      else skus.set(variant.sku, index);
    }
    if (variant.imageId !== null && !product.images.some((image) => image.id === variant.imageId)) {
      errors.push({ path: `${at}.imageId`, message: 'The product has no such picture.' });
    }
  }
  return errors;
};

/** `Tea bowl, wood ash` becomes `tea-bowl-wood-ash`; a title of signs alone becomes `product`. */
export const handleFromTitle = (title: string): string => {
  const handle = title
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 200);
  return handle === '' ? 'product' : handle;
};
