// The keys that push services know this shop by: made at the first start, kept beside the data, readable by
// the owner of the process alone. Losing the file ends every subscription: browsers are bound to the key.

import { createECDH } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../base/fault.ts';
import type { VapidKeys } from '../gateways/push.ts';

/**
 * Reads the keys in `folder`, or makes them. Faults: `storage-unusable`, with a sentence that names RIALTO_DATA,
 * when the folder or the file can't be used.
 */
export const openPushKeys = async (folder: string): Promise<VapidKeys> => {
  const file = join(folder, 'push-keys.json');
  try {
    return JSON.parse(await readFile(file, 'utf8')) as VapidKeys;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw unusable(`${file} can't be read`, error);
  }
  const curve = createECDH('prime256v1');
  const publicKey = curve.generateKeys().toString('base64url');
  const privateKey = Buffer.alloc(32);
  const bytes = curve.getPrivateKey();
  // Leading zeros are left out by the curve and wanted by the format (RFC 8292).
  bytes.copy(privateKey, 32 - bytes.length);
  const made: VapidKeys = { publicKey, privateKey: privateKey.toString('base64url') };
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(file, JSON.stringify(made), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw unusable(`${folder} can't be written`, error);
  }
  return made;
};

const unusable = (what: string, cause: unknown): Fault =>
  new Fault('storage-unusable', `RIALTO_DATA: ${what} (${(cause as Error).message}).`, { cause });
