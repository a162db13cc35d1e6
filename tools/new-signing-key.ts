// `npm run new-signing-key`: retires the key that signs receipts and makes another, for when the data folder may
// have been seen by others. What the old key signed stays good: it stays listed. Needs a restart.

import { resolve } from 'node:path';
import { readSettings } from '../src/base/settings.ts';
import { replaceSigningKey } from '../src/receipts/signing-keys.ts';

const { dataFolder } = readSettings(process.env, []);
replaceSigningKey(resolve(dataFolder), Date.now()).then(
  ({ keyId, keys }) => {
    console.log(`The new key is ${keyId}; ${keys.length - 1} older stay listed.`);
    console.log('Start the shop again to sign with it.');
  },
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
