// Evenings with a drop, sealed and signed properly, that a lying shop changed before.

import { describe, expect, it } from 'vitest';
import type { ProductId, VariantId } from '../../src/base/brand.ts';
import type { ShowEvent } from '../../src/domain/show/show.ts';
import { DropRun, dropId, dropTerms, enter } from '../../src/domain/testing/drop-cast.ts';
import { mina, person } from '../../src/domain/testing/given.ts';
import { lagoon, ochre } from '../../src/domain/testing/show-cast.ts';
import { publishedEvening } from '../../src/receipts/published-show.fixture.ts';
import { verifyLog } from '../../src/receipts/verify-log.ts';
import { checks } from './checks.ts';

/** Seven people for two lagoons and one ochre; the holds run out twice and go on. */
const evening = (): readonly ShowEvent[] => {
  const run = new DropRun();
  const opensAtMs = run.nowMs + 60_000;
  run.announce({
    order: 'draw',
    opensAtMs,
    earlyAccess: [{ tier: 'club', earlierMs: 20_000 }],
    variants: [
      { ...dropTerms.variants[0]!, quantity: 2 },
      { ...dropTerms.variants[0]!, variantId: ochre, title: 'Ochre', quantity: 1 },
    ],
  });
  for (let n = 1; n <= 7; n += 1)
    run.send(
      enter({
        words: `w${n}`,
        variantId: n < 6 ? lagoon : ochre,
        tier: n === 1 ? 'club' : null,
        quantity: n === 2 ? 2 : 1,
      }),
      person(`p${n}`),
    );
  run.until(opensAtMs + 90_000);
  run.send({ kind: 'EndShow' }, mina);
  return run.events.map(({ event }) => event);
};

const set = 'bundle_tea' as VariantId;
/** Two sets of two lagoons and a spoon for three people, beside an ochre; one who was served doesn’t pay in time. */
const eveningOfSets = (): readonly ShowEvent[] => {
  const run = new DropRun();
  const opensAtMs = run.nowMs + 60_000;
  const piece = { productId: 'vase' as ProductId, title: 'Piece' };
  const parts = [
    { ...piece, variantId: lagoon, quantity: 2 },
    { ...piece, variantId: 'spoon' as VariantId, quantity: 1 },
  ];
  const [variant] = dropTerms.variants;
  run.announce({
    opensAtMs,
    variants: [
      { ...variant!, variantId: set, title: 'A set', quantity: 2, parts },
      { ...variant!, variantId: ochre, title: 'Ochre', quantity: 1 },
    ],
  });
  for (const [n, variantId] of [set, set, ochre, set].entries())
    run.send(enter({ words: `w${n}`, variantId }), person(`p${n}`));
  run.until(opensAtMs + 90_000);
  run.send({ kind: 'EndShow' }, mina);
  return run.events.map(({ event }) => event);
};

type Change = (events: readonly ShowEvent[]) => readonly ShowEvent[];

const verdictOn = async (change: Change = (events) => events, events = evening()) => {
  const told = change(events).map((event) => [null, event] as const);
  const { text } = await publishedEvening(() => told);
  const bytes = (async function* () {
    yield Buffer.from(text);
  })();
  return verifyLog(bytes, { checks });
};

/** The first event of a kind (and, when asked, those from the `nth` on) with other data. */
const withData =
  (kind: ShowEvent['kind'], change: object, nth = 1): Change =>
  (events) => {
    let seen = 0;
    return events.map((event) =>
      event.kind === kind && ++seen === nth
        ? ({ ...event, data: { ...event.data, ...change } } as ShowEvent)
        : event,
    );
  };
const without =
  (kind: ShowEvent['kind'], nth = 1): Change =>
  (events) => {
    let seen = 0;
    return events.filter((event) => event.kind !== kind || ++seen !== nth);
  };
const offeredTerms = (events: readonly ShowEvent[]): object =>
  (events.find(({ kind }) => kind === 'OfferRequested')!.data as { terms: object }).terms;
/** Two of those who are served lagoons change places, with their holds. */
const friendFirst: Change = (events) => {
  const turns = events.flatMap((event, at) =>
    event.kind === 'DropServed' && event.data.variantId === lagoon ? [at] : [],
  );
  const [first, second] = turns.slice(-2) as [number, number];
  return events
    .with(first, events[second]!)
    .with(first + 1, events[second + 1]!)
    .with(second, events[first]!)
    .with(second + 1, events[first + 1]!);
};

describe('npm run verify on a drop', () => {
  it('[DRO-9] an honest evening passes, with units that went on to the next', async () => {
    const served = evening().filter(({ kind }) => kind === 'DropServed');
    expect(served.length).toBeGreaterThan(4);
    expect(await verdictOn()).toMatchObject({ ok: true });
  });

  it('[DRO-16] an honest evening of sets passes: they are counted as their pieces', async () => {
    const served = eveningOfSets().filter(({ kind }) => kind === 'DropServed');
    // The last has a set that ran out in a cart before.
    expect(served.map(({ data }) => (data as { variantId: string }).variantId)).toEqual([
      set,
      set,
      ochre,
      set,
    ]);
    expect(await verdictOn(undefined, eveningOfSets())).toMatchObject({ ok: true });
  });
  it.each<[string, Change, RegExp]>([
    [
      'a set without one of its pieces',
      withData('OfferAllocated', { quantity: 3 }),
      /4 in carts, .* are more than the 3 that the offer had/,
    ],
    [
      'somebody has more sets than one may',
      withData('OfferRequested', {
        terms: { ...offeredTerms(eveningOfSets()), perPersonMax: 0 },
      }),
      /has 1 of an offer of which a person may have 0/,
    ],
    [
      'a set at another price',
      withData('HoldPlaced', { price: { minor: 1, currency: 'EUR' } }),
      /another price than the drop’s/,
    ],
    [
      'somebody gets a piece where a set was drawn',
      withData('HoldPlaced', { variantId: ochre }),
      /was given something else/,
    ],
  ])('[DRO-16] found: %s', async (_, change, why) => {
    const verdict = await verdictOn(change, eveningOfSets());
    expect(verdict).toMatchObject({ ok: false, why: expect.stringMatching(why) });
  });

  it.each<[string, Change, RegExp]>([
    ['a friend is served first', friendFirst, /is the turn of entry \d/],
    ['a friend’s words are changed', withData('DropEntered', { words: 'x' }, 3), /is the turn of/],
    [
      'another seed is told',
      withData('DropOpened', { seed: 'better' }, 2),
      /seed of stage 1 isn’t the one that was committed to/,
    ],
    ['a tier is served before its stage', without('DropOpened'), /nobody’s turn it is/],
    ['a stage is passed over', withData('DropOpened', { stage: 1 }), /stage 1 opens where stage 0/],
    ['another tier comes first', withData('DropOpened', { tier: null }), /another tier/],
    ['an entry is taken out', without('DropEntered', 2), /entry 3 is told where 2 should come/],
    [
      'a stage has no committed seed',
      withData('DropAnnounced', { seedCommitments: ['0'] }),
      /not every stage has a committed seed/,
    ],
    ['somebody is served more', withData('DropServed', { quantity: 3 }), /gets 3 and asked for/],
    ['somebody is served nothing', without('HoldPlaced'), /was served and has nothing/],
    [
      'a hold comes past the line',
      without('DropServed', 2),
      /given to somebody past its line|is the turn of/,
    ],
    [
      'the price is another',
      withData('HoldPlaced', { price: { minor: 1, currency: 'EUR' } }),
      /another price than the drop’s/,
    ],
    [
      'one person is two entries',
      withData('HoldPlaced', { personId: 'p1' }, 2),
      /was served twice/,
    ],
    [
      'a draw takes somebody who saw the seed',
      (events) => {
        const opened = events.findLastIndex(({ kind }) => kind === 'DropOpened');
        const late = {
          kind: 'DropEntered',
          data: { dropId, entry: 8, variantId: lagoon, quantity: 1, tier: null, words: '' },
        } as unknown as ShowEvent;
        return events.toSpliced(opened + 1, 0, late);
      },
      /entered a draw after its opening/,
    ],
    [
      'it goes on after its end',
      (events) => {
        const closed = events.find(({ kind }) => kind === 'DropClosed')!;
        const first = events.findIndex(({ kind }) => kind === 'DropServed');
        return events.toSpliced(first, 0, closed);
      },
      /a drop that was over went on/,
    ],
  ])('[DRO-9] found: %s', async (_, change, why) => {
    const verdict = await verdictOn(change);
    expect(verdict).toMatchObject({ ok: false, why: expect.stringMatching(why) });
    expect(verdict).toMatchObject({ why: expect.stringContaining('(every drop was served') });
  });
});
