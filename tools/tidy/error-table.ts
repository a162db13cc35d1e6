// docs/errors.md says what every code means and what to do. Its tables are written from src/protocol/problems.ts
// between two marks; the text around them is written by hand.

import type { ProblemEntry } from '../../src/protocol/problem-entry.ts';
import type { Finding, Tree } from './tree.ts';

/** Where the table stands. */
export const errorsPath = 'docs/errors.md';

const begin = '<!-- problems: written by npm run tidy -- --write -->';
const end = '<!-- problems: end -->';

const withoutTables = `# Errors

Every refusal and fault that reaches a person or a program has a code from one table,
\`src/protocol/problems.ts\`. Over HTTP it comes as a problem document (RFC 9457,
\`application/problem+json\`), on a show's socket as a refusal with the same members:

\`\`\`json
{ "type": "/errors#sold-out", "title": "There aren’t that many left", "status": 409, "code": "sold-out", "detail": "…", "retry": true }
\`\`\`

\`code\` stays the same for good and is what programs compare. \`retry\` says whether the same request,
unchanged and with the same command id or \`Idempotency-Key\`, may succeed later.

${begin}
${end}
`;

/** \`closeCodes\` of src/protocol/close-codes.ts: name to number. */
export type CloseCodes = Readonly<Record<string, number>>;

/** The text that docs/errors.md should have, given the text that it has (or none). */
export function withErrorTables(
  text: string | undefined,
  problems: Readonly<Record<string, ProblemEntry>>,
  closeCodes: CloseCodes,
): string {
  const page = text?.includes(begin) && text.includes(end) ? text : withoutTables;
  const before = page.slice(0, page.indexOf(begin) + begin.length);
  const after = page.slice(page.indexOf(end));
  return `${before}\n\n${tables(problems, closeCodes)}\n${after}`;
}

/** Whether the page has what it should have. */
export function checkErrorTables(
  tree: Tree,
  problems: Readonly<Record<string, ProblemEntry>>,
  closeCodes: CloseCodes,
): Finding[] {
  const text = tree.get(errorsPath);
  if (text === withErrorTables(text, problems, closeCodes)) return [];
  return [
    {
      path: errorsPath,
      what: 'differs from src/protocol/problems.ts; run npm run tidy -- --write',
    },
  ];
}

function tables(problems: Readonly<Record<string, ProblemEntry>>, closeCodes: CloseCodes): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = Object.entries(problems).map(
    ([code, { status, title, advice, retry }]) =>
      `| <a id="${code}"></a>\`${code}\` | ${status} | ${cell(title)} | ${retry ? 'yes' : 'no'} | ${cell(advice)} |`,
  );
  const closings = Object.entries(closeCodes).map(
    ([name, number]) =>
      `| ${number} | \`${name}\` | ${number < 4100 ? 'yes, after a while' : 'no'} |`,
  );
  return [
    '| code | status | meaning | retry | what to do |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    'A socket that is closed by the server says why by its close code:',
    '',
    '| close code | name | come back |',
    '| --- | --- | --- |',
    ...closings,
    '',
  ].join('\n');
}
