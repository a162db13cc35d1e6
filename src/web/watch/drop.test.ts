import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../base/limits.ts';
import { problemOf } from '../../protocol/problems.ts';
import { drop, entry, nothing, open, units, wish } from './drop.fixture.ts';
import {
  aheadOf,
  aheadWords,
  costWords,
  dropAction,
  dropState,
  earlyWords,
  everybodyAtMs,
  howWords,
  isOrderMade,
  type MyDrop,
  myDrop,
  openingAtMs,
  outcomeWords,
  outlookOf,
  proofPath,
  refusedWords,
  unitsWords,
  waitingWords,
} from './drop.ts';
import { hold } from './lot.fixture.ts';

const mine = (over: Partial<MyDrop> = {}): MyDrop => ({ ...nothing, ...over });
const shopper = { role: 'shopper', guest: true } as const;
const dropHold = hold({ holdId: 'drop1-4', offerId: 'drop1' });
const settings = { shippingMinor: 590, taxIncludedMilliPercent: 22_000 };

describe('my place', () => {
  it('[DRO-14] those before me are my place less one less who was passed, never fewer than none', () => {
    const ahead = (place: number, served: number) => aheadOf(open({ served }), entry({ place }));
    expect(ahead(14, 0)).toBe(13);
    expect(ahead(14, 1)).toBe(12);
    expect(ahead(14, 13)).toBe(0);
    // Figures come apart from my place: newer ones may have passed it already.
    expect(ahead(14, 20)).toBe(0);
    expect(aheadOf(drop(), entry())).toBeNull();
    expect([aheadWords(0), aheadWords(12)]).toEqual(['You are next', 'At most 12 ahead of you']);
  });

  it('is worth what is left and in carts against it', () => {
    const outlook = (place: number, figures: Parameters<typeof units>[0], perPersonMax = 1) =>
      outlookOf(open(figures, { perPersonMax }), entry({ place }));
    expect(outlook(2, { left: 2 })).toBe('likely');
    // Whoever is ahead may take two.
    expect(outlook(2, { left: 2 }, 2)).toBe('if-some');
    expect(outlook(3, { left: 0, inCarts: 2, served: 2 })).toBe('if-some');
    expect(outlook(9, { left: 0, inCarts: 2, served: 2 })).toBe('if-many');
    expect(outlook(9, { left: 0, inCarts: 0, sold: 2, served: 2 })).toBe('gone');
    expect(outlookOf(drop(), entry())).toBeNull();
  });

  it('is never called likely where those ahead could take everything', () =>
    fc.assert(
      fc.property(
        fc.nat(50),
        fc.nat(50),
        fc.nat(50),
        fc.integer({ min: 1, max: 5 }),
        (left, served, before, perPersonMax) => {
          const line = open({ left, served }, { perPersonMax });
          const own = entry({ place: before + 1 });
          const ahead = aheadOf(line, own) ?? 0;
          expect(ahead).toBeGreaterThanOrEqual(0);
          if (outlookOf(line, own) === 'likely') expect(left).toBeGreaterThan(ahead * perPersonMax);
        },
      ),
      { seed: 11 },
    ));
});

describe('the opening', () => {
  it('[DRO-8] is everybody’s, not a tier’s', () => {
    const early = { earlyAccess: [{ tier: 'gold', earlierMs: 60_000 }] };
    const tierIn = drop({ phase: 'open', openedAtMs: 540_000, closesAtMs: 1_200_000 }, early);
    expect(everybodyAtMs(tierIn)).toBe(600_000);
    expect(isOrderMade(tierIn, 599_999)).toBe(false);
    expect(isOrderMade(tierIn, 600_000)).toBe(true);
    expect(earlyWords(tierIn, null)).toBe('Let in earlier: gold 1:00.');
    expect(earlyWords(tierIn, 'gold')).toBe('As gold you are let in 1:00 earlier.');
    expect(openingAtMs(drop({}, early), 'gold', 0)).toBe(540_000);
    expect(openingAtMs(drop({}, early), 'silver', 0)).toBe(600_000);
    expect(openingAtMs(tierIn, 'gold', 550_000)).toBe(600_000);
    // By hand everybody is let in at once, before the time that was announced.
    const byHand = drop({ phase: 'open', openedAtMs: 300_000, closesAtMs: 900_000 }, early);
    expect(isOrderMade(byHand, 300_000)).toBe(true);
  });

  it('[DRO-6, DRO-7] is told in a sentence: a queue goes on behind it, a draw is closed by it', () => {
    expect(howWords(drop(), 0)).toMatch(
      /^Enter before \d\d:\d\d: then everyone is put into one order/,
    );
    expect(howWords(drop({}, { opensAtMs: null }), 0)).toMatch(/^Enter before the host opens it:/);
    expect(howWords(drop({}, { order: 'draw' }), 0)).toContain('decides who gets one');
    expect(howWords(open(), 700_000)).toContain('Who enters now stands behind them');
    expect(howWords(open({}, { order: 'draw' }), 700_000)).toMatch(/^Entries are closed/);
  });
});

describe('the card', () => {
  it('shows my turn before everything, and its end after it', () => {
    expect(dropState(drop(), nothing).step).toBe('announced');
    expect(dropState(open(), mine({ entry: entry({ place: 2 }) })).step).toBe('open');
    expect(dropState(drop({ phase: 'closed' }), mine({ hold: dropHold })).step).toBe('served');
    const paying = mine({ hold: { ...dropHold, paying: true } });
    expect(dropState(open(), paying).step).toBe('paying');
    const ended = (reason: 'paid' | 'expired') =>
      mine({ ended: { hold: dropHold, reason, orderId: 'o1' } });
    expect(dropState(open(), ended('paid'))).toEqual({ step: 'paid', orderId: 'o1' });
    expect(dropState(open(), ended('expired')).step).toBe('over');
    // After a reload only the entry tells that I had my turn.
    expect(dropState(open(), mine({ entry: entry({ state: 'served' }) })).step).toBe('over');
    expect(dropState(drop({ phase: 'cancelled' }), nothing).step).toBe('over');
  });

  it('finds what is mine; who left is somebody who never entered', () => {
    const live = { holds: [dropHold], endedHolds: [], pendingEntries: [wish()] };
    expect(myDrop('drop1', { ...live, entries: [entry()] })).toMatchObject({
      entry: { entry: 4 },
      hold: dropHold,
      pending: { id: 'e1' },
    });
    expect(myDrop('drop1', { ...live, entries: [entry({ state: 'left' })] }).entry).toBeNull();
    expect(myDrop('other', { ...live, entries: [entry()] })).toEqual(nothing);
  });

  it('counts units and people truly', () => {
    const [variant] = drop().variants;
    const said = (one: ReturnType<typeof drop>) => variant && unitsWords(one, variant);
    expect(said(drop({ variants: { small: units({ left: 0 }) } }))).toBe('2 units');
    expect(said(open({ left: 1, inCarts: 1 }))).toBe('1 left, 1 in a cart');
    expect(said(open({ left: 0, inCarts: 2 }))).toBe('None left now, 2 in carts');
    expect(said(open({ left: 0, inCarts: 0, sold: 2 }))).toBe('Sold out');
    expect(waitingWords(drop({ waiting: 1 }))).toBe('1 has entered');
    expect(waitingWords({ ...open(), figures: { ...open().figures, waiting: 7 } })).toBe(
      '7 waiting',
    );
  });

  it('[DRO-15] says what it costs: a giveaway nothing, delivery included', () => {
    const one = drop();
    const [variant] = one.variants;
    if (!variant) throw new Error('no variant');
    expect(costWords(drop({}, { isGiveaway: true }), variant, 1, settings, false)).toBe(
      'free, delivery included',
    );
    expect(costWords(one, variant, 1, settings, false)).toBe(
      '€\u00a047.90 with shipping, if it’s yours',
    );
    expect(costWords(one, variant, 2, settings, true)).toContain('€\u00a084.00 in your parcel');
  });

  it('links to the proof once there is an order, not before', () => {
    expect(proofPath('s1', drop())).toBeNull();
    expect(proofPath('s1', open())).toBe('/shows/s1/drops/drop1');
  });
});

describe('the button', () => {
  const action = (
    one = drop(),
    own: Partial<MyDrop> = {},
    me: Parameters<typeof dropAction>[3] = shopper,
  ) => dropAction(one, mine(own), 'open', me, 700_000);

  it('enters, then leaves', () => {
    expect(action()).toEqual({ do: 'enter' });
    expect(action(drop(), {}, null)).toEqual({ do: 'enter' });
    expect(action(drop(), { entry: entry() })).toEqual({ do: 'leave' });
    expect(action(drop(), { pending: wish() }).do).toBe('sending');
    expect(dropAction(drop(), nothing, 'reconnecting', shopper, 0).do).toBe('unreachable');
  });

  it('[DRO-5] asks a guest for an address where an account is needed; the crew stays out', () => {
    const closed = drop({}, { needsAccount: true });
    expect(action(closed)).toEqual({ do: 'add-address' });
    expect(action(closed, {}, null)).toEqual({ do: 'add-address' });
    expect(action(closed, {}, { role: 'shopper', guest: false })).toEqual({ do: 'enter' });
    expect(action(drop(), {}, { role: 'host', guest: false }).do).toBe('nothing');
  });

  it('[DRO-7] a draw takes entries until everybody’s opening, a queue goes on', () => {
    expect(action(open({}, { order: 'draw' }))).toMatchObject({ words: 'Entries are closed' });
    expect(action(open())).toEqual({ do: 'enter' });
  });
});

describe('words', () => {
  const refused = (
    code: Parameters<typeof problemOf>[0],
    extra = {},
    t: 'enter' | 'leave' = 'enter',
  ) =>
    refusedWords(
      problemOf(code, extra),
      t === 'enter' ? wish().wish : { t, id: 'l1', dropId: 'drop1' },
    );

  it('a refusal says what to do', () => {
    expect(refused('entry-exists').detail).toContain('Sign in with the account that entered');
    expect(refused('drop-over').title).toBe('Too late to enter');
    expect(refused('drop-over', {}, 'leave').title).toBe('It is over');
    expect(refused('too-many-entries', { max: 10 }).title).toBe('You have left too often');
    expect(refused('too-many-entries', { max: limits.dropEntriesMax }).title).toBe(
      'As many have entered as can',
    );
    expect(refused('time-limit', { untilMs: 0 }).title).toBe('Your time for today is used up');
    expect(refused('busy').title).toBe(problemOf('busy').title);
  });

  it('[DRO-13] the end is told by what it was for me', () => {
    const said = (over: Parameters<typeof drop>[0], own: Partial<MyDrop> = {}) =>
      outcomeWords(drop({ phase: 'closed', ...over }), mine(own));
    const waited = { entry: entry({ place: 3 }) };
    expect(said({ reason: 'sold-out' }, waited)).toEqual({
      title: 'Not this time',
      detail: 'Sold out. Nothing was charged.',
    });
    expect(said({ reason: 'time' }, waited).detail).toBe('Its time is over. Nothing was charged.');
    expect(said({ reason: 'sold-out' })).toEqual({ title: 'Sold out', detail: '' });
    expect(said({ phase: 'cancelled', reason: 'A crack' }, waited).detail).toBe(
      'A crack. Nothing was charged.',
    );
    const ended = { hold: dropHold, reason: 'released', orderId: null } as const;
    expect(said({ reason: 'time' }, { ended }).title).toBe('You let it go');
    expect(said({ reason: 'show-ended' }).title).toBe('The show has ended');
  });
});
