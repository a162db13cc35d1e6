// The columns of a product CSV: what Shopify calls them (the long-standing export and the newer one),
// which of them Rialto understands, and which it only keeps so that an export gives them back. No row
// is read here.

/** What Rialto understands, by its own short key. */
export type ColumnKey =
  | 'handle'
  | 'title'
  | 'body'
  | 'vendor'
  | 'type'
  | 'tags'
  | 'published'
  | 'status'
  | 'option1Name'
  | 'option1Value'
  | 'option2Name'
  | 'option2Value'
  | 'option3Name'
  | 'option3Value'
  | 'sku'
  | 'grams'
  | 'quantity'
  | 'price'
  | 'compareAt'
  | 'requiresShipping'
  | 'taxable'
  | 'barcode'
  | 'imageSrc'
  | 'imagePosition'
  | 'imageAlt'
  | 'variantImage'
  | 'giftCard';

/** The header that we write, and the others that we read, lower-cased. */
const columns: { readonly [K in ColumnKey]: readonly [written: string, ...alsoRead: string[]] } = {
  handle: ['Handle', 'url handle'],
  title: ['Title'],
  body: ['Body (HTML)', 'description', 'body html'],
  vendor: ['Vendor'],
  type: ['Type'],
  tags: ['Tags'],
  published: ['Published', 'published on online store'],
  status: ['Status'],
  option1Name: ['Option1 Name'],
  option1Value: ['Option1 Value'],
  option2Name: ['Option2 Name'],
  option2Value: ['Option2 Value'],
  option3Name: ['Option3 Name'],
  option3Value: ['Option3 Value'],
  sku: ['Variant SKU', 'sku'],
  grams: ['Variant Grams', 'weight value (grams)'],
  quantity: ['Variant Inventory Qty', 'inventory quantity'],
  price: ['Variant Price', 'price'],
  compareAt: ['Variant Compare At Price', 'compare-at price'],
  requiresShipping: ['Variant Requires Shipping', 'requires shipping'],
  taxable: ['Variant Taxable', 'charge tax'],
  barcode: ['Variant Barcode', 'barcode'],
  imageSrc: ['Image Src', 'product image url'],
  imagePosition: ['Image Position'],
  imageAlt: ['Image Alt Text'],
  variantImage: ['Variant Image', 'variant image url'],
  giftCard: ['Gift Card'],
};

/** Without these a file is no product CSV. */
export const requiredColumns: readonly ColumnKey[] = ['handle', 'title', 'price'];

/** Kept with the product and given back by the export; Rialto itself makes nothing of them. */
export const keptWithProduct: readonly string[] = [
  'SEO Title',
  'SEO Description',
  'Google Shopping / Google Product Category',
  'Google Shopping / Gender',
  'Google Shopping / Age Group',
  'Google Shopping / AdWords Grouping',
  'Google Shopping / AdWords Labels',
  'Google Shopping / Condition',
  'Google Shopping / Custom Product',
  'Google Shopping / Custom Label 0',
  'Google Shopping / Custom Label 1',
  'Google Shopping / Custom Label 2',
  'Google Shopping / Custom Label 3',
  'Google Shopping / Custom Label 4',
];

/** Kept with the variant, likewise. */
export const keptWithVariant: readonly string[] = [
  'Variant Inventory Tracker',
  'Variant Inventory Policy',
  'Variant Fulfillment Service',
  'Google Shopping / MPN',
  'Variant Weight Unit',
];

/** The provenance card travels as product metafields, which other programs pass over. */
export const provenanceColumns = {
  maker: 'Maker (product.metafields.rialto.maker)',
  origin: 'Origin (product.metafields.rialto.origin)',
  materials: 'Materials (product.metafields.rialto.materials)',
  serialNumber: 'Serial number (product.metafields.rialto.serialNumber)',
  certificate: 'Certificate (product.metafields.rialto.certificate)',
  condition: 'Condition (product.metafields.rialto.condition)',
  story: 'Story (product.metafields.rialto.story)',
} as const;
export type ProvenanceField = keyof typeof provenanceColumns;
export const provenanceFields = Object.keys(provenanceColumns) as ProvenanceField[];

/** The order in which Shopify's export has its columns; ours appends what it lacks. */
export const exportHeader: readonly string[] = [
  ...(
    [
      'handle',
      'title',
      'body',
      'vendor',
      'type',
      'tags',
      'published',
      'option1Name',
      'option1Value',
      'option2Name',
      'option2Value',
      'option3Name',
      'option3Value',
      'sku',
      'grams',
    ] as const
  ).map((key) => columns[key][0]),
  'Variant Inventory Tracker',
  columns.quantity[0],
  'Variant Inventory Policy',
  'Variant Fulfillment Service',
  ...(
    [
      'price',
      'compareAt',
      'requiresShipping',
      'taxable',
      'barcode',
      'imageSrc',
      'imageAlt',
      'giftCard',
    ] as const
  ).map((key) => columns[key][0]),
  'SEO Title',
  'SEO Description',
  'Google Shopping / Google Product Category',
  'Google Shopping / Gender',
  'Google Shopping / Age Group',
  'Google Shopping / MPN',
  'Google Shopping / AdWords Grouping',
  'Google Shopping / AdWords Labels',
  'Google Shopping / Condition',
  'Google Shopping / Custom Product',
  'Google Shopping / Custom Label 0',
  'Google Shopping / Custom Label 1',
  'Google Shopping / Custom Label 2',
  'Google Shopping / Custom Label 3',
  'Google Shopping / Custom Label 4',
  columns.variantImage[0],
  'Variant Weight Unit',
  columns.status[0],
];

/** The header as we write it and as messages name it. */
export const columnName = (key: ColumnKey): string => columns[key][0];

const byName = new Map<string, ColumnKey>();
for (const [key, names] of Object.entries(columns) as [ColumnKey, readonly string[]][]) {
  for (const name of names) byName.set(name.toLowerCase(), key);
}
const keptByName = new Map<string, { name: string; of: 'product' | 'variant' }>([
  ...keptWithProduct.map((name) => [name.toLowerCase(), { name, of: 'product' }] as const),
  ...keptWithVariant.map((name) => [name.toLowerCase(), { name, of: 'variant' }] as const),
  ['inventory tracker', { name: 'Variant Inventory Tracker', of: 'variant' }],
  ['fulfillment service', { name: 'Variant Fulfillment Service', of: 'variant' }],
  ['weight unit for display', { name: 'Variant Weight Unit', of: 'variant' }],
]);

/** What a header cell means, or null when Rialto makes nothing of that column. */
export const meaningOf = (
  header: string,
):
  | { kind: 'known'; key: ColumnKey }
  | { kind: 'kept'; name: string; of: 'product' | 'variant' }
  | { kind: 'provenance'; field: ProvenanceField }
  | null => {
  const name = header.trim().toLowerCase();
  const key = byName.get(name);
  if (key) return { kind: 'known', key };
  const kept = keptByName.get(name);
  if (kept) return { kind: 'kept', ...kept };
  const field = provenanceFields.find((each) =>
    name.endsWith(`(product.metafields.rialto.${each.toLowerCase()})`),
  );
  return field ? { kind: 'provenance', field } : null;
};
