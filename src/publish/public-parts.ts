// What everybody may know of a bundle's parts: how many of what. Their ids are the catalogue's.

import type { OfferVariant } from '../domain/sale/offer.ts';
import type { RoomOfferVariant } from '../protocol/room.ts';

/** The member `parts` of a variant in a room; nothing for what is no bundle. */
export const publicParts = ({
  parts,
}: {
  readonly parts?: OfferVariant['parts'] | undefined;
}): Pick<RoomOfferVariant, 'parts'> =>
  parts ? { parts: parts.map(({ title, quantity }) => ({ title, quantity })) } : {};
