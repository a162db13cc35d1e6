// Random evenings in an auction house: lots of every kind, and people who bid, tie, undo, take, pause, pay
// and come too late. For properties; the house plays with the real decider.

import fc from 'fast-check';
import type { BidId, HoldId, OfferId } from '../../base/brand.ts';
import { type Actor, system } from '../decider.ts';
import { smallestBid } from '../sale/bidding.ts';
import type { Secret } from '../sale/commitment.ts';
import type { LotTerms } from '../sale/lot-terms.ts';
import type { ShowCommand } from '../show/show.ts';
import { ines, mina, person, teo, tomasz } from './given.ts';
import { AuctionHouse, dutchLot, englishLot, lotNamed, reserveOf } from './lot-cast.ts';
import { eur, ochre, order, personId } from './show-cast.ts';

const shoppers = [ines, tomasz, person('petr'), person('anna'), person('jo')];
export const lotIds = ['l0', 'l1', 'l2', 'l3'].map(lotNamed);
const lotId = fc.constantFrom(...lotIds);
const shopper = fc.constantFrom(...shoppers);

type Prepared = { readonly terms: LotTerms; readonly reserve: Secret | null };

const prepared = (id: OfferId): fc.Arbitrary<Prepared> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .record({
          softCloseMs: fc.constantFrom(0, 5_000, 20_000),
          extensionMsMax: fc.constantFrom(null, 0, 7_000, 60_000),
          undoMs: fc.constantFrom(0, 20_000, 60_000),
          takesEarlyBids: fc.boolean(),
          buyNowMinor: fc.option(fc.constantFrom(3_000, 9_000)),
          reserveMinor: fc.option(fc.constantFrom(1_000, 1_250, 2_500)),
          secondChance: fc.boolean(),
          durationMs: fc.constantFrom(20_000, 45_000, 90_000),
        })
        .map(({ buyNowMinor, reserveMinor, secondChance, ...change }) => ({
          terms: englishLot(
            {
              ...change,
              buyNow: buyNowMinor === null ? null : eur(buyNowMinor),
              hasReserve: reserveMinor !== null,
            },
            { lotId: id, secondChance, payMs: 60_000 },
          ),
          reserve: reserveMinor === null ? null : reserveOf(reserveMinor),
        })),
    },
    {
      weight: 1,
      arbitrary: fc.integer({ min: 1, max: 3 }).map((quantity) => ({
        terms: dutchLot({}, { lotId: id, quantity, variantId: ochre, payMs: 60_000 }),
        reserve: null,
      })),
    },
  );

/** What somebody does. An amount is relative to what would do, so that most bids count and ties are met. */
type Deed =
  | { do: 'bid'; lot: OfferId; by: Actor; above: number; tie: boolean; sure: boolean }
  | { do: 'undo'; lot: OfferId; by: Actor; back: number }
  | { do: 'take'; lot: OfferId; by: Actor; above: number }
  | { do: 'command'; command: ShowCommand; by: Actor }
  | { do: 'pay'; lot: OfferId; chance: boolean; declined: boolean }
  | { do: 'decline'; lot: OfferId; chance: boolean }
  | { do: 'units'; lot: OfferId; given: boolean };

const command = (by: Actor, made: fc.Arbitrary<ShowCommand>) =>
  made.map((one) => ({ do: 'command' as const, command: one, by }));

/** Whatever somebody may do in a show with these lots. */
export const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 240,
    arbitrary: fc.record({
      do: fc.constant('bid' as const),
      lot: lotId,
      by: fc.oneof({ weight: 30, arbitrary: shopper }, { weight: 1, arbitrary: fc.constant(mina) }),
      above: fc.oneof(
        { weight: 3, arbitrary: fc.constant(0) },
        { weight: 4, arbitrary: fc.nat({ max: 900 }) },
        { weight: 1, arbitrary: fc.constantFrom(-1, -1_000, 0.5, 90_000, Number.NaN) },
      ),
      tie: fc.boolean(),
      sure: fc.boolean(),
    }),
  },
  {
    weight: 80,
    arbitrary: fc.record({
      do: fc.constant('undo' as const),
      lot: lotId,
      by: shopper,
      back: fc.integer({ min: 0, max: 3 }).map((n) => (n === 3 ? 1 : 0)),
    }),
  },
  {
    weight: 30,
    arbitrary: fc.record({
      do: fc.constant('take' as const),
      lot: lotId,
      by: shopper,
      above: fc.constantFrom(-1, 0, 700),
    }),
  },
  {
    weight: 20,
    arbitrary: command(
      mina,
      fc.oneof(
        lotId.map((id) => ({ kind: 'PauseLot' as const, lotId: id, reason: 'a question' })),
        lotId.map((id) => ({ kind: 'ResumeLot' as const, lotId: id })),
      ),
    ),
  },
  {
    weight: 20,
    arbitrary: command(
      mina,
      fc.oneof(
        lotId.map((id) => ({ kind: 'OpenLot' as const, lotId: id })),
        fc.constant({ kind: 'RunLots' as const, lotIds, gapMs: 1_000 }),
        fc.constant({ kind: 'StopLotRun' as const }),
      ),
    ),
  },
  {
    weight: 10,
    arbitrary: command(
      mina,
      fc.oneof(
        lotId.map((id) => ({ kind: 'CancelLot' as const, lotId: id, reason: 'cracked' })),
        lotId.map((id) => ({ kind: 'WithdrawLot' as const, lotId: id, reason: 'cracked' })),
      ),
    ),
  },
  {
    weight: 10,
    arbitrary: command(
      system,
      fc.constantFrom({ kind: 'PictureOn' as const }, { kind: 'PictureLost' as const }),
    ),
  },
  {
    weight: 10,
    arbitrary: command(
      system,
      fc.constantFrom(0, 900, 4_000, 60_000).map((pictureDelayP95Ms) => ({
        kind: 'MeasureAllowance' as const,
        pictureDelayP95Ms,
        viewers: 5,
      })),
    ),
  },
  {
    weight: 10,
    arbitrary: command(
      teo,
      fc.record({
        kind: fc.constant('BarBuyer' as const),
        personId: fc.constantFrom('ines', 'jo').map(personId),
        isBarred: fc.boolean(),
        reason: fc.constant('rude'),
      }),
    ),
  },
  {
    weight: 30,
    arbitrary: fc.record({
      do: fc.constant('pay' as const),
      lot: lotId,
      chance: fc.boolean(),
      declined: fc.boolean(),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('decline' as const),
      lot: lotId,
      chance: fc.boolean(),
    }),
  },
  {
    weight: 30,
    arbitrary: fc.record({
      do: fc.constant('units' as const),
      lot: lotId,
      given: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
    }),
  },
  { weight: 1, arbitrary: command(mina, fc.constant({ kind: 'EndShow' as const })) },
);

/** How long after the one before, and whether the deadlines of that time were decided meanwhile or not. */
type Timed = { readonly deed: Deed; readonly waitMs: number; readonly isPunctual: boolean };

export const evening: fc.Arbitrary<Evening> = fc.record({
  lots: fc.tuple(
    prepared(lotIds[0]!),
    prepared(lotIds[1]!),
    prepared(lotIds[2]!),
    prepared(lotIds[3]!),
  ),
  opened: fc.integer({ min: 1, max: 4 }),
  deeds: fc.array(
    fc.record({
      deed,
      waitMs: fc.oneof(
        { weight: 5, arbitrary: fc.nat({ max: 1_500 }) },
        { weight: 1, arbitrary: fc.nat({ max: 15_000 }) },
      ),
      isPunctual: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
    }),
    { minLength: 5, maxLength: 70, size: 'max' },
  ),
});
/** Four lots, of which the first so many are open, and what is done then. */
export type Evening = { lots: readonly Prepared[]; opened: number; deeds: readonly Timed[] };

/** The command that a deed is in the state of the house. */
export const commandOf = (
  house: AuctionHouse,
  one: Deed,
  nth: number,
): { command: ShowCommand; by: Actor } => {
  const { lots, aliases } = house.state.sale.auction;
  const aliasOf = (by: Actor) => (by.kind === 'person' ? aliases.get(by.id) : undefined);
  switch (one.do) {
    case 'command':
      return one;
    case 'bid': {
      const lot = lots.get(one.lot)!;
      const { bidding } = lot.terms;
      const standing = lot.standing;
      const steps = bidding.format === 'english' ? bidding.steps : [];
      const leads = standing !== null && standing.leader === aliasOf(one.by);
      const least = leads
        ? standing.leaderMaxMinor + 1
        : smallestBid({ startMinor: bidding.start.minor, steps }, standing);
      const tie = standing?.leaderMaxMinor ?? 0;
      return {
        command: {
          kind: 'PlaceBid',
          lotId: one.lot,
          bidId: `bid${nth}` as BidId,
          max: eur(one.tie && tie >= least ? tie : least + one.above),
          nonce: `nonce${nth}`,
          isConfirmed: one.sure,
        },
        by: one.by,
      };
    }
    case 'undo': {
      const placed = house.log.flatMap(({ event }) =>
        event.kind === 'BidPlaced' && event.data.lotId === one.lot ? [event.data] : [],
      );
      const bidId = placed.at(-1 - one.back)?.bidId ?? ('none' as BidId);
      const owner = placed.at(-1 - one.back)?.alias;
      const own = shoppers.find((by) => aliasOf(by) === owner && owner !== undefined);
      return { command: { kind: 'UndoBid', lotId: one.lot, bidId }, by: own ?? one.by };
    }
    case 'take': {
      const { bidding } = lots.get(one.lot)!.terms;
      const price =
        bidding.format === 'english' ? (bidding.buyNow?.minor ?? 1_000) : bidding.start.minor;
      const holdId = `hold${nth}` as HoldId;
      return {
        command: { kind: 'TakeLot', lotId: one.lot, price: eur(price + one.above), holdId },
        by: one.by,
      };
    }
    case 'pay':
    case 'decline': {
      const holds = [...house.state.sale.holds.values()].filter(
        ({ offerId }) => offerId === one.lot,
      );
      const held = holds.find(({ holdId }) => holdId.endsWith('-2') === one.chance) ?? holds[0];
      const holdId = held?.holdId ?? ('none' as HoldId);
      const orderId = order(holdId);
      if (one.do === 'decline') {
        const by = shoppers.find((who) => who.kind === 'person' && who.id === held?.personId);
        return { command: { kind: 'ReleaseHold', holdId }, by: by ?? ines };
      }
      if (held?.payingFor == null)
        return {
          command: { kind: 'BeginPayment', holdId, orderId, attempt: `${nth}` },
          by: system,
        };
      return {
        command: one.declined
          ? { kind: 'AbandonPayment', holdId, orderId, attempt: null }
          : { kind: 'SettleHold', holdId, orderId },
        by: system,
      };
    }
    case 'units': {
      const { variantId, quantity } = lots.get(one.lot)!.terms;
      return {
        command: one.given
          ? { kind: 'ConfirmAllocation', offerId: one.lot, variantId, quantity }
          : { kind: 'RefuseAllocation', offerId: one.lot, variantId, available: 0 },
        by: system,
      };
    }
  }
};

/** Holds the auction; `look` sees the house after each step. */
export const held = (
  { lots, opened, deeds }: Evening,
  look?: (house: AuctionHouse) => void,
): AuctionHouse => {
  const house = new AuctionHouse();
  lots.forEach(({ terms, reserve }, nth) => {
    if (nth < opened) house.open(terms, reserve);
    else house.prepare(terms, reserve);
  });
  deeds.forEach(({ deed: one, waitMs, isPunctual }, nth) => {
    if (isPunctual) house.runUntil(house.atMs + waitMs);
    else house.wait(waitMs);
    const { command: wish, by } = commandOf(house, one, nth);
    house.send(wish, by);
    look?.(house);
  });
  return house;
};
