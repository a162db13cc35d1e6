// An evening that the real engine ran, with an auction whose winner doesn't pay: its published log is whole
// and passes every check, and what the bidders are told to keep fits it.

import { expect, test } from 'vitest';
import type { BidId, CommandId, PersonId, ProductId, ShowId } from '../../src/base/brand.ts';
import { showStream } from '../../src/base/brand.ts';
import { VirtualClock } from '../../src/base/virtual-time.ts';
import { type Actor, system } from '../../src/domain/decider.ts';
import type { LotTerms } from '../../src/domain/sale/lot-terms.ts';
import { type ShowCommand, showDecider } from '../../src/domain/show/show.ts';
import { eur, lagoon, plan, vase, vaseItem } from '../../src/domain/testing/show-cast.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { MemoryLog } from '../../src/log/memory-log.ts';
import { receiptedOf, signedTogether } from '../../src/receipts/notary.ts';
import { publishedLog } from '../../src/receipts/published-log.ts';
import { testKeys } from '../../src/receipts/test-keys.fixture.ts';
import { verifyLog } from '../../src/receipts/verify-log.ts';
import { checks } from './checks.ts';

const showId = 'evening' as ShowId;
const stream = showStream(showId);
const lotId = 'lot1' as LotTerms['lotId'];
const person = (id: string, role: 'owner' | 'shopper' = 'shopper'): Actor => ({
  kind: 'person',
  id: id as PersonId,
  name: id,
  role,
});

const terms: LotTerms = {
  lotId,
  productId: vase as ProductId,
  variantId: lagoon,
  title: 'Lagoon vase · Lagoon',
  usualPrice: eur(9800),
  quantity: 1,
  payMs: 60_000,
  secondChance: true,
  bidding: {
    format: 'english',
    start: eur(1000),
    steps: [{ fromMinor: 0, stepMinor: 100 }],
    buyNow: null,
    durationMs: 30_000,
    softCloseMs: 10_000,
    extensionMsMax: null,
    undoMs: 0,
    takesEarlyBids: false,
    hasReserve: false,
  },
};

test('[RCP-2] bids have receipts, and the log of an auction passes every check', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 24, 18));
  const log = new MemoryLog({ clock });
  const engine = createEngine({ log, clock, node: 'a', deciders: [showDecider] });
  const keys = testKeys();
  let sent = 0;
  const send = async (command: ShowCommand, by: Actor = person('mina', 'owner')) => {
    const commandId = `k_${++sent}` as CommandId;
    const outcome = await engine.send(stream, command, { commandId, by });
    if (outcome.kind === 'refused') throw new Error(`${command.kind}: ${outcome.reason}`);
    return outcome.events;
  };
  const bid = async (who: string, maxMinor: number) => {
    const nonce = who.repeat(32).slice(0, 32);
    const bidId = `bid-${who}` as BidId;
    const max = eur(maxMinor);
    const events = await send(
      { kind: 'PlaceBid', lotId, bidId, max, nonce, isConfirmed: true },
      person(who),
    );
    return receiptedOf(events)!;
  };

  await send({ kind: 'PlanShow', plan });
  await send({ kind: 'StockShelf', items: [vaseItem] });
  await send({ kind: 'GoLive' });
  await send({ kind: 'PrepareLot', terms, reserve: null });
  await send({ kind: 'OpenLot', lotId });
  await send({ kind: 'ConfirmAllocation', offerId: lotId, variantId: lagoon, quantity: 1 }, system);
  const bids = [await bid('bob', 3_000), await bid('cat', 5_000)];
  // The hammer, the winner's time to pay, the runner-up's.
  await clock.runUntil(clock.nowMs() + 10 * 60_000);
  await send({ kind: 'EndShow' });
  await engine.stop();

  const pieces: string[] = [];
  for await (const piece of publishedLog(log, keys, stream, await log.head(stream)))
    pieces.push(piece);
  const text = pieces.join('');
  const kinds = text.match(/"kind":"\w+"/g)?.map((member) => member.slice(8, -1));
  expect(kinds).toEqual(
    expect.arrayContaining(['BidPlaced', 'LotHammered', 'HoldExpired', 'SecondChanceOffered']),
  );
  const verdict = await verifyLog(
    (async function* () {
      yield Buffer.from(text);
    })(),
    { checks, receipts: signedTogether(keys, bids), trusted: keys.keys },
  );
  expect(verdict).toMatchObject({ ok: true, receipts: 2 });
  expect(bids.map(({ kind }) => kind)).toEqual(['BidPlaced', 'BidPlaced']);
});
