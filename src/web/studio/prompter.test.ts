import { describe, expect, it } from 'vitest';
import { lookFrom, prompterStart, prompterWish, withWish } from './prompter.ts';

describe('the prompter', () => {
  it('grows and runs within bounds', () => {
    let look = prompterStart;
    for (let press = 0; press < 50; press += 1) look = withWish(withWish(look, 'larger'), 'faster');
    expect([look.size, look.pace]).toEqual([160, 200]);
    for (let press = 0; press < 50; press += 1)
      look = withWish(withWish(look, 'smaller'), 'slower');
    expect([look.size, look.pace]).toEqual([24, 10]);
  });
  it('is mirrored, stopped and started by one key each', () => {
    for (const [key, field] of [
      ['m', 'mirrored'],
      [' ', 'running'],
    ] as const) {
      const wish = prompterWish(key);
      if (!wish) throw new Error(`${key} means nothing`);
      const once = withWish(prompterStart, wish);
      expect(once[field]).toBe(!prompterStart[field]);
      expect(withWish(once, wish)).toEqual(prompterStart);
    }
    expect(prompterWish('x')).toBeNull();
  });
  it('comes back as it was left, never running; nonsense is the start', () => {
    const look = { size: 80, pace: 20, mirrored: true, running: true };
    expect(lookFrom(JSON.stringify(look))).toEqual({ ...look, running: false });
    for (const text of [null, '', '{', '7', '{"size":"x","pace":null}'])
      expect(lookFrom(text)).toEqual(prompterStart);
    expect(lookFrom('{"size":9999}').size).toBe(160);
  });
});
