// The payment provider of the simulated world. It takes money once for a payment and gives it back once
// for a key, but it may be slow, say no, say nothing, or do what it was asked and lose the answer.

import { Fault } from '../src/base/fault.ts';
import type { Money } from '../src/base/money.ts';
import type { SeededRandom } from '../src/base/virtual-time.ts';
import type { RefundGateway } from '../src/engine/policies.ts';

export interface Charge {
  readonly orderId: string;
  readonly amount: Money;
}

/** What the provider needs of its world. */
type Surroundings = { readonly random: SeededRandom; wait(ms: number): Promise<void> };

export class SimGateway implements RefundGateway {
  /** Money that was taken, by payment. */
  readonly charges = new Map<string, Charge>();
  /** Money that was given back, by key. */
  readonly refunds = new Map<string, { readonly paymentId: string; readonly amount: Money }>();
  isCalm = false;
  readonly #world: Surroundings;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  /** Takes the money or not. What it answers comes late at times. */
  async charge(paymentId: string, charge: Charge): Promise<'paid' | 'declined' | 'silent'> {
    const { random } = this.#world;
    const luck = random.fraction();
    const slow = random.chance(0.15);
    await this.#world.wait(slow ? random.below(400_000) : 50 + random.below(4_000));
    if (luck < 0.2) return 'declined';
    if (luck < 0.25) return 'silent';
    this.charges.set(paymentId, charge);
    return 'paid';
  }

  async refund({
    paymentId,
    amount,
    idempotencyKey,
  }: {
    paymentId: string;
    amount: Money;
    idempotencyKey: string;
  }): Promise<{ state: 'refunded'; refundId: string }> {
    const { random } = this.#world;
    await this.#world.wait(20 + random.below(500));
    if (!this.isCalm && random.chance(0.3)) throw new Fault('payment-unavailable', 'no answer');
    this.refunds.set(idempotencyKey, { paymentId, amount });
    await this.#world.wait(random.below(300));
    if (!this.isCalm && random.chance(0.2))
      throw new Fault('payment-unavailable', 'the answer was lost');
    return { state: 'refunded', refundId: `re-${paymentId}` };
  }
}
