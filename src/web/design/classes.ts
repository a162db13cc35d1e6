// Joins class names. Nothing else: what a class means stands in tokens.css.

/** The names that are given, in their order; false, null and undefined are left out. */
export const classes = (...names: (string | false | null | undefined)[]): string =>
  names.filter(Boolean).join(' ');
