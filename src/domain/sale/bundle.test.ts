import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProductId, VariantId } from '../../base/brand.ts';
import { isRefusal } from '../../base/result.ts';
import { type Actor, system } from '../decider.ts';
import { type Show, type ShowCommand, type ShowEvent, showDecider } from '../show/show.ts';
import { mina, person, startMs, testbed } from '../testing/given.ts';
import { eur, hold, lagoon, live, offerId, order, terms } from '../testing/show-cast.ts';
import type { BundlePart } from './bundle.ts';
import type { OfferTerms, OfferVariant } from './offer.ts';

const { given } = testbed(showDecider);
const cup = 'cup' as VariantId;
const spoon = 'spoon' as VariantId;
const set = 'set-of-tea' as VariantId;
const part = (variantId: VariantId, quantity: number): BundlePart => ({
  variantId,
  productId: 'tea' as ProductId,
  title: variantId,
  quantity,
});
const teaSet: OfferVariant = {
  variantId: set,
  title: 'Tea for two',
  price: eur(9_000),
  usualPrice: eur(11_000),
  quantity: 3,
  parts: [part(cup, 2), part(spoon, 1)],
};
const offered: OfferTerms = {
  ...terms,
  variants: [terms.variants[0]!, teaSet],
  perPersonMax: null,
};
const requested: ShowEvent = { kind: 'OfferRequested', data: { terms: offered } };
const allocated = (variantId: VariantId, quantity: number): ShowEvent => ({
  kind: 'OfferAllocated',
  data: { offerId, variantId, quantity },
});
const confirm = (variantId: VariantId, quantity: number): ShowCommand => ({
  kind: 'ConfirmAllocation',
  offerId,
  variantId,
  quantity,
});
const opened: ShowEvent = {
  kind: 'OfferOpened',
  data: { offerId, closesAtMs: startMs + terms.durationMs },
};
const released = (variantId: VariantId, quantity: number, parts?: object): ShowEvent =>
  ({ kind: 'UnitsReleased', data: { offerId, variantId, quantity, ...parts } }) as ShowEvent;
const allHere = [requested, allocated(lagoon, 3), allocated(cup, 6), allocated(spoon, 3), opened];
const claimOf = (variantId: VariantId, quantity: number, holdId = 'h1'): ShowCommand => ({
  kind: 'Claim',
  offerId,
  variantId,
  quantity,
  holdId: hold(holdId),
});
const ada = person('ada');

describe('a bundle', () => {
  it('[PRI-19] the offer opens when every part of it has come, in whatever order', () => {
    given(...live, requested, allocated(lagoon, 3), allocated(spoon, 3))
      .when(confirm(cup, 6), system)
      .then(allocated(cup, 6), opened);
    given(...live, requested, allocated(cup, 6), allocated(spoon, 3))
      .when(confirm(lagoon, 3), system)
      .then(allocated(lagoon, 3), opened);
    given(...live, requested, allocated(cup, 6))
      .when(confirm(cup, 6), system)
      .refused('allocation-unexpected');
    given(...live, ...allHere)
      .when(confirm(cup, 6), system)
      .refused('allocation-unexpected');
    given(...live, requested)
      .when(confirm(set, 3), system)
      .refused('allocation-unexpected');
  });
  it('[PRI-20] when one part is short, those that came go back, and so do those that come later', () => {
    const refused: ShowEvent = {
      kind: 'OfferRefused',
      data: { offerId, variantId: spoon, available: 1 },
    };
    given(...live, requested, allocated(cup, 6), allocated(lagoon, 3))
      .when({ kind: 'RefuseAllocation', offerId, variantId: spoon, available: 1 }, system)
      .then(refused, released(lagoon, 3), released(cup, 6));
    given(...live, requested, refused)
      .when(confirm(cup, 6), system)
      .then(allocated(cup, 6), released(cup, 6));
  });
  it('[PRI-20] a bundle of one part that comes too late goes back as that part', () => {
    const pair: OfferTerms = { ...offered, variants: [{ ...teaSet, parts: [part(cup, 2)] }] };
    const refused: ShowEvent = {
      kind: 'OfferRefused',
      data: { offerId, variantId: cup, available: 1 },
    };
    const late = [allocated(cup, 6), released(cup, 6)];
    const before: ShowEvent[] = [{ kind: 'OfferRequested', data: { terms: pair } }, refused];
    given(...live, ...before)
      .when(confirm(cup, 6), system)
      .then(...late);
    const end = { kind: 'EndShow' } as const;
    given(...live, ...before, ...late)
      .when(end, mina)
      .then({ kind: 'ShowEnded', data: {} });
  });
  it('[PRI-20] a claim takes all parts of so many bundles or none', () => {
    given(...live, ...allHere)
      .when(claimOf(set, 4), ada)
      .refused('sold-out', { left: 3, inCarts: 0 });
    given(...live, ...allHere)
      .when(claimOf(cup, 1), ada)
      .refused('variant-not-offered');
    given(...live, ...allHere)
      .when(claimOf(set, 2), ada, startMs)
      .then({
        kind: 'HoldPlaced',
        data: {
          holdId: hold('h1'),
          offerId,
          variantId: set,
          quantity: 2,
          personId: 'ada' as never,
          price: eur(9_000),
          expiresAtMs: startMs + terms.holdMs,
        },
        personal: { name: 'ada' },
      });
  });
  it('[PRI-20] paid, each part leaves the house; closed, the parts of what is left go back', () => {
    const held: ShowEvent = {
      kind: 'HoldPlaced',
      data: {
        holdId: hold('h1'),
        offerId,
        variantId: set,
        quantity: 2,
        personId: 'ada' as never,
        price: eur(9_000),
        expiresAtMs: startMs + terms.holdMs,
      },
      personal: { name: 'ada' },
    };
    given(...live, ...allHere, held)
      .when({ kind: 'SettleHold', holdId: hold('h1'), orderId: order('h1') }, system)
      .then({
        kind: 'HoldSettled',
        data: {
          holdId: hold('h1'),
          offerId,
          variantId: set,
          quantity: 2,
          personId: 'ada' as never,
          orderId: order('h1'),
          parts: [
            { variantId: cup, quantity: 4 },
            { variantId: spoon, quantity: 2 },
          ],
        },
      });
    const closed: ShowEvent = { kind: 'OfferClosed', data: { offerId, reason: 'crew' } };
    const one = {
      parts: [
        { variantId: cup, quantity: 2 },
        { variantId: spoon, quantity: 1 },
      ],
    };
    given(...live, ...allHere, held)
      .when({ kind: 'CloseOffer', offerId }, mina)
      .then(closed, released(lagoon, 3), released(set, 1, one));
  });
  it('[PRI-19] terms that can’t be are refused', () => {
    const wrong: OfferVariant[][] = [
      [{ ...teaSet, parts: [] }],
      [{ ...teaSet, parts: [part(cup, 0)] }],
      [{ ...teaSet, parts: [part(cup, 1.5)] }],
      [{ ...teaSet, parts: [part(cup, 101)] }],
      [{ ...teaSet, parts: [part(cup, 1), part(cup, 1)] }],
      [{ ...teaSet, parts: [part(set, 1)] }],
      [{ ...teaSet, parts: Array.from({ length: 13 }, (_, n) => part(`v${n}` as VariantId, 1)) }],
      // A part that is offered otherwise too: on its own, in another bundle.
      [{ ...terms.variants[0]!, variantId: cup }, teaSet],
      [teaSet, { ...teaSet, variantId: 'other' as VariantId }],
      [{ ...teaSet, quantity: 600_000 }],
    ];
    for (const variants of wrong)
      given(...live)
        .when({ kind: 'OpenOffer', terms: { ...offered, variants } }, mina)
        .refused('offer-invalid', { field: 'parts' });
  });

  it('[PRI-20] whatever happens, each part that came is arrived, in a whole bundle, sold or back', () => {
    const who = fc.nat({ max: 3 }).map((n) => person(`p${n}`));
    const holdOf = fc.nat({ max: 5 }).map((n) => hold(`h${n}`));
    const of = (arbitrary: fc.Arbitrary<ShowCommand>, by: fc.Arbitrary<Actor>) =>
      fc.record({ command: arbitrary, by });
    const units = fc.constantFrom([lagoon, 3], [cup, 6], [spoon, 3]) as fc.Arbitrary<
      [VariantId, number]
    >;
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: of(
          units.map(([id, n]) => confirm(id, n)),
          fc.constant(system),
        ),
      },
      {
        weight: 6,
        arbitrary: of(
          fc
            .tuple(fc.constantFrom(lagoon, set, cup), fc.integer({ min: 1, max: 3 }), fc.nat(5))
            .map(([id, n, nth]) => claimOf(id, n, `h${nth}`)),
          who,
        ),
      },
      of(
        holdOf.map((holdId) => ({ kind: 'ReleaseHold', holdId }) as const),
        fc.constant(mina),
      ),
      of(
        holdOf.map((holdId) => ({ kind: 'SettleHold', holdId, orderId: order(holdId) }) as const),
        fc.constant(system),
      ),
      of(fc.constant({ kind: 'CloseOffer', offerId } as const), fc.constant(mina)),
      of(
        fc.constant({ kind: 'RefuseAllocation', offerId, variantId: spoon, available: 0 } as const),
        fc.constant(system),
      ),
      of(fc.constant({ kind: 'EndShow' } as const), fc.constant(mina)),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let seq = 0;
        let show: Show = showDecider.initial('s1');
        const evolve = (event: ShowEvent) => {
          show = showDecider.evolve(show, event, { seq: ++seq, atMs: startMs });
        };
        for (const event of [...live, requested]) evolve(event);
        // What stock has given for the offer and not had back or seen sold, by variant of the stock.
        const given = new Map<VariantId, number>();
        const add = (id: VariantId, n: number) => given.set(id, (given.get(id) ?? 0) + n);
        const confirmed = new Set<VariantId>();
        for (const { command, by } of steps) {
          // A stock stream confirms once.
          if (command.kind === 'ConfirmAllocation') {
            if (confirmed.has(command.variantId)) continue;
            confirmed.add(command.variantId);
          }
          const decided = showDecider.decide(show, command, {
            commandId: 'c' as never,
            atMs: startMs,
            by,
          });
          if (isRefusal(decided)) continue;
          for (const event of decided) {
            evolve(event);
            if (event.kind === 'OfferAllocated') add(event.data.variantId, event.data.quantity);
            if (event.kind === 'UnitsReleased' || event.kind === 'HoldSettled')
              for (const one of event.data.parts ?? [event.data]) add(one.variantId, -one.quantity);
          }
          const { pools, arrived } = show.sale.offers.get(offerId)!;
          const inPool = (id: VariantId) => pools.get(id)!.left + pools.get(id)!.held;
          expect(given.get(lagoon) ?? 0).toBe(inPool(lagoon));
          expect(given.get(cup) ?? 0).toBe(2 * inPool(set) + (arrived.get(cup) ?? 0));
          expect(given.get(spoon) ?? 0).toBe(inPool(set) + (arrived.get(spoon) ?? 0));
          const saved = JSON.parse(JSON.stringify(showDecider.save(show)));
          expect(showDecider.save(showDecider.load(saved))).toEqual(showDecider.save(show));
        }
      }),
      { numRuns: 400 },
    );
  });
});
