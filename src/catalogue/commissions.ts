// From which products which hosts earn a share of each sale: an owner writes it down, shows ask it. What must be said
// because of it is decided by the show (docs/rules/disclosure.md); what is paid out is not counted here.

import { Kysely, PostgresDialect } from 'kysely';
import type { Pool } from 'pg';
import type { ProductId } from '../base/brand.ts';
import type { Clock } from '../base/ports.ts';
import { type Refusal, refuse } from '../base/result.ts';
import type { Commission } from '../protocol/commission.ts';

export interface Commissions {
  /** Who earns from a product, by name. */
  of(productId: string): Promise<Commission[]>;
  /** [DIS-1] Those of `productIds` from which this person earns. */
  earning(personId: string, productIds: readonly string[]): Promise<ProductId[]>;
  /**
   * Writes a share down, or takes it away (null: whether it was there or not). Refuses `product-unknown` and, for
   * whoever can't be a host, `person-unknown`.
   */
  set(
    productId: string,
    personId: string,
    shareMilliPercent: number | null,
    by: string,
  ): Promise<Refusal | null>;
}

type Tables = {
  product_commissions: {
    product_id: string;
    person_id: string;
    share_milli_percent: number;
    set_by: string;
    set_at: Date;
  };
  products: { id: string };
  user: { id: string; name: string; role: string };
};

/** Over the table of commissions. */
export const createCommissions = ({
  pool,
  clock,
}: {
  readonly pool: Pool;
  readonly clock: Pick<Clock, 'nowMs'>;
}): Commissions => {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    async of(productId) {
      const rows = await db
        .selectFrom('product_commissions')
        .innerJoin('user', 'user.id', 'product_commissions.person_id')
        .select(['person_id', 'user.name as name', 'share_milli_percent'])
        .where('product_id', '=', productId)
        .orderBy('name')
        .orderBy('person_id')
        .execute();
      return rows.map(({ person_id, name, share_milli_percent }) => ({
        personId: person_id,
        name,
        shareMilliPercent: share_milli_percent,
      }));
    },
    async earning(personId, productIds) {
      if (productIds.length === 0) return [];
      const rows = await db
        .selectFrom('product_commissions')
        .select('product_id')
        .where('person_id', '=', personId)
        .where('product_id', '=', (eb) => eb.fn.any(eb.val([...productIds])))
        .execute();
      return rows.map(({ product_id }) => product_id as ProductId);
    },
    async set(productId, personId, shareMilliPercent, by) {
      if (shareMilliPercent === null) {
        await db
          .deleteFrom('product_commissions')
          .where('product_id', '=', productId)
          .where('person_id', '=', personId)
          .execute();
        return null;
      }
      const product = await db
        .selectFrom('products')
        .select('id')
        .where('id', '=', productId)
        .executeTakeFirst();
      if (!product) return refuse('product-unknown');
      const person = await db
        .selectFrom('user')
        .select('id')
        .where('id', '=', personId)
        .where('role', 'in', ['owner', 'host'])
        .executeTakeFirst();
      if (!person) return refuse('person-unknown');
      const row = {
        share_milli_percent: shareMilliPercent,
        set_by: by,
        set_at: new Date(clock.nowMs()),
      };
      await db
        .insertInto('product_commissions')
        .values({ product_id: productId, person_id: personId, ...row })
        .onConflict((on) => on.columns(['product_id', 'person_id']).doUpdateSet(row))
        .execute();
      return null;
    },
  };
};
