// Documents point at paths; a path that is gone makes the document wrong. Looks at Markdown only: in code the
// compiler and the check of missing targets see the same.

import { posix } from 'node:path';
import { type Finding, lineAt, stands, type Tree } from './tree.ts';

const repositoryPath =
  /(?<![\w/.@:-])(?:\.\/)?((?:src|docs|tools|sim|bench|e2e|\.ci)\/[\w.\-/@*<>{}…]*)/g;
const relativeLink = /\]\((?!https?:|mailto:|#)([^)\s]+?)(?:#[^)]*)?\)/g;

/** Paths and links in Markdown files that lead nowhere. */
export function checkDocumentPaths(tree: Tree): Finding[] {
  const findings: Finding[] = [];
  for (const [path, text] of tree) {
    if (!path.endsWith('.md')) continue;
    for (const match of text.matchAll(repositoryPath)) {
      const target = (match[1] ?? '').replace(/[.,:;]+$/, '');
      if (/[*<>{}…]/.test(target) || target === '' || leads(tree, target)) continue;
      findings.push({
        path,
        line: lineAt(text, match.index),
        what: `names ${target}, which is not there`,
      });
    }
    for (const match of text.matchAll(relativeLink)) {
      const link = decodeURI(match[1] ?? '');
      const target = posix.normalize(posix.join(posix.dirname(path), link));
      if (!stands(tree, target)) {
        findings.push({
          path,
          line: lineAt(text, match.index),
          what: `links to ${link}, which is not there`,
        });
      }
    }
  }
  return findings;
}

/** A path may be named without its ending: `tools/seed` is `tools/seed.ts`. */
function leads(tree: Tree, path: string): boolean {
  return stands(tree, path) || ['.ts', '.tsx', '.md'].some((ending) => tree.has(path + ending));
}
