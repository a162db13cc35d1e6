// The suite that every event log passes, first part: writing. The memory twin and PostgreSQL run the same
// file. Titles carry the rules of `docs/rules/log.md`. The second part is `event-log-reading.contract.ts`.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CommandId } from '../base/brand.ts';
import type { Json } from '../base/json.ts';
import { type EventLog, readStream } from './event-log.ts';
import { readingContract } from './event-log-reading.contract.ts';
import { genesisHash } from './hash-chain.ts';
import {
  atMs,
  batchAt,
  command,
  everything,
  faultOf,
  type LogUnderTest,
  show,
  stock,
} from './testing/log-under-test.ts';

export const eventLogContract = (name: string, open: () => Promise<LogUnderTest>): void => {
  describe(name, () => {
    let it: LogUnderTest;
    let log: EventLog;

    beforeEach(async () => {
      it = await open();
      log = it.log;
    });
    afterEach(async () => {
      await it.close();
    });

    describe('append and read', () => {
      test('[LOG-1] events stand in the order of their commands, numbered from 1 without gaps', async () => {
        const lease = await log.take(show, 'a');
        expect(lease).toEqual({
          stream: show,
          node: 'a',
          epoch: 1,
          version: 0,
          headHash: genesisHash,
        });
        const first = await log.append(
          batchAt(
            lease,
            lease,
            command('c1', { kind: 'A', data: 1 }, { kind: 'B', data: 2 }),
            command('c2'),
          ),
        );
        const second = await log.append(batchAt(lease, first, command('c3')));
        expect(first.events.map(({ seq, kind, commandId }) => [seq, kind, commandId])).toEqual([
          [1, 'A', 'c1'],
          [2, 'B', 'c1'],
          [3, 'Said', 'c2'],
        ]);
        expect(second).toMatchObject({ version: 4 });
        expect(await log.read(show, 1, 10)).toEqual([...first.events, ...second.events]);
        expect(await log.read(show, 3, 1)).toEqual([first.events[2]]);
        expect(await log.read(show, 5, 10)).toEqual([]);
        expect(await it.other.read(show, 1, 10)).toEqual(await log.read(show, 1, 10));
        expect(await log.head(show)).toEqual({ version: 4, headHash: second.headHash });
      });

      test('[LOG-1] a stream is read page by page to its end', async () => {
        const lease = await log.take(show, 'a');
        await log.append(
          batchAt(lease, lease, ...Array.from({ length: 25 }, (_, i) => command(`c${i}`))),
        );
        const seqs: number[] = [];
        for await (const { seq } of readStream(log, show, 3, 10)) seqs.push(seq);
        expect(seqs).toEqual(Array.from({ length: 23 }, (_, i) => i + 3));
      });

      test('[LOG-2] data and personal text come back as they went in, whatever they hold', async () => {
        const data: Json = {
          b: [0, 1.5, 1e21, 5e-324, Number.MAX_SAFE_INTEGER, true, null],
          a: { z: '', ключ: 'значение' },
          __proto: 'x',
          nasty: '\u0000 \ud800 " \\ \u2028 {,} NULL \n\t',
          emoji: '👩🏽‍🎤',
          quote: "it's",
          empty: [[], {}],
        };
        const lease = await log.take(show, 'a');
        await log.append(
          batchAt(
            lease,
            lease,
            command(
              'c1',
              { kind: 'A', data, personal: { text: '\u0000\ud800 ü, "x"' } },
              { kind: 'A', data: 'NULL', personal: '' },
            ),
          ),
        );
        const [first, second] = await log.read(show, 1, 2);
        expect(first?.data).toEqual(data);
        expect(first?.personal).toEqual({ text: '\u0000\ud800 ü, "x"' });
        expect([second?.data, second?.personal]).toEqual(['NULL', '']);
        expect(await log.verify(show)).toMatchObject({ ok: true, version: 2 });
      });

      test('[LOG-2] who gave a command, when, and nobody: all come back', async () => {
        const lease = await log.take(show, 'a');
        await log.append(
          batchAt(
            lease,
            lease,
            { ...command('c1'), by: null, atMs: 0 },
            { ...command('c2'), by: 'NULL', atMs: atMs + 7 },
          ),
        );
        expect((await log.read(show, 1, 2)).map((event) => [event.by, event.atMs])).toEqual([
          [null, 0],
          ['NULL', atMs + 7],
        ]);
      });

      test('[LOG-3] a batch that says another version writes nothing', async () => {
        const lease = await log.take(show, 'a');
        const head = await log.append(batchAt(lease, lease, command('c1')));
        expect(await faultOf(log.append(batchAt(lease, lease, command('c2'))))).toMatchObject({
          code: 'version-conflict',
          detail: { version: 1 },
        });
        expect(
          (await faultOf(log.append(batchAt(lease, { ...head, version: 2 }, command('c2'))))).code,
        ).toBe('version-conflict');
        expect(
          (
            await faultOf(
              log.append(batchAt(lease, { ...head, headHash: genesisHash }, command('c2'))),
            )
          ).code,
        ).toBe('version-conflict');
        expect(await log.head(show)).toEqual({ version: 1, headHash: head.headHash });
      });

      test('[LOG-3] of two batches for the same place exactly one is written', async () => {
        const lease = await log.take(show, 'a');
        const results = await Promise.allSettled(
          ['c1', 'c2', 'c3', 'c4'].map((id, i) =>
            (i % 2 ? log : it.other).append(batchAt(lease, lease, command(id))),
          ),
        );
        expect(results.map(({ status }) => status).sort()).toEqual([
          'fulfilled',
          'rejected',
          'rejected',
          'rejected',
        ]);
        for (const result of results)
          if (result.status === 'rejected')
            expect(result.reason).toMatchObject({ code: 'version-conflict' });
        expect(await log.read(show, 1, 10)).toHaveLength(1);
      });
    });

    describe('the right to write', () => {
      test('[LOG-4] taking a stream fences every older writer, also of the same node', async () => {
        const old = await log.take(show, 'a');
        const head = await log.append(batchAt(old, old, command('c1')));
        const young = await log.take(show, 'a');
        expect(young).toEqual({
          stream: show,
          node: 'a',
          epoch: 2,
          version: head.version,
          headHash: head.headHash,
        });
        expect(await faultOf(log.append(batchAt(old, head, command('c2'))))).toMatchObject({
          code: 'epoch-fenced',
          detail: { epoch: 2 },
        });
        await log.append(batchAt(young, young, command('c2')));
        expect((await log.read(show, 1, 10)).map(({ commandId }) => commandId)).toEqual([
          'c1',
          'c2',
        ]);
      });

      test('[LOG-4] a stream that nobody took can not be written to', async () => {
        expect(
          await faultOf(
            log.append({
              stream: show,
              epoch: 1,
              expectedVersion: 0,
              headHash: genesisHash,
              commands: [command('c1')],
            }),
          ),
        ).toMatchObject({ code: 'epoch-fenced' });
        expect(await log.head(show)).toEqual({ version: 0, headHash: genesisHash });
      });

      test('[LOG-4] writers that take the stream from each other: one epoch each, and one of them writes', async () => {
        const leases = await Promise.all(
          Array.from({ length: 6 }, (_, i) => (i % 2 ? log : it.other).take(show, `n${i}`)),
        );
        expect(leases.map(({ epoch }) => epoch).sort()).toEqual([1, 2, 3, 4, 5, 6]);
        const results = await Promise.allSettled(
          leases.map((lease) => log.append(batchAt(lease, lease, command(lease.node)))),
        );
        expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        expect((await log.read(show, 1, 10)).map(({ commandId }) => commandId)).toEqual([
          leases.find(({ epoch }) => epoch === 6)?.node,
        ]);
      });

      test('[LOG-5] a stream of a living node is refused with its owner; a dead one gives way', async () => {
        await log.heartbeat('a', 60_000);
        await log.take(show, 'a');
        const fault = await faultOf(it.other.take(show, 'b'));
        expect(fault).toMatchObject({ code: 'stream-owned', detail: { owner: 'a' } });
        expect(fault.detail.untilMs).toBeTypeOf('number');
        expect(await log.take(show, 'a')).toMatchObject({ epoch: 2 });
        await log.heartbeat('a', 0);
        expect(await it.other.take(show, 'b')).toMatchObject({ epoch: 3, node: 'b' });
      });

      test('[LOG-5] who takes a stream waits for the append in flight and sees it', async () => {
        const old = await log.take(show, 'a');
        const held = await it.hold(batchAt(old, old, command('c1')));
        const taken = it.other.take(show, 'b');
        await held.commit();
        expect(await taken).toMatchObject({ epoch: 2, version: 1 });
      });
    });

    describe('commands', () => {
      test('[LOG-6] a command is found again with its body and its events', async () => {
        const lease = await log.take(show, 'a');
        await log.append(
          batchAt(
            lease,
            lease,
            command('c1', { kind: 'A', data: 1 }, { kind: 'B', data: 2 }),
            command('c2'),
            command('c3'),
          ),
        );
        const [c1, c2, c3] = [
          { commandId: 'c1', bodyHash: 'body of c1', firstSeq: 1, lastSeq: 2 },
          { commandId: 'c2', bodyHash: 'body of c2', firstSeq: 3, lastSeq: 3 },
          { commandId: 'c3', bodyHash: 'body of c3', firstSeq: 4, lastSeq: 4 },
        ];
        expect(await log.recorded(show, ['c3', 'c1', 'c9'] as CommandId[])).toEqual(
          new Map([
            ['c3', c3],
            ['c1', c1],
          ]),
        );
        expect(await log.recorded(stock, ['c1'] as CommandId[])).toEqual(new Map());
        expect(await log.recorded(show, [])).toEqual(new Map());
        expect(await log.recentCommands(show, 2)).toEqual([c2, c3]);
        expect(await log.recentCommands(show, 10)).toEqual([c1, c2, c3]);
      });

      test('[LOG-6] a command that is in the log already stops the whole batch and is named', async () => {
        const lease = await log.take(show, 'a');
        const head = await log.append(batchAt(lease, lease, command('c1')));
        expect(
          await faultOf(log.append(batchAt(lease, head, command('c2'), command('c1')))),
        ).toMatchObject({ code: 'command-recorded', detail: { commandIds: ['c1'] } });
        expect(await log.head(show)).toMatchObject({ version: 1 });
        expect(
          (await faultOf(log.append(batchAt(lease, head, command('c3'), command('c3'))))).code,
        ).toBe('command-recorded');
        await log.append(batchAt(lease, head, command('c2')));
      });

      test('[LOG-6] the same id in another stream is another command', async () => {
        const [a, b] = [await log.take(show, 'a'), await log.take(stock, 'a')];
        await log.append(batchAt(a, a, command('c1')));
        expect(await log.append(batchAt(b, b, command('c1')))).toMatchObject({ version: 1 });
      });
    });

    describe('when the storage fails', () => {
      for (const [when, version] of [
        ['before', 0],
        ['after', 1],
      ] as const) {
        test(`[LOG-7] an append that lost its connection ${when} the commit: unknown, and reloading tells`, async () => {
          const lease = await log.take(show, 'a');
          const batch = batchAt(lease, lease, command('c1'));
          expect(await faultOf(it.lose(batch, when))).toMatchObject({
            code: 'log-unavailable',
            detail: { outcome: 'unknown' },
          });
          const again = await log.take(show, 'a');
          expect(again).toMatchObject({ version, epoch: 2 });
          expect((await log.recorded(show, ['c1' as CommandId])).size).toBe(version);
          if (version === 0) await log.append(batchAt(again, again, command('c1')));
          expect((await log.read(show, 1, 10)).map(({ commandId }) => commandId)).toEqual(['c1']);
        });
      }

      test('[LOG-7] an append that was aborted leaves nothing', async () => {
        const lease = await log.take(show, 'a');
        await (await it.hold(batchAt(lease, lease, command('c1')))).abort();
        expect(await log.append(batchAt(lease, lease, command('c1')))).toMatchObject({
          version: 1,
        });
        expect(await everything(log)).toHaveLength(1);
      });

      test('[LOG-7] a closed log answers log-unavailable', async () => {
        await it.other.close();
        expect(await faultOf(it.other.read(show, 1, 1))).toMatchObject({ code: 'log-unavailable' });
      });
    });

    readingContract(() => it);
  });
};
