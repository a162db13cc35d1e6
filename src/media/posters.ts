// Posters of the shows that are on air: made when asked for, from the newest key picture, and kept for a while. The
// rule: a poster that is a little old is answered at once while the next one is made, and nobody waits for two.

import type { Poster } from './media-plane.ts';

/** How old a poster gets before a new one is made. */
const POSTER_AGE_MS = 2000;
/** How old a poster may be and still be shown, while the new one is made. */
const POSTER_SHOWN_MS_MAX = 30_000;
/** The forwarder waits a second and a half for a key frame; a camera that gives none for this long gets no poster. */
const FIRST_POSTER_TRIES = 20;

type PosterOfShow = {
  begunAtMs: number;
  next: Promise<Poster | null>;
  made: { poster: Poster; atMs: number } | undefined;
};

export class Posters {
  readonly #posters = new Map<string, PosterOfShow>();
  readonly #make: (showId: string) => Promise<Poster | null>;
  readonly #isLive: (showId: string) => boolean;

  /** `make` draws the present picture; null when there is none. */
  constructor(
    make: (showId: string) => Promise<Poster | null>,
    isLive: (showId: string) => boolean,
  ) {
    this.#make = make;
    this.#isLive = isLive;
  }

  /** See `MediaPlane.poster`. */
  async of(showId: string): Promise<Poster | null> {
    if (!this.#isLive(showId)) return null;
    let present = this.#posters.get(showId);
    if (!present || Date.now() - present.begunAtMs >= POSTER_AGE_MS) {
      present = this.#begin(showId, present?.made);
    }
    const { made, next } = present;
    return made && Date.now() - made.atMs < POSTER_SHOWN_MS_MAX ? made.poster : next;
  }

  has(showId: string): boolean {
    return this.#posters.get(showId)?.made !== undefined;
  }

  /** So that the first of the crowd finds a picture that is ready. */
  async makeFirst(showId: string): Promise<void> {
    for (let tries = 0; tries < FIRST_POSTER_TRIES; tries += 1) {
      if (!this.#isLive(showId) || this.has(showId)) return;
      await this.#begin(showId, undefined).next.catch(() => null);
    }
  }

  /** The publisher is gone. */
  forget(showId: string): void {
    this.#posters.delete(showId);
  }

  #begin(showId: string, made: PosterOfShow['made']): PosterOfShow {
    const begun: PosterOfShow = { begunAtMs: Date.now(), next: this.#make(showId), made };
    this.#posters.set(showId, begun);
    begun.next.then(
      (poster) => {
        if (poster) begun.made = { poster, atMs: Date.now() };
      },
      // Whoever waits for it hears of it; the next one may succeed.
      () => undefined,
    );
    return begun;
  }
}
