// The shelf of a show: products in the order in which keys 1 to 9 pin them, chosen from the catalogue by
// search. The catalogue itself is edited elsewhere.

import { useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { DownIcon, SearchIcon, UpIcon } from '../crew/icons.tsx';
import { LoadFailure } from '../crew/problem-note.tsx';
import { productsQuery } from '../crew/shop-data.ts';
import { Button, IconButton } from '../design/button.tsx';
import { Sheet } from '../design/dialog.tsx';
import { EmptyState, Skeleton } from '../design/empty-state.tsx';
import { CheckIcon, CloseIcon, PlusIcon } from '../design/icons.tsx';
import { ActionLink } from './action-link.tsx';
import { moved } from './plan-form.ts';
import { ProductPicture, priceText } from './product-picture.tsx';

export type ShelfItem = {
  readonly productId: string;
  readonly title: string;
  readonly imageUrl: string | null;
  readonly note: string;
};

export function ShelfEditor({
  items,
  onChange,
}: {
  items: readonly ShelfItem[];
  onChange: (items: readonly ShelfItem[]) => void;
}) {
  const [choosing, setChoosing] = useState(false);
  return (
    <div className="grid gap-3">
      {items.length > 0 ? (
        <ol className="divide-y divide-line overflow-hidden rounded-card border border-line bg-card">
          {items.map((item, index) => (
            <li key={item.productId} className="flex items-center gap-3 py-2 pr-2 pl-4">
              <span className="w-5 text-sm font-semibold text-soft">{index + 1}</span>
              <ProductPicture url={item.imageUrl} title={item.title} className="size-11" />
              <span className="min-w-0 flex-1">
                <b className="block truncate text-sm font-semibold">{item.title}</b>
                <span className="text-xs text-soft">{item.note}</span>
              </span>
              <IconButton
                label={`${item.title} earlier`}
                disabled={index === 0}
                onClick={() => onChange(moved(items, index, index - 1))}
              >
                <UpIcon />
              </IconButton>
              <IconButton
                label={`${item.title} later`}
                disabled={index === items.length - 1}
                onClick={() => onChange(moved(items, index, index + 1))}
              >
                <DownIcon />
              </IconButton>
              <IconButton
                label={`Take ${item.title} off the shelf`}
                onClick={() =>
                  onChange(items.filter(({ productId }) => productId !== item.productId))
                }
              >
                <CloseIcon />
              </IconButton>
            </li>
          ))}
        </ol>
      ) : null}
      <Button
        onClick={() => setChoosing(true)}
        className="border border-dashed border-line bg-transparent"
      >
        <PlusIcon /> {items.length === 0 ? 'Choose the products of the show' : 'Choose more'}
      </Button>
      {choosing ? (
        <ProductChooser
          eyebrow="Shelf"
          countWords={(count) => `${count} on the shelf`}
          items={items}
          onChange={onChange}
          onClose={() => setChoosing(false)}
        />
      ) : null}
    </div>
  );
}

/** A sheet over the page in which products of the catalogue are chosen by search. */
export function ProductChooser({
  eyebrow,
  countWords,
  items,
  onChange,
  onClose,
}: {
  eyebrow: string;
  countWords: (count: number) => string;
  items: readonly ShelfItem[];
  onChange: (items: readonly ShelfItem[]) => void;
  onClose: () => void;
}) {
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const products = useInfiniteQuery({
    ...productsQuery({ q, status: 'active' }),
    placeholderData: (before) => before,
  });
  const list = products.data?.pages.flatMap((page) => page.products) ?? [];
  const chosen = new Set(items.map(({ productId }) => productId));
  return (
    <Sheet
      open
      wide
      onClose={onClose}
      eyebrow={eyebrow}
      title="Choose products"
      footer={
        <div className="flex items-center justify-between gap-3">
          <p className="text-sm text-soft">{countWords(items.length)}</p>
          <Button look="strong" onClick={onClose}>
            Done
          </Button>
        </div>
      }
    >
      <SearchField value={text} onChange={setText} label="Search the catalogue" />
      <div className="mt-3 min-h-72">
        {products.isError ? (
          <LoadFailure error={products.error} onRetry={() => void products.refetch()} />
        ) : !products.data ? (
          <div className="grid gap-2" aria-busy="true">
            {[1, 2, 3, 4].map((one) => (
              <Skeleton key={one} className="h-14" />
            ))}
          </div>
        ) : list.length === 0 ? (
          <EmptyState
            title={q ? `Nothing active matches “${q}”` : 'No active product yet'}
            action={q ? null : <ActionLink to="/office/import">Import a CSV</ActionLink>}
          >
            {q
              ? 'Drafts and archived products can’t stand on a shelf.'
              : 'Import a file, or set a draft to active.'}
          </EmptyState>
        ) : (
          <ul>
            {list.map((product) => {
              const isChosen = chosen.has(product.id);
              return (
                <li key={product.id}>
                  <button
                    type="button"
                    aria-pressed={isChosen}
                    onClick={() =>
                      onChange(
                        isChosen
                          ? items.filter(({ productId }) => productId !== product.id)
                          : [
                              ...items,
                              {
                                productId: product.id,
                                title: product.title,
                                imageUrl:
                                  product.image?.sources[0]?.url ?? product.image?.url ?? null,
                                note: priceText(product.priceRange),
                              },
                            ],
                      )
                    }
                    className="flex min-h-14 w-full items-center gap-3 rounded-control px-2 py-1.5 text-left hover:bg-sunken"
                  >
                    <ProductPicture
                      url={product.image?.sources[0]?.url ?? product.image?.url ?? null}
                      title={product.title}
                      className="size-11"
                    />
                    <span className="min-w-0 flex-1">
                      <b className="block truncate text-sm font-semibold">{product.title}</b>
                      <span className="text-xs text-soft">
                        {priceText(product.priceRange)}
                        {product.onHand === null ? '' : ` · ${product.onHand} on hand`}
                      </span>
                    </span>
                    <span
                      aria-hidden="true"
                      className={`grid size-7 place-items-center rounded-full ${isChosen ? 'bg-accent text-on-accent' : 'border border-line'}`}
                    >
                      {isChosen ? <CheckIcon className="size-4" /> : null}
                    </span>
                  </button>
                </li>
              );
            })}
          </ul>
        )}
        {products.hasNextPage ? (
          <Button
            className="mt-3 w-full"
            busy={products.isFetchingNextPage}
            onClick={() => void products.fetchNextPage()}
          >
            Show more
          </Button>
        ) : null}
      </div>
    </Sheet>
  );
}

/** A search field with its glass; the label is for those who don't see it. */
export function SearchField({
  value,
  onChange,
  label,
}: {
  value: string;
  onChange: (value: string) => void;
  label: string;
}) {
  return (
    <label className="relative block">
      <span className="sr-only">{label}</span>
      <SearchIcon className="pointer-events-none absolute top-1/2 left-4 size-5 -translate-y-1/2 text-soft" />
      <input
        type="search"
        value={value}
        placeholder={label}
        onChange={(event) => onChange(event.target.value)}
        className="h-12 w-full rounded-control border border-line bg-card pr-3.5 pl-12 text-base placeholder:text-soft hover:border-soft"
      />
    </label>
  );
}
