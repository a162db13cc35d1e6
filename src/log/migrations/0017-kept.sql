-- What becomes of recordings and clips: how long the shop keeps them (one row; null: for ever), and the clips that
-- there are. The last two are read models like those of 0004; no show from before has a clip.

CREATE TABLE kept_rules (
  "only" boolean PRIMARY KEY DEFAULT true CHECK ("only"),
  recording_days integer CHECK (recording_days > 0),
  clip_days integer CHECK (clip_days > 0),
  clips_while_on_sale boolean NOT NULL
);

CREATE TABLE clip_view (
  show_id text NOT NULL,
  clip_id text NOT NULL,
  lot_id text,
  segment_id text,
  title text NOT NULL,
  -- JSON: words of disclosure, the weightiest first.
  disclosures text NOT NULL,
  url text NOT NULL,
  poster_url text,
  started_at_ms bigint NOT NULL,
  duration_ms bigint NOT NULL,
  lead_ms bigint NOT NULL,
  -- Null while it is there.
  gone text,
  PRIMARY KEY (show_id, clip_id)
);
CREATE INDEX clip_view_by_time ON clip_view (started_at_ms) WHERE gone IS NULL;

CREATE TABLE clip_product_view (
  product_id text NOT NULL,
  show_id text NOT NULL,
  clip_id text NOT NULL,
  PRIMARY KEY (product_id, show_id, clip_id)
);
