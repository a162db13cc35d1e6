import { describe, expect, it } from 'vitest';
import { isCardNumber, spacedCard } from './card-number.ts';
import { countries, likelyCountry } from './countries.ts';
import { keepAddress, savedAddress } from './saved-address.ts';

describe('a card number', () => {
  it('is grouped while it is typed', () => {
    expect(spacedCard('42424242')).toBe('4242 4242');
    expect(spacedCard('4242 4242 4')).toBe('4242 4242 4');
    expect(spacedCard('4000-0000 0000-0002')).toBe('4000 0000 0000 0002');
  });
  it('is told from a slip of the finger', () => {
    expect(isCardNumber('4242 4242 4242 4242')).toBe(true);
    expect(isCardNumber('4242 4242 4242 4241')).toBe(false);
    expect(isCardNumber('4242')).toBe(false);
  });
});

describe('a country', () => {
  it('is guessed from the languages of the browser', () => {
    expect(likelyCountry(['en', 'de-AT'])).toBe('AT');
    expect(likelyCountry(['en'])).toBe('IT');
    expect(likelyCountry(['en-ZZ'])).toBe('IT');
  });
  it('stands in the list once, by name', () => {
    const names = countries().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.indexOf('Austria')).toBeLessThan(names.indexOf('Italy'));
  });
});

describe('a kept address', () => {
  const store = () => {
    const kept = new Map<string, string>();
    return {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
  };
  const saved = {
    email: 'ines@example.org',
    address: {
      name: 'Ines W',
      line1: 'Calle 1',
      line2: '',
      postcode: '30121',
      city: 'Venezia',
      country: 'IT',
    },
  };
  it('comes back, and is gone when forgotten', () => {
    const storage = store();
    keepAddress(storage, saved);
    expect(savedAddress(storage)).toEqual(saved);
    keepAddress(storage, null);
    expect(savedAddress(storage)).toBeNull();
  });
  it('that is broken counts as none', () => {
    expect(savedAddress({ getItem: () => '{"email":1' })).toBeNull();
    expect(savedAddress({ getItem: () => '{"email":"a@b.c"}' })).toBeNull();
  });
});
