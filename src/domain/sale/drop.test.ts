// The life of a drop: announced with its units, opened, closed, its units back. Who gets them is line.test.ts.

import { describe, expect, it } from 'vitest';
import type { OfferId, ProductId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import { system } from '../decider.ts';
import { type ShowEvent, showDecider } from '../show/show.ts';
import {
  allocated,
  announce,
  announced,
  closedDrop,
  DropRun,
  dropId,
  dropTerms,
  enter,
  entered,
  leftDrop,
  opened,
  seedsFor,
  served,
} from '../testing/drop-cast.ts';
import { ines, mina, otto, person, startMs, teo, testbed, tomasz } from '../testing/given.ts';
import { ended, eur, hold, lagoon, live, ochre, planned, stocked } from '../testing/show-cast.ts';
import type { DropTerms } from './drop.ts';
import type { DropCommand } from './line.ts';
import { seedCommitment } from './shuffle.ts';

const { given, fold } = testbed(showDecider);

const opensAtMs = startMs + 60_000;
const open = { kind: 'OpenDrop', dropId } as const;
const step = { kind: 'StepDrop', dropId } as const;
const cancel = (reason: string) => ({ kind: 'CancelDrop', dropId, reason }) as const;
const closesAtMs = startMs + dropTerms.durationMs;
const offerClosed = (reason: 'time' | 'crew' | 'show-ended'): ShowEvent => ({
  kind: 'OfferClosed',
  data: { offerId: dropId, reason },
});
const back = (quantity: number, variantId = lagoon): ShowEvent => ({
  kind: 'UnitsReleased',
  data: { offerId: dropId, variantId, quantity },
});
const ready = [...live, ...announced(), ...allocated()];
const both = {
  variants: [
    ...dropTerms.variants,
    { ...dropTerms.variants[0]!, variantId: ochre, title: 'Ochre', quantity: 1 },
  ],
};

describe('announcing a drop', () => {
  it('[DRO-1] an owner or host announces it, in a planned or live show, and its units are asked for', () => {
    for (const before of [live, [planned, stocked]])
      for (const by of [mina, otto])
        given(...before)
          .when(announce(), by)
          .then(...announced());
  });
  it('[DRO-1] nobody else, not after the end, not for what isn’t on the shelf', () => {
    for (const by of [teo, ines])
      given(...live)
        .when(announce(), by)
        .refused('not-allowed');
    given(...live, ended)
      .when(announce(), mina)
      .refused('show-ended');
    given().when(announce(), mina).refused('show-unknown');
    given(...live)
      .when(announce({ productId: 'bowl' as ProductId }), mina)
      .refused('product-not-on-shelf');
  });
  it('[DRO-1] once, and so many of a show', () => {
    given(...ready)
      .when(announce(), mina)
      .refused('drop-exists');
    // The id of an offer or a lot leads to other units.
    given(...live, { kind: 'OfferRequested', data: { terms: { ...dropTerms, offerId: dropId } } })
      .when(announce(), mina)
      .refused('drop-exists');
    const many = Array.from({ length: limits.dropsMax }, (_, nth) =>
      announced({ dropId: `drop-${nth}` as OfferId }),
    ).flat();
    given(...live, ...many)
      .when(announce(), mina)
      .refused('too-many-drops', { max: limits.dropsMax });
  });
  it('[DRO-2] a drop larger than the stock is refused and says what there is; the rest goes back', () => {
    const refuse = { kind: 'RefuseAllocation', offerId: dropId, variantId: ochre, available: 0 };
    given(...live, ...announced(both), allocated()[0]!)
      .when(refuse as never, system)
      .then(
        { kind: 'OfferRefused', data: { offerId: dropId, variantId: ochre, available: 0 } },
        { kind: 'DropRefused', data: { dropId, available: 0 } },
        back(2),
      );
  });
  it('[DRO-2] a refused drop takes nobody and can’t be opened', () => {
    const refused: ShowEvent[] = [
      ...live,
      ...announced(),
      { kind: 'OfferRefused', data: { offerId: dropId, variantId: lagoon, available: 1 } },
      { kind: 'DropRefused', data: { dropId, available: 1 } },
    ];
    given(...refused)
      .when(enter(), ines)
      .refused('drop-over');
    given(...refused)
      .when(open, mina)
      .refused('drop-not-ready');
    given(...refused)
      .when(cancel('why'), mina)
      .refused('drop-over');
  });
  it('[DRO-2] a drop that is announced before the show has its units then already', () => {
    const run = new DropRun({ isLive: false });
    run.announce();
    expect(run.show.sale.offers.get(dropId)?.pools.get(lagoon)).toMatchObject({ left: 2 });
    expect(run.send(enter(), ines)).toHaveLength(1);
  });
  it.each([
    ['quantity', { variants: [{ ...dropTerms.variants[0]!, quantity: 0 }] }],
    ['variants', { variants: [] }],
    ['opensAtMs', { opensAtMs: startMs - 1 }],
    ['opensAtMs', { opensAtMs: startMs + limits.dropAheadMsMax + 1 }],
    ['opensAtMs', { opensAtMs: Number.NaN }],
    ['durationMs', { durationMs: 0 }],
    ['durationMs', { durationMs: -60_000 }],
    ['holdMs', { holdMs: 1 }],
    ['perPersonMax', { perPersonMax: 0 }],
    ['price', { isGiveaway: true, order: 'draw' }],
    ['order', { isGiveaway: true, variants: [{ ...dropTerms.variants[0]!, price: eur(0) }] }],
    ['earlyAccess', { opensAtMs, earlyAccess: [{ tier: 'club', earlierMs: 0 }] }],
    ['earlyAccess', { opensAtMs, earlyAccess: [{ tier: 'club', earlierMs: -5_000 }] }],
    ['earlyAccess', { opensAtMs: null, earlyAccess: [{ tier: 'club', earlierMs: 5_000 }] }],
    [
      'earlyAccess',
      {
        opensAtMs,
        earlyAccess: [
          { tier: 'club', earlierMs: 5_000 },
          { tier: 'gold', earlierMs: 5_000 },
        ],
      },
    ],
    [
      'earlyAccess',
      {
        opensAtMs,
        earlyAccess: [
          { tier: 'club', earlierMs: 6_000 },
          { tier: 'club', earlierMs: 5_000 },
        ],
      },
    ],
  ] as [string, Partial<DropTerms>][])(
    '[DRO-3] terms that can’t be are refused: %s, %j',
    (field, change) => {
      given(...live)
        .when(announce(change), mina)
        .refused('drop-invalid', { field });
    },
  );
  it('[DRO-9] there is a seed for each stage, and each its own', () => {
    const earlyAccess = [{ tier: 'club', earlierMs: 5_000 }];
    for (const seeds of [['one'], ['one', 'one'], ['one', 'two', 'three']])
      given(...live)
        .when({ ...announce({ opensAtMs, earlyAccess }), seeds }, mina)
        .refused('drop-invalid', { field: 'seeds' });
  });
  it('[DRO-9] it is committed to the seeds, and they stand in the personal part alone', () => {
    const [event] = announced();
    expect(JSON.stringify(event.data)).not.toContain(seedsFor(dropTerms)[0]);
    expect(seedCommitment('drop1', 'seed of stage 0')).toBe(
      // printf 'rialto-drop-1\ndrop1\nseed of stage 0' | sha256sum
      '0066e75616ec37de75dcb5fc0c9070d495387830b563ffd13bc94bff0109c781',
    );
  });
  it('[DRO-15] a giveaway is drawn, and its units cost nothing', () => {
    const free = [{ ...dropTerms.variants[0]!, price: eur(0) }];
    const giveaway = { isGiveaway: true, order: 'draw', variants: free } as const;
    given(...live)
      .when(announce(giveaway), mina)
      .then(...announced(giveaway));
    given(...live, ...announced(giveaway), ...allocated(), entered(1, 'ines'), opened(closesAtMs))
      .when(step, system)
      .then(...served(1, 'ines', { price: eur(0) }));
  });
});

describe('opening a drop', () => {
  it('[DRO-1] the host opens it, in a live show, once', () => {
    given(...ready)
      .when(open, mina, startMs + 7)
      .then(opened(startMs + 7 + dropTerms.durationMs));
    given(...ready)
      .when(open, teo)
      .refused('not-allowed');
    given(planned, stocked, ...announced(), ...allocated())
      .when(open, mina)
      .refused('show-not-live');
    given(...ready, opened(closesAtMs))
      .when(open, mina)
      .refused('drop-not-ready');
    given(...live)
      .when(open, mina)
      .refused('drop-unknown');
  });
  it('[DRO-1] not before its units are there', () => {
    given(...live, ...announced())
      .when(open, mina)
      .refused('drop-not-ready');
  });
  it('[DRO-1] at its time by itself, not earlier; nobody sends that but the clock', () => {
    const timed = [...live, ...announced({ opensAtMs }), ...allocated()];
    expect(showDecider.deadline(fold(timed, startMs))).toEqual({ atMs: opensAtMs, command: step });
    given(...timed)
      .when(step, system, opensAtMs)
      .then(opened(opensAtMs + dropTerms.durationMs));
    given(...timed)
      .when(step, system, opensAtMs - 1)
      .refused('drop-not-ready');
    given(...timed)
      .when(step, mina, opensAtMs)
      .refused('not-allowed');
  });
  it('[DRO-1] a show that goes live late opens what is due then', () => {
    const run = new DropRun({ isLive: false });
    run.announce({ opensAtMs });
    expect(run.until(opensAtMs + 5_000)).toEqual([]);
    given(planned, stocked, ...announced({ opensAtMs }), ...allocated())
      .when(step, system, opensAtMs)
      .refused('show-not-live');
    expect(run.send({ kind: 'GoLive' }, mina)).toContainEqual(
      opened(opensAtMs + 5_000 + dropTerms.durationMs),
    );
  });
  it('[DRO-2] units that come after its time open it when they come', () => {
    const waiting = [...live, ...announced({ opensAtMs })];
    expect(showDecider.deadline(fold(waiting, startMs))).toBeNull();
    expect(showDecider.deadline(fold([...waiting, ...allocated()], startMs))).toEqual({
      atMs: opensAtMs,
      command: step,
    });
  });
  it('[DRO-9] whose seeds were erased can’t be opened by the host and closes at its time', () => {
    const [announcement, request] = announced({ opensAtMs });
    const erased = { ...announcement, personal: null } as ShowEvent;
    given(...live, erased, request, ...allocated())
      .when(open, mina)
      .refused('drop-not-ready');
    given(...live, erased, request, ...allocated())
      .when(step, system, opensAtMs)
      .then(
        closedDrop('crew', 'Its order can’t be proven any more.'),
        offerClosed('crew'),
        back(2),
      );
  });
});

describe('the end of a drop', () => {
  const selling = [...ready, entered(1, 'ines'), entered(2, 'tomasz')];

  it('[DRO-13] its time is over: what is left goes back, holds stand', () => {
    const held = [...selling, opened(closesAtMs), ...served(1, 'ines'), leftDrop(2)];
    expect(showDecider.deadline(fold(held, startMs))?.atMs).toBe(startMs + dropTerms.holdMs);
    given(...held)
      .when(step, system, closesAtMs)
      .then(closedDrop('time'), offerClosed('time'), back(1));
    given(...held)
      .when(step, system, closesAtMs - 1)
      .refused('drop-not-ready');
  });
  it('[DRO-13] nobody enters or is served after its time, though its close was not decided yet', () => {
    given(...selling, opened(closesAtMs))
      .when(step, system, closesAtMs)
      .then(closedDrop('time'), offerClosed('time'), back(2));
    given(...ready, opened(closesAtMs))
      .when(enter(), ines, closesAtMs)
      .refused('drop-over');
  });
  it('[DRO-13] everything is sold: it closes at once, and the others wait no longer', () => {
    const run = new DropRun();
    run.announce();
    run.send(enter({ quantity: 2 }), ines);
    run.send(open, mina);
    run.send(enter(), tomasz);
    const settle = { kind: 'SettleHold', holdId: hold('drop1-1'), orderId: 'o1' as never } as const;
    const [settled, ...after] = run.send(settle, system) as ShowEvent[];
    expect(settled?.kind).toBe('HoldSettled');
    expect(after).toEqual([closedDrop('sold-out'), offerClosed('time')]);
    expect(showDecider.deadline(run.show)).toBeNull();
  });
  it('[DRO-13] units in carts may come back: it stays open for them', () => {
    const held = [...selling, opened(closesAtMs), ...served(1, 'ines', { quantity: 2 })];
    given(...held)
      .when(step, system, startMs + 1)
      .refused('drop-not-ready');
    given(...held, {
      kind: 'HoldSettled',
      data: {
        holdId: hold('drop1-1'),
        offerId: dropId,
        variantId: lagoon,
        quantity: 2,
        personId: 'ines' as never,
        orderId: 'o1' as never,
      },
    })
      .when(step, system, startMs + 1)
      .then(closedDrop('sold-out'), offerClosed('time'));
  });
  it('[DRO-13] the host cancels it and says why', () => {
    given(...selling)
      .when(cancel('The kiln broke'), mina)
      .then(closedDrop('crew', 'The kiln broke'), offerClosed('crew'), back(2));
    given(...selling, opened(closesAtMs), ...served(1, 'ines'))
      .when(cancel('The kiln broke'), mina)
      .then(closedDrop('crew', 'The kiln broke'), offerClosed('crew'), back(1));
    given(...selling)
      .when(cancel('x'), teo)
      .refused('not-allowed');
    for (const reason of ['', '  ', 'x'.repeat(limits.reasonMax + 1)])
      given(...selling)
        .when(cancel(reason), mina)
        .refused('reason-needed');
    given(...selling, closedDrop('crew', 'The kiln broke'), offerClosed('crew'), back(2))
      .when(cancel('again'), mina)
      .refused('drop-over');
  });
  it('[DRO-13] a hold that ends after the close sends its units to stock, not to the next', () => {
    const closed = [
      ...selling,
      opened(closesAtMs),
      ...served(1, 'ines'),
      closedDrop('crew', 'why'),
      offerClosed('crew'),
      back(1),
    ];
    given(...closed)
      .when({ kind: 'ReleaseHold', holdId: hold('drop1-1') }, ines)
      .then(
        {
          kind: 'HoldReleased',
          data: {
            holdId: hold('drop1-1'),
            offerId: dropId,
            variantId: lagoon,
            quantity: 1,
            personId: 'ines' as never,
          },
        },
        back(1),
      );
  });
  it('[DRO-13] the end of the show closes it in every phase, and a later allocation goes back', () => {
    const end = { kind: 'EndShow' } as const;
    const closed = [closedDrop('show-ended'), offerClosed('show-ended')];
    given(...live, ...announced())
      .when(end, mina)
      .then(...closed, ended);
    given(...live, ...announced(), ...closed, ended)
      .when({ kind: 'ConfirmAllocation', offerId: dropId, variantId: lagoon, quantity: 2 }, system)
      .then(allocated()[0]!, back(2));
    given(...selling)
      .when(end, mina)
      .then(...closed, back(2), ended);
    given(...selling, opened(closesAtMs), ...served(1, 'ines'))
      .when(end, mina)
      .then(...closed, back(1), ended);
    given(...selling, closedDrop('crew', 'x'), offerClosed('crew'), back(2))
      .when(end, mina)
      .then(ended);
  });
  it('[DRO-13] a cancelled show gives the units of its drops back', () => {
    given(planned, stocked, ...announced(), ...allocated())
      .when({ kind: 'CancelShow', reason: 'Ill' }, mina)
      .then(closedDrop('show-ended'), offerClosed('show-ended'), back(2), {
        kind: 'ShowCancelled',
        data: { reason: 'Ill' },
      });
  });
  it('[DRO-13] after the end nobody enters, leaves or opens', () => {
    const over = [...selling, closedDrop('time'), offerClosed('time'), back(2)];
    const late: [DropCommand, typeof mina, string][] = [
      [enter(), person('petr'), 'drop-over'],
      [{ kind: 'LeaveDrop', dropId }, ines, 'drop-over'],
      [open, mina, 'drop-not-ready'],
      [step, system, 'drop-not-ready'],
    ];
    for (const [command, by, reason] of late)
      given(...over)
        .when(command, by)
        .refused(reason);
    expect(showDecider.deadline(fold(over, startMs))).toBeNull();
  });
});
