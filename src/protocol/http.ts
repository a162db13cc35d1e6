// The bodies of the HTTP interface around shows, holds and orders: schemas that the server checks and
// that make /openapi.json, and the types that the web takes from them. Catalogue and people stand in
// catalogue.ts. Times are milliseconds since the Unix epoch, amounts integer minor units.
//
//   GET    /api/shop                          ShopInfo                      (anyone)
//   GET    /api/shows                         { shows: ShowSummary[] }      (anyone; live, coming, past)
//   POST   /api/shows                         PlanShow → ShowSummary        (owner, host)
//   GET    /api/shows/{show}                  ShowDetail                    (anyone)
//   PUT    /api/shows/{show}/plan             ChangePlan → ShowDetail       (owner, host; while planned)
//   PUT    /api/shows/{show}/cover            multipart: file              (owner, host)
//   DELETE /api/shows/{show}/cover
//   PUT    /api/shows/{show}/watch-by         { watchBy }                   (owner, host; before and while live)
//   POST   /api/shows/{show}/watch-token      → 201 WatchToken               (signed in, who may watch)
//   GET    /api/shows/{show}/segments         { segments }                  (crew: with notes and cues)
//   PUT    /api/shows/{show}/segments         { segments }                  (owner, host)
//   PATCH  /api/shows/{show}/segments         { edits }                     (owner, host)
//   POST   /api/shows/{show}/disclosed                                       (owner, host; while live)
//   PUT    /api/shows/{show}/shelf            { productIds }                (owner, host)
//   POST   /api/shows/{show}/go-live | end | cancel                          (owner, host)
//   POST   /api/shows/{show}/segment          { segmentId }                 (owner, host)
//   POST   /api/shows/{show}/pin              { productId | null }          (owner, host)
//   GET    /api/products/{product}/reference-prices  ReferencePrices        (owner, host)
//   POST   /api/shows/{show}/offers           OpenOffer → 202 { offerId }   (owner, host)
//   PUT    /api/shows/{show}/comment-claims   { isOn }                      (owner)
//   POST   /api/shows/{show}/offers/{offer}/close                            (owner, host)
//   DELETE /api/shows/{show}/messages/{id}    { reason? }                   (crew, the author)
//   GET    /api/shows/{show}/replay           Replay                        (anyone; after the end)
//   POST   /api/shows/{show}/captions         CaptionBody (captions.ts)     (crew)
//   GET    /api/shows/{show}/captions.vtt     WebVTT                        (anyone; after the end)
//   GET    /api/shows/{show}/log              NDJSON (receipt.ts)           (anyone; after the end)
//   GET    /api/keys                          { keys: PublicKey[] }         (anyone)
//   GET    /api/me/receipts?page=             { receipts: ReceiptSummary[], more } (anyone signed in: own)
//   GET    /api/me/receipts/{show}/{seq}      ReceiptFile                   (own)
//   POST   /api/shows/{show}/claims           Claim → ClaimAnswer           (shopper; the socket does the same)
//   POST   /api/holds                         HoldFromShelf → ClaimAnswer   (shopper; no offer: shelf or replay)
//   GET    /api/holds                         { holds: MyHold[] }           (shopper: own)
//   DELETE /api/holds/{stream}/{hold}                                        (shopper: own)
//   GET    /api/holds/{stream}/{hold}/price   Totals                        (shopper: own)
//   GET    /api/shows/{show}/parcel           ParcelAnswer                  (shopper: own)
//   POST   /api/checkout                      Checkout → OrderView          (shopper; Idempotency-Key)
//   GET    /api/orders/{order}                OrderView                     (buyer, owner, host)
//   GET    /api/orders?mine=1&page=           { orders: OrderView[], more } (buyer: own; owner, host: all)
//   POST   /api/orders/{order}/refund         → OrderView                   (owner)
//   GET    /media/recordings/…                the recording (range requests)
//   POST   /whip/{show}, /whep/{show}         application/sdp
// Every POST that changes something takes `Idempotency-Key` (1-64 of A-Z a-z 0-9 _ -): a repeat gets the
// first answer. Errors are RFC 9457 problem documents (problems.ts).

import { z } from 'zod';
import { limits } from '../base/limits.ts';
import type { Money } from '../base/money.ts';
import { beats, disclosures, showKinds, watchWays } from '../base/words.ts';
import { pollTerms } from './polls.ts';
import type { Room, RoomMessage } from './room.ts';
import type { CaptionCue } from './web-vtt.ts';

export const id = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/);
export const moneySchema = z.object({ minor: z.number().int(), currency: z.string().length(3) });

/** What is ready to fire in a segment. */
export const segmentCueBody = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('offer'),
    productId: id,
    variants: z
      .array(
        z.object({
          variantId: id,
          priceMinor: z.number().int().nonnegative(),
          quantity: z.number().int().min(1),
        }),
      )
      .min(1)
      .max(limits.offerVariantsMax),
    perPersonMax: z.number().int().min(1).nullable(),
    durationMs: z.number().int().min(1).max(limits.offerMsMax),
  }),
  pollTerms.extend({ kind: z.literal('poll') }),
  z.object({ kind: z.literal('lot'), id }),
  z.object({ kind: z.literal('drop'), id }),
]);
export type SegmentCueBody = z.infer<typeof segmentCueBody>;

export const segmentBody = z.object({
  segmentId: id,
  title: z.string().trim().min(1).max(limits.titleMax),
  beat: z.enum(beats),
  minutes: z.number().positive().max(1440),
  productIds: z.array(id).max(limits.shelfProductsMax),
  notes: z.string().max(limits.noteMax),
  disclosure: z.enum(disclosures).optional(),
  cues: z.array(segmentCueBody).max(limits.segmentCuesMax).optional(),
});
export type SegmentBody = z.infer<typeof segmentBody>;

/** One change of a run of show (docs/rules/show.md, SHO-12). `after: null`: at the head. */
export const segmentEdit = z.discriminatedUnion('do', [
  z.object({ do: z.literal('add'), segment: segmentBody, after: id.nullable() }),
  z.object({
    do: z.literal('change'),
    segmentId: id,
    change: segmentBody
      .omit({ segmentId: true, disclosure: true })
      .extend({ disclosure: z.enum(disclosures).nullable() })
      .partial(),
  }),
  z.object({ do: z.literal('move'), segmentId: id, after: id.nullable() }),
  z.object({ do: z.literal('remove'), segmentId: id }),
]);
export type SegmentEditBody = z.infer<typeof segmentEdit>;
export const segmentEditsBody = z.object({
  edits: z.array(segmentEdit).min(1).max(limits.segmentEditsMax),
});
export const runOfShow = z.object({ segments: z.array(segmentBody) });

/** Who may watch and take part. */
export const accessBody = z.discriminatedUnion('for', [
  z.object({ for: z.literal('everybody') }),
  z.object({ for: z.literal('ticket'), productId: id, variantId: id }),
  z.object({
    for: z.literal('members'),
    tier: z.string().trim().min(1).max(limits.tierNameMax),
  }),
]);
export type AccessBody = z.infer<typeof accessBody>;

/** What to have at hand; `productId` where the shop has it. */
export const materialBody = z.object({
  title: z.string().trim().min(1).max(limits.titleMax),
  quantity: z.string().trim().max(limits.materialQuantityMax).default(''),
  note: z.string().trim().max(limits.reasonMax).default(''),
  productId: id.nullable().default(null),
});
export type MaterialBody = z.infer<typeof materialBody>;

export const planShowBody = z.object({
  title: z.string().trim().min(1).max(limits.titleMax),
  showKind: z.enum(showKinds),
  startsAtMs: z.number().int().nonnegative(),
  disclosure: z.enum(disclosures).default('own-brand'),
  /** Who pays for a paid partnership; empty: nobody is named. */
  partner: z.string().trim().max(limits.partnerMax).optional(),
  /** How long the evening is meant to be; null: as long as its segments. */
  minutes: z.number().positive().max(1440).nullable().optional(),
  /** Absent: the template of the kind. */
  segments: z.array(segmentBody).max(limits.segmentsMax).optional(),
  productIds: z.array(id).max(limits.shelfProductsMax).default([]),
  /** Absent: everybody. */
  access: accessBody.optional(),
  materials: z.array(materialBody).max(limits.materialsMax).optional(),
  /** How viewers are given the picture first. Absent: by WebRTC. */
  watchBy: z.enum(watchWays).optional(),
});
export type PlanShowBody = z.input<typeof planShowBody>;

export const changePlanBody = planShowBody.pick({
  title: true,
  showKind: true,
  startsAtMs: true,
  disclosure: true,
  partner: true,
  minutes: true,
  access: true,
  materials: true,
  watchBy: true,
});
export type ChangePlanBody = z.input<typeof changePlanBody>;

/** For a player that isn't a page of the shop: where it watches, and with which bearer token until when. */
export const watchToken = z.object({
  address: z.string(),
  token: z.string(),
  expiresAtMs: z.number(),
});
export type WatchToken = z.infer<typeof watchToken>;

export const watchByBody = z.object({ watchBy: z.enum(watchWays) });
export const segmentsBody = z.object({ segments: z.array(segmentBody).max(limits.segmentsMax) });
export const shelfBody = z.object({ productIds: z.array(id).max(limits.shelfProductsMax) });
export const enterSegmentBody = z.object({ segmentId: id });
export const pinBody = z.object({ productId: id.nullable() });

/** Several variants that are sold together, all or none (docs/rules/price.md, PRI-19). */
export const bundleBody = z.object({
  title: z.string().trim().min(1).max(limits.titleMax),
  priceMinor: z.number().int().nonnegative(),
  membersPriceMinor: z.number().int().nonnegative().nullable().default(null),
  quantity: z.number().int().min(1),
  parts: z
    .array(z.object({ productId: id, variantId: id, quantity: z.number().int().min(1) }))
    .min(1)
    .max(limits.bundlePartsMax),
});
export type BundleBody = z.output<typeof bundleBody>;

export const openOfferBody = z.object({
  productId: id,
  variants: z
    .array(
      z.object({
        variantId: id,
        priceMinor: z.number().int().nonnegative(),
        /** What members claim it at; null: the same as everybody. */
        membersPriceMinor: z.number().int().nonnegative().nullable().default(null),
        quantity: z.number().int().min(1),
      }),
    )
    .max(limits.offerVariantsMax),
  bundles: z.array(bundleBody).max(limits.offerVariantsMax).default([]),
  perPersonMax: z.number().int().min(1).nullable().default(null),
  durationMs: z.number().int().min(1).max(limits.offerMsMax),
  holdMs: z.number().int().min(limits.holdMsMin).max(limits.holdMsMax).default(limits.holdMs),
  /** Code words that claim a variant in the chat (docs/rules/comment-claim.md). Absent: none. */
  comments: z
    .object({
      policy: z.enum(['hold', 'first-paid', 'waitlist']),
      codes: z
        .array(z.object({ variantId: id, word: z.string().max(limits.titleMax) }))
        .min(1)
        .max(limits.offerVariantsMax),
    })
    .optional(),
});
export type OpenOfferBody = z.input<typeof openOfferBody>;

export const commentClaimsBody = z.object({ isOn: z.boolean() });

export const referencePricesAnswer = z.object({
  prices: z.array(z.object({ variantId: id, price: moneySchema })),
});
export type ReferencePrices = z.infer<typeof referencePricesAnswer>;

export const claimBody = z.object({
  offerId: id,
  variantId: id,
  quantity: z.number(),
  /** The buyer was asked about an amount above their own threshold and said yes. */
  confirmed: z.boolean().optional(),
});
export const holdFromShelfBody = z.object({
  variantId: id,
  quantity: z.number(),
  showId: id.nullable().default(null),
  confirmed: z.boolean().optional(),
});
export const claimAnswer = z.object({
  holdId: id,
  stream: z.string(),
  seq: z.number(),
  hash: z.string(),
  expiresAtMs: z.number(),
  unitPrice: moneySchema,
  quantity: z.number(),
});
export type ClaimAnswer = z.infer<typeof claimAnswer>;

export const addressBody = z.object({
  name: z.string().trim().min(1).max(100),
  line1: z.string().trim().min(1).max(120),
  line2: z.string().trim().max(120).default(''),
  postcode: z.string().trim().min(1).max(16),
  city: z.string().trim().min(1).max(80),
  country: z.string().regex(/^[A-Z]{2}$/),
});
export type AddressBody = z.input<typeof addressBody>;

export const checkoutBody = z.object({
  stream: z.string().max(80),
  holdId: id,
  email: z.email().max(200),
  address: addressBody,
  /** The gateway's token; in the sandbox a test card number such as 4242424242424242. Not for what costs nothing. */
  paymentMethod: z.string().min(1).max(200).optional(),
  /** Promo codes; more than one at a time is refused. */
  codes: z.array(z.string().max(64)).max(5).default([]),
  /** The total that the button showed. A different one now is refused, never charged. */
  totalMinor: z.number().int(),
});

export const totalsSchema = z.object({
  goods: moneySchema,
  discount: moneySchema,
  shipping: moneySchema,
  tax: moneySchema,
  total: moneySchema,
});

/** A parcel of a show that further goods for the same address go into for nothing more. */
export const parcelAnswer = z.object({
  parcel: z.object({ orderId: id, address: addressBody.required() }).nullable(),
});
export type ParcelAnswer = z.infer<typeof parcelAnswer>;

export const orderPhases = [
  'placed',
  'paying',
  'paid',
  'cancelled',
  'refunding',
  'refunded',
] as const;
export const orderView = z.object({
  orderId: id,
  /** For people: short and readable aloud. */
  number: z.string(),
  phase: z.enum(orderPhases),
  placedAtMs: z.number(),
  paidAtMs: z.number().nullable(),
  showId: id.nullable(),
  showTitle: z.string().nullable(),
  buyer: z.object({ personId: id, name: z.string(), email: z.string() }),
  address: addressBody.nullable(),
  lines: z.array(
    z.object({
      productId: id,
      variantId: id,
      title: z.string(),
      quantity: z.number(),
      unitPrice: moneySchema,
      /** Of a bundle: what one is made of. */
      parts: z
        .array(z.object({ title: z.string(), quantity: z.number() }))
        .readonly()
        .optional(),
      imageUrl: z.string().nullable(),
    }),
  ),
  totals: totalsSchema,
  /** The promo code whose discount is in the totals. */
  code: z.string().nullable(),
  /** Why it is cancelled, declined or refunded; null otherwise. */
  reason: z.string().nullable(),
  sandbox: z.boolean(),
});
export type OrderView = z.infer<typeof orderView>;

export const showSummary = z.object({
  showId: id,
  title: z.string(),
  showKind: z.enum(showKinds),
  phase: z.enum(['planned', 'live', 'ended', 'cancelled']),
  startsAtMs: z.number(),
  startedAtMs: z.number().nullable(),
  endedAtMs: z.number().nullable(),
  hostId: id,
  hostName: z.string(),
  disclosure: z.enum(disclosures),
  isDemo: z.boolean(),
  viewers: z.number(),
  /** What stands for the show: its own cover or a picture of it, the newest picture while it is live. */
  posterUrl: z.string().nullable(),
  /** The cover that was chosen for it, whatever stands for it now. */
  coverUrl: z.string().nullable(),
  hasRecording: z.boolean(),
  access: z.enum(['everybody', 'ticket', 'members']),
});
export type ShowSummary = z.infer<typeof showSummary>;

/** Something of the shop's that a page offers to buy. */
export type ShopItem = {
  readonly productId: string;
  readonly title: string;
  readonly imageUrl: string | null;
  readonly variants: readonly {
    readonly variantId: string;
    readonly title: string;
    readonly price: Money;
  }[];
};

/** How somebody gets in, and what they should bring. */
export type ShowEntry = {
  readonly mayEnter: boolean;
  /** The ticket with the variant that is it alone; null when none is asked for, or it is no longer sold. */
  readonly ticket: ShopItem | null;
  readonly materials: readonly (Omit<MaterialBody, 'productId'> & {
    readonly item: ShopItem | null;
  })[];
};

export type ShowDetail = {
  readonly show: ShowSummary;
  /** Of a show that they may not enter: the plan and the run of show alone. */
  readonly room: Room;
  /** The run of show with the crew's notes; null for the crowd. */
  readonly segments: readonly SegmentBody[] | null;
  readonly entry: ShowEntry;
};

/** A replay: the room as it stood at the end, the recording, and every message at its moment. */
export type Replay = {
  readonly room: Room;
  /** `offsetMs`: milliseconds into the recording; negative: before its first frame. */
  readonly moments: readonly { readonly offsetMs: number; readonly message: RoomMessage }[];
  /** What was said, written down; empty where nobody did. */
  readonly cues: readonly CaptionCue[];
};

export const shopInfo = z.object({
  name: z.string(),
  currency: z.string(),
  /** Payments, mail and post that only pretend. Always said on screen. */
  sandbox: z.object({ payments: z.boolean(), mail: z.boolean() }),
  shippingMinor: z.number(),
  taxIncludedMilliPercent: z.number(),
  needsSetup: z.boolean(),
  version: z.string(),
});
export type ShopInfo = z.infer<typeof shopInfo>;
