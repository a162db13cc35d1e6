// Which products somebody wants to hear of when they are on: kept for this show in this tab, before and while it is
// live, over reloads. Told within the page alone; who wants to be told elsewhere follows the show.

const listeners = new Set<() => void>();
let kept: { readonly showId: string; readonly ids: readonly string[] } | null = null;

const keyOf = (showId: string): string => `rialto-tell-${showId}`;

/** The products, newest last. The same list while nothing changed. */
export const wantedIn = (showId: string): readonly string[] => {
  if (kept?.showId !== showId) kept = { showId, ids: read(showId) };
  return kept.ids;
};

const read = (showId: string): readonly string[] => {
  try {
    const ids: unknown = JSON.parse(sessionStorage.getItem(keyOf(showId)) ?? '[]');
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
};

export const want = (showId: string, productId: string, isWanted: boolean): void => {
  const others = wantedIn(showId).filter((id) => id !== productId);
  kept = { showId, ids: isWanted ? [...others, productId] : others };
  try {
    sessionStorage.setItem(keyOf(showId), JSON.stringify(kept.ids));
  } catch {
    // A browser that keeps nothing: it holds for as long as the page.
  }
  for (const listener of listeners) listener();
};

export const subscribeWanted = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
