// The stage keeps a show's picture and its recording in step with the show: it tells the show when the
// host's picture comes and goes, records while the show is live and attaches the recording when it has
// ended; it hands on what the encoder's captions say. It meets the control plane at ids only; a fault here never
// reaches a sale.

import type { Clock } from '../base/ports.ts';
import { isRehearsal } from '../base/rehearsal-id.ts';
import type { MediaEvent, MediaPlane, Recording } from './media-plane.ts';
import { isPrivatePlace } from './private-place.ts';

/** What the stage says to a show. */
export type StageCue =
  | { readonly cue: 'picture-on' }
  | { readonly cue: 'picture-lost' }
  | { readonly cue: 'caption'; readonly text: string; readonly spokenMs: number }
  | { readonly cue: 'recording'; readonly recording: Recording };

export type StageOptions = {
  readonly media: MediaPlane;
  readonly clock: Clock;
  /** Delivers a cue; resolves when the show took it or will never. */
  readonly tell: (showId: string, cue: StageCue) => Promise<void>;
  readonly onFault: (what: string, error: unknown) => void;
};

/** After a fault of the media plane, the recording is asked for again. */
const againMs = 5_000;

export class Stage {
  readonly #options: StageOptions;
  readonly #stopListening: () => void;
  readonly #finishing = new Map<string, Promise<void>>();
  #stopped = false;

  constructor(options: StageOptions) {
    this.#options = options;
    this.#stopListening = options.media.onEvent((event) => this.#onMedia(event));
  }

  /** A show went live, or was live when the server started. */
  async opened(showId: string): Promise<void> {
    const { media } = this.#options;
    try {
      await media.startRecording(showId);
      await this.#tell(showId, { cue: media.isLive(showId) ? 'picture-on' : 'picture-lost' });
    } catch (error) {
      this.#options.onFault('recording did not start', error);
      this.#later(() => this.opened(showId));
    }
  }

  /** A show ended, or had ended without a recording when the server started. */
  closed(showId: string): Promise<void> {
    const running = this.#finishing.get(showId);
    if (running) return running;
    const finish = this.#finish(showId).finally(() => this.#finishing.delete(showId));
    this.#finishing.set(showId, finish);
    return finish;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopListening();
    await Promise.allSettled(this.#finishing.values());
  }

  async #finish(showId: string): Promise<void> {
    try {
      const recording = await this.#options.media.stopRecording(showId);
      if (recording) await this.#tell(showId, { cue: 'recording', recording });
    } catch (error) {
      this.#options.onFault('recording did not finish', error);
      this.#later(() => this.closed(showId));
    }
  }

  #later(run: () => Promise<void>): void {
    const { clock } = this.#options;
    clock.at(clock.nowMs() + againMs, () => {
      if (!this.#stopped) void run();
    });
  }

  #onMedia(event: MediaEvent): void {
    // [RHS-5] A rehearsal hears of its picture by itself, and no show does.
    if ('showId' in event && (isPrivatePlace(event.showId) || isRehearsal(event.showId))) return;
    if (event.type === 'publisher-connected') void this.#tell(event.showId, { cue: 'picture-on' });
    else if (event.type === 'publisher-lost')
      void this.#tell(event.showId, { cue: 'picture-lost' });
    else if (event.type === 'caption') {
      const { text, spokenMs } = event;
      void this.#tell(event.showId, { cue: 'caption', text, spokenMs });
    }
  }

  async #tell(showId: string, cue: StageCue): Promise<void> {
    try {
      await this.#options.tell(showId, cue);
    } catch (error) {
      this.#options.onFault(`cue ${cue.cue} did not arrive`, error);
    }
  }
}
