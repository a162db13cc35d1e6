// A person's receipts: the events of shows that they caused and that a receipt is given for, with the title
// of what it was about. Which kinds these are is the domain's word (published-form.ts); the signature isn't
// kept, since it can be made again at any time.

import { type Kysely, sql, type Transaction } from 'kysely';
import { idOfStream, typeOfStream } from '../base/brand.ts';
import type { Money } from '../base/money.ts';
import { isReceipted } from '../domain/show/published-form.ts';
import type { ShowEvent } from '../domain/show/show.ts';
import type { RecordedEvent } from '../log/event-log.ts';
import type { View } from './projector.ts';
import type { ReceiptRow, ViewTables } from './tables.ts';

type Titles = { readonly title: string; readonly variants: Readonly<Record<string, string>> };

export const receiptsView: View = {
  name: 'receipts',
  async clear(tx) {
    await tx.deleteFrom('receipt_view').execute();
    await tx.deleteFrom('receipt_subject_view').execute();
  },
  async apply(tx, events) {
    const ofShows = events.filter(({ stream }) => typeOfStream(stream) === 'show');
    const named = ofShows.flatMap(subjectOf);
    if (named.length > 0)
      await tx
        .insertInto('receipt_subject_view')
        .values([...new Map(named.map((row) => [`${row.show_id} ${row.offer_id}`, row])).values()])
        .onConflict((conflict) =>
          conflict
            .columns(['show_id', 'offer_id'])
            .doUpdateSet({ titles: sql<string>`excluded.titles` }),
        )
        .execute();
    const receipted = ofShows.filter((event) => event.by !== null && isReceipted(event));
    if (receipted.length === 0) return;
    const titles = await titlesOf(tx, receipted);
    await tx
      .insertInto('receipt_view')
      .values(receipted.map((event) => rowOf(event, titles)))
      .execute();
  },
};

/** What an offer or a lot is called, when the event says so. */
const subjectOf = (recorded: RecordedEvent) => {
  const event = recorded as unknown as ShowEvent;
  if (event.kind !== 'OfferRequested' && event.kind !== 'LotPrepared') return [];
  const { terms } = event.data;
  const titles: Titles = {
    title: terms.title,
    variants:
      'variants' in terms
        ? Object.fromEntries(terms.variants.map(({ variantId, title }) => [variantId, title]))
        : {},
  };
  const offerId = 'lotId' in terms ? terms.lotId : terms.offerId;
  return [
    {
      show_id: idOfStream(recorded.stream),
      offer_id: offerId as string,
      titles: JSON.stringify(titles),
    },
  ];
};

/** The members that receipted events have of these; each kind has some. */
type About = {
  readonly offerId?: string;
  readonly lotId?: string;
  readonly dropId?: string;
  readonly variantId?: string;
  readonly quantity?: number;
  readonly price?: Money | null;
};
const aboutOf = ({ data }: RecordedEvent) => data as About;
/** A lot and a drop have the id of the offer that holds their units. */
const offerOf = (event: RecordedEvent): string => {
  const { offerId, lotId, dropId } = aboutOf(event);
  return offerId ?? lotId ?? dropId ?? '';
};

const titlesOf = async (
  tx: Transaction<ViewTables>,
  events: readonly RecordedEvent[],
): Promise<ReadonlyMap<string, Titles>> => {
  const rows = await tx
    .selectFrom('receipt_subject_view')
    .selectAll()
    .where('show_id', 'in', [...new Set(events.map(({ stream }) => idOfStream(stream)))])
    .where('offer_id', 'in', [...new Set(events.map(offerOf))])
    .execute();
  return new Map(
    rows.map((row) => [`${row.show_id} ${row.offer_id}`, JSON.parse(row.titles) as Titles]),
  );
};

const rowOf = (event: RecordedEvent, titles: ReadonlyMap<string, Titles>): ReceiptRow => {
  const { variantId, quantity, price } = aboutOf(event);
  const showId = idOfStream(event.stream);
  const subject = titles.get(`${showId} ${offerOf(event)}`);
  const variant = subject?.variants[variantId ?? ''] ?? '';
  return {
    show_id: showId,
    seq: event.seq,
    person_id: event.by!,
    hash: event.hash,
    kind: event.kind,
    command_id: event.commandId,
    at_ms: event.atMs,
    title: [subject?.title ?? '', variant].filter((part) => part !== '').join(' · '),
    quantity: quantity ?? null,
    amount_minor: price?.minor ?? null,
    currency: price?.currency ?? null,
  };
};

/** A person's receipts, the latest first. */
export const receiptsOf = (
  db: Kysely<ViewTables>,
  options: { readonly personId: string; readonly offset: number; readonly limit: number },
): Promise<(ReceiptRow & { show_title: string | null })[]> =>
  db
    .selectFrom('receipt_view')
    .leftJoin('show_view', 'show_view.show_id', 'receipt_view.show_id')
    .selectAll('receipt_view')
    .select('show_view.title as show_title')
    .where('person_id', '=', options.personId)
    .orderBy('at_ms', 'desc')
    .orderBy('receipt_view.show_id')
    .orderBy('seq', 'desc')
    .offset(options.offset)
    .limit(options.limit)
    .execute();

/** One receipt of a person; undefined when there is none, or it is somebody else's. */
export const receiptAt = (
  db: Kysely<ViewTables>,
  personId: string,
  showId: string,
  seq: number,
): Promise<ReceiptRow | undefined> =>
  db
    .selectFrom('receipt_view')
    .selectAll()
    .where('show_id', '=', showId)
    .where('seq', '=', seq)
    .where('person_id', '=', personId)
    .executeTakeFirst();
