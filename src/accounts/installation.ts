// What is made at the first start and kept beside the data, readable by the owner of the process alone:
// the secret of the sessions, and whether the shop began as the living demo. Losing the file signs
// everybody out and nothing more.

import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../base/fault.ts';

export type Installation = {
  /** Signs sessions. */
  readonly secret: string;
  /** The shop began with the demo's catalogue and its show that is always on. */
  readonly isDemo: boolean;
};

/**
 * Reads the installation in `folder`, or makes one; `isDemo` counts at the first start only. Faults:
 * `storage-unusable`, with a sentence that names RIALTO_DATA, when the folder can't be read or written.
 */
export const readInstallation = async (
  folder: string,
  first: { readonly isDemo: boolean },
): Promise<Installation> => {
  const file = join(folder, 'installation.json');
  try {
    await mkdir(folder, { recursive: true });
    return JSON.parse(await readFile(file, 'utf8')) as Installation;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw unusable(`${file} can't be read`, error);
  }
  const made: Installation = {
    secret: randomBytes(32).toString('base64url'),
    isDemo: first.isDemo,
  };
  try {
    await writeFile(file, JSON.stringify(made), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw unusable(`${folder} can't be written`, error);
  }
  return made;
};

const unusable = (what: string, cause: unknown): Fault =>
  new Fault('storage-unusable', `RIALTO_DATA: ${what} (${(cause as Error).message}).`, { cause });
