// What an event says, and what things are called in it: the words that all who turn events into messages share.

import type { PersonId } from '../base/brand.ts';
import type { OfferTerms } from '../domain/sale/offer.ts';
import type { RoomItem, RoomMessage } from '../protocol/room.ts';
import type { CrewMessage, PersonalMessage } from '../protocol/socket.ts';

/** What one event says, and to whom. */
export type Said = {
  readonly room: readonly RoomMessage[];
  readonly crew: readonly CrewMessage[];
  readonly personal: readonly { readonly to: PersonId; readonly message: PersonalMessage }[];
};

export const nothing: Said = { room: [], crew: [], personal: [] };

export const toAll = (...room: RoomMessage[]): Said => ({ ...nothing, room });

const joined = (title: string, variant: string | undefined): string =>
  variant ? `${title} · ${variant}` : title;

/** `Lagoon vase · Large`, as the offer calls the variant. */
export const titleOf = (terms: OfferTerms, variantId: string): string =>
  joined(terms.title, terms.variants.find((variant) => variant.variantId === variantId)?.title);

/** `Lagoon vase · Large`, as the shelf calls the variant. */
export const shelfTitle = (item: RoomItem, variantId: string): string =>
  joined(item.title, item.variants.find((variant) => variant.variantId === variantId)?.title);
