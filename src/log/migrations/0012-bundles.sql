-- What bundles that shows offered are called and made of. A read model like those of 0004; no offer from before
-- has one.

CREATE TABLE bundle_view (
  bundle_id text PRIMARY KEY,
  product_id text NOT NULL,
  title text NOT NULL,
  parts text NOT NULL
);
