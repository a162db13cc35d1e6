// What must be true of the drops in a log at rest: each has ended, its line is what anyone recounts, a hold
// follows each turn and nothing else gives one, and nobody had two.

import type { StreamId } from '../src/base/brand.ts';
import type { DropTerms } from '../src/domain/sale/drop.ts';
import { LineRecount } from '../src/domain/sale/recount.ts';
import type { Show, ShowEvent } from '../src/domain/show/show.ts';
import type { RecordedEvent } from '../src/log/event-log.ts';

/** Answers how many entries were served. */
export const checkDrops = (
  problem: (what: string) => void,
  events: ReadonlyMap<StreamId, readonly RecordedEvent[]>,
  shows: readonly Show[],
): number => {
  let served = 0;
  for (const show of shows) {
    const log = events.get(`show-${show.showId}` as StreamId) ?? [];
    for (const { terms, phase } of show.sale.drops.values()) {
      if (phase === 'announced' || phase === 'open') problem(`drop ${terms.dropId} stays ${phase}`);
      const found = recounted(log, terms);
      served += found.served;
      for (const wrong of found.wrong) problem(`drop ${terms.dropId}: ${wrong}`);
    }
  }
  return served;
};

const recounted = (
  log: readonly RecordedEvent[],
  { dropId, variants, earlyAccess }: DropTerms,
): { readonly served: number; readonly wrong: readonly string[] } => {
  const wrong: string[] = [];
  const holders = new Set<string>();
  let line: LineRecount | null = null;
  let due: string | null = null;
  for (const recorded of log) {
    const event = recorded as unknown as ShowEvent;
    const at = `${recorded.seq} (${recorded.kind})`;
    if (event.kind === 'DropAnnounced' && event.data.terms.dropId === dropId)
      line = new LineRecount({
        dropId,
        variantIds: variants.map(({ variantId }) => variantId),
        tiers: earlyAccess.map(({ tier }) => tier),
        seedCommitments: event.data.seedCommitments,
      });
    if (due !== null && (event.kind !== 'HoldPlaced' || event.data.holdId !== due))
      wrong.push(`${at} stands where the hold ${due} should`);
    if (event.kind === 'HoldPlaced' && event.data.offerId === dropId) {
      if (due === null) wrong.push(`${at} is a hold past the line`);
      if (holders.has(event.data.personId)) wrong.push(`${at} is a second hold of one person`);
      holders.add(event.data.personId);
    }
    due = null;
    if (!('dropId' in event.data) || event.data.dropId !== dropId || line === null) continue;
    const why =
      event.kind === 'DropEntered'
        ? line.entered(event.data)
        : event.kind === 'DropLeft'
          ? line.left(event.data)
          : event.kind === 'DropOpened'
            ? line.opened(event.data)
            : event.kind === 'DropServed'
              ? line.served(event.data)
              : null;
    if (why !== null) wrong.push(`${at}: ${why}`);
    if (event.kind === 'DropServed') due = event.data.holdId;
  }
  return { served: holders.size, wrong };
};
