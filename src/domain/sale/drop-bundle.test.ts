// Bundles in a drop: the stock's one decision over all parts, and the line that never gives half of one.

import { describe, expect, it } from 'vitest';
import type { ProductId, VariantId } from '../../base/brand.ts';
import { system } from '../decider.ts';
import { type ShowEvent, showDecider } from '../show/show.ts';
import {
  allocated,
  announce,
  announced,
  DropRun,
  dropId,
  dropTerms,
  enter,
  served,
} from '../testing/drop-cast.ts';
import { ines, mina, person, startMs, testbed, tomasz } from '../testing/given.ts';
import { eur, hold, lagoon, live, order } from '../testing/show-cast.ts';
import type { BundlePart } from './bundle.ts';
import type { DropTerms } from './drop.ts';

const { given } = testbed(showDecider);
const cup = 'cup' as VariantId;
const spoon = 'spoon' as VariantId;
const set = 'bundle_tea' as VariantId;
const part = (variantId: VariantId, quantity: number): BundlePart => ({
  variantId,
  productId: 'tea' as ProductId,
  title: variantId,
  quantity,
});
const teaSets: DropTerms['variants'][number] = {
  variantId: set,
  title: 'Tea for two',
  price: eur(9_000),
  usualPrice: eur(11_000),
  quantity: 2,
  parts: [part(cup, 2), part(spoon, 1)],
};
const terms: Partial<DropTerms> = { variants: [teaSets], perPersonMax: 1 };
const full: DropTerms = { ...dropTerms, ...terms };
const inStock = (variantId: VariantId, quantity: number): ShowEvent => ({
  kind: 'OfferAllocated',
  data: { offerId: dropId, variantId, quantity },
});

describe('a bundle in a drop', () => {
  it('[DRO-16] is there with its last part; until then the drop can’t be opened', () => {
    const open = { kind: 'OpenDrop', dropId } as const;
    expect(allocated(full)).toEqual([
      inStock(cup, 4),
      inStock(spoon, 2),
      { kind: 'OfferOpened', data: { offerId: dropId, closesAtMs: startMs + full.durationMs } },
    ]);
    given(...live, ...announced(terms), inStock(cup, 4))
      .when(open, mina)
      .refused('drop-not-ready');
    given(...live, ...announced(terms), inStock(cup, 4))
      .when({ kind: 'ConfirmAllocation', offerId: dropId, variantId: spoon, quantity: 2 }, system)
      .then(...allocated(full).slice(1));
  });

  it('[DRO-16] more than the stock has is refused and says how many sets there are; what came goes back', () => {
    // Five cups make two sets, though there are five.
    const short = { offerId: dropId, variantId: cup, available: 5 };
    given(...live, ...announced({ variants: [{ ...teaSets, quantity: 3 }] }), inStock(spoon, 3))
      .when({ kind: 'RefuseAllocation', ...short }, system)
      .then(
        { kind: 'OfferRefused', data: short },
        { kind: 'DropRefused', data: { dropId, available: 2 } },
        { kind: 'UnitsReleased', data: { offerId: dropId, variantId: spoon, quantity: 3 } },
      );
  });

  it('[DRO-16] parts that can’t be are refused: none, twice, or on their own in the same drop', () => {
    const wrong: DropTerms['variants'][] = [
      [{ ...teaSets, parts: [] }],
      [{ ...teaSets, parts: [part(cup, 1), part(cup, 1)] }],
      [{ ...teaSets, parts: [part(lagoon, 1)] }, dropTerms.variants[0]!],
    ];
    for (const variants of wrong)
      given(...live)
        .when(announce({ variants }), mina)
        .refused('drop-invalid', { field: 'parts' });
  });

  it('[DRO-16] who is served has whole sets; one that comes back is the next one’s, whole', () => {
    const run = new DropRun();
    run.announce(terms);
    for (const by of [ines, tomasz, person('petr')]) run.send(enter({ variantId: set }), by);
    run.send({ kind: 'OpenDrop', dropId }, mina);
    const { order: line } = lineOf(run);
    const [first, second, third] = line.map((entry) => nameOf(run, entry));
    expect(holders(run)).toEqual([first, second]);
    const gone = run.send(
      { kind: 'ReleaseHold', holdId: hold(`${dropId}-${line[0]}`) },
      { kind: 'person', id: first as never, name: first!, role: 'shopper' },
    );
    expect(gone).toMatchObject([
      { kind: 'HoldReleased', data: { variantId: set, quantity: 1 } },
      ...served(line[2]!, third!, { variantId: set, price: eur(9_000) }).map(({ kind }) => ({
        kind,
      })),
    ]);
    expect(holders(run)).toEqual([second, third]);
  });

  it('[DRO-16] what is sold and what is left are said to the stock as parts', () => {
    const run = new DropRun();
    run.announce(terms);
    run.send(enter({ variantId: set }), ines);
    run.send({ kind: 'OpenDrop', dropId }, mina);
    const holdId = hold(`${dropId}-1`);
    const paid = run.send({ kind: 'SettleHold', holdId, orderId: order('o1') }, system);
    expect(paid).toMatchObject([
      {
        kind: 'HoldSettled',
        data: {
          parts: [
            { variantId: cup, quantity: 2 },
            { variantId: spoon, quantity: 1 },
          ],
        },
      },
    ]);
    const over = run.send({ kind: 'CancelDrop', dropId, reason: 'cracked' }, mina);
    expect(over).toContainEqual({
      kind: 'UnitsReleased',
      data: {
        offerId: dropId,
        variantId: set,
        quantity: 1,
        parts: [
          { variantId: cup, quantity: 2 },
          { variantId: spoon, quantity: 1 },
        ],
      },
    });
  });
});

const lineOf = (run: DropRun) => {
  const line = run.show.sale.drops.get(dropId)?.lines.get(set);
  if (!line) throw new Error('no line of sets');
  return { order: line.entries };
};

const nameOf = (run: DropRun, entry: number): string =>
  String(run.show.sale.drops.get(dropId)?.entries.get(entry)?.personId);

const holders = (run: DropRun): string[] =>
  [...run.show.sale.holds.values()].map(({ personId }) => personId);
