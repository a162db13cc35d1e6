// Rules and the tests that hold them: each id that docs/rules defines stands in a test title, and each id in a
// test title is defined there. Whether the test really holds the rule is for its reader to judge.

import { type Finding, isTest, lineAt, type Tree } from './tree.ts';

/** `- **OFF-3** …`, `- OFF-3 …`, `### OFF-3 …` or `| OFF-3 | …` at the start of a line. */
const definition = /^(?:[-*] +|#{2,4} +|\| *)(?:\*\*)?`?([A-Z]{2,6}-\d+)\b/gm;

/** `[OFF-3]` and `[OFF-3, OFF-4]` inside of a string. */
const naming = /\[((?:[A-Z]{2,6}-\d+)(?:, ?[A-Z]{2,6}-\d+)*)\]/g;

/** Rules without a test, tests without a rule, rules defined twice. */
export function checkRules(tree: Tree): Finding[] {
  const findings: Finding[] = [];
  const defined = new Map<string, { path: string; line: number }>();
  const named = new Map<string, { path: string; line: number }>();
  for (const [path, text] of tree) {
    if (/^docs\/rules\/.+\.md$/.test(path)) {
      for (const match of text.matchAll(definition)) {
        const id = match[1] ?? '';
        const line = lineAt(text, match.index);
        const first = defined.get(id);
        if (first)
          findings.push({
            path,
            line,
            what: `${id} is defined in ${first.path}:${first.line} already`,
          });
        else defined.set(id, { path, line });
      }
    }
    if (isTest(path) || /^sim\/.+\.ts$/.test(path)) {
      for (const match of text.matchAll(naming)) {
        for (const id of (match[1] ?? '').split(/, ?/)) {
          if (!named.has(id)) named.set(id, { path, line: lineAt(text, match.index) });
        }
      }
    }
  }
  for (const [id, at] of defined) {
    if (!named.has(id)) findings.push({ ...at, what: `no test title names [${id}]` });
  }
  for (const [id, at] of named) {
    if (!defined.has(id))
      findings.push({ ...at, what: `[${id}] is defined in none of docs/rules` });
  }
  return findings;
}
