// The address and the e-mail of the last purchase, kept on this device alone when the person wants it.
// No card ever stands here.

import type { AddressBody } from '../../protocol/http.ts';

export type SavedAddress = { readonly email: string; readonly address: Required<AddressBody> };

const key = 'rialto-address';

/** Null when nothing is kept or what is kept isn't ours to read (private windows, older shapes). */
export const savedAddress = (storage: Pick<Storage, 'getItem'>): SavedAddress | null => {
  try {
    const saved = JSON.parse(storage.getItem(key) ?? 'null') as SavedAddress | null;
    const isWhole = typeof saved?.email === 'string' && typeof saved.address?.line1 === 'string';
    return isWhole ? saved : null;
  } catch {
    return null;
  }
};

/** Keeps it, or with null forgets what was kept. */
export const keepAddress = (
  storage: Pick<Storage, 'setItem' | 'removeItem'>,
  saved: SavedAddress | null,
): void => {
  try {
    if (saved) storage.setItem(key, JSON.stringify(saved));
    else storage.removeItem(key);
  } catch {
    // A full or closed storage: the next purchase asks again.
  }
};
