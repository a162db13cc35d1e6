import { beforeEach, expect, test } from 'vitest';
import { limits } from '../base/limits.ts';
import { systemRandom } from '../base/ports.ts';
import { freshDatabase } from '../log/testing/postgres.ts';
import { createStreamKeys, type StreamKeys } from './stream-keys.ts';

const { pool } = await freshDatabase();
let nowMs = Date.UTC(2026, 10, 26);
const keys: StreamKeys = createStreamKeys({
  pool,
  clock: { nowMs: () => nowMs },
  random: systemRandom,
});

beforeEach(async () => {
  await pool.query('truncate "user", stream_keys cascade');
  for (const id of ['mina', 'otto'])
    await pool.query(
      `insert into "user" (id, name, email, "emailVerified", role, guest, "nameKey")
       values ($1, $1, $1, true, 'host', false, $1)`,
      [id],
    );
  nowMs += 1000;
});

const make = async (showId: string | null, personId = 'mina') => {
  const made = await keys.make({ showId, personId, takeOver: false });
  if ('refused' in made) throw new Error(made.refused);
  return made;
};

test('[ING-1] a secret is told once and found again, though it isn’t kept', async () => {
  const { key, secret } = await make('show-1');
  expect(secret).toMatch(/^rk_[0-9a-z]{32}$/);
  expect(key).toEqual({
    id: key.id,
    showId: 'show-1',
    personId: 'mina',
    ending: secret.slice(-4),
    takeOver: false,
    createdAtMs: nowMs,
    lastUsedAtMs: null,
  });
  const { rows } = await pool.query('select * from stream_keys');
  expect(JSON.stringify(rows)).not.toContain(secret.slice(3, -4));
  expect(await keys.find(secret)).toEqual(key);
  expect(await keys.find(`${secret.slice(0, -1)}!`)).toBeNull();
  for (const odd of ['', 'rk_', 'x'.repeat(10_000_000), '../../etc', "' or 1=1 --", '\u0000'])
    expect(await keys.find(odd)).toBeNull();
});

test('[ING-2] a show’s keys and a host’s own keys are apart, and there are only so many', async () => {
  await make('show-1');
  await make('show-2');
  await make(null, 'mina');
  await make(null, 'otto');
  expect((await keys.ofShow('show-1')).map(({ showId }) => showId)).toEqual(['show-1']);
  expect((await keys.ofHost('mina')).map((key) => [key.personId, key.showId])).toEqual([
    ['mina', null],
  ]);
  for (let count = 1; count < limits.streamKeysMax; count++) await make('show-1');
  expect(await keys.make({ showId: 'show-1', personId: 'otto', takeOver: true })).toEqual({
    refused: 'stream-keys-full',
  });
  await make('show-2');
});

test('[ING-5] another secret makes the old one worthless; a key that is withdrawn is gone', async () => {
  const { key, secret } = await make('show-1');
  await keys.used(key.id);
  expect((await keys.get(key.id))?.lastUsedAtMs).toBe(nowMs);
  const again = await keys.rotate(key.id);
  expect(again?.key).toMatchObject({ id: key.id, lastUsedAtMs: null });
  expect(await keys.find(secret)).toBeNull();
  expect((await keys.find(again!.secret))?.id).toBe(key.id);
  expect((await keys.setTakeOver(key.id, true))?.takeOver).toBe(true);
  expect([await keys.revoke(key.id), await keys.revoke(key.id)]).toEqual([true, false]);
  expect(await keys.find(again!.secret)).toBeNull();
  expect(await keys.rotate(key.id)).toBeNull();
  expect(await keys.setTakeOver(key.id, true)).toBeNull();
});

test('a host who is erased takes their keys along', async () => {
  const { secret } = await make('show-1');
  await pool.query(`delete from "user" where id = 'mina'`);
  expect(await keys.find(secret)).toBeNull();
});
