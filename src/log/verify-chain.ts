// Recomputes a stream's chain from what a storage holds, and makes of a stored event what is published of
// it. It trusts nothing but the bytes: the texts are hashed as they are stored, so a changed character is
// found even where the JSON means the same.

import { assert } from '../base/assert.ts';
import type { StreamId } from '../base/brand.ts';
import type { HashedBody, Opening, PublishedEvent, StreamHead, Verification } from './event-log.ts';
import {
  chainedHash,
  genesisHash,
  hiddenText,
  type SealedEvent,
  saltedHash,
} from './hash-chain.ts';
import { scopeOf } from './open-part.ts';
import { type StreamSecrets, streamSecrets } from './stream-secrets.ts';

/** An event as stored. */
export interface StoredBody extends Omit<HashedBody, 'by' | 'hiddenHash'> {
  /** Who gave the command: the person, not their pseudonym. */
  readonly by: string | null;
  readonly commandId: string;
  readonly withheldText: string | null;
  readonly hash: string;
  readonly personalText: string | null;
  readonly salt: string | null;
}

/** What a storage writes of an event that was just sealed. */
export const storedOf = ({ event, dataText, withheldText, personalText, salt }: SealedEvent) => ({
  stream: event.stream,
  seq: event.seq,
  atMs: event.atMs,
  by: event.by,
  kind: event.kind,
  commandId: event.commandId,
  dataText,
  withheldText,
  personalText,
  salt,
  personalHash: event.personalHash,
  hash: event.hash,
});

/** What the hidden hash of a stored event covers, with its salt. */
export const openingOf = (secrets: StreamSecrets, row: StoredBody): Opening => ({
  salt: secrets.saltOf(row.seq),
  text: hiddenText(row.commandId, row.by, row.withheldText),
});

/** A stored event as everybody may read it. */
export const publishedOf = (secrets: StreamSecrets, row: StoredBody): PublishedEvent => {
  const { stream, seq, atMs, kind, dataText, personalHash, hash } = row;
  const { salt, text } = openingOf(secrets, row);
  return {
    stream,
    seq,
    atMs,
    by: row.by === null ? null : secrets.pseudonymOf(scopeOf(stream, kind, dataText), row.by),
    kind,
    dataText,
    hiddenHash: saltedHash(salt, text),
    personalHash,
    hash,
  };
};

/** Feed it every event of the stream in order, then ask how it ended. */
export interface ChainCheck {
  /** False once something is broken: the rest need not be read. */
  next(row: StoredBody): boolean;
  end(head: StreamHead): Verification;
}

/** `key` is the log's own. */
export const chainCheck = (key: string, stream: StreamId): ChainCheck => {
  const secrets = streamSecrets(key, stream);
  let version = 0;
  let headHash = genesisHash;
  let broken: Verification | null = null;
  const breakAt = (brokenSeq: number, reason: 'hash' | 'personal' | 'gap' | 'head'): false => {
    broken = { ok: false, brokenSeq, reason };
    return false;
  };
  return {
    next(row) {
      assert(broken === null, 'the chain is known to be broken');
      if (row.seq !== version + 1) return breakAt(version + 1, 'gap');
      if (row.hash !== chainedHash(headHash, publishedOf(secrets, row)))
        return breakAt(row.seq, 'hash');
      if (!personalFits(row)) return breakAt(row.seq, 'personal');
      version = row.seq;
      headHash = row.hash;
      return true;
    },
    end(head) {
      if (broken !== null) return broken;
      if (head.version > version) breakAt(version + 1, 'gap');
      else if (head.version !== version || head.headHash !== headHash)
        breakAt(Math.max(1, head.version), 'head');
      return broken ?? { ok: true, version, headHash };
    },
  };
};

/** There with its salt and true to its hash, or wholly gone. */
const personalFits = ({ personalHash, personalText, salt }: StoredBody): boolean => {
  if (personalText === null) return salt === null;
  return personalHash !== null && salt !== null && saltedHash(salt, personalText) === personalHash;
};
