// Offers that this host asked for and that the shop hasn't settled yet: sent, waiting for their units,
// refused for want of stock. The form stays with each of them, so that a refusal is mended with one
// press instead of typing again. An offer that opened is in the room and no longer here.

import type { Room } from '../../protocol/room.ts';
import type { CrewMessage } from '../../protocol/socket.ts';
import type { OfferForm } from './offer-form.ts';

export type AskedOffer = {
  /** The id that the shop gave it. */
  readonly offerId: string;
  readonly form: OfferForm;
};

export type AskedState =
  | { readonly kind: 'pending' }
  | { readonly kind: 'open' }
  /** The shop has only `available` of the variant: fewer than asked. */
  | { readonly kind: 'refused'; readonly variantId: string; readonly available: number };

/** Where an asked offer stands, from what the room and the crew's messages say. */
export const askedState = (
  { offerId }: AskedOffer,
  offers: Room['offers'],
  crew: readonly CrewMessage[],
): AskedState => {
  if (offers.some((offer) => offer.offerId === offerId)) return { kind: 'open' };
  for (const message of crew) {
    if (message.t === 'offer-refused' && message.offerId === offerId) {
      return { kind: 'refused', variantId: message.variantId, available: message.available };
    }
  }
  return { kind: 'pending' };
};

/** The list without those that opened. */
export const unsettled = (
  asked: readonly AskedOffer[],
  offers: Room['offers'],
  crew: readonly CrewMessage[],
): readonly AskedOffer[] => {
  const rest = asked.filter((one) => askedState(one, offers, crew).kind !== 'open');
  return rest.length === asked.length ? asked : rest;
};
