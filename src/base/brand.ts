// Branded ids: strings that the compiler keeps apart. A ShowId can't be passed where a VariantId is
// wanted, and neither costs anything at run time. No parsing lives here beyond the id alphabet.

declare const brand: unique symbol;

/** `T` that only code which checked it may call `Name`. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

export type ShowId = Brand<string, 'ShowId'>;
export type ProductId = Brand<string, 'ProductId'>;
export type VariantId = Brand<string, 'VariantId'>;
export type PersonId = Brand<string, 'PersonId'>;
export type OfferId = Brand<string, 'OfferId'>;
export type HoldId = Brand<string, 'HoldId'>;
export type BidId = Brand<string, 'BidId'>;
export type OrderId = Brand<string, 'OrderId'>;
export type MessageId = Brand<string, 'MessageId'>;
export type PollId = Brand<string, 'PollId'>;
export type SegmentId = Brand<string, 'SegmentId'>;
export type CommandId = Brand<string, 'CommandId'>;
/** `<type>-<id>`: `show-…`, `stock-…`, `order-…`, `code-…`. */
export type StreamId = Brand<string, 'StreamId'>;

/** Ids travel in paths, stream names and NATS subjects: letters, digits, `_`, `-` and at most 64 of them. */
const idPattern = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/;

/** True when `text` may stand as an id of any kind. */
export const isId = (text: unknown): text is string =>
  typeof text === 'string' && idPattern.test(text);

export const showStream = (id: ShowId): StreamId => `show-${id}` as StreamId;
export const stockStream = (id: VariantId): StreamId => `stock-${id}` as StreamId;
export const personStream = (id: PersonId): StreamId => `person-${id}` as StreamId;
export const orderStream = (id: OrderId): StreamId => `order-${id}` as StreamId;
/** Of a promo code in its normal form (capitals). */
export const codeStream = (code: string): StreamId => `code-${code}` as StreamId;

/** The id behind the type in a stream's name: `stock-v1` → `v1`. */
export const idOfStream = (stream: StreamId): string => stream.slice(stream.indexOf('-') + 1);
/** The type in a stream's name: `stock-v1` → `stock`. */
export const typeOfStream = (stream: StreamId): string => stream.slice(0, stream.indexOf('-'));
