// All orders of the shop, the newest first, with their state. An order's own page has its address and
// what can be done with it.

import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { OrderView } from '../../protocol/http.ts';
import { LoadFailure } from '../crew/problem-note.tsx';
import { ordersQuery } from '../crew/shop-data.ts';
import { Button } from '../design/button.tsx';
import { shortMomentText } from '../design/clock.tsx';
import { EmptyState, Skeleton } from '../design/empty-state.tsx';
import { moneyText } from '../design/money.tsx';
import { ActionLink } from './action-link.tsx';
import { OrderPhase } from './order-words.tsx';
import { PageHead } from './page-head.tsx';

export function OrdersPage() {
  const orders = useInfiniteQuery({ ...ordersQuery, refetchInterval: 10_000 });
  const list = orders.data?.pages.flatMap((page) => page.orders) ?? [];
  return (
    <>
      <PageHead title="Orders" note="From the shows, the replays and the shelf." />
      {orders.isError && !orders.data ? (
        <LoadFailure error={orders.error} onRetry={() => void orders.refetch()} />
      ) : !orders.data ? (
        <div className="grid gap-px" aria-busy="true">
          {[1, 2, 3, 4, 5].map((one) => (
            <Skeleton key={one} className="h-[72px]" />
          ))}
        </div>
      ) : list.length === 0 ? (
        <div className="rounded-sheet border border-line bg-card">
          <EmptyState
            title="No order yet"
            action={
              <ActionLink to="/office/shows" look="strong">
                To the shows
              </ActionLink>
            }
          >
            The first one appears the moment somebody pays, in a show or from a replay.
          </EmptyState>
        </div>
      ) : (
        <>
          <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-card">
            {list.map((order) => (
              <Row key={order.orderId} order={order} />
            ))}
          </ul>
          {orders.hasNextPage ? (
            <Button
              className="mt-4 w-full"
              busy={orders.isFetchingNextPage}
              onClick={() => void orders.fetchNextPage()}
            >
              Show more
            </Button>
          ) : null}
        </>
      )}
    </>
  );
}

function Row({ order }: { order: OrderView }) {
  const [first, ...rest] = order.lines;
  const units = (first?.quantity ?? 0) > 1 ? `${first?.quantity} × ` : '';
  return (
    <li>
      <Link
        to="/office/orders/$order"
        params={{ order: order.orderId }}
        className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 px-5 py-3.5 transition-colors hover:bg-ground focus-visible:-outline-offset-2 max-md:px-4 md:grid-cols-[110px_minmax(0,1.1fr)_minmax(0,1fr)_110px_100px]"
      >
        <span className="font-semibold max-md:order-1 max-md:col-span-1">
          {order.number}
          <span className="block text-xs font-normal text-soft">
            {shortMomentText(order.placedAtMs)}
          </span>
        </span>
        <span className="min-w-0 max-md:order-3 max-md:col-span-2">
          <span className="block truncate text-[0.9375rem]">
            {units}
            {first?.title ?? 'Nothing'}
            {rest.length > 0 ? ` and ${rest.length} more` : ''}
          </span>
          {order.showTitle ? (
            <span className="block truncate text-xs text-soft">{order.showTitle}</span>
          ) : null}
        </span>
        <span className="min-w-0 truncate text-sm text-soft max-md:order-4">
          {order.buyer.name}
        </span>
        <span className="max-md:order-5 max-md:justify-self-end">
          <OrderPhase phase={order.phase} />
        </span>
        <b className="text-right font-semibold whitespace-nowrap max-md:order-2">
          {moneyText(order.totals.total)}
        </b>
      </Link>
    </li>
  );
}
