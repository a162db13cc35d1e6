// The running figures of a show for its crew: counted from what the crew is told and from what the crowd
// writes. Presence is put in by the room, which knows it; nothing here is stored, the log gives it again.

import { addMoney, type Money } from '../base/money.ts';
import type { CrewMessage, Pulse } from '../protocol/socket.ts';

const secondsCounted = 60;

/** Adds up a show's figures; `add…` in the order of the log. */
export class PulseCount {
  #messages = 0;
  #claims = 0;
  #soldUnits = 0;
  readonly #sales = new Map<string, Money>();
  readonly #buyers = new Set<string>();
  /** Messages in each of the last 60 seconds, by `second % 60`, and the second that each slot is about. */
  readonly #perSecond = new Uint32Array(secondsCounted);
  readonly #secondOf = new Float64Array(secondsCounted).fill(-1);
  viewersPeak = 0;

  addMessage(atMs: number): void {
    this.#messages += 1;
    const second = Math.floor(atMs / 1000);
    const slot = second % secondsCounted;
    if (this.#secondOf[slot] !== second) {
      this.#secondOf[slot] = second;
      this.#perSecond[slot] = 0;
    }
    this.#perSecond[slot] = this.#perSecond[slot]! + 1;
  }

  addCrewMessage(message: CrewMessage): void {
    if (message.t === 'claimed') this.#claims += 1;
    if (message.t === 'sold') this.addSale(message.quantity, message.price);
  }

  /** Units that a person paid for; the price is of all of them. */
  addSale(units: number, price: Money): void {
    this.#soldUnits += units;
    const before = this.#sales.get(price.currency);
    this.#sales.set(price.currency, before ? addMoney(before, price) : price);
  }

  addBuyer(personId: string): void {
    this.#buyers.add(personId);
  }

  /** The figures at a time, with `viewers` watching. */
  at(nowMs: number, viewers: number): Pulse {
    this.viewersPeak = Math.max(this.viewersPeak, viewers);
    const second = Math.floor(nowMs / 1000);
    let messagesPerMinute = 0;
    for (let slot = 0; slot < secondsCounted; slot += 1) {
      if (this.#secondOf[slot]! > second - secondsCounted)
        messagesPerMinute += this.#perSecond[slot]!;
    }
    return {
      viewers,
      viewersPeak: this.viewersPeak,
      messages: this.#messages,
      messagesPerMinute,
      claims: this.#claims,
      soldUnits: this.#soldUnits,
      sales: [...this.#sales.values()],
      buyers: this.#buyers.size,
    };
  }
}
