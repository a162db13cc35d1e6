// The chain that makes a log tamper-evident: what is hashed, in which order, and how personal text and
// what is withheld stay out of it. No storage lives here. The rule it guards: whoever holds the hash of
// event n can tell from the published events alone that nothing at or before n was changed, added or
// taken away, and learns from them nothing about who bought what.
//
//   hash(n)      = sha256( hash(n-1) as 64 hex digits, then the body of n as canonical JSON )
//   body         = [3, stream, seq, atMs, pseudonym of by, kind, open data, hiddenHash, personalHash]
//   hiddenHash   = sha256( salt of n as 64 hex digits, then [commandId, by, withheld] as canonical JSON )
//   personalHash = sha256( salt as 32 hex digits, then the personal text as canonical JSON ), or null
//
// The leading 3 is the version of this form. Open data and withheld members: published-form.ts of the
// domain. Pseudonyms and the salts of hidden parts come from the key of the log, so that they need no room
// and one of them can be shown without the others (stream-secrets.ts). The salt of personal text is random, stands
// beside it and goes with it when that is erased: what is left can't be guessed back from a list of
// likely sentences.

import { hash, randomBytes } from 'node:crypto';
import { assert } from '../base/assert.ts';
import type { Json } from '../base/json.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Append, HashedBody, RecordedEvent } from './event-log.ts';
import { openPart } from './open-part.ts';
import { streamSecrets } from './stream-secrets.ts';

/** The hash before the first event of every stream. */
export const genesisHash = '0'.repeat(64);

/** The version of the hashed body. */
export const chainVersion = 3;

/** An event with the texts under its hashes: what a storage writes. */
export interface SealedEvent {
  readonly event: RecordedEvent;
  /** The open data. */
  readonly dataText: string;
  /** What of the data isn't open; null when all of it is. */
  readonly withheldText: string | null;
  readonly personalText: string | null;
  readonly salt: string | null;
}

/** The hash of an event, hex, from the hash of the one before it. */
export const chainedHash = (before: string, body: HashedBody): string =>
  hash(
    'sha256',
    `${before}[${chainVersion},${JSON.stringify(body.stream)},${body.seq},${body.atMs},${JSON.stringify(body.by)},` +
      `${JSON.stringify(body.kind)},${body.dataText},"${body.hiddenHash}",` +
      `${body.personalHash === null ? 'null' : `"${body.personalHash}"`}]`,
    'hex',
  );

/** What stands under the hidden hash: canonical JSON. Who has it and its salt can prove it. */
export const hiddenText = (
  commandId: string,
  by: string | null,
  withheldText: string | null,
): string =>
  `[${JSON.stringify(commandId)},${JSON.stringify(by)},${withheldText === null ? 'null' : withheldText}]`;

/** The hash over a salt and a canonical text: of what is hidden, and of personal text. */
export const saltedHash = (salt: string, text: string): string =>
  hash('sha256', salt + text, 'hex');

/**
 * Gives the events of a batch their sequence, time and hashes, from where the batch says the stream ends.
 * `key` is the log's own.
 */
export const sealBatch = (
  batch: Append,
  key: string,
  newSalt: () => string = randomSalt,
): SealedEvent[] => {
  const { stream } = batch;
  assert(batch.commands.length > 0, 'a batch has at least one command');
  const secrets = streamSecrets(key, stream);
  const sealed: SealedEvent[] = [];
  let before = batch.headHash;
  let seq = batch.expectedVersion;
  for (const { commandId, bodyHash, atMs, by, events } of batch.commands) {
    assert(events.length > 0, `command ${commandId} led to no event`);
    assert(
      isName(commandId) && isName(bodyHash) && (by === null || isName(by)),
      'a command has names that can be stored',
    );
    assert(Number.isSafeInteger(atMs), `${atMs} is no time`);
    for (const { kind, data, personal } of events) {
      assert(isName(kind), 'an event has a kind');
      seq += 1;
      const { scope, open, withheld } = openPart(stream, kind, data, secrets.pseudonymOf);
      const dataText = canonicalJson(open);
      const withheldText = withheld === undefined ? null : canonicalJson(withheld);
      let salt: string | null = null;
      let personalText: string | null = null;
      let personalHash: string | null = null;
      if (personal !== undefined) {
        salt = newSalt();
        personalText = canonicalJson(personal);
        personalHash = saltedHash(salt, personalText);
      }
      const own = chainedHash(before, {
        stream,
        seq,
        atMs,
        by: by === null ? null : secrets.pseudonymOf(scope, by),
        kind,
        dataText,
        hiddenHash: saltedHash(secrets.saltOf(seq), hiddenText(commandId, by, withheldText)),
        personalHash,
      });
      before = own;
      const event = { stream, seq, atMs, by, kind, commandId, data, personalHash, hash: own };
      sealed.push({
        event: personal === undefined ? event : { ...event, personal: personal as Json },
        dataText,
        withheldText,
        personalText,
        salt,
      });
    }
  }
  return sealed;
};

/** Names (ids, kinds) are stored as they are, a line each: not empty, no controls, no half characters. */
const isName = (name: string): boolean => name.length <= nameMax && namePattern.test(name);
const nameMax = 256;
const namePattern = /^[^\p{Cc}\p{Cs}]+$/u;

const saltBytes = 16;
let pool = Buffer.alloc(0);
let poolAt = 0;

/** 128 unguessable bits as hex, cut from a larger draw: asking the system for each costs as much as the hash. */
export const randomSalt = (): string => {
  if (poolAt + saltBytes > pool.length) {
    pool = randomBytes(saltBytes * 256);
    poolAt = 0;
  }
  poolAt += saltBytes;
  return pool.toString('hex', poolAt - saltBytes, poolAt);
};
