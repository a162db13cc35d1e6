// The tree that tidy looks at: every text file that git would take, by path. The checks are functions from a tree
// to findings, so that their tests can make up small trees. Ignored files (data, dist, artefacts) are not in it.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Repository paths with forward slashes, mapped to their text. Binary files are mapped to the empty text. */
export type Tree = ReadonlyMap<string, string>;

/** What is untidy, where, in words that tell what to do. `line` counts from 1. */
export type Finding = { readonly path: string; readonly line?: number; readonly what: string };

const textFile =
  /(?:\.(?:ts|tsx|mjs|js|json|md|css|html|sql|yml|yaml|svg|txt|sh)|\/run|^\.\w+|LICENSE)$/;

/** Reads the checkout at `root`: committed files and new ones that aren't ignored. */
export function readTree(root: string): Tree {
  const listed = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  const paths = [...new Set(listed.split('\0'))].filter((path) => path !== '').sort();
  return new Map(
    paths
      .filter((path) => existsSync(join(root, path)))
      .map((path) => [path, textFile.test(path) ? readFileSync(join(root, path), 'utf8') : '']),
  );
}

/** Whether `path` is a file of the tree or a folder with something in it. */
export function stands(tree: Tree, path: string): boolean {
  const bare = path.replace(/\/+$/, '');
  if (tree.has(bare)) return true;
  for (const known of tree.keys()) if (known.startsWith(`${bare}/`)) return true;
  return false;
}

/** Whether the file holds tests or a suite that tests run (a contract of twins). */
export function isTest(path: string): boolean {
  return /\.(?:test|e2e|contract)\.tsx?$/.test(path);
}

/** Whether the file holds code of ours. */
export function isCode(path: string): boolean {
  return /\.(?:ts|tsx|mjs)$/.test(path);
}

/** The line, counted from 1, on which the character at `offset` stands. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1))
    line++;
  return line;
}
