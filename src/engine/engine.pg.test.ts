// The engine on real PostgreSQL: a crowd at an offer, a connection that dies in the middle of an append,
// a second node that takes over. Rules: docs/rules/engine.md.

import { afterEach, describe, expect, test } from 'vitest';
import {
  type CommandId,
  type HoldId,
  type OfferId,
  type PersonId,
  type ShowId,
  type StreamId,
  showStream,
  stockStream,
} from '../base/brand.ts';
import { Fault, faultCode } from '../base/fault.ts';
import { limits } from '../base/limits.ts';
import { systemClock } from '../base/ports.ts';
import { SeededRandom } from '../base/virtual-time.ts';
import { type Actor, system } from '../domain/decider.ts';
import { orderDecider } from '../domain/order/order.ts';
import { showDecider } from '../domain/show/show.ts';
import { stockDecider } from '../domain/stock/stock.ts';
import { lagoon, offerId, plan, terms, vaseItem } from '../domain/testing/show-cast.ts';
import { openPool } from '../log/database.ts';
import { openPostgresLog, type PostgresLog } from '../log/postgres-log.ts';
import { AnswerEater } from '../log/testing/answer-eater.ts';
import { freshDatabase } from '../log/testing/postgres.ts';
import type { Command, Engine, Outcome } from './contract.ts';
import { createEngine } from './engine.ts';
import { startPolicies } from './policies.ts';

const { pool, url } = await freshDatabase();
/** Policies read the whole log: theirs is not the one of the other tests. */
const whole = await freshDatabase();
const host: Actor = { kind: 'person', id: plan.hostId, name: 'Mina', role: 'host' };
const shopper = (id: string): Actor => ({
  kind: 'person',
  id: id as PersonId,
  name: id,
  role: 'shopper',
});

let ids = 0;
const send = (
  engine: Engine,
  stream: StreamId,
  command: Command,
  by: Actor = host,
  commandId = `c${++ids}`,
): Promise<Outcome> => engine.send(stream, command, { commandId: commandId as CommandId, by });

/** Asks until it is so: for what happens in another process, without a guess of how long that takes. */
const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => void setTimeout(resolve, 2));
};

describe('the engine on PostgreSQL', () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  const openLog = async (address = url): Promise<PostgresLog> => {
    const own = openPool(address, { connectionsMax: 4 });
    closing.push(() => own.end());
    return openPostgresLog({ pool: own });
  };
  const start = (log: PostgresLog, node: string): Engine => {
    const engine = createEngine({
      log,
      clock: systemClock,
      node,
      deciders: [showDecider, stockDecider, orderDecider],
    });
    closing.push(() => engine.stop());
    return engine;
  };
  const goLive = async (
    engine: Engine,
    name: string,
    units: number,
    durationMs: number = limits.offerMsMax,
  ): Promise<StreamId> => {
    const show = showStream(name as ShowId);
    await send(engine, show, { kind: 'PlanShow', plan });
    await send(engine, show, { kind: 'StockShelf', items: [vaseItem] });
    await send(engine, show, { kind: 'GoLive' });
    await send(engine, show, {
      kind: 'OpenOffer',
      terms: {
        ...terms,
        durationMs,
        holdMs: limits.holdMsMax,
        perPersonMax: 1,
        variants: [{ ...terms.variants[0]!, quantity: units }],
      },
    });
    return show;
  };
  const open = async (
    engine: Engine,
    name: string,
    units: number,
    durationMs?: number,
  ): Promise<StreamId> => {
    const show = await goLive(engine, name, units, durationMs);
    await send(
      engine,
      show,
      { kind: 'ConfirmAllocation', offerId, variantId: lagoon, quantity: units },
      system,
    );
    return show;
  };
  const claim = (engine: Engine, show: StreamId, who: string, commandId = `claim-${who}`) =>
    send(
      engine,
      show,
      {
        kind: 'Claim',
        offerId: offerId as OfferId,
        variantId: lagoon,
        quantity: 1,
        holdId: `hold-${who}` as HoldId,
      },
      shopper(who),
      commandId,
    );
  const eventsOf = async (
    show: StreamId,
    kind: string,
    from = pool,
  ): Promise<{ command_id: string }[]> =>
    (
      await from.query(
        'select command_id from events where stream = $1 and kind = $2 order by seq',
        [show, kind],
      )
    ).rows;

  test('[ENG-1] 3,000 people want 200 units, most of them twice: 200 get one, and the log has each once', async () => {
    const log = await openLog();
    const engine = start(log, 'crowd');
    const show = await open(engine, 'crowd', 200);
    const random = new SeededRandom(1);
    const answers = new Map<string, Outcome[]>();
    const sent: Promise<unknown>[] = [];
    for (let nth = 0; nth < 3_000; nth++) {
      const who = `p${nth}`;
      const tries = random.chance(0.7) ? 2 : 1;
      for (let attempt = 0; attempt < tries; attempt++) {
        sent.push(
          claim(engine, show, who).then((outcome) =>
            answers.set(who, [...(answers.get(who) ?? []), outcome]),
          ),
        );
      }
      // Let appends and arrivals mix.
      if (random.chance(0.02)) await new Promise((resolve) => void setImmediate(resolve));
    }
    await Promise.all(sent);
    const winners = [...answers]
      .filter(([, outcomes]) => outcomes[0]?.kind === 'done')
      .map(([who]) => who);
    for (const outcomes of answers.values())
      expect(
        new Set(outcomes.map((outcome) => (outcome.kind === 'done' ? outcome.seq : outcome.reason)))
          .size,
      ).toBe(1);
    const inLog = (await eventsOf(show, 'HoldPlaced')).map(({ command_id }) => command_id);
    expect(inLog).toHaveLength(200);
    expect(new Set(inLog)).toEqual(new Set(winners.map((who) => `claim-${who}`)));
    expect(await log.verify(show)).toMatchObject({ ok: true });
  });

  test('[ENG-10] the answer to an append never comes: the command is done, once, and says so', async () => {
    const eater = await AnswerEater.start(Number(new URL(url).port));
    closing.push(() => eater.stop());
    const through = new URL(url);
    through.port = String(eater.port);
    const engine = start(await openLog(through.href), 'eater');
    const show = await open(engine, 'eaten', 5);
    eater.eat();
    const sent = claim(engine, show, 'ada');
    await until(async () => (await eventsOf(show, 'HoldPlaced')).length === 1);
    eater.cut();
    expect(await sent).toMatchObject({
      kind: 'done',
      repeated: false,
      events: [{ kind: 'HoldPlaced' }],
    });
    expect(await claim(engine, show, 'ada')).toMatchObject({ kind: 'done', repeated: true });
    expect(await eventsOf(show, 'HoldPlaced')).toHaveLength(1);
  });

  test('[ENG-10] the connection is killed in the middle of an append: told so, and the retry does it once', async () => {
    const engine = start(await openLog(), 'killed');
    const show = await open(engine, 'killed', 5);
    const blocker = await pool.connect();
    await blocker.query('begin');
    await blocker.query('select 1 from streams where stream = $1 for update', [show]);
    const sent = claim(engine, show, 'ada').catch(faultCode);
    const appending = `from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%append_batch%'`;
    await until(async () => (await pool.query(`select 1 ${appending}`)).rowCount === 1);
    await pool.query(`select pg_terminate_backend(pid) ${appending}`);
    await blocker.query('rollback');
    blocker.release();
    expect(await sent).toBe('log-unavailable');
    expect(await eventsOf(show, 'HoldPlaced')).toHaveLength(0);
    expect(await claim(engine, show, 'ada')).toMatchObject({ kind: 'done', repeated: false });
    expect(await eventsOf(show, 'HoldPlaced')).toHaveLength(1);
  });

  test('[ENG-11] a second node is refused while the first lives, takes over when it is dead, and fences it', async () => {
    const first = start(await openLog(), 'first');
    const second = start(await openLog(), 'second');
    const show = await open(first, 'moved', 5);
    await claim(first, show, 'ada');
    expect(await claim(second, show, 'bob').catch(faultCode)).toBe('stream-owned');
    // The first one stalls for longer than its lease.
    await pool.query(`update nodes set until_ms = 0 where node = 'first'`);
    expect(await claim(second, show, 'ada')).toMatchObject({ kind: 'done', repeated: true });
    expect(await claim(second, show, 'bob')).toMatchObject({ kind: 'done' });
    // It comes back and believes that the stream is its own.
    const late = await claim(first, show, 'eve').catch((error: Fault) => error);
    expect(late).toMatchObject({ code: 'stream-owned' });
    expect((await eventsOf(show, 'HoldPlaced')).map(({ command_id }) => command_id)).toEqual([
      'claim-ada',
      'claim-bob',
    ]);
    expect((await second.head(show)).epoch).toBe(2);
  });

  test('[ENG-14] an offer that should close while no process runs is closed by the next one', async () => {
    const first = start(await openLog(), 'brief');
    const show = await open(first, 'orphan', 5, 300);
    await first.stop();
    const heard: string[] = [];
    const second = start(await openLog(), 'next');
    second.onCommitted(({ events }) => heard.push(...events.map(({ kind }) => kind)));
    // Nobody sends it anything.
    await until(async () => (await eventsOf(show, 'OfferClosed')).length === 1);
    expect(heard).toEqual(['OfferClosed', 'UnitsReleased']);
  });

  test('[POL-3] stock, show and policies together: an offer opens and what is left comes back', async () => {
    const log = await openLog(whole.url);
    const engine = start(log, 'policies');

    const policies = startPolicies({
      engine,
      log,
      clock: systemClock,
      gateway: {
        refund: async () =>
          Promise.reject(new Fault('payment-unavailable', 'no refund is expected here')),
      },
    });
    closing.push(() => policies.stop());
    const stock = stockStream(lagoon);
    await send(engine, stock, { kind: 'CountStock', onHand: 50 });
    const show = await goLive(engine, 'whole', 20);
    await until(async () => (await eventsOf(show, 'OfferOpened', whole.pool)).length === 1);
    await Promise.all(Array.from({ length: 30 }, (_, nth) => claim(engine, show, `w${nth}`)));
    await send(engine, show, { kind: 'EndShow' });
    for (const hold of await eventsOf(show, 'HoldPlaced', whole.pool)) {
      await send(engine, show, {
        kind: 'ReleaseHold',
        holdId: hold.command_id.replace('claim', 'hold') as HoldId,
      });
    }
    await until(
      async () => (await eventsOf(stock, 'AllocationReturned', whole.pool)).length === 20,
    );
    expect(await send(engine, stock, { kind: 'CountStock', onHand: 0 })).toMatchObject({
      kind: 'done',
    });
  });
});
