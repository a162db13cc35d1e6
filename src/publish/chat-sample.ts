// What a viewer reads when the room writes faster than anybody can: a bucket of lines a second. The crew's
// lines always pass, questions on credit, the rest while there is something left. Who wrote, was named or
// was answered in a line that was left out still gets it (slow-frame.ts).

import { limits } from '../base/limits.ts';
import type { ChatLine } from '../protocol/room.ts';

export class ChatSample {
  #tokens: number = limits.chatShownPerSecond;
  #atMs = 0;

  /** Whether everyone gets this line, which is the next one. */
  shows(line: ChatLine, nowMs: number): boolean {
    const rate = limits.chatShownPerSecond;
    const gained = (Math.max(0, nowMs - this.#atMs) * rate) / 1000;
    this.#tokens = Math.min(rate, this.#tokens + gained);
    this.#atMs = nowMs;
    const credit =
      line.role !== 'shopper' ? Number.POSITIVE_INFINITY : line.text.includes('?') ? rate / 2 : 0;
    if (this.#tokens + credit < 1) return false;
    // A debt is paid by the lines that come after; of the crew's lines no more than a second's worth.
    this.#tokens = Math.max(-rate, this.#tokens - 1);
    return true;
  }
}
