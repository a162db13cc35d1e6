// The promo code that a link brought (`?code=`): all that the page must know of codes before somebody buys.

const key = 'rialto-code';

/**
 * The code that the page's link carries, or that an earlier page of this visit did; empty when there is none. It is
 * kept for the visit, so that coming in or paying for another piece doesn't lose it.
 */
export const linkedCode = (
  search: string,
  storage: Pick<Storage, 'getItem' | 'setItem'>,
): string => {
  const linked = new URLSearchParams(search).get('code')?.trim().slice(0, 64) ?? '';
  try {
    if (linked !== '') storage.setItem(key, linked);
    return linked || (storage.getItem(key) ?? '');
  } catch {
    // A closed storage: the link counts for this page alone.
    return linked;
  }
};
