-- What variants were offered at in shows, for the lowest price of the 30 days before a reduction. A read
-- model like those of 0004; a row stands from the offer's request on and counts once it was open to everybody.

CREATE TABLE asked_price_view (
  offer_id text NOT NULL,
  variant_id text NOT NULL,
  -- A drop's prices are asked from its own opening on, which comes after that of its units.
  by_drop boolean NOT NULL,
  price_minor bigint NOT NULL,
  currency text NOT NULL,
  -- Null: not open yet, or never.
  from_ms bigint,
  until_ms bigint,
  PRIMARY KEY (offer_id, variant_id)
);
CREATE INDEX asked_price_view_by_variant ON asked_price_view (variant_id);

-- Offers of the past count too: the views are folded once more, from the start of the log.
TRUNCATE show_view, stock_view, hold_view, order_view, receipt_view, receipt_subject_view;
DELETE FROM checkpoints WHERE policy = 'views';
