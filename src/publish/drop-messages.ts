// What an event of a drop says, and to whom. Everyone gets how far the line has come, as figures that the
// next ones replace; each entrant gets their own place once, when the line is made. So waiting costs
// nothing for each person. Rules: docs/rules/drop.md, DRO-14.

import type { OfferId, PersonId } from '../base/brand.ts';
import {
  type Drop,
  type DropEvent,
  type DropTerms,
  dropOf,
  type Entry,
  lineOf,
} from '../domain/sale/drop.ts';
import type { Sale } from '../domain/sale/sale.ts';
import type { DropFigures, RoomDrop } from '../protocol/room.ts';
import type { MyEntry } from '../protocol/socket.ts';
import { publicParts } from './public-parts.ts';
import { nothing, type Said } from './said.ts';

/** What an event of a drop says. `sale` already has the event in it. */
export const dropMessages = (event: DropEvent, seq: number, sale: Sale): Said => {
  const { drops } = sale;
  switch (event.kind) {
    case 'DropAnnounced': {
      const { terms, seedCommitments } = event.data;
      const drop = roomDrop(sale, terms, seedCommitments);
      return { ...nothing, room: [{ t: 'drop-announced', seq, drop }] };
    }
    case 'DropRefused': {
      const { dropId, available } = event.data;
      const { title } = dropOf(drops, dropId).terms;
      return {
        ...figures(sale, dropId),
        crew: [{ t: 'drop-refused', seq, dropId, title, available }],
      };
    }
    case 'DropEntered':
    case 'DropLeft':
    case 'DropServed': {
      const drop = dropOf(drops, event.data.dropId);
      const entry = drop.entries.get(event.data.entry);
      return {
        ...figures(sale, event.data.dropId),
        personal: entry ? toOwner(drop, entry) : [],
      };
    }
    case 'DropOpened': {
      const drop = dropOf(drops, event.data.dropId);
      return {
        ...figures(sale, event.data.dropId),
        // [DRO-14] Those whom this stage lets in; an earlier stage was told its places.
        personal: [...drop.lines.values()].flatMap(({ entries, letInFrom }) =>
          entries.slice(letInFrom).flatMap((number) => toOwner(drop, drop.entries.get(number)!)),
        ),
      };
    }
    case 'DropClosed':
      return figures(sale, event.data.dropId);
  }
};

const toOwner = (drop: Drop, entry: Entry): Said['personal'] =>
  entry.personId === null
    ? []
    : [{ to: entry.personId, message: { t: 'entry', entry: myEntry(drop, entry) } }];

const myEntry = (
  { terms: { dropId } }: Drop,
  { entry, variantId, quantity, state, place }: Entry,
): MyEntry => ({ dropId, entry, variantId, quantity, state, place });

const figures = (sale: Sale, dropId: OfferId): Said => ({
  ...nothing,
  room: [{ t: 'drop', dropId, figures: dropFigures(sale, dropId) }],
});

/** The figures of a drop whose offer has changed. */
export const dropChanged = (sale: Sale, dropId: OfferId): Said['room'] =>
  figures(sale, dropId).room;

const dropFigures = (sale: Sale, dropId: OfferId): DropFigures => {
  const drop = dropOf(sale.drops, dropId);
  const offer = sale.offers.get(dropId);
  return {
    phase: drop.phase,
    isReady: offer?.phase === 'open',
    waiting: drop.waiting,
    openedAtMs: drop.openedAtMs,
    closesAtMs: drop.closesAtMs,
    variants: Object.fromEntries(
      drop.terms.variants.map(({ variantId }) => {
        const pool = offer?.pools.get(variantId);
        return [
          variantId,
          {
            left: pool?.left ?? 0,
            inCarts: pool?.held ?? 0,
            sold: pool?.sold ?? 0,
            served: lineOf(drop, variantId).next,
          },
        ];
      }),
    ),
    reason: drop.reason,
  };
};

const roomDrop = (sale: Sale, terms: DropTerms, seedCommitments: readonly string[]): RoomDrop => {
  const { dropId, productId, title, order, isGiveaway, opensAtMs, durationMs, holdMs } = terms;
  const { perPersonMax, needsAccount, oncePer = [] } = terms;
  return {
    dropId,
    productId,
    title,
    variants: terms.variants.map((variant) => ({
      variantId: variant.variantId,
      title: variant.title,
      price: variant.price,
      usualPrice: variant.usualPrice,
      ...publicParts(variant),
      quantity: variant.quantity,
    })),
    order,
    isGiveaway,
    opensAtMs,
    durationMs,
    holdMs,
    perPersonMax,
    earlyAccess: terms.earlyAccess.map(({ tier, earlierMs }) => ({ tier, earlierMs })),
    needsAccount,
    ...(oncePer.length > 0 ? { oncePer: [...oncePer] } : {}),
    seedCommitments,
    figures: dropFigures(sale, dropId),
  };
};

/** A person's entries in the drops of a show. */
export const entriesOf = ({ drops }: Sale, personId: PersonId): MyEntry[] =>
  [...drops.values()].flatMap((drop) => {
    const number = drop.entryOf.get(personId);
    const entry = number === undefined ? undefined : drop.entries.get(number);
    return entry ? [myEntry(drop, entry)] : [];
  });
