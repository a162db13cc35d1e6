// What the sum on a button is made of, in words.

import type { Money as Amount } from '../../base/money.ts';
import { allInPrice } from '../../domain/order/price.ts';
import type { ShopInfo } from '../../protocol/http.ts';
import { moneyText } from '../design/money.tsx';

/** "€ 86.00 + € 5.90 shipping": the parts of the sum on the button. */
export const partsText = (
  unitPrice: Amount,
  quantity: number,
  shop: ShopInfo,
  joinsParcel: boolean,
): string => {
  const { goods, shipping } = allInPrice(unitPrice, quantity, shop, joinsParcel);
  const goodsText = quantity > 1 ? `${quantity} × ${moneyText(unitPrice)}` : moneyText(goods);
  const shippingText =
    shipping.minor > 0
      ? `${moneyText(shipping)} shipping`
      : joinsParcel
        ? 'in your parcel'
        : 'free shipping';
  return joinsParcel ? `${goodsText}, ${shippingText}` : `${goodsText} + ${shippingText}`;
};
