// The installation's signing key: made at the first start, kept beside the data, readable by the owner of
// the process alone. Keys that were replaced stay listed with their public half, so that what they signed
// can be checked for ever. Losing the file loses no receipt, only the list: who has a public key still checks.

import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../base/fault.ts';
import type { PublicKey } from '../protocol/receipt.ts';
import { keyIdOf } from './statement.ts';

type StoredKeys = {
  /** The private half of the key that signs now; base64url. */
  readonly d: string;
  /** The key that signs now first, then the retired ones, the newest first. */
  readonly keys: readonly PublicKey[];
};

export interface SigningKeys {
  readonly keyId: string;
  /** Without secrets: what `/api/keys` answers. */
  readonly keys: readonly PublicKey[];
  /** Ed25519 over UTF-8, base64url. About 30 µs. */
  sign(text: string): string;
}

const fileName = 'signing-keys.json';

/**
 * Reads the keys in `folder`, or makes the first one. Faults: `storage-unusable`, with a sentence that
 * names RIALTO_DATA, when the folder or the file can't be used.
 */
export const openSigningKeys = async (folder: string, nowMs: number): Promise<SigningKeys> => {
  const known = await stored(folder);
  if (known !== null) return signingKeys(known);
  const made = newKey(nowMs, []);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, fileName), JSON.stringify(made), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw unusable(`${folder} can't be written`, error);
  }
  return signingKeys(made);
};

/**
 * Makes a new key and retires the one before. Whole or not at all; a running server goes on with the key
 * that it read at its start.
 */
export const replaceSigningKey = async (folder: string, nowMs: number): Promise<SigningKeys> => {
  const known = await stored(folder);
  const [before, ...older] = known?.keys ?? [];
  const made = newKey(nowMs, before ? [{ ...before, retiredAtMs: nowMs }, ...older] : []);
  const file = join(folder, fileName);
  try {
    await writeFile(`${file}.new`, JSON.stringify(made), { mode: 0o600 });
    await rename(`${file}.new`, file);
  } catch (error) {
    throw unusable(`${folder} can't be written`, error);
  }
  return signingKeys(made);
};

const stored = async (folder: string): Promise<StoredKeys | null> => {
  const file = join(folder, fileName);
  try {
    return JSON.parse(await readFile(file, 'utf8')) as StoredKeys;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unusable(`${file} can't be read`, error);
  }
};

const newKey = (madeAtMs: number, retired: readonly PublicKey[]): StoredKeys => {
  const { x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) as {
    x: string;
    d: string;
  };
  const key = { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid: keyIdOf(x), x } as const;
  return { d, keys: [{ ...key, madeAtMs }, ...retired] };
};

const signingKeys = ({ d, keys }: StoredKeys): SigningKeys => {
  const [current] = keys;
  let key: KeyObject;
  try {
    key = createPrivateKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: current!.x, d },
      format: 'jwk',
    });
  } catch (error) {
    throw unusable(`${fileName} holds no key`, error);
  }
  return {
    keyId: current!.kid,
    keys,
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64url'),
  };
};

const unusable = (what: string, cause: unknown): Fault =>
  new Fault('storage-unusable', `RIALTO_DATA: ${what} (${(cause as Error).message}).`, { cause });
