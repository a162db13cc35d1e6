// Canonical JSON: one text for equal values, and nothing lost on the way there and back.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../base/json.ts';
import { canonicalJson } from './canonical-json.ts';

/** Any JSON, with unicode of every kind: lone surrogates, controls, emoji. */
const anyJson = fc.jsonValue({ stringUnit: 'binary' }).map((value) => value as Json);

/** The same value with the members of every object put in another order. */
const reordered = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reordered(member)]),
  );
};

describe('canonical JSON', () => {
  test('[LOG-2] any JSON comes back equal, and its text is the same again', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const text = canonicalJson(value);
        const back = JSON.parse(text) as Json;
        // -0 is the one value that comes back as another: it is written 0.
        expect(JSON.stringify(back)).toBe(
          JSON.stringify(JSON.parse(JSON.stringify(sorted(value)))),
        );
        expect(canonicalJson(back)).toBe(text);
      }),
      { numRuns: 2_000, seed: 20261124 },
    );
  });

  test('[LOG-8] the order of members makes no difference', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(canonicalJson(reordered(value))).toBe(canonicalJson(value));
      }),
      { numRuns: 1_000, seed: 20261124 },
    );
  });

  test('[LOG-8] values that differ have texts that differ', () => {
    fc.assert(
      fc.property(anyJson, anyJson, (a, b) => {
        const same = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
        expect(canonicalJson(a) === canonicalJson(b)).toBe(same);
      }),
      { numRuns: 1_000, seed: 20261124 },
    );
  });

  test.each<[Json, string]>([
    [{ b: 1, a: [-0, 'é'] }, '{"a":[0,"é"],"b":1}'],
    // RFC 8785, 3.2.3: sorted by UTF-16 code units, so an emoji stands before a letter from U+F900 up.
    [{ '\ufb33': 1, '😀': 2, '\r': 3, '1': 4, '€': 5 }, '{"\\r":3,"1":4,"€":5,"😀":2,"\ufb33":1}'],
    [
      [1e30, 4.5, 0.002, 1e-27, 333333333.3333333, 2 ** 53],
      '[1e+30,4.5,0.002,1e-27,333333333.3333333,9007199254740992]',
    ],
    ['\ud800', '"\\ud800"'],
    ['\u0000\u007f\u2028/', '"\\u0000\u007f\u2028/"'],
    [JSON.parse('{"__proto__":1,"constructor":2}') as Json, '{"__proto__":1,"constructor":2}'],
    [{ a: undefined, b: 1 } as unknown as Json, '{"b":1}'],
  ])('[LOG-8] %j', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test.each([
    NaN,
    Infinity,
    1n,
    new Date(0),
    new Map(),
    undefined,
    [undefined],
    { a: () => 1 },
    Symbol('x'),
  ])('[LOG-2] what JSON can not say is a bug: %s', (value) => {
    expect(() => canonicalJson(value as unknown as Json)).toThrow(
      expect.objectContaining({ code: 'bug' }) as Error,
    );
  });

  test('[LOG-2] a nest without end is a bug, not a stack overflow', () => {
    let nest: Json = 1;
    for (let i = 0; i < 100_000; i++) nest = [nest];
    expect(() => canonicalJson(nest)).toThrow('nested deeper');
  });
});

/** By another way than the code under test: `JSON.stringify` over objects built in order. */
const sorted = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const object = Object.create(null) as Record<string, Json>;
  for (const [key, member] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    object[key] = sorted(member);
  return object;
};
