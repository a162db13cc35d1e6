// The texts that are signed, and who checks a signature over them. Each says what it is before anything
// else, so that no signature can be shown as one over something else. Rules: docs/rules/receipt.md.

import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import { canonicalJson } from '../log/canonical-json.ts';
import type { LogHeader, PublicKey, Receipt } from '../protocol/receipt.ts';

/** [RCP-2] The leaf of one receipt. */
export const receiptText = (
  receipt: Pick<Receipt, 'show' | 'seq' | 'hash' | 'chain' | 'kind' | 'commandId' | 'atMs'>,
): string => {
  const { chain, show, seq, hash: own, kind, commandId, atMs } = receipt;
  return canonicalJson(['rialto-receipt-1', chain, show, seq, own, kind, commandId, atMs]);
};

/** [RCP-3] What is signed over receipts: the root of their tree. */
export const receiptsText = (keyId: string, size: number, root: string): string =>
  canonicalJson(['rialto-receipts-1', keyId, size, root]);

/** [RCP-6] What is signed over a published log: its header without the signature. */
export const headerText = (header: Omit<LogHeader, 'signature'>): string => {
  const { format, chain, stream, head, keys, keyId } = header;
  return canonicalJson({
    format,
    chain,
    stream,
    head,
    keys: keys.map((key) => ({ ...key })),
    keyId,
  });
};

/** Letters of a key id: 96 bits of the thumbprint. */
const keyIdLetters = 16;

/** The id of an Ed25519 public key: the start of its RFC 7638 thumbprint. */
export const keyIdOf = (x: string): string =>
  hash('sha256', `{"crv":"Ed25519","kty":"OKP","x":"${x}"}`, 'base64url').slice(0, keyIdLetters);

/** A key to check with; null when it is no Ed25519 key or its id isn't its own. */
export const keyOf = ({ x, kid }: Pick<PublicKey, 'x' | 'kid'>): KeyObject | null => {
  if (bytesOf(x, 32) === null || kid !== keyIdOf(x)) return null;
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  } catch {
    return null;
  }
};

/** Whether the key made this signature (base64url in its one canonical spelling) over the text. */
export const isSigned = (key: KeyObject, text: string, signature: string): boolean => {
  const bytes = bytesOf(signature, 64);
  return bytes !== null && verify(null, Buffer.from(text), key, bytes);
};

/** base64url leaves bits unused at the end: only the spelling in which they are zero is taken. */
const bytesOf = (text: string, length: number): Buffer | null => {
  if (typeof text !== 'string') return null;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length === length && bytes.toString('base64url') === text ? bytes : null;
};
