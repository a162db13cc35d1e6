// What the doors know of the shop: read models, catalogue and rooms behind the small interfaces that
// the routes ask for. Reading only; nothing is decided here and nothing is cached.

import type { Kysely } from 'kysely';
import { type ProductId, type ShowId, showStream, type VariantId } from '../base/brand.ts';
import { money } from '../base/money.ts';
import type { Clock } from '../base/ports.ts';
import { refuse } from '../base/result.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Totals } from '../domain/order/order.ts';
import type { ShelfItem } from '../domain/sale/shelf.ts';
import type { ShowAccess } from '../domain/show/access.ts';
import { type EventLog, readStream } from '../log/event-log.ts';
import type { Product, ProvenanceCard } from '../protocol/catalogue.ts';
import type { OrderView, SegmentBody, ShowSummary } from '../protocol/http.ts';
import type { Room } from '../protocol/room.ts';
import type { MyHold } from '../protocol/socket.ts';
import { replayOf } from '../publish/replay.ts';
import { bundlesById } from '../views/bundles.ts';
import { codeByName, listCodes } from '../views/codes.ts';
import { holdsOf } from '../views/holds.ts';
import { codeUsesOf, listOrders, orderById, shippedOrders } from '../views/orders.ts';
import type { Projector } from '../views/projector.ts';
import { listShows, showById } from '../views/shows.ts';
import { stockLevels } from '../views/stock.ts';
import type { OrderRow, ShowRow, ViewTables } from '../views/tables.ts';
import type { CatalogueRoutesOptions } from './catalogue-routes.ts';
import type { CodeDesk } from './code-routes.ts';
import type { HoldDesk } from './hold-routes.ts';
import type { OrderDesk } from './order-desk.ts';
import { placedHolds } from './placed-holds.ts';
import { referencePrices } from './reference-prices.ts';
import type { ShowDesk } from './show-desk.ts';
import type { StockCounts } from './stock-counts.ts';

export type DeskOptions = {
  readonly db: Kysely<ViewTables>;
  readonly log: EventLog;
  readonly projector: Projector;
  readonly catalogue: Pick<Catalogue, 'products' | 'variants' | 'priceHistories'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** The room as the crowd sees it now; null for a show that was never planned. */
  readonly roomOf: (showId: ShowId) => Promise<Room | null>;
  readonly viewersOf: (showId: string) => number;
  readonly hasPoster: (showId: string) => boolean;
};

export const createShowDesk = (options: DeskOptions): ShowDesk => {
  const { db, log, projector, catalogue, roomOf } = options;
  const posterOf = (row: ShowRow): string | null =>
    row.poster_url ?? (options.hasPoster(row.show_id) ? `/media/posters/${row.show_id}.jpg` : null);
  /** [SHO-16] A cover is for everybody; a picture of what isn't for everybody is for nobody. */
  const standsFor = (row: ShowRow): string | null => {
    const picture = accessIn(row).for === 'everybody' ? posterOf(row) : null;
    return row.phase === 'live' ? (picture ?? row.cover_url) : (row.cover_url ?? picture);
  };
  const summaryOf = (row: ShowRow): ShowSummary => ({
    showId: row.show_id,
    title: row.title,
    showKind: row.show_kind as ShowSummary['showKind'],
    phase: row.phase as ShowSummary['phase'],
    startsAtMs: row.starts_at_ms,
    startedAtMs: row.started_at_ms,
    endedAtMs: row.ended_at_ms,
    hostId: row.host_id,
    hostName: row.host_name,
    disclosure: row.disclosure as ShowSummary['disclosure'],
    isDemo: row.is_demo,
    viewers: options.viewersOf(row.show_id),
    posterUrl: standsFor(row),
    coverUrl: row.cover_url,
    hasRecording: row.recording_url !== null,
    access: accessIn(row).for,
  });
  return {
    list: async (limit) => (await listShows(db, limit)).map(summaryOf),
    async summary(showId) {
      const row = await showById(db, showId);
      return row ? summaryOf(row) : null;
    },
    room: roomOf,
    async segments(showId) {
      const row = await showById(db, showId);
      return row ? (JSON.parse(row.segments) as SegmentBody[]) : [];
    },
    async replay(showId) {
      const row = await showById(db, showId);
      if (row?.phase !== 'ended') return null;
      const [replay, room] = await Promise.all([
        replayOf(showId, readStream(log, showStream(showId))),
        roomOf(showId),
      ]);
      // The figures of stock are today's: a replay sells what there is now.
      return replay && room ? { ...replay, room: { ...replay.room, stock: room.stock } } : replay;
    },
    async shelfItems(productIds) {
      const found = await catalogue.products(productIds);
      return found.filter(({ status }) => status === 'active').map(shelfItem);
    },
    referencePrices: (items, except) =>
      referencePrices(
        options,
        items.flatMap(({ variants }) => variants),
        options.clock.nowMs(),
        except,
      ),
    shown: (stream, seq) => projector.reached(stream, seq),
  };
};

const accessIn = (row: ShowRow): ShowAccess => JSON.parse(row.access) as ShowAccess;

/** What a shelf carries of a product. */
const shelfItem = (product: Product): ShelfItem => ({
  productId: product.id as ProductId,
  title: product.title,
  imageUrl: product.images[0]?.url ?? null,
  variants: product.variants.map(({ id, title, price }) => ({
    variantId: id as VariantId,
    title,
    price: money(price.minor, price.currency),
  })),
  provenance: product.provenance ? provenanceOf(product.provenance) : null,
});

const provenanceOf = (card: ProvenanceCard): NonNullable<ShelfItem['provenance']> => ({
  maker: card.maker ?? '',
  origin: card.origin ?? '',
  materials: (card.materials ?? []).join(', '),
  serialNumber: card.serialNumber ?? '',
  certificate: card.certificate ?? '',
  condition: card.condition ?? '',
  story: card.story ?? '',
});

/** Stock as the catalogue's doors read and count it. */
export const createStockDesk = (
  db: Kysely<ViewTables>,
  counts: Pick<StockCounts, 'count'>,
): Pick<CatalogueRoutesOptions, 'stockOf' | 'setStock'> => ({
  stockOf: async (variantIds) =>
    new Map((await stockLevels(db, variantIds)).map((level) => [level.variantId, level])),
  async setStock({ variantId, onHand, by, key }) {
    const outcome = await counts.count(variantId, onHand, by, key);
    return outcome.kind === 'refused' ? refuse(outcome.reason, outcome.detail) : null;
  },
});

export const createHoldDesk = (
  options: Pick<DeskOptions, 'db' | 'log' | 'projector' | 'catalogue'>,
): HoldDesk => {
  const { db, catalogue } = options;
  return {
    placed: placedHolds(options),
    async mine(personId) {
      const rows = await holdsOf(db, personId);
      const variants = await catalogue.variants(rows.map(({ variant_id }) => variant_id));
      const byId = new Map(variants.map((found) => [found.variant.id, found]));
      const bundles = await bundlesById(
        db,
        rows.map(({ variant_id }) => variant_id),
      );
      return rows.map((row): MyHold => {
        const found = byId.get(row.variant_id);
        const bundle = bundles.get(row.variant_id);
        return {
          holdId: row.hold_id,
          stream: row.stream,
          offerId: row.offer_id,
          productId: found?.productId ?? bundle?.productId ?? '',
          variantId: row.variant_id,
          title: found ? fullTitle(found.productTitle, found.variant.title) : (bundle?.title ?? ''),
          quantity: row.quantity,
          unitPrice: money(row.unit_price_minor, row.currency),
          expiresAtMs: row.expires_at_ms,
          paying: row.paying,
        };
      });
    },
    async offered(variantId) {
      const [found] = await catalogue.variants([variantId]);
      if (!found || found.retired) return null;
      const { minor, currency } = found.variant.price;
      return { productId: found.productId, price: money(minor, currency) };
    },
  };
};

const fullTitle = (product: string, variant: string): string =>
  variant === '' ? product : `${product} · ${variant}`;

export type OrderDeskOptions = Pick<DeskOptions, 'db' | 'projector' | 'catalogue'> & {
  readonly sandbox: boolean;
};

export const createOrderDesk = ({
  db,
  projector,
  catalogue,
  sandbox,
}: OrderDeskOptions): OrderDesk => {
  const views = async (rows: readonly OrderRow[]): Promise<OrderView[]> => {
    const lines = rows.map((row) => JSON.parse(row.lines) as OrderView['lines']);
    const products = await catalogue.products([
      ...new Set(lines.flat().map(({ productId }) => productId)),
    ]);
    const imageOf = new Map(
      products.map((product) => [product.id, product.images[0]?.url ?? null]),
    );
    const showIds = [
      ...new Set(rows.flatMap(({ show_id }) => (show_id === null ? [] : [show_id]))),
    ];
    const shows =
      showIds.length === 0
        ? []
        : await db
            .selectFrom('show_view')
            .select(['show_id', 'title'])
            .where('show_id', 'in', showIds)
            .execute();
    const titleOf = new Map(shows.map(({ show_id, title }) => [show_id, title]));
    return rows.map((row, index) => ({
      orderId: row.order_id,
      number: `R-${row.number}`,
      phase: row.phase as OrderView['phase'],
      placedAtMs: row.placed_at_ms,
      paidAtMs: row.paid_at_ms,
      showId: row.show_id,
      showTitle: row.show_id === null ? null : (titleOf.get(row.show_id) ?? null),
      buyer: { personId: row.person_id, name: row.buyer_name, email: row.email ?? '' },
      address: row.address === null ? null : (JSON.parse(row.address) as OrderView['address']),
      lines: (lines[index] ?? []).map((line) => ({
        ...line,
        imageUrl: imageOf.get(line.productId) ?? null,
      })),
      totals: JSON.parse(row.totals) as Totals,
      code: row.code,
      reason: row.reason,
      sandbox: row.payment_provider === null ? sandbox : row.payment_provider === 'sandbox',
    }));
  };
  return {
    async view(orderId) {
      const row = await orderById(db, orderId);
      return row ? ((await views([row]))[0] ?? null) : null;
    },
    list: async (query) => views(await listOrders(db, query)),
    async parcelOf(personId, showId, except) {
      const paid = await shippedOrders(db, personId, showId);
      return paid.find(({ orderId }) => orderId !== except) ?? null;
    },
    async lineOf(variantId) {
      const [found] = await catalogue.variants([variantId]);
      if (found)
        return {
          productId: found.productId as ProductId,
          title: fullTitle(found.productTitle, found.variant.title),
        };
      const bundle = (await bundlesById(db, [variantId])).get(variantId);
      if (!bundle) return null;
      const { productId, title, parts } = bundle;
      return { productId: productId as ProductId, title, parts };
    },
    shown: (stream, seq) => projector.reached(stream, seq),
  };
};

export const createCodeDesk = (
  options: Pick<DeskOptions, 'db' | 'projector' | 'catalogue'>,
): CodeDesk => ({
  find: (code) => codeByName(options.db, code),
  list: () => listCodes(options.db),
  usesOf: (code, personId, besides) => codeUsesOf(options.db, { code, personId, besides }),
  async referenceOf(variantId, unitPrice, beganMs) {
    const asked = [{ variantId, price: unitPrice }];
    return (await referencePrices(options, asked, beganMs, null)).get(variantId) ?? unitPrice;
  },
  shown: (stream, seq) => options.projector.reached(stream, seq),
});
