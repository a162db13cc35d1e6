import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameKey, nameProblem, tidyName } from './display-name.ts';

describe('names', () => {
  test.each([
    ['Mina Orsini', null],
    ['jo.m', null],
    ['ines_w', null],
    ['Zoë', null],
    ['壺屋', null],
    ['نورا', null],
    ['Ada2', null],
    ["O'Neil", null],
    ['x', 'name-length'],
    ['', 'name-length'],
    ['a'.repeat(25), 'name-length'],
    ['<b>bold</b>', 'name-characters'],
    ['a\u202ebc', 'name-characters'],
    ['a\u200bb', 'name-characters'],
    ['--', 'name-characters'],
    ['aㅤb', 'name-characters'],
    ['a\u0301\u0302\u0303\u0304bc', 'name-characters'],
    ['🏺🏺', 'name-characters'],
    ['Mіna', 'name-mixed-scripts'],
    ['Mina Οrsini', 'name-mixed-scripts'],
    ['Admin', 'name-reserved'],
    ['M0derator', 'name-reserved'],
    ['owner 1', 'name-reserved'],
    ['Rialto', 'name-reserved'],
  ])('[ACC-3] %s is %s', (name, problem) => {
    expect(nameProblem(tidyName(name), false)).toBe(problem);
  });

  test('[ACC-3] crew may be called what they are', () => {
    expect(nameProblem('Owner', true)).toBeNull();
  });

  test.each([
    ['MINA', 'mina'],
    ['M1na', 'Mina'],
    ['Mína', 'Mina'],
    ['Мина', 'Мина'],
    ['сор', 'cop'],
    ['Lina', 'Iina'],
    ['rnina', 'mina'],
    ['Mina-', 'mina'],
    ['0tto', 'Otto'],
  ])('[ACC-3] %s and %s look alike', (a, b) => {
    expect(nameKey(a)).toBe(nameKey(b));
  });

  test('[ACC-3] different names stay different', () => {
    const names = ['Mina', 'Mona', 'Tomasz', 'Thomas', 'ines_w', 'ines', 'Ада', 'Ада2', '壺', '壷'];
    expect(new Set(names.map(nameKey)).size).toBe(names.length);
  });

  test('[ACC-3] tidying twice is tidying once', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (name) => tidyName(tidyName(name)) === tidyName(name),
      ),
      { seed: 20261124 },
    );
  });
});
