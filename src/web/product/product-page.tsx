// A product by itself: what it is, what it costs and how much of it there is now, and the clips of shows that show it.
// It is bought in a show or its replay, where its clips lead.

import { useEffect, useState } from 'react';
import type { Product } from '../../protocol/catalogue.ts';
import type { PageState } from '../../protocol/first-paint.ts';
import { ButtonLink } from '../design/button.tsx';
import { Failure, Skeleton } from '../design/empty-state.tsx';
import { moneyText } from '../design/money.tsx';
import { ShopFrame } from '../home/shop-frame.tsx';
import { http, problemFrom, type WebProblem } from '../live/http-client.ts';
import { ProductPicture } from '../watch/product-picture.tsx';
import { ProductClips } from './clips.tsx';

export default function ProductPage({ state }: { state: PageState }) {
  const handle = location.pathname.split('/')[2] ?? '';
  const [product, setProduct] = useState<Product | null>(null);
  const [problem, setProblem] = useState<WebProblem | null>(null);
  const [round, setRound] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` asks anew.
  useEffect(() => {
    const abort = new AbortController();
    setProblem(null);
    http
      .get<Product>(`/api/products/${handle}`, { signal: abort.signal })
      .then(setProduct)
      .catch((error: unknown) => {
        if (!abort.signal.aborted) setProblem(problemFrom(error));
      });
    return () => abort.abort();
  }, [handle, round]);

  return (
    <ShopFrame state={state}>
      <main className="mx-auto w-full max-w-5xl px-4 pt-2 pb-12 lg:px-8">
        {product ? (
          <About product={product} />
        ) : problem ? (
          <Failure
            title={problem.title}
            detail={problem.detail}
            onRetry={() => setRound((count) => count + 1)}
          />
        ) : (
          <div className="grid gap-4" aria-busy="true">
            <span className="sr-only">Getting the product</span>
            <Skeleton className="h-64" />
            <Skeleton className="h-10 w-2/3" />
          </div>
        )}
      </main>
    </ShopFrame>
  );
}

function About({ product }: { product: Product }) {
  const { title, images, variants, descriptionHtml, provenance } = product;
  return (
    <>
      <article className="grid gap-6 lg:grid-cols-2">
        <ProductPicture
          src={images[0]?.url ?? null}
          width={800}
          className="aspect-4/3 w-full rounded-card"
        />
        <div className="min-w-0">
          <h1 className="font-display text-3xl font-bold">{title}</h1>
          <ul className="mt-4 grid gap-2" aria-label="To be had">
            {variants.map((variant) => (
              <li
                key={variant.id}
                className="flex flex-wrap items-baseline justify-between gap-x-4 border-b border-line py-2"
              >
                <span className="font-semibold">{variant.title || title}</span>
                <span className="tabular-nums">{moneyText(variant.price)}</span>
              </li>
            ))}
          </ul>
          <p className="mt-4 text-sm text-soft">
            It is sold in shows and their replays, at the price of the day.
          </p>
          <p className="mt-3">
            <ButtonLink href="/" look="strong" size="large">
              To the shows
            </ButtonLink>
          </p>
          {provenance?.story ? (
            <p className="mt-5 whitespace-pre-line">{provenance.story}</p>
          ) : (
            <div
              className="rich-text mt-5"
              // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised by the catalogue when it was saved.
              dangerouslySetInnerHTML={{ __html: descriptionHtml }}
            />
          )}
        </div>
      </article>
      <ProductClips productId={product.id} />
    </>
  );
}
