-- Read models of receipts: which of a person's events in shows they hold a signed receipt of. Droppable,
-- like those of 0004.

CREATE TABLE receipt_view (
  show_id text NOT NULL,
  seq bigint NOT NULL,
  person_id text NOT NULL,
  hash text NOT NULL,
  kind text NOT NULL,
  command_id text NOT NULL,
  at_ms bigint NOT NULL,
  -- What it was about, as the show called it then.
  title text NOT NULL,
  quantity integer,
  amount_minor bigint,
  currency text,
  PRIMARY KEY (show_id, seq)
);
CREATE INDEX receipt_view_by_person ON receipt_view (person_id, at_ms DESC, show_id, seq DESC);

-- The titles of a show's offers and lots: JSON {"title", "variants": {variant: title}}.
CREATE TABLE receipt_subject_view (
  show_id text NOT NULL,
  offer_id text NOT NULL,
  titles text NOT NULL,
  PRIMARY KEY (show_id, offer_id)
);
