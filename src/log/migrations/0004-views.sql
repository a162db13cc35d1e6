-- Read models folded from the log. Every table here may be dropped and filled again from the events:
-- `npm run doctor -- --rebuild-views` empties them and sets their checkpoints back to the start.

CREATE TABLE show_view (
  show_id text PRIMARY KEY,
  title text NOT NULL,
  show_kind text NOT NULL,
  phase text NOT NULL,
  starts_at_ms bigint NOT NULL,
  started_at_ms bigint,
  ended_at_ms bigint,
  host_id text NOT NULL,
  host_name text NOT NULL,
  shop_name text NOT NULL,
  disclosure text NOT NULL,
  is_demo boolean NOT NULL,
  -- The run of show with the crew's notes, as JSON.
  segments text NOT NULL DEFAULT '[]',
  recording_url text,
  poster_url text
);
CREATE INDEX show_view_by_time ON show_view (starts_at_ms DESC, show_id);

CREATE TABLE stock_view (
  variant_id text PRIMARY KEY,
  -- The last event of the variant's stream that is in these figures.
  seq bigint NOT NULL,
  on_hand bigint NOT NULL,
  allocated bigint NOT NULL,
  held bigint NOT NULL,
  sold bigint NOT NULL
);

CREATE TABLE hold_view (
  hold_id text PRIMARY KEY,
  stream text NOT NULL,
  person_id text NOT NULL,
  show_id text,
  offer_id text,
  variant_id text NOT NULL,
  quantity integer NOT NULL,
  unit_price_minor bigint NOT NULL,
  currency text NOT NULL,
  expires_at_ms bigint NOT NULL,
  paying boolean NOT NULL DEFAULT false
);
CREATE INDEX hold_view_by_person ON hold_view (person_id);

CREATE TABLE order_view (
  order_id text PRIMARY KEY,
  -- Numbered in the order of the log, so that filling the table again gives the same numbers.
  number bigint NOT NULL UNIQUE,
  phase text NOT NULL,
  person_id text NOT NULL,
  buyer_name text NOT NULL,
  show_id text,
  placed_at_ms bigint NOT NULL,
  paid_at_ms bigint,
  lines text NOT NULL,
  totals text NOT NULL,
  -- What a person may have erased: null afterwards.
  address text,
  email text,
  payment_provider text,
  reason text
);
CREATE INDEX order_view_by_time ON order_view (placed_at_ms DESC, order_id);
CREATE INDEX order_view_by_person ON order_view (person_id, placed_at_ms DESC);
