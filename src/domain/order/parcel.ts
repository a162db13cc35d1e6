// A parcel that a buyer has waiting in a show: paid, with its shipping, and not sent. What they buy next in the
// same show goes into it for nothing more, as long as it goes to the same place. Rules: docs/rules/price.md.

import type { PostalAddress } from './order.ts';

/** Where the order goes that paid the parcel's way. */
export type OpenParcel = { readonly orderId: string; readonly address: PostalAddress };

type Written = Omit<PostalAddress, 'line2'> & { readonly line2?: string | undefined };

/** Whether goods for `address` go into `parcel`: who and where, however it was spaced or capitalised. */
export const joinsParcel = (parcel: OpenParcel | null, address: Written): boolean =>
  parcel !== null && label(parcel.address) === label(address);

const label = ({ name, line1, line2 = '', postcode, city, country }: Written): string =>
  [name, line1, line2, postcode, city, country]
    .map((part) => part.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase())
    .join('\n');
