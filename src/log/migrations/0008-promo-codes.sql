-- Promo codes as the office lists them and the checkout reads their terms. A read model like those of 0004; what
-- a code's limits allow is decided by its own stream.

CREATE TABLE code_view (
  code text PRIMARY KEY,
  made_at_ms bigint NOT NULL,
  terms text NOT NULL,
  is_ended boolean NOT NULL DEFAULT false,
  -- Orders that it stands in, paid or not.
  uses bigint NOT NULL DEFAULT 0
);
CREATE INDEX code_view_by_time ON code_view (made_at_ms DESC, code);

ALTER TABLE order_view ADD COLUMN code text;

-- Orders carry their discount and code now: the views are folded once more, from the start of the log.
TRUNCATE show_view, stock_view, hold_view, order_view, receipt_view, receipt_subject_view, asked_price_view;
DELETE FROM checkpoints WHERE policy = 'views';
