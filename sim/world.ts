// The simulated world of one seed: one log on one disk, one or two nodes that crash, stall and come
// back, and a network between people and nodes that delays, loses, doubles and reorders. It notes every
// answer that a node gave, because an answer is a promise.

import type { CommandId, StreamId } from '../src/base/brand.ts';
import { Fault } from '../src/base/fault.ts';
import type { Json } from '../src/base/json.ts';
import { SeededRandom, VirtualClock } from '../src/base/virtual-time.ts';
import type { Actor } from '../src/domain/decider.ts';
import type { Command, Outcome, SendOptions } from '../src/engine/contract.ts';
import { canonicalJson } from '../src/log/canonical-json.ts';
import { MemoryLog } from '../src/log/memory-log.ts';
import { type Ack, foldTo } from './checks.ts';
import { calm, SimDisk, type Weather } from './disk.ts';
import { SimGateway } from './gateway.ts';
import { deciders, SimNode } from './node.ts';

export interface Nature {
  readonly nodes: number;
  readonly weather: Weather;
  /** Mean time between crashes of a node; null: never. */
  readonly crashEveryMs: number | null;
  /** Chance to crash or stall at a step of a write or read, and between publishing and answering. */
  readonly breakAtStep: number;
  readonly stallEveryMs: number | null;
  /** A machine that pauses takes its clock with it: only the log can tell that its lease is over. */
  readonly clocksStop: boolean;
  readonly lose: number;
  readonly double: number;
}

const natureOf = (random: SeededRandom): Nature => {
  const rough = random.pick([0, 0.3, 1, 3]);
  return {
    nodes: random.chance(0.4) ? 2 : 1,
    weather: {
      failBefore: 0.01 * rough,
      failAfter: 0.01 * rough,
      lost: 0.01 * rough,
      full: 0.002 * rough,
      failRead: 0.004 * rough,
    },
    crashEveryMs: random.pick([null, 20_000, 60_000, 180_000]),
    breakAtStep: random.pick([0, 0, 0.001, 0.004]),
    stallEveryMs: random.pick([null, 20_000, 60_000, 120_000]),
    clocksStop: random.chance(0.3),
    lose: random.pick([0, 0.02, 0.1]),
    double: random.pick([0, 0.05, 0.2]),
  };
};

export const startMs = Date.UTC(2026, 10, 24, 18);
const retryCodes = new Set([
  'busy',
  'log-unavailable',
  'stream-owned',
  'shutting-down',
  'storage-full',
]);

export class World {
  readonly random: SeededRandom;
  readonly clock = new VirtualClock(startMs);
  readonly nature: Nature;
  readonly disk: SimDisk;
  readonly log: MemoryLog;
  readonly gateway: SimGateway;
  readonly nodes: SimNode[] = [];
  readonly acks: Ack[] = [];
  /** What must never be. Empty at the end of a good run. */
  readonly problems: string[] = [];
  readonly figures = {
    commands: 0,
    crashes: 0,
    stalls: 0,
    snapshots: 0,
    refused: 0,
    faults: {} as Record<string, number>,
  };
  #isCalm = false;
  #publishedTo = new Map<SimNode, Map<StreamId, number>>();

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    this.nature = natureOf(this.random);
    this.disk = new SimDisk(this.clock, this.random);
    this.disk.weather = this.nature.weather;
    this.disk.between = () => this.#mayBreak();
    this.log = new MemoryLog({
      clock: this.clock,
      disk: this.disk,
      newSalt: () => this.random.id(32),
      key: `seed ${seed}`,
    });
    this.gateway = new SimGateway(this);
    for (let nth = 0; nth < this.nature.nodes; nth++) {
      this.#start(nth);
      this.#fate(nth);
    }
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => void this.clock.at(this.clock.nowMs() + ms, resolve));
  }

  /** No more misfortune: what is down comes up, and stays. */
  calmDown(): void {
    this.#isCalm = true;
    this.disk.weather = calm;
    this.gateway.isCalm = true;
    for (let nth = 0; nth < this.nature.nodes; nth++) {
      // With a clock that is right again.
      if (this.nature.clocksStop) this.nodes[nth]?.crash();
      if (this.nodes[nth]?.isDead) this.#start(nth);
    }
  }

  problem(what: string): void {
    if (this.problems.length < 50)
      this.problems.push(`${((this.clock.nowMs() - startMs) / 1_000).toFixed(3)} s: ${what}`);
  }

  /**
   * What a person's device does: sends until there is an answer, always with the same id. Null when it
   * gives up, which it never does with `tries` left out; what became of the command is then not known.
   */
  async insist(
    stream: StreamId,
    command: Command,
    by: Actor,
    commandId: string,
    tries = Number.POSITIVE_INFINITY,
  ): Promise<Outcome | null> {
    this.figures.commands += 1;
    for (let attempt = 1; attempt <= tries; attempt++) {
      const answer = await this.#ask(stream, command, by, commandId as CommandId);
      if (answer !== null && !(answer instanceof Fault)) return answer;
      if (answer instanceof Fault && !retryCodes.has(answer.code)) {
        this.problem(`${command.kind} to ${stream} met ${answer.code}: ${answer.message}`);
        return null;
      }
      await this.wait(200 + this.random.below(Math.min(5_000, 400 * attempt)));
    }
    return null;
  }

  /** Another command under an id that was acknowledged: it may be refused, or get lost, and nothing else. */
  async reuse(stream: StreamId, command: Command, by: Actor, commandId: string): Promise<void> {
    const answer = await this.#ask(stream, command, by, commandId as CommandId);
    if (
      answer === null ||
      (answer instanceof Fault &&
        (answer.code === 'command-id-reused' || retryCodes.has(answer.code)))
    )
      return;
    this.problem(
      `${commandId} was used again for another command and answered ${JSON.stringify(answer instanceof Fault ? answer.code : answer.kind)}`,
    );
  }

  /** One request over the network. Null when no answer came in time. */
  #ask(
    stream: StreamId,
    command: Command,
    by: Actor,
    commandId: CommandId,
  ): Promise<Outcome | Fault | null> {
    const { random, nature } = this;
    const node = random.below(this.nodes.length);
    return new Promise((resolve) => {
      this.clock.at(this.clock.nowMs() + 4_000 + random.below(4_000), () => resolve(null));
      const request = (answer: (answer: Outcome | Fault) => void) =>
        this.#deliver(node, stream, command, by, commandId, answer);
      if (!random.chance(nature.lose) || this.#isCalm) {
        const isAnswerLost = random.chance(nature.lose) && !this.#isCalm;
        this.clock.at(this.clock.nowMs() + this.#latencyMs(), () =>
          request((answer) => {
            if (!isAnswerLost)
              this.clock.at(this.clock.nowMs() + this.#latencyMs(), () => resolve(answer));
          }),
        );
      }
      // A copy from another path, a proxy or a queue: up to minutes late.
      if (random.chance(nature.double) && !this.#isCalm) {
        this.clock.at(this.clock.nowMs() + random.below(random.chance(0.2) ? 180_000 : 3_000), () =>
          request(() => undefined),
        );
      }
    });
  }

  #deliver(
    nth: number,
    stream: StreamId,
    command: Command,
    by: Actor,
    commandId: CommandId,
    answer: (answer: Outcome | Fault) => void,
  ): void {
    const node = this.nodes[nth]!;
    node.reach(() => {
      node.engine.send(stream, command, { commandId, by }).then(
        (outcome) => {
          if (node.isDead) return;
          this.#noteAnswer(node, stream, commandId, outcome);
          node.reach(() => answer(outcome));
        },
        (error: unknown) => {
          if (node.isDead) return;
          if (error instanceof Fault) {
            this.figures.faults[error.code] = (this.figures.faults[error.code] ?? 0) + 1;
            node.reach(() => answer(error));
          } else this.problem(`send rejected with ${String(error)}`);
        },
      );
    });
  }

  /** From node to node: once, with the network's luck. Who sends tries again. */
  #forward(
    from: SimNode,
    stream: StreamId,
    command: Command,
    { commandId, by }: SendOptions,
  ): Promise<Outcome> {
    const to = this.nodes.findIndex((node) => node !== from);
    return new Promise((resolve, reject) => {
      this.clock.at(this.clock.nowMs() + 5_000, () =>
        reject(new Fault('log-unavailable', 'the other node does not answer')),
      );
      if (to < 0) return;
      this.clock.at(this.clock.nowMs() + this.#latencyMs(), () =>
        this.#deliver(to, stream, command, by, commandId, (answer) => {
          this.clock.at(this.clock.nowMs() + this.#latencyMs(), () =>
            answer instanceof Fault ? reject(answer) : resolve(answer),
          );
        }),
      );
    });
  }

  #latencyMs(): number {
    return 1 + this.random.below(this.random.chance(0.1) ? 2_000 : 40);
  }

  /** An answer is given after the commit, never before. */
  #noteAnswer(node: SimNode, stream: StreamId, commandId: CommandId, outcome: Outcome): void {
    this.acks.push({ stream, commandId, outcome });
    if (outcome.kind === 'refused') {
      this.figures.refused += 1;
      return;
    }
    for (const { seq, hash } of outcome.events) {
      if (this.log.storedRows(stream)[seq - 1]?.hash !== hash)
        this.problem(
          `${node.name} acknowledged ${commandId} at ${stream} ${seq} before it was committed`,
        );
    }
  }

  #start(nth: number): void {
    const { clock, log, gateway } = this;
    const node = new SimNode('ab'[nth]!, this.random.below(4_000) - 2_000, {
      clock,
      log,
      gateway,
      forward: (from, ...sent) => this.#forward(from, ...sent),
      report: (line) => {
        if (
          line.what === 'bug' ||
          line.what === 'units-unaccounted' ||
          line.what === 'refund-not-recorded' ||
          line.what === 'listener-failed' ||
          line.what === 'deadline-stuck'
        ) {
          this.problem(
            `${node.name} reports ${line.what}: ${JSON.stringify({ ...line, error: String(line.error ?? '') })}`,
          );
        }
      },
      snapshotTaken: (stream, snapshot) => {
        this.figures.snapshots += 1;
        const replayed = foldTo(this.log, deciders, stream, snapshot.seq);
        if (replayed !== canonicalJson(snapshot.state as Json))
          this.problem(`${stream} at ${snapshot.seq}: the live state is not what a replay gives`);
      },
    });
    this.nodes[nth] = node;
    const publishedTo = new Map<StreamId, number>();
    this.#publishedTo.set(node, publishedTo);
    node.engine.onCommitted(({ stream, events }) => {
      if (node.isDead) return;
      for (const { seq, hash } of events) {
        if (this.log.storedRows(stream)[seq - 1]?.hash !== hash)
          this.problem(`${node.name} published ${stream} ${seq} before it was committed`);
        const before = publishedTo.get(stream) ?? seq - 1;
        if (seq <= before) this.problem(`${node.name} published ${stream} ${seq} after ${before}`);
        publishedTo.set(stream, seq);
      }
      // Between telling the room and telling the sender.
      this.#mayBreak();
    });
  }

  /** Any step of any write or read is a moment to die, or to stop for longer than a lease. */
  #mayBreak(): void {
    if (
      this.#isCalm ||
      this.nodes.length < this.nature.nodes ||
      !this.random.chance(this.nature.breakAtStep)
    )
      return;
    const nth = this.random.below(this.nodes.length);
    if (this.random.chance(0.5)) this.#crash(nth);
    else {
      this.figures.stalls += 1;
      this.nodes[nth]!.stall(
        this.clock.nowMs() + this.random.below(40_000),
        this.nature.clocksStop,
      );
    }
  }

  #crash(nth: number): void {
    const node = this.nodes[nth]!;
    if (node.isDead) return;
    node.crash();
    this.figures.crashes += 1;
    this.clock.at(
      this.clock.nowMs() + 300 + this.random.below(this.random.chance(0.2) ? 40_000 : 4_000),
      () => {
        if (this.nodes[nth]!.isDead) this.#start(nth);
      },
    );
  }

  #fate(nth: number): void {
    const { crashEveryMs, stallEveryMs } = this.nature;
    const happen = (everyMs: number, what: () => void): void => {
      this.clock.at(this.clock.nowMs() + 1 + this.random.below(2 * everyMs), () => {
        if (this.#isCalm) return;
        what();
        happen(everyMs, what);
      });
    };
    if (crashEveryMs !== null) happen(crashEveryMs, () => this.#crash(nth));
    if (stallEveryMs !== null) {
      happen(stallEveryMs, () => {
        this.figures.stalls += 1;
        this.nodes[nth]!.stall(
          this.clock.nowMs() + 100 + this.random.below(this.random.chance(0.5) ? 30_000 : 2_000),
          this.nature.clocksStop,
        );
      });
    }
  }
}
