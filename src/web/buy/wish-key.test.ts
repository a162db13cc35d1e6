import { expect, it } from 'vitest';
import { createWishKey } from './wish-key.ts';

it('a wish keeps its key until it is answered; another wish has its own', () => {
  let ids = 0;
  const keys = createWishKey(() => `k${++ids}`);
  expect([keys.of('a'), keys.of('a')]).toEqual(['k1', 'k1']);
  keys.answered();
  expect(keys.of('a')).toBe('k2');
  expect([keys.of('b'), keys.of('b')]).toEqual(['k3', 'k3']);
});
