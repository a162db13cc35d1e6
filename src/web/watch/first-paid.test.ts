import { expect, it } from 'vitest';
import { problemOf } from '../../protocol/problems.ts';
import { ProblemError, unreachable } from '../live/http-client.ts';
import { takerOf, type UnheldUnits, unheld } from './first-paid.ts';

const units: UnheldUnits = {
  key: '7',
  offerId: 'o1',
  variantId: 'v1',
  productId: 'p1',
  title: 'Lagoon vase',
  quantity: 2,
  unitPrice: { minor: 8_600, currency: 'EUR' },
};

/** A shop that gives these answers, one for each try. */
const shopOf = (...answers: (string | Error)[]) => {
  const keys: (string | undefined)[] = [];
  const post = async (path: string, body?: unknown, options?: { idempotencyKey?: string }) => {
    expect([path, body]).toEqual([
      '/api/shows/s1/claims',
      { offerId: 'o1', variantId: 'v1', quantity: 2, confirmed: true },
    ]);
    keys.push(options?.idempotencyKey);
    const answer = answers.shift();
    if (typeof answer !== 'string') throw answer;
    return { holdId: answer, stream: 'show-s1' };
  };
  return { keys, taker: takerOf('s1', units, post as never) };
};
const refusal = (code: string) => new ProblemError(problemOf(code));

it('[CCL-8] shows units that nobody holds as what is to be paid, with no clock', () => {
  expect(unheld('s1', units)).toMatchObject({
    stream: 'show-s1',
    quantity: 2,
    unitPrice: units.unitPrice,
    expiresAtMs: Number.MAX_SAFE_INTEGER,
  });
});

it('[CCL-8] [LIM-11] takes once, as one who was asked about the sum, and keeps it for a second try at paying', async () => {
  const { keys, taker } = shopOf('h1');
  expect(await taker.take()).toMatchObject({ holdId: 'h1' });
  expect(await taker.take()).toMatchObject({ holdId: 'h1' });
  expect(keys).toHaveLength(1);
});

it('[CCL-8] asks anew under another key when it was refused, or the hold has run out', async () => {
  const { keys, taker } = shopOf(refusal('sold-out'), 'h1', 'h2');
  await expect(taker.take()).rejects.toThrow();
  expect(await taker.take()).toMatchObject({ holdId: 'h1' });
  taker.forget();
  expect(await taker.take()).toMatchObject({ holdId: 'h2' });
  expect(new Set(keys).size).toBe(3);
});

it('[CCL-8] asks again under the same key when the answer was lost', async () => {
  const { keys, taker } = shopOf(new ProblemError(unreachable), 'h1');
  await expect(taker.take()).rejects.toThrow();
  expect(await taker.take()).toMatchObject({ holdId: 'h1' });
  expect(new Set(keys).size).toBe(1);
});
