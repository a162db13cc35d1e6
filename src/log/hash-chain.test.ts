// The chain against a second way of computing it, and against every single change.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CommandId, StreamId } from '../base/brand.ts';
import type { Json } from '../base/json.ts';
import type { Append, HashedBody } from './event-log.ts';
import { chainedHash, genesisHash, randomSalt, saltedHash, sealBatch } from './hash-chain.ts';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

const batch: Append = {
  stream: 'stock-a' as StreamId,
  epoch: 1,
  expectedVersion: 0,
  headHash: genesisHash,
  commands: [
    {
      commandId: 'c1' as CommandId,
      bodyHash: 'b',
      atMs: 1795500000000,
      by: 'ada',
      events: [{ kind: 'Said', data: { z: 1, a: '👑' }, personal: { text: 'hi' } }],
    },
    {
      commandId: 'c2' as CommandId,
      bodyHash: 'b',
      atMs: 1795500000001,
      by: null,
      events: [{ kind: 'Closed', data: null }],
    },
  ],
};

test('[LOG-8] the chain can be recomputed with nothing but SHA-256', () => {
  const salt = '00112233445566778899aabbccddeeff';
  const [first, second] = sealBatch(batch, 'key', () => salt);
  const streamKey = sha256('key\nstock-a');
  const pseudonym = createHash('sha256')
    .update(`${streamKey}sale:ada`)
    .digest('base64url')
    .slice(0, 22);
  const hidden = sha256(`${sha256(`${streamKey}1`)}["c1","ada",null]`);
  const personal = sha256(`${salt}{"text":"hi"}`);
  const one = sha256(
    `${genesisHash}[3,"stock-a",1,1795500000000,"${pseudonym}","Said",{"a":"👑","z":1},"${hidden}","${personal}"]`,
  );
  const nobodys = sha256(`${sha256(`${streamKey}2`)}["c2",null,null]`);
  const two = sha256(`${one}[3,"stock-a",2,1795500000001,null,"Closed",null,"${nobodys}",null]`);
  expect(first).toMatchObject({
    salt,
    personalText: '{"text":"hi"}',
    event: { seq: 1, personalHash: personal, hash: one },
  });
  expect(second).toMatchObject({
    salt: null,
    personalText: null,
    event: { seq: 2, personalHash: null, hash: two },
  });
});

test('[LOG-8] a batch cut anywhere into two gives the same chain', () => {
  const commands = Array.from({ length: 9 }, (_, i) => ({
    ...batch.commands[0]!,
    commandId: `c${i}` as CommandId,
    events: [{ kind: 'A', data: i }],
  }));
  const whole = sealBatch({ ...batch, commands }, 'key').map(({ event }) => event.hash);
  for (let cut = 1; cut < 9; cut++) {
    const head = sealBatch({ ...batch, commands: commands.slice(0, cut) }, 'key');
    const { seq, hash } = head.at(-1)!.event;
    const tail = sealBatch(
      { ...batch, expectedVersion: seq, headHash: hash, commands: commands.slice(cut) },
      'key',
    );
    expect([...head, ...tail].map(({ event }) => event.hash)).toEqual(whole);
  }
});

test('[LOG-8] no two bodies share a text: moving a character from one field to the next is seen', () => {
  const text = fc.string({ unit: 'binary', maxLength: 8 });
  const body = fc.record({
    stream: text,
    seq: fc.nat(),
    atMs: fc.nat(),
    by: fc.option(text),
    kind: text,
    dataText: fc.constantFrom('1', '"1"', '{}', '[1,"x"]'),
    hiddenHash: fc.constantFrom('a'.repeat(64), 'b'.repeat(64)),
    personalHash: fc.option(fc.constantFrom('a'.repeat(64), 'b'.repeat(64))),
  });
  fc.assert(
    fc.property(body, body, (a, b) => {
      const same = JSON.stringify(a) === JSON.stringify(b);
      expect(
        chainedHash(genesisHash, a as HashedBody) === chainedHash(genesisHash, b as HashedBody),
      ).toBe(same);
    }),
    { numRuns: 1_000, seed: 20261124 },
  );
});

test('[LOG-9] salts differ, are 32 hex digits, and change the hash', () => {
  const salts = Array.from({ length: 1_000 }, randomSalt);
  expect(new Set(salts).size).toBe(1_000);
  for (const salt of salts) expect(salt).toMatch(/^[0-9a-f]{32}$/);
  expect(saltedHash(salts[0]!, '"hi"')).not.toBe(saltedHash(salts[1]!, '"hi"'));
});

test('[LOG-1] a command without an event, an empty batch and a time that is none are bugs', () => {
  const sealing = (change: Partial<Append['commands'][number]>) => () =>
    sealBatch({ ...batch, commands: [{ ...batch.commands[0]!, ...change }] }, 'key');
  expect(sealing({ events: [] })).toThrow('led to no event');
  expect(sealing({ atMs: 1.5 })).toThrow('is no time');
  expect(sealing({ events: [{ kind: 'A', data: { at: new Date() } as unknown as Json }] })).toThrow(
    'plain objects',
  );
  expect(() => sealBatch({ ...batch, commands: [] }, 'key')).toThrow('at least one command');
});
