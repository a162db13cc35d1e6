// Stream keys: the secrets by which encoders publish, each for one show or for a host's shows. The rule: a secret is told
// once, when it is made; kept is its hash, so that nobody can read it again. What a key may do now is decided at the
// doors.

import { createHash } from 'node:crypto';
import { Kysely, PostgresDialect, type Selectable } from 'kysely';
import type { Pool } from 'pg';
import { limits } from '../base/limits.ts';
import type { Clock, Random } from '../base/ports.ts';
import { type Refusal, refuse } from '../base/result.ts';

export type StreamKey = {
  readonly id: string;
  /** Null: a host's key. */
  readonly showId: string | null;
  /** Who made it; for a host's key, whose shows it is for. */
  readonly personId: string;
  readonly ending: string;
  readonly takeOver: boolean;
  readonly createdAtMs: number;
  readonly lastUsedAtMs: number | null;
};

export interface StreamKeys {
  ofShow(showId: string): Promise<StreamKey[]>;
  ofHost(personId: string): Promise<StreamKey[]>;
  get(keyId: string): Promise<StreamKey | null>;
  /** The key with this secret; whatever a stranger types may be asked. */
  find(secret: string): Promise<StreamKey | null>;
  /** Makes a key; the answer is the only place where its secret ever stands. Refuses `stream-keys-full`. */
  make(wanted: {
    readonly showId: string | null;
    readonly personId: string;
    readonly takeOver: boolean;
  }): Promise<{ readonly key: StreamKey; readonly secret: string } | Refusal>;
  /** Gives the key another secret; the old one is worth nothing from then on. Null when there is no such key. */
  rotate(keyId: string): Promise<{ readonly key: StreamKey; readonly secret: string } | null>;
  setTakeOver(keyId: string, takeOver: boolean): Promise<StreamKey | null>;
  /** True when it was there. */
  revoke(keyId: string): Promise<boolean>;
  used(keyId: string): Promise<void>;
}

type Tables = {
  stream_keys: {
    key_id: string;
    secret_hash: string;
    ending: string;
    show_id: string | null;
    person_id: string;
    take_over: boolean;
    created_at: Date;
    last_used_at: Date | null;
  };
};

const prefix = 'rk_';
/** 32 of 36 letters: 165 bits. */
const secretLength = 32;
const endingLength = 4;
const secretPattern = /^rk_[0-9a-z]{32}$/;

/** Whether a text could be a secret of ours: what can't isn't looked up. */
export const isStreamSecret = (text: string): boolean => secretPattern.test(text);

export const createStreamKeys = (parts: {
  readonly pool: Pool;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly random: Pick<Random, 'id'>;
}): StreamKeys => {
  const { pool, clock, random } = parts;
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const newSecret = () => {
    const secret = prefix + random.id(secretLength);
    return {
      secret,
      row: { secret_hash: hashOf(secret), ending: secret.slice(-endingLength) },
    };
  };
  const all = () =>
    db.selectFrom('stream_keys').selectAll().orderBy('created_at').orderBy('key_id');
  const ofShow = async (showId: string) =>
    (await all().where('show_id', '=', showId).execute()).map(keyOf);
  const ofHost = async (personId: string) =>
    (await all().where('person_id', '=', personId).where('show_id', 'is', null).execute()).map(
      keyOf,
    );
  const one = async (column: 'key_id' | 'secret_hash', value: string) => {
    const row = await all().where(column, '=', value).executeTakeFirst();
    return row ? keyOf(row) : null;
  };

  return {
    ofShow,
    ofHost,
    get: (keyId) => one('key_id', keyId),
    find: async (secret) => (isStreamSecret(secret) ? one('secret_hash', hashOf(secret)) : null),
    async make({ showId, personId, takeOver }) {
      const present = showId === null ? await ofHost(personId) : await ofShow(showId);
      if (present.length >= limits.streamKeysMax) return refuse('stream-keys-full');
      const { secret, row } = newSecret();
      const made = await db
        .insertInto('stream_keys')
        .values({
          ...row,
          key_id: random.id(),
          show_id: showId,
          person_id: personId,
          take_over: takeOver,
          created_at: new Date(clock.nowMs()),
          last_used_at: null,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return { key: keyOf(made), secret };
    },
    async rotate(keyId) {
      const { secret, row } = newSecret();
      const changed = await db
        .updateTable('stream_keys')
        .set({ ...row, created_at: new Date(clock.nowMs()), last_used_at: null })
        .where('key_id', '=', keyId)
        .returningAll()
        .executeTakeFirst();
      return changed ? { key: keyOf(changed), secret } : null;
    },
    async setTakeOver(keyId, takeOver) {
      const changed = await db
        .updateTable('stream_keys')
        .set({ take_over: takeOver })
        .where('key_id', '=', keyId)
        .returningAll()
        .executeTakeFirst();
      return changed ? keyOf(changed) : null;
    },
    async revoke(keyId) {
      const { numDeletedRows } = await db
        .deleteFrom('stream_keys')
        .where('key_id', '=', keyId)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    async used(keyId) {
      await db
        .updateTable('stream_keys')
        .set({ last_used_at: new Date(clock.nowMs()) })
        .where('key_id', '=', keyId)
        .execute();
    },
  };
};

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const keyOf = (row: Selectable<Tables['stream_keys']>): StreamKey => ({
  id: row.key_id,
  showId: row.show_id,
  personId: row.person_id,
  ending: row.ending,
  takeOver: row.take_over,
  createdAtMs: row.created_at.getTime(),
  lastUsedAtMs: row.last_used_at?.getTime() ?? null,
});
