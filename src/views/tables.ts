// The tables of the read models, as Kysely sees them. bigint columns come back as numbers: they hold
// milliseconds, minor units and counts, all far below 2^53 (database.ts sets the parser).

export type ShowRow = {
  show_id: string;
  title: string;
  show_kind: string;
  phase: string;
  starts_at_ms: number;
  started_at_ms: number | null;
  ended_at_ms: number | null;
  host_id: string;
  host_name: string;
  shop_name: string;
  disclosure: string;
  is_demo: boolean;
  segments: string;
  recording_url: string | null;
  poster_url: string | null;
  /** What the shop chose to stand for the show. */
  cover_url: string | null;
  /** Who pays for it, where that is named. */
  partner: string | null;
  /** Who may come in, as JSON of the plan's access. */
  access: string;
  /** The event that last changed the plan or cancelled the show, and when. */
  plan_seq: number;
  plan_at_ms: number;
};

/** An item on a show's shelf; `words` is what it is found by (`normalWords`). */
export type ShowItemRow = {
  show_id: string;
  product_id: string;
  place: number;
  title: string;
  image_url: string | null;
  price_minor: number | null;
  currency: string | null;
  words: string;
};

export type StockRow = {
  variant_id: string;
  seq: number;
  on_hand: number;
  allocated: number;
  held: number;
  sold: number;
};

export type HoldRow = {
  hold_id: string;
  stream: string;
  person_id: string;
  show_id: string | null;
  offer_id: string | null;
  variant_id: string;
  quantity: number;
  unit_price_minor: number;
  currency: string;
  expires_at_ms: number;
  paying: boolean;
};

export type OrderRow = {
  order_id: string;
  number: number;
  phase: string;
  person_id: string;
  buyer_name: string;
  show_id: string | null;
  placed_at_ms: number;
  paid_at_ms: number | null;
  lines: string;
  totals: string;
  code: string | null;
  address: string | null;
  email: string | null;
  payment_provider: string | null;
  reason: string | null;
};

export type ReceiptRow = {
  show_id: string;
  seq: number;
  person_id: string;
  hash: string;
  kind: string;
  command_id: string;
  at_ms: number;
  title: string;
  quantity: number | null;
  amount_minor: number | null;
  currency: string | null;
};

export type ReceiptSubjectRow = { show_id: string; offer_id: string; titles: string };

export type AskedPriceRow = {
  offer_id: string;
  variant_id: string;
  by_drop: boolean;
  price_minor: number;
  currency: string;
  from_ms: number | null;
  until_ms: number | null;
};

export type CodeRow = {
  code: string;
  made_at_ms: number;
  terms: string;
  is_ended: boolean;
  uses: number;
};

/** A person's limits: their stream's state at `seq`, as JSON. */
export type LimitsRow = { person_id: string; seq: number; state: string };

export type BundleRow = { bundle_id: string; product_id: string; title: string; parts: string };

export type ClipRow = {
  show_id: string;
  clip_id: string;
  lot_id: string | null;
  segment_id: string | null;
  title: string;
  /** JSON: words of disclosure, the weightiest first. */
  disclosures: string;
  url: string;
  poster_url: string | null;
  started_at_ms: number;
  duration_ms: number;
  lead_ms: number;
  /** Why it is there no more; null while it is. */
  gone: string | null;
};
export type ClipProductRow = { product_id: string; show_id: string; clip_id: string };

export type ViewTables = {
  clip_view: ClipRow;
  clip_product_view: ClipProductRow;
  show_view: ShowRow;
  show_item_view: ShowItemRow;
  limits_view: LimitsRow;
  stock_view: StockRow;
  hold_view: HoldRow;
  order_view: OrderRow;
  receipt_view: ReceiptRow;
  receipt_subject_view: ReceiptSubjectRow;
  asked_price_view: AskedPriceRow;
  code_view: CodeRow;
  bundle_view: BundleRow;
};
