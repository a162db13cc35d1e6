// The catalogue's tables as Kysely types them; `log/migrations/0002-catalogue.sql` makes them. Nothing
// outside this folder reads or writes these tables.

import type { ColumnType, Kysely, Transaction } from 'kysely';
import type { ProductStatus, ProvenanceCard, VariantOption } from '../protocol/catalogue.ts';

/** Written as text, since `pg` would turn a JavaScript array into a PostgreSQL array. */
type Json<T> = ColumnType<T, string, string>;
/** `pg` reads bigint as text, lest it lose digits. */
type BigInt = ColumnType<string, number, number>;

export type Tables = {
  products: {
    id: string;
    handle: string;
    title: string;
    description_html: string;
    vendor: string;
    type: string;
    tags: string[];
    status: ProductStatus;
    provenance: ColumnType<ProvenanceCard | null, string | null, string | null>;
    kept: Json<Record<string, string>>;
    version: number;
    created_at: ColumnType<Date, Date, never>;
    updated_at: Date;
  };
  product_images: {
    id: string;
    product_id: string;
    position: number;
    alt: string;
    source_url: string | null;
    file_name: string | null;
    width: number | null;
    height: number | null;
    widths: number[];
  };
  variants: {
    id: string;
    product_id: string;
    position: number;
    sku: string | null;
    barcode: string | null;
    options: Json<VariantOption[]>;
    price_minor: BigInt;
    compare_at_minor: ColumnType<string | null, number | null, number | null>;
    currency: string;
    grams: number | null;
    requires_shipping: boolean;
    taxable: boolean;
    image_id: string | null;
    kept: Json<Record<string, string>>;
    retired_at: ColumnType<Date | null, null, Date | null>;
  };
  stock_counts_due: {
    variant_id: string;
    on_hand: number;
    key: string;
    person_id: string;
    person_name: string;
    person_role: string;
  };
  price_history: {
    variant_id: string;
    from_at: Date;
    price_minor: BigInt;
    currency: string;
  };
};

export type Db = Kysely<Tables>;
export type Trx = Transaction<Tables>;
