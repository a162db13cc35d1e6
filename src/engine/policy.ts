// What spans streams: a policy reads events of all streams and sends commands to others (a payment
// settles a hold, an expired hold cancels an order). The rule it guards: every event is dealt with at
// least once, also after a crash, and its commands carry ids made from the event, so that doing it
// twice does it once. The policies themselves are in `policies/`.

import { hash } from 'node:crypto';
import type { CommandId, StreamId } from '../base/brand.ts';
import { Fault, faultCode } from '../base/fault.ts';
import type { Json } from '../base/json.ts';
import { limits } from '../base/limits.ts';
import type { Clock } from '../base/ports.ts';
import { system } from '../domain/decider.ts';
import { type EventLog, type Position, type RecordedEvent, startOfLog } from '../log/event-log.ts';
import type { Command, Engine, Outcome, ReportLine } from './contract.ts';

export interface Policy {
  /** Part of its commands' ids: a policy that gets another name does everything a second time. */
  readonly name: string;
  /** Kinds of events that it acts on. */
  readonly kinds: readonly string[];
  /** Events of one stream are dealt with one after the other; else as they come. */
  readonly inOrder: boolean;
  /** Whether an event of these kinds is its business at all; asked at once, so it only looks at what is in memory. */
  concerns?(event: RecordedEvent): boolean;
  /**
   * Deals with an event. Called again from the start, after a while and for as long as it takes, when it
   * throws; also after a crash. A refusal is an answer: what it means is for the policy to say.
   */
  run(event: RecordedEvent, act: Act): Promise<void>;
}

/** What a policy acts with while it deals with one event. */
export interface Act {
  /**
   * Sends as the system. `step` tells the commands of one event apart; the same step gives the same id.
   * A step that was done before with another body is not done again: refused as `command-id-reused`.
   */
  send(stream: StreamId, command: Command, step: string): Promise<Outcome>;
  /** The same for the same event and step, whoever asks: for gateways. */
  key(step: string): string;
  readonly log: Pick<EventLog, 'read'>;
  report(line: ReportLine): void;
}

export interface PolicyRunner {
  /** True when everything that was committed when it last looked is dealt with. */
  readonly isCaughtUp: boolean;
  /** Lets what is under way end, takes nothing new, keeps the checkpoint. */
  stop(): Promise<void>;
  /** For the operator: how far it is, and which events it fails at. */
  dump(): Json;
}

export interface PolicyRunnerOptions {
  /** The checkpoint's name. A runner of its own for policies that the outside world can hold up. */
  readonly name: string;
  readonly policies: readonly Policy[];
  readonly engine: Pick<Engine, 'send' | 'onCommitted'>;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly report?: (line: ReportLine) => void;
  /** How often to look for what was missed; `limits.policyPollMs` when left out. */
  readonly pollMs?: number;
}

/** An event that one policy deals with. */
interface Task {
  readonly policy: Policy;
  readonly event: RecordedEvent;
  done: boolean;
  attempts: number;
  error: string | null;
  /** Ends the wait for the next try. */
  wake: (() => void) | null;
  /** Another runner went past it, or this one stops. */
  given: boolean;
}

/** An event that the reader passed and whose tasks may still run. */
interface Passed {
  readonly position: Position;
  readonly tasks: readonly Task[];
}

const pageEvents = 500;
const firstRetryMs = 100;

/**
 * Runs policies from their checkpoint. Events that this process commits are acted on at once, without
 * waiting for the reader across streams; the reader comes after, finds what was missed (before a crash,
 * by another node) and moves the checkpoint behind what is done. It starts at once.
 */
export const createPolicyRunner = (options: PolicyRunnerOptions): PolicyRunner => {
  const {
    name,
    policies,
    engine,
    log,
    clock,
    report = () => undefined,
    pollMs = limits.policyPollMs,
  } = options;
  const byKind = new Map<string, Policy[]>();
  for (const policy of policies)
    for (const kind of policy.kinds) byKind.set(kind, [...(byKind.get(kind) ?? []), policy]);

  /** Tasks of events that the reader hasn't passed yet, or has and that still run. By stream and sequence. */
  const tasksOf = new Map<string, readonly Task[]>();
  const lanes = new Map<string, Promise<void>>();
  const passed: Passed[] = [];
  let readTo: Position | null = null;
  let savedAt: Position | null = null;
  let doneTo: Position | null = null;
  /** The reader has been at the end once: before, an older event of the same stream might still come. */
  let hasCaughtUp = false;
  let isAtEnd = false;
  let isStopping = false;
  let underWay = 0;
  let wakeReader: (() => void) | null = null;

  const actFor = ({ policy, event }: Task): Act => {
    const key = (step: string): string =>
      `${policy.name}-${step}-${hash('sha256', `${event.stream}/${event.seq}`, 'hex').slice(0, 24)}`;
    return {
      key,
      log,
      report,
      async send(stream, command, step) {
        try {
          return await engine.send(stream, command, {
            commandId: key(step) as CommandId,
            by: system,
          });
        } catch (error) {
          // This step was done before, with figures that were true then (how many were available).
          if (faultCode(error) !== 'command-id-reused') throw error;
          return { kind: 'refused', reason: 'command-id-reused', atMs: clock.nowMs() };
        }
      },
    };
  };

  const wait = (task: Task | null, ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.at(clock.nowMs() + ms, resolve);
      const wake = () => {
        cancel();
        resolve();
      };
      if (task === null) wakeReader = wake;
      else task.wake = wake;
    });

  const work = async (task: Task): Promise<void> => {
    const act = actFor(task);
    while (!task.done && !task.given && !isStopping) {
      underWay += 1;
      try {
        await task.policy.run(task.event, act);
        task.done = true;
        task.error = null;
      } catch (error) {
        task.attempts += 1;
        task.error = faultCode(error) ?? String(error);
        const { stream, seq, kind } = task.event;
        // Once, then every tenth time: a log that is away for an hour must not fill the disk.
        if (task.attempts % 10 === 1) {
          report({
            level: error instanceof Fault ? 'warn' : 'error',
            what: 'policy-failed',
            policy: task.policy.name,
            stream,
            seq,
            kind,
            attempts: task.attempts,
            error,
          });
        }
      } finally {
        underWay -= 1;
      }
      if (task.done || task.given || isStopping) break;
      const longest = task.error === 'stream-owned' ? limits.policyPollMs : limits.policyRetryMsMax;
      await wait(task, Math.min(longest, firstRetryMs * 2 ** Math.min(20, task.attempts - 1)));
      task.wake = null;
    }
    settle();
  };

  const begin = (event: RecordedEvent): readonly Task[] => {
    const key = `${event.stream}/${event.seq}`;
    const known = tasksOf.get(key);
    if (known !== undefined) return known;
    const tasks = (byKind.get(event.kind) ?? [])
      .filter((policy) => policy.concerns?.(event) ?? true)
      .map(
        (policy): Task => ({
          policy,
          event,
          done: false,
          attempts: 0,
          error: null,
          wake: null,
          given: false,
        }),
      );
    if (tasks.length === 0) return tasks;
    tasksOf.set(key, tasks);
    for (const task of tasks) {
      if (!task.policy.inOrder) {
        void work(task);
        continue;
      }
      const lane = `${task.policy.name} ${event.stream}`;
      const turn = (lanes.get(lane) ?? Promise.resolve()).then(() => work(task));
      lanes.set(lane, turn);
      void turn.then(() => {
        if (lanes.get(lane) === turn) lanes.delete(lane);
      });
    }
    return tasks;
  };

  /** Moves the mark behind everything that is done from the oldest event on. */
  const settle = (): void => {
    const wasFull = passed.length >= limits.policyEventsMax;
    for (let head = passed[0]; head?.tasks.every((task) => task.done); head = passed[0]) {
      passed.shift();
      doneTo = head.position;
      const event = head.tasks[0]?.event;
      if (event !== undefined) tasksOf.delete(`${event.stream}/${event.seq}`);
    }
    // The last place that was read is as far as it goes when nothing is left in between.
    if (passed.length === 0 && readTo !== null) doneTo = readTo;
    if (wasFull && passed.length < limits.policyEventsMax) wakeReader?.();
  };

  const unsubscribe = engine.onCommitted(({ events }) => {
    for (const event of events) {
      if (!byKind.has(event.kind)) continue;
      isAtEnd = false;
      if (hasCaughtUp && !isStopping && tasksOf.size < limits.policyEventsMax) begin(event);
      else wakeReader?.();
    }
  });

  /** Another runner moved the checkpoint: it did what stands before it, and the rest is read again. */
  const startFrom = (position: Position): void => {
    for (const tasks of tasksOf.values()) {
      for (const task of tasks) {
        task.given = true;
        task.wake?.();
      }
    }
    tasksOf.clear();
    passed.length = 0;
    readTo = savedAt = doneTo = position;
  };

  const saveCheckpoint = async (): Promise<void> => {
    if (doneTo === null || savedAt === null || doneTo === savedAt) return;
    const position = doneTo;
    try {
      await log.setCheckpoint(name, position, { expected: savedAt });
      savedAt = position;
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'checkpoint-moved') throw error;
      // Also when our own move was made and its answer lost.
      if (error.detail.position === position) savedAt = position;
      else startFrom(error.detail.position as Position);
    }
  };

  const readPage = async (): Promise<boolean> => {
    if (readTo === null) startFrom(await log.checkpoint(name));
    // Stuck events don't stop what comes after them, up to a limit.
    if (passed.length >= limits.policyEventsMax) return true;
    const from: Position = readTo ?? startOfLog;
    const page = await log.readAll(from, pageEvents);
    for (const event of page.events) {
      const { position, ...recorded } = event;
      if (byKind.has(event.kind)) passed.push({ position, tasks: begin(recorded) });
      else if (passed.length === 0) doneTo = position;
    }
    readTo = page.position;
    settle();
    return page.events.length < pageEvents;
  };

  const read = async (): Promise<void> => {
    let failures = 0;
    while (!isStopping) {
      let restMs = 0;
      try {
        isAtEnd = true;
        const end = await readPage();
        isAtEnd &&= end && passed.length < limits.policyEventsMax;
        hasCaughtUp ||= end;
        if (end) {
          if (
            passed.length > 0 &&
            savedAt !== null &&
            passed[0]!.tasks.some(({ attempts }) => attempts > 0)
          ) {
            const position = await log.checkpoint(name);
            if (position !== savedAt) startFrom(position);
          }
          await saveCheckpoint();
          restMs = pollMs;
        }
        failures = 0;
      } catch (error) {
        isAtEnd = false;
        failures += 1;
        restMs = Math.min(limits.policyRetryMsMax, firstRetryMs * 2 ** Math.min(20, failures - 1));
        if (failures % 10 === 1)
          report({ level: 'warn', what: 'policies-not-reading', runner: name, error });
      }
      if (restMs > 0 && !isStopping) await wait(null, restMs);
      wakeReader = null;
    }
  };
  const reading = read();

  return {
    get isCaughtUp() {
      return (
        hasCaughtUp &&
        isAtEnd &&
        underWay === 0 &&
        [...tasksOf.values()].every((tasks) => tasks.every(({ done }) => done))
      );
    },

    async stop() {
      isStopping = true;
      unsubscribe();
      wakeReader?.();
      for (const tasks of tasksOf.values()) for (const task of tasks) task.wake?.();
      await reading;
      // What is under way ends; what waits for another try is done from the checkpoint next time.
      await Promise.all(lanes.values());
      while (underWay > 0) await wait(null, 1);
      settle();
      await saveCheckpoint().catch((error: unknown) =>
        report({ level: 'warn', what: 'checkpoint-not-kept', runner: name, error }),
      );
    },

    dump() {
      const failing = [...tasksOf.values()].flat().filter(({ error }) => error !== null);
      return {
        runner: name,
        readTo,
        savedAt,
        passedUndone: passed.length,
        underWay,
        failing: failing.slice(0, 20).map(({ policy, event, attempts, error }) => ({
          policy: policy.name,
          stream: event.stream,
          seq: event.seq,
          attempts,
          error,
        })),
      };
    },
  };
};
