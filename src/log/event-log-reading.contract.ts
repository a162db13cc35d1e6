// The suite that every event log passes, second part: the chain, readers across streams, deadlines,
// snapshots and checkpoints. Run by `event-log.contract.ts`.

import { beforeEach, describe, expect, test } from 'vitest';
import type { StreamId } from '../base/brand.ts';
import type { Json } from '../base/json.ts';
import { type Appended, type EventLog, startOfLog } from './event-log.ts';
import { chainedHash, genesisHash, saltedHash } from './hash-chain.ts';
import {
  atMs,
  batchAt,
  command,
  everything,
  faultOf,
  type LogUnderTest,
  show,
  stock,
  storedFields,
} from './testing/log-under-test.ts';

/** `current` gives the log that the running test has to itself. */
export const readingContract = (current: () => LogUnderTest): void => {
  let it: LogUnderTest;
  let log: EventLog;
  beforeEach(() => {
    it = current();
    log = it.log;
  });

  describe('the chain', () => {
    const write = async (): Promise<Appended> => {
      const lease = await log.take(show, 'a');
      return log.append(
        batchAt(
          lease,
          lease,
          ...Array.from({ length: 4 }, (_, i) =>
            command(`c${i + 1}`, {
              kind: 'HoldReleased',
              data: { line: i, personId: 'bob' },
              personal: { text: `hello ${i}` },
            }),
          ),
        ),
      );
    };

    test('[LOG-8] an untouched chain verifies to its head', async () => {
      expect(await log.verify(show)).toEqual({ ok: true, version: 0, headHash: genesisHash });
      const { version, headHash } = await write();
      expect(await log.verify(show)).toEqual({ ok: true, version, headHash });
    });

    for (const field of storedFields) {
      test(`[LOG-8] one changed character in ${field} is found where it stands`, async () => {
        await write();
        await it.tamper(show, 3, field);
        expect(await log.verify(show)).toEqual({
          ok: false,
          brokenSeq: 3,
          reason: field === 'personalText' || field === 'salt' ? 'personal' : 'hash',
        });
      });
    }

    for (const seq of [1, 2, 4]) {
      test(`[LOG-8] a missing event ${seq} of 4 is found`, async () => {
        await write();
        await it.remove(show, seq);
        expect(await log.verify(show)).toEqual({ ok: false, brokenSeq: seq, reason: 'gap' });
      });
    }

    test('[LOG-21] what is published is hashed as it is read, without a person in it', async () => {
      await write();
      const published = await log.readPublished(show, 1, 9);
      let before = genesisHash;
      for (const { hash, ...body } of published) {
        expect(chainedHash(before, body)).toBe(hash);
        before = hash;
      }
      expect(published.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
      expect(await it.other.readPublished(show, 3, 1)).toEqual([published[2]]);
      expect(await log.readPublished(show, 5, 9)).toEqual([]);
      // Whole words only: the hashes are random and may have an `ada` in them.
      expect(JSON.stringify(published)).not.toMatch(/\b(?:ada|bob|c1|hello)\b/);
      const [first, second] = published.map(({ by }) => by);
      expect(first).toMatch(/^[A-Za-z0-9_-]{22}$/);
      expect(first).toBe(second);
    });

    test('[LOG-22] whoever has the opening of an event can prove what was hidden', async () => {
      await write();
      const opening = await log.opening(show, 2);
      expect(opening?.text).toBe('["c2","ada",{"personId":"bob"}]');
      const [event] = await log.readPublished(show, 2, 1);
      expect(saltedHash(opening!.salt, opening!.text)).toBe(event?.hiddenHash);
      expect(await it.other.opening(show, 2)).toEqual(opening);
      expect(await log.opening(show, 5)).toBeNull();
    });

    test('[LOG-9] erasing personal text keeps the chain whole and says what was there', async () => {
      const { headHash, events } = await write();
      expect(await log.erasePersonal(show, { seqs: [2, 99] })).toBe(1);
      const [first, second] = await log.read(show, 1, 2);
      expect(first?.personal).toEqual({ text: 'hello 0' });
      expect(second).toEqual({ ...events[1], personal: undefined });
      expect(second?.personalHash).toMatch(/^[0-9a-f]{64}$/);
      expect(await log.verify(show)).toEqual({ ok: true, version: 4, headHash });
      expect(await log.erasePersonal(show, { seqs: [2] })).toBe(0);
    });

    test('[LOG-9] all that one person wrote is erased, and nothing else', async () => {
      const lease = await log.take(show, 'a');
      const said = { kind: 'Said', data: {}, personal: 'text' };
      await log.append(
        batchAt(
          lease,
          lease,
          command('c1', said, said),
          { ...command('c2', said), by: 'bob' },
          { ...command('c3', said), by: null },
        ),
      );
      expect(await log.erasePersonal(show, { by: 'ada' })).toBe(2);
      expect((await log.read(show, 1, 9)).map(({ personal }) => personal ?? 'erased')).toEqual([
        'erased',
        'erased',
        'text',
        'text',
      ]);
    });

    test('[LOG-9] the same text has another hash each time', async () => {
      const lease = await log.take(show, 'a');
      const { events } = await log.append(
        batchAt(
          lease,
          lease,
          command(
            'c1',
            { kind: 'A', data: 1, personal: 'x' },
            { kind: 'A', data: 1, personal: 'x' },
          ),
        ),
      );
      expect(events[0]?.personalHash).not.toBe(events[1]?.personalHash);
    });
  });

  describe('across streams', () => {
    test('[LOG-10] everything is read once, each stream in its own order, at any page size', async () => {
      let [a, b] = [await log.take(show, 'a'), await it.other.take(stock, 'a')];
      for (let i = 0; i < 5; i++) {
        a = { ...a, ...(await log.append(batchAt(a, a, command(`a${i}`), command(`aa${i}`)))) };
        b = { ...b, ...(await it.other.append(batchAt(b, b, command(`b${i}`)))) };
      }
      const all = await everything(log);
      expect(all).toHaveLength(15);
      for (const stream of [show, stock]) {
        expect(
          all.filter((event) => event.stream === stream).map(({ position: _, ...event }) => event),
        ).toEqual(await log.read(stream, 1, 99));
      }
      for (const pageEvents of [1, 2, 7, 15])
        expect(await everything(it.other, pageEvents)).toEqual(all);
    });

    test('[LOG-11] a reader never skips an append that commits after later ones', async () => {
      const [a, b] = [await log.take(show, 'a'), await log.take(stock, 'a')];
      const earlier = await log.append(batchAt(b, b, command('b1')));
      const held = await it.hold(batchAt(a, a, command('a1')));
      await it.other.append(batchAt(b, earlier, command('b2')));

      expect(await log.read(stock, 1, 9)).toHaveLength(2);
      const early = await it.other.readAll(startOfLog, 100);
      expect(early.events.map(({ commandId }) => commandId)).toEqual(['b1']);
      expect(await it.other.readAll(early.position, 100)).toEqual({
        events: [],
        position: early.position,
      });
      await held.commit();
      const late = await it.other.readAll(early.position, 100);
      expect(late.events.map(({ commandId }) => commandId)).toEqual(['a1', 'b2']);
    });

    test('[LOG-11] an aborted append holds nobody up', async () => {
      const [a, b] = [await log.take(show, 'a'), await log.take(stock, 'a')];
      const held = await it.hold(batchAt(a, a, command('a1')));
      await it.other.append(batchAt(b, b, command('b1')));
      expect(await everything(log)).toEqual([]);
      await held.abort();
      expect((await everything(log)).map(({ commandId }) => commandId)).toEqual(['b1']);
    });

    test('[LOG-10] streams are listed by prefix, page by page', async () => {
      for (const stream of ['show-b', 'stock-a', 'show-a', 'show_c', 'show-c'])
        await log.take(stream as StreamId, 'a');
      expect(await log.streams('show-', '', 2)).toEqual(['show-a', 'show-b']);
      expect(await log.streams('show-', 'show-b', 2)).toEqual(['show-c']);
    });
  });

  test('[LOG-16] a stream is due when its last append said so, until the next says otherwise', async () => {
    const [a, b] = [await log.take(show, 'a'), await log.take(stock, 'a')];
    const first = await log.append({ ...batchAt(a, a, command('c1')), dueAtMs: atMs + 9 });
    const second = await log.append({ ...batchAt(b, b, command('c1')), dueAtMs: atMs + 5 });
    expect(await it.other.due(atMs + 9, 10)).toEqual([
      { stream: stock, dueAtMs: atMs + 5 },
      { stream: show, dueAtMs: atMs + 9 },
    ]);
    expect(await log.due(atMs + 9, 1)).toEqual([{ stream: stock, dueAtMs: atMs + 5 }]);
    expect(await log.due(atMs + 4, 10)).toEqual([]);
    await log.append(batchAt(b, second, command('c2')));
    await log.append({ ...batchAt(a, first, command('c2')), dueAtMs: atMs + 2 });
    expect(await log.due(atMs + 9, 10)).toEqual([{ stream: show, dueAtMs: atMs + 2 }]);
  });

  describe('snapshots and checkpoints', () => {
    const snapshotAt = (seq: number, hash: string, state: Json) => ({
      seq,
      hash,
      schemaVersion: 3,
      state,
    });

    test('[LOG-12] the newest snapshot comes back whole', async () => {
      const lease = await log.take(show, 'a');
      const { events } = await log.append(
        batchAt(lease, lease, command('c1'), command('c2'), command('c3')),
      );
      const hash = (seq: number) => events[seq - 1]!.hash;
      expect(await log.loadSnapshot(show)).toBeNull();
      await log.saveSnapshot(show, snapshotAt(2, hash(2), { b: 1, a: ['\u0000', '👑'] }));
      await log.saveSnapshot(show, snapshotAt(1, hash(1), 'older'));
      expect(await it.other.loadSnapshot(show)).toEqual(
        snapshotAt(2, hash(2), { b: 1, a: ['\u0000', '👑'] }),
      );
      await log.saveSnapshot(show, snapshotAt(3, hash(3), 'newer'));
      expect(await log.loadSnapshot(show)).toEqual(snapshotAt(3, hash(3), 'newer'));
    });

    test('[LOG-12] a snapshot of another history is not loaded', async () => {
      const lease = await log.take(show, 'a');
      await log.append(batchAt(lease, lease, command('c1')));
      await log.saveSnapshot(show, snapshotAt(1, genesisHash, 'of another log'));
      expect(await log.loadSnapshot(show)).toBeNull();
    });

    test('[LOG-9] erasing drops the snapshot, whose state may hold the text', async () => {
      const lease = await log.take(show, 'a');
      const { headHash } = await log.append(
        batchAt(lease, lease, command('c1', { kind: 'Said', data: 1, personal: 'text' })),
      );
      await log.saveSnapshot(show, snapshotAt(1, headHash, ['text']));
      await log.erasePersonal(show, { by: 'ada' });
      expect(await log.loadSnapshot(show)).toBeNull();
    });

    test('[LOG-13] a checkpoint moves only from where its runner saw it', async () => {
      expect(await log.checkpoint('orders')).toBe(startOfLog);
      await log.setCheckpoint('orders', '5:1', { expected: startOfLog });
      expect(await it.other.checkpoint('orders')).toBe('5:1');
      expect(
        await faultOf(it.other.setCheckpoint('orders', '6:1', { expected: startOfLog })),
      ).toMatchObject({ code: 'checkpoint-moved', detail: { position: '5:1' } });
      await log.setCheckpoint('orders', '7:3', { expected: '5:1' });
      await log.setCheckpoint('mail', '2:2');
      await log.setCheckpoint('mail', '3:3');
      expect([await log.checkpoint('orders'), await log.checkpoint('mail')]).toEqual([
        '7:3',
        '3:3',
      ]);
    });
  });

  test('[LOG-14] a dump says what the log holds', async () => {
    await log.take(show, 'a');
    expect(await log.dump()).toMatchObject({ kind: expect.any(String) });
  });
};
