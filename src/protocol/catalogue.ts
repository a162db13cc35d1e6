// The catalogue and the people of a shop as the HTTP API speaks of them: one zod schema a resource,
// from which the server validates, the OpenAPI document is made and the web takes its types. Stock is
// shown here but never typed in here: `stock` is counted from the stock streams. Nothing in this file
// knows a table.
//
//   GET    /api/products?q=&status=&tag=&limit=&offset=  ProductPage        (anyone; the crowd sees active ones)
//   POST   /api/products                      ProductDraft → 201 Product    (owner, host)
//   GET    /api/products/{id or handle}       Product, ETag "version"       (anyone; the crowd sees active ones)
//   PATCH  /api/products/{id}                 ProductEdit → Product         (owner, host; If-Match "version")
//   DELETE /api/products/{id}                 archives it → Product         (owner, host; If-Match "version")
//   POST   /api/products/{id}/images          multipart file, alt → Product (owner, host)
//   PUT    /api/products/{id}/images          ImageOrder → Product          (owner, host; If-Match "version")
//   DELETE /api/products/{id}/images/{image}  → Product                     (owner, host; If-Match "version")
//   PUT    /api/variants/{id}/stock           { onHand } → StockLevel       (owner, host)
//   POST   /api/catalogue/preview             multipart file or text/csv → ImportPreview (owner, host)
//   POST   /api/catalogue/import              the same → ImportResult       (owner, host)
//   GET    /api/catalogue/export.csv          the whole catalogue           (owner, host)
//   GET    /api/me                            Me                            (anyone)
//   GET    /api/people?search=&role=&limit=&offset=  PeoplePage             (owner)
//   PUT    /api/people/{id}/role              { role } → Person             (owner)
//   PUT    /api/people/{id}/membership        { membership } → Person       (owner)
//   GET    /api/mail                          { sandbox, letters }          (owner; what the sandbox kept)
//   POST   /api/auth/guest/sign-in            { name }                      (anyone: in with a name alone)
//   POST   /api/auth/sign-up/email            { name, email, password }
//   POST   /api/auth/sign-in/email            { email, password }
//   POST   /api/auth/sign-in/magic-link       { email, callbackURL? }
//   GET    /api/auth/owner-link?token=        signs the owner in, once
//   POST   /api/auth/complete                 { email, password, name? }    (a guest, or the owner of a new shop)
//   POST   /api/auth/update-user              { name }
//   POST   /api/auth/request-password-reset   { email, redirectTo? }, then /reset-password { token, newPassword }
//   POST   /api/auth/sign-out                 {}

import { z } from 'zod';
import { limits } from '../base/limits.ts';

/** Integer minor units with an ISO 4217 currency; the wire form of `Money` in `base/money.ts`. */
export const priceSchema = z.object({
  minor: z.int().nonnegative(),
  currency: z.string().regex(/^[A-Z]{3}$/),
});

/** What a buyer may know about where a thing comes from. Absent fields are unknown, never invented. */
export const provenanceCardSchema = z.object({
  maker: z.string().trim().min(1).max(200).optional(),
  origin: z.string().trim().min(1).max(200).optional(),
  materials: z.array(z.string().trim().min(1).max(100)).max(20).optional(),
  serialNumber: z.string().trim().min(1).max(100).optional(),
  certificate: z.string().trim().min(1).max(200).optional(),
  condition: z.string().trim().min(1).max(500).optional(),
  story: z.string().trim().min(1).max(4000).optional(),
});
export type ProvenanceCard = z.infer<typeof provenanceCardSchema>;

export const productStatusSchema = z.enum(['active', 'draft', 'archived']);
export type ProductStatus = z.infer<typeof productStatusSchema>;

/** One choice that makes a variant: `{ name: 'Glaze', value: 'Lagoon' }`. At most three a variant. */
export const variantOptionSchema = z.object({
  name: z.string().trim().min(1).max(255),
  value: z.string().trim().min(1).max(255),
});
export type VariantOption = z.infer<typeof variantOptionSchema>;

/** Counted from the stock stream: on hand in the shop, and of these how many shows have allocated. */
export const stockLevelSchema = z.object({
  onHand: z.int().nonnegative(),
  allocated: z.int().nonnegative(),
});
export type StockLevel = z.infer<typeof stockLevelSchema>;

export const variantSchema = z.object({
  id: z.string(),
  /** "Lagoon / Large"; empty for the only variant of a product without options. */
  title: z.string(),
  sku: z.string().nullable(),
  barcode: z.string().nullable(),
  options: z.array(variantOptionSchema).max(3),
  price: priceSchema,
  compareAt: priceSchema.nullable(),
  grams: z.int().nonnegative().nullable(),
  requiresShipping: z.boolean(),
  taxable: z.boolean(),
  position: z.int().positive(),
  imageId: z.string().nullable(),
  /** Null when stock was not asked for or was never counted. */
  stock: stockLevelSchema.nullable(),
});
export type Variant = z.infer<typeof variantSchema>;

export const productImageSchema = z.object({
  id: z.string(),
  position: z.int().positive(),
  alt: z.string(),
  /** The largest form; for an image kept elsewhere the address as it was given, which may not answer. */
  url: z.string(),
  width: z.int().positive().nullable(),
  height: z.int().positive().nullable(),
  /** Smallest first; empty for an image kept elsewhere. */
  sources: z.array(z.object({ url: z.string(), width: z.int().positive() })),
  stored: z.boolean(),
});
export type ProductImage = z.infer<typeof productImageSchema>;

export const productSummarySchema = z.object({
  id: z.string(),
  handle: z.string(),
  title: z.string(),
  vendor: z.string(),
  type: z.string(),
  tags: z.array(z.string()),
  status: productStatusSchema,
  variantCount: z.int().nonnegative(),
  /** Null when the product has no variant; `from` equals `to` when there is one price. */
  priceRange: z.object({ from: priceSchema, to: priceSchema }).nullable(),
  /** Sum over the variants; null when stock was not asked for. */
  onHand: z.int().nonnegative().nullable(),
  image: productImageSchema.nullable(),
  hasProvenance: z.boolean(),
  version: z.int().positive(),
  updatedAt: z.string(),
});
export type ProductSummary = z.infer<typeof productSummarySchema>;

export const productSchema = z.object({
  id: z.string(),
  handle: z.string(),
  title: z.string(),
  /** Sanitised: safe to put into a page as it stands. */
  descriptionHtml: z.string(),
  vendor: z.string(),
  type: z.string(),
  tags: z.array(z.string()),
  status: productStatusSchema,
  provenance: provenanceCardSchema.nullable(),
  variants: z.array(variantSchema),
  images: z.array(productImageSchema),
  /** Send it back as `If-Match` when you edit; a newer one there means somebody else was faster. */
  version: z.int().positive(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Product = z.infer<typeof productSchema>;

export const productPageSchema = z.object({
  products: z.array(productSummarySchema),
  total: z.int().nonnegative(),
  offset: z.int().nonnegative(),
  limit: z.int().positive(),
});
export type ProductPage = z.infer<typeof productPageSchema>;

export const productQuerySchema = z.object({
  /** Words that all must occur in title, vendor, type, tags, handle or a SKU. */
  q: z.string().trim().max(200).optional(),
  status: productStatusSchema.optional(),
  tag: z.string().trim().max(255).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
});
export type ProductQuery = z.infer<typeof productQuerySchema>;

/** A variant as an editor sends it: with `id` it changes that one, without it adds one. */
export const variantDraftSchema = z.object({
  id: z.string().optional(),
  sku: z.string().trim().min(1).max(255).nullable().default(null),
  barcode: z.string().trim().min(1).max(255).nullable().default(null),
  options: z.array(variantOptionSchema).max(3).default([]),
  priceMinor: z.int().nonnegative().max(1_000_000_000_000),
  compareAtMinor: z.int().nonnegative().max(1_000_000_000_000).nullable().default(null),
  grams: z.int().nonnegative().max(100_000_000).nullable().default(null),
  requiresShipping: z.boolean().default(true),
  taxable: z.boolean().default(true),
  imageId: z.string().nullable().default(null),
});
export type VariantDraft = z.infer<typeof variantDraftSchema>;

const productFields = {
  title: z.string().trim().min(1).max(255),
  handle: z
    .string()
    .max(255)
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u, 'letters, digits, - and _ only'),
  descriptionHtml: z.string().max(500_000),
  vendor: z.string().trim().max(255),
  type: z.string().trim().max(255),
  tags: z.array(z.string().trim().min(1).max(255)).max(250),
  status: productStatusSchema,
  provenance: provenanceCardSchema.nullable(),
  variants: z.array(variantDraftSchema).min(1).max(100),
};

/** A new product. Without a handle one is made from the title; a new product is a draft unless said. */
export const productDraftSchema = z.object({
  title: productFields.title,
  handle: productFields.handle.optional(),
  descriptionHtml: productFields.descriptionHtml.default(''),
  vendor: productFields.vendor.default(''),
  type: productFields.type.default(''),
  tags: productFields.tags.default([]),
  status: productFields.status.default('draft'),
  provenance: productFields.provenance.default(null),
  variants: productFields.variants,
});
export type ProductDraft = z.infer<typeof productDraftSchema>;

/** An edit: only the fields that are sent change; `variants`, when sent, is the whole new list. */
export const productEditSchema = z.object(productFields).partial();
export type ProductEdit = z.infer<typeof productEditSchema>;

/** The pictures that stay, in their new order, with their texts. */
export const imageOrderSchema = z.object({
  images: z.array(z.object({ id: z.string(), alt: z.string().trim().max(512) })).max(250),
});
export type ImageOrder = z.infer<typeof imageOrderSchema>;

export const countStockSchema = z.object({ onHand: z.int().nonnegative().max(10_000_000) });
export type CountStock = z.infer<typeof countStockSchema>;

/** A finding of an import. `row` is the line of the file, the header being 1. */
export const importProblemSchema = z.object({
  severity: z.enum(['error', 'warning']),
  /** Stable: `price-invalid`, `sku-doubled`, `encoding-not-utf8`, … all in docs/rules/catalogue.md. */
  code: z.string(),
  row: z.int().positive().nullable(),
  column: z.string().nullable(),
  /** What stood there, cut to a readable length; null when nothing can be quoted. */
  found: z.string().nullable(),
  /** What is wrong and what to do about it, for a person. */
  advice: z.string(),
});
export type ImportProblem = z.infer<typeof importProblemSchema>;

export const importCountsSchema = z.object({
  rows: z.int().nonnegative(),
  products: z.int().nonnegative(),
  variants: z.int().nonnegative(),
  images: z.int().nonnegative(),
  /** Units on hand that the file speaks of. */
  units: z.int().nonnegative(),
  toCreate: z.int().nonnegative(),
  toUpdate: z.int().nonnegative(),
  errors: z.int().nonnegative(),
  warnings: z.int().nonnegative(),
});
export type ImportCounts = z.infer<typeof importCountsSchema>;

export const importPreviewProductSchema = z.object({
  row: z.int().positive(),
  handle: z.string(),
  title: z.string(),
  action: z.enum(['create', 'update']),
  variantCount: z.int().nonnegative(),
  imageCount: z.int().nonnegative(),
  priceRange: z.object({ from: priceSchema, to: priceSchema }).nullable(),
  units: z.int().nonnegative(),
});

/** What an import would do; nothing is stored. `canImport` is false as soon as there is one error. */
export const importPreviewSchema = z.object({
  canImport: z.boolean(),
  counts: importCountsSchema,
  products: z.array(importPreviewProductSchema),
  /** At most `IMPORT_PROBLEMS_MAX`, errors first; the true totals stand in `counts`. */
  problems: z.array(importProblemSchema),
});
export type ImportPreview = z.infer<typeof importPreviewSchema>;

/** The most findings that a preview lists; the rest is counted. */
export const IMPORT_PROBLEMS_MAX = 500;

export const importResultSchema = z.object({
  created: z.int().nonnegative(),
  updated: z.int().nonnegative(),
  unchanged: z.int().nonnegative(),
  products: z.array(
    z.object({
      id: z.string(),
      handle: z.string(),
      outcome: z.enum(['created', 'updated', 'unchanged']),
    }),
  ),
  warnings: z.array(importProblemSchema),
});
export type ImportResult = z.infer<typeof importResultSchema>;

export const personRoleSchema = z.enum(['owner', 'host', 'moderator', 'shopper']);
export type PersonRole = z.infer<typeof personRoleSchema>;

export const personSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Null for a guest. */
  email: z.string().nullable(),
  role: personRoleSchema,
  guest: z.boolean(),
  createdAt: z.string(),
  /** The membership that runs now. */
  membership: z
    .object({ tier: z.string(), sinceMs: z.number(), untilMs: z.number().nullable() })
    .nullable(),
});
export type Person = z.infer<typeof personSchema>;

export const peopleQuerySchema = z.object({
  search: z.string().trim().max(200).optional(),
  role: personRoleSchema.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
});
export const peoplePageSchema = z.object({
  people: z.array(personSchema),
  total: z.int().nonnegative(),
});
export type PeoplePage = z.infer<typeof peoplePageSchema>;

export const setRoleSchema = z.object({ role: personRoleSchema });
/** Null: no member any more. */
export const setMembershipSchema = z.object({
  membership: z
    .object({
      tier: z.string().trim().min(1).max(limits.tierNameMax),
      untilMs: z.number().int().nullable().default(null),
    })
    .nullable(),
});
export type SetMembership = z.input<typeof setMembershipSchema>;

/** What the mail sandbox kept instead of sending. */
export const keptMailSchema = z.object({
  sandbox: z.boolean(),
  letters: z.array(
    z.object({
      to: z.string(),
      subject: z.string(),
      text: z.string(),
      atMs: z.number(),
      note: z.literal('not sent: sandbox'),
    }),
  ),
});
export type KeptMail = z.infer<typeof keptMailSchema>;

/** Who the caller is; `null` when nobody is signed in. */
export const meSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    role: personRoleSchema,
    guest: z.boolean(),
    /** Whether the address was proven by the link of a letter. */
    verified: z.boolean(),
  })
  .nullable();
export type Me = z.infer<typeof meSchema>;
