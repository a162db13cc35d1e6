// The reference price as the doors compute it: the catalogue's history, what shows offered, and the rule.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { OfferId, ProductId, ShowId, VariantId } from '../base/brand.ts';
import { showStream } from '../base/brand.ts';
import { systemClock, systemRandom } from '../base/ports.ts';
import { createCatalogue } from '../catalogue/catalogue.ts';
import type { ShowEvent } from '../domain/show/show.ts';
import { openDatabase } from '../log/database.ts';
import type { NewEvent } from '../log/event-log.ts';
import { openPostgresLog, type PostgresLog } from '../log/postgres-log.ts';
import { freshDatabase } from '../log/testing/postgres.ts';
import { productDraftSchema } from '../protocol/catalogue.ts';
import { askedPricesView } from '../views/asked-prices.ts';
import { Projector } from '../views/projector.ts';
import type { ViewTables } from '../views/tables.ts';
import { createShowDesk } from './desks.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const startMs = Date.UTC(2026, 8, 1);
let nowMs = startMs;
const clock = { nowMs: () => nowMs };

const { url } = await freshDatabase();
const database = await openDatabase<ViewTables>({ url });
const dataFolder = await mkdtemp(join(tmpdir(), 'rialto-prices-'));
const catalogue = createCatalogue({
  pool: database.pool,
  dataFolder,
  baseUrl: 'https://shop.example',
  currency: 'EUR',
  clock,
  random: systemRandom,
});
let log: PostgresLog;
let projector: Projector;
let productId: ProductId;
let variantId: VariantId;
let version: number;

beforeAll(async () => {
  log = await openPostgresLog({ pool: database.pool });
  projector = new Projector({
    log,
    db: database.kysely,
    views: [askedPricesView],
    clock: systemClock,
    onFault: (error) => {
      throw error;
    },
  });
  await projector.start();
});
afterAll(async () => {
  await projector.stop();
  await database.close();
  await rm(dataFolder, { recursive: true, force: true });
});

beforeEach(async () => {
  nowMs += 400 * dayMs;
  const made = await catalogue.create(
    productDraftSchema.parse({
      title: 'Lagoon vase',
      status: 'active',
      variants: [{ priceMinor: 9_800 }],
    }),
  );
  if ('refused' in made) throw new Error(JSON.stringify(made));
  productId = made.id as ProductId;
  variantId = made.variants[0]!.id as VariantId;
  version = made.version;
});

const price = async (priceMinor: number) => {
  const [product] = await catalogue.products([productId]);
  const { id, options } = product!.variants[0]!;
  const draft = productDraftSchema.parse({ title: 'x', variants: [{ priceMinor, options }] });
  const outcome = await catalogue.edit(productId, version, {
    variants: [{ ...draft.variants[0]!, id }],
  });
  if ('refused' in outcome) throw new Error(JSON.stringify(outcome));
  version = outcome.version;
};

/** What happened in a show of its own, each at its time. */
const happened = async (...steps: (readonly [atMs: number, event: ShowEvent])[]) => {
  const stream = showStream(systemRandom.id() as ShowId);
  const lease = await log.take(stream, 'node');
  const { version: seq } = await log.append({
    ...lease,
    expectedVersion: lease.version,
    commands: steps.map(([atMs, event]) => ({
      commandId: systemRandom.id() as never,
      bodyHash: 'body',
      atMs,
      by: null,
      events: [event as unknown as NewEvent],
    })),
  });
  await projector.reached(stream, seq);
};

const terms = (offerId: string, minor: number, by?: 'lot' | 'drop') => ({
  offerId: offerId as OfferId,
  ...(by && { by }),
  productId,
  title: 'Lagoon vase',
  variants: [
    {
      variantId,
      title: '',
      price: { minor, currency: 'EUR' },
      usualPrice: { minor: 9_800, currency: 'EUR' },
      quantity: 3,
    },
  ],
  perPersonMax: null,
  durationMs: hourMs,
  holdMs: 60_000,
});
const requested = (offerId: string, minor: number, by?: 'lot' | 'drop') =>
  [nowMs, { kind: 'OfferRequested', data: { terms: terms(offerId, minor, by) } }] as const;
const opened = (offerId: string, atMs = nowMs) =>
  [
    atMs,
    { kind: 'OfferOpened', data: { offerId: offerId as OfferId, closesAtMs: atMs + hourMs } },
  ] as const;
const closed = (offerId: string, atMs: number) =>
  [
    atMs,
    { kind: 'OfferClosed', data: { offerId: offerId as OfferId, reason: 'crew' as const } },
  ] as const;
const dropOpened = (offerId: string, atMs: number, tier: string | null) =>
  [
    atMs,
    {
      kind: 'DropOpened',
      data: {
        dropId: offerId as OfferId,
        stage: 0,
        tier,
        seed: 's',
        closesAtMs: atMs + hourMs,
      },
    },
  ] as const;

const reference = async (except: string | null = null) => {
  const desk = createShowDesk({
    db: database.kysely,
    log,
    projector,
    catalogue,
    clock,
    roomOf: async () => null,
    viewersOf: () => 0,
    hasPoster: () => false,
  });
  const items = await desk.shelfItems([productId]);
  return (await desk.referencePrices(items, except as OfferId | null)).get(variantId)?.minor;
};

test('[PRI-3] [PRI-4] a new product is compared with its own price', async () => {
  expect(await reference()).toBe(9_800);
});

test('[PRI-1] [PRI-4] a price that the catalogue had counts for 30 days', async () => {
  nowMs += dayMs;
  await price(7_900);
  nowMs += dayMs;
  await price(9_900);
  expect(await reference()).toBe(7_900);
  nowMs += 30 * dayMs - 1;
  expect(await reference()).toBe(7_900);
  nowMs += 1;
  expect(await reference()).toBe(9_900);
});

test('[PRI-2] what an offer asked counts from its opening to its closing, and 30 days more', async () => {
  nowMs += 40 * dayMs;
  await happened(requested('a', 8_600));
  expect(await reference()).toBe(9_800);
  const openMs = nowMs;
  await happened(requested('b', 8_600), opened('b', openMs), closed('b', openMs + 60_000));
  nowMs = openMs + 1;
  expect(await reference()).toBe(8_600);
  nowMs = openMs + 60_000 + 30 * dayMs - 1;
  expect(await reference()).toBe(8_600);
  nowMs += 1;
  expect(await reference()).toBe(9_800);
});

test('[PRI-4] an offer is no past of its own when its request comes again', async () => {
  nowMs += 40 * dayMs;
  await happened(requested('c', 8_600), opened('c', nowMs));
  nowMs += 1_000;
  expect(await reference('c')).toBe(9_800);
});

test('[PRI-5] lots, gifts and early access are no prices that were asked of everybody', async () => {
  nowMs += 40 * dayMs;
  await happened(requested('lot', 100, 'lot'), opened('lot'));
  await happened(requested('gift', 0, 'drop'), opened('gift'), dropOpened('gift', nowMs, null));
  await happened(
    requested('drop', 8_600, 'drop'),
    opened('drop'),
    dropOpened('drop', nowMs, 'gold'),
  );
  nowMs += 1_000;
  expect(await reference()).toBe(9_800);
  await happened(
    requested('drop2', 8_600, 'drop'),
    opened('drop2'),
    dropOpened('drop2', nowMs, null),
  );
  nowMs += 1_000;
  expect(await reference()).toBe(8_600);
});
