// Which measurements there are: every file of this folder with a default export. Running one is `run.ts`.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A measurement's name (its file without the ending) and what it says of itself. */
export type Measurement = { readonly name: string; readonly about: string };

/** All measurements, by name. `about` is the first sentence of the file's opening comment. */
export function measurements(): readonly Measurement[] {
  const folder = import.meta.dirname;
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }))
    .filter(({ text }) => /^export (?:default |\{[^}]*\bas default\b)/m.test(text))
    .map(({ file, text }) => ({ name: file.replace(/\.ts$/, ''), about: firstSentence(text) }));
}

function firstSentence(text: string): string {
  const opening = /^(?:\/\/.*\n)+/.exec(text)?.[0] ?? '';
  const words = opening.replace(/^\/\/ ?/gm, '').replaceAll('\n', ' ');
  return /^.*?(?=[.:](?:\s|$))/.exec(words)?.[0] ?? '';
}
