// The doors of the catalogue: find, read, edit, picture, import, export. What may be stored is decided
// by the catalogue, what is on hand by the stock streams; here rights are checked, files are taken in
// within their limits, and versions are asked for.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { limits } from '../base/limits.ts';
import type { Random } from '../base/ports.ts';
import type { Refusal } from '../base/result.ts';
import type { Catalogue, ProductRefusal } from '../catalogue/catalogue.ts';
import type { CountedStock } from '../catalogue/counts-due.ts';
import { imageFilePattern } from '../catalogue/image-store.ts';
import { withStock } from '../catalogue/product-views.ts';
import {
  countStockSchema,
  type ImportProblem,
  imageOrderSchema,
  importPreviewSchema,
  importResultSchema,
  type Product,
  productDraftSchema,
  productEditSchema,
  productPageSchema,
  productQuerySchema,
  productSchema,
  type StockLevel,
  stockLevelSchema,
} from '../protocol/catalogue.ts';
import { commandIdFor, keyOf } from './command-door.ts';
import { takeFile, takesFiles } from './file-upload.ts';
import { ProblemError, refusalError } from './problem-reply.ts';
import { director, type Person } from './visitor.ts';

export type CatalogueRoutesOptions = {
  readonly catalogue: Catalogue;
  readonly random: Random;
  /** What is on hand and allocated; variants that were never counted are missing. */
  readonly stockOf: (variantIds: readonly string[]) => Promise<ReadonlyMap<string, StockLevel>>;
  /** Tells a stock stream that so many are on hand. A repeat with the same key does nothing more. */
  readonly setStock: (count: {
    variantId: string;
    onHand: number;
    by: Person;
    key: string;
  }) => Promise<Refusal | null>;
};

const productParams = z.object({ product: z.string().max(255) });
/** Streams told at once after an import. */
const stockAtOnce = 32;

export const catalogueRoutes =
  (options: CatalogueRoutesOptions) => async (instance: FastifyInstance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const { catalogue, random } = options;

    await takesFiles(app);
    app.addContentTypeParser(
      'text/csv',
      { parseAs: 'buffer', bodyLimit: limits.csvBytesMax },
      (_request, body, done) => done(null, body),
    );

    /** Drafts and archived products are the crew's. */
    const seesAll = (request: FastifyRequest): boolean =>
      request.you?.role === 'owner' || request.you?.role === 'host';

    /** The crew sees what is promised to shows; the crowd sees what is left to buy. */
    const stockFor = async (request: FastifyRequest, variantIds: readonly string[]) => {
      const levels = await options.stockOf(variantIds);
      if (seesAll(request)) return levels;
      return new Map(
        [...levels].map(([id, { onHand, allocated }]) => [
          id,
          { onHand: Math.max(0, onHand - allocated), allocated: 0 },
        ]),
      );
    };

    const show = async (
      request: FastifyRequest,
      reply: FastifyReply,
      product: Product,
    ): Promise<Product> => {
      reply.header('etag', `"${product.version}"`);
      return withStock(
        product,
        await stockFor(
          request,
          product.variants.map((variant) => variant.id),
        ),
      );
    };

    const showOrThrow = (
      request: FastifyRequest,
      reply: FastifyReply,
      outcome: Product | ProductRefusal,
    ) => {
      if (!('refused' in outcome)) return show(request, reply, outcome);
      throw 'errors' in outcome
        ? new ProblemError(outcome.refused, {
            errors: outcome.errors.map(({ path, message }) => ({ field: path, message })),
          })
        : refusalError(outcome);
    };

    app.get(
      '/api/products',
      {
        schema: {
          summary: 'Find products',
          querystring: productQuerySchema,
          response: { 200: productPageSchema },
        },
      },
      async (request) => {
        const { query } = request;
        const shown = seesAll(request) ? query : { ...query, status: 'active' as const };
        const page = await catalogue.list(shown, (variantIds) => stockFor(request, variantIds));
        return { ...page, limit: query.limit, offset: query.offset };
      },
    );

    app.get(
      '/api/products/:product',
      {
        schema: {
          summary: 'One product, by id or handle',
          params: productParams,
          response: { 200: productSchema },
        },
      },
      async (request, reply) => {
        const product = await catalogue.product(request.params.product);
        if (!product || (product.status !== 'active' && !seesAll(request)))
          throw new ProblemError('product-unknown');
        return show(request, reply, product);
      },
    );

    app.post(
      '/api/products',
      {
        bodyLimit: limits.productBytesMax,
        schema: {
          summary: 'Add a product',
          body: productDraftSchema,
          response: { 201: productSchema },
        },
      },
      async (request, reply) => {
        const person = director(request);
        // The id comes from the key, so that a repeated request adds one product.
        const id = commandIdFor(person.id, 'product id', keyOf(request, random))
          .slice(2, 22)
          .replace(/^-/, '0');
        const product = await showOrThrow(request, reply, await catalogue.create(request.body, id));
        return reply.code(201).send(product);
      },
    );

    app.patch(
      '/api/products/:product',
      {
        bodyLimit: limits.productBytesMax,
        schema: {
          summary: 'Edit a product',
          params: productParams,
          body: productEditSchema,
          response: { 200: productSchema },
        },
      },
      async (request, reply) => {
        director(request);
        return showOrThrow(
          request,
          reply,
          await catalogue.edit(request.params.product, versionOf(request), request.body),
        );
      },
    );

    app.delete(
      '/api/products/:product',
      {
        schema: {
          summary: 'Archive a product',
          params: productParams,
          response: { 200: productSchema },
        },
      },
      async (request, reply) => {
        director(request);
        const outcome = await catalogue.edit(request.params.product, versionOf(request), {
          status: 'archived',
        });
        return showOrThrow(request, reply, outcome);
      },
    );

    app.post(
      '/api/products/:product/images',
      {
        schema: {
          summary: 'Add a picture',
          params: productParams,
          consumes: ['multipart/form-data'],
          response: { 201: productSchema },
        },
      },
      async (request, reply) => {
        director(request);
        const { bytes, fields } = await takeFile(request, limits.imageBytesMax);
        const alt = (fields.get('alt') ?? '').slice(0, 512);
        const product = await showOrThrow(
          request,
          reply,
          await catalogue.addImage(request.params.product, { bytes, alt }),
        );
        return reply.code(201).send(product);
      },
    );

    app.put(
      '/api/products/:product/images',
      {
        schema: {
          summary: 'Order, describe and drop pictures',
          params: productParams,
          body: imageOrderSchema,
          response: { 200: productSchema },
        },
      },
      async (request, reply) => {
        director(request);
        const { product } = request.params;
        return showOrThrow(
          request,
          reply,
          await catalogue.arrangeImages(product, versionOf(request), request.body.images),
        );
      },
    );

    app.delete(
      '/api/products/:product/images/:image',
      {
        schema: {
          summary: 'Drop a picture',
          params: productParams.extend({ image: z.string() }),
          response: { 200: productSchema },
        },
      },
      async (request, reply) => {
        director(request);
        const { product: id, image } = request.params;
        const product = await catalogue.product(id);
        if (!product) throw new ProblemError('product-unknown');
        if (!product.images.some((each) => each.id === image))
          throw new ProblemError('image-unknown');
        const left = product.images.filter((each) => each.id !== image);
        return showOrThrow(
          request,
          reply,
          await catalogue.arrangeImages(product.id, versionOf(request), left),
        );
      },
    );

    app.put(
      '/api/variants/:variant/stock',
      {
        schema: {
          summary: 'Say how many are on hand',
          params: z.object({ variant: z.string() }),
          body: countStockSchema,
          response: { 200: stockLevelSchema },
        },
      },
      async (request) => {
        const by = director(request);
        const { variant: variantId } = request.params;
        const { onHand } = request.body;
        const [found] = await catalogue.variants([variantId]);
        if (!found) throw new ProblemError('product-unknown');
        // What somebody counts now is newer than what an import still has to tell.
        await catalogue.countsTold([variantId], null);
        const refusal = await options.setStock({
          variantId,
          onHand,
          by,
          key: keyOf(request, random),
        });
        if (refusal) throw refusalError(refusal);
        return (await options.stockOf([variantId])).get(variantId) ?? { onHand, allocated: 0 };
      },
    );

    app.post(
      '/api/catalogue/preview',
      {
        schema: {
          summary: 'What an import would do',
          consumes: ['multipart/form-data', 'text/csv'],
          response: { 200: importPreviewSchema },
        },
      },
      async (request) => {
        director(request);
        return catalogue.preview(await takeCsv(request));
      },
    );

    app.post(
      '/api/catalogue/import',
      {
        schema: {
          summary: 'Import a Shopify product CSV, whole or not at all',
          consumes: ['multipart/form-data', 'text/csv'],
          response: { 200: importResultSchema },
        },
      },
      async (request) => {
        const by = director(request);
        const key = keyOf(request, random);
        const outcome = await catalogue.import(await takeCsv(request), { by, key });
        if ('refused' in outcome) {
          const { counts, problems } = outcome.preview;
          throw new ProblemError(counts.products === 0 ? 'csv-unreadable' : outcome.refused, {
            errors: problems,
            counts,
          });
        }
        const { imported, stock } = outcome;
        return {
          ...imported,
          warnings: [...imported.warnings, ...(await countAll(stock, by, key))],
        };
      },
    );

    /** Tells every stock stream; what one refuses is a warning, as the products are in already. */
    const countAll = async (
      stock: readonly CountedStock[],
      by: Person,
      key: string,
    ): Promise<ImportProblem[]> => {
      const warnings: ImportProblem[] = [];
      for (let at = 0; at < stock.length; at += stockAtOnce) {
        const some = stock.slice(at, at + stockAtOnce);
        await Promise.all(
          some.map(async ({ variantId, onHand, row }) => {
            const refusal = await options.setStock({ variantId, onHand, by, key });
            if (refusal === null) return;
            warnings.push({
              severity: 'warning',
              code: refusal.refused,
              row,
              column: 'Variant Inventory Qty',
              found: String(onHand),
              advice:
                'The product is imported, but its stock stays as it was: more units are promised to buyers than this. Count again when they are settled.',
            });
          }),
        );
        await catalogue.countsTold(
          some.map(({ variantId }) => variantId),
          key,
        );
      }
      return warnings.sort((a, b) => (a.row ?? 0) - (b.row ?? 0));
    };

    app.get(
      '/api/catalogue/export.csv',
      { schema: { summary: 'The whole catalogue as a Shopify product CSV' } },
      async (request, reply) => {
        director(request);
        const csv = await catalogue.export(options.stockOf);
        return reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', 'attachment; filename="products.csv"')
          .header('cache-control', 'no-store')
          .send(csv);
      },
    );

    app.get(
      '/media/images/:file',
      { schema: { hide: true, params: z.object({ file: z.string() }) } },
      async (request, reply) => {
        const { file } = request.params;
        const path = join(catalogue.images.folder, file);
        const found = imageFilePattern.test(file) ? await stat(path).catch(() => null) : null;
        if (!found) throw new ProblemError('image-unknown');
        // The name is made of the content, so what is behind it never changes.
        return reply
          .type('image/webp')
          .header('cache-control', 'public, max-age=31536000, immutable')
          .header('content-length', found.size)
          .send(createReadStream(path));
      },
    );
  };

/** The version that an edit was made on, from `If-Match: "3"`. */
const versionOf = (request: FastifyRequest): number => {
  const version = /^(?:W\/)?"?(\d{1,9})"?$/.exec(request.headers['if-match'] ?? '')?.[1];
  if (version === undefined) {
    throw new ProblemError('request-invalid', {
      errors: [
        {
          field: 'headers.if-match',
          message: 'Send the version that you edited, such as If-Match: "3".',
        },
      ],
    });
  }
  return Number(version);
};

const takeCsv = async (request: FastifyRequest): Promise<Uint8Array> =>
  Buffer.isBuffer(request.body)
    ? request.body
    : (await takeFile(request, limits.csvBytesMax)).bytes;
