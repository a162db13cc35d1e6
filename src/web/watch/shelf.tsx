// The shelf: everything that this show sells, with its true stock. A sheet on a phone, a row below the
// picture on a desk. Choosing a thing puts it into the card; nothing is bought from here directly.

import { classes } from '../design/classes.ts';
import { PinIcon } from '../design/icons.tsx';
import { Money } from '../design/money.tsx';
import { useLive } from '../live/use-live.ts';
import { dealOfItem, dealOfOffer, stockWords } from './deal.ts';
import { isOn } from './drops-shown.ts';
import { ProductPicture } from './product-picture.tsx';
import { usePage } from './watch-context.ts';

export default function Shelf({
  layout,
  onChoose,
}: {
  layout: 'row' | 'list';
  onChoose: (productId: string) => void;
}) {
  const { client } = usePage();
  const shelf = useLive(client, (state) => state.room?.shelf) ?? [];
  const stock = useLive(client, (state) => state.room?.stock) ?? {};
  const pinned = useLive(client, (state) => state.room?.pinned ?? null);
  const offers = useLive(client, (state) => state.room?.offers) ?? [];
  const drops = useLive(client, (state) => state.room?.drops) ?? [];
  if (shelf.length === 0) {
    return (
      <p className="py-6 text-center text-sm text-soft">Nothing is on this show’s shelf yet.</p>
    );
  }
  return (
    <ul
      className={classes(
        layout === 'row'
          ? 'flex h-full gap-3 overflow-x-auto pb-1 [scrollbar-width:thin]'
          : 'grid gap-1 sm:grid-cols-2',
      )}
    >
      {shelf.map((item) => {
        // What runs as an offer stands here as it would be sold: at its price, with its units.
        const offer = offers.find(({ productId }) => productId === item.productId);
        const deal = offer ? dealOfOffer(offer, shelf) : dealOfItem(item, stock);
        const left = deal.variants.reduce((sum, variant) => sum + variant.left, 0);
        const inCarts = deal.variants.reduce((sum, variant) => sum + variant.inCarts, 0);
        // Its units are put aside for the drop: that isn't sold out.
        const drop = drops.find((one) => one.productId === item.productId && isOn(one));
        const cheapest = deal.variants.toSorted((a, b) => a.price.minor - b.price.minor)[0];
        return (
          <li key={item.productId} className={layout === 'row' ? 'w-40 shrink-0' : undefined}>
            <button
              type="button"
              onClick={() => onChoose(item.productId)}
              className={classes(
                'group flex w-full gap-3 rounded-card text-left transition',
                layout === 'row'
                  ? 'h-full flex-col bg-card p-2.5 hover:bg-sunken'
                  : 'items-center p-2 hover:bg-sunken',
              )}
            >
              <span className="relative">
                <ProductPicture
                  src={item.imageUrl}
                  className={layout === 'row' ? 'aspect-square w-full' : 'size-16'}
                />
                {item.productId === pinned ? (
                  <span className="veil absolute top-1 left-1 grid size-6 place-items-center rounded-full">
                    <PinIcon className="size-3.5" />
                    <span className="sr-only">Shown now</span>
                  </span>
                ) : null}
              </span>
              <span className="grid min-w-0 flex-1 content-start gap-0.5">
                <span className="line-clamp-2 text-sm leading-tight font-semibold">
                  {item.title}
                </span>
                <span className="text-sm">
                  {offer ? <b className="mr-1.5 text-urgent">Live offer</b> : null}
                  {cheapest ? (
                    <>
                      {deal.variants.some(({ price }) => price.minor !== cheapest.price.minor)
                        ? 'from '
                        : ''}
                      <Money amount={cheapest.price} />
                    </>
                  ) : null}
                </span>
                <span className="text-xs text-soft">
                  {left > 0 || !drop
                    ? stockWords({ left, inCarts })
                    : drop.isGiveaway
                      ? 'In the giveaway'
                      : 'In the drop'}
                </span>
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
