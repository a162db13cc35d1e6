// The recount of a drop's proof in the browser: everything that the proof says happened, in its order, given to
// the same recount that `npm run verify` uses. It believes neither the order nor the winners that the shop names.

import { LineRecount } from '../../domain/sale/recount.ts';
import type { DropProof } from '../../protocol/drops.ts';

export type Recounted = { readonly why: string | null; readonly served: number };

/** `why`: the first thing in the proof that can't be, in words; null when all of it fits. */
export const recounted = (proof: DropProof): Recounted => {
  const { dropId, variants, tiers, seedCommitments, entries, stages, served, order } = proof;
  const variantIds = variants.map(({ variantId }) => variantId);
  const line = new LineRecount({ dropId, variantIds, tiers, seedCommitments });
  const steps: { readonly seq: number; readonly take: () => string | null }[] = [
    ...entries.map((entry) => ({ seq: entry.seq, take: () => line.entered(entry) })),
    ...entries.flatMap(({ entry, leftSeq }) =>
      leftSeq === null ? [] : [{ seq: leftSeq, take: () => line.left({ entry }) }],
    ),
    ...stages.map((stage) => ({ seq: stage.seq, take: () => line.opened(stage) })),
    ...served.map((one) => ({ seq: one.seq, take: () => line.served(one) })),
  ];
  steps.sort((a, b) => a.seq - b.seq);
  for (const { take } of steps) {
    const why = take();
    if (why !== null) return { why, served: served.length };
  }
  const isSame = variantIds.every((id) => String(line.orderOf(id)) === String(order[id] ?? []));
  return { why: isSame ? null : 'the order that the shop names is another', served: served.length };
};

export type Row = {
  readonly place: number;
  readonly entry: number;
  readonly tier: string | null;
  readonly words: string;
  readonly outcome: string;
};

const outcomeWords = { held: 'has it in the cart', taken: 'took it', 'passed-on': 'passed it on' };

/** The line of a variant for people to read. */
export const rowsOf = (proof: DropProof, variantId: string): readonly Row[] => {
  const entries = new Map(proof.entries.map((entry) => [entry.entry, entry]));
  const outcomes = new Map(proof.served.map(({ entry, outcome }) => [entry, outcome]));
  return (proof.order[variantId] ?? []).map((number, nth) => {
    const outcome = outcomes.get(number);
    const known = entries.get(number);
    return {
      place: nth + 1,
      entry: number,
      tier: known?.tier ?? null,
      words: known?.words ?? '',
      outcome:
        outcome !== undefined
          ? outcomeWords[outcome]
          : known?.leftSeq != null
            ? 'left'
            : proof.phase === 'open'
              ? 'waits'
              : 'got none',
    };
  });
};
