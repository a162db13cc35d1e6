// What the crew alone is told, with the running figures: at most one frame a tick, and the figures by
// themselves at most once a second. A crew is a handful of sockets: no groups, no shedding.

import { limits } from '../base/limits.ts';
import type { Clock } from '../base/ports.ts';
import type { CrewMessage, Pulse } from '../protocol/socket.ts';
import { messageFrame } from './frame.ts';
import type { Member } from './member.ts';

export class CrewLane {
  readonly #clock: Clock;
  readonly #crew: ReadonlySet<Member>;
  readonly #pulse: () => Pulse;
  #messages: CrewMessage[] = [];
  #lastMs = Number.NEGATIVE_INFINITY;
  #dueMs: number | null = null;
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, crew: ReadonlySet<Member>, pulse: () => Pulse) {
    this.#clock = clock;
    this.#crew = crew;
    this.#pulse = pulse;
  }

  /** The figures have changed; with messages it is told with the next tick. */
  tell(messages: readonly CrewMessage[]): void {
    if (this.#crew.size === 0) return;
    this.#messages.push(...messages);
    // [PUB-13] A drop has thousands of claims a second: the newest are shown, the pulse has the sum.
    if (this.#messages.length > limits.crewMessagesPerTickMax) {
      this.#messages = this.#messages.slice(-limits.crewMessagesPerTickMax);
    }
    const pauseMs = this.#messages.length > 0 ? limits.frameTickMs : limits.presenceMs;
    const dueMs = Math.max(this.#clock.nowMs(), this.#lastMs + pauseMs);
    if (this.#dueMs !== null && this.#dueMs <= dueMs) return;
    this.#cancel?.();
    this.#dueMs = dueMs;
    this.#cancel = this.#clock.at(dueMs, () => this.#flush());
  }

  close(): void {
    this.#cancel?.();
  }

  #flush(): void {
    this.#dueMs = null;
    this.#cancel = null;
    const m = this.#messages;
    this.#messages = [];
    this.#lastMs = this.#clock.nowMs();
    const frame = messageFrame({ t: 'crew', atMs: this.#lastMs, m, pulse: this.#pulse() });
    for (const member of this.#crew) member.write(frame);
  }
}
