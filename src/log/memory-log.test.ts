// The memory twin against the contract, and what its disk port promises to the simulator.

import { expect, test } from 'vitest';
import type { CommandId, StreamId } from '../base/brand.ts';
import { eventLogContract } from './event-log.contract.ts';
import type { Append } from './event-log.ts';
import { genesisHash } from './hash-chain.ts';
import { type DiskTransaction, type LogDisk, MemoryLog } from './memory-log.ts';
import type { LogUnderTest, StoredField } from './testing/log-under-test.ts';

/** A disk that does as the test says at the next append, and works otherwise. */
class TestDisk implements LogDisk {
  next: ((transaction: DiskTransaction) => Promise<void>) | null = null;

  async write(write: { what: string }, transaction: DiskTransaction): Promise<void> {
    const { next } = this;
    if (write.what !== 'append' || next === null) return transaction.commit();
    this.next = null;
    await next(transaction);
  }
}

const changed = (value: string | number | null): string | number =>
  typeof value === 'number'
    ? value + 1
    : value === null
      ? 'x'
      : value.slice(0, -1) + (value.endsWith('0') ? '1' : '0');

const open = async (): Promise<LogUnderTest> => {
  const disk = new TestDisk();
  const log = new MemoryLog({ disk });
  // One storage for both; only closing is each one's own.
  const closed = new MemoryLog();
  await closed.close();
  let isClosed = false;
  const other = new Proxy(log, {
    get: (_target, name: keyof MemoryLog) => {
      if (name === 'close')
        return async () => {
          isClosed = true;
        };
      const target = isClosed ? closed : log;
      const value = target[name];
      return typeof value === 'function'
        ? (value as (...args: unknown[]) => unknown).bind(target)
        : value;
    },
  });
  return {
    log,
    other,
    async tamper(stream, seq, field: StoredField) {
      const row = log.storedRows(stream)[seq - 1]!;
      const stored = row as unknown as Record<StoredField, string | number | null>;
      stored[field] =
        field === 'dataText' ? row.dataText.replace('2', '3') : changed(stored[field]);
    },
    async remove(stream, seq) {
      log.storedRows(stream).splice(seq - 1, 1);
    },
    async hold(batch) {
      const reached = Promise.withResolvers<DiskTransaction>();
      const answer = Promise.withResolvers<void>();
      disk.next = async (transaction) => {
        reached.resolve(transaction);
        await answer.promise;
      };
      const appended = log.append(batch).catch(() => undefined);
      const transaction = await reached.promise;
      return {
        async commit() {
          transaction.commit();
          answer.resolve();
          await appended;
        },
        async abort() {
          transaction.abort();
          answer.reject(new Error('aborted'));
          await appended;
        },
      };
    },
    lose(batch, when) {
      disk.next = async (transaction) => {
        if (when === 'after') transaction.commit();
        else transaction.abort();
        throw new Error('connection lost');
      };
      return log.append(batch);
    },
    close: () => log.close(),
  };
};

eventLogContract('memory log', open);

const batch: Append = {
  stream: 'show-a' as StreamId,
  epoch: 1,
  expectedVersion: 0,
  headHash: genesisHash,
  commands: [
    {
      commandId: 'c1' as CommandId,
      bodyHash: 'b',
      atMs: 1,
      by: null,
      events: [{ kind: 'A', data: 1 }],
    },
  ],
};

test('[LOG-7] a commit that comes after the connection was lost is seen by whoever takes the stream next', async () => {
  const disk = new TestDisk();
  const log = new MemoryLog({ disk });
  await log.take(batch.stream, 'a');
  let transaction: DiskTransaction | undefined;
  disk.next = async (given) => {
    transaction = given;
    throw new Error('connection lost');
  };
  await expect(log.append(batch)).rejects.toMatchObject({
    code: 'log-unavailable',
    detail: { outcome: 'unknown' },
  });
  const taken = log.take(batch.stream, 'a');
  transaction?.commit();
  expect(await taken).toMatchObject({ version: 1, epoch: 2 });
});

test('[LOG-2] what is read is a copy: changing it changes nothing stored', async () => {
  const log = new MemoryLog();
  await log.take(batch.stream, 'a');
  const data = { units: [1] };
  await log.append({
    ...batch,
    commands: [{ ...batch.commands[0]!, events: [{ kind: 'A', data }] }],
  });
  data.units.push(2);
  ((await log.read(batch.stream, 1, 1))[0]!.data as { units: number[] }).units.push(3);
  expect((await log.read(batch.stream, 1, 1))[0]!.data).toEqual({ units: [1] });
});
