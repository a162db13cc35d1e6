// Who imports whom: the table of the layers, and files that nothing reaches any more.
// Imports are found by their shape in the text, not by a parser: Biome keeps the shape the same everywhere.

import { posix } from 'node:path';
import { type Finding, isCode, isTest, lineAt, type Tree } from './tree.ts';

/** For each folder of `src` the folders that it may import besides itself. What is not named may be imported by nobody but `main.ts`. */
export const importTable: Readonly<Record<string, readonly string[]>> = {
  base: [],
  domain: ['base'],
  protocol: ['base'],
  log: ['base', 'domain'],
  engine: ['base', 'domain', 'log'],
  publish: ['base', 'domain', 'protocol', 'log'],
  receipts: ['base', 'domain', 'protocol', 'log'],
  views: ['base', 'domain', 'log'],
  catalogue: ['base', 'domain', 'protocol', 'log'],
  accounts: ['base', 'domain', 'log'],
  gateways: ['base'],
  media: ['base', 'protocol'],
  remind: ['base', 'domain', 'protocol', 'log', 'engine', 'views', 'gateways'],
  keeping: ['base', 'domain', 'log', 'engine', 'views', 'gateways', 'media'],
  rehearsal: ['base', 'domain', 'protocol', 'log', 'engine', 'publish', 'gateways', 'media'],
  api: [
    'base',
    'domain',
    'protocol',
    'log',
    'engine',
    'publish',
    'receipts',
    'views',
    'catalogue',
    'accounts',
    'gateways',
    'media',
    'keeping',
    'remind',
    'rehearsal',
  ],
  web: ['base', 'domain', 'protocol'],
};

type Reference = { readonly from: string; readonly to: string; readonly line: number };

const importShapes = [
  // import … from './a.ts', export … from './a.ts', import './a.css'
  /^[ \t]*(?:import|export)\s(?:[^'"`;()]*?\sfrom\s*)?['"](\.[^'"]+)['"]/gm,
  // import('./a.ts'), also in types
  /\bimport\(\s*['"](\.[^'"]+)['"]/g,
  // new URL('./a.ts', import.meta.url), for forked children and workers
  /\bnew URL\(\s*['"](\.[^'"]+)['"]\s*,\s*import\.meta\.url/g,
  // join(import.meta.dirname, 'a.ts'), the same by path
  /\bimport\.meta\.dirname,\s*['"]([^'"]+\.tsx?)['"]/g,
  /\bimport\.meta\.resolve\(\s*['"](\.[^'"]+)['"]/g,
];

/** All references from one file of the tree to another by a relative path. */
export function references(tree: Tree): Reference[] {
  const found: Reference[] = [];
  for (const [from, text] of tree) {
    if (!isCode(from)) continue;
    for (const shape of importShapes) {
      for (const match of text.matchAll(shape)) {
        if (isComment(text, match.index)) continue;
        const target = (match[1] ?? '').replace(/\?.*$/, '');
        const to = posix.normalize(posix.join(posix.dirname(from), target));
        found.push({ from, to, line: lineAt(text, match.index + match[0].indexOf(target)) });
      }
    }
  }
  return found;
}

function isComment(text: string, offset: number): boolean {
  const start = text.lastIndexOf('\n', offset) + 1;
  return /^\s*(?:\/\/|\/?\*)/.test(text.slice(start, text.indexOf('\n', offset)));
}

/** Imports that the table forbids, and folders of `src` that the table doesn't know. */
export function checkImportTable(tree: Tree): Finding[] {
  const findings: Finding[] = [];
  const unknown = new Set<string>();
  for (const path of tree.keys()) {
    const folder = folderOf(path);
    if (folder !== undefined && importTable[folder] === undefined) unknown.add(folder);
  }
  for (const folder of unknown) {
    findings.push({
      path: `src/${folder}`,
      what: 'is not in the import table of tools/tidy/imports.ts',
    });
  }
  for (const { from, to, line } of references(tree)) {
    const folder = folderOf(from);
    const allowed = folder === undefined ? undefined : importTable[folder];
    if (folder === undefined || allowed === undefined) continue;
    if (to.startsWith(`src/${folder}/`)) continue;
    const target = folderOf(to);
    if (target !== undefined && allowed.includes(target)) continue;
    // A test may reach for the whole of the neighbours that it needs, but code may not.
    if (isTest(from) && target !== undefined && target !== 'web') continue;
    findings.push({ path: from, line, what: `${folder} may not import ${to}` });
  }
  return findings;
}

/** The folder of `src` in which a file lies; none for `src/main.ts` and for what is outside `src`. */
function folderOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

const packageShape =
  /^[ \t]*(?:import|export)\s(?:[^'"`;()]*?\sfrom\s*)?['"]((?:@[\w.-]+\/)?[a-z][\w.-]*)(?:\/[^'"]*)?['"]/gm;

/**
 * Packages that are imported and that `package.json` doesn't name: they are there by chance, as parts of others.
 * What the product imports must be among the dependencies, not only among those for development.
 */
export function checkPackages(tree: Tree): Finding[] {
  const manifest = JSON.parse(tree.get('package.json') ?? '{}');
  const inProduct = new Set(Object.keys(manifest.dependencies ?? {}));
  const anywhere = new Set([...inProduct, ...Object.keys(manifest.devDependencies ?? {})]);
  const findings: Finding[] = [];
  for (const [path, text] of tree) {
    if (!isCode(path)) continue;
    const isProduct = path.startsWith('src/') && !isTest(path) && !path.includes('/testing/');
    const named = isProduct ? inProduct : anywhere;
    for (const match of text.matchAll(packageShape)) {
      const name = match[1] ?? '';
      if (named.has(name) || isComment(text, match.index)) continue;
      findings.push({
        path,
        line: lineAt(text, match.index + match[0].indexOf(name)),
        what: `imports ${name}, which package.json doesn't name among its ${isProduct ? 'dependencies' : 'packages'}`,
      });
    }
  }
  return findings;
}

/** Files of `src` that nothing reaches but, at most, their own tests. */
export function checkDeadFiles(tree: Tree): Finding[] {
  const reached = new Set<string>(['src/main.ts']);
  for (const { from, to } of references(tree)) {
    if (!isOwnTest(from, to)) reached.add(to);
  }
  // Pages and build settings name their entries as strings.
  for (const [path, text] of tree) {
    if (!/\.html$|(?:^|\/)[\w.]+\.config\.ts$/.test(path)) continue;
    for (const match of text.matchAll(/['"](?:\.?\/)?([^'"\s]+\.(?:tsx?|css|html))['"]/g)) {
      const named = match[1] ?? '';
      reached.add(posix.normalize(named));
      reached.add(posix.normalize(posix.join(posix.dirname(path), named)));
      reached.add(posix.normalize(posix.join('src/web', named)));
    }
  }
  return [...tree.keys()]
    .filter(
      (path) => path.startsWith('src/') && isCode(path) && !isTest(path) && !path.endsWith('.d.ts'),
    )
    .filter((path) => !reached.has(path))
    .map((path) => ({ path, what: 'nothing imports this file; wire it or remove it' }));
}

function isOwnTest(test: string, path: string): boolean {
  const stem = path.replace(/\.tsx?$/, '');
  return isTest(test) && test.startsWith(`${stem}.`);
}

/** References to files that are not there. */
export function checkMissingTargets(tree: Tree): Finding[] {
  return references(tree)
    .filter(({ to }) => !tree.has(to) && /\.\w+$/.test(to) && !to.startsWith('..'))
    .filter(({ to }) => !/^(?:dist|data|artefacts|node_modules)\//.test(to))
    .map(({ from, to, line }) => ({
      path: from,
      line,
      what: `refers to ${to}, which is not there`,
    }));
}
