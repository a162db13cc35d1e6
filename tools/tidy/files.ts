// What a file may be called, how it begins, how long it may be, and what may stand in none: addresses of one
// person's machine, tests that are switched off.

import { posix } from 'node:path';
import { type Finding, isCode, isTest, lineAt, type Tree } from './tree.ts';

const emptyWords = [
  'util',
  'utils',
  'helper',
  'helpers',
  'common',
  'manager',
  'service',
  'services',
  'misc',
];

/** Terms of the field in which an otherwise empty word means something. */
const namedTerms = /service-worker/;

/** About five hundred, with room for the comment that explains the last one. */
const linesMax = 550;

/** A suite holds one concept too, but each of its cases stands for itself. */
const testLinesMax = 1_000;

/** Names that say nothing or aren't kebab-case. */
export function checkNames(tree: Tree): Finding[] {
  const findings: Finding[] = [];
  for (const path of tree.keys()) {
    if (!isCode(path) || !/^(?:src|tools|sim|bench|e2e)\//.test(path)) continue;
    const stem = posix.basename(path).replace(/\..*$/, '');
    const words = path
      .replace(namedTerms, '')
      .replace(/\.[^/]*$/, '')
      .split(/[/-]/);
    const empty = words.find((word) => emptyWords.includes(word));
    if (empty !== undefined)
      findings.push({ path, what: `"${empty}" says nothing; name what it holds` });
    if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(stem)) {
      findings.push({ path, what: 'is not a kebab-case name' });
    }
  }
  return findings;
}

/** Code files that don't open with a comment, or are too long to be one concept. */
export function checkOpenings(tree: Tree): Finding[] {
  const findings: Finding[] = [];
  for (const [path, text] of tree) {
    if (!isCode(path) || !/^(?:src|tools|sim|bench|e2e)\//.test(path)) continue;
    const opening = text.replace(/^#!.*\n/, '').trimStart();
    if (!isTest(path) && !/^\/[/*]/.test(opening)) {
      findings.push({
        path,
        line: 1,
        what: 'does not open with a comment that says what lives here',
      });
    }
    const lines = text.split('\n').length;
    if (lines > (isTest(path) ? testLinesMax : linesMax))
      findings.push({ path, what: `has ${lines} lines; about 500 are one concept` });
  }
  return findings;
}

/** Tests that are singled out or switched off. */
export function checkStrayTests(tree: Tree): Finding[] {
  const findings: Finding[] = [];
  for (const [path, text] of tree) {
    if (!isTest(path)) continue;
    for (const match of text.matchAll(
      /^\s*(?:test|it|describe|suite)(?:\.\w+)*\.(only|skip|todo|skipIf)\b/gm,
    )) {
      findings.push({
        path,
        line: lineAt(text, match.index + match[0].length),
        what: `stray .${match[1]}`,
      });
    }
  }
  return findings;
}

// Put together from parts, so that this file holds none of them itself.
const homes = ['work', 'root', 'Users'].join('|');
const registry = ['registry', 'npmjs', 'org'].join('\\.');
const forbidden: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`(?<![\\w.*)}\\]-])/(?:${homes})/[\\w.]`, 'g'), 'a path of one machine'],
  [new RegExp(`"resolved": *"http|${registry}`, 'g'), 'the address of a package registry'],
  [/^(?:<{7} |>{7} )/gm, 'the mark of an unfinished merge'],
];

/** Texts that may stand in no file. */
export function checkForbiddenTexts(tree: Tree): Finding[] {
  const findings: Finding[] = [];
  for (const [path, text] of tree) {
    for (const [pattern, name] of forbidden) {
      for (const match of text.matchAll(pattern)) {
        findings.push({
          path,
          line: lineAt(text, match.index),
          what: `holds ${name}: ${match[0]}`,
        });
      }
    }
  }
  return findings;
}
