// A drop's line recounted from what is public of it: commitments, entries with their words, revealed seeds.
// It shares the hashes of shuffle.ts with the server and nothing else: not its state, not its decisions. For
// `npm run verify`, for the page of a draw in the browser, for tests. Rules: docs/rules/drop.md, DRO-6 to DRO-11.

import type { VariantId } from '../../base/brand.ts';
import type { DropEvent } from './drop.ts';
import { emptyMix, mixedSeed, mixedWith, seedCommitment, shuffled } from './shuffle.ts';

type DataOf<Kind extends DropEvent['kind']> = Omit<
  Extract<DropEvent, { kind: Kind }>['data'],
  'dropId'
>;

/** What was said before anybody entered. */
export type DropPromise = {
  readonly dropId: string;
  readonly variantIds: readonly string[];
  /** In the order in which they are let in; after them comes everybody. */
  readonly tiers: readonly string[];
  readonly seedCommitments: readonly string[];
};

type Entrant = DataOf<'DropEntered'> & { isWaiting: boolean };

/** Each step answers why it can't be, in words, or null. After the first that can't be the rest says nothing. */
export class LineRecount {
  readonly #promise: DropPromise;
  readonly #entries = new Map<number, Entrant>();
  readonly #lines = new Map<string, { readonly order: number[]; next: number }>();
  #pool: number[] = [];
  #mix: string;
  #stagesIn = 0;

  constructor(promise: DropPromise) {
    this.#promise = promise;
    this.#mix = emptyMix(promise.dropId);
    for (const variantId of promise.variantIds) this.#lines.set(variantId, { order: [], next: 0 });
  }

  entered(data: Omit<DataOf<'DropEntered'>, 'variantId'> & { readonly variantId: string }) {
    const { entry, variantId, words } = data;
    const line = this.#lines.get(variantId);
    if (line === undefined) return `entry ${entry} is for a variant that wasn’t offered`;
    if (entry !== this.#entries.size + 1)
      return `entry ${entry} is told where ${this.#entries.size + 1} should come`;
    this.#entries.set(entry, { ...data, variantId: variantId as VariantId, isWaiting: true });
    if (this.#stagesIn > this.#promise.tiers.length) line.order.push(entry);
    else {
      this.#pool.push(entry);
      this.#mix = mixedWith(this.#mix, entry, words);
    }
    return null;
  }

  left({ entry }: DataOf<'DropLeft'>): string | null {
    const entrant = this.#entries.get(entry);
    if (!entrant?.isWaiting) return `entry ${entry} leaves and doesn’t wait`;
    entrant.isWaiting = false;
    return null;
  }

  opened({ stage, tier, seed }: Omit<DataOf<'DropOpened'>, 'closesAtMs'>): string | null {
    const { dropId, tiers, seedCommitments } = this.#promise;
    if (stage !== this.#stagesIn || stage > tiers.length)
      return `stage ${stage} opens where stage ${this.#stagesIn} should`;
    if (tier !== (tiers[stage] ?? null))
      return `stage ${stage} lets in another tier than announced`;
    if (seedCommitment(dropId, seed) !== seedCommitments[stage])
      return `the seed of stage ${stage} isn’t the one that was committed to`;
    this.#stagesIn += 1;
    const isIn = (entry: number) => tier === null || this.#entries.get(entry)?.tier === tier;
    const coming = this.#pool.filter((entry) => isIn(entry) && this.#entries.get(entry)?.isWaiting);
    this.#pool = this.#pool.filter((entry) => !isIn(entry));
    for (const entry of shuffled(mixedSeed(seed, this.#mix), coming))
      this.#lines.get(this.#entries.get(entry)!.variantId)!.order.push(entry);
    return null;
  }

  served({
    entry,
    variantId,
    quantity,
  }: Omit<DataOf<'DropServed'>, 'holdId' | 'variantId'> & { readonly variantId: string }):
    | string
    | null {
    const line = this.#lines.get(variantId);
    const entrant = this.#entries.get(entry);
    if (line === undefined || entrant?.variantId !== variantId)
      return `entry ${entry} gets a variant that it wasn’t for`;
    while (line.next < line.order.length && !this.#isWaiting(line.order[line.next]!))
      line.next += 1;
    const due = line.order[line.next];
    if (due !== entry)
      return due === undefined
        ? `entry ${entry} is served and nobody’s turn it is`
        : `entry ${entry} is served where it is the turn of entry ${due}`;
    if (!(quantity >= 1 && quantity <= entrant.quantity))
      return `entry ${entry} gets ${quantity} and asked for ${entrant.quantity}`;
    entrant.isWaiting = false;
    return null;
  }

  /** The entries of a variant in the order in which they stand, as far as it was opened. */
  orderOf(variantId: string): readonly number[] {
    return this.#lines.get(variantId)?.order ?? [];
  }

  #isWaiting(entry: number): boolean {
    return this.#entries.get(entry)?.isWaiting ?? false;
  }
}
