// Which forwarder takes the next viewer, and when there should be one more. Pure: it is handed what each forwarder
// carries. The rule: a show's viewers stay beside its publisher while that forwarder has time to spare, since each
// further one costs a relay; then the least loaded takes them, and a full one takes none.

/** What a forwarder carries now. */
export type Place = {
  /** It answers. */
  ready: boolean;
  /** Share of its time that it is busy, or of its places that are taken, whichever is more; 0..1. */
  load: number;
  /** No place left, or no time. */
  full: boolean;
};

/** From here on another forwarder takes the new viewers, and one is started if there may be one. */
const LOAD_SHARE = 0.5;
/**
 * From this share of busy time on a forwarder is full. What remains is for repetitions and key frames, which come for all viewers at
 * once: above it the delay was seen to rise (see the decision on forwarders).
 */
export const BUSY_FULL = 0.85;

/** The place for a viewer of a show whose home is `home`; undefined when all are full or away. */
export function placeViewer<P extends Place>(places: readonly P[], home: P): P | undefined {
  if (home.ready && !home.full && home.load < LOAD_SHARE) return home;
  return leastLoaded(places.filter((place) => !place.full));
}

/** The home of a show that comes: the first forwarder, unless it has much to do already. Never full: a host gets in. */
export function placeShow<P extends Place>(places: readonly [P, ...P[]]): P {
  const [first] = places;
  return first.ready && first.load < LOAD_SHARE ? first : (leastLoaded(places) ?? first);
}

/** Is it time for one more? */
export function wantsAnother(places: readonly Place[]): boolean {
  return places.every((place) => place.ready && place.load >= LOAD_SHARE);
}

function leastLoaded<P extends Place>(places: readonly P[]): P | undefined {
  let best: P | undefined;
  for (const place of places) {
    if (place.ready && (best === undefined || place.load < best.load)) best = place;
  }
  return best;
}
