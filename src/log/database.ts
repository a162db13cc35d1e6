// One way to a database, whether it is embedded or stands elsewhere under DATABASE_URL: a pool, Kysely
// over it, and a clear sentence when it doesn't answer. No tables and no queries of the product here.

import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { assert } from '../base/assert.ts';
import { Fault } from '../base/fault.ts';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from './embedded-postgres.ts';

/** An own server by its address, or the embedded one in a folder. */
export type DatabaseOptions = (
  | { readonly url: string }
  | { readonly embedded: EmbeddedPostgresOptions }
) & {
  /** Connections of the pool. */
  readonly connectionsMax?: number;
  /** Shown in the server's list of connections. */
  readonly name?: string;
};

/** `Schema` are the tables as Kysely types them. */
export interface Database<Schema> {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly kysely: Kysely<Schema>;
  /** The server itself, where it is ours. */
  readonly embedded: EmbeddedPostgres | null;
  /** Closes all connections, then the embedded server. */
  close(): Promise<void>;
}

const connectMsMax = 5_000;
const connectionsMaxDefault = 20;
/** The oldest server with `pg_current_xact_id` and what else the tables use, that is still maintained. */
const serverVersionMin = 14;

/**
 * Opens the database and asks it one question. Faults: those of `startEmbeddedPostgres`;
 * `database-unreachable` when the address doesn't answer or lets nobody in, `database-version` when the
 * server is too old or doesn't store UTF-8. Their messages name DATABASE_URL and never its password.
 */
export const openDatabase = async <Schema>(options: DatabaseOptions): Promise<Database<Schema>> => {
  const embedded = 'embedded' in options ? await startEmbeddedPostgres(options.embedded) : null;
  const url = 'url' in options ? options.url : (embedded?.url ?? '');
  const pool = openPool(url, options);
  try {
    await checkServer(pool, url);
  } catch (error) {
    await pool.end();
    await embedded?.stop();
    throw error;
  }
  return {
    url,
    pool,
    kysely: new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) }),
    embedded,
    async close() {
      if (!pool.ended) await pool.end();
      await embedded?.stop();
    },
  };
};

/** A pool on its own, for a part that must not wait for the queries of others. `bigint` comes back as a number. */
export const openPool = (
  url: string,
  options: { readonly connectionsMax?: number; readonly name?: string } = {},
): pg.Pool => {
  let pool: pg.Pool;
  try {
    addressOf(url);
    pool = new pg.Pool({
      connectionString: url,
      max: options.connectionsMax ?? connectionsMaxDefault,
      connectionTimeoutMillis: connectMsMax,
      keepAlive: true,
      application_name: options.name ?? 'rialto',
      types: { getTypeParser: typeParser as typeof pg.types.getTypeParser },
    });
  } catch (cause) {
    throw new Fault(
      'database-unreachable',
      'DATABASE_URL is not an address like postgres://user:password@host:5432/database',
      { cause: withoutInput(cause) },
    );
  }
  // A connection that dies while idle is replaced at the next use; without a listener it would end the program.
  pool.on('error', () => {});
  return pool;
};

/** `host:port` of a database address; throws where it is none. */
const addressOf = (url: string): string => {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'postgres:' && protocol !== 'postgresql:')
    throw new TypeError(`unknown protocol ${protocol}`);
  return `${decodeURIComponent(hostname) || 'localhost'}:${port || 5432}`;
};

/** A TypeError of URL carries the text that it was given, with the password in it. */
const withoutInput = (cause: unknown): Error =>
  new Error(cause instanceof TypeError ? cause.message : 'not an address');

const bigintType = 20;

const typeParser = (type: number, format?: string): unknown => {
  if (type !== bigintType || format === 'binary')
    return pg.types.getTypeParser(type, format as 'text');
  return (text: string): number => {
    const value = Number(text);
    assert(Number.isSafeInteger(value), `the database holds ${text}, which no number here can`);
    return value;
  };
};

const checkServer = async (pool: pg.Pool, url: string): Promise<void> => {
  const address = addressOf(url);
  let answer: { version: number; encoding: string } | undefined;
  try {
    const { rows } = await pool.query<{ version: number; encoding: string }>(
      "select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding",
    );
    answer = rows[0];
  } catch (cause) {
    throw new Fault(
      'database-unreachable',
      `DATABASE_URL: the database at ${address} ${saidBy(cause)}`,
      { cause, detail: { address } },
    );
  }
  assert(answer !== undefined, 'a server has a version');
  const major = Math.floor(answer.version / 10_000);
  if (major < serverVersionMin)
    throw new Fault(
      'database-version',
      `DATABASE_URL: the server at ${address} is PostgreSQL ${major}; Rialto needs ${serverVersionMin} or newer`,
      { detail: { address, found: major } },
    );
  if (answer.encoding !== 'UTF8')
    throw new Fault(
      'database-version',
      `DATABASE_URL: the database at ${address} stores ${answer.encoding}; create it with ENCODING 'UTF8'`,
      { detail: { address } },
    );
};

/** What a person can do something about, in words. */
const saidBy = (cause: unknown): string => {
  const code = (cause as { code?: unknown }).code;
  const message = cause instanceof Error ? cause.message : String(cause);
  switch (code) {
    case 'ECONNREFUSED':
      return 'does not answer (connection refused)';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'can not be found (unknown host)';
    case '28P01':
    case '28000':
      return 'refuses the user or the password';
    case '3D000':
      return 'has no database of that name';
    case '53300':
      return 'has no connection left';
    default:
      return /timeout/i.test(message)
        ? `does not answer (within ${connectMsMax / 1000} s)`
        : `does not answer (${typeof code === 'string' ? code : 'no reason given'})`;
  }
};
