-- The card that a person keeps on file, one a person. The number never comes here; of the provider's fingerprint
-- stands only what the shop's secret makes of it.

create table person_card (
  person_id text primary key references "user" ("id") on delete cascade,
  customer_id text not null,
  -- one that waits at the provider's page; null: none does
  setup_id text,
  -- all null until a card is kept
  method_id text,
  mark text,
  brand text,
  last4 text,
  added_at timestamptz
);
