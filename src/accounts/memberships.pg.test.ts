import { beforeEach, expect, test } from 'vitest';
import { freshDatabase } from '../log/testing/postgres.ts';
import { createMemberships, type Memberships } from './memberships.ts';

const { pool } = await freshDatabase();
let nowMs = Date.UTC(2026, 10, 24);
let queries = 0;
let memberships: Memberships;

const open = (): Memberships => createMemberships({ pool, clock: { nowMs: () => nowMs } });
const gold = (untilMs: number | null = null) => ({ tier: 'gold', untilMs });

beforeEach(async () => {
  await pool.query('truncate "user", memberships cascade');
  for (const id of ['ines', 'teo'])
    await pool.query(
      `insert into "user" (id, name, email, "emailVerified", role, guest, "nameKey")
       values ($1, $1, $1, true, 'shopper', false, $1)`,
      [id],
    );
  nowMs += 3_600_000;
  queries = 0;
  memberships = open();
});
pool.on('acquire', () => {
  queries += 1;
});

test('[PRI-18] a membership runs from when it is given until its end, not at it', async () => {
  expect(await memberships.of('ines')).toBeNull();
  const untilMs = nowMs + 1_000;
  expect(await memberships.set('ines', gold(untilMs), 'otto')).toEqual({
    tier: 'gold',
    sinceMs: nowMs,
    untilMs,
  });
  nowMs = untilMs - 1;
  expect((await memberships.of('ines'))?.tier).toBe('gold');
  nowMs = untilMs;
  expect([await memberships.of('ines'), await open().of('ines')]).toEqual([null, null]);
  expect((await memberships.ofAll(['ines', 'teo'])).size).toBe(0);
});

test('[PRI-18] the latest counts; taken back there is none', async () => {
  await memberships.set('ines', gold(), 'otto');
  expect((await memberships.of('ines'))?.tier).toBe('gold');
  await memberships.set('ines', { tier: 'Kiln club', untilMs: null }, 'otto');
  expect((await memberships.of('ines'))?.tier).toBe('Kiln club');
  expect([...(await memberships.ofAll(['ines', 'teo'])).keys()]).toEqual(['ines']);
  await memberships.set('ines', null, 'otto');
  expect(await memberships.of('ines')).toBeNull();
});

test('[PRI-18] what can’t be is refused and changes nothing', async () => {
  await memberships.set('ines', gold(), 'otto');
  for (const [wanted, field] of [
    [{ tier: '', untilMs: null }, 'tier'],
    [{ tier: '<b>', untilMs: null }, 'tier'],
    [{ tier: 'x'.repeat(41), untilMs: null }, 'tier'],
    [gold(nowMs), 'untilMs'],
  ] as const)
    expect(await memberships.set('ines', wanted, 'otto')).toEqual({
      refused: 'membership-invalid',
      detail: { field },
    });
  expect((await memberships.of('ines'))?.tier).toBe('gold');
  expect(await memberships.set('nobody', gold(), 'otto')).toEqual({ refused: 'person-unknown' });
});

test('a crowd that comes again and again asks the database once in 30 s; a change here holds at once', async () => {
  await memberships.of('ines');
  const asked = queries;
  for (let times = 0; times < 100; times += 1) await memberships.of('ines');
  expect(queries).toBe(asked);
  // By another node: seen when the time is over.
  await open().set('ines', gold(), 'otto');
  expect(await memberships.of('ines')).toBeNull();
  nowMs += 30_000;
  expect((await memberships.of('ines'))?.tier).toBe('gold');
  await memberships.set('ines', null, 'otto');
  expect(await memberships.of('ines')).toBeNull();
});

test('an erased person is no member', async () => {
  await memberships.set('ines', gold(), 'otto');
  await pool.query('delete from "user" where id = $1', ['ines']);
  expect(await open().of('ines')).toBeNull();
});
