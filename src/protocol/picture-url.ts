// The forms of a picture that the server keeps, by their addresses: a smaller one of a product's picture, the
// upright one of a camera's poster. A page asks for no more than its screen shows; pictures from elsewhere have
// one form only. The rule: an address made here exists (catalogue/image-store.ts, api/media-routes.ts).

/** Where a picture fills the height, so that no more than its upright middle is seen. */
export const uprightMedia = '(max-aspect-ratio: 9/16)';

/** The upright cut of a camera's poster; null for a picture that has none. */
export const uprightUrl = (url: string): string | null => {
  const [, poster] = /^(\/media\/posters\/[^.]+)\.jpg$/.exec(url) ?? [];
  return poster === undefined ? null : `${poster}.upright.jpg`;
};

/** A stored picture in the form of `width` pixels, or as it is when it's no wider or not ours. */
export const pictureUrl = (url: string, width: 320 | 800): string => {
  const [, base, stored] = /^(.*\/media\/images\/[0-9a-f]{32})-(\d+)\.webp$/.exec(url) ?? [];
  return base !== undefined && Number(stored) > width ? `${base}-${width}.webp` : url;
};
