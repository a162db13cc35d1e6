// The promo codes as the office lists them: terms, whether they were ended, how many orders they stand in.

import { type Kysely, sql } from 'kysely';
import { idOfStream } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import type { PromoCodeEvent, PromoTerms } from '../domain/order/promo-code.ts';
import type { View } from './projector.ts';
import type { CodeRow, ViewTables } from './tables.ts';

export const codesView: View = {
  name: 'codes',
  async clear(tx) {
    await tx.deleteFrom('code_view').execute();
  },
  async apply(tx, events) {
    for (const recorded of events) {
      if (!recorded.stream.startsWith('code-')) continue;
      const event = recorded as unknown as PromoCodeEvent;
      const code = idOfStream(recorded.stream);
      if (event.kind === 'CodeMade') {
        const terms = JSON.stringify(event.data.terms);
        const row = { code, made_at_ms: recorded.atMs, terms, is_ended: false, uses: 0 };
        await tx.insertInto('code_view').values(row).execute();
        continue;
      }
      const change = tx.updateTable('code_view').where('code', '=', code);
      if (event.kind === 'CodeEnded') await change.set({ is_ended: true }).execute();
      else if (event.kind === 'CodeUseReserved')
        await change.set({ uses: sql`uses + 1` }).execute();
      else if (event.kind === 'CodeUseReturned')
        await change.set({ uses: sql`uses - 1` }).execute();
    }
  },
};

/** A code with what became of it. */
export type ListedCode = {
  readonly terms: PromoTerms;
  readonly isEnded: boolean;
  readonly uses: number;
  readonly madeAtMs: number;
};

const listed = ({ terms, is_ended, uses, made_at_ms }: CodeRow): ListedCode => ({
  terms: JSON.parse(terms) as PromoTerms,
  isEnded: is_ended,
  uses,
  madeAtMs: made_at_ms,
});

/** By its normal form. */
export const codeByName = async (
  db: Kysely<ViewTables>,
  code: string,
): Promise<ListedCode | null> => {
  const row = await db
    .selectFrom('code_view')
    .selectAll()
    .where('code', '=', code)
    .executeTakeFirst();
  return row ? listed(row) : null;
};

/** Latest first. */
export const listCodes = async (db: Kysely<ViewTables>): Promise<ListedCode[]> => {
  const rows = await db
    .selectFrom('code_view')
    .selectAll()
    .orderBy('made_at_ms', 'desc')
    .orderBy('code')
    .limit(limits.pageItemsMax)
    .execute();
  return rows.map(listed);
};
