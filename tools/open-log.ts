// The log of a shop, for tools that read it beside a running server (or under DATABASE_URL). Reads only.

import { openPool } from '../src/log/database.ts';
import { openPostgresLog, type PostgresLog } from '../src/log/postgres-log.ts';
import { databaseAddress } from './doctor/storage.ts';

/** Opens it; throws a sentence when there is no database to ask. */
export const openLog = async (): Promise<{ log: PostgresLog; close: () => Promise<void> }> => {
  const folder = process.env.RIALTO_DATA ?? './data';
  const address = databaseAddress(folder);
  if (address === null) {
    throw new Error(
      `No database runs on ${folder}. Start the shop first, or name the folder with RIALTO_DATA or a database with DATABASE_URL.`,
    );
  }
  const pool = openPool(address, { connectionsMax: 2, name: 'rialto tools' });
  return { log: await openPostgresLog({ pool }), close: () => pool.end() };
};

/** A stream by its name, or a show by its id alone. */
export const streamNamed = (name: string): string =>
  /^(show|stock|order)-/.test(name) ? name : `show-${name}`;

/** One event on one line. Personal text is shown: the tool is the operator's. */
export const lineOf = (event: {
  seq: number;
  atMs: number;
  kind: string;
  by: string | null;
  data: unknown;
  personal?: unknown;
  hash: string;
}): string =>
  [
    String(event.seq).padStart(6),
    new Date(event.atMs).toISOString(),
    event.kind.padEnd(18),
    (event.by ?? 'system').padEnd(12).slice(0, 12),
    event.hash.slice(0, 8),
    JSON.stringify(event.data),
    event.personal === undefined ? '' : JSON.stringify(event.personal),
  ].join('  ');
