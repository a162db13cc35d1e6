// What a receipt costs the server: microseconds of one core for each claim of a batch, from the committed
// events to the texts that go out, at batches of 1, 100 and 1,000. The peer signs each receipt by itself. Goal:
// at most 5 µs a claim in batches of 100 and more. `p50` and `p99` are of a claim in batches of 1,000.

import { generateKeyPairSync, hash, sign } from 'node:crypto';
import type { CommandId, StreamId } from '../src/base/brand.ts';
import { chainVersion } from '../src/log/hash-chain.ts';
import { type Promised, signedTogether } from '../src/receipts/notary.ts';
import { keyIdOf, receiptText } from '../src/receipts/statement.ts';
import { type BenchOptions, type BenchResult, percentile, rounded } from './result.ts';

const sizes = [1, 100, 1_000] as const;
const measuredSize = 1_000;

const claim = (seq: number): Promised => ({
  stream: 'show-bench' as StreamId,
  seq,
  hash: hash('sha256', `${seq}`, 'hex'),
  kind: 'HoldPlaced',
  commandId: `k_${hash('sha256', `${seq}`, 'base64url').slice(0, 40)}` as CommandId,
  atMs: 1_795_500_000_000 + seq,
});

export default async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { x } = privateKey.export({ format: 'jwk' }) as { x: string };
  const keys = {
    keyId: keyIdOf(x),
    sign: (text: string) => sign(null, Buffer.from(text), privateKey).toString('base64url'),
  };
  const claims = Array.from({ length: measuredSize }, (_, i) => claim(i + 1));
  const rounds = quick ? 20 : 200;

  /** Microseconds a claim of each round, in batches of `size`. */
  const tookUs = (size: number, batch: (events: readonly Promised[]) => unknown): number[] => {
    const took: number[] = [];
    for (let round = -3; round < rounds; round++) {
      const startMs = performance.now();
      for (let from = 0; from < claims.length; from += size) batch(claims.slice(from, from + size));
      // The first rounds warm up.
      if (round >= 0) took.push(((performance.now() - startMs) * 1_000) / claims.length);
    }
    return took;
  };
  const together = (events: readonly Promised[]) => {
    for (const receipt of signedTogether(keys, events)) JSON.stringify(receipt);
  };
  const alone = ([event]: readonly Promised[]) => {
    const { stream: show, ...rest } = event!;
    const promised = { show, chain: chainVersion, ...rest };
    JSON.stringify({ ...promised, signature: keys.sign(receiptText(promised)) });
  };

  const runs = new Map(sizes.map((size) => [size as number, tookUs(size, together)]));
  const peer = percentile(tookUs(1, alone), 50);
  for (const [size, took] of runs)
    console.log(`batches of ${size}: ${rounded(percentile(took, 50))} µs a claim`);
  console.log(`each signed by itself: ${rounded(peer)} µs a claim`);
  const measured = runs.get(measuredSize)!;
  const value = percentile(measured, 50);
  return {
    bench: 'receipts',
    value: rounded(value),
    unit: 'µs/receipt',
    p50: rounded(value),
    p99: rounded(percentile(measured, 99)),
    peer: { name: 'an Ed25519 signature for each receipt', value: rounded(peer) },
    ratio: rounded(value / peer),
    details: {
      ...Object.fromEntries(
        [...runs].map(([size, took]) => [`batchesOf${size}Us`, rounded(percentile(took, 50))]),
      ),
      batchesOf1000Bytes: JSON.stringify(signedTogether(keys, claims)[0]).length,
      batchesOf1Bytes: JSON.stringify(signedTogether(keys, claims.slice(0, 1))[0]).length,
    },
  };
}
