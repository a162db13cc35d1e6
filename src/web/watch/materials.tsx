// What a workshop's people should have at hand: how much of what, and where the shop has it a way to buy it
// here and now.

import type { ShopItem, ShowEntry } from '../../protocol/http.ts';
import type { MyHold } from '../../protocol/socket.ts';
import { useShelfPurchase } from '../buy/shelf-purchase.ts';
import { Button } from '../design/button.tsx';
import { moneyText } from '../design/money.tsx';
import { ProductPicture } from './product-picture.tsx';

export function Materials({
  showId,
  materials,
  askIn,
  onHeld,
}: {
  showId: string;
  materials: ShowEntry['materials'];
  /** Runs it once the person has a name here. */
  askIn: (then: () => void) => void;
  onHeld: (hold: MyHold, item: ShopItem) => void;
}) {
  const purchase = useShelfPurchase(showId);
  if (materials.length === 0) return null;
  const buy = (item: ShopItem, variantId: string, isConfirmed = false) =>
    askIn(async () => {
      const hold = await purchase.take(item, variantId, isConfirmed);
      if (hold) onHeld(hold, item);
    });
  return (
    <section aria-labelledby="materials">
      <h2 id="materials" className="mb-4 text-xl">
        What you need
      </h2>
      <ul className="grid border-t border-line">
        {materials.map(({ title, quantity, note, item }) => {
          const variant = item?.variants[0];
          const refused = variant && purchase.refused?.variantId === variant.variantId;
          return (
            <li key={`${title} ${quantity}`} className="grid gap-2 border-b border-line py-3">
              <div className="flex flex-wrap items-center gap-3">
                {item ? <ProductPicture src={item.imageUrl} className="size-12" /> : null}
                <p className="min-w-0 flex-1 basis-40">
                  <span className="block font-semibold">
                    {quantity ? `${quantity} ` : ''}
                    {title}
                  </span>
                  {note ? <span className="block text-sm text-soft">{note}</span> : null}
                </p>
                {item && variant ? (
                  <Button
                    busy={purchase.taking === variant.variantId}
                    aria-label={`Buy for ${moneyText(variant.price)}: ${item.title}`}
                    onClick={() => buy(item, variant.variantId)}
                  >
                    Buy for {moneyText(variant.price)}
                  </Button>
                ) : null}
              </div>
              {refused && item && purchase.refused ? (
                <p role="alert" className="flex flex-wrap items-center gap-2 text-sm">
                  <span className="flex-1">
                    <b>{purchase.refused.title}.</b> {purchase.refused.detail}
                  </span>
                  {purchase.refused.isAsked ? (
                    <Button onClick={() => buy(item, variant.variantId, true)}>
                      Yes, I mean it
                    </Button>
                  ) : null}
                </p>
              ) : null}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
