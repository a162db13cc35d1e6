import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let root = '';

/** A project with set-up's own file, a lock, and a Vite that writes one page (or fails when told to). */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rialto-setup-'));
  const lock = JSON.stringify({ packages: { '': {}, 'node_modules/vite': { version: '1.0.0' } } });
  cpSync(join(import.meta.dirname, 'setup.mjs'), file('tools/setup.mjs'));
  write('package.json', '{"name":"copy","type":"module"}');
  write('package-lock.json', lock);
  write('node_modules/.package-lock.json', lock);
  write('node_modules/vite/package.json', '{"name":"vite","version":"1.0.0"}');
  write(
    'node_modules/vite/bin/vite.js',
    `import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
     const out = process.argv[process.argv.indexOf('--outDir') + 1];
     if (existsSync('src/web/broken')) { console.error('broken page'); process.exit(1); }
     mkdirSync(out, { recursive: true });
     writeFileSync(out + '/index.html', 'page');`,
  );
  mkdirSync(file('node_modules/node/bin'), { recursive: true });
  symlinkSync(process.execPath, file('node_modules/node/bin/node'));
  write('src/web/main.tsx', 'one');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const file = (path: string) => join(root, path);

function write(path: string, text: string): void {
  mkdirSync(dirname(file(path)), { recursive: true });
  writeFileSync(file(path), text);
}

function setUp(): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file('tools/setup.mjs')], {
    cwd: tmpdir(),
    encoding: 'utf8',
  });
  return { code: status, said: stdout + stderr };
}

test('what npm installed is taken as it is, the page is built once, and then there is nothing to say', () => {
  expect(setUp()).toEqual({
    code: 0,
    said: expect.stringMatching(
      /^Building the web app …\nBuilding the web app … done after \d+ s\n$/,
    ),
  });
  expect(readFileSync(file('dist/web/index.html'), 'utf8')).toBe('page');
  expect(setUp()).toEqual({ code: 0, said: '' });
});

test('a changed page is built anew, a changed test and Vite’s own cache are not', () => {
  setUp();
  write('src/web/main.test.ts', 'test');
  write('src/web/node_modules/.vite/x.js', 'cache');
  expect(setUp().said).toBe('');
  write('src/domain/words.ts', 'two');
  expect(setUp().said).toContain('Building the web app … done');
});

test('a page that can’t be built leaves the old one, ends with the reason and leaves no litter', () => {
  setUp();
  write('src/web/broken', '');
  const { code, said } = setUp();
  expect(code).toBe(1);
  expect(said).toContain('broken page\nThe web app could not be built');
  expect(said).not.toContain('at file:');
  expect(readdirSync(file('dist'))).toEqual(['web']);
  expect(readFileSync(file('dist/web/index.html'), 'utf8')).toBe('page');
});

test('an install that differs from the lock is taken up again, and failing that ends with a sentence', () => {
  write(
    'package.json',
    '{"name":"copy","type":"module","dependencies":{"nothing":"file:./nowhere.tgz"}}',
  );
  write('node_modules/.package-lock.json', '{"packages":{}}');
  const { code, said } = setUp();
  expect(code).toBe(1);
  expect(said).toContain('Installing the parts that Rialto is made of … failed');
  expect(said).toContain('npm could not install the dependencies');
});
