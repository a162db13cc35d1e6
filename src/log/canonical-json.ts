// One text for each JSON value, so that equal values hash alike on every machine and in every language.
// Follows RFC 8785: members sorted by UTF-16 code units, no white space, numbers as ECMAScript prints
// them. One deviation: a lone surrogate is escaped (`\ud800`) where the RFC refuses it, because a chat
// line may hold one and must not stop a show. What JSON can't say is a bug here, never rewritten in silence.

import { assert, Bug } from '../base/assert.ts';
import type { Json } from '../base/json.ts';

/** Deeper values are a bug of the caller: doors check the shape of what strangers send. */
const depthMax = 64;

/**
 * The canonical text of `value`: `{b: 1, a: [-0, 'é']}` → `{"a":[0,"é"],"b":1}`. Members that are
 * undefined are left out, as JSON does; NaN, Infinity and what is no JSON at all are a bug.
 */
export const canonicalJson = (value: Json): string => write(value, 0);

const write = (value: Json, depth: number): string => {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      assert(Number.isFinite(value), `${value} can't be written as JSON`);
      // `-0` prints as 0, which is also what comes back from storage.
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      assert(depth < depthMax, `JSON is nested deeper than ${depthMax}`);
      return Array.isArray(value)
        ? writeArray(value, depth)
        : writeObject(value as { readonly [key: string]: Json }, depth);
    default:
      throw new Bug(`a ${typeof value} can't be written as JSON`);
  }
};

const writeArray = (values: readonly Json[], depth: number): string => {
  let text = '[';
  for (let i = 0; i < values.length; i++) {
    if (i > 0) text += ',';
    text += write(values[i] as Json, depth + 1);
  }
  return `${text}]`;
};

const writeObject = (object: { readonly [key: string]: Json }, depth: number): string => {
  const proto: unknown = Object.getPrototypeOf(object);
  // A Date or a Map would be written as `{}` or by its own members: both would lose what it means.
  assert(proto === Object.prototype || proto === null, 'only plain objects can be written as JSON');
  let text = '{';
  for (const key of Object.keys(object).sort()) {
    const member = object[key];
    if (member === undefined) continue;
    if (text.length > 1) text += ',';
    text += `${quoted(key)}:${write(member, depth + 1)}`;
  }
  return `${text}}`;
};

/** Member names come from our own types and repeat in every event; quoting them anew is half the cost. */
const quotedNames = new Map<string, string>();
const quotedNamesMax = 4_096;

const quoted = (name: string): string => {
  const known = quotedNames.get(name);
  if (known !== undefined) return known;
  const text = JSON.stringify(name);
  if (quotedNames.size < quotedNamesMax) quotedNames.set(name, text);
  return text;
};
