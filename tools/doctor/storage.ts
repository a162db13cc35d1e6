// The database and the log in it: whether it answers, has today's tables, and whether the newest streams still
// prove themselves. Reads only: the doctor never migrates, starts or mends anything.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import type { StreamId } from '../../src/base/brand.ts';
import { openPool } from '../../src/log/database.ts';
import { migrationsFolder } from '../../src/log/migrate.ts';
import { openPostgresLog } from '../../src/log/postgres-log.ts';
import { ill, type Outcome, passedOver, saidBy, well } from './outcome.ts';

/** Streams whose chains are recomputed, newest first. */
const streamsVerified = 20;

/**
 * The address of the database: DATABASE_URL, else the embedded server that runs on the data folder.
 * Null when that one isn't running.
 */
export function databaseAddress(dataFolder: string): string | null {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  for (const name of existsSync(dataFolder) ? readdirSync(dataFolder) : []) {
    const pidFile = join(dataFolder, name, 'cluster', 'postmaster.pid');
    const passwordFile = join(dataFolder, name, 'password');
    if (!existsSync(pidFile) || !existsSync(passwordFile)) continue;
    const port = Number(readFileSync(pidFile, 'utf8').split('\n')[3]);
    const password = readFileSync(passwordFile, 'utf8').trim();
    return `postgres://rialto:${password}@127.0.0.1:${port}/rialto`;
  }
  return null;
}

/** The rungs from the database's answer to the chains. They stop at the first that is ill. */
export async function checkStorage(address: string | null): Promise<readonly Outcome[]> {
  if (address === null) {
    return [
      passedOver('database and log: the embedded PostgreSQL runs only while the server does'),
    ];
  }
  let pool: pg.Pool | undefined;
  const outcomes: Outcome[] = [];
  try {
    pool = openPool(address, { connectionsMax: 2, name: 'rialto-doctor' });
    for (const check of [checkAnswer, checkMigrations, checkChains]) {
      const outcome = await check(pool);
      outcomes.push(outcome);
      if (outcome.state === 'ill') break;
    }
  } catch (error) {
    outcomes.push(ill(saidBy(error), 'Correct DATABASE_URL.'));
  } finally {
    await pool?.end();
  }
  return outcomes;
}

async function checkAnswer(pool: pg.Pool): Promise<Outcome> {
  const startedMs = performance.now();
  try {
    const { rows } = await pool.query<{ version: string }>(
      "select current_setting('server_version') as version",
    );
    const tookMs = Math.round(performance.now() - startedMs);
    return well(`PostgreSQL ${rows[0]?.version} answers in ${tookMs} ms`);
  } catch (error) {
    return ill(
      `the database does not answer: ${saidBy(error)}`,
      process.env.DATABASE_URL
        ? 'Look whether the server at DATABASE_URL runs, and whether its address, user and password are right.'
        : 'Stop Rialto and start it again; it cleans up behind a server that was killed.',
    );
  }
}

async function checkMigrations(pool: pg.Pool): Promise<Outcome> {
  try {
    const { rows } = await pool.query<{ name: string; checksum: string }>(
      'select name, checksum from migrations order by number',
    );
    const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]));
    const files = readdirSync(migrationsFolder).filter((name) => name.endsWith('.sql'));
    const missing = files.filter((name) => !applied.has(name));
    const changed = files.filter(
      (name) => applied.has(name) && applied.get(name) !== checksumOf(name),
    );
    if (changed.length > 0) {
      return ill(
        `changed after they were applied: ${changed.join(', ')}`,
        'Bring the old files back and put the change into a new one.',
      );
    }
    if (missing.length > 0) {
      return ill(
        `tables are behind: ${missing.join(', ')}`,
        'Start Rialto: it brings them up to date.',
      );
    }
    return well(`tables are up to date (${applied.size} migrations)`);
  } catch (error) {
    return ill(`no tables yet: ${saidBy(error)}`, 'Start Rialto once: it makes them.');
  }
}

function checksumOf(name: string): string {
  const sql = readFileSync(join(migrationsFolder, name), 'utf8').replaceAll('\r\n', '\n');
  return createHash('sha256').update(sql).digest('hex');
}

async function checkChains(pool: pg.Pool): Promise<Outcome> {
  try {
    const log = await openPostgresLog({ pool });
    const { rows } = await pool.query<{ stream: StreamId }>(
      'select stream from streams where version > 0 order by last_txn desc limit $1',
      [streamsVerified],
    );
    let events = 0;
    for (const { stream } of rows) {
      const verified = await log.verify(stream);
      if (!verified.ok) {
        return ill(
          `the log of ${stream} does not prove itself from event ${verified.brokenSeq} on (${verified.reason})`,
          'Somebody or something changed stored events: stop selling in it, keep the data folder, restore from a backup.',
        );
      }
      events += verified.version;
    }
    return well(`the log proves itself: ${events} events in the ${rows.length} newest streams`);
  } catch (error) {
    return ill(`the log can't be read: ${saidBy(error)}`, 'See the server’s log.');
  }
}
