// One order as its buyer sees it: what, for how much, to where, and how far it is. The page asks again
// while the order may move by itself.

import { lazy, Suspense, useEffect, useState } from 'react';
import type { PageState } from '../../protocol/first-paint.ts';
import type { OrderView } from '../../protocol/http.ts';
import { Badge } from '../design/badge.tsx';
import { ButtonLink } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { shortMomentText } from '../design/clock.tsx';
import { Failure, Skeleton } from '../design/empty-state.tsx';
import { CheckIcon, CloseIcon } from '../design/icons.tsx';
import { moneyText } from '../design/money.tsx';
import { ShopFrame } from '../home/shop-frame.tsx';
import { http, problemFrom, type WebProblem } from '../live/http-client.ts';
import { ProductPicture } from '../watch/product-picture.tsx';
import { useMe } from '../watch/session.ts';
import { isMoving, orderSteps, orderWords, reasonText } from './order-words.ts';
import { setWords } from './set-words.ts';

const WonMoment = lazy(() => import('./won-moment.tsx'));

const askAgainMs = 3_000;

export default function OrderPage({ state }: { state: PageState }) {
  const orderId = location.pathname.split('/')[2] ?? '';
  const me = useMe();
  const [order, setOrder] = useState<OrderView | null>(null);
  const [problem, setProblem] = useState<WebProblem | null>(null);
  const [round, setRound] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` asks anew.
  useEffect(() => {
    const abort = new AbortController();
    http
      .get<OrderView>(`/api/orders/${encodeURIComponent(orderId)}`, { signal: abort.signal })
      .then((found) => {
        setOrder(found);
        setProblem(null);
      })
      .catch((error: unknown) => {
        if (!abort.signal.aborted) setProblem(problemFrom(error));
      });
    return () => abort.abort();
  }, [orderId, round]);

  const phase = order?.phase;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each round arms the next.
  useEffect(() => {
    if (!phase || !isMoving(phase)) return;
    const timer = setTimeout(() => setRound((count) => count + 1), askAgainMs);
    return () => clearTimeout(timer);
  }, [phase, round]);

  return (
    <ShopFrame state={state}>
      <div className="mx-auto max-w-2xl pt-4 lg:pt-10">
        {order ? (
          <Order order={order} />
        ) : problem ? (
          problem.code === 'sign-in-needed' || !me ? (
            <Failure
              title="Sign in to see this order"
              detail="Only its buyer and the shop can see it."
            />
          ) : (
            <Failure
              title={problem.title}
              detail={problem.detail}
              onRetry={() => setRound((count) => count + 1)}
            />
          )
        ) : (
          <div className="grid gap-4" aria-busy="true">
            <span className="sr-only">Getting your order</span>
            <Skeleton className="h-10 w-2/3" />
            <Skeleton className="h-24" />
            <Skeleton className="h-48" />
          </div>
        )}
        {problem && !order && !me ? (
          <p className="text-center">
            <ButtonLink
              look="strong"
              size="large"
              href={`/sign-in?next=${encodeURIComponent(location.pathname)}`}
            >
              Sign in
            </ButtonLink>
          </p>
        ) : null}
      </div>
    </ShopFrame>
  );
}

function Order({ order }: { order: OrderView }) {
  const { title, detail } = orderWords[order.phase];
  const { totals, address } = order;
  const reason = reasonText(order.reason);
  return (
    <article className="grid gap-8">
      <header>
        <p className="label text-soft">Order {order.number}</p>
        <h1 className="mt-1 text-3xl lg:text-4xl">{title}</h1>
        <p className="mt-2 text-soft" role="status">
          {reason ? `${reason} ` : ''}
          {detail}
        </p>
        {order.sandbox ? (
          <p className="mt-3">
            <Badge look="ritual">Sandbox: no money moved</Badge>
          </p>
        ) : null}
      </header>

      <ol className="grid gap-0" aria-label="The way of this order">
        {orderSteps(order).map((step, index, all) => (
          <li key={step.title} className="grid grid-cols-[32px_1fr_auto] gap-3">
            <span className="grid grid-rows-[32px_1fr] justify-items-center">
              <span
                className={classes(
                  'grid size-8 place-items-center rounded-full border-2',
                  step.state === 'done' && 'border-accent bg-accent text-on-accent',
                  step.state === 'now' && 'border-accent text-accent',
                  step.state === 'failed' && 'border-urgent text-urgent',
                )}
              >
                {step.state === 'done' ? (
                  <CheckIcon className="size-4" />
                ) : step.state === 'failed' ? (
                  <CloseIcon className="size-4" />
                ) : (
                  <span className="size-2 animate-breathe rounded-full bg-current" />
                )}
              </span>
              {index < all.length - 1 ? <span className="min-h-5 w-0.5 bg-line" /> : null}
            </span>
            <span className="pt-1.5 font-semibold">
              {step.title}
              {step.state === 'now' ? <span className="sr-only"> (now)</span> : null}
            </span>
            <span className="pt-1.5 text-sm text-soft">
              {step.atMs === null ? '' : shortMomentText(step.atMs)}
            </span>
          </li>
        ))}
      </ol>

      <section
        aria-label="What you bought"
        className="rounded-sheet border border-line bg-card p-5 shadow-card"
      >
        <ul className="grid gap-4">
          {order.lines.map((line) => (
            <li key={line.variantId} className="flex items-center gap-4">
              <ProductPicture src={line.imageUrl} className="size-16" />
              <span className="min-w-0 flex-1">
                <span className="block font-semibold">{line.title}</span>
                <span className="text-sm text-soft">
                  {line.quantity} × {moneyText(line.unitPrice)}
                </span>
                {line.parts ? (
                  <span className="block text-xs text-soft">{setWords(line.parts)}</span>
                ) : null}
              </span>
            </li>
          ))}
        </ul>
        <dl className="mt-5 grid grid-cols-[1fr_auto] gap-y-1.5 border-t border-line pt-4 text-sm">
          <dt className="text-soft">Goods</dt>
          <dd className="text-right">{moneyText(totals.goods)}</dd>
          {order.code ? (
            <>
              <dt className="text-soft">Code {order.code}</dt>
              <dd className="text-right">−{moneyText(totals.discount)}</dd>
            </>
          ) : null}
          <dt className="text-soft">Shipping</dt>
          <dd className="text-right">
            {totals.shipping.minor === 0 ? 'free' : moneyText(totals.shipping)}
          </dd>
          <dt className="text-base font-semibold">Total</dt>
          <dd className="text-right text-base font-semibold">{moneyText(totals.total)}</dd>
          {totals.tax.minor > 0 ? (
            <>
              <dt className="text-xs text-soft">of which tax</dt>
              <dd className="text-right text-xs text-soft">{moneyText(totals.tax)}</dd>
            </>
          ) : null}
        </dl>
      </section>

      {address ? (
        <section aria-label="Where it goes">
          <h2 className="label mb-2 text-soft">Where it goes</h2>
          <address className="text-sm not-italic">
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
            {address.postcode} {address.city}, {address.country}
          </address>
        </section>
      ) : null}

      {order.showId && order.paidAtMs !== null ? (
        <Suspense fallback={null}>
          <WonMoment orderId={order.orderId} />
        </Suspense>
      ) : null}

      {order.showId ? (
        <p>
          <ButtonLink href={`/shows/${order.showId}`} look="quiet" size="large">
            Back to {order.showTitle ?? 'the show'}
          </ButtonLink>
        </p>
      ) : null}
    </article>
  );
}
