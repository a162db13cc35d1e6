import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { builtPage } from './pages.ts';

const folder = mkdtempSync(join(tmpdir(), 'rialto-pages-'));
const path = join(folder, 'watch.html');
const build = (text: string, atSeconds: number) => {
  writeFileSync(path, text);
  utimesSync(path, atSeconds, atSeconds);
};

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a page is what was built last, also while it is being replaced', async () => {
  build('first', 1);
  const page = await builtPage(path);
  expect(await page()).toBe('first');
  build('second', 2);
  expect(await page()).toBe('second');
  rmSync(path);
  expect(await page()).toBe('second');
  build('third', 3);
  expect(await page()).toBe('third');
});

test('a server without a built page does not start', async () => {
  await expect(builtPage(path)).rejects.toThrow('ENOENT');
});
