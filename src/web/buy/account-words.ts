// What the page of the account says of a link that failed and of a card that wasn't kept.

/** Of `error` in the address that a letter's link led to. */
export const linkWords = (error: string): string =>
  error === 'TOKEN_EXPIRED'
    ? 'This link is older than an hour. Have a new letter sent.'
    : 'This link isn’t right: perhaps a part of it was cut off. Have a new letter sent.';

/** Of the `reason` of `card-refused`. */
export const cardWords = (reason: unknown): string => {
  switch (reason) {
    case 'card-expired':
      return 'This card has expired.';
    case 'security-code-wrong':
      return 'Its security code is wrong.';
    case 'card-number-invalid':
      return 'A digit of this number is wrong.';
    case 'authentication-failed':
      return 'Your bank didn’t agree.';
    case 'insufficient-funds':
      return 'Your bank refuses it: there isn’t enough on it.';
    default:
      return 'Your bank refuses it.';
  }
};

const brands: Readonly<Record<string, string>> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  amex: 'American Express',
};

/** `Visa, ending in 4242`. */
export const cardName = ({ brand, last4 }: { readonly brand: string; readonly last4: string }) =>
  `${brands[brand] ?? 'Card'}, ending in ${last4}`;
