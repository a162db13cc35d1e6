import { expect, test } from 'vitest';
import { checkDocumentPaths } from './documents.ts';
import { checkErrorTables, withErrorTables } from './error-table.ts';
import { checkForbiddenTexts, checkNames, checkOpenings, checkStrayTests } from './files.ts';
import { checkDeadFiles, checkImportTable, checkMissingTargets, checkPackages } from './imports.ts';
import { checkRules } from './rules.ts';

const tree = (files: Record<string, string>) => new Map(Object.entries(files));
const importing = (path: string) =>
  ['// Opens.', `import { x } from ${quoted(path)};`, ''].join('\n');
const quoted = (path: string) => `'${path}'`;

test('an import that the table allows passes, one that it forbids is named with its line', () => {
  const files = tree({
    'src/log/a.ts': importing('../base/b.ts'),
    'src/base/b.ts': importing('../log/a.ts'),
  });
  expect(checkImportTable(files)).toEqual([
    { path: 'src/base/b.ts', line: 2, what: 'base may not import src/log/a.ts' },
  ]);
});

test('an import over several lines, a type in passing and a re-export are seen', () => {
  const files = tree({
    'src/base/a.ts': ['import {', '  one,', '  two,', `} from ${quoted('../log/x.ts')};`].join(
      '\n',
    ),
    'src/base/b.ts': `let x: ${'import'}(${quoted('../log/x.ts')}).X;`,
    'src/base/c.ts': ['export', `* from ${quoted('../log/x.ts')};`].join(' '),
    'src/base/d.ts': `// ${['import', `x from ${quoted('../log/x.ts')}`].join(' ')}`,
  });
  expect(checkImportTable(files).map(({ path }) => path)).toEqual([
    'src/base/a.ts',
    'src/base/b.ts',
    'src/base/c.ts',
  ]);
});

test('a folder that the import table does not know is named', () => {
  expect(checkImportTable(tree({ 'src/elsewhere/a.ts': '' }))).toHaveLength(1);
});

test('only main may import anything', () => {
  expect(checkImportTable(tree({ 'src/main.ts': importing('./api/a.ts') }))).toEqual([]);
  expect(checkImportTable(tree({ 'src/views/a.ts': importing('../main.ts') }))).toHaveLength(1);
});

test('a file that only its own test imports is dead, a forked child and an entry of a page are not', () => {
  const files = tree({
    'src/main.ts': `new ${'URL'}(${quoted('./media/child.ts')}, import.meta.url)`,
    'src/media/child.ts': '',
    'src/base/dead.ts': '',
    'src/base/dead.test.ts': importing('./dead.ts'),
    'src/web/index.html': '<script type="module" src="/watch/entry.tsx"></script>',
    'src/web/watch/entry.tsx': '',
  });
  expect(checkDeadFiles(files).map(({ path }) => path)).toEqual(['src/base/dead.ts']);
});

test('a reference to a file that is gone is named', () => {
  expect(checkMissingTargets(tree({ 'src/base/a.ts': importing('./gone.ts') }))).toEqual([
    { path: 'src/base/a.ts', line: 2, what: 'refers to src/base/gone.ts, which is not there' },
  ]);
});

test('a package that package.json does not name is found, as is one for development in the product', () => {
  const files = tree({
    'package.json': JSON.stringify({ dependencies: { a: '1' }, devDependencies: { '@b/c': '1' } }),
    'src/base/x.ts': [importing('a/part'), importing('@b/c'), importing('node:fs')].join('\n'),
    'src/base/x.test.ts': importing('@b/c'),
    'tools/x.ts': importing('chance'),
  });
  expect(checkPackages(files).map(({ path, line }) => `${path}:${line}`)).toEqual([
    'src/base/x.ts:5',
    'tools/x.ts:2',
  ]);
});

test('a rule without a test, a test without a rule and a rule defined twice are named', () => {
  const title = (ids: string) => `test('[${ids}] holds', () => {});`;
  const files = tree({
    'docs/rules/x.md': [
      '- **XY-1** a',
      '- XY-2 b',
      '### XY-3 c',
      '| XY-4 | d |',
      '- XY-1 again',
    ].join('\n'),
    'src/domain/x.test.ts': [title('XY-1, XY-2'), title('XY-3'), title('XY-9')].join('\n'),
  });
  expect(checkRules(files)).toEqual([
    { path: 'docs/rules/x.md', line: 5, what: 'XY-1 is defined in docs/rules/x.md:1 already' },
    { path: 'docs/rules/x.md', line: 4, what: `no test title names [${'XY-4'}]` },
    { path: 'src/domain/x.test.ts', line: 3, what: `[${'XY-9'}] is defined in none of docs/rules` },
  ]);
});

test('document paths must lead somewhere; patterns, folders and names without ending may', () => {
  const page = [
    'See `src/log/a.ts`, src/log, `tools/seed`, docs/rules/*.md and `src/gone.ts`.',
    '[here](docs/there.md) and [gone](docs/gone.md#part), [out](https://example.org/src/x.ts)',
  ].join('\n');
  const files = tree({
    'README.md': page,
    'src/log/a.ts': '',
    'tools/seed.ts': '',
    'docs/there.md': '',
  });
  expect(checkDocumentPaths(files).map(({ line, what }) => `${line} ${what}`)).toEqual([
    '1 names src/gone.ts, which is not there',
    '2 names docs/gone.md, which is not there',
    '2 links to docs/gone.md, which is not there',
  ]);
});

test('names that say nothing are named, terms of the field are not', () => {
  const files = tree({
    'src/base/utils.ts': '',
    'src/common/a.ts': '',
    'src/web/service-worker.ts': '',
    'src/base/CamelCase.ts': '',
    'src/base/money.pg.test.ts': '',
  });
  expect(checkNames(files).map(({ path }) => path)).toEqual([
    'src/base/utils.ts',
    'src/common/a.ts',
    'src/base/CamelCase.ts',
  ]);
});

test('code opens with a comment and is not endless', () => {
  const files = tree({
    'src/a.ts': '// What lives here.\n',
    'src/b.ts': 'export {};\n',
    'src/c.ts': `// Long.\n${'\n'.repeat(600)}`,
    'tools/d.mjs': '#!/usr/bin/env node\n// Opens.\n',
  });
  expect(checkOpenings(files).map(({ path }) => path)).toEqual(['src/b.ts', 'src/c.ts']);
});

test('tests that are singled out or switched off are named', () => {
  const off = ['only', 'skip', 'todo'].map((word) => `  test.${word}('x', () => {});`);
  expect(checkStrayTests(tree({ 'src/a.test.ts': off.join('\n') }))).toHaveLength(3);
});

test('paths of one machine and registry addresses may stand nowhere, relative paths may', () => {
  const away = ['', 'work', 'main'].join('/');
  const files = tree({
    'README.md': `lies in ${away}`,
    'src/a.ts': `from '..${away}'`,
    'package-lock.json': `"${'resolved'}": "https://example.org/x.tgz"`,
  });
  expect(checkForbiddenTexts(files).map(({ path }) => path)).toEqual([
    'README.md',
    'package-lock.json',
  ]);
});

test('the table of errors is written between its marks, keeps the text around, and is found when stale', () => {
  const problems = { gone: { status: 410, title: 'A | B', advice: 'Go.', retry: false } };
  const first = withErrorTables(undefined, problems, { slow: 4000 });
  expect(first).toContain('`gone` | 410 | A \\| B | no | Go. |');
  const edited = `${first}\nBy hand.\n`;
  expect(withErrorTables(edited, problems, { slow: 4000 })).toBe(edited);
  expect(checkErrorTables(tree({ 'docs/errors.md': edited }), problems, { slow: 4000 })).toEqual(
    [],
  );
  expect(checkErrorTables(tree({ 'docs/errors.md': edited }), {}, { slow: 4000 })).toHaveLength(1);
  expect(checkErrorTables(tree({}), problems, { slow: 4000 })).toHaveLength(1);
});
