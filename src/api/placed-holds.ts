// Where a hold was placed, for whom and at what price: what paying for it rests on. Also once it has ended, so
// that a checkout that is sent again finds its order. Reading only.

import type { Kysely } from 'kysely';
import {
  type HoldId,
  isId,
  type OrderId,
  orderStream,
  type ShowId,
  type StreamId,
  type VariantId,
} from '../base/brand.ts';
import { type Money, money } from '../base/money.ts';
import type { OrderEvent } from '../domain/order/order.ts';
import type { EventLog } from '../log/event-log.ts';
import { holdById } from '../views/holds.ts';
import type { Projector } from '../views/projector.ts';
import type { ViewTables } from '../views/tables.ts';

/** A hold as it was placed; whether it still stands is for its stream to decide. */
export type PlacedHold = {
  readonly stream: StreamId;
  readonly holdId: HoldId;
  readonly personId: string;
  readonly showId: ShowId | null;
  /** Null for one from the shelf. */
  readonly offerId: string | null;
  readonly variantId: VariantId;
  readonly quantity: number;
  readonly unitPrice: Money;
};

export type PlacedHoldsOptions = {
  readonly db: Kysely<ViewTables>;
  readonly log: EventLog;
  readonly projector: Pick<Projector, 'reached'>;
};

/** Answers null for a hold that was never placed in this stream. */
export const placedHolds = (options: PlacedHoldsOptions) => {
  const { log, projector } = options;
  return async (stream: string, holdId: string): Promise<PlacedHold | null> => {
    if (!/^(show|stock)-/.test(stream) || !isId(holdId)) return null;
    const at = { stream: stream as StreamId, holdId: holdId as HoldId };
    const found =
      (await claimed(log, at)) ?? (await standing(options, at)) ?? (await ordered(log, at));
    if (found || !stream.startsWith('show-')) return found;
    // A hold that the show placed by itself a moment ago: the view is on the way there.
    await projector.reached(at.stream, (await log.head(at.stream)).version);
    return standing(options, at);
  };
};

type Place = { readonly stream: StreamId; readonly holdId: HoldId };

const showOf = (stream: StreamId): ShowId => stream.slice('show-'.length) as ShowId;

/** A claimed hold's id is its command's id: the log's own index of commands finds it. */
const claimed = async (log: EventLog, place: Place): Promise<PlacedHold | null> => {
  const { stream, holdId } = place;
  const recorded = (await log.recorded(stream, [holdId as never])).get(holdId as never);
  if (!recorded) return null;
  const [event] = await log.read(stream, recorded.firstSeq, 1);
  if (event?.kind !== 'HoldPlaced' && event?.kind !== 'ShelfHoldPlaced') return null;
  const data = event.data as {
    personId: string;
    variantId?: VariantId;
    offerId?: string;
    showId?: ShowId | null;
    quantity: number;
    price: Money;
  };
  const id = stream.slice(stream.indexOf('-') + 1);
  return {
    ...place,
    personId: data.personId,
    showId: event.kind === 'HoldPlaced' ? showOf(stream) : (data.showId ?? null),
    offerId: data.offerId ?? null,
    variantId: data.variantId ?? (id as VariantId),
    quantity: data.quantity,
    unitPrice: data.price,
  };
};

/** One that a line or a hammer placed has no command of its buyer: while it stands the view has it. */
const standing = async (
  { db }: Pick<PlacedHoldsOptions, 'db'>,
  place: Place,
): Promise<PlacedHold | null> => {
  const row = await holdById(db, place.holdId);
  if (row?.stream !== place.stream) return null;
  return {
    ...place,
    personId: row.person_id,
    showId: row.show_id as ShowId | null,
    offerId: row.offer_id,
    variantId: row.variant_id as VariantId,
    quantity: row.quantity,
    unitPrice: money(row.unit_price_minor, row.currency),
  };
};

/** One that has ended: the order that was placed from it bears its id and says what it was. */
const ordered = async (log: EventLog, place: Place): Promise<PlacedHold | null> => {
  const [event] = await log.read(orderStream(place.holdId as string as OrderId), 1, 1);
  if (event?.kind !== 'OrderPlaced') return null;
  const { hold, personId, showId, lines } = event.data as unknown as Extract<
    OrderEvent,
    { kind: 'OrderPlaced' }
  >['data'];
  const [line] = lines;
  if (hold.stream !== place.stream || !line) return null;
  const { variantId, quantity, unitPrice } = line;
  return { ...place, personId, showId, offerId: null, variantId, quantity, unitPrice };
};
