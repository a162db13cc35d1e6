// What must hold for any sequence of commands, whoever sends them: conservation, no event after the
// end, replay equals live, every prefix is a state, a snapshot is the state.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageId } from '../../base/brand.ts';
import { isRefusal } from '../../base/result.ts';
import { type Actor, system } from '../decider.ts';
import { ines, mina, person, startMs, testbed, tomasz } from '../testing/given.ts';
import {
  eur,
  hold,
  lagoon,
  ochre,
  offerId,
  order,
  plan,
  terms,
  vase,
  vaseItem,
} from '../testing/show-cast.ts';
import { type Show, type ShowCommand, showDecider } from './show.ts';

type Step = { command: ShowCommand; by: Actor; atMs: number };

const shopper = fc.constantFrom(ines, tomasz, person('petr'));
const holdId = fc.integer({ min: 0, max: 9 }).map((n) => hold(`h${n}`));
const variantId = fc.constantFrom(lagoon, ochre);

const command: fc.Arbitrary<{ command: ShowCommand; by: Actor }> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      command: fc.record({
        kind: fc.constant('Claim' as const),
        offerId: fc.constant(offerId),
        variantId,
        quantity: fc.integer({ min: -1, max: 3 }),
        holdId,
      }),
      by: shopper,
    }),
  },
  fc.record({
    command: fc.record({ kind: fc.constant('ReleaseHold' as const), holdId }),
    by: shopper,
  }),
  fc.record({
    command: holdId.map((id) => ({
      kind: 'BeginPayment' as const,
      holdId: id,
      orderId: order(id),
      attempt: 'a1',
    })),
    by: shopper,
  }),
  fc.record({
    command: holdId.map((id) => ({ kind: 'SettleHold' as const, holdId: id, orderId: order(id) })),
    by: fc.constant(system),
  }),
  fc.record({
    command: holdId.map((id) => ({
      kind: 'AbandonPayment' as const,
      holdId: id,
      orderId: order(id),
      attempt: null,
    })),
    by: fc.constant(system),
  }),
  fc.record({ command: fc.constant({ kind: 'ExpireHolds' as const }), by: fc.constant(system) }),
  fc.record({
    command: fc.record({
      kind: fc.constant('ConfirmAllocation' as const),
      offerId: fc.constant(offerId),
      variantId,
      quantity: fc.constant(3),
    }),
    by: fc.constant(system),
  }),
  fc.record({
    command: fc.record({
      kind: fc.constant('RefuseAllocation' as const),
      offerId: fc.constant(offerId),
      variantId,
      available: fc.constant(1),
    }),
    by: fc.constant(system),
  }),
  fc.record({
    command: fc.constantFrom<ShowCommand>(
      { kind: 'CloseOffer', offerId },
      { kind: 'PictureLost' },
      { kind: 'PictureOn' },
      { kind: 'PinProduct', productId: vase },
    ),
    by: fc.constant(mina),
  }),
  fc.record({ command: fc.constant<ShowCommand>({ kind: 'EndShow' }), by: fc.constant(mina) }),
  fc.record({
    command: fc.record({
      kind: fc.constant('PostMessage' as const),
      messageId: fc.integer({ max: 30, min: 0 }).map((n) => `m${n}` as MessageId),
      text: fc.string({ maxLength: 30 }),
      replyTo: fc.constant(null),
    }),
    by: shopper,
  }),
);

const opening: Step[] = [
  { command: { kind: 'PlanShow', plan }, by: mina, atMs: startMs },
  { command: { kind: 'StockShelf', items: [vaseItem] }, by: mina, atMs: startMs },
  { command: { kind: 'GoLive' }, by: mina, atMs: startMs },
  {
    command: {
      kind: 'OpenOffer',
      terms: {
        ...terms,
        variants: [
          ...terms.variants,
          {
            variantId: ochre,
            title: 'Ochre',
            price: eur(8600),
            usualPrice: eur(9800),
            quantity: 3,
          },
        ],
      },
    },
    by: mina,
    atMs: startMs,
  },
];

const steps = fc
  .array(fc.tuple(command, fc.integer({ min: 0, max: 20_000 })), { maxLength: 60 })
  .map((raw) => {
    let atMs = startMs;
    return [...opening, ...raw.map(([step, waitMs]) => ({ ...step, atMs: (atMs += waitMs) }))];
  });

const bed = testbed(showDecider);

const unitsHeld = (show: Show) =>
  [...show.sale.holds.values()].reduce((sum, { quantity }) => sum + quantity, 0);

const checkConservation = (show: Show): void => {
  let held = 0;
  for (const offer of show.sale.offers.values()) {
    for (const pool of offer.pools.values()) {
      expect(pool.allocated).toBe(pool.left + pool.held + pool.sold);
      expect(Math.min(pool.left, pool.held, pool.sold)).toBeGreaterThanOrEqual(0);
      held += pool.held;
    }
    for (const [, taken] of offer.taken)
      expect(taken).toBeLessThanOrEqual(offer.terms.perPersonMax ?? Infinity);
  }
  expect(held).toBe(unitsHeld(show));
};

describe('a show, whatever is sent to it', () => {
  it('[OFF-4] conserves units at every prefix of its log, and no person exceeds the limit', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const { events } = bed.play(given);
        let state = showDecider.initial('x');
        events.forEach(({ event, atMs }, index) => {
          state = showDecider.evolve(state, event, { seq: index + 1, atMs });
        });
        checkConservation(state);
      }),
    );
  });

  it('replay equals live, and a snapshot is the state', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (given, cut) => {
        const { state: live, events } = bed.play(given);
        let replayed = showDecider.initial('x');
        const at = events.length === 0 ? 0 : cut % events.length;
        events.forEach(({ event, atMs }, index) => {
          if (index === at) replayed = showDecider.load(showDecider.save(replayed));
          replayed = showDecider.evolve(replayed, event, { seq: index + 1, atMs });
        });
        expect(showDecider.save(replayed)).toEqual(showDecider.save(live));
        expect(showDecider.deadline(replayed)).toEqual(showDecider.deadline(live));
      }),
    );
  });

  it('[CHA-1] nothing is claimed, said or pinned after the end', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const { events } = bed.play(given);
        const end = events.findIndex(({ event }) => event.kind === 'ShowEnded');
        if (end < 0) return;
        const after = new Set(events.slice(end + 1).map(({ event }) => event.kind));
        for (const kind of [
          'HoldPlaced',
          'MessagePosted',
          'ProductPinned',
          'OfferOpened',
          'ShowStarted',
        ] as const) {
          expect(after.has(kind)).toBe(false);
        }
      }),
    );
  });

  it('deciding reads: it never changes the state', () => {
    fc.assert(
      fc.property(steps, command, (given, last) => {
        const { state } = bed.play(given);
        const before = JSON.stringify(showDecider.save(state));
        showDecider.decide(state, last.command, {
          commandId: 'c' as never,
          atMs: startMs + 9_000_000,
          by: last.by,
        });
        expect(JSON.stringify(showDecider.save(state))).toBe(before);
      }),
    );
  });

  it('[OFF-7] time alone brings every unit back or to a buyer: nothing is stranded', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const { state, events } = bed.play(given);
        let atMs = events.at(-1)?.atMs ?? startMs;
        let seq = events.length;
        for (let due = showDecider.deadline(state); due; due = showDecider.deadline(state)) {
          atMs = Math.max(atMs, due.atMs);
          const decided = showDecider.decide(state, due.command, {
            commandId: 'c' as never,
            atMs,
            by: system,
          });
          if (isRefusal(decided) || decided.length === 0)
            throw new Error(`deadline ${due.command.kind} changes nothing`);
          for (const event of decided) showDecider.evolve(state, event, { seq: ++seq, atMs });
        }
        expect(unitsHeld(state)).toBe(0);
        for (const offer of state.sale.offers.values()) {
          if (offer.phase !== 'open' && offer.phase !== 'allocating') {
            for (const pool of offer.pools.values()) expect(pool.allocated).toBe(pool.sold);
          }
        }
      }),
    );
  });
});
