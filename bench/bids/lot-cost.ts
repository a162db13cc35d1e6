// What one lot costs the decider: memory for each bidder (each with one bid), and time to decide and evolve a bid
// when that many have bid. No engine and no log: the state alone.

import type {
  BidId,
  CommandId,
  OfferId,
  PersonId,
  ProductId,
  VariantId,
} from '../../src/base/brand.ts';
import { isRefusal } from '../../src/base/result.ts';
import { type Actor, type Stamp, system } from '../../src/domain/decider.ts';
import { type ShowCommand, showDecider } from '../../src/domain/show/show.ts';

const lotId = 'lot' as OfferId;
const variantId = 'v1' as VariantId;
const price = { minor: 3_000, currency: 'EUR' };
const host: Actor = { kind: 'person', id: 'host' as PersonId, name: 'Mina', role: 'host' };
const timed = 500;

export const lotCost = (bidders: number) => {
  let show = showDecider.initial('cost');
  let seq = 0;
  const play = (command: ShowCommand, by: Actor) => {
    const stamp: Stamp = { commandId: 'c' as CommandId, atMs: 1_000, by };
    const decided = showDecider.decide(show, command, stamp);
    if (isRefusal(decided)) throw new Error(`${command.kind}: ${decided.refused}`);
    for (const event of decided)
      show = showDecider.evolve(show, event, { seq: ++seq, atMs: 1_000 });
  };
  openLot(play);
  let nth = 0;
  const bid = () => {
    const id = String(++nth).padStart(12, '0');
    play(
      {
        kind: 'PlaceBid',
        lotId,
        bidId: `bid-${id}` as BidId,
        max: { minor: 100 + 2 * nth, currency: 'EUR' },
        nonce: `nonce-${id}`.padEnd(32, '0'),
        isConfirmed: true,
      },
      { kind: 'person', id: `person-${id}` as PersonId, name: `Bidder ${id}`, role: 'shopper' },
    );
  };
  bid();
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  while (nth < bidders) bid();
  globalThis.gc?.();
  const bytes = (process.memoryUsage().heapUsed - before) / bidders;
  const beganMs = performance.now();
  for (let i = 0; i < timed; i += 1) bid();
  return { bidders, bytes, decideUs: ((performance.now() - beganMs) * 1000) / timed };
};

const openLot = (play: (command: ShowCommand, by: Actor) => void): void => {
  const productId = 'p1' as ProductId;
  const plan = {
    title: 'Cost',
    showKind: 'auction',
    startsAtMs: 0,
    hostId: 'host' as PersonId,
    hostName: 'Mina',
    shopName: 'Laguna',
    disclosure: 'own-brand',
    isDemo: false,
  } as const;
  const variants = [{ variantId, title: '', price }];
  play({ kind: 'PlanShow', plan }, host);
  play(
    {
      kind: 'StockShelf',
      items: [{ productId, title: 'Bowl', imageUrl: null, variants, provenance: null }],
    },
    host,
  );
  play({ kind: 'GoLive' }, host);
  play(
    {
      kind: 'PrepareLot',
      reserve: null,
      terms: {
        lotId,
        productId,
        variantId,
        title: 'Bowl',
        usualPrice: price,
        quantity: 1,
        payMs: 3_600_000,
        secondChance: true,
        bidding: {
          format: 'english',
          start: { minor: 100, currency: 'EUR' },
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
    },
    host,
  );
  play({ kind: 'OpenLot', lotId }, host);
  play({ kind: 'ConfirmAllocation', offerId: lotId, variantId, quantity: 1 }, system);
};
