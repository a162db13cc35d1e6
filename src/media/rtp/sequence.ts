// Sequence numbers and timestamps of RTP: unwrapping, and the rewriting that makes one unbroken stream out of what a
// publisher sends (padding left out, reconnects joined). The rule: what goes in keeps its order and its distances, what
// was left out leaves no gap, and a packet that comes late lands exactly where it belongs.

/** Turns 16-bit sequence numbers into an endless count, given that neighbours are less than 2^15 apart. */
export class SequenceUnwrapper {
  #last: number | undefined;

  /** The endless number nearest to the highest one seen. The first packet starts at its own number. */
  unwrap(sequence: number): number {
    if (this.#last === undefined) {
      // One turn up, so that what comes before the first packet isn't below zero.
      this.#last = sequence + 0x10000;
      return this.#last;
    }
    const distance = ((sequence - this.#last) << 16) >> 16;
    const value = this.#last + distance;
    if (value > this.#last) this.#last = value;
    return value;
  }
}

/** How many left-out packets a rewriter remembers; about 10 s of bandwidth probing. */
const DROPPED_MAX = 512;

/**
 * Maps the endless input numbers of one publisher's stream onto output numbers without gaps.
 *
 * Example: 10, 11, (12 is padding), 13 gives out 100, 101, 102 when it starts at 100. If 11 arrives after 13 it still
 * gives 101.
 */
export class SequenceRewriter {
  /** Output is input plus `shift` from input number `from` on; from `leftOutFrom` to there nothing. Newest first. */
  readonly #shifts: { from: number; leftOutFrom: number; shift: number }[];
  #highest: number;

  /** `firstInput` becomes `firstOutput`. */
  constructor(firstInput: number, firstOutput: number) {
    this.#shifts = [{ from: firstInput, leftOutFrom: firstInput, shift: firstOutput - firstInput }];
    this.#highest = firstInput - 1;
  }

  /**
   * Leaves out a packet. True when the gap was closed; false when packets after it are out already, so that the gap is
   * there for all to see and the packet (padding and all) should be forwarded.
   */
  leaveOut(input: number): boolean {
    if (input <= this.#highest) return false;
    this.#leaveOut(input, input + 1);
    return true;
  }

  /** Leaves out all that is missing before this packet, which follows without a gap; what of it comes late is dropped. */
  skipTo(input: number): void {
    if (input > this.#highest + 1) this.#leaveOut(this.#highest + 1, input);
  }

  /** The output number; undefined for what lies before the start, was left out, or lies too far back. */
  rewrite(input: number): number | undefined {
    if (input > this.#highest) this.#highest = input;
    for (let i = 0; i < this.#shifts.length; i += 1) {
      const { from, leftOutFrom, shift } = this.#shifts[i]!;
      if (input >= from) return input + shift;
      // The numbers just below were left out; their place is taken by the next.
      if (input >= leftOutFrom) return undefined;
    }
    return undefined;
  }

  #leaveOut(leftOutFrom: number, from: number): void {
    const shift = this.#shifts[0]!.shift - (from - leftOutFrom);
    this.#shifts.unshift({ from, leftOutFrom, shift });
    if (this.#shifts.length > DROPPED_MAX) this.#shifts.pop();
    this.#highest = from - 1;
  }
}

/** The signed distance from timestamp `b` to timestamp `a`, both 32 bits. */
export function timestampDistance(a: number, b: number): number {
  return (a - b) | 0;
}
