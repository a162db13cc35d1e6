import { chmod, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultCode } from '../base/fault.ts';
import { readInstallation } from './installation.ts';

const folder = () => mkdtemp(join(tmpdir(), 'rialto-installation-'));

describe('an installation', () => {
  it('is made once, for its owner’s eyes only, and read again', async () => {
    const at = await folder();
    const made = await readInstallation(at, { isDemo: true });
    expect(made.secret.length).toBeGreaterThanOrEqual(32);
    expect(((await stat(join(at, 'installation.json'))).mode & 0o777).toString(8)).toBe('600');
    expect(await readInstallation(at, { isDemo: false })).toEqual(made);
  });
  it('names RIALTO_DATA when the folder is a file', async () => {
    const at = join(await folder(), 'taken');
    await writeFile(at, '');
    const failed = await readInstallation(at, { isDemo: false }).catch((error: unknown) => error);
    expect(faultCode(failed)).toBe('storage-unusable');
    expect((failed as Error).message).toContain('RIALTO_DATA');
  });
  it('doesn’t overwrite what it can’t read', async () => {
    const at = await folder();
    await writeFile(join(at, 'installation.json'), '{broken');
    await chmod(join(at, 'installation.json'), 0o600);
    await expect(readInstallation(at, { isDemo: false })).rejects.toMatchObject({
      code: 'storage-unusable',
    });
    expect(await readFile(join(at, 'installation.json'), 'utf8')).toBe('{broken');
  });
});
