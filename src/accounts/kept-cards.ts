// The card that a person keeps on file, as the shop knows it: a row each. Who keeps cards really is the payment
// provider (src/gateways/cards.ts). Rules: docs/rules/accounts.md, ACC-12.

import { Kysely, PostgresDialect } from 'kysely';
import type { Pool } from 'pg';

export type CardOnFile = {
  readonly methodId: string;
  /** What the shop's secret makes of the card's fingerprint: the same card is the same word. */
  readonly mark: string;
  readonly brand: string;
  readonly last4: string;
  readonly addedAtMs: number;
};

export type CardRecord = {
  readonly customerId: string;
  /** A setup that waits at the provider's page. */
  readonly setupId: string | null;
  readonly card: CardOnFile | null;
};

export interface KeptCards {
  of(personId: string): Promise<CardRecord | null>;
  /** Remembers the provider's name for the person; the first one counts, and is answered. */
  customer(personId: string, customerId: string): Promise<string>;
  /** What waits at the provider's page from now on; null: nothing. */
  waiting(personId: string, setupId: string | null): Promise<void>;
  /** Takes the place of a card that was there, which is answered. */
  keep(personId: string, card: CardOnFile): Promise<CardOnFile | null>;
  /** Answers the card that was there. */
  remove(personId: string): Promise<CardOnFile | null>;
}

type Row = {
  person_id: string;
  customer_id: string;
  setup_id: string | null;
  method_id: string | null;
  mark: string | null;
  brand: string | null;
  last4: string | null;
  added_at: Date | null;
};

const none = { method_id: null, mark: null, brand: null, last4: null, added_at: null };

export const createKeptCards = ({ pool }: { readonly pool: Pool }): KeptCards => {
  const db = new Kysely<{ person_card: Row }>({ dialect: new PostgresDialect({ pool }) });
  const rowOf = (personId: string) =>
    db.selectFrom('person_card').selectAll().where('person_id', '=', personId).executeTakeFirst();
  /** Changes the card and answers the one before, so that two changes at once can't both have it. */
  const exchange = (personId: string, next: Partial<Row>): Promise<CardOnFile | null> =>
    db.transaction().execute(async (trx) => {
      const before = await trx
        .selectFrom('person_card')
        .selectAll()
        .where('person_id', '=', personId)
        .forUpdate()
        .executeTakeFirst();
      if (!before) return null;
      await trx.updateTable('person_card').set(next).where('person_id', '=', personId).execute();
      return cardIn(before);
    });
  return {
    async of(personId) {
      const row = await rowOf(personId);
      return row ? { customerId: row.customer_id, setupId: row.setup_id, card: cardIn(row) } : null;
    },
    async customer(personId, customerId) {
      await db
        .insertInto('person_card')
        .values({ person_id: personId, customer_id: customerId, setup_id: null, ...none })
        .onConflict((conflict) => conflict.column('person_id').doNothing())
        .execute();
      return (await rowOf(personId))?.customer_id ?? customerId;
    },
    async waiting(personId, setupId) {
      await db
        .updateTable('person_card')
        .set({ setup_id: setupId })
        .where('person_id', '=', personId)
        .execute();
    },
    keep: (personId, { methodId, mark, brand, last4, addedAtMs }) =>
      exchange(personId, {
        setup_id: null,
        method_id: methodId,
        mark,
        brand,
        last4,
        added_at: new Date(addedAtMs),
      }),
    remove: (personId) => exchange(personId, { setup_id: null, ...none }),
  };
};

const cardIn = ({ method_id, mark, brand, last4, added_at }: Row): CardOnFile | null =>
  method_id === null || mark === null
    ? null
    : {
        methodId: method_id,
        mark,
        brand: brand ?? '',
        last4: last4 ?? '',
        addedAtMs: added_at?.getTime() ?? 0,
      };
