// One key for one wish: pressing again after an answer was lost asks for the same, and takes it once; after an answer,
// or with another wish, there is a new key.

export type WishKey = {
  readonly of: (wish: string) => string;
  /** The shop has said what became of it. */
  readonly answered: () => void;
};

export const createWishKey = (newId: () => string): WishKey => {
  let last: { readonly wish: string; readonly key: string } | null = null;
  return {
    of(wish) {
      if (last?.wish !== wish) last = { wish, key: newId() };
      return last.key;
    },
    answered() {
      last = null;
    },
  };
};
