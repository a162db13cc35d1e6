// Rialto's side of the claims-over-sockets bench: the real door, rooms and engine on PostgreSQL. Every claim is
// checked, decided, committed, answered to its buyer and told to everybody.

import type { OfferId, ShowId, VariantId } from '../../src/base/brand.ts';
import { system } from '../../src/domain/decider.ts';
import { openPool } from '../../src/log/database.ts';
import { migrate } from '../../src/log/migrate.ts';
import { openPostgresLog } from '../../src/log/postgres-log.ts';
import { benchPrice, benchProduct, liveShow } from '../live-show.ts';
import { benchVariant, type FromServer, type ToServer } from './talk.ts';

const tell = (message: FromServer) => process.send?.(message);
const pool = openPool(process.env.RIALTO_BENCH_DATABASE ?? '', { connectionsMax: 4 });
await migrate(pool);
const variantId = benchVariant as VariantId;
const log = await openPostgresLog({ pool });
const show = await liveShow(log, `sockets-${Date.now()}` as ShowId, variantId);

process.on('message', async ({ offerId, units }: ToServer) => {
  const offer = offerId as OfferId;
  const terms = {
    productId: benchProduct,
    title: 'Bowl',
    perPersonMax: null,
    durationMs: 3_600_000,
    holdMs: 3_600_000,
  };
  const variants = [
    { variantId, title: '', price: benchPrice, usualPrice: benchPrice, quantity: units },
  ];
  await show.send({ kind: 'OpenOffer', terms: { offerId: offer, ...terms, variants } });
  await show.send(
    { kind: 'ConfirmAllocation', offerId: offer, variantId, quantity: units },
    system,
  );
  tell({ is: 'opened' });
});
process.on('disconnect', () => process.exit(0));

tell({ is: 'ready', port: await show.listen(), path: show.path });
