// An offer that stands ready in a segment: one product, one price, so many units of each variant, for so long. What
// isn't asked here (members' prices, sets, words for the chat) is asked where an offer is opened.

import { useState } from 'react';
import type { SegmentCueBody } from '../../protocol/http.ts';
import type { RoomItem } from '../../protocol/room.ts';
import { amountText, readAmount } from '../design/amount.ts';
import { Button } from '../design/button.tsx';
import { Field, SelectField } from '../design/field.tsx';

/** The cue, or what is wrong with the first field that is. */
export const offerCue = (
  item: RoomItem | undefined,
  {
    price,
    units,
    minutes,
  }: { readonly price: string; readonly units: string; readonly minutes: string },
): SegmentCueBody | string => {
  const currency = item?.variants[0]?.price.currency;
  if (!item || !currency) return 'This product has no price.';
  const amount = readAmount(price, currency);
  const quantity = Number(units.trim());
  const long = Number(minutes.trim().replace(',', '.'));
  if (amount === null || amount.minor < 0) return 'A price, such as 86.';
  if (!Number.isSafeInteger(quantity) || quantity < 1) return 'Whole units, at least one.';
  if (!(long > 0 && long <= 1_440)) return 'Minutes, such as 10.';
  return {
    kind: 'offer',
    productId: item.productId,
    variants: item.variants.map(({ variantId }) => ({
      variantId,
      priceMinor: amount.minor,
      quantity,
    })),
    perPersonMax: null,
    durationMs: Math.round(long * 60_000),
  };
};

export function OfferCueForm({
  items,
  onAdd,
}: {
  items: readonly RoomItem[];
  onAdd: (cue: SegmentCueBody) => void;
}) {
  const [chosen, setChosen] = useState('');
  const [price, setPrice] = useState<string | null>(null);
  const [units, setUnits] = useState('5');
  const [minutes, setMinutes] = useState('10');
  const [wrong, setWrong] = useState('');
  const item = items.find(({ productId }) => productId === chosen) ?? items[0];
  const usual = item?.variants[0] ? amountText(item.variants[0].price) : '';
  const add = () => {
    const cue = offerCue(item, { price: price ?? usual, units, minutes });
    if (typeof cue === 'string') return setWrong(cue);
    setWrong('');
    setPrice(null);
    onAdd(cue);
  };
  return (
    <div className="grid grid-cols-2 items-end gap-3 sm:grid-cols-[minmax(0,2fr)_1fr_1fr_1fr_auto]">
      <SelectField
        label="Offer"
        value={item?.productId ?? ''}
        onChange={(event) => {
          setChosen(event.target.value);
          setPrice(null);
        }}
        className="max-sm:col-span-2"
      >
        {items.map(({ productId, title }) => (
          <option key={productId} value={productId}>
            {title}
          </option>
        ))}
      </SelectField>
      <Field
        label="Price"
        inputMode="decimal"
        value={price ?? usual}
        onChange={(event) => setPrice(event.target.value)}
      />
      <Field
        label={item && item.variants.length > 1 ? 'Units of each' : 'Units'}
        inputMode="numeric"
        value={units}
        onChange={(event) => setUnits(event.target.value)}
      />
      <Field
        label="Minutes"
        inputMode="decimal"
        value={minutes}
        onChange={(event) => setMinutes(event.target.value)}
      />
      <Button onClick={add}>Hold ready</Button>
      {wrong ? (
        <p role="alert" className="col-span-full text-xs font-semibold text-urgent">
          {wrong}
        </p>
      ) : null}
    </div>
  );
}
