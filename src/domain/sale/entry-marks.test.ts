// What an entrant must show, and that one address or card is one entry, however many accounts a person has.

import { describe, expect, it } from 'vitest';
import { type ShowEvent, showDecider } from '../show/show.ts';
import {
  allocated,
  announce,
  announced,
  closedDrop,
  dropId,
  dropTerms,
  enter,
  entered,
  leftDrop,
  opened,
  served,
} from '../testing/drop-cast.ts';
import { ines, mina, person, startMs, testbed, tomasz } from '../testing/given.ts';
import { ended, live, personId } from '../testing/show-cast.ts';
import type { DropTerms, Marks } from './drop.ts';

const { given, fold } = testbed(showDecider);
const on = (oncePer: DropTerms['oncePer']): ShowEvent[] => [
  ...live,
  ...announced({ oncePer: oncePer ?? [] }),
  ...allocated(),
];
const proven = (word: string) => ({ identity: word, marks: { 'verified-address': word } });
const withCard = (card: string): { marks: Marks } => ({ marks: { card } });
const enteredWithCard = (entry: number, name: string, card: string): ShowEvent => ({
  ...entered(entry, name),
  personal: { personId: personId(name), name, identity: null, card },
});

describe('a drop that asks for a proven address', () => {
  it('[DRO-17] takes whoever has proven theirs', () => {
    given(...on(['verified-address']))
      .when(enter(proven('a')), tomasz)
      .then(entered(1, 'tomasz', { identity: 'a' }));
  });
  it('[DRO-17] refuses who has none, and who hasn’t proven it', () => {
    given(...on(['verified-address']))
      .when(enter(), ines)
      .refused('account-needed');
    given(...on(['verified-address']))
      .when(enter({ identity: 'a' }), ines)
      .refused('address-unverified');
  });
  it('[DRO-17] takes one entry for each address, whoever comes with it', () => {
    given(...on(['verified-address']), entered(1, 'tomasz', { identity: 'a' }))
      .when(enter(proven('a')), person('second-account'))
      .refused('entry-exists');
    // Who has left makes room for the other account, at the end.
    given(...on(['verified-address']), entered(1, 'tomasz', { identity: 'a' }), leftDrop(1))
      .when(enter(proven('a')), person('second'))
      .then(entered(2, 'second', { identity: 'a' }));
  });
});

describe('a drop that asks for a card on file', () => {
  it('[DRO-17] takes one entry for each card, and keeps of it a word only', () => {
    given(...on(['card']))
      .when(enter(withCard('c')), tomasz)
      .then(enteredWithCard(1, 'tomasz', 'c'));
    given(...on(['card']), enteredWithCard(1, 'tomasz', 'c'))
      .when(enter(withCard('c')), person('second-account'))
      .refused('card-entered');
    given(...on(['card']), enteredWithCard(1, 'tomasz', 'c'))
      .when(enter(withCard('d')), person('second'))
      .then(enteredWithCard(2, 'second', 'd'));
  });
  it('[DRO-17] refuses who has none', () => {
    given(...on(['card']))
      .when(enter(proven('a')), tomasz)
      .refused('card-needed');
  });
  it('[DRO-17] leaves a card alone where the drop doesn’t ask for one', () => {
    given(...on([]), enteredWithCard(1, 'tomasz', 'c'))
      .when(enter({ marks: { card: 'd' } }), person('second'))
      .then(entered(2, 'second'));
  });
  it('[DRO-17] both can be asked for; the same person’s entry stays one', () => {
    const both = on(['verified-address', 'card']);
    given(...both)
      .when(enter({ identity: 'a', marks: { 'verified-address': 'a' } }), tomasz)
      .refused('card-needed');
    given(...both, enteredWithCard(1, 'tomasz', 'c'))
      .when(enter(), tomasz)
      .then();
  });
});

describe('what can be asked for', () => {
  it('[DRO-18] a giveaway has a free way in: no card opens it, a proven address may', () => {
    const free = {
      isGiveaway: true,
      order: 'draw',
      variants: [{ ...dropTerms.variants[0]!, price: { minor: 0, currency: 'EUR' } }],
    } as const;
    given(...live)
      .when(announce({ ...free, oncePer: ['card'] }), mina)
      .refused('drop-invalid', { field: 'oncePer' });
    const terms = { ...free, oncePer: ['verified-address'] } as const;
    given(...live)
      .when(announce(terms), mina)
      .then(...announced(terms));
  });
  it('[DRO-3] a thing twice, or one that nobody can show, is refused', () => {
    for (const oncePer of [['card', 'card'], ['passport']])
      given(...live)
        .when(announce({ oncePer: oncePer as never }), mina)
        .refused('drop-invalid', { field: 'oncePer' });
  });
});

describe('after its end', () => {
  it('[DRO-19] a drop keeps who was served, and forgets who waited and what they showed', () => {
    const closesAtMs = startMs + dropTerms.durationMs;
    const one = { variants: [{ ...dropTerms.variants[0]!, quantity: 1 }] };
    const log: ShowEvent[] = [
      ...live,
      ...announced(one),
      ...allocated({ ...dropTerms, ...one }),
      entered(1, 'ines', { identity: 'a' }),
      entered(2, 'tomasz', { identity: 'b' }),
      opened(closesAtMs),
    ];
    const line = fold(log, startMs).sale.drops.get(dropId)?.lines.values().next().value;
    const first = line?.entries[0] === 1 ? 'ines' : 'tomasz';
    const over = fold([...log, ...served(line!.entries[0]!, first), closedDrop('time')], startMs);
    const drop = over.sale.drops.get(dropId)!;
    expect([...drop.entries.values()].map(({ personId: who }) => who)).toEqual([first]);
    expect([...drop.entryOf.keys()]).toEqual([first]);
    expect([drop.marks.size, drop.exits.size, drop.pool.length]).toEqual([0, 0, 0]);
    expect(drop.waiting).toBe(1);
    expect([...drop.lines.values()].map(({ entries, next }) => [entries.length, next])).toEqual([
      [0, 1],
    ]);
  });
  it('[DRO-19] nobody enters it any more, and the end of the show changes nothing', () => {
    const over = [...on([]), entered(1, 'tomasz'), closedDrop('crew', 'cracked')];
    given(...over)
      .when(enter(), tomasz)
      .refused('drop-over');
    expect(fold([...over, ended], startMs).sale.drops.get(dropId)?.entries.size).toBe(0);
  });
});
