// The key is made once, kept from others' eyes, and never forgotten.

import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSigningKeys, replaceSigningKey } from './signing-keys.ts';
import { isSigned, keyIdOf, keyOf } from './statement.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rialto-keys-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('[RCP-7] the first start makes a key, the next one finds it', async () => {
  const first = await openSigningKeys(join(folder, 'data'), 5);
  const second = await openSigningKeys(join(folder, 'data'), 9);
  expect(second.keys).toEqual(first.keys);
  expect(first.keys).toEqual([
    {
      kty: 'OKP',
      crv: 'Ed25519',
      alg: 'EdDSA',
      use: 'sig',
      kid: first.keyId,
      x: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      madeAtMs: 5,
    },
  ]);
  expect(isSigned(keyOf(first.keys[0]!)!, 'text', second.sign('text'))).toBe(true);
  expect(isSigned(keyOf(first.keys[0]!)!, 'other', second.sign('text'))).toBe(false);
});

test('[RCP-7] the file is the owner’s alone, and no secret is in what is listed', async () => {
  const { keys } = await openSigningKeys(folder, 5);
  const file = join(folder, 'signing-keys.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const { d } = JSON.parse(await readFile(file, 'utf8')) as { d: string };
  expect(d).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(JSON.stringify(keys)).not.toContain(d);
});

test('[RCP-7] a replaced key stays listed, and what it signed stays good', async () => {
  const first = await openSigningKeys(folder, 5);
  const signature = first.sign('text');
  const second = await replaceSigningKey(folder, 9);
  const third = await replaceSigningKey(folder, 12);
  expect(third.keys.map(({ kid, retiredAtMs }) => [kid, retiredAtMs])).toEqual([
    [third.keyId, undefined],
    [second.keyId, 12],
    [first.keyId, 9],
  ]);
  expect(isSigned(keyOf(third.keys[2]!)!, 'text', signature)).toBe(true);
  expect(await openSigningKeys(folder, 20)).toMatchObject({ keyId: third.keyId });
  expect((await stat(join(folder, 'signing-keys.json'))).mode & 0o777).toBe(0o600);
});

test('[RCP-7] a key id belongs to its key (RFC 8037, A.3: the thumbprint of the RFC’s key)', () => {
  const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
  expect(keyIdOf(x)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'.slice(0, 16));
  expect(keyOf({ x, kid: keyIdOf(x) })).not.toBeNull();
  expect(keyOf({ x, kid: 'AAAAAAAAAAAAAAAA' })).toBeNull();
  expect(keyOf({ x: undefined, kid: 'a' } as never)).toBeNull();
});

test('a file that can’t be read, or holds no key, says so with the setting’s name', async () => {
  await writeFile(join(folder, 'signing-keys.json'), '{"d":"x","keys":[]}');
  await expect(openSigningKeys(folder, 5)).rejects.toMatchObject({
    code: 'storage-unusable',
    message: expect.stringContaining('RIALTO_DATA'),
  });
  await expect(openSigningKeys('/dev/null/data', 5)).rejects.toMatchObject({
    code: 'storage-unusable',
  });
});
