// Counts of imports that were kept from their streams, over the real engine on the log in memory.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PersonId, type StreamId, stockStream, type VariantId } from '../base/brand.ts';
import { Fault } from '../base/fault.ts';
import { VirtualClock } from '../base/virtual-time.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { CountDue } from '../catalogue/counts-due.ts';
import { stockDecider } from '../domain/stock/stock.ts';
import type { Engine } from '../engine/contract.ts';
import { createEngine } from '../engine/engine.ts';
import { MemoryLog } from '../log/memory-log.ts';
import { StockCounts } from './stock-counts.ts';

const mina = { kind: 'person', id: 'mina' as PersonId, name: 'Mina', role: 'host' } as const;
const due = (variantId: string, onHand: number): CountDue => ({
  variantId,
  onHand,
  key: 'import-1',
  by: mina,
});

let clock: VirtualClock;
let log: MemoryLog;
let engine: Engine;
let counts: StockCounts;
let waiting: CountDue[];
let reports: unknown[];
let isAway: boolean;

beforeEach(() => {
  clock = new VirtualClock(Date.UTC(2026, 10, 24, 18));
  log = new MemoryLog({ clock });
  engine = createEngine({ log, clock, node: 'a', deciders: [stockDecider] });
  waiting = [];
  reports = [];
  isAway = false;
  const catalogue: Pick<Catalogue, 'tellCounts'> = {
    async tellCounts(tell, onFault) {
      for (const each of [...waiting]) {
        await tell(each).then(
          () => waiting.splice(waiting.indexOf(each), 1),
          (error: unknown) => onFault(each, error),
        );
      }
    },
  };
  counts = new StockCounts({
    engine: {
      send: (...sent) =>
        isAway ? Promise.reject(new Fault('log-unavailable', 'not now')) : engine.send(...sent),
    },
    catalogue,
    shown: async () => undefined,
    clock,
    report: (what, { err: _error, ...figures }: { err?: unknown }) => reports.push([what, figures]),
  });
});
afterEach(async () => {
  await counts.stop();
  await engine.stop();
});

const kinds = async (variantId: string) =>
  (await log.read(stockStream(variantId as VariantId) as StreamId, 1, 10)).map(({ data }) => data);

test('[CAT-18] what is due is counted at the start, once', async () => {
  waiting = [due('vase', 5), due('bowl', 7)];
  // The server died after this one was told and before it was forgotten.
  await counts.count('vase', 5, mina, 'import-1');
  await engine.send(
    stockStream('vase' as VariantId),
    { kind: 'CountStock', onHand: 3 },
    { commandId: 'by-hand' as never, by: mina },
  );
  await counts.start();
  expect(waiting).toEqual([]);
  expect(await kinds('vase')).toEqual([{ onHand: 5 }, { onHand: 3 }]);
  expect(await kinds('bowl')).toEqual([{ onHand: 7 }]);
});

test('[CAT-18] a log that is away delays the count', async () => {
  waiting = [due('vase', 5)];
  isAway = true;
  await counts.start();
  expect(await kinds('vase')).toEqual([]);
  isAway = false;
  await clock.runUntil(clock.nowMs() + 60_000);
  expect(await kinds('vase')).toEqual([{ onHand: 5 }]);
  expect(reports).toEqual([['a count of an import waits', { variantId: 'vase' }]]);
});

test('[CAT-18] a count below what is promised is told to the operator and not tried again', async () => {
  await counts.count('vase', 5, mina, 'k');
  await engine.send(
    stockStream('vase' as VariantId),
    { kind: 'AllocateStock', offerId: 'o1', showId: 's1', quantity: 4 } as never,
    { commandId: 'c1' as never, by: mina },
  );
  waiting = [due('vase', 2)];
  await counts.start();
  expect(waiting).toEqual([]);
  expect(reports).toEqual([
    ['a count of an import was refused', { variantId: 'vase', reason: 'stock-promised' }],
  ]);
});
