// A signing key for tests, always the same: the seed of RFC 8032's first test vector.

import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { SigningKeys } from './signing-keys.ts';
import { keyIdOf } from './statement.ts';

const seed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';

export const testKeys = (): SigningKeys => {
  const pkcs8 = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex');
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(key).export({ format: 'jwk' }) as { x: string };
  const kid = keyIdOf(x);
  return {
    keyId: kid,
    keys: [{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid, x, madeAtMs: 0 }],
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64url'),
  };
};
