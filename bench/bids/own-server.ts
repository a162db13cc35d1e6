// Rialto's side of the bids bench: the real door, rooms and engine on PostgreSQL. Every bid is checked, decided
// against the standing maximum, committed, answered with its receipt, and the price told to everybody.

import type { OfferId, ShowId, VariantId } from '../../src/base/brand.ts';
import { system } from '../../src/domain/decider.ts';
import { openPool } from '../../src/log/database.ts';
import { migrate } from '../../src/log/migrate.ts';
import { openPostgresLog } from '../../src/log/postgres-log.ts';
import { benchPrice, benchProduct, liveShow } from '../live-show.ts';
import { benchVariant, type FromServer, startMinor, type ToServer } from './talk.ts';

const tell = (message: FromServer) => process.send?.(message);
const pool = openPool(process.env.RIALTO_BENCH_DATABASE ?? '', { connectionsMax: 4 });
await migrate(pool);
const variantId = benchVariant as VariantId;
const log = await openPostgresLog({ pool });
const show = await liveShow(log, `bids-${Date.now()}` as ShowId, variantId);

process.on('message', async ({ lotId: id }: ToServer) => {
  const lotId = id as OfferId;
  await show.send({
    kind: 'PrepareLot',
    reserve: null,
    terms: {
      lotId,
      productId: benchProduct,
      variantId,
      title: 'Bowl',
      usualPrice: benchPrice,
      quantity: 1,
      payMs: 3_600_000,
      secondChance: true,
      bidding: {
        format: 'english',
        start: { minor: startMinor, currency: benchPrice.currency },
        steps: [{ fromMinor: 0, stepMinor: 1 }],
        buyNow: null,
        durationMs: 3_600_000,
        softCloseMs: 10_000,
        extensionMsMax: null,
        undoMs: 15_000,
        takesEarlyBids: false,
        hasReserve: false,
      },
    },
  });
  await show.send({ kind: 'OpenLot', lotId });
  await show.send({ kind: 'ConfirmAllocation', offerId: lotId, variantId, quantity: 1 }, system);
  tell({ is: 'opened' });
});
process.on('disconnect', () => process.exit(0));

tell({ is: 'ready', port: await show.listen(), path: show.path });
