// Money as people read it: the symbol, a thin space, the amount: "€ 86.00". One form everywhere, in the
// page's language; the amount itself is never computed here.

import { type Money as Amount, currencyDigits } from '../../base/money.ts';

const formats = new Map<string, Intl.NumberFormat>();

const formatOf = (currency: string): Intl.NumberFormat => {
  const known = formats.get(currency);
  if (known) return known;
  const made = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  });
  formats.set(currency, made);
  return made;
};

/** `{ minor: 8600, currency: 'EUR' }` → `€ 86.00`, with a no-break space. */
export const moneyText = (amount: Amount): string => {
  const parts = formatOf(amount.currency).formatToParts(
    amount.minor / 10 ** currencyDigits(amount.currency),
  );
  const symbol = parts.find(({ type }) => type === 'currency')?.value ?? amount.currency;
  const figures = parts
    .filter(({ type }) => type !== 'currency' && type !== 'literal')
    .map(({ value }) => value)
    .join('');
  return `${symbol}\u00a0${figures}`;
};

/** An amount. `struck` for a reference price beside a lower one: said in words to those who don't see it. */
export function Money({
  amount,
  struck = false,
  className,
}: {
  amount: Amount;
  struck?: boolean;
  className?: string;
}) {
  if (!struck) return <span className={className}>{moneyText(amount)}</span>;
  return (
    <s className={className}>
      <span className="sr-only">lowest price of the last 30 days </span>
      {moneyText(amount)}
    </s>
  );
}
