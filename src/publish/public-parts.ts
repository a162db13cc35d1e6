// What everybody may know of a bundle's parts (how many of what; their ids are the catalogue's) and of a plan.

import type { OfferVariant } from '../domain/sale/offer.ts';
import type { RoomOfferVariant, RoomPlan } from '../protocol/room.ts';

/** The member `parts` of a variant in a room; nothing for what is no bundle. */
export const publicParts = ({
  parts,
}: {
  readonly parts?: OfferVariant['parts'] | undefined;
}): Pick<RoomOfferVariant, 'parts'> =>
  parts ? { parts: parts.map(({ title, quantity }) => ({ title, quantity })) } : {};

/** What everybody may read of a plan. */
export const publicPlan = (plan: RoomPlan): RoomPlan => {
  const { title, showKind, startsAtMs, hostId, hostName, shopName, disclosure, isDemo } = plan;
  const { minutes, access, materials, watchBy, coverUrl, partner } = plan;
  const about = { title, showKind, startsAtMs, hostId, hostName, shopName, disclosure, isDemo };
  return {
    ...about,
    ...(minutes === undefined ? {} : { minutes }),
    ...(access ? { access } : {}),
    ...(materials ? { materials } : {}),
    ...(watchBy ? { watchBy } : {}),
    ...(coverUrl ? { coverUrl } : {}),
    ...(partner ? { partner } : {}),
  };
};
