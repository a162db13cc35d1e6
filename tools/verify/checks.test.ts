// The checks beyond the chain, each against an evening that a lying shop sealed and signed properly.

import { expect, test } from 'vitest';
import { publishedEvening } from '../../src/receipts/published-show.fixture.ts';
import { verifyLog } from '../../src/receipts/verify-log.ts';
import { checks } from './checks.ts';

type Change = Parameters<typeof publishedEvening>[0];

const verdictOn = async (change?: Change) => {
  const { text } = await publishedEvening(change);
  return verifyLog(
    (async function* () {
      yield Buffer.from(text);
    })(),
    { checks },
  );
};

/** The evening with the data of one kind of event changed. */
const withData =
  (kind: string, change: object): Change =>
  (told) =>
    told.map(([by, ...events]) => [
      by,
      ...events.map((event) =>
        event.kind === kind ? { ...event, data: { ...(event.data as object), ...change } } : event,
      ),
    ]);

test('an honest evening passes', async () => {
  expect(await verdictOn()).toMatchObject({ ok: true });
});

test('[OFF-4] a unit that was promised twice is found at the claim', async () => {
  expect(await verdictOn(withData('OfferAllocated', { quantity: 2 }))).toEqual({
    ok: false,
    seq: 10,
    why: '3 in carts, 0 sold and 0 given back are more than the 2 that the offer had (no unit was promised twice)',
  });
});

/** The evening with its vases sold as sets of two cups and a saucer, of which so many cups came. */
const asSets =
  (cups: number): Change =>
  (told) =>
    told.map(([by, ...events]) => [
      by,
      ...events.flatMap((event) => {
        const data = event.data as { terms: { variants: object[] } };
        if (event.kind === 'OfferAllocated')
          return [
            { ...event, data: { ...data, variantId: 'cup', quantity: cups } },
            { ...event, data: { ...data, variantId: 'saucer', quantity: 3 } },
          ];
        if (event.kind !== 'OfferRequested') return [event];
        const parts = [
          { variantId: 'cup', productId: 'tea', title: 'Cup', quantity: 2 },
          { variantId: 'saucer', productId: 'tea', title: 'Saucer', quantity: 1 },
        ];
        const variants = data.terms.variants.map((variant) => ({ ...variant, parts }));
        return [{ ...event, data: { terms: { ...data.terms, variants } } }];
      }),
    ]);

test('[PRI-19] sets are counted as their parts: an honest evening passes, a cup too few is found', async () => {
  expect(await verdictOn(asSets(6))).toMatchObject({ ok: true });
  expect(await verdictOn(asSets(5))).toMatchObject({
    ok: false,
    seq: 11,
    why: expect.stringMatching(/^6 in carts, 0 sold and 0 given back are more than the 5 /),
  });
});

test('a hold that ends twice, or was never placed, is found', async () => {
  const twice = await verdictOn((told) => [
    ...told,
    told.find(([, e]) => e!.kind === 'HoldExpired')!,
  ]);
  expect(twice).toMatchObject({ ok: false, why: expect.stringContaining('doesn’t stand') });
  const again = await verdictOn((told) => [...told.slice(0, 9), told[8]!]);
  expect(again).toMatchObject({ ok: false, why: expect.stringContaining('stands already') });
});

test('[OFF-6] one person above the offer’s limit is found, by the pseudonym alone', async () => {
  const verdict = await verdictOn(withData('HoldPlaced', { personId: 'bob' }));
  expect(verdict).toMatchObject({
    ok: false,
    seq: 10,
    why: expect.stringMatching(/^[A-Za-z0-9_-]{22} has 3 of an offer of which a person may have 2/),
  });
});
