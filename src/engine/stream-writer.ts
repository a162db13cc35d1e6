// The writer of one stream: a mailbox, and a loop that takes all that waits, decides it, appends it in
// one transaction, tells the listeners, answers. While an append is under way the next batch gathers, so
// the batch grows with the load and one commit carries a crowd. What it holds is a cache: on any doubt
// it is dropped and read again from the log.

import { Bug } from '../base/assert.ts';
import type { CommandId, StreamId } from '../base/brand.ts';
import { Fault, faultCode } from '../base/fault.ts';
import type { Clock } from '../base/ports.ts';
import type { Appended, EventLog, RecordedCommand, RecordedEvent } from '../log/event-log.ts';
import {
  type Answer,
  type Decided,
  decideBatch,
  doneOutcome,
  type Entry,
  refusesSystem,
  settledOutcome,
} from './batch.ts';
import type { AnyDecider, CommittedBatch, EngineLimits, ReportLine } from './contract.ts';
import { mayBeOlder, type StreamState, takeStream, untouched } from './stream-state.ts';

/** What a writer shares with the others of its engine. */
export interface WriterPorts {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly node: string;
  readonly limits: EngineLimits;
  report(line: ReportLine): void;
  publish(batch: CommittedBatch): void;
  /** Which unbroken stretch of the node's lease this is; null when it ran out by this machine's clock. */
  leaseTerm(): number | null;
  /** Renews it when it ran out, and says which stretch it is now. */
  ensureLease(): Promise<number>;
  /** The mailbox ran empty. */
  rested(writer: StreamWriter): void;
}

type CommandEntry = Extract<Entry, { kind: 'command' }>;

/** Refused commands decided without a pause: about 10 ms of them at 2 µs each. */
const breathCommands = 5_000;

/** Waits between tries to learn what became of an append; its senders wait for the answer. */
const reloadDelaysMs = [10, 100, 500];

/** A deadline that led to nothing is tried again so much later: it can't be allowed to spin. */
const stuckDeadlineMs = 1_000;

export class StreamWriter {
  readonly stream: StreamId;
  readonly #decider: AnyDecider;
  readonly #ports: WriterPorts;
  #mailbox: Entry[] = [];
  #loaded: StreamState | null = null;
  #running: Promise<void> | null = null;
  /** So many of the next entries are decided one by one, to find the one whose events can't be stored. */
  #alone = 0;
  #armedMs: number | null = null;
  #disarm: (() => void) | null = null;
  /** Last sequence that listeners heard of; null until the stream was loaded once. */
  #publishedSeq: number | null = null;
  #isMemoryShort = false;
  /** Nothing was decided since the stream was read. */
  #isFresh = false;
  /** Whether an append was tried or events were told: then what listeners heard must be remembered. */
  #wrote = false;
  #snapshotUnderWay: Promise<void> | null = null;
  lastUsedMs: number;

  constructor(stream: StreamId, decider: AnyDecider, ports: WriterPorts) {
    this.stream = stream;
    this.#decider = decider;
    this.#ports = ports;
    this.lastUsedMs = ports.clock.nowMs();
  }

  get waiting(): number {
    return this.#mailbox.length;
  }

  get isResting(): boolean {
    return this.#running === null && this.#mailbox.length === 0 && this.#snapshotUnderWay === null;
  }

  get isLoaded(): boolean {
    return this.#loaded !== null;
  }

  /** Nothing of it was ever written, as far as is known: not worth its memory. */
  get isUntouched(): boolean {
    return !this.#wrote && (this.#loaded === null || this.#loaded.epoch === 0);
  }

  /** When the armed deadline falls due. */
  get dueAtMs(): number | null {
    return this.#armedMs;
  }

  enter(entry: Entry): void {
    this.#mailbox.push(entry);
    if (this.#running !== null) return;
    const over = Promise.withResolvers<void>();
    this.#running = over.promise;
    // Not at once: what is sent in the same breath goes into one transaction.
    queueMicrotask(() => void this.#run().then(over.resolve));
  }

  /** Resolves when nothing waits any more and no snapshot is being written. */
  async rest(): Promise<void> {
    while (this.#running !== null) await this.#running;
    await this.#snapshotUnderWay;
  }

  /** Leaves memory; a snapshot is kept when at least `snapshotEvents` events would have to be replayed. */
  async unload(snapshotEvents: number): Promise<void> {
    const loaded = this.#loaded;
    if (
      loaded !== null &&
      loaded.epoch > 0 &&
      loaded.version - loaded.snapshotSeq >= snapshotEvents
    )
      this.#snapshot(loaded);
    this.#drop();
    await this.#snapshotUnderWay;
  }

  dump(): {
    stream: StreamId;
    waiting: number;
    epoch: number;
    version: number;
    dueAtMs: number | null;
  } {
    const { epoch = 0, version = 0 } = this.#loaded ?? {};
    return {
      stream: this.stream,
      waiting: this.#mailbox.length,
      epoch,
      version,
      dueAtMs: this.#armedMs,
    };
  }

  async #run(): Promise<void> {
    let inOneBreath = 0;
    while (this.#mailbox.length > 0) {
      this.lastUsedMs = this.#ports.clock.nowMs();
      if (
        this.#loaded !== null &&
        this.#loaded.epoch > 0 &&
        this.#loaded.leaseTerm !== this.#ports.leaseTerm()
      )
        this.#drop();
      if (this.#loaded === null) {
        await this.#load();
        continue;
      }
      const loaded = this.#loaded;
      const entries = this.#mailbox.splice(
        0,
        this.#alone > 0 ? 1 : this.#ports.limits.batchCommandsMax,
      );
      if (this.#alone > 0) this.#alone -= 1;
      const waited = await this.#process(loaded, entries).catch((error: unknown) => {
        // The loop must outlive whatever is wrong in it: nobody else empties this mailbox.
        this.#drop();
        this.#rejectAll(entries, this.#faultOf(error, 'processing a batch'));
        return true;
      });
      inOneBreath = waited ? 0 : inOneBreath + entries.length;
      // Refusals wait for nothing outside: sockets and timers must have their turn in between.
      if (inOneBreath >= breathCommands && this.#mailbox.length > 0) {
        inOneBreath = 0;
        await this.#breath();
      }
    }
    this.#running = null;
    this.#ports.rested(this);
  }

  #breath(): Promise<void> {
    return new Promise((resolve) => void this.#ports.clock.at(this.#ports.clock.nowMs(), resolve));
  }

  /** Brings the stream into memory, or tells everybody who waits that it can't be. */
  async #load(): Promise<void> {
    const { log, node, limits } = this.#ports;
    try {
      let loaded = await untouched(log, this.#decider, this.stream, limits);
      for (let attempt = 1; loaded === null; attempt++) {
        const term = await this.#ports.ensureLease();
        loaded = await takeStream(log, this.#decider, this.stream, node, limits, term).catch(
          (error: unknown) => {
            if (faultCode(error) === 'epoch-fenced' && attempt < limits.decideAttemptsMax)
              return null;
            throw error;
          },
        );
      }
      if (this.#publishedSeq === null) this.#publishedSeq = loaded.version;
      else await this.#publishGap(loaded, this.#publishedSeq);
      this.#loaded = loaded;
      this.#isFresh = true;
      this.#arm(loaded);
    } catch (error) {
      const fault = this.#faultOf(error, 'loading');
      for (const entry of this.#mailbox.splice(0))
        if (entry.kind !== 'deadline') entry.reject(fault);
    }
  }

  /** What was committed without an answer, or by another node meanwhile, is told before anything new. */
  async #publishGap(loaded: StreamState, publishedSeq: number): Promise<void> {
    for (let seq = publishedSeq; seq < loaded.version; ) {
      const events = await this.#ports.log.read(
        this.stream,
        seq + 1,
        Math.min(this.#ports.limits.batchCommandsMax, loaded.version - seq),
      );
      this.#publish(loaded.epoch, events);
      seq += events.length;
    }
  }

  #publish(epoch: number, events: readonly RecordedEvent[]): void {
    const last = events.at(-1);
    if (last === undefined) return;
    this.#publishedSeq = last.seq;
    this.#ports.publish({ stream: this.stream, epoch, events, waiting: this.waiting });
  }

  /** One batch from mailbox to answers. True when it waited for the log. */
  async #process(loaded: StreamState, entries: readonly Entry[]): Promise<boolean> {
    let older: ReadonlyMap<CommandId, RecordedCommand> | null = null;
    if (this.#isMemoryShort || mayBeOlder(loaded)) {
      try {
        older = await this.#olderCommands(loaded, entries);
      } catch (error) {
        this.#rejectAll(entries, this.#faultOf(error, 'looking up commands'));
        return true;
      }
      // The log knows more than this memory: another node did that command meanwhile.
      if ([...older.values()].some(({ lastSeq }) => lastSeq > loaded.version))
        return this.#decideAgain(entries);
    }
    const isFresh = this.#isFresh;
    this.#isFresh = false;
    const base = { version: loaded.version, headHash: loaded.headHash };
    const atMs = Math.max(this.#ports.clock.nowMs(), loaded.lastAtMs);
    loaded.lastAtMs = atMs;
    const decided = decideBatch(this.#decider, this.stream, loaded, entries, atMs, older);
    if (decided.broken !== null) this.#break(entries, decided);

    let appended: Appended = { ...base, events: [] };
    if (decided.commands.length > 0) {
      this.#wrote = true;
      try {
        if (loaded.epoch === 0 && !(await this.#takeUntouched(loaded)))
          return this.#decideAgain(entries.slice(0, decided.answers.length));
        appended = await this.#ports.log.append({
          stream: this.stream,
          epoch: loaded.epoch,
          expectedVersion: base.version,
          headHash: base.headHash,
          commands: decided.commands,
          dueAtMs:
            decided.broken === null ? (this.#decider.deadline(loaded.state)?.atMs ?? null) : atMs,
        });
      } catch (error) {
        await this.#appendFailed(loaded, entries.slice(0, decided.answers.length), decided, error);
        return true;
      }
      loaded.headHash = appended.headHash;
      this.#publish(loaded.epoch, appended.events);
    } else if (!isFresh && refusesSystem(entries, decided.answers)) {
      const head = await this.#ports.log.head(this.stream);
      if (head.version !== base.version)
        return this.#decideAgain(entries.slice(0, decided.answers.length));
    }
    this.#answer(loaded, entries, decided.answers, base.version, base.headHash, appended.events);
    if (decided.broken !== null) this.#drop();
    else {
      this.#arm(loaded, decided.stuck ? atMs + stuckDeadlineMs : 0);
      this.#snapshotWhenTime(loaded);
    }
    return older !== null || decided.commands.length > 0;
  }

  /** Accepted commands that only the log still knows, for ids that memory doesn't. One query a batch. */
  async #olderCommands(
    loaded: StreamState,
    entries: readonly Entry[],
  ): Promise<Map<CommandId, RecordedCommand>> {
    const ids = entries.flatMap((entry) =>
      entry.kind === 'command' &&
      loaded.accepted.get(entry.commandId) === undefined &&
      loaded.settled.get(entry.commandId) === undefined
        ? [entry.commandId]
        : [],
    );
    return ids.length === 0 ? new Map() : await this.#ports.log.recorded(this.stream, ids);
  }

  /** The first events of a stream: now it is worth a row. False when somebody else was first. */
  async #takeUntouched(loaded: StreamState): Promise<boolean> {
    const term = await this.#ports.ensureLease();
    const lease = await this.#ports.log.take(this.stream, this.#ports.node);
    if (lease.version !== 0) return false;
    loaded.epoch = lease.epoch;
    loaded.leaseTerm = term;
    return true;
  }

  /** The entry that broke is told so; what came after it waits for a sound state. */
  #break(entries: readonly Entry[], { answers, broken }: Decided): void {
    const culprit = entries[answers.length];
    this.#mailbox.unshift(...entries.slice(answers.length + 1));
    const name = culprit?.kind === 'command' ? culprit.command.kind : (culprit?.kind ?? '');
    const fault = this.#faultOf(broken, `deciding ${name}`);
    if (culprit !== undefined && culprit.kind !== 'deadline') culprit.reject(fault);
  }

  #answer(
    loaded: StreamState,
    entries: readonly Entry[],
    answers: readonly Answer[],
    baseVersion: number,
    baseHash: string,
    events: readonly RecordedEvent[],
  ): void {
    for (let i = 0; i < answers.length; i++) {
      const entry = entries[i]!;
      const answer = answers[i]!;
      if (entry.kind === 'look') entry.resolve({ seq: loaded.version, epoch: loaded.epoch });
      if (entry.kind !== 'command') continue;
      switch (answer.kind) {
        case 'fault':
          entry.reject(answer.fault);
          break;
        case 'settled': {
          const { settled } = answer;
          settled.hash ??=
            settled.seq === baseVersion
              ? baseHash
              : (events[settled.seq - baseVersion - 1]?.hash ?? baseHash);
          entry.resolve(settledOutcome(settled, answer.repeated));
          break;
        }
        case 'events': {
          const { firstSeq, lastSeq } = answer.accepted;
          if (firstSeq > baseVersion) {
            const own = events.slice(firstSeq - baseVersion - 1, lastSeq - baseVersion);
            entry.resolve(doneOutcome(own, answer.repeated));
          } else void this.#answerFromLog(entry, firstSeq, lastSeq);
          break;
        }
      }
    }
  }

  /** The first answer to a command of long ago. */
  async #answerFromLog(
    entry: CommandEntry,
    firstSeq: number,
    lastSeq: number,
    repeated = true,
  ): Promise<void> {
    try {
      const events = await this.#ports.log.read(this.stream, firstSeq, lastSeq - firstSeq + 1);
      if (events.length !== lastSeq - firstSeq + 1)
        throw new Bug(`command ${entry.commandId} lost events in the log`);
      entry.resolve(doneOutcome(events, repeated));
    } catch (error) {
      entry.reject(this.#faultOf(error, 'reading a first answer'));
    }
  }

  /** Memory holds what may not have happened: it goes, and the log says what is true. */
  async #appendFailed(
    loaded: StreamState,
    entries: readonly Entry[],
    decided: Decided,
    error: unknown,
  ): Promise<void> {
    this.#drop();
    const code = faultCode(error);
    if (code === 'version-conflict' || code === 'epoch-fenced' || code === 'command-recorded')
      return void this.#decideAgain(entries);
    if (code === 'storage-full') {
      this.#ports.report({ level: 'error', what: 'storage-full', stream: this.stream });
      return this.#rejectAll(
        entries,
        new Fault('storage-full', `${this.stream}: the disk is full`, { cause: error }),
      );
    }
    if (code === undefined && decided.commands.length > 1) {
      // Something can't be stored, and not by the log's fault: find out whose events they are.
      this.#alone = Math.max(this.#alone, entries.length);
      return void this.#mailbox.unshift(...entries);
    }
    const fault = this.#faultOf(error, 'appending');
    if (!(error instanceof Fault) || error.detail.outcome !== 'unknown')
      return this.#rejectAll(entries, fault);

    // Unknown whether it was written. Taking the stream waits for what is in flight; then it is known.
    let recorded: Map<CommandId, RecordedCommand>;
    try {
      this.#loaded = await this.#reload(loaded);
      recorded = await this.#ports.log.recorded(
        this.stream,
        decided.commands.map(({ commandId }) => commandId),
      );
    } catch {
      return this.#rejectAll(entries, fault);
    }
    for (const entry of entries) {
      if (entry.kind === 'deadline') continue;
      const found = entry.kind === 'command' ? recorded.get(entry.commandId) : undefined;
      if (entry.kind === 'command' && found !== undefined)
        await this.#answerFromLog(entry, found.firstSeq, found.lastSeq, false);
      else entry.reject(fault);
    }
  }

  async #reload(before: StreamState): Promise<StreamState> {
    const { log, clock, node, limits } = this.#ports;
    // What cut the append off has often cut the next connections too: they are worth a few tries.
    for (const delayMs of [...reloadDelaysMs, null]) {
      try {
        const term = await this.#ports.ensureLease();
        const loaded = await takeStream(log, this.#decider, this.stream, node, limits, term);
        await this.#publishGap(loaded, this.#publishedSeq ?? before.version);
        this.#arm(loaded);
        return loaded;
      } catch (error) {
        if (delayMs === null || faultCode(error) !== 'log-unavailable') throw error;
        await new Promise<void>((resolve) => void clock.at(clock.nowMs() + delayMs, resolve));
      }
    }
    throw new Bug('the last try either returns or throws');
  }

  /** Another writer came between and nothing was written: all of it is read and decided anew, a few times at most. */
  #decideAgain(entries: readonly Entry[]): true {
    this.#drop();
    const again = entries.filter((entry) => {
      if (entry.kind !== 'command') return true;
      entry.attempts += 1;
      if (entry.attempts < this.#ports.limits.decideAttemptsMax) return true;
      entry.reject(
        new Fault('stream-owned', `${this.stream} is written to by another node`, {
          detail: { stream: this.stream },
        }),
      );
      return false;
    });
    this.#mailbox.unshift(...again);
    return true;
  }

  #rejectAll(entries: readonly Entry[], fault: Fault): void {
    for (const entry of entries) if (entry.kind !== 'deadline') entry.reject(fault);
  }

  /** What a sender may see of an error: the log's faults as they are, everything else as a bug. */
  #faultOf(error: unknown, doing: string): Fault {
    if (error instanceof Fault) {
      return error.code === 'epoch-fenced' || error.code === 'version-conflict'
        ? new Fault('stream-owned', `${this.stream} is written to by another node`, {
            cause: error,
          })
        : error;
    }
    const message = error instanceof Error ? error.message : String(error);
    this.#ports.report({ level: 'error', what: 'bug', stream: this.stream, doing, error });
    return new Fault('bug', `${this.stream}, ${doing}: ${message}`, { cause: error });
  }

  #drop(): void {
    this.#loaded = null;
    this.#disarm?.();
    this.#disarm = null;
    this.#armedMs = null;
  }

  /** Sets the alarm for what the state waits for next; `notBeforeMs` keeps a stuck one from spinning. */
  #arm(loaded: StreamState, notBeforeMs = 0): void {
    const due = this.#decider.deadline(loaded.state);
    const atMs = due === null ? null : Math.max(due.atMs, notBeforeMs);
    if (atMs === this.#armedMs) return;
    this.#disarm?.();
    this.#disarm = null;
    this.#armedMs = atMs;
    if (atMs === null) return;
    this.#disarm = this.#ports.clock.at(atMs, () => {
      this.#armedMs = null;
      this.#disarm = null;
      this.enter({ kind: 'deadline' });
    });
    if (notBeforeMs > 0)
      this.#ports.report({
        level: 'warn',
        what: 'deadline-stuck',
        stream: this.stream,
        command: due?.command.kind,
      });
  }

  /** Copying a state takes time, so it waits for a quiet moment, but not for ever. */
  #snapshotWhenTime(loaded: StreamState): void {
    const events = loaded.version - loaded.snapshotSeq;
    const quiet = this.#mailbox.length === 0;
    if (
      events >= this.#ports.limits.snapshotEveryEvents * (quiet ? 1 : 4) &&
      this.#snapshotUnderWay === null
    )
      this.#snapshot(loaded);
  }

  #snapshot(loaded: StreamState): void {
    const before = loaded.snapshotSeq;
    loaded.snapshotSeq = loaded.version;
    let saved: Promise<void>;
    try {
      // Cloned: the log may turn it into text later, when the state has gone on.
      const state = structuredClone(this.#decider.save(loaded.state));
      const { version: seq, headHash: hash } = loaded;
      saved = this.#ports.log.saveSnapshot(this.stream, {
        seq,
        hash,
        schemaVersion: this.#decider.stateVersion,
        state,
      });
    } catch (error) {
      saved = Promise.reject(error);
    }
    this.#snapshotUnderWay = saved
      .catch((error: unknown) => {
        // A snapshot is a cache. Without it loading takes longer, and the next one comes.
        loaded.snapshotSeq = before;
        this.#ports.report({ level: 'warn', what: 'snapshot-failed', stream: this.stream, error });
      })
      .finally(() => {
        this.#snapshotUnderWay = null;
      });
  }
}
