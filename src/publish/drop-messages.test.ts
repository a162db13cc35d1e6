import { describe, expect, it } from 'vitest';
import type { VariantId } from '../base/brand.ts';
import type { DropEvent } from '../domain/sale/drop.ts';
import { type ShowEvent, showDecider } from '../domain/show/show.ts';
import {
  allocated,
  announced,
  closedDrop,
  dropTerms,
  entered,
  leftDrop,
  opened,
  seedsFor,
  served,
} from '../domain/testing/drop-cast.ts';
import { startMs, testbed } from '../domain/testing/given.ts';
import { lagoon, live } from '../domain/testing/show-cast.ts';
import { dropMessages } from './drop-messages.ts';

const { fold } = testbed(showDecider);

/** What the last of these events says. */
const said = (...events: readonly ShowEvent[]) => {
  const all = [...live, ...events];
  return dropMessages(all.at(-1) as DropEvent, all.length, fold(all, startMs).sale);
};
const opensAtMs = startMs + 60_000;
const closesAtMs = opensAtMs + dropTerms.durationMs;
const tiered = {
  opensAtMs,
  earlyAccess: [{ tier: 'club', earlierMs: 20_000 }],
  variants: [{ ...dropTerms.variants[0]!, quantity: 1 }],
};
const people = [
  entered(1, 'ines', { tier: 'club' }),
  entered(2, 'petr', { tier: 'club' }),
  entered(3, 'tomasz'),
];

describe('what a drop says', () => {
  it('[DRO-9] everyone gets the commitments when it is announced, nobody the seeds', () => {
    const [announcement] = announced(tiered);
    const { room, personal, crew } = said(announcement);
    expect(room).toMatchObject([
      { t: 'drop-announced', drop: { seedCommitments: [expect.any(String), expect.any(String)] } },
    ]);
    const text = JSON.stringify([room, personal, crew]);
    for (const seed of seedsFor({ ...dropTerms, ...tiered })) expect(text).not.toContain(seed);
  });
  it('[DRO-16] everyone reads what is in a set, nobody the catalogue’s ids of it', () => {
    const piece = { productId: dropTerms.productId, title: 'Cup', quantity: 2 };
    const parts = [{ ...piece, variantId: 'cup-in-the-catalogue' as VariantId }];
    const { room } = said(announced({ variants: [{ ...dropTerms.variants[0]!, parts }] })[0]);
    expect(room).toMatchObject([
      { drop: { variants: [{ parts: [{ title: 'Cup', quantity: 2 }] }] } },
    ]);
    expect(JSON.stringify(room)).not.toContain('cup-in-the-catalogue');
  });
  it('[DRO-14] each entrant is told their place once: by the stage that lets them in', () => {
    const before = [...announced(tiered), ...allocated(), ...people];
    const first = said(...before, opened(closesAtMs, 0, 'club'));
    expect(first.personal.map(({ to }) => to).toSorted()).toEqual(['ines', 'petr']);
    expect(first.personal.map(({ message }) => message)).toMatchObject([
      { t: 'entry', entry: { place: 1, state: 'waiting' } },
      { t: 'entry', entry: { place: 2, state: 'waiting' } },
    ]);
    const second = said(...before, opened(closesAtMs, 0, 'club'), opened(closesAtMs, 1));
    expect(second.personal).toMatchObject([
      { to: 'tomasz', message: { t: 'entry', entry: { entry: 3, place: 3 } } },
    ]);
  });
  it('[DRO-14] how far the line has come is one message to all; beside it only who is served hears', () => {
    const waiting = [...announced(), ...allocated(), ...people, opened(closesAtMs)];
    const state = fold([...live, ...waiting], startMs).sale.drops.get(dropTerms.dropId)!;
    const next = state.lines.get(lagoon)!.entries[0]!;
    const name = ['ines', 'petr', 'tomasz'][next - 1]!;
    const [word, held] = served(next, name);
    const told = said(...waiting, held, word);
    expect(told.room).toMatchObject([
      { t: 'drop', figures: { waiting: 2, variants: { [lagoon]: { left: 1, served: 1 } } } },
    ]);
    expect(told.personal.map(({ to }) => to)).toEqual([name]);
    expect(JSON.stringify(told.room)).not.toContain(name);
  });
  it('[DRO-13] who waits when it closes is told with everyone, and why', () => {
    const before = [...announced(), ...allocated(), ...people, leftDrop(2)];
    for (const [closed, reason] of [
      [closedDrop('time'), 'time'],
      [closedDrop('crew', 'The kiln broke'), 'The kiln broke'],
    ] as const)
      expect(said(...before, closed)).toMatchObject({
        room: [{ t: 'drop', figures: { waiting: 2, reason } }],
        personal: [],
      });
  });
  it('[DRO-2] the crew alone hears how many there are of a drop that was refused', () => {
    const data = { dropId: dropTerms.dropId, available: 1 };
    const { room, crew } = said(...announced(), { kind: 'DropRefused', data });
    expect(crew).toMatchObject([{ t: 'drop-refused', available: 1 }]);
    expect(room).toMatchObject([{ t: 'drop', figures: { phase: 'refused' } }]);
  });
});
