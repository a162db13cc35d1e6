// Receipts: one signature for those that are asked for together, each of them checked alone.

import { expect, test } from 'vitest';
import type { CommandId, StreamId } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import { Notary, type Promised, receiptedOf } from './notary.ts';
import { testKeys } from './test-keys.fixture.ts';
import { verifyReceipt } from './verify-log.ts';

const show = 'show-evening' as StreamId;
const claim = (seq: number): Promised => ({
  stream: show,
  seq,
  hash: seq.toString(16).padStart(64, '0'),
  kind: 'HoldPlaced',
  commandId: `k_${seq}` as CommandId,
  atMs: 1_795_500_000_000 + seq,
});

const counting = () => {
  const keys = testKeys();
  const signed: string[] = [];
  const sign = (text: string) => {
    signed.push(text);
    return keys.sign(text);
  };
  return { keys, signed, notary: new Notary({ keyId: keys.keyId, sign }) };
};

test('[RCP-1] a receipt says show, place, hash, kind, command, time and key, and is signed over them', async () => {
  const { keys, signed, notary } = counting();
  const receipt = await notary.receipt(claim(7));
  expect(receipt).toEqual({
    format: 'rialto-receipt-1',
    show: 'evening',
    seq: 7,
    hash: '7'.padStart(64, '0'),
    chain: 3,
    kind: 'HoldPlaced',
    commandId: 'k_7',
    atMs: 1_795_500_000_007,
    index: 0,
    size: 1,
    path: [],
    keyId: keys.keyId,
    signature: expect.stringMatching(/^[A-Za-z0-9_-]{86}$/),
  });
  expect(signed).toEqual([
    expect.stringMatching(
      new RegExp(`^\\["rialto-receipts-1","${keys.keyId}",1,"[0-9a-f]{64}"\\]$`),
    ),
  ]);
  expect(verifyReceipt(receipt, keys.keys)).toMatchObject({ ok: true, receipts: 1 });
});

const changes = {
  show: 'morning',
  seq: 8,
  hash: 'f'.repeat(64),
  kind: 'BidPlaced',
  commandId: 'k_8',
  atMs: 5,
  index: 1,
  size: 4,
  path: [],
  signature: 'A'.repeat(86),
  keyId: 'AAAAAAAAAAAAAAAA',
  chain: 1,
  format: 'rialto-receipt-2',
};
for (const [member, value] of Object.entries(changes)) {
  test(`[RCP-1] a receipt whose ${member} was changed is refused`, async () => {
    const { keys, notary } = counting();
    const [receipt] = await Promise.all([5, 6, 7].map((seq) => notary.receipt(claim(seq))));
    expect(verifyReceipt(receipt!, keys.keys).ok).toBe(true);
    expect(verifyReceipt({ ...receipt!, [member]: value } as never, keys.keys).ok).toBe(false);
  });
}

test('[RCP-3] receipts asked for in one breath share one signature and each stands alone', async () => {
  const { keys, signed, notary } = counting();
  const first = await Promise.all(Array.from({ length: 100 }, (_, i) => notary.receipt(claim(i))));
  expect(signed).toHaveLength(1);
  const second = await notary.receipt(claim(100));
  expect(signed).toHaveLength(2);
  for (const receipt of [...first, second])
    expect(verifyReceipt(receipt, keys.keys)).toMatchObject({ ok: true });
  expect(first.map(({ seq, index }) => [seq, index])).toEqual(first.map((_, i) => [i, i]));
  expect(first[63]?.path).toHaveLength(7);
});

test('[RCP-3] the answers to one transaction are one breath', async () => {
  const { signed, notary } = counting();
  const waiting = Array.from({ length: 50 }, () => Promise.withResolvers<Promised>());
  const receipts = waiting.map(({ promise }) => promise.then((event) => notary.receipt(event)));
  // As the stream's writer does it: every sender in one loop.
  for (const [i, { resolve }] of waiting.entries()) resolve(claim(i));
  await Promise.all(receipts);
  expect(signed).toHaveLength(1);
});

test('[RCP-3] a path never has more than ten hashes', async () => {
  const { signed, notary } = counting();
  const count = limits.receiptsSignedMax + 1;
  const receipts = await Promise.all(
    Array.from({ length: count }, (_, i) => notary.receipt(claim(i))),
  );
  expect(signed).toHaveLength(2);
  expect(receipts[0]?.path).toHaveLength(10);
  expect(receipts.at(-1)).toMatchObject({ index: 0, size: 1 });
});

test('[RCP-2] a claim has a receipt; a word, a crew’s act and a hold from the shelf have none', () => {
  const kindsOf = (...events: { stream: StreamId; kind: string }[]) => receiptedOf(events)?.kind;
  expect(kindsOf({ stream: show, kind: 'HoldPlaced' })).toBe('HoldPlaced');
  expect(kindsOf({ stream: show, kind: 'MessagePosted' })).toBeUndefined();
  expect(kindsOf({ stream: show, kind: 'ShowStarted' })).toBeUndefined();
  expect(kindsOf({ stream: 'stock-v' as StreamId, kind: 'HoldPlaced' })).toBeUndefined();
  expect(kindsOf()).toBeUndefined();
});

test('[RCP-2] [CCL-9] who gives a unit back to the next in a line has no receipt of their hold', () => {
  const held = (personId: string) => ({
    stream: show,
    kind: 'HoldPlaced',
    by: 'tomasz',
    data: { personId },
  });
  expect(receiptedOf([held('ines')])).toBeUndefined();
  expect(receiptedOf([held('tomasz')])).toEqual(held('tomasz'));
});

test('[RCP-3] a signing that fails is told to everyone who waits, and the next goes on', async () => {
  const keys = testKeys();
  let isBroken = true;
  const sign = (text: string) => {
    if (isBroken) throw new Error('no key');
    return keys.sign(text);
  };
  const notary = new Notary({ keyId: keys.keyId, sign });
  const outcomes = await Promise.allSettled([1, 2].map((seq) => notary.receipt(claim(seq))));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  isBroken = false;
  expect(verifyReceipt(await notary.receipt(claim(3)), keys.keys).ok).toBe(true);
});
