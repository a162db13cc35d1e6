// What can be checked without trusting the shop: the receipt of one event, the public keys, and the lines
// of a published log. Which bytes are signed and hashed: docs/rules/receipt.md.

import type { Money } from '../base/money.ts';

/** An Ed25519 public key as a JSON Web Key (RFC 8037), in a set as `/api/keys` answers it. */
export type PublicKey = {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly alg: 'EdDSA';
  readonly use: 'sig';
  /** The key id: the first 16 letters of the key's RFC 7638 thumbprint. */
  readonly kid: string;
  /** 32 bytes, base64url. */
  readonly x: string;
  readonly madeAtMs: number;
  /** Set when it signs no more; what it signed stays good. */
  readonly retiredAtMs?: number;
};

/** One signature may stand over many receipts: `path` leads from this one to what was signed. */
export type Receipt = {
  readonly format: 'rialto-receipt-1';
  readonly show: string;
  readonly seq: number;
  /** The event's hash in the chain: with it all that came before is promised too. */
  readonly hash: string;
  /** The version of the chain. */
  readonly chain: number;
  readonly kind: string;
  readonly commandId: string;
  readonly atMs: number;
  /** The place among the `size` receipts that were signed together. */
  readonly index: number;
  readonly size: number;
  /** Hashes beside the way to the root, from the leaf up, hex (RFC 9162, 2.1.3). */
  readonly path: readonly string[];
  readonly keyId: string;
  /** Ed25519, base64url. */
  readonly signature: string;
};

/** A receipt to keep: with the event itself and what is hidden of it, so that it stands on its own. */
export type ReceiptFile = Receipt & {
  /** The hash of the event before. */
  readonly before: string;
  readonly event: LogLine;
  /** What the event's `hidden` hash covers: `[commandId, person, withheld]` as canonical JSON. */
  readonly opening: { readonly salt: string; readonly text: string };
};

/** The first line of a published log. */
export type LogHeader = {
  readonly format: 'rialto-log-1';
  readonly chain: number;
  readonly stream: string;
  readonly head: { readonly seq: number; readonly hash: string };
  readonly keys: readonly PublicKey[];
  readonly keyId: string;
  /** Over the canonical header without this member. */
  readonly signature: string;
};

/** Every other line of a published log: one event, in order, as canonical JSON. */
export type LogLine = {
  readonly seq: number;
  readonly atMs: number;
  readonly by: string | null;
  readonly kind: string;
  readonly data: unknown;
  readonly hidden: string;
  readonly personal: string | null;
  readonly hash: string;
};

/** One of a person's receipts in a list; the receipt itself is at `/api/me/receipts/{show}/{seq}`. */
export type ReceiptSummary = {
  readonly show: string;
  readonly showTitle: string;
  readonly seq: number;
  readonly hash: string;
  readonly kind: string;
  readonly atMs: number;
  /** What it was about, as the show called it then: `Ring · gold`. */
  readonly title: string;
  /** Units; null where there are none to count, as for a bid. */
  readonly quantity: number | null;
  /** The price of a unit, or what a lot stood at after a bid; null where nothing has a price. */
  readonly price: Money | null;
};
