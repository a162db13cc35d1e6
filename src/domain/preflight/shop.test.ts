import { describe, expect, it } from 'vitest';
import { judgeShop, type ShopFacts } from './shop.ts';
import { judge, verdictOf } from './verdict.ts';

const bowl = {
  title: 'Lagoon bowl',
  variants: [
    { priceMinor: 4_800, referenceMinor: 4_800, available: 3 },
    { priceMinor: 5_200, referenceMinor: 5_200, available: 0 },
  ],
};
const good: ShopFacts = {
  shelf: [bowl],
  planned: [{ title: 'Lagoon bowl', needed: 1, available: 3 }],
  refused: [],
  shippingMinor: 490,
  disclosure: 'own-brand',
  undisclosed: [],
  moderators: 2,
};
const found = (change: Partial<ShopFacts>, topic: string) =>
  judgeShop({ ...good, ...change }).find((one) => one.topic === topic);

describe('the shop before a show', () => {
  it('[PRE-13] that has all it needs is green', () => {
    expect(judgeShop(good).map(({ code, grade }) => [code, grade])).toEqual([
      ['shelf-filled', 'green'],
      ['stock-enough', 'green'],
      ['prices-set', 'green'],
      ['references-fit', 'green'],
      ['shipping-set', 'green'],
      ['disclosure-told', 'green'],
      ['moderators-there', 'green'],
    ]);
  });

  it.each([
    [{ shelf: [] }, 'shelf', 'shelf-empty', 'amber'],
    [{ shippingMinor: 0 }, 'shipping', 'shipping-free', 'amber'],
    [{ disclosure: 'none' }, 'disclosure', 'disclosure-none', 'amber'],
    [{ undisclosed: ['Ring'] }, 'disclosure', 'disclosure-missing', 'red'],
    [{ moderators: 0 }, 'moderators', 'moderators-none', 'amber'],
    [{ refused: ['Ring'] }, 'stock', 'stock-short', 'red'],
  ] as const)('[PRE-13] with %j is told so', (change, topic, code, grade) => {
    expect(found(change, topic)).toMatchObject({ code, grade });
  });

  it('[PRE-13] names what there is less of than lots need', () => {
    const planned = [
      { title: 'Lagoon bowl', needed: 4, available: 3 },
      { title: 'Vase', needed: 1, available: 1 },
    ];
    expect(found({ planned }, 'stock')).toEqual({
      topic: 'stock',
      code: 'stock-short',
      grade: 'red',
      value: 1,
      names: ['Lagoon bowl'],
    });
  });

  it('[PRE-13] names what is sold out wholly, and the first five of many', () => {
    const out = { title: 'Cup', variants: [{ priceMinor: 1, referenceMinor: 1, available: 0 }] };
    expect(found({ shelf: [bowl, out] }, 'stock')).toMatchObject({
      code: 'stock-out',
      grade: 'amber',
      names: ['Cup'],
    });
    const many = found({ shelf: Array.from({ length: 9 }, () => out) }, 'stock');
    expect(many?.value).toBe(9);
    expect(many?.names).toHaveLength(5);
  });

  it('[PRE-13] names what costs nothing, and what was cheaper in the 30 days before', () => {
    const [variant] = bowl.variants;
    const free = { title: 'Gift', variants: [{ ...variant!, priceMinor: 0, referenceMinor: 0 }] };
    expect(found({ shelf: [bowl, free] }, 'prices')).toMatchObject({
      code: 'price-missing',
      grade: 'red',
      names: ['Gift'],
    });
    const raised = { title: 'Vase', variants: [{ ...variant!, referenceMinor: 4_000 }] };
    expect(found({ shelf: [bowl, raised] }, 'reference')).toMatchObject({
      code: 'reference-lower',
      names: ['Vase'],
    });
  });
});

describe('the verdict', () => {
  const none = { microphone: null, camera: null, line: null };

  it('[PRE-1] is the worst of what was found', () => {
    const shop = judgeShop(good);
    expect(verdictOf(judge(none, shop))).toBe('green');
    expect(verdictOf(judge(none, judgeShop({ ...good, moderators: 0 })))).toBe('amber');
    const quiet = { levelLufs: -45, clippedShare: 0, noiseLufs: -80, echoDb: null };
    const microphone = { ...quiet, echoDelayMs: null };
    expect(verdictOf(judge({ ...none, microphone }, judgeShop({ ...good, moderators: 0 })))).toBe(
      'red',
    );
  });

  it('[PRE-1] of a device that gives nothing, or a line that doesn’t come about, is red', () => {
    const denied = judge({ ...none, camera: { trouble: 'denied' } }, []);
    expect(denied.camera).toMatchObject([{ code: 'device-denied', grade: 'red' }]);
    expect(verdictOf(denied)).toBe('red');
    expect(verdictOf(judge({ ...none, line: { failed: 'media-unavailable' } }, []))).toBe('red');
  });

  it('[PRE-1] says nothing about what wasn’t run', () => {
    expect(judge(none, [])).toEqual({ microphone: [], camera: [], line: [], shop: [] });
  });
});
