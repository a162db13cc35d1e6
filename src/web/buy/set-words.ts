// A set in words, the same on its card, in the cart and on the order.

/** `2 × Cup, Vase · Blue`: what is in a set. */
export const setWords = (
  parts: readonly { readonly title: string; readonly quantity: number }[],
): string =>
  parts.map(({ title, quantity }) => (quantity > 1 ? `${quantity} × ${title}` : title)).join(', ');
