-- Products, variants, pictures and every price that a variant ever had. Stock is not here: what is on
-- hand is counted in the event streams `stock-<variant>`.

create table products (
  id text primary key,
  handle text not null unique,
  title text not null,
  description_html text not null,
  vendor text not null,
  type text not null,
  tags text[] not null,
  status text not null check (status in ('active', 'draft', 'archived')),
  provenance jsonb,
  -- columns of an import that Rialto makes nothing of and gives back in an export
  kept jsonb not null,
  version integer not null check (version > 0),
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index products_by_title on products (lower(title), id);

create table product_images (
  id text primary key,
  product_id text not null references products on delete cascade,
  position integer not null check (position > 0),
  alt text not null,
  -- an address elsewhere, or the name of files of our own
  source_url text,
  file_name text,
  width integer,
  height integer,
  widths integer[] not null,
  check ((source_url is null) <> (file_name is null))
);
create index product_images_by_product on product_images (product_id, position);

create table variants (
  id text primary key,
  product_id text not null references products on delete cascade,
  position integer not null check (position > 0),
  sku text,
  barcode text,
  options jsonb not null,
  price_minor bigint not null check (price_minor >= 0),
  compare_at_minor bigint check (compare_at_minor >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  grams integer check (grams >= 0),
  requires_shipping boolean not null,
  taxable boolean not null,
  image_id text references product_images on delete set null,
  kept jsonb not null,
  -- set when the variant left its product; orders and shows still find it
  retired_at timestamptz
);
create index variants_by_product on variants (product_id, position);
create unique index variants_sku_once on variants (sku) where retired_at is null;

create table price_history (
  variant_id text not null references variants on delete cascade,
  from_at timestamptz not null,
  price_minor bigint not null,
  currency text not null,
  primary key (variant_id, from_at)
);
