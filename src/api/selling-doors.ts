// The doors of selling, joined: the show and what is offered in it, carts, orders, codes, kept cards and buyers'
// limits. What each does stands in its own routes file.

import type { FastifyInstance } from 'fastify';
import { type CardRoutesOptions, cardRoutes } from './card-routes.ts';
import { type CodeRoutesOptions, codeRoutes } from './code-routes.ts';
import { createCodeDesk, createHoldDesk, createOrderDesk, type DeskOptions } from './desks.ts';
import { type DropRoutesOptions, dropRoutes } from './drop-routes.ts';
import { type HoldRoutesOptions, holdRoutes } from './hold-routes.ts';
import { type LimitsRoutesOptions, limitsRoutes } from './limits-routes.ts';
import { type LotRoutesOptions, lotRoutes } from './lot-routes.ts';
import { type OrderRoutesOptions, orderRoutes } from './order-routes.ts';
import { type PaymentWebhookOptions, paymentWebhook } from './payment-webhook.ts';
import { type ShowRoutesOptions, showRoutes } from './show-routes.ts';

/** What carts, codes and orders are read by. */
export const sellingDesks = (options: DeskOptions & { readonly sandbox: boolean }) => ({
  holds: createHoldDesk(options),
  codes: createCodeDesk(options),
  orders: createOrderDesk(options),
});

type SellingDesks = ReturnType<typeof sellingDesks>;

export type SellingDoorsOptions = SellingDesks &
  ShowRoutesOptions &
  LotRoutesOptions &
  DropRoutesOptions &
  Omit<HoldRoutesOptions, 'desk'> &
  Omit<OrderRoutesOptions, 'desk'> &
  Omit<CodeRoutesOptions, 'desk'> &
  CardRoutesOptions &
  LimitsRoutesOptions &
  PaymentWebhookOptions;

export const sellingDoors =
  (options: SellingDoorsOptions) =>
  async (app: FastifyInstance): Promise<void> => {
    const { holds, codes, orders } = options;
    await app.register(showRoutes(options));
    await app.register(lotRoutes(options));
    await app.register(dropRoutes(options));
    await app.register(holdRoutes({ ...options, desk: holds }));
    await app.register(orderRoutes({ ...options, desk: orders }));
    await app.register(codeRoutes({ ...options, desk: codes }));
    await app.register(cardRoutes(options));
    await app.register(limitsRoutes(options));
    await app.register(paymentWebhook(options));
  };
