// Commitments: a hash that is told now for a figure that is told later, so that it can't be changed in
// between and can't be guessed before. Used for maxima, reserves and seeds. The same function serves the
// server, the browser and whoever verifies. Rules: docs/rules/auction.md, LOT-24.

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** sha256 of UTF-8 text as 64 hex digits. */
export const sha256Hex = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));

/** What is committed to: an amount of a bid (or of the lot's reserve) under an unguessable nonce. */
export type Secret = {
  readonly minor: number;
  /** 128 bits or more, from the system's generator. */
  readonly nonce: string;
};

/** [LOT-24] The commitment to a secret amount; `of` is the bid's id, or `reserve`. */
export const commitmentTo = (
  lotId: string,
  of: string,
  currency: string,
  { minor, nonce }: Secret,
): string => sha256Hex(['rialto-lot-1', lotId, of, minor, currency, nonce].join('\n'));
