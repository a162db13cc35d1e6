// The proof of a drop: what of the published log makes its order, gathered so that a page can recount it.
// Nothing stands in it that the log doesn't publish. Rules: docs/rules/drop.md, DRO-9.

import type { DropEvent } from '../domain/sale/drop.ts';
import type { HoldEvent } from '../domain/sale/hold.ts';
import { LineRecount } from '../domain/sale/recount.ts';
import type { PublishedEvent } from '../log/event-log.ts';
import type { DropProof, ProvenEntry } from '../protocol/drops.ts';

type DropData<Kind extends DropEvent['kind']> = Extract<DropEvent, { kind: Kind }>['data'];
type Served = DropData<'DropServed'>;
type Outcome = DropProof['served'][number]['outcome'];

/** Reads a show's published events to the end; null when the drop was never announced in them. */
export const dropProof = async (
  show: string,
  dropId: string,
  pages: AsyncIterable<readonly PublishedEvent[]>,
): Promise<DropProof | null> => {
  let gatherer: Gatherer | null = null;
  for await (const page of pages) {
    for (const { kind, seq, dataText } of page) {
      // A long show has a hundred times as many other events: only what names the drop is parsed.
      if (!dataText.includes(dropId)) continue;
      const data: unknown = JSON.parse(dataText);
      if (kind === 'DropAnnounced') {
        const announced = data as DropData<'DropAnnounced'>;
        if (announced.terms.dropId === dropId) gatherer = new Gatherer(show, announced);
      } else gatherer?.take(kind, data, seq);
    }
  }
  return gatherer?.proof() ?? null;
};

class Gatherer {
  readonly #show: string;
  readonly #announced: DropData<'DropAnnounced'>;
  readonly #recount: LineRecount;
  readonly #entries = new Map<number, ProvenEntry>();
  readonly #stages: DropProof['stages'][number][] = [];
  readonly #served = new Map<string, { readonly seq: number; readonly data: Served }>();
  readonly #outcomes = new Map<string, Outcome>();
  #phase: DropProof['phase'] = 'announced';

  constructor(show: string, announced: DropData<'DropAnnounced'>) {
    this.#show = show;
    this.#announced = announced;
    const { dropId, variants, earlyAccess } = announced.terms;
    this.#recount = new LineRecount({
      dropId,
      variantIds: variants.map(({ variantId }) => variantId),
      tiers: earlyAccess.map(({ tier }) => tier),
      seedCommitments: announced.seedCommitments,
    });
  }

  take(kind: string, data: unknown, seq: number): void {
    const { dropId } = this.#announced.terms;
    if (this.#takeHold(kind as HoldEvent['kind'], data as HoldEvent['data'])) return;
    if ((data as { dropId?: string }).dropId !== dropId) return;
    switch (kind as DropEvent['kind']) {
      case 'DropEntered': {
        const { dropId: _, ...entry } = data as DropData<'DropEntered'>;
        this.#entries.set(entry.entry, { seq, ...entry, leftSeq: null });
        this.#recount.entered(entry);
        return;
      }
      case 'DropLeft': {
        const { entry } = data as DropData<'DropLeft'>;
        const left = this.#entries.get(entry);
        if (left) this.#entries.set(entry, { ...left, leftSeq: seq });
        this.#recount.left({ entry });
        return;
      }
      case 'DropOpened': {
        const { stage, tier, seed } = data as DropData<'DropOpened'>;
        this.#phase = 'open';
        this.#stages.push({ seq, stage, tier, seed });
        this.#recount.opened({ stage, tier, seed });
        return;
      }
      case 'DropServed':
        this.#served.set((data as Served).holdId, { seq, data: data as Served });
        this.#recount.served(data as Served);
        return;
      case 'DropRefused':
        this.#phase = 'refused';
        return;
      case 'DropClosed':
        this.#phase = (data as DropData<'DropClosed'>).reason === 'crew' ? 'cancelled' : 'closed';
        return;
    }
  }

  /** What became of a hold of this drop. */
  #takeHold(kind: HoldEvent['kind'], { holdId }: { readonly holdId?: string }): boolean {
    if (holdId === undefined || !this.#served.has(holdId)) return false;
    if (kind === 'HoldSettled') this.#outcomes.set(holdId, 'taken');
    if (kind === 'HoldExpired' || kind === 'HoldReleased') this.#outcomes.set(holdId, 'passed-on');
    return true;
  }

  proof(): DropProof {
    const { terms, seedCommitments } = this.#announced;
    const { dropId, title, order, isGiveaway, variants, earlyAccess } = terms;
    return {
      show: this.#show,
      dropId,
      title,
      kind: order,
      isGiveaway,
      phase: this.#phase,
      variants: variants.map((variant) => ({
        variantId: variant.variantId,
        title: variant.title,
        quantity: variant.quantity,
      })),
      tiers: earlyAccess.map(({ tier }) => tier),
      seedCommitments,
      entries: [...this.#entries.values()],
      stages: this.#stages,
      order: Object.fromEntries(
        variants.map(({ variantId }) => [variantId, this.#recount.orderOf(variantId)]),
      ),
      served: [...this.#served].map(([holdId, { seq, data }]) => ({
        seq,
        entry: data.entry,
        variantId: data.variantId,
        quantity: data.quantity,
        outcome: this.#outcomes.get(holdId) ?? 'held',
      })),
    };
  }
}
