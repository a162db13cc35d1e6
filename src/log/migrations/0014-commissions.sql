-- From which product which host earns a share of each sale, as an owner wrote it down (docs/rules/disclosure.md).

create table product_commissions (
  product_id text not null references products (id) on delete cascade,
  person_id text not null references "user" ("id") on delete cascade,
  -- thousandths of a per cent of the price: 12500 is 12.5 %
  share_milli_percent integer not null check (share_milli_percent between 1 and 100000),
  set_by text not null,
  set_at timestamptz not null,
  primary key (product_id, person_id)
);
create index product_commissions_person on product_commissions (person_id);
