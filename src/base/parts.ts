// The parts of a running program and the end of all of them: the last started stops first. The rule it guards:
// a stop ends. What can't stop in its time is named and left behind, since everything that was acknowledged is
// in the log, and a supervisor that waits too long kills without asking.

import { limits } from './limits.ts';
import type { Clock } from './ports.ts';

export type Part = { readonly name: string; readonly stop: () => Promise<unknown> };

export type PartsOptions = {
  readonly clock: Clock;
  /** A part that threw while it stopped. */
  readonly onFault: (name: string, error: unknown) => void;
};

export class Parts {
  readonly #options: PartsOptions;
  readonly #running: Part[] = [];
  #stopping: Promise<readonly string[]> | null = null;

  constructor(options: PartsOptions) {
    this.#options = options;
  }

  /** A part that runs from now on. */
  push(part: Part): void {
    this.#running.push(part);
  }

  /**
   * Stops everything, the last first, and resolves to the names of what didn't end within `limits.stopPartMs`;
   * within `limits.stopMs` at most. Asked again it is the same stop.
   */
  stop(): Promise<readonly string[]> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<readonly string[]> {
    const { clock, onFault } = this.#options;
    const untilMs = clock.nowMs() + limits.stopMs;
    const late: string[] = [];
    for (let part = this.#running.pop(); part !== undefined; part = this.#running.pop()) {
      const { name, stop } = part;
      const ended = (async () => stop())().then(
        () => true,
        (error: unknown) => {
          onFault(name, error);
          return true;
        },
      );
      // Past the end nothing is waited for, but everything is told, so that no child outlives the program.
      if (!(await this.#within(ended, Math.min(untilMs, clock.nowMs() + limits.stopPartMs))))
        late.push(name);
    }
    return late;
  }

  #within(ended: Promise<boolean>, untilMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.at(untilMs, () => resolve(false));
      void ended.then(() => {
        cancel();
        resolve(true);
      });
    });
  }
}
