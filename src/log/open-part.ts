// Divides an event's data into what is published and what is withheld, and joins them again. Which
// members are open is the domain's word (published-form.ts). Streams that are never published (all but
// shows) are open as they are: nobody but the shop reads them.

import { assert } from '../base/assert.ts';
import { type StreamId, typeOfStream } from '../base/brand.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { type PseudonymScope, publishedFormOf } from '../domain/show/published-form.ts';

export interface Divided {
  /** Where the pseudonyms in it hold: as of `scopeOf`. */
  readonly scope: string;
  readonly open: Json;
  /** The members that `open` lacks or shows otherwise; all of the data when `open` is null. */
  readonly withheld: Json | undefined;
}

/** `dataOf` the texts of both parts equals `data` again. */
export const openPart = (
  stream: StreamId,
  kind: string,
  data: Json,
  pseudonymOf: (scope: string, person: string) => string,
): Divided => {
  if (typeOfStream(stream) !== 'show') return { scope: 'sale', open: data, withheld: undefined };
  const form = publishedFormOf(kind);
  if (form === undefined) return { scope: 'sale', open: null, withheld: data };
  assert(isObject(data), `the data of ${kind} has members`);
  const scope = scopeIn(form.scope, data);
  const open = form.open(data, (person) => pseudonymOf(scope, person)) as JsonObject;
  if (open === data) return { scope, open, withheld: undefined };
  const withheld: Record<string, Json> = {};
  let any = false;
  for (const member of Object.keys(data)) {
    if (open[member] === data[member]) continue;
    withheld[member] = data[member] as Json;
    any = true;
  }
  for (const member of Object.keys(open))
    assert(data[member] !== undefined, `${kind} publishes ${member}, which it doesn't have`);
  return { scope, open, withheld: any ? withheld : undefined };
};

/** The data of an event from the texts of its two parts. */
export const dataOf = (openText: string, withheldText: string | null): Json => {
  const open = JSON.parse(openText) as Json;
  if (withheldText === null) return open;
  const withheld = JSON.parse(withheldText) as Json;
  return open === null ? withheld : { ...(open as JsonObject), ...(withheld as JsonObject) };
};

const isObject = (data: Json): data is JsonObject =>
  typeof data === 'object' && data !== null && !Array.isArray(data);

/**
 * The scope of the pseudonyms in the hashed body of an event, from the text of its open data. It must stay for
 * ever what it was when the kind was new.
 */
export const scopeOf = (stream: StreamId, kind: string, openText: string): string => {
  const scope = typeOfStream(stream) === 'show' ? publishedFormOf(kind)?.scope : undefined;
  return scope === 'purchase' ? scopeIn(scope, JSON.parse(openText)) : (scope ?? 'sale');
};

/** A purchase is told apart by what is bought, and where an event doesn't say that, by its hold. */
const scopeIn = (scope: PseudonymScope, data: JsonObject): string =>
  scope === 'purchase' ? `purchase:${data.offerId ?? data.holdId}` : scope;
