// What must hold for any crowd that claims by comment, whatever it writes and however holds end: units are
// conserved, nobody waits while one is left, replay equals live, a snapshot is the state.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageId } from '../../base/brand.ts';
import { isRefusal } from '../../base/result.ts';
import { type Actor, system } from '../decider.ts';
import { type Show, type ShowCommand, type ShowEvent, showDecider } from '../show/show.ts';
import { ines, mina, otto, person, startMs, tomasz } from '../testing/given.ts';
import {
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
import { commentPolicies } from './comment-sale.ts';

type Step = { readonly command: ShowCommand; readonly by: Actor; readonly waitMs: number };

const crowd = fc.constantFrom(ines, tomasz, person('petr'), person('olga'), mina);
const words = fc.constantFrom(
  ...['LAGOON', 'lagoon 2', '2x ochre', 'sold ochre', 'ochre x3', 'lagoon?', 'no lagoon'],
  ...['lagoon ochre', 'lagoon 0', 'hello', 'OCHRE!'],
);
/** Holds and messages are named alike: a hold that a comment placed can be ended. */
const name = fc.integer({ min: 0, max: 40 }).map((n) => `m${n}`);

const step = (nth: number): fc.Arbitrary<Step> =>
  fc.constantFrom(0, 1, 5_000, 20_000).chain((waitMs) =>
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({ text: words, by: crowd }).map(({ text, by }) => ({
          command: {
            kind: 'PostMessage' as const,
            messageId: `m${nth}` as MessageId,
            text,
            replyTo: null,
            holdId: hold(`m${nth}`),
          },
          by,
          waitMs,
        })),
      },
      fc.record({ holdId: name.map(hold), by: crowd }).map(({ holdId, by }) => ({
        command: { kind: 'ReleaseHold' as const, holdId },
        by,
        waitMs,
      })),
      name.map((id) => ({
        command: { kind: 'SettleHold' as const, holdId: hold(id), orderId: order(id) },
        by: system,
        waitMs,
      })),
      fc.constant({ command: { kind: 'ExpireHolds' as const }, by: system, waitMs }),
      fc
        .record({ by: crowd, variantId: fc.constantFrom(lagoon, ochre) })
        .map(({ by, variantId }) => ({
          command: { kind: 'LeaveCommentLine' as const, offerId, variantId },
          by,
          waitMs,
        })),
      fc
        .record({ by: crowd, variantId: fc.constantFrom(lagoon, ochre) })
        .map(({ by, variantId }) => ({
          command: {
            kind: 'Claim' as const,
            offerId,
            variantId,
            quantity: 1,
            holdId: hold(`c${nth}`),
          },
          by,
          waitMs,
        })),
      {
        weight: 1,
        arbitrary: fc
          .constantFrom<{ command: ShowCommand; by: Actor }>(
            { command: { kind: 'CloseOffer', offerId }, by: mina },
            { command: { kind: 'SwitchCommentClaims', isOn: false }, by: otto },
            { command: { kind: 'SwitchCommentClaims', isOn: true }, by: otto },
            {
              command: {
                kind: 'BarBuyer',
                personId: 'petr' as never,
                isBarred: true,
                reason: 'spoils',
              },
              by: mina,
            },
          )
          .map((one) => ({ ...one, waitMs })),
      },
    ),
  );

const opening = (policy: (typeof commentPolicies)[number]): Step[] => [
  { command: { kind: 'PlanShow', plan }, by: mina, waitMs: 0 },
  { command: { kind: 'SwitchCommentClaims', isOn: true }, by: otto, waitMs: 0 },
  { command: { kind: 'StockShelf', items: [vaseItem] }, by: mina, waitMs: 0 },
  { command: { kind: 'GoLive' }, by: mina, waitMs: 0 },
  {
    command: {
      kind: 'OpenOffer',
      terms: {
        ...terms,
        productId: vase,
        perPersonMax: 3,
        durationMs: 600_000,
        variants: [lagoon, ochre].map((variantId) => ({ ...terms.variants[0]!, variantId })),
        comments: {
          policy,
          codes: [
            { variantId: lagoon, word: 'LAGOON' },
            { variantId: ochre, word: 'OCHRE' },
          ],
        },
      },
    },
    by: mina,
    waitMs: 0,
  },
  ...[lagoon, ochre].map((variantId) => ({
    command: { kind: 'ConfirmAllocation' as const, offerId, variantId, quantity: 2 },
    by: system,
    waitMs: 0,
  })),
];

type Played = {
  readonly show: Show;
  readonly events: readonly ShowEvent[];
  readonly atMs: number[];
};

const play = (steps: readonly Step[], after: (show: Show, nowMs: number) => void): Played => {
  let show = showDecider.initial('x');
  let nowMs = startMs;
  const events: ShowEvent[] = [];
  const times: number[] = [];
  const decide = (command: ShowCommand, by: Actor) => {
    const decided = showDecider.decide(show, command, {
      commandId: 'c' as never,
      atMs: nowMs,
      by,
    });
    if (isRefusal(decided)) return;
    for (const event of decided) {
      events.push(event);
      times.push(nowMs);
      show = showDecider.evolve(show, event, { seq: events.length, atMs: nowMs });
    }
    after(show, nowMs);
  };
  for (const { command, by, waitMs } of steps) {
    nowMs += waitMs;
    decide(command, by);
  }
  return { show, events, atMs: times };
};

const evening = fc
  .constantFrom(...commentPolicies)
  .chain((policy) =>
    fc
      .tuple(...Array.from({ length: 40 }, (_, nth) => step(nth)))
      .map((steps) => ({ policy, steps: [...opening(policy), ...steps] })),
  );

describe('any crowd that claims by comment', () => {
  it('[CCL-15] conserves units, and nobody waits while one is left', () => {
    let waited = 0;
    let served = 0;
    fc.assert(
      fc.property(evening, ({ steps }) => {
        const { events } = play(steps, ({ sale }, nowMs) => {
          const offer = sale.offers.get(offerId);
          for (const [variantId, pool] of offer?.pools ?? []) {
            const { allocated, left, held, sold } = pool;
            expect(left + held + sold).toBe(allocated);
            const waits = (sale.comments.lines.get(offerId) ?? []).some(
              (one) => one.variantId === variantId,
            );
            if (waits && nowMs < (offer?.closesAtMs ?? 0)) expect(left).toBe(0);
            if (offer?.phase === 'closed') expect(waits).toBe(false);
          }
          for (const taken of offer?.taken.values() ?? []) expect(taken).toBeLessThanOrEqual(3);
        });
        waited += events.filter(({ kind }) => kind === 'CommentWaiting').length;
        served += events.filter(({ kind }) => kind === 'CommentServed').length;
      }),
      { seed: 7, numRuns: 500 },
    );
    // The evenings are full enough to prove something.
    expect(waited).toBeGreaterThan(100);
    expect(served).toBeGreaterThan(30);
  });

  it('[CCL-9] serves each variant’s line in the order of arrival', () => {
    fc.assert(
      fc.property(evening, ({ steps }) => {
        const lines = new Map<string, string[]>();
        for (const { kind, data } of play(steps, () => {}).events) {
          if (kind === 'CommentWaiting')
            lines.set(data.variantId, [...(lines.get(data.variantId) ?? []), data.holdId]);
          if (kind !== 'CommentServed' && kind !== 'CommentLineLeft') continue;
          const line = lines.get(data.variantId) ?? [];
          if (kind === 'CommentServed') expect(line[0]).toBe(data.holdId);
          lines.set(
            data.variantId,
            line.filter((one) => one !== data.holdId),
          );
        }
      }),
      { seed: 8, numRuns: 200 },
    );
  });

  it('[CCL-6] is the same evening when it is replayed, at any place, and from a snapshot', () => {
    fc.assert(
      fc.property(evening, fc.nat({ max: 60 }), ({ steps }, upTo) => {
        const { show, events, atMs } = play(steps, () => {});
        let again = showDecider.initial('x');
        events.forEach((event, index) => {
          if (index === upTo) again = showDecider.load(showDecider.save(again));
          again = showDecider.evolve(again, event, { seq: index + 1, atMs: atMs[index]! });
        });
        expect(again.sale).toEqual(show.sale);
      }),
      { numRuns: 100 },
    );
  });
});
