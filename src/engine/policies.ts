// The policies that the product runs, joined into two runners: one for what only the log decides, one
// for what waits for a payment provider.

import type { Clock } from '../base/ports.ts';
import type { PriceSettings } from '../domain/order/price.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Engine, ReportLine } from './contract.ts';
import { allocation, unitsLeaving } from './policies/allocation.ts';
import { codeUse } from './policies/code-use.ts';
import { holdGone, payment } from './policies/payment.ts';
import { type RefundGateway, refund } from './policies/refund.ts';
import { type LimitedBuyers, spending } from './policies/spending.ts';
import { createPolicyRunner, type PolicyRunner } from './policy.ts';

export type { RefundGateway } from './policies/refund.ts';

export interface PoliciesOptions {
  readonly engine: Pick<Engine, 'send' | 'onCommitted'>;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly gateway: RefundGateway;
  /** Buyers' own limits; left out: nobody has any. */
  readonly spending?: { readonly book: LimitedBuyers; readonly price: PriceSettings };
  readonly report?: (line: ReportLine) => void;
  readonly pollMs?: number;
}

/** Starts all policies. Stop them before the engine. */
export const startPolicies = ({
  gateway,
  spending: limited,
  ...shared
}: PoliciesOptions): PolicyRunner => {
  const runners = [
    createPolicyRunner({
      ...shared,
      name: 'selling',
      policies: [
        allocation,
        unitsLeaving,
        payment,
        holdGone,
        codeUse,
        ...(limited ? [spending(limited.book, limited.price)] : []),
      ],
    }),
    createPolicyRunner({ ...shared, name: 'refunds', policies: [refund(gateway)] }),
  ];
  return {
    get isCaughtUp() {
      return runners.every(({ isCaughtUp }) => isCaughtUp);
    },
    async stop() {
      await Promise.all(runners.map((runner) => runner.stop()));
    },
    dump: () => runners.map((runner) => runner.dump()),
  };
};
