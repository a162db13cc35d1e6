// What of a planned show is rehearsed: its plan, run, shelf, lots and drops as its log has them, made into the commands
// that plan the same evening again in another shop. Reads only; nothing goes back. Rules: docs/rules/rehearsal.md.

import { assert } from '../base/assert.ts';
import type { OfferId, VariantId } from '../base/brand.ts';
import { unitsNeeded } from '../domain/sale/bundle.ts';
import type { Secret } from '../domain/sale/commitment.ts';
import type { DropTerms } from '../domain/sale/drop.ts';
import type { LotTerms } from '../domain/sale/lot-terms.ts';
import type { ShelfItem } from '../domain/sale/shelf.ts';
import { type ShowPlan, withCover } from '../domain/show/life.ts';
import type { Segment } from '../domain/show/run-of-show.ts';
import type { ShowCommand, ShowEvent } from '../domain/show/show.ts';
import type { RecordedEvent } from '../log/event-log.ts';

export type Script = {
  readonly plan: ShowPlan;
  readonly segments: readonly Segment[];
  readonly items: readonly ShelfItem[];
  readonly takesCommentClaims: boolean;
  readonly lots: readonly { readonly terms: LotTerms; readonly reserve: Secret | null }[];
  readonly drops: readonly { readonly terms: DropTerms; readonly seeds: readonly string[] }[];
  /** Variants whose stock the evening draws on. */
  readonly variantIds: readonly VariantId[];
};

/** A drop whose hour was before its show's opens so long after the rehearsal's beginning. */
const dropSoonestMs = 60_000;

/** Reads the script off a show's log; null for a show that was never planned. */
export const scriptOf = async (
  events: AsyncIterable<RecordedEvent>,
  newSeed: () => string,
): Promise<Script | null> => {
  let plan: ShowPlan | null = null;
  let segments: readonly Segment[] = [];
  let items: readonly ShelfItem[] = [];
  let takesCommentClaims = false;
  const lots = new Map<OfferId, Script['lots'][number]>();
  const drops = new Map<OfferId, Script['drops'][number]>();
  const variantIds = new Set<VariantId>();
  for await (const recorded of events) {
    const event = recorded as unknown as ShowEvent;
    switch (event.kind) {
      case 'ShowPlanned':
      case 'PlanChanged':
        plan = event.data.plan;
        break;
      case 'WatchByChosen':
        plan = plan && { ...(plan as ShowPlan), watchBy: event.data.watchBy };
        break;
      case 'CoverChosen':
        plan = plan && withCover(plan as ShowPlan, event.data.coverUrl);
        break;
      case 'SegmentsArranged':
        segments = event.data.segments;
        break;
      case 'ShelfStocked':
        items = event.data.items;
        break;
      case 'CommentClaimsSwitched':
        takesCommentClaims = event.data.isOn;
        break;
      case 'LotPrepared': {
        const { terms, reserveCommitment } = event.data;
        const minor = reserveCommitment === null ? undefined : event.personal?.reserve.minor;
        // A secret of its own: the real commitment's stays what it is.
        const reserve = minor === undefined ? null : { minor, nonce: newSeed() };
        lots.set(terms.lotId, { terms: withReserve(terms, reserve), reserve });
        variantIds.add(terms.variantId);
        break;
      }
      case 'LotWithdrawn':
        lots.delete(event.data.lotId);
        break;
      case 'DropAnnounced': {
        const { terms, seedCommitments } = event.data;
        // Seeds of its own: the real ones stay secret until they are told.
        drops.set(terms.dropId, { terms, seeds: seedCommitments.map(newSeed) });
        break;
      }
      case 'OfferRequested':
        for (const { variantId } of unitsNeeded(event.data.terms)) variantIds.add(variantId);
        break;
      case 'DropRefused':
      case 'DropClosed':
        drops.delete(event.data.dropId);
        break;
      default:
    }
  }
  if (plan === null) return null;
  for (const { variants } of items) for (const { variantId } of variants) variantIds.add(variantId);
  return {
    plan,
    segments,
    items,
    takesCommentClaims,
    lots: [...lots.values()],
    drops: [...drops.values()],
    variantIds: [...variantIds],
  };
};

/** [RHS-2] The commands that plan the same evening, beginning `nowMs`; in the order in which they are sent. */
export const planning = (script: Script, nowMs: number): readonly ShowCommand[] => {
  const { plan, segments, items, takesCommentClaims, lots, drops } = script;
  assert(plan.title !== '', 'a planned show has a title');
  // Who may come in is decided by the id: tickets and tiers of the real evening count for nothing here.
  const { access: _, ...open } = plan;
  const moveMs = nowMs - plan.startsAtMs;
  return [
    { kind: 'PlanShow', plan: { ...open, startsAtMs: nowMs } },
    ...(segments.length === 0 ? [] : [{ kind: 'ArrangeSegments', segments } as const]),
    ...(items.length === 0 ? [] : [{ kind: 'StockShelf', items } as const]),
    ...(takesCommentClaims ? [{ kind: 'SwitchCommentClaims', isOn: true } as const] : []),
    ...lots.map(({ terms, reserve }) => ({ kind: 'PrepareLot', terms, reserve }) as const),
    ...drops.map(
      ({ terms, seeds }) =>
        ({
          kind: 'AnnounceDrop',
          terms: {
            ...terms,
            opensAtMs:
              terms.opensAtMs === null
                ? null
                : Math.max(terms.opensAtMs + moveMs, nowMs + dropSoonestMs),
          },
          seeds,
        }) as const,
    ),
  ];
};

const withReserve = (terms: LotTerms, reserve: Secret | null): LotTerms =>
  terms.bidding.format === 'english'
    ? { ...terms, bidding: { ...terms.bidding, hasReserve: reserve !== null } }
    : terms;
