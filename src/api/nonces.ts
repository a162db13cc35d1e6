// Nonces that only this server can make, the same for the same words: what is sent again is the same
// command, and nobody can guess what a commitment hides. Rules: docs/rules/auction.md, LOT-24.

import { createHmac } from 'node:crypto';

const nonceHexDigits = 32;

/** From an installation's secret: words to 128 bits as hex. */
export const nonces =
  (secret: string) =>
  (...words: readonly string[]): string =>
    createHmac('sha256', secret).update(words.join('\n')).digest('hex').slice(0, nonceHexDigits);
