import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entrants, plainAddress } from './entrant.ts';
import { nonces } from './nonces.ts';

const nobodys = {
  accounts: { person: async () => null },
  memberships: { of: async () => null },
  cards: { of: async () => null },
  nonceOf: nonces('a secret'),
};

describe('what an address comes down to', () => {
  it.each([
    ['Ines@Example.com', 'ines@example.com'],
    [' ines@example.com ', 'ines@example.com'],
    ['ines+drops@example.com', 'ines@example.com'],
    ['ines+a+b@example.com', 'ines@example.com'],
    ['i.n.e.s@gmail.com', 'ines@gmail.com'],
    ['I.nes+x@GoogleMail.com', 'ines@gmail.com'],
    // Elsewhere a dot is another person.
    ['i.nes@example.com', 'i.nes@example.com'],
  ])('[DRO-4] %s is %s', (written, plain) => {
    expect(plainAddress(written)).toBe(plain);
  });

  it('[DRO-4] an address stays what it came down to', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        expect(plainAddress(plainAddress(address))).toBe(plainAddress(address));
      }),
    );
  });

  it('[DRO-4] every spelling is one identity, which doesn’t tell the address; a guest has none', async () => {
    const people: Record<string, { email: string | null; verified: boolean }> = {
      ines: { email: 'ines@gmail.com', verified: false },
      twin: { email: 'I.nes+drop@googlemail.com', verified: false },
      teo: { email: 'teo@example.com', verified: false },
      guest: { email: null, verified: false },
    };
    const desk = { ...nobodys, accounts: { person: async (id: string) => people[id] ?? null } };
    const entrant = entrants(desk);
    const [ines, twin, teo, guest, nobody] = await Promise.all(
      ['ines', 'twin', 'teo', 'guest', 'nobody'].map((id) => entrant(id, [])),
    );
    expect(twin).toEqual(ines);
    expect(teo?.identity).not.toBe(ines?.identity);
    expect(ines?.identity).not.toContain('ines');
    expect([guest?.identity, nobody?.identity]).toEqual([null, null]);
    const elsewhere = entrants({ ...desk, nonceOf: nonces('another secret') });
    expect((await elsewhere('ines', [])).identity).not.toBe(ines?.identity);
  });

  it('[PRI-18] a member enters with their tier, nobody else with one', async () => {
    const membership = async (id: string) => (id === 'ines' ? { tier: 'gold' } : null);
    const entrant = entrants({ ...nobodys, memberships: { of: membership } });
    expect([(await entrant('ines', [])).tier, (await entrant('teo', [])).tier]).toEqual([
      'gold',
      null,
    ]);
  });

  it('[DRO-17] an address is a mark once it is proven, the same word that counts it anyway', async () => {
    const person = async (id: string) => ({ email: 'ines@gmail.com', verified: id === 'ines' });
    const entrant = entrants({ ...nobodys, accounts: { person } });
    const ines = await entrant('ines', ['verified-address']);
    expect(ines.marks).toEqual({ 'verified-address': ines.identity });
    expect((await entrant('twin', ['verified-address'])).marks).toEqual({});
  });

  it('[DRO-17] a card is looked up for a drop that asks for one, and for no other', async () => {
    const asked: string[] = [];
    const of = async (id: string) => {
      asked.push(id);
      return { card: id === 'ines' ? { mark: 'word of a card' } : null };
    };
    const entrant = entrants({ ...nobodys, cards: { of } });
    expect((await entrant('ines', ['card'])).marks).toEqual({ card: 'word of a card' });
    expect((await entrant('teo', ['card'])).marks).toEqual({});
    expect((await entrant('ines', [])).marks).toEqual({});
    expect(asked).toEqual(['ines', 'teo']);
  });
});
