// What must be true of a log, whatever happened on the way: nothing lost, nothing doubled, no unit and no
// money out of nowhere. Reads the log alone, so that a wrong engine can't talk its way out.

import {
  type CommandId,
  type HoldId,
  idOfStream,
  type StreamId,
  typeOfStream,
} from '../src/base/brand.ts';
import type { Json } from '../src/base/json.ts';
import type { Order } from '../src/domain/order/order.ts';
import { isOfOneLot, LotRecount } from '../src/domain/sale/lot-recount.ts';
import type { LotTerms } from '../src/domain/sale/lot-terms.ts';
import type { Show, ShowEvent } from '../src/domain/show/show.ts';
import { availableOf, type Stock } from '../src/domain/stock/stock.ts';
import type { AnyDecider, Outcome } from '../src/engine/contract.ts';
import { canonicalJson } from '../src/log/canonical-json.ts';
import type { RecordedEvent } from '../src/log/event-log.ts';
import type { MemoryLog } from '../src/log/memory-log.ts';
import { dataOf } from '../src/log/open-part.ts';
import { checkDrops } from './drop-checks.ts';
import type { Charge } from './gateway.ts';

/** An answer as a node gave it. */
export interface Ack {
  readonly stream: StreamId;
  readonly commandId: CommandId;
  readonly outcome: Outcome;
}

/** What a stream holds after a place. */
export const eventsOf = (log: MemoryLog, stream: StreamId, afterSeq = 0): RecordedEvent[] =>
  log
    .storedRows(stream)
    .slice(afterSeq)
    .map((row) => ({
      stream,
      seq: row.seq,
      atMs: row.atMs,
      by: row.by,
      kind: row.kind,
      commandId: row.commandId as CommandId,
      personalHash: row.personalHash,
      hash: row.hash,
      data: dataOf(row.dataText, row.withheldText),
      ...(row.personalText === null ? {} : { personal: JSON.parse(row.personalText) as Json }),
    }));

/** The state at `seq` by replay from the first event, as canonical text of what a snapshot would hold. */
export const foldTo = (
  log: MemoryLog,
  deciders: readonly AnyDecider[],
  stream: StreamId,
  seq: number,
): string => {
  const decider = deciders.find(({ type }) => type === typeOfStream(stream))!;
  let state = decider.initial(idOfStream(stream));
  for (const event of eventsOf(log, stream).slice(0, seq))
    state = decider.evolve(state, event, { seq: event.seq, atMs: event.atMs });
  return canonicalJson(structuredClone(decider.save(state)) as Json);
};

/** Events that a show may have after its end: promises that run out, units that go home, cleaning up. */
const afterTheEnd = new Set([
  'HoldReleased',
  'HoldExpired',
  'PaymentBegun',
  'PaymentAbandoned',
  'HoldSettled',
  'UnitsReleased',
  'OfferAllocated',
  'MessageRemoved',
  'RecordingAttached',
  'SecondChanceOffered',
]);

export interface Evidence {
  readonly log: MemoryLog;
  readonly deciders: readonly AnyDecider[];
  readonly acks: readonly Ack[];
  readonly charges: ReadonlyMap<string, Charge>;
  readonly refunds: ReadonlyMap<string, { readonly paymentId: string }>;
  problem(what: string): void;
}

/** Checks a log at rest: every deadline has passed and every policy has caught up. */
export const check = async (
  evidence: Evidence,
): Promise<{
  events: number;
  sold: number;
  refunded: number;
  lotsSold: number;
  served: number;
  sets: number;
  byComment: number;
}> => {
  const { log, deciders, problem } = evidence;
  const streams = await log.streams('', '', 1_000_000);
  const events = new Map<StreamId, RecordedEvent[]>();
  const shows: Show[] = [];
  const stocks: Stock[] = [];
  const orders = new Map<string, Order>();
  for (const stream of streams) {
    const decider = deciders.find(({ type }) => type === typeOfStream(stream));
    if (decider === undefined) {
      problem(`nobody decides ${stream}`);
      continue;
    }
    const recorded = eventsOf(log, stream);
    events.set(stream, recorded);
    const state = checkStream(evidence, decider, stream, recorded);
    if (decider.type === 'show') shows.push(state as Show);
    if (decider.type === 'stock') stocks.push(state as Stock);
    if (decider.type === 'order') orders.set(idOfStream(stream), state as Order);
    const verified = await log.verify(stream);
    if (!verified.ok)
      problem(`the chain of ${stream} breaks at ${verified.brokenSeq} (${verified.reason})`);
  }
  checkAcks(evidence, events);
  const lotsSold = checkLots(evidence, events, shows);
  const served = checkDrops(problem, events, shows);
  const sold = checkUnits(evidence, events, shows, stocks, orders);
  const refunded = checkMoney(evidence, orders);
  return {
    events: [...events.values()].reduce((sum, list) => sum + list.length, 0),
    sold,
    refunded,
    lotsSold,
    served,
    sets: countOf(
      events,
      ({ kind, data }) => kind === 'HoldSettled' && 'parts' in (data as object),
    ),
    byComment: countOf(events, ({ kind }) => kind === 'CommentClaimed' || kind === 'CommentServed'),
  };
};

const countOf = (
  events: ReadonlyMap<StreamId, readonly RecordedEvent[]>,
  isOne: (event: RecordedEvent) => boolean,
): number => [...events.values()].reduce((sum, list) => sum + list.filter(isOne).length, 0);

/** Order, time, commands, and every prefix as a state that can be. */
const checkStream = (
  { problem }: Evidence,
  decider: AnyDecider,
  stream: StreamId,
  recorded: readonly RecordedEvent[],
): unknown => {
  let state = decider.initial(idOfStream(stream));
  let lastAtMs = 0;
  let hasEnded = false;
  const seen = new Set<CommandId>();
  let current: CommandId | null = null;
  for (const [index, event] of recorded.entries()) {
    const at = `${stream} ${event.seq} (${event.kind})`;
    if (event.seq !== index + 1) problem(`${at} stands at place ${index + 1}`);
    if (event.atMs < lastAtMs) problem(`${at} is earlier than the event before it`);
    lastAtMs = event.atMs;
    if (event.commandId !== current) {
      if (seen.has(event.commandId))
        problem(`${at}: command ${event.commandId} is in the log twice`);
      seen.add(event.commandId);
      current = event.commandId;
    }
    const isChance =
      event.kind === 'HoldPlaced' && recorded[index - 1]?.kind === 'SecondChanceOffered';
    if (hasEnded && !afterTheEnd.has(event.kind) && !isChance)
      problem(`${at} after the end of the show`);
    if (event.kind === 'ShowEnded') hasEnded = true;
    try {
      state = decider.evolve(state, event, { seq: event.seq, atMs: event.atMs });
      for (const wrong of wrongIn(decider.type, state)) problem(`${at}: ${wrong}`);
    } catch (error) {
      problem(`${at} can't be replayed: ${String(error)}`);
      return state;
    }
  }
  return state;
};

/** What can't be in a state, at any prefix of its stream. */
const wrongIn = (type: string, state: unknown): string[] => {
  const wrong: string[] = [];
  if (type === 'show') {
    const { sale } = state as Show;
    for (const { standing, terms } of sale.auction.lots.values()) {
      if (standing && standing.priceMinor > standing.leaderMaxMinor)
        wrong.push(`${terms.lotId} stands above its leader's maximum`);
    }
    for (const offer of sale.offers.values()) {
      const held = new Map<string, number>();
      for (const hold of sale.holds.values()) {
        if (hold.offerId === offer.terms.offerId)
          held.set(hold.variantId, (held.get(hold.variantId) ?? 0) + hold.quantity);
      }
      for (const [variantId, pool] of offer.pools) {
        const offered =
          offer.terms.variants.find((variant) => variant.variantId === variantId)?.quantity ?? 0;
        if (pool.left < 0 || pool.held < 0 || pool.sold < 0)
          wrong.push(`${variantId} has ${JSON.stringify(pool)}`);
        if (pool.allocated !== pool.left + pool.held + pool.sold)
          wrong.push(`${variantId} doesn't add up: ${JSON.stringify(pool)}`);
        if (pool.held + pool.sold > offered)
          wrong.push(`${variantId} is oversold: ${JSON.stringify(pool)} of ${offered}`);
        if (pool.held !== (held.get(variantId) ?? 0))
          wrong.push(`${variantId} holds ${pool.held}, its holds ${held.get(variantId) ?? 0}`);
      }
      for (const [person, taken] of offer.taken) {
        if (offer.terms.perPersonMax !== null && taken > offer.terms.perPersonMax)
          wrong.push(`${person} took ${taken} of at most ${offer.terms.perPersonMax}`);
      }
    }
  }
  if (type === 'stock' && availableOf(state as Stock) < 0)
    wrong.push('more is promised than there is');
  return wrong;
};

/** Every "done" is in the log, once, as it was told; nothing was told twice in two ways. */
const checkAcks = (
  { acks, problem }: Evidence,
  events: ReadonlyMap<StreamId, readonly RecordedEvent[]>,
): void => {
  const told = new Map<string, number>();
  for (const { stream, commandId, outcome } of acks) {
    if (outcome.kind !== 'done' || outcome.events.length === 0) continue;
    const own = (events.get(stream) ?? []).filter((event) => event.commandId === commandId);
    const asTold =
      own.length === outcome.events.length &&
      own.every(
        ({ hash, seq }, nth) =>
          outcome.events[nth]?.hash === hash && outcome.events[nth]?.seq === seq,
      );
    if (!asTold)
      problem(
        `${commandId} was acknowledged at ${stream} ${outcome.seq} and the log has ${own.map(({ seq }) => seq).join(', ') || 'nothing'}`,
      );
    const key = `${stream} ${commandId}`;
    if ((told.get(key) ?? outcome.seq) !== outcome.seq)
      problem(`${key} was told ${told.get(key)} and ${outcome.seq}`);
    told.set(key, outcome.seq);
  }
};

type Settled = {
  readonly holdId: HoldId;
  readonly quantity: number;
  readonly parts?: readonly { readonly quantity: number }[];
};

/** Units: what was counted into a variant is on hand or sold, and every sold one belongs to a paid order. */
const checkUnits = (
  { problem }: Evidence,
  events: ReadonlyMap<StreamId, readonly RecordedEvent[]>,
  shows: readonly Show[],
  stocks: readonly Stock[],
  orders: ReadonlyMap<string, Order>,
): number => {
  let sold = 0;
  for (const stock of stocks) {
    let counted = 0;
    let onHand = 0;
    for (const { kind, data } of events.get(`stock-${stock.variantId}` as StreamId) ?? []) {
      const figures = data as { onHand?: number; quantity?: number };
      if (kind === 'StockCounted') {
        counted += figures.onHand! - onHand;
        onHand = figures.onHand!;
      }
      if (kind === 'AllocationSold' || kind === 'ShelfHoldSettled') onHand -= figures.quantity!;
    }
    if (stock.onHand + stock.sold !== counted)
      problem(
        `${stock.variantId}: ${counted} counted in, ${stock.onHand} on hand and ${stock.sold} sold`,
      );
    if (stock.allocations.size > 0)
      problem(
        `${stock.variantId} is stranded in offers: ${JSON.stringify([...stock.allocations])}`,
      );
    if (stock.holds.size > 0)
      problem(`${stock.variantId} is stranded in carts: ${JSON.stringify([...stock.holds])}`);
    sold += stock.sold;
  }
  for (const show of shows) {
    if (show.sale.holds.size > 0)
      problem(`${show.showId} still holds ${[...show.sale.holds.keys()].join(', ')}`);
    for (const { phase, terms } of show.sale.offers.values()) {
      if (phase !== 'closed' && phase !== 'refused')
        problem(`offer ${terms.offerId} stays ${phase}`);
    }
  }
  const settled = new Map<HoldId, number>();
  for (const list of events.values()) {
    for (const { kind, data, stream } of list) {
      if (kind !== 'HoldSettled' && kind !== 'ShelfHoldSettled') continue;
      const { holdId, quantity, parts } = data as unknown as Settled;
      if (settled.has(holdId)) problem(`hold ${holdId} was settled twice, at last in ${stream}`);
      // In stock a bundle is its parts.
      settled.set(holdId, parts?.reduce((units, part) => units + part.quantity, 0) ?? quantity);
      const order = orders.get(holdId);
      if (order === undefined || order.paymentId === null)
        problem(`hold ${holdId} was settled and its order is ${order?.phase ?? 'unknown'}`);
    }
  }
  const settledUnits = [...settled.values()].reduce((sum, quantity) => sum + quantity, 0);
  if (settledUnits !== sold) problem(`${settledUnits} units were settled, ${sold} left the house`);
  for (const order of orders.values()) {
    if (order.phase === 'placed' || order.phase === 'paying' || order.phase === 'refunding')
      problem(`order ${order.orderId} stays ${order.phase}`);
    for (const { paymentId, refundId } of order.duplicates) {
      if (refundId === null) problem(`order ${order.orderId} still keeps ${paymentId}`);
    }
    const gotUnits = settled.has(order.orderId as string as HoldId);
    if (order.phase === 'paid' && !gotUnits)
      problem(`order ${order.orderId} is paid and got no units`);
    if (order.phase === 'cancelled' && gotUnits)
      problem(`order ${order.orderId} is cancelled and got units`);
    if (
      order.phase === 'refunded' &&
      gotUnits &&
      !refundedByCrew(events.get(`order-${order.orderId}` as StreamId) ?? [])
    ) {
      problem(`order ${order.orderId} got units and its money back`);
    }
  }
  return sold;
};

const refundedByCrew = (events: readonly RecordedEvent[]): boolean =>
  events.some(
    ({ kind, data }) =>
      kind === 'RefundRequested' && (data as { reason: string }).reason === 'crew',
  );

/** Money: every charge is a paid order's or went back, once. */
const checkMoney = (
  { charges, refunds, problem }: Evidence,
  orders: ReadonlyMap<string, Order>,
): number => {
  const back = new Map<string, number>();
  for (const { paymentId } of refunds.values()) back.set(paymentId, (back.get(paymentId) ?? 0) + 1);
  for (const [paymentId, times] of back) {
    if (!charges.has(paymentId)) problem(`${paymentId} was given back and never taken`);
    if (times > 1) problem(`${paymentId} was given back ${times} times`);
  }
  for (const [paymentId, { orderId }] of charges) {
    const order = orders.get(orderId);
    const isKept = order?.phase === 'paid' && order.paymentId === paymentId;
    if (isKept === back.has(paymentId))
      problem(
        `${paymentId} of order ${orderId} (${order?.phase ?? 'unknown'}) was ${isKept ? 'kept and given back' : 'neither kept nor given back'}`,
      );
  }
  return back.size;
};

/** Lots: each can be recounted from what is public of it, ends, and is promised to its winner at its price. */
const checkLots = (
  { problem }: Evidence,
  events: ReadonlyMap<StreamId, readonly RecordedEvent[]>,
  shows: readonly Show[],
): number => {
  let sold = 0;
  for (const show of shows) {
    if (show.sale.auction.run !== null) problem(`a run of ${show.showId} never stops`);
    for (const { phase, terms } of show.sale.auction.lots.values()) {
      if (!['sold', 'unsold', 'cancelled', 'withdrawn'].includes(phase))
        problem(`lot ${terms.lotId} stays ${phase}`);
      if (phase === 'sold') sold += 1;
    }
    const log = events.get(`show-${show.showId}` as StreamId) ?? [];
    for (const { terms } of show.sale.auction.lots.values())
      for (const wrong of wrongInLot(log, terms)) problem(`lot ${terms.lotId}: ${wrong}`);
  }
  return sold;
};

type HoldPlacedData = {
  holdId: string;
  offerId: string;
  personId: string;
  price: { minor: number };
};

const wrongInLot = (log: readonly RecordedEvent[], { lotId, quantity }: LotTerms): string[] => {
  const wrong: string[] = [];
  let recount: LotRecount | null = null;
  const people = new Map<number, string>();
  const placed: HoldPlacedData[] = [];
  let settled = 0;
  for (const recorded of log) {
    const event = recorded as unknown as ShowEvent;
    if (event.kind === 'LotPrepared' && event.data.terms.lotId === lotId)
      recount = new LotRecount(event.data);
    if (event.kind === 'HoldPlaced' && event.data.offerId === lotId) placed.push(event.data);
    if (event.kind === 'HoldSettled' && event.data.offerId === lotId) settled += 1;
    if (!isOfOneLot(event) || event.data.lotId !== lotId) continue;
    const found = recount?.take(event, recorded.atMs);
    if (found) wrong.push(`${recorded.seq} (${event.kind}): ${found}`);
    if ((event.kind === 'BidPlaced' || event.kind === 'LotTaken') && event.personal)
      people.set(event.data.alias, event.personal.personId);
    if (event.kind === 'LotHammered' && event.data.outcome === 'sold' && event.data.price) {
      const { price, alias } = event.data;
      const last = placed.at(-1);
      if (last?.price.minor !== price.minor || last.personId !== people.get(alias!))
        wrong.push(`its hold isn't the winner's at the hammer's price`);
    }
  }
  const found = recount?.end();
  if (found) wrong.push(found);
  if (settled > quantity) wrong.push(`${settled} were sold of ${quantity}`);
  return wrong;
};
