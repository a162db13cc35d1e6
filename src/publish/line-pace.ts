// How often the figures of a drop's line are told. Thousands who enter in a second would each be a frame to
// everybody who waits: what only counts on is told at most every `dropFiguresMs`, the newest of it; what the drop
// became (opened, closed, refused) at once. Rules: docs/rules/drop.md, DRO-14.

import { limits } from '../base/limits.ts';
import type { Clock } from '../base/ports.ts';
import type { RoomMessage } from '../protocol/room.ts';

type LineFigures = Extract<RoomMessage, { t: 'drop' }>;

type Told = {
  phase: LineFigures['figures']['phase'];
  isReady: boolean;
  nextAtMs: number;
  waiting: LineFigures | null;
};

export class LinePace {
  readonly #clock: Pick<Clock, 'nowMs' | 'at'>;
  readonly #tell: (message: LineFigures) => void;
  readonly #told = new Map<string, Told>();

  /** `tell` is called at once or later, with the newest figures of a drop. */
  constructor(clock: Pick<Clock, 'nowMs' | 'at'>, tell: (message: LineFigures) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  say(message: LineFigures): void {
    const { dropId, figures } = message;
    const told = this.#told.get(dropId);
    const isNews = told?.phase !== figures.phase || told.isReady !== figures.isReady;
    if (told === undefined || isNews || this.#clock.nowMs() >= told.nextAtMs) {
      this.#now(message);
      return;
    }
    if (told.waiting === null) this.#clock.at(told.nextAtMs, () => this.#due(dropId));
    told.waiting = message;
  }

  #due(dropId: string): void {
    const waiting = this.#told.get(dropId)?.waiting;
    if (waiting) this.#now(waiting);
  }

  #now(message: LineFigures): void {
    const { phase, isReady } = message.figures;
    const nextAtMs = this.#clock.nowMs() + limits.dropFiguresMs;
    this.#told.set(message.dropId, { phase, isReady, nextAtMs, waiting: null });
    this.#tell(message);
  }
}
