// Verifies a published log and receipts without the shop: from the bytes alone, line by line, with nothing
// kept but the last hash. It believes nothing that it can recompute. The rule it guards: a log in which any
// byte of any event was changed, or any line added, moved or taken away, is never called whole.

import type { KeyObject } from 'node:crypto';
import type { StreamId } from '../base/brand.ts';
import type { Json } from '../base/json.ts';
import { limits } from '../base/limits.ts';
import { canonicalJson } from '../log/canonical-json.ts';
import { chainedHash, chainVersion, genesisHash, saltedHash } from '../log/hash-chain.ts';
import type { LogHeader, LogLine, PublicKey, Receipt, ReceiptFile } from '../protocol/receipt.ts';
import { leafHash, rootOfPath } from './merkle.ts';
import { headerText, isSigned, keyOf, receiptsText, receiptText } from './statement.ts';

/** Looks at the events of a log in order, for what the chain can't see: sums, limits, winners. */
export interface LogCheck {
  /** What holds when it finds nothing: "no more units were sold than the offer had". */
  readonly name: string;
  /** For one run over one log. */
  begin(): {
    /** Why this event can't be, or null. The chain up to it is whole. */
    event(event: LogLine): string | null;
    /** Why the log as a whole can't be, or null. */
    end(): string | null;
  };
}

export type VerifyOptions = {
  /** The keys that are trusted; without them those that the log itself names. */
  readonly trusted?: readonly Pick<PublicKey, 'kid' | 'x'>[];
  readonly receipts?: readonly (Receipt | ReceiptFile)[];
  readonly checks?: readonly LogCheck[];
};

export type Verdict =
  | {
      readonly ok: true;
      readonly stream: string;
      readonly events: number;
      readonly headHash: string;
      readonly keyId: string;
      readonly receipts: number;
    }
  | {
      readonly ok: false;
      /** The first event that is wrong; null when it is the header, the end or a receipt. */
      readonly seq: number | null;
      readonly why: string;
    };

type Keys = ReadonlyMap<string, KeyObject>;

/** Ends the reading with a verdict. */
class Wrong extends Error {
  readonly seq: number | null;
  constructor(why: string, seq: number | null = null) {
    super(why);
    this.seq = seq;
  }
}

/** Reads `bytes` to the end or to the first thing that is wrong. Rejects only when reading itself fails. */
export const verifyLog = async (
  bytes: AsyncIterable<Uint8Array>,
  options: VerifyOptions = {},
): Promise<Verdict> => {
  try {
    return await read(bytes, options);
  } catch (error) {
    if (error instanceof Wrong) return { ok: false, seq: error.seq, why: error.message };
    throw error;
  }
};

const read = async (bytes: AsyncIterable<Uint8Array>, options: VerifyOptions): Promise<Verdict> => {
  const lines = linesOf(bytes);
  const first = await lines.next();
  if (first.done) throw new Wrong('the file is empty');
  const header = headerOf(first.value);
  const keys = keysOf(options.trusted ?? header.keys);
  const key = keys.get(header.keyId);
  if (key === undefined)
    throw new Wrong(`the log is signed with the key ${header.keyId}, which is not a trusted one`);
  const { signature, ...signed } = header;
  if (!isSigned(key, headerText(signed), signature))
    throw new Wrong('the signature of the first line is wrong');

  const checks = (options.checks ?? []).map((check) => ({ name: check.name, ...check.begin() }));
  if (!(options.receipts ?? []).every(isReceipt)) throw new Wrong(noReceipt);
  const receipts = Map.groupBy(options.receipts ?? [], ({ seq }) => seq);
  for (const receipt of options.receipts ?? []) checkReceipt(receipt, keys, header.stream);
  let [seq, before] = [0, genesisHash];
  for await (const line of lines) {
    const event = eventOf(line, seq + 1);
    if (event.seq !== seq + 1)
      throw new Wrong(`the next event should be ${seq + 1} and is ${event.seq}`, seq + 1);
    if (hashOf(header.stream, before, event) !== event.hash)
      throw new Wrong('its hash isn’t that of its content after the event before', event.seq);
    for (const check of checks) {
      const why = check.event(event);
      if (why !== null) throw new Wrong(`${why} (${check.name})`, event.seq);
    }
    for (const receipt of receipts.get(event.seq) ?? []) compare(receipt, event);
    seq = event.seq;
    before = event.hash;
  }
  if (seq !== header.head.seq)
    throw new Wrong(`the log ends with event ${seq}; its first line says ${header.head.seq}`);
  if (before !== header.head.hash)
    throw new Wrong(`the last event isn’t the one that the first line was signed for`, seq || null);
  for (const check of checks) {
    const why = check.end();
    if (why !== null) throw new Wrong(`${why} (${check.name})`);
  }
  for (const receipt of options.receipts ?? [])
    if (receipt.seq > seq)
      throw new Wrong(
        `a receipt was given for event ${receipt.seq}, and the log ends with event ${seq}`,
      );
  const { stream, keyId } = header;
  const count = options.receipts?.length ?? 0;
  return { ok: true, stream, events: seq, headHash: before, keyId, receipts: count };
};

/** A receipt by itself: its signature, and its own event where it carries it. */
export const verifyReceipt = (
  receipt: Receipt | ReceiptFile,
  trusted: readonly Pick<PublicKey, 'kid' | 'x'>[],
): Verdict => {
  try {
    if (!isReceipt(receipt)) throw new Wrong(noReceipt);
    const stream = `show-${receipt.show}`;
    checkReceipt(receipt, keysOf(trusted), stream);
    const { keyId, hash: headHash } = receipt;
    return { ok: true, stream, events: 0, headHash, keyId, receipts: 1 };
  } catch (error) {
    if (error instanceof Wrong) return { ok: false, seq: error.seq, why: error.message };
    throw error;
  }
};

const noReceipt = 'what was given as a receipt is none of this format';

const keysOf = (keys: readonly Pick<PublicKey, 'kid' | 'x'>[]): Keys => {
  const known = new Map<string, KeyObject>();
  for (const one of keys) {
    const key = keyOf(one);
    if (key === null) throw new Wrong(`the key ${one.kid} is no Ed25519 key with that id`);
    known.set(one.kid, key);
  }
  return known;
};

const checkReceipt = (receipt: Receipt | ReceiptFile, keys: Keys, stream: string): void => {
  const name = `the receipt of event ${receipt.seq}`;
  if (`show-${receipt.show}` !== stream)
    throw new Wrong(`${name} is one of show-${receipt.show}, the log is that of ${stream}`);
  const key = keys.get(receipt.keyId);
  if (key === undefined)
    throw new Wrong(`${name} is signed with the key ${receipt.keyId}, which is not a trusted one`);
  const { index, size, path, keyId, signature } = receipt;
  const root = rootOfPath(leafHash(receiptText(receipt)), index, size, path);
  if (root === null || !isSigned(key, receiptsText(keyId, size, root), signature))
    throw new Wrong(`the signature of ${name} is wrong`);
  if (!('event' in receipt)) return;
  compare(receipt, receipt.event);
  if (hashOf(stream, receipt.before, receipt.event) !== receipt.hash)
    throw new Wrong(`${name} was signed for another event than the one that it carries`);
};

const compare = (receipt: Receipt | ReceiptFile, event: LogLine): void => {
  const { seq, hash, kind, atMs } = event;
  if (receipt.hash !== hash)
    throw new Wrong('a receipt was given for another event at this place', seq);
  if (receipt.seq !== seq || receipt.kind !== kind || receipt.atMs !== atMs)
    throw new Wrong('its receipt says another kind or time', seq);
  if (!('opening' in receipt)) return;
  const { salt, text } = receipt.opening;
  if (saltedHash(salt, text) !== event.hidden)
    throw new Wrong('what its receipt says is hidden in it isn’t', seq);
  if (!text.startsWith(`[${JSON.stringify(receipt.commandId)},`))
    throw new Wrong('its receipt names another command', seq);
};

const hashOf = (stream: string, before: string, event: LogLine): string =>
  chainedHash(before, {
    stream: stream as StreamId,
    seq: event.seq,
    atMs: event.atMs,
    by: event.by,
    kind: event.kind,
    dataText: canonicalJson(event.data as Json),
    hiddenHash: event.hidden,
    personalHash: event.personal,
  });

// ── lines ────────────────────────────────────────────────────────────────────────────────────────────

const isHash = (value: unknown): boolean =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isText = (value: unknown): boolean => typeof value === 'string';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value);
const orNull =
  (is: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === null || is(value);

const eventMembers = {
  atMs: isCount,
  by: orNull(isText),
  data: () => true,
  hash: isHash,
  hidden: isHash,
  kind: isText,
  personal: orNull(isHash),
  seq: isCount,
};
const headerMembers = {
  chain: (value: unknown) => value === chainVersion,
  format: (value: unknown) => value === 'rialto-log-1',
  head: (value: unknown) => hasMembers(value, { hash: isHash, seq: isCount }),
  keyId: isText,
  keys: Array.isArray,
  signature: isText,
  stream: isText,
};

const receiptMembers = {
  atMs: isCount,
  chain: (value: unknown) => value === chainVersion,
  commandId: isText,
  format: (value: unknown) => value === 'rialto-receipt-1',
  hash: isHash,
  index: isCount,
  keyId: isText,
  kind: isText,
  path: (value: unknown) => Array.isArray(value) && value.every(isHash),
  seq: isCount,
  show: isText,
  signature: isText,
  size: isCount,
};

const isReceipt = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const { before, event, opening, ...receipt } = value as Record<string, unknown>;
  const isAlone = event === undefined && before === undefined && opening === undefined;
  const isWhole =
    isHash(before) &&
    hasMembers(event, eventMembers) &&
    hasMembers(opening, { salt: isHash, text: isText });
  return hasMembers(receipt, receiptMembers) && (isAlone || (isWhole && isJson(event)));
};

/** Not so what `JSON.parse` makes of 1e999, or of brackets without end. */
const isJson = (value: unknown): boolean => {
  try {
    canonicalJson(value as Json);
    return true;
  } catch {
    return false;
  }
};

const hasMembers = (
  value: unknown,
  members: Readonly<Record<string, (value: unknown) => boolean>>,
): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const names = Object.keys(value).sort();
  return (
    names.join() === Object.keys(members).join() &&
    names.every((name) => members[name]!((value as Record<string, unknown>)[name]))
  );
};

const headerOf = (line: Uint8Array): LogHeader => {
  const header = canonical(line);
  if (!hasMembers(header, headerMembers))
    throw new Wrong('the first line isn’t that of a published log of this format');
  return header as LogHeader;
};

const eventOf = (line: Uint8Array, seq: number): LogLine => {
  const event = canonical(line);
  if (!hasMembers(event, eventMembers)) throw new Wrong('its line isn’t that of an event', seq);
  return event as LogLine;
};

/** The value of a line; undefined when the line isn't exactly what that value is written as. */
const canonical = (line: Uint8Array): unknown => {
  try {
    const text = utf8.decode(line);
    const value = JSON.parse(text) as Json;
    return canonicalJson(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
};
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Lines without their ends. A last line that isn't ended was cut off. */
async function* linesOf(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, undefined, void> {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  for await (const chunk of bytes) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      const end = chunk.subarray(from, at);
      yield rest.length === 0 ? end : Buffer.concat([...rest, end]);
      rest = [];
      restBytes = 0;
      from = at + 1;
    }
    if (from === chunk.length) continue;
    rest.push(chunk.slice(from));
    restBytes += chunk.length - from;
    if (restBytes > limits.logLineBytesMax)
      throw new Wrong('a line is longer than any event can be');
  }
  if (restBytes > 0) throw new Wrong('the last line is cut off');
}
