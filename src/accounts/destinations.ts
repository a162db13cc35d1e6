// Destinations of simulcast: where shows are sent on to, and which shows have which. The rule: a key goes in and comes
// out for pushing alone; what people read of it is its ending.

import { Kysely, PostgresDialect, type Selectable } from 'kysely';
import type { Pool } from 'pg';
import { limits } from '../base/limits.ts';
import type { Clock, Random } from '../base/ports.ts';
import { type Refusal, refuse } from '../base/result.ts';
import { sealWith } from './sealed.ts';

export type Destination = {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly ending: string;
  /** Shows have it unless they say otherwise. */
  readonly everyShow: boolean;
};

export type DestinationWish = Omit<Destination, 'id' | 'ending'> & {
  /** Null leaves the key as it is. */
  readonly key: string | null;
};

/** A destination with its key, for pushing. */
export type OpenDestination = Destination & { readonly key: string };

export interface Destinations {
  all(): Promise<Destination[]>;
  /** All of the shop with whether this show has them, in the order in which they were made. */
  ofShow(showId: string): Promise<(Destination & { readonly isOn: boolean })[]>;
  /** Those that this show has, with their keys, at most `simulcastPerShowMax`. */
  openOf(showId: string): Promise<OpenDestination[]>;
  open(id: string): Promise<OpenDestination | null>;
  /** Refuses `destinations-full`. */
  make(wish: DestinationWish & { readonly key: string }): Promise<Destination | Refusal>;
  /** Null when there is no such destination. */
  change(id: string, wish: DestinationWish): Promise<Destination | null>;
  /** True when it was there. */
  remove(id: string): Promise<boolean>;
  /** Refuses `destination-unknown` and, beyond `simulcastPerShowMax` of the show, `destinations-of-show-full`. */
  switch(showId: string, id: string, isOn: boolean): Promise<Refusal | null>;
}

type Tables = {
  simulcast_destinations: {
    destination_id: string;
    name: string;
    address: string;
    key_sealed: Buffer;
    ending: string;
    every_show: boolean;
    created_at: Date;
  };
  simulcast_switches: { show_id: string; destination_id: string; is_on: boolean };
};
type Row = Selectable<Tables['simulcast_destinations']>;

const endingLength = 4;

export const createDestinations = (parts: {
  readonly pool: Pool;
  readonly secret: string;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly random: Pick<Random, 'id'>;
}): Destinations => {
  const { pool, clock, random } = parts;
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const seal = sealWith(parts.secret, 'simulcast keys');
  const rows = () =>
    db.selectFrom('simulcast_destinations').selectAll().orderBy('created_at').orderBy('name');
  const sealed = (id: string, key: string) => ({
    key_sealed: seal.seal(key, id),
    // Of a short key no ending is told: it would be most of it.
    ending: key.length >= 3 * endingLength ? key.slice(-endingLength) : '',
  });
  const opened = (row: Row): OpenDestination | null => {
    const key = seal.open(row.key_sealed, row.destination_id);
    return key === null ? null : { ...destinationOf(row), key };
  };
  const ofShow = async (showId: string) => {
    const found = await rows().execute();
    const switches = await db
      .selectFrom('simulcast_switches')
      .selectAll()
      .where('show_id', '=', showId)
      .execute();
    const said = new Map(switches.map(({ destination_id, is_on }) => [destination_id, is_on]));
    return found.map((row) => ({ row, isOn: said.get(row.destination_id) ?? row.every_show }));
  };
  return {
    all: async () => (await rows().execute()).map(destinationOf),
    ofShow: async (showId) =>
      (await ofShow(showId)).map(({ row, isOn }) => ({ ...destinationOf(row), isOn })),
    openOf: async (showId) =>
      (await ofShow(showId))
        .flatMap(({ row, isOn }) => (isOn ? (opened(row) ?? []) : []))
        .slice(0, limits.simulcastPerShowMax),
    async open(id) {
      const row = await rows().where('destination_id', '=', id).executeTakeFirst();
      return row ? opened(row) : null;
    },
    async make({ name, address, everyShow, key }) {
      if ((await rows().execute()).length >= limits.simulcastDestinationsMax)
        return refuse('destinations-full', { limit: limits.simulcastDestinationsMax });
      const id = random.id();
      const row = {
        ...{ destination_id: id, name, address, every_show: everyShow },
        ...{ ...sealed(id, key), created_at: new Date(clock.nowMs()) },
      };
      await db.insertInto('simulcast_destinations').values(row).execute();
      return destinationOf(row);
    },
    async change(id, { name, address, everyShow, key }) {
      const row = await db
        .updateTable('simulcast_destinations')
        .set({ name, address, every_show: everyShow, ...(key === null ? {} : sealed(id, key)) })
        .where('destination_id', '=', id)
        .returningAll()
        .executeTakeFirst();
      return row ? destinationOf(row) : null;
    },
    async remove(id) {
      const { numDeletedRows } = await db
        .deleteFrom('simulcast_destinations')
        .where('destination_id', '=', id)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    async switch(showId, id, isOn) {
      const all = await ofShow(showId);
      if (!all.some(({ row }) => row.destination_id === id)) return refuse('destination-unknown');
      const others = all.filter((one) => one.isOn && one.row.destination_id !== id).length;
      if (isOn && others >= limits.simulcastPerShowMax)
        return refuse('destinations-of-show-full', { limit: limits.simulcastPerShowMax });
      await db
        .insertInto('simulcast_switches')
        .values({ show_id: showId, destination_id: id, is_on: isOn })
        .onConflict((conflict) =>
          conflict.columns(['show_id', 'destination_id']).doUpdateSet({ is_on: isOn }),
        )
        .execute();
      return null;
    },
  };
};

const destinationOf = (row: Row): Destination => ({
  id: row.destination_id,
  name: row.name,
  address: row.address,
  ending: row.ending,
  everyShow: row.every_show,
});
