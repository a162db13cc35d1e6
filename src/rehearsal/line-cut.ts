// Cuts the host's line once, at a moment that the seed chooses, and measures how long the host is away. Rules:
// docs/rules/rehearsal.md.

import type { Clock } from '../base/ports.ts';
import type { MediaEvent, MediaPlane } from '../media/media-plane.ts';
import type { Chance } from './chance.ts';

export type LineCutOptions = {
  readonly clock: Clock;
  readonly media: Pick<MediaPlane, 'leave'>;
  readonly chance: Chance;
  readonly tempo: number;
};

/** After the show began: late enough to be at ease, soon enough for a short rehearsal. */
const soonestMs = 30_000;
const latestMs = 150_000;

export class LineCut {
  readonly #options: LineCutOptions;
  readonly #afterMs: number;
  #sessionId: string | null = null;
  #isDue = false;
  #cancel: (() => void) | null = null;
  #cut: { atMs: number; backAtMs: number | null } | null = null;

  constructor(options: LineCutOptions) {
    this.#options = options;
    this.#afterMs = options.chance.between(soonestMs, latestMs) / options.tempo;
  }

  /** Null as long as nothing was cut. */
  get outcome(): { readonly atMs: number; readonly backAtMs: number | null } | null {
    return this.#cut;
  }

  /** The show is live: the moment is set from here. */
  begin(): void {
    const { clock } = this.#options;
    this.#cancel ??= clock.at(clock.nowMs() + this.#afterMs, () => {
      this.#isDue = true;
      this.#cutNow();
    });
  }

  onMedia(event: MediaEvent): void {
    if (event.type === 'publisher-connected') {
      this.#sessionId = event.sessionId;
      if (this.#cut?.backAtMs === null) this.#cut.backAtMs = event.atMs;
      // Nobody was there when it was due: then as soon as somebody is.
      if (this.#isDue) this.#cutNow();
    } else if (event.type === 'publisher-lost' && event.sessionId === this.#sessionId) {
      this.#sessionId = null;
    }
  }

  stop(): void {
    this.#cancel?.();
  }

  #cutNow(): void {
    const sessionId = this.#sessionId;
    if (sessionId === null || this.#cut !== null) return;
    this.#cut = { atMs: this.#options.clock.nowMs(), backAtMs: null };
    this.#options.media.leave(sessionId).catch(() => {
      // The other plane is away: then the line was cut by itself.
    });
  }
}
