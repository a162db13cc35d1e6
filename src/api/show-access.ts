// Who may come into a show now: asked by every door of it. Everybody's shows cost one look at their row;
// whether somebody holds the ticket is asked of the orders, membership of the members' table. What those
// outside may read is made here too. Rules: docs/rules/access.md.

import type { Kysely } from 'kysely';
import type { Memberships } from '../accounts/memberships.ts';
import type { ShowId } from '../base/brand.ts';
import { isRehearsal } from '../base/rehearsal-id.ts';
import type { Refusal } from '../base/result.ts';
import { refuse } from '../base/result.ts';
import { everybody } from '../domain/show/access.ts';
import { emptyRoom, type Room, type RoomAccess } from '../protocol/room.ts';
import type { You } from '../protocol/socket.ts';
import { paidBy } from '../views/orders.ts';
import { accessOfShow } from '../views/shows.ts';
import type { ViewTables } from '../views/tables.ts';
import { ProblemError } from './problem-reply.ts';

export type ShowAccessOptions = {
  /** Null: there is no such show. */
  readonly accessOf: (showId: string) => Promise<RoomAccess | null>;
  /** Who of these people has a paid order of the variant that isn't given back. */
  readonly paidBy: (
    personIds: readonly string[],
    variantId: string,
  ) => Promise<ReadonlySet<string>>;
  readonly isMember: (personId: string, tier: string) => Promise<boolean>;
  /** Who of these people is a member of the tier. */
  readonly membersAmong: (
    personIds: readonly string[],
    tier: string,
  ) => Promise<ReadonlySet<string>>;
};

/** The answers of the running program: shows in memory first, then the views and the members' table. */
export const showAccess = (options: {
  readonly db: Kysely<ViewTables>;
  readonly memberships: Pick<Memberships, 'of' | 'ofAll'>;
  /** A show that is watched is in memory: its crowd costs the database nothing. */
  readonly roomAtHand: (showId: ShowId) => Room | null;
}): ShowAccessOptions => {
  const { db, memberships, roomAtHand } = options;
  return {
    async accessOf(showId) {
      const room = roomAtHand(showId as ShowId);
      return room ? (room.plan.access ?? everybody) : accessOfShow(db, showId);
    },
    paidBy: (personIds, variantId) => paidBy(db, personIds, variantId),
    isMember: async (personId, tier) => (await memberships.of(personId))?.tier === tier,
    async membersAmong(personIds, tier) {
      const found = [...(await memberships.ofAll(personIds))];
      return new Set(found.flatMap(([id, its]) => (its.tier === tier ? [id] : [])));
    },
  };
};

/** So many people are asked for at once. */
const askedMax = 1_000;

export interface ShowDoor {
  /** Null when they may come in; a show that doesn't exist keeps nobody out. */
  refusal(you: You | null, showId: string): Promise<Refusal | null>;
  /**
   * Who of these may not come in (any more): one question of the database for a thousand people, however many
   * sockets they have.
   */
  outside(people: readonly (You | null)[], showId: string): Promise<ReadonlySet<You | null>>;
  /** The same as `refusal`, as a problem. */
  admit(you: You | null, showId: string): Promise<void>;
  /** Whether everybody may: what may be previewed, and kept by caches. */
  isForEverybody(showId: string): Promise<boolean>;
}

/** The door of shows; every question is answered anew, so that a ticket given back closes it. */
export const createShowDoor = (options: ShowAccessOptions): ShowDoor => {
  const { accessOf, paidBy, isMember, membersAmong } = options;
  const refusal: ShowDoor['refusal'] = async (you, showId) => {
    // [TKT-4]
    if (you !== null && you.role !== 'shopper') return null;
    // [RHS-4]
    if (isRehearsal(showId)) return refuse('not-allowed');
    const access = await accessOf(showId);
    switch (access?.for) {
      case 'ticket': {
        const { productId, variantId } = access;
        if (you !== null && (await paidBy([you.personId], variantId)).size > 0) return null;
        return refuse('ticket-needed', { productId, variantId });
      }
      case 'members': {
        const { tier } = access;
        if (you !== null && (await isMember(you.personId, tier))) return null;
        return refuse('members-only', { tier });
      }
      default:
        return null;
    }
  };
  const insideAmong = (personIds: readonly string[], access: RoomAccess | null) => {
    if (access?.for === 'ticket') return paidBy(personIds, access.variantId);
    if (access?.for === 'members') return membersAmong(personIds, access.tier);
    return new Set(personIds);
  };
  return {
    refusal,
    async outside(people, showId) {
      const shoppers = people.filter((you) => you === null || you.role === 'shopper');
      if (isRehearsal(showId)) return new Set(shoppers);
      const access = await accessOf(showId);
      if ((access?.for ?? 'everybody') === 'everybody') return new Set();
      const ids = [...new Set(shoppers.flatMap((you) => (you === null ? [] : [you.personId])))];
      const inside = new Set<string>();
      for (let from = 0; from < ids.length; from += askedMax)
        for (const id of await insideAmong(ids.slice(from, from + askedMax), access))
          inside.add(id);
      return new Set(shoppers.filter((you) => you === null || !inside.has(you.personId)));
    },
    async admit(you, showId) {
      const refused = await refusal(you, showId);
      if (refused) throw new ProblemError(refused.refused, refused.detail ?? {});
    },
    isForEverybody: async (showId) =>
      !isRehearsal(showId) && ((await accessOf(showId))?.for ?? 'everybody') === 'everybody',
  };
};

/** [TKT-9] What somebody outside may take off the shelf for this show: its ticket, and what its materials name. */
export const isSoldOutside = (
  { plan }: Pick<Room, 'plan'>,
  { variantId, productId }: { readonly variantId: string; readonly productId: string },
): boolean =>
  (plan.access?.for === 'ticket' && plan.access.variantId === variantId) ||
  (plan.materials ?? []).some((material) => material.productId === productId);

/** [TKT-5] What those outside read of a room: the plan and what will happen. */
export const roomFromOutside = (room: Room): Room => ({
  ...emptyRoom(room.showId, room.plan),
  phase: room.phase,
  startedAtMs: room.startedAtMs,
  endedAtMs: room.endedAtMs,
  segments: room.segments.map((segment) => ({ ...segment, productIds: [] })),
});
