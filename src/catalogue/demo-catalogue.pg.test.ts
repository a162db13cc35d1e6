import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { systemClock, systemRandom } from '../base/ports.ts';
import { freshDatabase } from '../log/testing/postgres.ts';
import { productQuerySchema } from '../protocol/catalogue.ts';
import { createCatalogue } from './catalogue.ts';
import { addDemoCatalogue } from './demo-catalogue.ts';

const { pool } = await freshDatabase();
const dataFolder = await mkdtemp(join(tmpdir(), 'rialto-demo-'));
afterAll(() => rm(dataFolder, { recursive: true, force: true }));
const catalogue = createCatalogue({
  pool,
  dataFolder,
  baseUrl: 'http://localhost',
  currency: 'EUR',
  clock: systemClock,
  random: systemRandom,
});

test('[CAT-1] the demo’s shop is whole: prices, stock, cards of provenance and a picture for every product', async () => {
  const stock = await addDemoCatalogue(catalogue);
  const { products, total } = await catalogue.list(productQuerySchema.parse({}));
  expect(total).toBe(11);
  expect(
    products.every(
      (product) => product.image?.stored && product.hasProvenance && product.status === 'active',
    ),
  ).toBe(true);
  expect(stock).toHaveLength(18);
  const bowl = await catalogue.product('tea-bowl-wood-ash');
  expect(bowl?.variants.map((variant) => variant.imageId)).toEqual(
    bowl?.images.map((image) => image.id),
  );
  expect(new Set(products.flatMap((product) => product.image?.url ?? [])).size).toBe(11);
}, 180_000);

test('[CAT-4] adding it again adds nothing', async () => {
  const before = await catalogue.list(productQuerySchema.parse({}));
  await addDemoCatalogue(catalogue);
  expect(await catalogue.list(productQuerySchema.parse({}))).toEqual(before);
});
