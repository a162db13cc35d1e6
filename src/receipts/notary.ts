// Signs receipts of committed events. Those that are asked for in one breath (the answers to one
// transaction are) get one signature together, so that a crowd of claims costs two hashes each and not a
// signature each: docs/decisions/0008-receipts.md. The rule it guards: nothing is signed before it is
// committed, because only who was answered has an event to ask for.

import { assert } from '../base/assert.ts';
import { idOfStream, typeOfStream } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import { isReceipted } from '../domain/show/published-form.ts';
import type { RecordedEvent } from '../log/event-log.ts';
import { chainVersion } from '../log/hash-chain.ts';
import type { Receipt } from '../protocol/receipt.ts';
import { leafHash, merkleTree } from './merkle.ts';
import type { SigningKeys } from './signing-keys.ts';
import { receiptsText, receiptText } from './statement.ts';

/** What a receipt says of its event. */
export type Promised = Pick<
  RecordedEvent,
  'stream' | 'seq' | 'hash' | 'kind' | 'commandId' | 'atMs'
>;

type Waiting = {
  readonly event: Promised;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: unknown) => void;
};

/** The event of a show for which its command's sender gets a receipt; undefined when there is none. */
export const receiptedOf = <
  Event extends Pick<Promised, 'stream' | 'kind'> & Partial<Pick<RecordedEvent, 'by' | 'data'>>,
>(
  events: readonly Event[],
): Event | undefined =>
  events.find((event) => isReceipted(event) && typeOfStream(event.stream) === 'show');

export class Notary {
  readonly #keys: Pick<SigningKeys, 'keyId' | 'sign'>;
  #waiting: Waiting[] = [];

  constructor(keys: Pick<SigningKeys, 'keyId' | 'sign'>) {
    this.#keys = keys;
  }

  /** The receipt of a committed event of a show, in the same turn of the event loop. */
  receipt(event: Promised): Promise<Receipt> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) queueMicrotask(() => this.#sign());
      this.#waiting.push({ event, resolve, reject });
    });
  }

  #sign(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let from = 0; from < waiting.length; from += limits.receiptsSignedMax) {
      const together = waiting.slice(from, from + limits.receiptsSignedMax);
      try {
        const receipts = signedTogether(
          this.#keys,
          together.map(({ event }) => event),
        );
        for (const [i, { resolve }] of together.entries()) resolve(receipts[i]!);
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
  }
}

/** The receipts of at least one event under one signature. */
export const signedTogether = (
  keys: Pick<SigningKeys, 'keyId' | 'sign'>,
  events: readonly Promised[],
): Receipt[] => {
  const said = events.map(({ stream, seq, hash, kind, commandId, atMs }) => {
    assert(typeOfStream(stream) === 'show', `${stream} is no show`);
    return { show: idOfStream(stream), seq, hash, chain: chainVersion, kind, commandId, atMs };
  });
  const tree = merkleTree(said.map((one) => leafHash(receiptText(one))));
  const { keyId } = keys;
  const size = said.length;
  const signature = keys.sign(receiptsText(keyId, size, tree.root));
  return said.map((one, index) => ({
    format: 'rialto-receipt-1',
    ...one,
    index,
    size,
    path: tree.path(index),
    keyId,
    signature,
  }));
};
