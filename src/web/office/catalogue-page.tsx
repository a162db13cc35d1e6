// The catalogue as a list: search, what it costs, what is truly there. Editing is on a product's own page.

import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import type { ProductStatus, ProductSummary } from '../../protocol/catalogue.ts';
import { LoadFailure } from '../crew/problem-note.tsx';
import { productsQuery } from '../crew/shop-data.ts';
import { Badge } from '../design/badge.tsx';
import { Button, ButtonLink } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { EmptyState, Skeleton } from '../design/empty-state.tsx';
import { PlusIcon, SealIcon } from '../design/icons.tsx';
import { ActionLink } from './action-link.tsx';
import { PageHead } from './page-head.tsx';
import { ProductPicture, priceText } from './product-picture.tsx';
import { SearchField } from './shelf-editor.tsx';

const statuses: readonly (readonly [status: ProductStatus | null, name: string])[] = [
  [null, 'All'],
  ['active', 'Active'],
  ['draft', 'Drafts'],
  ['archived', 'Archived'],
];

export function CataloguePage() {
  const [text, setText] = useState('');
  const [status, setStatus] = useState<ProductStatus | null>(null);
  const q = useDeferredValue(text.trim());
  const products = useInfiniteQuery({
    ...productsQuery({ q, status }),
    placeholderData: (before) => before,
  });
  const list = products.data?.pages.flatMap((page) => page.products) ?? [];
  const total = products.data?.pages[0]?.total ?? 0;
  const isBare = products.data !== undefined && total === 0 && q === '' && status === null;

  return (
    <>
      <PageHead
        title="Catalogue"
        note={
          isBare
            ? undefined
            : products.data
              ? `${total} ${total === 1 ? 'product' : 'products'}`
              : 'Counting …'
        }
        actions={
          <>
            <ButtonLink href="/api/catalogue/export.csv" download="products.csv">
              Export CSV
            </ButtonLink>
            <ActionLink to="/office/import">Import</ActionLink>
            <ActionLink to="/office/catalogue/new" look="strong">
              <PlusIcon /> New product
            </ActionLink>
          </>
        }
      />
      {products.isError && !products.data ? (
        <LoadFailure error={products.error} onRetry={() => void products.refetch()} />
      ) : isBare ? (
        <div className="rounded-sheet border border-line bg-card">
          <EmptyState
            title="An empty shelf, for now"
            action={
              <>
                <ActionLink to="/office/import" look="strong">
                  Import a Shopify CSV
                </ActionLink>
                <ActionLink to="/office/catalogue/new">Write one by hand</ActionLink>
              </>
            }
          >
            Products, their variants and their true stock stand here, with where each piece comes
            from.
          </EmptyState>
        </div>
      ) : (
        <>
          <div className="mb-4 flex flex-wrap gap-3">
            <div className="min-w-64 flex-1">
              <SearchField value={text} onChange={setText} label="Title, vendor, tag or SKU" />
            </div>
            <fieldset className="flex gap-1 overflow-x-auto">
              <legend className="sr-only">Status</legend>
              {statuses.map(([one, name]) => (
                <label
                  key={name}
                  className="flex h-12 cursor-pointer items-center rounded-chip px-4 text-sm font-semibold text-soft has-checked:bg-sunken has-checked:text-text has-focus-visible:outline-2 has-focus-visible:outline-accent"
                >
                  <input
                    type="radio"
                    name="status"
                    className="sr-only"
                    checked={status === one}
                    onChange={() => setStatus(one)}
                  />
                  {name}
                </label>
              ))}
            </fieldset>
          </div>
          {!products.data ? (
            <div className="grid gap-px" aria-busy="true">
              {[1, 2, 3, 4, 5, 6].map((one) => (
                <Skeleton key={one} className="h-[72px]" />
              ))}
            </div>
          ) : list.length === 0 ? (
            <EmptyState title="Nothing matches">Try fewer words, or another status.</EmptyState>
          ) : (
            <div
              className={classes(
                'overflow-hidden rounded-card border border-line bg-card',
                products.isPlaceholderData && 'opacity-70',
              )}
            >
              <div
                aria-hidden="true"
                className="label hidden grid-cols-[56px_minmax(0,1fr)_110px_170px_110px] gap-4 border-b border-line px-5 py-3 text-soft md:grid"
              >
                <span />
                <span>Product</span>
                <span>State</span>
                <span className="text-right">Price</span>
                <span className="text-right">On hand</span>
              </div>
              <ul className="divide-y divide-line">
                {list.map((product) => (
                  <Row key={product.id} product={product} />
                ))}
              </ul>
            </div>
          )}
          {products.hasNextPage ? (
            <Button
              className="mt-4 w-full"
              busy={products.isFetchingNextPage}
              onClick={() => void products.fetchNextPage()}
            >
              Show more
            </Button>
          ) : null}
        </>
      )}
    </>
  );
}

const statusWords: Record<ProductStatus, string> = {
  active: 'Active',
  draft: 'Draft',
  archived: 'Archived',
};

function Row({ product }: { product: ProductSummary }) {
  return (
    <li>
      <Link
        to="/office/catalogue/$product"
        params={{ product: product.id }}
        className="grid grid-cols-[56px_minmax(0,1fr)_auto] items-center gap-x-4 px-5 py-3 transition-colors hover:bg-ground focus-visible:-outline-offset-2 max-md:px-3 md:grid-cols-[56px_minmax(0,1fr)_110px_170px_110px]"
      >
        <ProductPicture
          url={product.image?.sources[0]?.url ?? product.image?.url ?? null}
          title={product.title}
          className="size-14 text-lg"
        />
        <span className="min-w-0">
          <b className="flex items-center gap-2 text-[0.9375rem] font-semibold">
            <span className="truncate">{product.title}</span>
            {product.hasProvenance ? (
              <span title="Has a provenance card" className="text-ritual">
                <SealIcon className="size-4" />
                <span className="sr-only">with a provenance card</span>
              </span>
            ) : null}
          </b>
          <span className="block truncate text-sm text-soft">
            {[
              product.vendor,
              product.type,
              product.variantCount > 1 ? `${product.variantCount} variants` : '',
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </span>
        <span className="max-md:hidden">
          <Badge look={product.status === 'active' ? 'accent' : 'plain'}>
            {statusWords[product.status]}
          </Badge>
        </span>
        <span className="text-right text-sm max-md:hidden">{priceText(product.priceRange)}</span>
        <span className="text-right text-sm">
          <OnHand count={product.onHand} />
          <span className="block text-xs text-soft md:hidden">{priceText(product.priceRange)}</span>
        </span>
      </Link>
    </li>
  );
}

function OnHand({ count }: { count: number | null }) {
  if (count === null) return <span className="text-soft">not counted</span>;
  if (count === 0) return <b className="font-semibold text-urgent">sold out</b>;
  return (
    <b className={classes('font-semibold', count <= 3 && 'text-ritual')}>
      {count}
      <span className="sr-only"> on hand</span>
    </b>
  );
}
