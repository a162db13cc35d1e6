// Counting stock, as doors and tools ask for it; and the counts of imports that a crash or an absent log kept
// from their streams, told at the start and from time to time. Each has a key: told twice, it is counted once.

import { type StreamId, stockStream, type VariantId } from '../base/brand.ts';
import type { Clock } from '../base/ports.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Actor } from '../domain/decider.ts';
import type { Engine, Outcome } from '../engine/contract.ts';
import { commandIdFor } from './command-door.ts';

export type StockCountsOptions = {
  readonly engine: Pick<Engine, 'send'>;
  readonly catalogue: Pick<Catalogue, 'tellCounts'>;
  /** Resolves when the views show what was just done. */
  readonly shown: (stream: StreamId, seq: number) => Promise<void>;
  readonly clock: Clock;
  readonly report: (what: string, figures: object) => void;
};

/** How long a count waits for its next try. */
const retryMs = 60_000;

export class StockCounts {
  readonly #options: StockCountsOptions;
  #cancel: (() => void) | null = null;
  #telling: Promise<void> | null = null;
  #isStopped = false;

  constructor(options: StockCountsOptions) {
    this.#options = options;
  }

  /** Says how many are on hand; the answer comes when the views show it. */
  async count(variantId: string, onHand: number, by: Actor, key: string): Promise<Outcome> {
    const { engine, shown } = this.#options;
    const stream = stockStream(variantId as VariantId);
    const commandId = commandIdFor('system', `CountStock ${variantId}`, key);
    const outcome = await engine.send(stream, { kind: 'CountStock', onHand }, { commandId, by });
    if (outcome.kind === 'done') await shown(stream, outcome.seq);
    return outcome;
  }

  /** Tells what is due now, and looks again from time to time. Never throws. */
  async start(): Promise<void> {
    const { catalogue, clock, report } = this.#options;
    this.#telling = catalogue
      .tellCounts(
        async ({ variantId, onHand, by, key }) => {
          const outcome = await this.count(variantId, onHand, by, key);
          // More is promised than the file counted: nothing that a second try would change.
          if (outcome.kind === 'refused')
            report('a count of an import was refused', { variantId, reason: outcome.reason });
        },
        ({ variantId }, error) => report('a count of an import waits', { variantId, err: error }),
      )
      .catch((error: unknown) => report('the counts of imports can’t be read', { err: error }));
    await this.#telling;
    if (this.#isStopped) return;
    this.#cancel = clock.at(clock.nowMs() + retryMs, () => void this.start());
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    await this.#telling;
  }
}
