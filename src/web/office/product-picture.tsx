// A product in small: its picture, or a quiet stand-in with its first letter while there is none or it
// doesn't answer. And its price range in words.

import { useState } from 'react';
import type { ProductSummary } from '../../protocol/catalogue.ts';
import { classes } from '../design/classes.ts';
import { moneyText } from '../design/money.tsx';

/** Grounds of the stand-in, chosen by the title so that a product keeps its own. */
const grounds = ['#dbeae7', '#f3e4c8', '#f1ddd3', '#e4e3d3', '#dfe0ea'] as const;

const groundOf = (title: string): string => {
  let sum = 0;
  for (const sign of title) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 997;
  return grounds[sum % grounds.length] ?? grounds[0];
};

export function ProductPicture({
  url,
  title,
  className,
}: {
  url: string | null;
  title: string;
  className?: string;
}) {
  const [broken, setBroken] = useState<string | null>(null);
  const shape = classes('shrink-0 overflow-hidden rounded-xl', className);
  if (url === null || broken === url) {
    return (
      <span
        aria-hidden="true"
        className={classes(shape, 'figure grid place-items-center text-[#4b4237]')}
        style={{ background: groundOf(title) }}
      >
        {title.trim().slice(0, 1).toUpperCase()}
      </span>
    );
  }
  return (
    <img
      src={url}
      alt=""
      loading="lazy"
      decoding="async"
      onError={() => setBroken(url)}
      className={classes(shape, 'bg-sunken object-cover')}
    />
  );
}

/** `€ 12.00`, `€ 12.00 – € 18.00`, or that there is none. */
export const priceText = (range: ProductSummary['priceRange']): string => {
  if (range === null) return 'no price';
  const from = moneyText(range.from);
  return range.from.minor === range.to.minor ? from : `${from} – ${moneyText(range.to)}`;
};
