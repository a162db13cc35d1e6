// Who gets the units of a drop: entering, the order of the line, serving. The drop's own life is drop.test.ts.

import { describe, expect, it } from 'vitest';
import type { VariantId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import { isRefusal } from '../../base/result.ts';
import { system } from '../decider.ts';
import { type ShowEvent, showDecider } from '../show/show.ts';
import {
  allocated,
  announced,
  DropRun,
  dropId,
  dropTerms,
  enter,
  entered,
  leftDrop,
  opened,
  served,
} from '../testing/drop-cast.ts';
import { ines, mina, person, startMs, teo, testbed, tomasz } from '../testing/given.ts';
import { ended, expired, hold, lagoon, live, ochre } from '../testing/show-cast.ts';
import type { DropTerms } from './drop.ts';
import { LineRecount } from './recount.ts';
import { shuffled } from './shuffle.ts';

const { given, fold } = testbed(showDecider);

const open = { kind: 'OpenDrop', dropId } as const;
const step = { kind: 'StepDrop', dropId } as const;
const leave = { kind: 'LeaveDrop', dropId } as const;
const closesAtMs = startMs + dropTerms.durationMs;
const petr = person('petr');
const guests = Array.from({ length: 12 }, (_, nth) => person(`guest${nth + 1}`));
const ready = [...live, ...announced(), ...allocated()];
const isOpen = [...ready, opened(closesAtMs)];
const units = (quantity: number): Partial<DropTerms> => ({
  variants: [{ ...dropTerms.variants[0]!, quantity }],
});
const club = { tier: 'club', earlierMs: 20_000 };
const gold = { tier: 'gold', earlierMs: 40_000 };
const opensAtMs = startMs + 60_000;

const servedIn = (run: DropRun, variantId: VariantId = lagoon): number[] =>
  run.events.flatMap(({ event }) =>
    event.kind === 'DropServed' && event.data.variantId === variantId ? [event.data.entry] : [],
  );

/** The order of the line as anybody works it out who has only what is public. */
const recounted = (run: DropRun, variantId: VariantId = lagoon): readonly number[] => {
  const { terms, phase } = run.show.sale.drops.get(dropId)!;
  expect(phase).not.toBe('announced');
  const found = run.events.find(({ event }) => event.kind === 'DropAnnounced')!.event;
  const { seedCommitments } = (found as Extract<ShowEvent, { kind: 'DropAnnounced' }>).data;
  const recount = new LineRecount({
    dropId,
    variantIds: terms.variants.map((variant) => variant.variantId),
    tiers: terms.earlyAccess.map(({ tier }) => tier),
    seedCommitments,
  });
  for (const { event } of run.events) {
    if (event.kind === 'DropEntered') expect(recount.entered(event.data)).toBeNull();
    if (event.kind === 'DropLeft') expect(recount.left(event.data)).toBeNull();
    if (event.kind === 'DropOpened') expect(recount.opened(event.data)).toBeNull();
    if (event.kind === 'DropServed') expect(recount.served(event.data)).toBeNull();
  }
  return recount.orderOf(variantId);
};

describe('entering a drop', () => {
  it('[DRO-4] a person gets the next number, before the opening and after it', () => {
    given(...ready)
      .when(enter(), ines)
      .then({
        ...entered(1, 'ines'),
        personal: { personId: 'ines' as never, name: 'ines_w', identity: null },
      });
    given(...isOpen, entered(1, 'ines'))
      .when(enter({ quantity: 2, words: 'mine' }), tomasz)
      .then(entered(2, 'tomasz', { quantity: 2, words: 'mine' }));
  });
  it('[DRO-4] entering again is the same entry, whatever is asked for, also once it was served', () => {
    const again = enter({ quantity: 2, words: 'other', variantId: ochre });
    given(...ready, entered(1, 'ines'))
      .when(again, ines)
      .then();
    given(...isOpen, entered(1, 'ines'), ...served(1, 'ines'))
      .when(again, ines)
      .then();
  });
  it('[DRO-4] two accounts with one address have one entry', () => {
    const identity = 'hash of ines@example.com';
    given(...ready, entered(1, 'ines', { identity }))
      .when(enter({ identity }), petr)
      .refused('entry-exists');
    given(...ready, entered(1, 'ines', { identity }), leftDrop(1))
      .when(enter({ identity }), petr)
      .then(entered(2, 'petr', { identity }));
    // Guests have no address to compare.
    given(...ready, entered(1, 'ines'))
      .when(enter(), petr)
      .then(entered(2, 'petr'));
  });
  it('[DRO-4] who leaves and enters again stands at the end', () => {
    const run = new DropRun();
    run.announce(units(1));
    run.send(open, mina);
    for (const by of [ines, tomasz, petr]) run.send(enter(), by);
    expect(run.send(leave, tomasz)).toEqual([leftDrop(2)]);
    expect(run.send(enter(), tomasz)).toMatchObject([{ data: { entry: 4 } }]);
    run.until(run.nowMs + 3 * dropTerms.holdMs);
    expect(servedIn(run)).toEqual([1, 3, 4]);
  });
  it('[DRO-4] only who waits can leave', () => {
    given(...ready, entered(1, 'ines'))
      .when(leave, tomasz)
      .refused('entry-unknown');
    given(...ready, entered(1, 'ines'), leftDrop(1))
      .when(leave, ines)
      .refused('entry-unknown');
    given(...isOpen, entered(1, 'ines'), ...served(1, 'ines'))
      .when(leave, ines)
      .refused('entry-unknown');
    given(...ready)
      .when(leave, system)
      .refused('entry-unknown');
  });
  it('[DRO-4] one person can’t use up the numbers by leaving and entering', () => {
    const often = Array.from({ length: limits.dropExitsMax }, (_, nth) => [
      entered(nth + 1, 'ines'),
      leftDrop(nth + 1),
    ]).flat();
    given(...ready, ...often.slice(0, -2))
      .when(enter(), ines)
      .then({
        ...entered(limits.dropExitsMax, 'ines'),
        personal: { personId: 'ines' as never, name: 'ines_w', identity: null },
      });
    given(...ready, ...often)
      .when(enter(), ines)
      .refused('too-many-entries', { max: limits.dropExitsMax + 1 });
  });
  it('[DRO-5] no crew, nobody barred, nobody without a name', () => {
    for (const by of [mina, teo, person('otto', 'owner')])
      given(...ready)
        .when(enter(), by)
        .refused('crew-may-not-enter');
    given(...ready, { kind: 'BuyerBarred', data: { personId: 'ines', isBarred: true } } as never)
      .when(enter(), ines)
      .refused('buyer-barred');
    given(...ready)
      .when(enter(), system)
      .refused('sign-in-needed');
  });
  it('[DRO-5] a guest doesn’t enter where an account is asked for', () => {
    const asked = [...live, ...announced({ needsAccount: true }), ...allocated()];
    given(...asked)
      .when(enter(), ines)
      .refused('account-needed');
    given(...asked)
      .when(enter({ identity: 'i' }), petr)
      .then(entered(1, 'petr', { identity: 'i' }));
  });
  it('[DRO-5] not for another variant, another quantity, or with longer words than may be', () => {
    given(...ready)
      .when(enter({ variantId: ochre }), ines)
      .refused('variant-not-offered');
    for (const quantity of [0, -1, 3, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      given(...ready)
        .when(enter({ quantity }), ines)
        .refused('quantity-invalid', { max: 2 });
    given(...ready)
      .when(enter({ words: 'x'.repeat(limits.dropWordsMax + 1) }), ines)
      .refused('words-too-long', { max: limits.dropWordsMax });
  });
  it('[DRO-5] not in a drop that isn’t there, not after the end', () => {
    given(...live)
      .when(enter(), ines)
      .refused('drop-unknown');
    given(...ready, { kind: 'DropClosed', data: { dropId, reason: 'time', words: '' } })
      .when(enter(), ines)
      .refused('drop-over');
    given(...ready, ended)
      .when(enter(), ines)
      .refused('show-ended');
  });
  it('[DRO-5] whoever was barred or erased meanwhile leaves when it is their turn', () => {
    const barred = { kind: 'BuyerBarred', data: { personId: 'ines', isBarred: true } } as never;
    const late = [...isOpen, entered(1, 'ines'), entered(2, 'tomasz')];
    given(...late, barred)
      .when(step, system)
      .then(leftDrop(1), ...served(2, 'tomasz'));
    given(...isOpen, { ...entered(1, 'ines'), personal: null }, entered(2, 'tomasz'))
      .when(step, system)
      .then(leftDrop(1), ...served(2, 'tomasz'));
  });
});

describe('the order of a drop', () => {
  it('[DRO-6] a fair queue shuffles all who came before the opening; later ones stand behind, by arrival', () => {
    const run = new DropRun();
    run.announce(units(12));
    for (const [nth, by] of guests.slice(0, 9).entries()) run.send(enter({ words: `w${nth}` }), by);
    expect(servedIn(run)).toEqual([]);
    run.send(open, mina);
    for (const by of guests.slice(9)) run.send(enter(), by);
    const order = servedIn(run);
    const early = order.slice(0, 9);
    expect(order.slice(9)).toEqual([10, 11, 12]);
    expect(early.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(early).not.toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(order).toEqual(recounted(run));
  });
  it('[DRO-7] a draw takes nobody after the opening', () => {
    const run = new DropRun();
    run.announce({ ...units(3), order: 'draw' });
    for (const by of guests.slice(0, 6)) run.send(enter(), by);
    run.send(open, mina);
    expect(run.send(enter(), petr)).toMatchObject({ refused: 'drop-over' });
    expect(servedIn(run)).toHaveLength(3);
    expect(servedIn(run)).toEqual(recounted(run).slice(0, 3));
  });
  it('[DRO-7, DRO-8] a draw that has let in a tier still takes entries until everybody’s opening', () => {
    const run = new DropRun();
    run.announce({ ...units(3), order: 'draw', opensAtMs, earlyAccess: [club] });
    run.until(opensAtMs - 1);
    expect(isRefusal(run.send(enter(), ines))).toBe(false);
    run.until(opensAtMs);
    expect(run.send(enter(), petr)).toMatchObject({ refused: 'drop-over' });
    expect(servedIn(run)).toEqual([1]);
  });
  it('[DRO-8] each tier is let in its time earlier, under a seed of its own, then everybody', () => {
    const run = new DropRun();
    run.announce({ ...units(6), opensAtMs, earlyAccess: [gold, club] });
    run.send(enter(), guests[0]!);
    run.send(enter({ tier: 'club' }), guests[1]!);
    run.send(enter({ tier: 'gold' }), guests[2]!);
    run.send(enter({ tier: 'gold' }), guests[3]!);
    run.until(opensAtMs - 40_000);
    const golden = servedIn(run);
    expect(golden.toSorted()).toEqual([3, 4]);
    // A member who comes late stands with the next ones.
    run.send(enter({ tier: 'gold' }), guests[4]!);
    run.until(opensAtMs - 20_000);
    expect(servedIn(run)).toEqual([...golden, 2]);
    run.until(opensAtMs);
    expect(servedIn(run).slice(3).toSorted()).toEqual([1, 5]);
    expect(servedIn(run)).toEqual(recounted(run));
    const stages = run.events.flatMap(({ event, atMs }) =>
      event.kind === 'DropOpened' ? [[atMs, event.data.tier, event.data.seed]] : [],
    );
    expect(stages).toEqual([
      [opensAtMs - 40_000, 'gold', 'seed of stage 0'],
      [opensAtMs - 20_000, 'club', 'seed of stage 1'],
      [opensAtMs, null, 'seed of stage 2'],
    ]);
  });
  it('[DRO-8] the drop’s own time begins at everybody’s opening', () => {
    const run = new DropRun();
    run.announce({ opensAtMs, earlyAccess: [club] });
    run.until(opensAtMs - 1);
    expect(run.show.sale.drops.get(dropId)?.closesAtMs).toBe(opensAtMs + dropTerms.durationMs);
    run.until(opensAtMs + dropTerms.durationMs - 1);
    expect(run.show.sale.drops.get(dropId)?.phase).toBe('open');
    run.until(opensAtMs + dropTerms.durationMs);
    expect(run.show.sale.drops.get(dropId)?.phase).toBe('closed');
  });
  it('[DRO-8] a host who opens by hand lets the tiers in first', () => {
    const timed = { opensAtMs, earlyAccess: [gold, club] };
    const before = [...live, ...announced(timed), ...allocated()];
    const byHand = startMs + dropTerms.durationMs;
    given(...before)
      .when(open, mina)
      .then(
        opened(opensAtMs + dropTerms.durationMs, 0, 'gold'),
        opened(opensAtMs + dropTerms.durationMs, 1, 'club'),
        opened(byHand, 2),
      );
    given(...before, opened(opensAtMs + dropTerms.durationMs, 0, 'gold'))
      .when(open, mina)
      .then(opened(opensAtMs + dropTerms.durationMs, 1, 'club'), opened(byHand, 2));
  });
  it('[DRO-9] every entry’s words and the seed make the order', () => {
    const orderWith = (words: string) => {
      const run = new DropRun();
      run.announce(units(12));
      for (const by of guests) run.send(enter({ words: by === guests[11] ? words : 'w' }), by);
      run.send(open, mina);
      return servedIn(run);
    };
    expect(orderWith('a')).toEqual(orderWith('a'));
    expect(orderWith('a')).not.toEqual(orderWith('b'));
    expect(shuffled('one', [1, 2, 3, 4, 5])).not.toEqual(shuffled('two', [1, 2, 3, 4, 5]));
  });
  it('[DRO-9] an entry has the same chance at every place', () => {
    const places = [0, 0, 0, 0];
    for (let draw = 0; draw < 4_000; draw += 1)
      places[shuffled(`draw ${draw}`, [1, 2, 3, 4]).indexOf(4)]! += 1;
    // Four standard deviations of 1,000 in 4,000: the seeds are fixed, so this is one sample for good.
    for (const times of places) expect(Math.abs(times - 1_000)).toBeLessThan(110);
  });
});

describe('serving a line', () => {
  it('[DRO-10] a hold at the drop’s price for the drop’s time', () => {
    given(...isOpen, entered(1, 'ines', { quantity: 2 }))
      .when(step, system, startMs + 5)
      .then(...served(1, 'ines', { quantity: 2, atMs: startMs + 5 }));
  });
  it('[DRO-10] at most what is left', () => {
    given(
      ...isOpen,
      entered(1, 'ines'),
      entered(2, 'tomasz', { quantity: 2 }),
      entered(3, 'petr', { quantity: 2 }),
    )
      .when(step, system)
      .then(...served(1, 'ines'), ...served(2, 'tomasz'));
  });
  it('[DRO-10] to each their variant: who waits for another holds nobody up', () => {
    const run = new DropRun();
    run.announce({
      variants: [
        { ...dropTerms.variants[0]!, quantity: 1 },
        { ...dropTerms.variants[0]!, variantId: ochre, title: 'Ochre', quantity: 2 },
      ],
    });
    for (const [nth, by] of guests.slice(0, 8).entries())
      run.send(enter({ variantId: nth % 2 ? ochre : lagoon, words: `${nth}` }), by);
    run.send(open, mina);
    expect(servedIn(run, lagoon)).toEqual(recounted(run, lagoon).slice(0, 1));
    expect(servedIn(run, ochre)).toEqual(recounted(run, ochre).slice(0, 2));
    run.until(run.nowMs + dropTerms.holdMs);
    expect(servedIn(run, ochre)).toEqual(recounted(run, ochre));
  });
  it('[DRO-10] more than a step’s worth is served at once in the same order', () => {
    const run = new DropRun();
    const many = limits.dropServedAtOnce + 50;
    run.announce(units(many));
    for (let nth = 0; nth < many; nth += 1) run.send(enter({ words: `${nth}` }), person(`p${nth}`));
    run.send(open, mina);
    expect(servedIn(run)).toHaveLength(many);
    expect(servedIn(run)).toEqual(recounted(run));
  });
  it('[DRO-10] a claim doesn’t get past the line', () => {
    given(...isOpen)
      .when(
        { kind: 'Claim', offerId: dropId, variantId: lagoon, quantity: 1, holdId: hold('h1') },
        ines,
      )
      .refused('offer-not-claimable');
  });
  it('[DRO-11] units of two holds that run out in one step go to the next two, once', () => {
    const run = new DropRun();
    run.announce();
    run.send(open, mina);
    for (const by of guests.slice(0, 5)) run.send(enter(), by);
    expect(servedIn(run)).toEqual([1, 2]);
    const next = run.until(run.nowMs + dropTerms.holdMs);
    expect(next.map(({ kind }) => kind)).toEqual([
      'HoldExpired',
      'HoldExpired',
      'DropServed',
      'HoldPlaced',
      'DropServed',
      'HoldPlaced',
    ]);
    expect(servedIn(run)).toEqual([1, 2, 3, 4]);
    // Who didn't pay had their turn.
    run.send(enter(), guests[0]!);
    run.until(run.nowMs + dropTerms.holdMs);
    expect(servedIn(run)).toEqual([1, 2, 3, 4, 5]);
  });
  it('[DRO-11] a released unit goes to the next at once', () => {
    const run = new DropRun();
    run.announce(units(1));
    run.send(open, mina);
    for (const by of [ines, tomasz]) run.send(enter(), by);
    const after = run.send({ kind: 'ReleaseHold', holdId: hold('drop1-1') }, ines);
    expect(after).toMatchObject([
      { kind: 'HoldReleased' },
      { kind: 'DropServed', data: { entry: 2 } },
      { kind: 'HoldPlaced', data: { personId: 'tomasz' } },
    ]);
  });
  it('[DRO-12] left, held and sold are what was allocated, through expiry and sale', () => {
    const held = fold(
      [...isOpen, entered(1, 'ines'), ...served(1, 'ines'), entered(2, 'petr')],
      startMs,
    );
    expect(held.sale.offers.get(dropId)?.pools.get(lagoon)).toEqual({
      allocated: 2,
      left: 1,
      held: 1,
      sold: 0,
    });
    const gone = { ...expired('drop1-1', 'ines').data, offerId: dropId };
    const after = fold(
      [
        ...isOpen,
        entered(1, 'ines'),
        ...served(1, 'ines'),
        { kind: 'HoldExpired', data: gone } as ShowEvent,
      ],
      startMs,
    );
    expect(after.sale.offers.get(dropId)?.pools.get(lagoon)).toMatchObject({ left: 2, held: 0 });
  });
});
