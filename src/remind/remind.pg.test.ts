import { afterAll, beforeEach, expect, test } from 'vitest';
import { type CommandId, type PersonId, type ShowId, showStream } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import { type Clock, systemClock, systemRandom } from '../base/ports.ts';
import type { Actor } from '../domain/decider.ts';
import type { ShowPlan } from '../domain/show/life.ts';
import { type ShowCommand, showDecider } from '../domain/show/show.ts';
import { plan as kilnNight, vaseItem } from '../domain/testing/show-cast.ts';
import type { Engine } from '../engine/contract.ts';
import { createEngine } from '../engine/engine.ts';
import { createPolicyRunner } from '../engine/policy.ts';
import type { Letter, Mail } from '../gateways/mail.ts';
import type { Push, PushMessage, Subscription } from '../gateways/push.ts';
import { startOfLog } from '../log/event-log.ts';
import { openPostgresLog } from '../log/postgres-log.ts';
import { freshDatabase } from '../log/testing/postgres.ts';
import { allViews } from '../views/all.ts';
import { Projector } from '../views/projector.ts';
import { comingItems } from '../views/show-items.ts';
import type { ShowRow } from '../views/tables.ts';
import { takeDue } from './outbox.ts';
import { remindPolicy } from './remind-policy.ts';
import { Series } from './series.ts';
import { remindTables } from './tables.ts';
import { Teller } from './teller.ts';
import { createWishBook } from './wishes.ts';

const { pool } = await freshDatabase();
const db = remindTables(pool);
const log = await openPostgresLog({ pool });
const minute = 60_000;
const day = 24 * 60 * minute;
let nowMs = Date.UTC(2026, 10, 26, 12);
/** Time stands until it is moved; timers run by the real one. */
const clock: Clock = {
  nowMs: () => nowMs,
  at: (atMs, run) => systemClock.at(Date.now() + Math.max(0, atMs - nowMs), run),
};
const fail = (what: string, error: unknown) => {
  throw new Error(what, { cause: error });
};
const views = new Projector({
  log,
  db: db as never,
  views: allViews,
  clock: systemClock,
  onFault: (error) => fail('views', error),
});
await views.start();
const engine: Engine = createEngine({ log, clock, node: 'n1', deciders: [showDecider] });
engine.onCommitted(({ stream, events }) => views.committed(stream, events.at(-1)?.seq ?? 0));
const wishes = createWishBook({ db, secret: 's'.repeat(32), clock });

const mina: Actor = { kind: 'person', id: 'mina' as PersonId, name: 'Mina', role: 'host' };
let letters: Letter[] = [];
let mailIsDown = false;
const mail: Mail = {
  sandbox: true,
  async send(letter) {
    if (mailIsDown) throw new Error('the mail server is away');
    letters.push(letter);
  },
  kept: () => [],
};
let pushed: { subscription: Subscription; message: PushMessage }[] = [];
let gone = new Set<string>();
const push: Push = {
  publicKey: 'key',
  async send(subscription, message) {
    if (gone.has(subscription.endpoint)) return 'gone';
    pushed.push({ subscription, message });
    return 'sent';
  },
};
let here = new Set<string>();
const teller = (reported: string[] = []) =>
  new Teller({
    db,
    mail,
    push,
    wishes,
    clock,
    publicUrl: 'https://shop.example',
    shopName: 'Laguna',
    isHere: (personId) => here.has(personId),
    report: (what) => reported.push(what),
  });

afterAll(async () => {
  await engine.stop();
  await views.stop();
});

beforeEach(async () => {
  nowMs += 30 * day;
  letters = [];
  pushed = [];
  gone = new Set();
  here = new Set();
  mailIsDown = false;
  await pool.query('truncate "user", remind_outbox, show_series, confirm_letters cascade');
  for (const id of ['ines', 'teo', 'mina'])
    await pool.query(
      `insert into "user" (id, name, email, "emailVerified", role, guest, "nameKey")
       values ($1, $1, $1 || '@example.org', true, 'shopper', false, $1)`,
      [id],
    );
  await wishes.address('ines', 'ines@example.org');
});

const tell = async (showId: string, command: ShowCommand, commandId = systemRandom.id()) => {
  const stream = showStream(showId as ShowId);
  const options = { commandId: commandId as CommandId, by: mina };
  const outcome = await engine.send(stream, command, options);
  if (outcome.kind !== 'done') throw new Error(outcome.reason);
  await views.reached(stream, outcome.seq);
};
const planned = async (inMs: number, change: Partial<ShowPlan> = {}): Promise<string> => {
  const showId = systemRandom.id(12);
  const plan = { ...kilnNight, startsAtMs: nowMs + inMs, ...change };
  await tell(showId, { kind: 'PlanShow', plan });
  return showId;
};
const move = (showId: string, inMs: number) =>
  tell(showId, { kind: 'ChangePlan', plan: { ...kilnNight, startsAtMs: nowMs + inMs } });

/** Reads the log to its end, as a node does after its start. */
const readLog = async (): Promise<void> => {
  const runner = createPolicyRunner({
    name: 'reminders',
    policies: [remindPolicy(db, () => {})],
    engine,
    log,
    clock: systemClock,
    pollMs: 5,
  });
  while (!runner.isCaughtUp) await new Promise((resolve) => void setTimeout(resolve, 2));
  await runner.stop();
};
/** A node begins, reads, and tells all that is due. */
const round = async (): Promise<void> => {
  await readLog();
  await teller().round();
};
const subjects = () => letters.map(({ subject }) => subject);
const outbox = async () =>
  (await db.selectFrom('remind_outbox').selectAll().orderBy('outbox_id').execute()).map(
    ({ person_id, occasion, state }) => `${person_id} ${occasion} ${state}`,
  );

test('[REM-7] [REM-8] a follower hears of a new show, that it begins, and nothing twice', async () => {
  await wishes.add('ines', 'shop');
  await wishes.add('ines', 'host:mina');
  const showId = await planned(2 * day);
  await round();
  expect(letters).toEqual([]);
  nowMs += limits.announceDelayMs;
  await round();
  await wishes.add('ines', `show:${showId}`);
  nowMs += 2 * day - limits.announceDelayMs - limits.remindBeforeMs;
  await round();
  await tell(showId, { kind: 'GoLive' });
  await round();
  await round();
  expect(subjects()).toEqual(['Kiln night: a show with Mina Orsini', 'Kiln night begins soon']);
  expect(letters[0]).toMatchObject({
    to: 'ines@example.org',
    unsubscribeUrl: expect.stringMatching(/^https:\/\/shop\.example\/api\/reminders\/stop\?word=/),
    calendar: { method: 'PUBLISH' },
  });
});

test('[REM-7] a show that goes live before its time is told then, and only then', async () => {
  const showId = await planned(3 * day);
  await wishes.add('ines', `show:${showId}`);
  await readLog();
  await tell(showId, { kind: 'GoLive' });
  await round();
  nowMs += limits.remindPollMs;
  await round();
  expect(subjects()).toEqual(['Kiln night is live now']);
});

test('[REM-7] views that are behind make no letter say what isn’t so, and none is dropped for it', async () => {
  const viewAs = (showId: string, before: object) =>
    db
      .updateTable('show_view' as never)
      .set(before as never)
      .where('show_id' as never, '=', showId as never)
      .execute();
  const view = async (showId: string) =>
    (await pool.query('select * from show_view where show_id = $1', [showId])).rows[0];
  // It began, and the view has it planned still.
  const begun = await planned(3 * day);
  await wishes.add('ines', `show:${begun}`);
  await tell(begun, { kind: 'GoLive' });
  await viewAs(begun, { phase: 'planned', started_at_ms: null });
  await round();
  expect(subjects()).toEqual(['Kiln night is live now']);
  // It was moved, and the view has the time from before: that isn't moved back.
  const later = await planned(5 * day);
  await wishes.add('ines', `show:${later}`);
  await readLog();
  const stale = await view(later);
  await move(later, 6 * day);
  const true_ = await view(later);
  await viewAs(later, { starts_at_ms: stale.starts_at_ms, plan_seq: stale.plan_seq });
  await readLog();
  nowMs += limits.moveDelayMs;
  const reported: string[] = [];
  await teller(reported).round();
  expect([reported, subjects()]).toEqual([['a reminder was not sent'], ['Kiln night is live now']]);
  await viewAs(later, { starts_at_ms: true_.starts_at_ms, plan_seq: true_.plan_seq });
  nowMs += 60_000;
  await round();
  expect(subjects()).toEqual(['Kiln night is live now', 'Kiln night has another time']);
});

test('[REM-7] a crash at any place tells nobody twice and forgets nobody', async () => {
  await wishes.add('ines', 'shop');
  const showId = await planned(2 * day);
  await readLog();
  // The checkpoint of the first reading is lost: the whole log is read again.
  await pool.query("delete from checkpoints where policy = 'reminders'");
  expect(await log.checkpoint('reminders')).toBe(startOfLog);
  await readLog();
  nowMs += limits.announceDelayMs;
  // A node took the letter and died before it sent it.
  expect((await takeDue(db, nowMs)).map(({ personId }) => personId)).toEqual(['ines']);
  await teller().round();
  expect(letters).toEqual([]);
  nowMs += limits.reminderLeaseMs;
  await teller().round();
  await pool.query("delete from checkpoints where policy = 'reminders'");
  await pool.query('delete from remind_shows where show_id = $1', [showId]);
  await round();
  expect(subjects()).toEqual(['Kiln night: a show with Mina Orsini']);
});

test('[REM-7] a letter that a crash left in doubt goes out again under the same id', async () => {
  await wishes.add('ines', 'shop');
  await planned(2 * day);
  await readLog();
  nowMs += limits.announceDelayMs;
  const [due] = await takeDue(db, nowMs);
  nowMs += limits.reminderLeaseMs;
  await teller().round();
  expect(letters.map(({ id }) => id)).toEqual([`remind-${due?.outboxId}`]);
});

test('[REM-7] two nodes that look at once tell once', async () => {
  for (const id of ['ines', 'teo']) {
    await wishes.address(id, `${id}@example.org`);
    await wishes.add(id, 'shop');
  }
  await planned(2 * day);
  await Promise.all([readLog(), readLog()]);
  nowMs += limits.announceDelayMs;
  await Promise.all([teller().round(), teller().round(), teller().round()]);
  expect(letters.map(({ to }) => to).sort()).toEqual(['ines@example.org', 'teo@example.org']);
});

test('[REM-9] who was promised hears that it moved, once for several moves, and not when it moved back', async () => {
  const showId = await planned(3 * day);
  await wishes.add('ines', `show:${showId}`);
  await wishes.address('teo', 'teo@example.org');
  // Follows, and wasn't told of this show: it promised nothing.
  await readLog();
  await wishes.add('teo', 'shop');
  const firstMs = nowMs + 3 * day;
  await move(showId, 4 * day);
  await move(showId, 5 * day);
  await round();
  nowMs += limits.moveDelayMs;
  await round();
  expect(letters.map(({ to, subject }) => `${to} ${subject}`)).toEqual([
    'ines@example.org Kiln night has another time',
  ]);
  const day1 = new Intl.DateTimeFormat('en-GB', { day: 'numeric', timeZone: 'UTC' });
  expect(letters[0]?.text).toContain(`${day1.format(firstMs)} `);
  expect(letters[0]?.text).toContain(`${day1.format(nowMs + 5 * day - limits.moveDelayMs)} `);
  const nowStarts = nowMs - limits.moveDelayMs + 5 * day;
  await move(showId, 6 * day);
  await move(showId, nowStarts - nowMs);
  await readLog();
  nowMs += limits.moveDelayMs;
  await round();
  expect(letters).toHaveLength(1);
});

test('[REM-9] a moved show is said to begin at its new time, also when it was said before', async () => {
  const showId = await planned(limits.remindBeforeMs);
  await wishes.add('ines', `show:${showId}`);
  await round();
  await move(showId, 2 * day);
  await readLog();
  nowMs += limits.moveDelayMs;
  await round();
  nowMs += 2 * day - limits.remindBeforeMs;
  await round();
  expect(subjects()).toEqual([
    'Kiln night begins soon',
    'Kiln night has another time',
    'Kiln night begins soon',
  ]);
});

test('[REM-9] a show that is called off is told to those who knew, and to nobody before it was announced', async () => {
  await wishes.add('ines', 'shop');
  const [known, unknown] = [await planned(2 * day), await planned(2 * day)];
  await wishes.add('ines', `show:${known}`);
  await readLog();
  for (const showId of [known, unknown])
    await tell(showId, { kind: 'CancelShow', reason: 'The kiln is cold' });
  nowMs += limits.announceDelayMs;
  await round();
  expect(subjects()).toEqual(['Kiln night will not take place']);
  expect(letters[0]?.calendar?.method).toBe('CANCEL');
  expect(letters[0]?.calendar?.content).toContain('STATUS:CANCELLED');
});

test('[REM-10] who is in the room hears nothing of it', async () => {
  const showId = await planned(3 * day);
  await wishes.add('ines', `show:${showId}`);
  here = new Set(['ines']);
  await tell(showId, { kind: 'GoLive' });
  await round();
  expect(letters).toEqual([]);
  expect(await outbox()).toEqual(['ines begins quiet']);
});

test('[REM-11] a mail server that is away is tried again, later and later, and given up in the end', async () => {
  await wishes.add('ines', 'shop');
  await planned(200 * day);
  await readLog();
  nowMs += limits.announceDelayMs;
  mailIsDown = true;
  const reported: string[] = [];
  await teller(reported).round();
  await teller(reported).round();
  expect(reported).toEqual(['a reminder was not sent']);
  nowMs += 30_000;
  mailIsDown = false;
  await teller().round();
  expect(subjects()).toHaveLength(1);
  await planned(200 * day);
  await readLog();
  mailIsDown = true;
  for (let tries = 0; tries < limits.reminderTriesMax + 2; tries += 1) {
    nowMs += day;
    await teller().round();
  }
  expect(await outbox()).toEqual(['ines announced told', 'ines announced given-up']);
});

test('[REM-12] push goes to every browser; one that is gone is forgotten', async () => {
  const showId = await planned(3 * day);
  await wishes.add('teo', `show:${showId}`);
  for (const name of ['a', 'b'])
    await wishes.subscribe('teo', {
      endpoint: `https://push.example/${name}`,
      keys: { p256dh: 'p', auth: 'a' },
    });
  gone = new Set(['https://push.example/a']);
  await tell(showId, { kind: 'GoLive' });
  await round();
  expect(pushed.map(({ subscription }) => subscription.endpoint)).toEqual([
    'https://push.example/b',
  ]);
  expect(JSON.parse(pushed[0]!.message.payload)).toMatchObject({
    title: 'Kiln night is live now',
    url: `/shows/${showId}`,
  });
  expect((await wishes.of('teo')).browsers).toBe(1);
});

test('[REM-13] nothing goes to an address that its owner hasn’t confirmed, and few letters ask', async () => {
  const showId = await planned(3 * day);
  await wishes.add('teo', `show:${showId}`);
  const asked = await wishes.address('teo', 'Elsewhere@Example.org ');
  const word = 'confirm' in asked ? (asked.confirm ?? '') : '';
  await tell(showId, { kind: 'GoLive' });
  await round();
  expect(letters).toEqual([]);
  expect(await wishes.confirm(`${word.slice(0, -1)}${word.endsWith('A') ? 'B' : 'A'}`)).toEqual({
    refused: 'remind-link-old',
  });
  expect(await wishes.confirm(word)).toEqual({ email: 'elsewhere@example.org' });
  expect((await wishes.of('teo')).isConfirmed).toBe(true);
  const again = [];
  for (let n = 0; n < limits.confirmLettersPerAddress; n += 1)
    again.push(await wishes.address('ines', 'victim@example.org'));
  expect(again.every((answer) => 'confirm' in answer)).toBe(true);
  // By whoever, however often they try.
  expect(await wishes.address('teo', 'victim@example.org')).toEqual({
    refused: 'confirm-letters-spent',
  });
});

test('[REM-14] the word in a letter stops letters, and only that person’s', async () => {
  await wishes.address('teo', 'teo@example.org');
  expect(await wishes.stopLetters(`${wishes.stopWord('ines')}x`)).toEqual({
    refused: 'remind-link-old',
  });
  expect(await wishes.stopLetters(wishes.stopWord('ines'))).toBeNull();
  expect([(await wishes.of('ines')).way, (await wishes.of('teo')).way]).toEqual(['none', 'mail']);
});

test('[REM-15] stopping all leaves nothing, and an erased person neither', async () => {
  await wishes.add('ines', 'shop');
  await planned(2 * day);
  await readLog();
  await wishes.stopAll('ines');
  nowMs += limits.announceDelayMs;
  await round();
  expect(letters).toEqual([]);
  expect(await wishes.of('ines')).toMatchObject({ way: 'none', email: null, subjects: [] });
  await wishes.add('teo', 'shop');
  await pool.query(`delete from "user" where id in ('ines', 'teo')`);
  const { rows } = await pool.query(
    'select person_id from remind_outbox union select person_id from remind_wishes',
  );
  expect(rows).toEqual([]);
});

const series = () => new Series({ db, engine, log, clock, report: fail });
const weekly = (count: number) => ({ every: 'weeks' as const, step: 1, untilMs: null, count });
const shows = async () =>
  (
    await pool.query(
      `select s.nth, v.* from series_shows s
       join show_view v using (show_id) order by nth`,
    )
  ).rows as (ShowRow & { nth: number })[];
const viewsAreThere = async () => {
  for (const { show_id } of (await pool.query('select show_id from series_shows')).rows) {
    const stream = showStream(show_id as ShowId);
    await views.reached(stream, (await log.head(stream)).version);
  }
};

test('[REM-4] [REM-5] [REM-8] a series is made ahead once, whoever makes it; its first show announces it', async () => {
  await wishes.add('ines', 'shop');
  const showId = await planned(2 * day);
  await tell(showId, { kind: 'StockShelf', items: [vaseItem] });
  await tell(showId, { kind: 'ChooseWatchBy', watchBy: 'hls' });
  await series().begin(showId, weekly(4), 'UTC');
  // A crash after the plan and before the shelf: it is made again.
  await pool.query('update series_shows set made = false where nth = 2');
  await Promise.all([series().makeAhead(), series().makeAhead()]);
  await viewsAreThere();
  const made = await shows();
  expect(made.map(({ nth }) => nth)).toEqual([0, 1, 2, 3]);
  expect(made.map(({ starts_at_ms }) => starts_at_ms - made[0]!.starts_at_ms)).toEqual(
    [0, 7, 14, 21].map((days) => days * day),
  );
  const items = await comingItems(db as never, nowMs, 'Vases lagoon');
  expect(items.map(({ show }) => show.show_id)).toEqual(made.map(({ show_id }) => show_id));
  const third = await log.read(showStream(made[2]!.show_id as ShowId), 1, 10);
  expect(third).toHaveLength(3);
  expect(third[0]?.data).toMatchObject({ plan: { watchBy: 'hls' } });
  nowMs += limits.announceDelayMs;
  await round();
  expect(subjects()).toEqual(['Kiln night: a show with Mina Orsini']);
});

test('[REM-5] no more is made than the window holds, and the next comes when time has passed', async () => {
  const showId = await planned(2 * day);
  await series().begin(showId, weekly(52), 'UTC');
  await viewsAreThere();
  const first = (await shows()).length;
  expect(first).toBe(Math.floor((limits.seriesAheadMs - 2 * day) / (7 * day)) + 1);
  nowMs += 14 * day;
  await series().makeAhead();
  await viewsAreThere();
  expect((await shows()).length).toBe(first + 2);
});

test('[REM-6] one show of a series changes alone, or with all that follow it and those still to be made', async () => {
  const showId = await planned(2 * day);
  await series().begin(showId, weekly(12), 'UTC');
  await viewsAreThere();
  const before = await shows();
  const [, second, third] = before;
  const change = (id: string, startsAtMs: number, title: string) =>
    tell(id, { kind: 'ChangePlan', plan: { ...kilnNight, startsAtMs, title } });
  await change(second!.show_id, second!.starts_at_ms + 3_600_000, 'Once');
  await change(third!.show_id, third!.starts_at_ms + 7_200_000, 'Glaze night');
  await series().carryOn(third!.show_id, mina, 'key');
  nowMs += 30 * day;
  await series().makeAhead();
  await viewsAreThere();
  const after = await shows();
  expect(after.length).toBeGreaterThan(before.length);
  expect(
    after.map(({ nth, title, starts_at_ms }) => [
      title,
      (starts_at_ms - before[0]!.starts_at_ms - nth * 7 * day) / 3_600_000,
    ]),
  ).toEqual(
    after.map(({ nth }) =>
      nth === 0 ? ['Kiln night', 0] : nth === 1 ? ['Once', 1] : ['Glaze night', 2],
    ),
  );
  await tell(third!.show_id, { kind: 'CancelShow', reason: '' });
  await series().endAfter(third!.show_id, mina, 'end');
  await series().makeAhead();
  await viewsAreThere();
  const ended = await shows();
  expect(ended.map(({ phase }) => phase)).toEqual(
    ended.map(({ nth }) => (nth < 2 ? 'planned' : 'cancelled')),
  );
  expect(ended).toHaveLength(after.length);
});

test('[REM-6] the plan of one show of a series goes to those that follow it when that is asked for, and their times stay', async () => {
  const showId = await planned(2 * day);
  await series().begin(showId, weekly(12), 'UTC');
  await viewsAreThere();
  const [first, second, third] = await shows();
  const cue = {
    kind: 'poll',
    question: 'Which?',
    options: ['A', 'B'],
    durationMs: 60_000,
  } as const;
  const segment = {
    segmentId: 's1' as never,
    title: 'New',
    beat: 'hook',
    minutes: 5,
    productIds: [],
    notes: '',
    cues: [cue, { kind: 'lot', id: 'lot1' as never }],
  } as const;
  await tell(third!.show_id, {
    kind: 'ChangePlan',
    plan: { ...kilnNight, startsAtMs: third!.starts_at_ms + 3_600_000, title: 'Later' },
  });
  const plan = {
    ...kilnNight,
    startsAtMs: second!.starts_at_ms,
    title: 'Anew',
    showKind: 'workshop',
  } as const;
  await tell(second!.show_id, { kind: 'ChangePlan', plan });
  await tell(second!.show_id, { kind: 'ChooseCover', coverUrl: '/a.webp' });
  await tell(second!.show_id, { kind: 'ArrangeSegments', segments: [segment] });
  const changed = await series().handOn(second!.show_id, mina, 'key');
  await series().handOn(second!.show_id, mina, 'key');
  nowMs += 30 * day;
  await series().makeAhead();
  await viewsAreThere();
  const after = await shows();
  expect(changed).toBeGreaterThan(2);
  expect(after.length).toBeGreaterThan(changed + 2);
  for (const { nth, title, show_kind, cover_url, segments, starts_at_ms } of after) {
    const isAnew = nth > 0;
    expect([title, show_kind, cover_url]).toEqual(
      isAnew ? ['Anew', 'workshop', '/a.webp'] : ['Kiln night', 'demonstration', null],
    );
    const lateMs = nth === 2 ? 3_600_000 : 0;
    expect(starts_at_ms).toBe(first!.starts_at_ms + nth * 7 * day + lateMs);
    if (nth > 1) expect(JSON.parse(segments)).toMatchObject([{ title: 'New', cues: [cue] }]);
  }
  expect(await series().handOn('nothing', mina, 'key')).toBe(0);
});

test('[REM-2] the search finds what coming shows for everybody sell, not what is behind a door', async () => {
  const open = await planned(2 * day);
  const closed = await planned(2 * day, { access: { for: 'members', tier: 'gold' } });
  const signet = { ...vaseItem, title: 'Sígnet ring, Murano' };
  for (const showId of [open, closed])
    await tell(showId, {
      kind: 'StockShelf',
      items: [vaseItem, { ...signet, productId: 'r' as never }],
    });
  const found = async (text: string) =>
    (await comingItems(db as never, nowMs, text)).map(({ show, item }) => [
      show.show_id,
      item.title,
    ]);
  expect(await found('signet RINGS')).toEqual([[open, 'Sígnet ring, Murano']]);
  expect(await found('ring murano signet')).toHaveLength(1);
  expect(await found('signet watch')).toEqual([]);
  expect(await found(' % _ ')).toEqual([]);
  await tell(open, { kind: 'CancelShow', reason: '' });
  expect(await found('signet')).toEqual([]);
});
