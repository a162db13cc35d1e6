// One seed: a show is played in a world of that seed, then the weather turns fine, everything that was
// promised runs out or is kept, and the log is checked.

import { type ShowId, showStream } from '../src/base/brand.ts';
import { limits } from '../src/base/limits.ts';
import { play } from './cast.ts';
import { check } from './checks.ts';
import { deciders } from './node.ts';
import { startMs, World } from './world.ts';

export interface Simulated {
  readonly seed: number;
  /** Empty when all is as it must be. */
  readonly problems: readonly string[];
  readonly virtualMs: number;
  readonly figures: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  /** The last hash of the show: the same seed gives the same one. */
  readonly showHash: string;
}

/** A show with its payments takes minutes; who isn't done by then hangs. */
const playMsMax = 3 * 3_600_000;
/** The longest that a promise lasts (a hold, a payment, a retry), and then some. */
const settleMs =
  limits.holdMsMax + 2 * limits.paymentMs + 2 * limits.policyRetryMsMax + 4 * limits.nodeLeaseMs;

export const simulate = async (seed: number): Promise<Simulated> => {
  const world = new World(seed);
  const { clock } = world;
  let isOver = false;
  const playing = play(world).then(
    () => {
      isOver = true;
    },
    (error: unknown) => {
      isOver = true;
      world.problem(`the play broke off: ${error instanceof Error ? error.stack : String(error)}`);
    },
  );
  while (!isOver && clock.nowMs() < startMs + playMsMax && (await clock.step()));
  if (!isOver) world.problem('somebody still waits for an answer');
  else await playing;

  world.calmDown();
  await clock.runUntil(clock.nowMs() + settleMs);
  for (const { name, policies } of world.nodes) {
    if (!policies.isCaughtUp)
      world.problem(`the policies of ${name} are behind: ${JSON.stringify(policies.dump())}`);
  }
  const { log, acks, gateway, figures } = world;
  const checking = check({
    log,
    deciders,
    acks,
    charges: gateway.charges,
    refunds: gateway.refunds,
    problem: (what) => world.problem(what),
  });
  let checked: Awaited<typeof checking> | null = null;
  void checking.then((value) => {
    checked = value;
  });
  while (checked === null && (await clock.step()));
  const { events, sold, refunded, lotsSold, served, sets, byComment } = await checking;
  const head = log.head(showStream('s1' as ShowId));
  while (await Promise.race([head.then(() => false), clock.step()]));
  return {
    seed,
    problems: world.problems,
    virtualMs: clock.nowMs() - startMs,
    figures: {
      events,
      sold,
      refunded,
      lotsSold,
      servedInDrops: served,
      setsSold: sets,
      claimedByComment: byComment,
      commands: figures.commands,
      refused: figures.refused,
      answers: acks.length,
      crashes: figures.crashes,
      stalls: figures.stalls,
      snapshots: figures.snapshots,
      writes: world.disk.figures.writes,
      failedWrites: world.disk.figures.failed,
      lostAnswers: world.disk.figures.lostAnswers,
    },
    faults: figures.faults,
    showHash: (await head).headHash,
  };
};
