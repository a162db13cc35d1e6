// One process of Rialto in the simulated world: the real engine, deciders and policies, on a clock and
// with a line to the log that end when the process crashes and stand still when it stalls. What it did
// before is in the log; everything else of it is gone.

import type { StreamId } from '../src/base/brand.ts';
import { faultCode } from '../src/base/fault.ts';
import type { Clock } from '../src/base/ports.ts';
import type { VirtualClock } from '../src/base/virtual-time.ts';
import { orderDecider } from '../src/domain/order/order.ts';
import { showDecider } from '../src/domain/show/show.ts';
import { stockDecider } from '../src/domain/stock/stock.ts';
import type { AnyDecider, Engine, Outcome, ReportLine } from '../src/engine/contract.ts';
import { createEngine } from '../src/engine/engine.ts';
import { type RefundGateway, startPolicies } from '../src/engine/policies.ts';
import type { PolicyRunner } from '../src/engine/policy.ts';
import type { EventLog, Snapshot } from '../src/log/event-log.ts';
import type { MemoryLog } from '../src/log/memory-log.ts';

export const deciders: readonly AnyDecider[] = [showDecider, stockDecider, orderDecider];

/** Snapshots and forgetting must happen within a short show, or nobody tests them. */
const tightLimits = {
  snapshotEveryEvents: 25,
  commandWindowMax: 60,
  refusalWindowMax: 60,
  batchCommandsMax: 16,
  streamIdleMs: 90_000,
};

export interface NodePorts {
  readonly clock: VirtualClock;
  readonly log: MemoryLog;
  readonly gateway: RefundGateway;
  /** Sends a policy's command to whichever node has the stream, as the bus between nodes does. */
  forward(from: SimNode, ...sent: Parameters<Engine['send']>): Promise<Outcome>;
  report(line: ReportLine): void;
  snapshotTaken(stream: StreamId, snapshot: Snapshot): void;
}

/** A running process. A restart makes a new one. */
export class SimNode {
  readonly name: string;
  readonly engine: Engine;
  readonly policies: PolicyRunner;
  #isDead = false;
  #stalledUntilMs = 0;
  /** How far its clock is behind the log's; negative: ahead. */
  #behindMs: number;
  /** What happens to the process while it stalls, in order. */
  #missed: (() => void)[] = [];
  readonly #clock: VirtualClock;

  constructor(name: string, behindMs: number, ports: NodePorts) {
    this.name = name;
    this.#behindMs = behindMs;
    this.#clock = ports.clock;
    const clock: Clock = {
      nowMs: () => ports.clock.nowMs() - this.#behindMs,
      at: (atMs, run) => ports.clock.at(atMs + this.#behindMs, () => this.reach(run)),
    };
    const log = this.#lineTo(ports);
    const report = (line: ReportLine) => ports.report(line);
    this.engine = createEngine({ log, clock, node: name, deciders, limits: tightLimits, report });
    const { gateway } = ports;
    this.policies = startPolicies({
      engine: {
        onCommitted: this.engine.onCommitted,
        send: (...sent) =>
          this.engine.send(...sent).catch((error: unknown) => {
            if (faultCode(error) !== 'stream-owned') throw error;
            return this.#answered(() => ports.forward(this, ...sent));
          }),
      },
      pollMs: 4_000,
      log,
      clock,
      gateway: { refund: (wish) => this.#answered(() => gateway.refund(wish)) },
      report,
    });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** The process is gone, this instant. */
  crash(): void {
    this.#isDead = true;
    this.#missed = [];
  }

  /**
   * The process doesn't run for a while (a pause of the machine); the world goes on. With `clockStops`
   * its clock was paused too, so that it doesn't notice and goes on believing in its lease.
   */
  stall(untilMs: number, clockStops: boolean): void {
    if (untilMs <= this.#stalledUntilMs) return;
    if (clockStops) this.#behindMs += untilMs - Math.max(this.#stalledUntilMs, this.#clock.nowMs());
    this.#stalledUntilMs = untilMs;
    this.#clock.at(untilMs, () => {
      if (this.#clock.nowMs() < this.#stalledUntilMs) return;
      for (const run of this.#missed.splice(0)) if (!this.#isDead) run();
    });
  }

  /** Something from outside gets to the process: now, after its stall, or never. */
  reach(run: () => void): void {
    if (this.#isDead) return;
    if (this.#clock.nowMs() < this.#stalledUntilMs) this.#missed.push(run);
    else run();
  }

  #answered<T>(ask: () => Promise<T>): Promise<T> {
    if (this.#isDead) return new Promise(() => undefined);
    return new Promise((resolve, reject) => {
      ask().then(
        (value) => this.reach(() => resolve(value)),
        (error: unknown) => this.reach(() => reject(error as Error)),
      );
    });
  }

  #lineTo({ log, snapshotTaken }: NodePorts): EventLog {
    return new Proxy(log, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          if (name === 'saveSnapshot' && !this.#isDead)
            snapshotTaken(args[0] as StreamId, args[1] as Snapshot);
          return this.#answered(() => member.apply(target, args) as Promise<unknown>);
        };
      },
    });
  }
}
