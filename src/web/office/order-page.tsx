// One order: what was bought, by whom, where it goes, what was paid; the owner can give the money back.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { OrderView } from '../../protocol/http.ts';
import { setWords } from '../buy/set-words.ts';
import { useCrew } from '../crew/crew-gate.tsx';
import { LoadFailure, ProblemNote } from '../crew/problem-note.tsx';
import { ask, orderQuery } from '../crew/shop-data.ts';
import { Badge } from '../design/badge.tsx';
import { Button } from '../design/button.tsx';
import { momentText } from '../design/clock.tsx';
import { Dialog } from '../design/dialog.tsx';
import { Skeleton } from '../design/empty-state.tsx';
import { moneyText } from '../design/money.tsx';
import { toast } from '../design/toast.tsx';
import { OrderPhase } from './order-words.tsx';
import { PageHead } from './page-head.tsx';
import { ProductPicture } from './product-picture.tsx';

export function OrderPage({ orderId }: { orderId: string }) {
  const order = useQuery({ ...orderQuery(orderId), refetchInterval: 10_000 });
  if (order.isError && !order.data) {
    return (
      <>
        <PageHead title="Order" back={{ to: '/office/orders', name: 'Orders' }} />
        <LoadFailure error={order.error} onRetry={() => void order.refetch()} />
      </>
    );
  }
  if (!order.data) {
    return (
      <div className="grid gap-4" aria-busy="true">
        <Skeleton className="h-14 w-1/2" />
        <Skeleton className="h-64 rounded-card" />
      </div>
    );
  }
  return <Order order={order.data} />;
}

const countryNames = new Intl.DisplayNames('en', { type: 'region' });

function Order({ order }: { order: OrderView }) {
  const isOwner = useCrew().role === 'owner';
  const cache = useQueryClient();
  const [asking, setAsking] = useState(false);
  const refund = useMutation({
    mutationFn: () => ask.refund(order.orderId),
    onSuccess: (next) => {
      cache.setQueryData(orderQuery(order.orderId).queryKey, next);
      void cache.invalidateQueries({ queryKey: ['orders', 'list'] });
      setAsking(false);
      toast('The money goes back', { look: 'good' });
    },
  });
  const { address, totals } = order;
  const sums: readonly (readonly [label: string, amount: OrderView['totals']['total']])[] = [
    ['Goods', totals.goods],
    ...(order.code === null
      ? []
      : [[`Code ${order.code}`, { ...totals.discount, minor: -totals.discount.minor }] as const]),
    ['Shipping', totals.shipping],
  ];

  return (
    <>
      <PageHead
        title={`Order ${order.number}`}
        back={{ to: '/office/orders', name: 'Orders' }}
        note={
          <span className="flex flex-wrap items-center gap-2">
            <OrderPhase phase={order.phase} />
            {order.sandbox ? <Badge look="ritual">Sandbox, no real money</Badge> : null}
            <span>{momentText(order.placedAtMs)}</span>
          </span>
        }
        actions={
          isOwner && order.phase === 'paid' ? (
            <Button onClick={() => setAsking(true)}>Give the money back …</Button>
          ) : null
        }
      />
      {order.reason ? (
        <p className="mb-6 rounded-control bg-ritual-mist px-4 py-3 text-sm">
          <b className="text-ritual">Why:</b> {order.reason}
        </p>
      ) : null}
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_340px]">
        <section
          aria-label="What was bought"
          className="overflow-hidden rounded-card border border-line bg-card"
        >
          <ul className="divide-y divide-line">
            {order.lines.map((line) => (
              <li key={line.variantId} className="flex items-center gap-4 px-5 py-4">
                <ProductPicture
                  url={line.imageUrl}
                  title={line.title}
                  className="size-14 text-lg"
                />
                <span className="min-w-0 flex-1">
                  <b className="block font-semibold">{line.title}</b>
                  <span className="text-sm text-soft">
                    {line.quantity} × {moneyText(line.unitPrice)}
                  </span>
                  {line.parts ? (
                    <span className="block text-xs text-soft">{setWords(line.parts)}</span>
                  ) : null}
                </span>
                <b className="whitespace-nowrap">
                  {moneyText({ ...line.unitPrice, minor: line.unitPrice.minor * line.quantity })}
                </b>
              </li>
            ))}
          </ul>
          <dl className="grid gap-1.5 border-t border-line bg-ground px-5 py-4 text-sm">
            {sums.map(([label, amount]) => (
              <div key={label} className="flex justify-between">
                <dt className="text-soft">{label}</dt>
                <dd>{moneyText(amount)}</dd>
              </div>
            ))}
            <div className="mt-1 flex items-baseline justify-between border-t border-line pt-2.5">
              <dt className="font-semibold">Total</dt>
              <dd className="figure text-2xl">{moneyText(totals.total)}</dd>
            </div>
            {/* Inside the total, never on top of it. */}
            <div className="flex justify-between text-xs text-soft">
              <dt>of which tax</dt>
              <dd>{moneyText(totals.tax)}</dd>
            </div>
          </dl>
        </section>
        <aside className="grid gap-6 rounded-card border border-line bg-card p-5 text-sm">
          <div>
            <h2 className="label mb-2 font-sans text-soft">Buyer</h2>
            <p className="font-semibold">{order.buyer.name}</p>
            <p>
              <a
                href={`mailto:${order.buyer.email}`}
                className="inline-flex min-h-11 items-center break-all underline underline-offset-4"
              >
                {order.buyer.email}
              </a>
            </p>
          </div>
          <div>
            <h2 className="label mb-2 font-sans text-soft">Goes to</h2>
            {address ? (
              <address className="not-italic leading-relaxed">
                {address.name}
                <br />
                {address.line1}
                {address.line2 ? (
                  <>
                    <br />
                    {address.line2}
                  </>
                ) : null}
                <br />
                {address.postcode} {address.city}
                <br />
                {countryNames.of(address.country) ?? address.country}
              </address>
            ) : (
              <p className="text-soft">No address (erased, or never given).</p>
            )}
          </div>
          {order.showTitle && order.showId ? (
            <div>
              <h2 className="label mb-2 font-sans text-soft">Sold in</h2>
              <a
                href={`/shows/${encodeURIComponent(order.showId)}`}
                className="inline-flex min-h-11 items-center font-semibold underline underline-offset-4"
              >
                {order.showTitle}
              </a>
            </div>
          ) : null}
          <div>
            <h2 className="label mb-2 font-sans text-soft">Payment</h2>
            <p>{order.paidAtMs === null ? 'Not paid' : `Paid ${momentText(order.paidAtMs)}`}</p>
          </div>
        </aside>
      </div>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={`Give ${moneyText(totals.total)} back?`}
        footer={
          <div className="flex justify-end gap-2">
            <Button look="plain" onClick={() => setAsking(false)}>
              Leave it
            </Button>
            <Button look="urgent" busy={refund.isPending} onClick={() => refund.mutate()}>
              Refund
            </Button>
          </div>
        }
      >
        <p className="text-sm">
          {order.buyer.name} gets the whole amount back on the card that paid. This can’t be taken
          back.
        </p>
        <ProblemNote error={refund.error} className="mt-4" />
      </Dialog>
    </>
  );
}
