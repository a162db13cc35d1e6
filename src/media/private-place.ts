// Places of the media plane that are no shows: a host's test stream, a seat on stage. Their ids have a dot, which no
// show's id can have: no door of shows takes such an id, so nobody watches one by it, there is no poster, no HLS and no
// recording of it, and no show hears of its picture.

/** Whether this place is none that a show's crowd, its recording or its log knows. */
export const isPrivatePlace = (showId: string): boolean => showId.includes('.');

/** Where somebody on a show's stage sends to. */
export const stagePlace = (showId: string, seat: string): string => `stage.${showId}.${seat}`;
