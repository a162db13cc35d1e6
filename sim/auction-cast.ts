// The auctions of the simulated show: a host who prepares, opens, pauses, cancels and runs lots, and shoppers
// who bid up to what a piece is worth to them, slip, undo, buy at once, win, pay or don't. Of a lot they know
// what a room shows: its figures, and what is held for themselves.

import type { BidId, HoldId, OfferId, PersonId, ProductId, VariantId } from '../src/base/brand.ts';
import { system } from '../src/domain/decider.ts';
import { smallestBid, usualSteps } from '../src/domain/sale/bidding.ts';
import type { LotTerms } from '../src/domain/sale/lot-terms.ts';
import type { Send, Shopper, Stage } from './stage.ts';
import type { World } from './world.ts';

const eur = (minor: number) => ({ minor, currency: 'EUR' });

/** One thing that a host does with lots. */
export const hostLots = async (
  world: World,
  stage: Stage,
  act: number,
  send: Send,
): Promise<void> => {
  const { random } = world;
  const { lots } = stage.screen;
  const open = lots.filter(({ phase }) => phase === 'open');
  switch (random.below(lots.length === 0 ? 1 : 6)) {
    case 0:
    case 1: {
      const lotIds: OfferId[] = [];
      for (let nth = 0; nth < 1 + random.below(3); nth++) {
        const terms = lotOf(world, stage, `lot${act}-${nth}` as OfferId);
        const reserve = reserveOf(world, terms);
        const prepared = await send({ kind: 'PrepareLot', terms, reserve });
        if (prepared?.kind === 'done') lotIds.push(terms.lotId);
      }
      await world.wait(random.below(4_000));
      if (random.chance(0.3) && lotIds.length > 0)
        await send({ kind: 'RunLots', lotIds, gapMs: random.below(4_000) });
      else for (const lotId of lotIds) await send({ kind: 'OpenLot', lotId });
      return;
    }
    case 2: {
      const { lotId } = random.pick(open.length > 0 ? open : lots).terms;
      await send({ kind: 'PauseLot', lotId, reason: 'a question' });
      await world.wait(random.below(5_000));
      if (random.chance(0.9)) await send({ kind: 'ResumeLot', lotId });
      return;
    }
    case 3: {
      const { lotId } = random.pick(lots).terms;
      const kind = random.chance(0.5) ? 'CancelLot' : 'WithdrawLot';
      if (random.chance(0.3)) await send({ kind, lotId, reason: 'cracked' });
      else await send({ kind: 'OpenLot', lotId });
      return;
    }
    case 4:
      if (random.chance(0.5)) await send({ kind: 'StopLotRun' });
      else {
        const personId = `p${random.below(8)}` as PersonId;
        await send({ kind: 'BarBuyer', personId, isBarred: random.chance(0.5), reason: 'rude' });
      }
      return;
    default:
      await world.insist(
        stage.show,
        { kind: 'MeasureAllowance', pictureDelayP95Ms: random.below(12_000), viewers: 5 },
        system,
        `allowance-${act}`,
      );
  }
};

const lotOf = ({ random }: World, stage: Stage, lotId: OfferId): LotTerms => {
  const variantId: VariantId = random.pick(stage.variants);
  const lot = {
    lotId,
    productId: 'ceramics' as ProductId,
    variantId,
    title: variantId,
    usualPrice: eur(9_800),
    payMs: 60_000 + random.below(60_000),
    secondChance: random.chance(0.7),
  };
  if (random.chance(0.25)) {
    const floor = 1_000 + random.below(2_000);
    return {
      ...lot,
      quantity: 1 + random.below(3),
      bidding: {
        format: 'dutch',
        start: eur(floor + random.below(8_000)),
        floor: eur(floor),
        stepMinor: 100 + random.below(900),
        stepMs: 250 + random.below(2_000),
        floorMs: 1_000 + random.below(20_000),
      },
    };
  }
  const durationMs = 5_000 + random.below(40_000);
  const start = eur(500 + random.below(2_000));
  return {
    ...lot,
    quantity: 1,
    bidding: {
      format: 'english',
      start,
      steps: usualSteps(2),
      buyNow: random.chance(0.2) ? eur(start.minor + 6_000) : null,
      durationMs,
      softCloseMs: random.pick([0, 3_000, Math.min(durationMs, 10_000)]),
      extensionMsMax: random.pick([null, 0, 8_000, 60_000]),
      undoMs: random.pick([0, 15_000, 60_000]),
      takesEarlyBids: random.chance(0.4),
      hasReserve: random.chance(0.3),
    },
  };
};

const reserveOf = ({ random }: World, { bidding }: LotTerms) =>
  bidding.format === 'english' && bidding.hasReserve
    ? { minor: bidding.start.minor + random.below(6_000), nonce: random.id(22) }
    : null;

/** A shopper looks at the lots and does one thing. What they win they may pay, later. */
export const shopLots = async (world: World, stage: Stage, shopper: Shopper): Promise<void> => {
  const { by, id, tries, pay, later } = shopper;
  const { random } = world;
  const { lots } = stage.screen;
  const lively = lots.filter(({ phase }) => phase === 'open' || phase === 'paused');
  if (lots.length === 0 || (lively.length === 0 && random.chance(0.6))) return;
  const lot =
    lively.length > 0 && random.chance(0.9)
      ? lively.at(-1 - random.below(lively.length))!
      : random.pick(lots);
  const { lotId, bidding, variantId } = lot.terms;
  const { currency } = bidding.start;
  if (bidding.format === 'dutch' || (bidding.buyNow !== null && random.chance(0.2))) {
    const asked = bidding.format === 'dutch' ? bidding.start : bidding.buyNow!;
    const price = { minor: Math.max(0, asked.minor - random.below(300)), currency };
    const holdId = id as HoldId;
    const taken = await world.insist(
      stage.show,
      { kind: 'TakeLot', lotId, price, holdId },
      by,
      id,
      tries,
    );
    if (taken?.kind === 'done') later(pay(id, variantId, asked));
    return;
  }
  const worthMinor = 1_500 + random.below(14_000);
  const least = smallestBid(
    { startMinor: bidding.start.minor, steps: bidding.steps },
    lot.standing,
  );
  // Most stop at what it is worth to them; some type nonsense.
  if (!stage.screen.leads(by.id, lot) && least > worthMinor && random.chance(0.8)) return;
  const minor = random.chance(0.05)
    ? random.pick([0, -500, 10.5, 9_000_000, least - 1])
    : random.chance(0.4)
      ? least
      : Math.max(least, worthMinor);
  const bid = await world.insist(
    stage.show,
    {
      kind: 'PlaceBid',
      lotId,
      bidId: id as BidId,
      max: { minor, currency },
      nonce: `${random.id(22)}`,
      isConfirmed: random.chance(0.1),
    },
    by,
    id,
    tries,
  );
  if (bid?.kind !== 'done') return;
  if (random.chance(0.15)) {
    await world.wait(random.below(3_000));
    await world.insist(
      stage.show,
      { kind: 'UndoBid', lotId, bidId: id as BidId },
      by,
      `${id}-undo`,
    );
  }
  if (random.chance(0.6)) later(collect(world, stage, shopper, lotId));
};

/** Waits for the hammer, and for the second chance, and pays what is theirs, or doesn't. */
const collect = async (
  world: World,
  stage: Stage,
  { by, pay }: Shopper,
  lotId: OfferId,
): Promise<void> => {
  const { random } = world;
  const isPayer = random.chance(0.6);
  for (let look = 0; look < 8; look++) {
    await world.wait(10_000 + random.below(15_000));
    const hold = stage.screen.holdOf(by.id, lotId);
    if (hold === undefined || hold.payingFor !== null) continue;
    if (isPayer)
      return stage.isPaying.has(hold.holdId)
        ? undefined
        : pay(hold.holdId, hold.variantId, hold.price);
    // The runner-up may decline; the winner is refused.
    await world.insist(
      stage.show,
      { kind: 'ReleaseHold', holdId: hold.holdId },
      by,
      `${hold.holdId}-decline`,
    );
  }
};
