-- What an import's file counted and a stock stream hasn't been told yet. Written with the import's products
-- in one transaction and deleted when the stream has answered, so that a crash in between loses no count.

create table stock_counts_due (
  -- the newest count of a variant is the one that holds
  variant_id text primary key references variants on delete cascade,
  on_hand integer not null check (on_hand >= 0),
  -- of the import: told twice, it is counted once
  key text not null,
  person_id text not null,
  person_name text not null,
  person_role text not null
);
