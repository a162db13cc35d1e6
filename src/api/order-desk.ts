// What the doors of orders need to know about the rest of the shop; desks.ts answers it.

import type { StreamId, VariantId } from '../base/brand.ts';
import type { OrderLine } from '../domain/order/order.ts';
import type { OpenParcel } from '../domain/order/parcel.ts';
import type { OrderView } from '../protocol/http.ts';

export interface OrderDesk {
  view(orderId: string): Promise<OrderView | null>;
  list(options: {
    readonly personId: string | null;
    readonly offset: number;
    readonly limit: number;
  }): Promise<OrderView[]>;
  /** The parcel that a buyer has open in a show; `except` leaves out one that an order opened itself. */
  parcelOf(personId: string, showId: string, except: string | null): Promise<OpenParcel | null>;
  /** What a buyer reads on the order's line. */
  lineOf(variantId: VariantId): Promise<Pick<OrderLine, 'productId' | 'title' | 'parts'> | null>;
  /** Resolves when `view` shows what was just done. */
  shown(stream: StreamId, seq: number): Promise<void>;
}
