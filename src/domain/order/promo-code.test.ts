import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProductId } from '../../base/brand.ts';
import { isRefusal } from '../../base/result.ts';
import { type Actor, system } from '../decider.ts';
import { ines, mina, otto, person, startMs, testbed, tomasz } from '../testing/given.ts';
import { eur, order, personId } from '../testing/show-cast.ts';
import {
  discountOf,
  normalCode,
  outOfTime,
  type PromoCodeCommand,
  type PromoCodeEvent,
  type PromoTerms,
  promoCodeDecider,
} from './promo-code.ts';

const { given, fold } = testbed(promoCodeDecider);
const terms: PromoTerms = {
  // The stream's id in every test.
  code: 'x',
  off: { kind: 'percent', percent: 10 },
  currency: 'EUR',
  productIds: null,
  minimumMinor: 0,
  fromMs: startMs,
  untilMs: startMs + 60_000,
  usesMax: 2,
  perPersonMax: 1,
};
const made = (over: Partial<PromoTerms> = {}): PromoCodeEvent => ({
  kind: 'CodeMade',
  data: { terms: { ...terms, ...over } },
});
const ended: PromoCodeEvent = { kind: 'CodeEnded', data: {} };
const reserve = (orderId: string, useId = `${orderId}-1`): PromoCodeCommand => ({
  kind: 'ReserveUse',
  orderId: order(orderId),
  useId,
});
const reserved = (orderId: string, who: string, useId = `${orderId}-1`): PromoCodeEvent => ({
  kind: 'CodeUseReserved',
  data: { orderId: order(orderId), useId, personId: personId(who) },
});
const moved = (orderId: string, useId: string): PromoCodeEvent => ({
  kind: 'CodeUseMoved',
  data: { orderId: order(orderId), useId },
});
const returnUse = (orderId: string, ...useIds: string[]): PromoCodeCommand => ({
  kind: 'ReturnUse',
  orderId: order(orderId),
  useIds,
});
const returned = (orderId: string): PromoCodeEvent => ({
  kind: 'CodeUseReturned',
  data: { orderId: order(orderId) },
});
const barred = (...useIds: string[]): PromoCodeEvent => ({
  kind: 'CodeUseBarred',
  data: { useIds },
});

describe('a promo code', () => {
  it('[PRI-10] is the same however it is typed', () => {
    expect(['spring10', ' Spring 10 ', 'SPRING10'].map(normalCode)).toEqual(
      Array(3).fill('SPRING10'),
    );
    for (const wrong of ['ab', '-ABC', 'ÄBC', 'A/B/C', 'A'.repeat(33), ''])
      expect(normalCode(wrong)).toBeNull();
    expect(normalCode('A'.repeat(32))).not.toBeNull();
  });
  it('[PRI-9] is made once, by the owner, and ended by the owner', () => {
    const upper = testbedOf('SPRING');
    upper.made(otto).then();
    for (const by of [mina, ines]) upper.made(by).refused('not-allowed');
    given(made()).when({ kind: 'MakeCode', terms }, otto).refused('code-exists');
    given(made()).when({ kind: 'EndCode' }, otto).then(ended);
    given(made(), ended).when({ kind: 'EndCode' }, otto).then();
    given(made()).when({ kind: 'EndCode' }, mina).refused('not-allowed');
    given().when({ kind: 'EndCode' }, otto).refused('code-unknown');
  });
  it('[PRI-9] refuses terms that can’t be, by the field’s name', () => {
    const wrong: [string, Partial<PromoTerms>][] = [
      ['code', { code: 'OTHER' }],
      ['percent', { off: { kind: 'percent', percent: 0 } }],
      ['percent', { off: { kind: 'percent', percent: 101 } }],
      ['percent', { off: { kind: 'percent', percent: 12.5 } }],
      ['amount', { off: { kind: 'amount', minor: 0 } }],
      ['currency', { currency: 'euro' }],
      ['productIds', { productIds: [] }],
      ['minimumMinor', { minimumMinor: -1 }],
      ['fromMs', { fromMs: 0.5 }],
      ['untilMs', { untilMs: startMs }],
      ['untilMs', { fromMs: startMs - 9, untilMs: startMs - 1 }],
      ['untilMs', { fromMs: startMs + 9_000, untilMs: startMs + 5_000 }],
      ['untilMs', { fromMs: startMs + 9_000, untilMs: startMs + 9_000 }],
      ['usesMax', { usesMax: 0 }],
      ['perPersonMax', { perPersonMax: 0 }],
    ];
    for (const [field, over] of wrong)
      testbedOf('SPRING').made(otto, over).refused('code-invalid', { field });
  });

  it('[PRI-10] counts from its beginning until its end, not at it', () => {
    const late = startMs + 60_000;
    given(made()).when(reserve('o1'), ines, startMs).then(reserved('o1', 'ines'));
    given(made())
      .when(reserve('o1'), ines, late - 1)
      .then(reserved('o1', 'ines'));
    given(made()).when(reserve('o1'), ines, late).refused('code-over');
    given(made({ fromMs: startMs + 1 }))
      .when(reserve('o1'), ines)
      .refused('code-not-begun', { fromMs: startMs + 1 });
    given(made(), ended).when(reserve('o1'), ines).refused('code-over');
    given().when(reserve('o1'), ines).refused('code-unknown');
    expect(outOfTime({ ...terms, untilMs: null }, false, Number.MAX_SAFE_INTEGER)).toBeNull();
  });

  it('[PRI-13] keeps its limits: in total, and of a person', () => {
    given(made(), reserved('o1', 'ines'))
      .when(reserve('o2'), ines)
      .refused('code-used', { max: 1 });
    const full = [made(), reserved('o1', 'ines'), reserved('o2', 'bo')];
    given(...full)
      .when(reserve('o3'), tomasz)
      .refused('code-used-up');
    given(...full, returned('o1'))
      .when(reserve('o3'), tomasz)
      .then(reserved('o3', 'tomasz'));
    given(...full, returned('o1'))
      .when(reserve('o3'), ines)
      .then(reserved('o3', 'ines'));
  });
  it('[PRI-13] an order that is placed again keeps its use, also when the code is full', () => {
    const full = [made(), reserved('o1', 'ines'), reserved('o2', 'bo')];
    given(...full)
      .when(reserve('o1'), ines)
      .then();
    given(...full)
      .when(reserve('o1', 'o1-2'), ines)
      .then(moved('o1', 'o1-2'));
    given(...full)
      .when(reserve('o1', 'o1-2'), tomasz)
      .refused('not-allowed');
  });

  it('[PRI-14] a use comes back once, and only by the system', () => {
    const used = [made(), reserved('o1', 'ines')];
    given(...used)
      .when(returnUse('o1', 'o1-1'), system)
      .then(returned('o1'));
    given(...used)
      .when(returnUse('o1', 'o1-1'), ines)
      .refused('not-allowed');
    given(...used, returned('o1'))
      .when(returnUse('o1', 'o1-1'), system)
      .then(barred('o1-1'));
    given(...used, returned('o1'), barred('o1-1'))
      .when(returnUse('o1', 'o1-1'), system)
      .then();
  });
  it('[PRI-14] a use that a later placing has taken over stays', () => {
    const again = [made(), reserved('o1', 'ines'), moved('o1', 'o1-3')];
    given(...again)
      .when(returnUse('o1', 'o1-1', 'o1-2'), system)
      .then();
    given(...again)
      .when(returnUse('o1', 'o1-1', 'o1-3'), system)
      .then(returned('o1'));
  });
  it('[PRI-14] a use that comes after its order was cancelled is refused', () => {
    given(made()).when(returnUse('o1', 'o1-1'), system).then(barred('o1-1'));
    given(made(), barred('o1-1')).when(reserve('o1'), ines).refused('order-not-open');
    given(made(), barred('o1-1'))
      .when(reserve('o1', 'o1-2'), ines)
      .then(reserved('o1', 'ines', 'o1-2'));
  });

  it('[PRI-13] [PRI-14] whatever comes in whatever order: limits hold, uses add up, snapshots are the same', () => {
    const who = fc.nat({ max: 3 }).map((n) => person(`p${n}`));
    const orderOf = fc.nat({ max: 5 }).map((n) => `o${n}`);
    const use = fc.nat({ max: 2 });
    const step: fc.Arbitrary<{ command: PromoCodeCommand; by: Actor }> = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          command: fc.tuple(orderOf, use).map(([id, nth]) => reserve(id, `${id}-${nth}`)),
          by: who,
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          command: fc
            .tuple(orderOf, fc.uniqueArray(use, { minLength: 1 }))
            .map(([id, nths]) => returnUse(id, ...nths.map((nth) => `${id}-${nth}`))),
          by: fc.constant(system),
        }),
      },
      fc.record({
        command: fc.constant<PromoCodeCommand>({ kind: 'EndCode' }),
        by: fc.constant(otto),
      }),
    );
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 2 }),
        (steps, usesMax, perPersonMax) => {
          let state = fold([made({ usesMax, perPersonMax, untilMs: null })], startMs);
          let uses = 0;
          for (const { command, by } of steps) {
            const decided = promoCodeDecider.decide(state, command, {
              commandId: 'c' as never,
              atMs: startMs,
              by,
            });
            if (isRefusal(decided)) continue;
            for (const event of decided) {
              state = promoCodeDecider.evolve(state, event, { seq: 1, atMs: startMs });
              if (event.kind === 'CodeUseReserved') uses += 1;
              if (event.kind === 'CodeUseReturned') uses -= 1;
            }
            expect(state.uses.size).toBe(uses);
            expect(uses).toBeLessThanOrEqual(usesMax);
            const byPerson = Map.groupBy(state.uses.values(), ({ personId: id }) => id);
            expect([...state.usesOf].sort()).toEqual(
              [...byPerson].map(([id, own]) => [id, own.length]).sort(),
            );
            for (const count of state.usesOf.values())
              expect(count).toBeLessThanOrEqual(perPersonMax);
          }
          const saved = JSON.parse(JSON.stringify(promoCodeDecider.save(state)));
          expect(promoCodeDecider.load(saved)).toEqual(state);
        },
      ),
    );
  });
});

describe('what it takes off', () => {
  const line = (product: string, minor: number, quantity = 1) => ({
    productId: product as ProductId,
    unitPrice: eur(minor),
    quantity,
  });
  it('[PRI-11] a share is rounded half up, an amount is what it says', () => {
    expect(discountOf(terms, [line('vase', 8_605)])).toEqual(eur(861));
    expect(discountOf(terms, [line('vase', 8_604)])).toEqual(eur(860));
    const five: PromoTerms = { ...terms, off: { kind: 'amount', minor: 500 } };
    expect(discountOf(five, [line('vase', 8_605, 2)])).toEqual(eur(500));
    expect(discountOf(five, [line('vase', 300)])).toEqual(eur(300));
  });
  it('[PRI-11] it is for its products alone', () => {
    const ofVase: PromoTerms = { ...terms, productIds: ['vase' as ProductId] };
    expect(discountOf(ofVase, [line('vase', 8_000), line('bowl', 2_000)])).toEqual(eur(800));
    expect(discountOf(ofVase, [line('bowl', 2_000)])).toEqual({ refused: 'code-not-for-these' });
    expect(discountOf(terms, [line('vase', 0)])).toEqual({ refused: 'code-not-for-these' });
    expect(discountOf({ ...terms, currency: 'USD' }, [line('vase', 1)])).toEqual({
      refused: 'code-not-for-these',
    });
  });
  it('[PRI-11] the order must come to its minimum, with all its goods', () => {
    const from100: PromoTerms = { ...terms, minimumMinor: 10_000 };
    expect(discountOf(from100, [line('vase', 8_000), line('bowl', 1_000, 2)])).toEqual(eur(1_000));
    expect(discountOf(from100, [line('vase', 9_999)])).toEqual({
      refused: 'code-minimum',
      detail: { minimumMinor: 10_000, currency: 'EUR' },
    });
  });
  it('[PRI-11] never more than the goods, never less than nothing', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.constantFrom('vase', 'bowl'),
            fc.nat(100_000),
            fc.integer({ min: 1, max: 9 }),
          ),
          {
            minLength: 1,
          },
        ),
        fc.oneof(
          fc.record({
            kind: fc.constant('percent' as const),
            percent: fc.integer({ min: 1, max: 100 }),
          }),
          fc.record({
            kind: fc.constant('amount' as const),
            minor: fc.integer({ min: 1, max: 900_000 }),
          }),
        ),
        (sold, off) => {
          const lines = sold.map(([product, minor, quantity]) => line(product, minor, quantity));
          const ofVase = { ...terms, off, productIds: ['vase' as ProductId] };
          const discount = discountOf(ofVase, lines);
          const vases = lines
            .filter(({ productId }) => productId === 'vase')
            .reduce((sum, { unitPrice, quantity }) => sum + unitPrice.minor * quantity, 0);
          if (isRefusal(discount)) {
            expect(vases).toBe(0);
            return;
          }
          expect(discount.minor).toBeGreaterThanOrEqual(0);
          expect(discount.minor).toBeLessThanOrEqual(vases);
        },
      ),
    );
  });
});

/** Making a code with a name of its own: the other tests' stream is called `x`, which is too short for one. */
const testbedOf = (code: string) => ({
  made: (by: Actor, over: Partial<PromoTerms> = {}) => {
    const wish = { ...terms, code, ...over };
    const decided = promoCodeDecider.decide(
      promoCodeDecider.initial(code),
      { kind: 'MakeCode', terms: wish },
      { commandId: 'c' as never, atMs: startMs, by },
    );
    return {
      then: () => expect(decided).toEqual([{ kind: 'CodeMade', data: { terms: wish } }]),
      refused: (reason: string, detail?: object) =>
        expect(decided).toEqual({ refused: reason, ...(detail && { detail }) }),
    };
  },
});
