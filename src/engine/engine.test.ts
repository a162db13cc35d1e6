// The engine on the log in memory and a clock that stands still: order, commit before answer, first
// answers, failures of the log, bugs, deadlines, snapshots. Rules: docs/rules/engine.md.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assert } from '../base/assert.ts';
import type { CommandId, PersonId, StreamId } from '../base/brand.ts';
import { faultCode } from '../base/fault.ts';
import { limits } from '../base/limits.ts';
import { refuse } from '../base/result.ts';
import { microtasks, VirtualClock } from '../base/virtual-time.ts';
import { type Actor, type Decider, system } from '../domain/decider.ts';
import type { RecordedEvent } from '../log/event-log.ts';
import { type DiskTransaction, type DiskWrite, MemoryLog } from '../log/memory-log.ts';
import { bodyHashOf } from './batch.ts';
import type { CommittedBatch, Engine, EngineLimits, Outcome, ReportLine } from './contract.ts';
import { createEngine } from './engine.ts';

type Tally = { sum: number; adds: number; dueAtMs: number | null };
type TallyCommand =
  | { kind: 'Add'; n: number }
  | { kind: 'AddTwice'; n: number }
  | { kind: 'Nothing' }
  | { kind: 'WakeAt'; atMs: number }
  | { kind: 'Wake' }
  | { kind: 'BreakDecide' }
  | { kind: 'BreakEvolve' }
  | { kind: 'Unstorable' };
type TallyEvent = { kind: 'Added' | 'Woken' | 'Broken' | 'WakeSet'; data: { n: number } };

/** Counts up to 1,000; small enough to see the engine through it. */
const tally: Decider<Tally, TallyCommand, TallyEvent> = {
  type: 'tally',
  stateVersion: 1,
  initial: () => ({ sum: 0, adds: 0, dueAtMs: null }),
  decide(state, command, { atMs }) {
    switch (command.kind) {
      case 'Add':
        return state.sum + command.n > 1_000
          ? refuse('too-much', { sum: state.sum })
          : [{ kind: 'Added', data: { n: command.n } }];
      case 'AddTwice':
        return [
          { kind: 'Added', data: { n: command.n } },
          { kind: 'Added', data: { n: command.n } },
        ];
      case 'Nothing':
        return [];
      case 'WakeAt':
        return [{ kind: 'WakeSet', data: { n: command.atMs } }];
      case 'Wake':
        return state.dueAtMs !== null && state.dueAtMs <= atMs
          ? [{ kind: 'Woken', data: { n: atMs } }]
          : refuse('too-early');
      case 'BreakDecide':
        throw new TypeError('decide is wrong');
      case 'BreakEvolve':
        return [
          { kind: 'Added', data: { n: 1 } },
          { kind: 'Broken', data: { n: 1 } },
        ];
      case 'Unstorable':
        return [{ kind: 'Added', data: { n: Number.NaN } }];
    }
  },
  evolve(state, event) {
    assert(event.kind !== 'Broken', 'evolve is wrong');
    if (event.kind === 'Added') {
      state.sum += event.data.n;
      state.adds += 1;
    } else state.dueAtMs = event.kind === 'WakeSet' ? event.data.n : null;
    return state;
  },
  deadline: ({ dueAtMs }) =>
    dueAtMs === null ? null : { atMs: dueAtMs, command: { kind: 'Wake' } },
  save: (state) => ({ ...state }),
  load: (saved) => ({ ...(saved as Tally) }),
};

const stream = 'tally-a' as StreamId;
const startMs = Date.UTC(2026, 10, 24, 18);
const ada: Actor = { kind: 'person', id: 'ada' as PersonId, name: 'Ada', role: 'shopper' };
const bob: Actor = { kind: 'person', id: 'bob' as PersonId, name: 'Bob', role: 'shopper' };

/** Holds every append until the test lets it go on, when the test says so. */
class Disk {
  holding = false;
  held: { write: DiskWrite; transaction: DiskTransaction; over: PromiseWithResolvers<void> }[] = [];
  appends = 0;
  takes = 0;
  failReads = false;

  async write(write: DiskWrite, transaction: DiskTransaction): Promise<void> {
    if (write.what === 'append') this.appends += 1;
    if (write.what === 'take') this.takes += 1;
    if (!this.holding || write.what !== 'append') return transaction.commit();
    const over = Promise.withResolvers<void>();
    this.held.push({ write, transaction, over });
    await over.promise;
  }

  async read(): Promise<void> {
    if (this.failReads) throw new Error('no answer');
  }

  commit(): void {
    const { transaction, over } = this.held.shift()!;
    transaction.commit();
    over.resolve();
  }

  /** The answer is lost, after the write or before it. */
  lose(when: 'before' | 'after'): void {
    const { transaction, over } = this.held.shift()!;
    if (when === 'after') transaction.commit();
    else transaction.abort();
    over.reject(new Error('connection lost'));
  }
}

describe('the engine', () => {
  let disk: Disk;
  let clock: VirtualClock;
  let log: MemoryLog;
  let engine: Engine<TallyCommand>;
  let reports: ReportLine[];
  let ids = 0;

  const start = (node = 'a', tighter: Partial<EngineLimits> = {}): Engine<TallyCommand> =>
    createEngine<TallyCommand>({
      log,
      clock,
      node,
      deciders: [tally],
      limits: tighter,
      report: (line) => reports.push(line),
    });

  const id = (text?: string): CommandId => (text ?? `c${++ids}`) as CommandId;
  const send = (
    command: TallyCommand,
    commandId = id(),
    by: Actor = ada,
    to = stream,
  ): Promise<Outcome> => engine.send(to, command, { commandId, by });
  const codeOf = (promise: Promise<unknown>): Promise<string | undefined> =>
    promise.then((value) => `resolved ${JSON.stringify(value)}`, faultCode);
  const sumOf = async (): Promise<number> => {
    let sum = 0;
    for (const { kind, data } of await log.read(stream, 1, 100_000))
      if (kind === 'Added') sum += (data as { n: number }).n;
    return sum;
  };

  beforeEach(() => {
    disk = new Disk();
    clock = new VirtualClock(startMs);
    log = new MemoryLog({ clock, disk });
    reports = [];
    engine = start();
  });
  afterEach(async () => {
    disk.holding = false;
    while (disk.held.length > 0) disk.commit();
    await engine.stop();
  });

  describe('order and answers', () => {
    test('[ENG-1] commands are decided in the order in which they were sent', async () => {
      const outcomes = await Promise.all([
        send({ kind: 'Add', n: 600 }),
        send({ kind: 'Add', n: 500 }),
        send({ kind: 'AddTwice', n: 200 }),
        send({ kind: 'Add', n: 1 }),
      ]);
      expect(
        outcomes.map((outcome) =>
          outcome.kind === 'done' ? outcome.seq : [outcome.reason, outcome.detail],
        ),
      ).toEqual([1, ['too-much', { sum: 600 }], 3, ['too-much', { sum: 1000 }]]);
      expect(outcomes[2]).toMatchObject({
        kind: 'done',
        repeated: false,
        atMs: startMs,
        events: [{ seq: 2 }, { seq: 3 }],
      });
      const events = await log.read(stream, 1, 10);
      expect(outcomes[2]).toMatchObject({ hash: events[2]?.hash });
      expect(events.map(({ commandId, by, atMs }) => [commandId, by, atMs])).toEqual([
        ['c1', 'ada', startMs],
        ['c3', 'ada', startMs],
        ['c3', 'ada', startMs],
      ]);
    });

    test('[ENG-2] what waits while an append is under way goes into one transaction', async () => {
      disk.holding = true;
      const first = send({ kind: 'Add', n: 1 });
      await microtasks();
      const rest = Array.from({ length: 50 }, () => send({ kind: 'Add', n: 1 }));
      await microtasks();
      expect(disk.held).toHaveLength(1);
      disk.commit();
      await first;
      await microtasks();
      expect(disk.held.map(({ write }) => write.events)).toEqual([50]);
      disk.commit();
      expect(
        (await Promise.all(rest)).map((outcome) => outcome.kind === 'done' && outcome.seq),
      ).toEqual(Array.from({ length: 50 }, (_, i) => i + 2));
      expect(disk.appends).toBe(2);
    });

    test('[ENG-2] a transaction has a limit', async () => {
      await Promise.all(
        Array.from({ length: limits.batchCommandsMax + 1 }, () => send({ kind: 'Add', n: 0 })),
      );
      expect(disk.appends).toBe(2);
    });

    test('[ENG-3] nobody is told anything before the commit, not even a refusal or that all is well', async () => {
      disk.holding = true;
      const told: string[] = [];
      const heard: number[] = [];
      engine.onCommitted(({ events }) => {
        heard.push(...events.map(({ seq }) => seq));
        told.push('published');
      });
      void send({ kind: 'Add', n: 1_000 }).then(() => told.push('done'));
      void send({ kind: 'Add', n: 1 }).then(({ kind }) => told.push(kind));
      void send({ kind: 'Nothing' }).then(({ kind }) => told.push(kind));
      void engine.head(stream).then(({ seq }) => told.push(`head ${seq}`));
      await microtasks();
      expect(told).toEqual([]);
      disk.commit();
      await microtasks();
      expect(told).toEqual(['published', 'done', 'refused', 'done', 'head 1']);
      expect(heard).toEqual([1]);
    });

    test('[ENG-4] listeners hear everything in order, and a listener that throws harms nobody', async () => {
      const heard: CommittedBatch[] = [];
      const end = engine.onCommitted(() => {
        throw new Error('a bad listener');
      });
      engine.onCommitted((batch) => heard.push(batch));
      await Promise.all([send({ kind: 'Add', n: 1 }), send({ kind: 'Add', n: 2 })]);
      end();
      await send({ kind: 'Add', n: 3 });
      expect(heard.map(({ epoch, events }) => [epoch, events.map(({ seq }) => seq)])).toEqual([
        [1, [1, 2]],
        [1, [3]],
      ]);
      expect(heard.flatMap(({ events }) => events)).toEqual(await log.read(stream, 1, 10));
      expect(reports.map(({ what }) => what)).toEqual(['listener-failed']);
    });

    test('[ENG-5] time never runs backwards within a stream, also after a restart', async () => {
      await send({ kind: 'Add', n: 1 });
      await engine.stop();
      clock = new VirtualClock(startMs - 60_000);
      engine = start();
      expect(await send({ kind: 'Add', n: 1 })).toMatchObject({ atMs: startMs });
    });

    test('[ENG-6] a full mailbox answers busy, and what was in it is decided', async () => {
      await engine.stop();
      engine = start('a', { mailboxCommandsMax: 50 });
      disk.holding = true;
      const sent = [send({ kind: 'Add', n: 0 })];
      await microtasks();
      for (let i = 0; i < 50; i++) sent.push(send({ kind: 'Add', n: 0 }));
      expect(await codeOf(send({ kind: 'Add', n: 1 }))).toBe('busy');
      disk.holding = false;
      disk.commit();
      expect((await Promise.all(sent)).every(({ kind }) => kind === 'done')).toBe(true);
    });

    test('[ENG-7] a stream or an id that can not be is refused at the door', async () => {
      expect(await codeOf(send({ kind: 'Nothing' }, id(), ada, 'other-a' as StreamId))).toBe(
        'stream-unknown',
      );
      expect(await codeOf(send({ kind: 'Nothing' }, id(), ada, 'tally-' as StreamId))).toBe(
        'stream-unknown',
      );
      expect(await codeOf(send({ kind: 'Nothing' }, 'no good' as CommandId))).toBe(
        'command-id-invalid',
      );
    });

    test('[ENG-7] looking at or being refused by a stream that does not exist leaves no trace', async () => {
      expect(await engine.head('tally-none' as StreamId)).toEqual({ seq: 0, epoch: 0 });
      expect(
        await send({ kind: 'Add', n: 2_000 }, id(), ada, 'tally-none' as StreamId),
      ).toMatchObject({ kind: 'refused' });
      expect(await log.streams('tally-', '', 10)).toEqual([]);
      expect(engine.dump()).toMatchObject({ streams: [] });
    });
  });

  describe('the same command again', () => {
    test('[ENG-8] gets the first answer, in one batch, later, and after a restart', async () => {
      disk.holding = true;
      const both = [
        send({ kind: 'AddTwice', n: 5 }, id('x')),
        send({ kind: 'AddTwice', n: 5 }, id('x')),
      ];
      await microtasks();
      disk.commit();
      disk.holding = false;
      const [first, second] = await Promise.all(both);
      expect(second).toEqual({ ...first, repeated: true });
      await send({ kind: 'Add', n: 1 });
      expect(await send({ kind: 'AddTwice', n: 5 }, id('x'))).toEqual({ ...first, repeated: true });
      await engine.stop();
      engine = start();
      expect(await send({ kind: 'AddTwice', n: 5 }, id('x'))).toEqual({ ...first, repeated: true });
      expect(await sumOf()).toBe(11);
    });

    test('[ENG-8] a refusal and a "done already" stand, although the state went on', async () => {
      const refused = await send({ kind: 'Add', n: 1_001 }, id('x'));
      const nothing = await send({ kind: 'Nothing' }, id('y'));
      await send({ kind: 'Add', n: -500 });
      expect(await send({ kind: 'Add', n: 1_001 }, id('x'))).toEqual(refused);
      expect(await send({ kind: 'Nothing' }, id('y'))).toEqual({ ...nothing, repeated: true });
      expect(nothing).toMatchObject({ kind: 'done', seq: 0, events: [], repeated: false });
    });

    test('[ENG-8] an accepted command that left memory is found in the log', async () => {
      await engine.stop();
      engine = start('a', { commandWindowMax: 20 });
      const first = await send({ kind: 'Add', n: 1 }, id('x'));
      for (let i = 0; i < 40; i++) await send({ kind: 'Add', n: 0 });
      expect(await send({ kind: 'Add', n: 1 }, id('x'))).toEqual({ ...first, repeated: true });
      expect(await codeOf(send({ kind: 'Add', n: 2 }, id('x')))).toBe('command-id-reused');
      expect(await sumOf()).toBe(1);
      await engine.stop();
      engine = start('a', { commandWindowMax: 20 });
      expect(await send({ kind: 'Add', n: 1 }, id('x'))).toEqual({ ...first, repeated: true });
    });

    test('[ENG-9] with another body, or from another person, is refused', async () => {
      await send({ kind: 'Add', n: 1 }, id('x'));
      await send({ kind: 'Add', n: 5_000 }, id('y'));
      expect(await codeOf(send({ kind: 'Add', n: 2 }, id('x')))).toBe('command-id-reused');
      expect(await codeOf(send({ kind: 'Add', n: 1 }, id('x'), bob))).toBe('command-id-reused');
      expect(await codeOf(send({ kind: 'Add', n: 4 }, id('y')))).toBe('command-id-reused');
      expect(
        await send({ kind: 'Add', n: 1 }, id('x'), { ...ada, name: 'Ada L.' } as Actor),
      ).toMatchObject({ repeated: true });
      await engine.stop();
      engine = start();
      expect(await codeOf(send({ kind: 'Add', n: 2 }, id('x')))).toBe('command-id-reused');
      expect(await send({ kind: 'Add', n: 2 }, id('x'), ada, 'tally-b' as StreamId)).toMatchObject({
        kind: 'done',
        repeated: false,
      });
    });
  });

  describe('when the log fails', () => {
    test('[ENG-10] an answer lost after the write: the command is done, told and heard once', async () => {
      const heard: RecordedEvent[] = [];
      engine.onCommitted(({ events }) => heard.push(...events));
      disk.holding = true;
      const sent = send({ kind: 'Add', n: 7 }, id('x'));
      const refused = codeOf(send({ kind: 'Add', n: 2_000 }));
      await microtasks();
      disk.lose('after');
      disk.holding = false;
      expect(await sent).toMatchObject({ kind: 'done', seq: 1, repeated: false });
      expect(await refused).toBe('log-unavailable');
      expect(heard).toEqual(await log.read(stream, 1, 9));
      expect(await send({ kind: 'Add', n: 7 }, id('x'))).toMatchObject({ repeated: true });
      expect(await sumOf()).toBe(7);
    });

    test('[ENG-10] an answer lost before the write: told so, and the retry does it once', async () => {
      disk.holding = true;
      const sent = codeOf(send({ kind: 'Add', n: 7 }, id('x')));
      await microtasks();
      disk.lose('before');
      disk.holding = false;
      expect(await sent).toBe('log-unavailable');
      expect(await sumOf()).toBe(0);
      expect(await send({ kind: 'Add', n: 7 }, id('x'))).toMatchObject({ seq: 1, repeated: false });
    });

    test('[ENG-10] a log that stays away: everybody is told, nothing is kept, and it goes on afterwards', async () => {
      disk.holding = true;
      const sent = codeOf(send({ kind: 'Add', n: 7 }, id('x')));
      await microtasks();
      const waiting = codeOf(send({ kind: 'Add', n: 1 }));
      disk.failReads = true;
      disk.lose('after');
      disk.holding = false;
      await clock.runUntil(startMs + 1_000);
      expect(await sent).toBe('log-unavailable');
      expect(await waiting).toBe('log-unavailable');
      expect(await codeOf(send({ kind: 'Add', n: 1 }))).toBe('log-unavailable');
      disk.failReads = false;
      const heard: number[] = [];
      engine.onCommitted(({ events }) => heard.push(...events.map(({ seq }) => seq)));
      expect(await send({ kind: 'Add', n: 7 }, id('x'))).toMatchObject({ seq: 1, repeated: true });
      expect(heard).toEqual([1]);
    });

    test('[ENG-11] a writer that was fenced reads again and decides anew', async () => {
      await send({ kind: 'Add', n: 1 });
      disk.holding = true;
      const sent = send({ kind: 'Add', n: 999 });
      const late = send({ kind: 'Add', n: 999 });
      await microtasks();
      // The other node takes over while this one is in the middle of it.
      const { write: _write, transaction, over } = disk.held.shift()!;
      disk.holding = false;
      transaction.abort();
      await log.heartbeat('a', 0);
      const lease = await log.take(stream, 'b');
      const { events } = await log.append({
        ...lease,
        expectedVersion: lease.version,
        commands: [
          {
            commandId: 'other' as CommandId,
            bodyHash: 'x',
            atMs: startMs + 5,
            by: null,
            events: [{ kind: 'Added', data: { n: 1 } }],
          },
        ],
      });
      expect(events[0]?.seq).toBe(2);
      over.reject(
        Object.assign((await import('../log/log-faults.ts')).epochFenced(stream, lease.epoch)),
      );
      const heard: number[] = [];
      engine.onCommitted(({ events: batch }) => heard.push(...batch.map(({ seq }) => seq)));
      expect(await sent).toMatchObject({ kind: 'refused', detail: { sum: 2 }, atMs: startMs + 5 });
      expect(await late).toMatchObject({ kind: 'refused' });
      expect(heard).toEqual([2]);
    });

    test('[ENG-11] a stream of a living node is refused with its name, and taken when it is dead', async () => {
      await send({ kind: 'Add', n: 1 });
      const other = start('b');
      const take = () => other.send(stream, { kind: 'Add', n: 2 }, { commandId: id('x'), by: ada });
      expect(await codeOf(take())).toBe('stream-owned');
      await engine.stop();
      expect(await take()).toMatchObject({ kind: 'done', seq: 2 });
      expect(await other.head(stream)).toEqual({ seq: 2, epoch: 2 });
      await other.stop();
    });

    test('[ENG-11] a node whose lease ran out does not answer from memory', async () => {
      await send({ kind: 'Add', n: 1_000 });
      // Nothing ran for a while (a stopped process, a sleeping laptop): another node took over.
      const asleep = new VirtualClock(startMs + 2 * limits.nodeLeaseMs);
      clock.nowMs = () => asleep.nowMs();
      const lease = await log.take(stream, 'b');
      await log.append({
        ...lease,
        expectedVersion: 1,
        commands: [
          {
            commandId: 'other' as CommandId,
            bodyHash: 'x',
            atMs: startMs,
            by: null,
            events: [{ kind: 'Added', data: { n: -10 } }],
          },
        ],
      });
      expect(await send({ kind: 'Add', n: 10 })).toMatchObject({ kind: 'done', seq: 3 });
    });

    test('[ENG-11] a policy is not refused from the memory of a node whose clock stood still', async () => {
      await send({ kind: 'Add', n: 1_000 });
      await log.heartbeat('a', 0);
      const lease = await log.take(stream, 'b');
      await log.append({
        ...lease,
        expectedVersion: 1,
        commands: [
          {
            commandId: 'other' as CommandId,
            bodyHash: 'x',
            atMs: startMs,
            by: null,
            events: [{ kind: 'Added', data: { n: -10 } }],
          },
        ],
      });
      const settle = { kind: 'Add', n: 10 } as const;
      expect(
        await engine.send(stream, settle, { commandId: id('policy'), by: system }),
      ).toMatchObject({ kind: 'done', seq: 3 });
    });

    test('[ENG-11] a lease that was renewed too late does not make old memory true', async () => {
      await send({ kind: 'Add', n: 1_000 });
      // Nobody hears this node for a while: another one takes the stream, and is gone again.
      const { write } = disk;
      disk.write = (of, transaction) => {
        if (of.what !== 'heartbeat') return write.call(disk, of, transaction);
        transaction.abort();
        return Promise.reject(new Error('no route'));
      };
      await clock.runUntil(startMs + 2 * limits.nodeLeaseMs);
      const lease = await log.take(stream, 'b');
      await log.append({
        ...lease,
        expectedVersion: 1,
        commands: [
          {
            commandId: 'other' as CommandId,
            bodyHash: 'x',
            atMs: startMs,
            by: null,
            events: [{ kind: 'Added', data: { n: -10 } }],
          },
        ],
      });
      disk.write = write;
      await clock.runUntil(startMs + 3 * limits.nodeLeaseMs);
      expect(await send({ kind: 'Add', n: 10 })).toMatchObject({ kind: 'done', seq: 3 });
    });

    test('[ENG-11] a command that another node did while this one looked it up gets its first answer', async () => {
      await send({ kind: 'Add', n: 1 });
      await engine.stop();
      engine = start('a', { commandWindowMax: 1 });
      await send({ kind: 'Add', n: 2 });
      const add: TallyCommand = { kind: 'Add', n: 3 };
      const { recorded } = log;
      log.recorded = async (of, commandIds) => {
        log.recorded = recorded;
        await log.heartbeat('a', 0);
        const lease = await log.take(stream, 'b');
        await log.append({
          ...lease,
          expectedVersion: 2,
          commands: [
            {
              commandId: id('both'),
              bodyHash: bodyHashOf(add, ada),
              atMs: startMs,
              by: 'ada' as PersonId,
              events: [{ kind: 'Added', data: { n: 3 } }],
            },
          ],
        });
        return recorded.call(log, of, commandIds);
      };
      expect(await send(add, id('both'))).toMatchObject({
        kind: 'done',
        seq: 3,
        repeated: true,
      });
      expect(await sumOf()).toBe(6);
    });

    test('[ENG-12] a full disk is called so, and nothing of the batch is done', async () => {
      const { storageFull } = await import('../log/log-faults.ts');
      disk.holding = true;
      const sent = codeOf(send({ kind: 'Add', n: 7 }));
      await microtasks();
      const { transaction, over } = disk.held.shift()!;
      transaction.abort();
      over.reject(storageFull(new Error('ENOSPC')));
      disk.holding = false;
      expect(await sent).toBe('storage-full');
      expect(await send({ kind: 'Add', n: 1_000 })).toMatchObject({ seq: 1 });
    });
  });

  describe('bugs', () => {
    for (const kind of ['BreakDecide', 'BreakEvolve', 'Unstorable'] as const) {
      test(`[ENG-13] ${kind} stops its own command alone`, async () => {
        const before = send({ kind: 'Add', n: 1 });
        const culprit = codeOf(send({ kind }));
        const after = send({ kind: 'Add', n: 2 });
        const elsewhere = send({ kind: 'Add', n: 4 }, id(), ada, 'tally-b' as StreamId);
        expect(await before).toMatchObject({ kind: 'done', seq: 1 });
        expect(await culprit).toBe('bug');
        expect(await after).toMatchObject({ kind: 'done', seq: 2 });
        expect(await elsewhere).toMatchObject({ kind: 'done' });
        expect(await sumOf()).toBe(3);
        expect(reports.filter(({ what }) => what === 'bug')).toHaveLength(1);
      });
    }
  });

  describe('deadlines', () => {
    test('[ENG-14] a deadline is decided at its time, by the system, with an id of its own', async () => {
      await send({ kind: 'WakeAt', atMs: startMs + 60_000 });
      await clock.runUntil(startMs + 59_999);
      expect((await log.head(stream)).version).toBe(1);
      await clock.runUntil(startMs + 60_000);
      expect(await log.read(stream, 2, 9)).toMatchObject([
        { kind: 'Woken', by: null, commandId: 'due-1-Wake', atMs: startMs + 60_000 },
      ]);
    });

    test('[ENG-14] a deadline that was moved or met is not decided at the old time', async () => {
      await send({ kind: 'WakeAt', atMs: startMs + 1_000 });
      await send({ kind: 'WakeAt', atMs: startMs + 9_000 });
      await clock.runUntil(startMs + 8_999);
      expect((await log.head(stream)).version).toBe(2);
      await clock.runUntil(startMs + 9_000);
      expect((await log.head(stream)).version).toBe(3);
    });

    test('[ENG-14] it outlives the process, although nobody sends anything', async () => {
      await send({ kind: 'WakeAt', atMs: startMs + 60_000 });
      await engine.stop();
      engine = start('b');
      await clock.runUntil(startMs + 60_000);
      expect(await log.read(stream, 2, 9)).toMatchObject([
        { kind: 'Woken', atMs: startMs + 60_000 },
      ]);
      await engine.stop();
      await clock.runUntil(startMs + 120_000);
      engine = start();
      await clock.runUntil(startMs + 130_000);
      expect((await log.head(stream)).version).toBe(2);
    });

    test('[ENG-14] one that leads to nothing is reported and does not spin', async () => {
      const stuck = {
        ...tally,
        decide: (state: Tally, command: TallyCommand, stamp: Parameters<typeof tally.decide>[2]) =>
          command.kind === 'Wake' ? [] : tally.decide(state, command, stamp),
      };
      await engine.stop();
      engine = createEngine({
        log,
        clock,
        node: 'a',
        deciders: [stuck],
        report: (line) => reports.push(line),
      });
      await send({ kind: 'WakeAt', atMs: startMs + 1_000 });
      await clock.runUntil(startMs + 4_500);
      expect(reports.filter(({ what }) => what === 'deadline-stuck')).toHaveLength(4);
    });
  });

  describe('memory', () => {
    test('[ENG-15] a snapshot is kept every so many events and at the stop; loading gives the same state', async () => {
      await engine.stop();
      engine = start('a', { snapshotEveryEvents: 200 });
      const many = () =>
        Promise.all(Array.from({ length: 200 }, () => send({ kind: 'Add', n: 0 })));
      await send({ kind: 'Add', n: 999 });
      await many();
      await microtasks();
      expect((await log.loadSnapshot(stream))?.seq).toBe(201);
      for (let i = 0; i < 100; i++) await send({ kind: 'Add', n: 0 });
      await engine.stop();
      expect(await log.loadSnapshot(stream)).toMatchObject({
        seq: 301,
        state: { sum: 999 },
      });
      engine = start();
      expect(await send({ kind: 'Add', n: 2 })).toMatchObject({
        kind: 'refused',
        detail: { sum: 999 },
      });
    });

    test('[ENG-15] a snapshot of another shape is not used', async () => {
      await send({ kind: 'Add', n: 3 });
      const { headHash } = await log.head(stream);
      await log.saveSnapshot(stream, {
        seq: 1,
        hash: headHash,
        schemaVersion: 99,
        state: { other: true },
      });
      await engine.stop();
      engine = start();
      expect(await send({ kind: 'Add', n: 998 })).toMatchObject({ detail: { sum: 3 } });
    });

    test('[ENG-16] a stream that nobody needs leaves memory and comes back whole', async () => {
      await send({ kind: 'Add', n: 999 });
      await send({ kind: 'WakeAt', atMs: startMs + 3 * limits.streamIdleMs });
      await clock.runUntil(startMs + limits.streamIdleMs + limits.nodeLeaseMs);
      expect(engine.dump()).toMatchObject({ streams: [] });
      expect(await send({ kind: 'Add', n: 2 })).toMatchObject({ kind: 'refused' });
      await clock.runUntil(startMs + 3 * limits.streamIdleMs);
      expect((await log.read(stream, 3, 9)).map(({ kind }) => kind)).toEqual(['Woken']);
    });

    test('[ENG-17] a stop finishes what waits and takes nothing new', async () => {
      disk.holding = true;
      const sent = [send({ kind: 'Add', n: 1 }), send({ kind: 'Add', n: 1 })];
      await microtasks();
      sent.push(send({ kind: 'Add', n: 1 }));
      const stopped = engine.stop();
      expect(await codeOf(send({ kind: 'Add', n: 1 }))).toBe('shutting-down');
      expect(await codeOf(engine.head(stream))).toBe('shutting-down');
      disk.holding = false;
      disk.commit();
      await stopped;
      expect((await Promise.all(sent)).map(({ kind }) => kind)).toEqual(['done', 'done', 'done']);
      // The streams are free at once: no need to wait until the lease runs out.
      expect(await log.take(stream, 'b')).toMatchObject({ version: 3 });
    });
  });

  test('[ENG-18] the system may send as itself, and it shows in the log', async () => {
    await send({ kind: 'Add', n: 1 }, id('x'), system);
    expect((await log.read(stream, 1, 1))[0]?.by).toBeNull();
  });
});
