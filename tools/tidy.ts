// What no compiler checks and readers rely on: the import table, rule ids, paths in documents, names, dead files,
// stray `.only`, forbidden texts, the table of errors. `--write` writes the table; everything else is for hands.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { closeCodes } from '../src/protocol/close-codes.ts';
import { problems } from '../src/protocol/problems.ts';
import { checkDocumentPaths } from './tidy/documents.ts';
import { checkErrorTables, errorsPath, withErrorTables } from './tidy/error-table.ts';
import { checkForbiddenTexts, checkNames, checkOpenings, checkStrayTests } from './tidy/files.ts';
import {
  checkDeadFiles,
  checkImportTable,
  checkMissingTargets,
  checkPackages,
} from './tidy/imports.ts';
import { checkRules } from './tidy/rules.ts';
import { readTree } from './tidy/tree.ts';

const root = join(import.meta.dirname, '..');

if (process.argv.includes('--write')) {
  const path = join(root, errorsPath);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, withErrorTables(readTree(root).get(errorsPath), problems, closeCodes));
}

const tree = readTree(root);
const findings = [
  ...checkImportTable(tree),
  ...checkMissingTargets(tree),
  ...checkPackages(tree),
  ...checkDeadFiles(tree),
  ...checkRules(tree),
  ...checkDocumentPaths(tree),
  ...checkNames(tree),
  ...checkOpenings(tree),
  ...checkStrayTests(tree),
  ...checkForbiddenTexts(tree),
  ...checkErrorTables(tree, problems, closeCodes),
];

for (const { path, line, what } of findings) {
  console.log(`${path}${line === undefined ? '' : `:${line}`}  ${what}`);
}
console.log(
  findings.length === 0 ? `tidy: ${tree.size} files` : `tidy: ${findings.length} to mend`,
);
process.exitCode = findings.length === 0 ? 0 : 1;
