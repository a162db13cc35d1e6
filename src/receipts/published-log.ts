// A show's log as everybody may read it: a signed first line, then one line for each event with all that
// its hash covers. Read page by page, so that a long show costs the memory of a page. What is published of
// an event is the log's business (open-part.ts); nothing is left out or added here.

import type { StreamId } from '../base/brand.ts';
import { canonicalJson } from '../log/canonical-json.ts';
import type { EventLog, PublishedEvent, StreamHead } from '../log/event-log.ts';
import { chainVersion } from '../log/hash-chain.ts';
import type { LogHeader } from '../protocol/receipt.ts';
import type { SigningKeys } from './signing-keys.ts';
import { headerText } from './statement.ts';

/** Events read at once. */
const pageEvents = 1_000;

/** The first line, without its end: the same for the same head and keys. */
const headerLine = (keys: SigningKeys, stream: StreamId, head: StreamHead): string => {
  const header = {
    format: 'rialto-log-1',
    chain: chainVersion,
    stream,
    head: { seq: head.version, hash: head.headHash },
    keys: keys.keys,
    keyId: keys.keyId,
  } as const;
  const signed: LogHeader = { ...header, signature: keys.sign(headerText(header)) };
  return canonicalJson({ ...signed, keys: signed.keys.map((key) => ({ ...key })) });
};

/** One event's line, without its end: canonical JSON, put together from the text that was hashed. */
export const eventLine = (event: PublishedEvent): string =>
  `{"atMs":${event.atMs},"by":${JSON.stringify(event.by)},"data":${event.dataText},"hash":"${event.hash}",` +
  `"hidden":"${event.hiddenHash}","kind":${JSON.stringify(event.kind)},` +
  `"personal":${event.personalHash === null ? 'null' : `"${event.personalHash}"`},"seq":${event.seq}}`;

/** The whole log up to `head` in pieces of whole lines, each line ended. */
export async function* publishedLog(
  log: Pick<EventLog, 'readPublished'>,
  keys: SigningKeys,
  stream: StreamId,
  head: StreamHead,
): AsyncGenerator<string, void, void> {
  yield `${headerLine(keys, stream, head)}\n`;
  for await (const page of publishedPages(log, stream, head.version))
    yield page.map((event) => `${eventLine(event)}\n`).join('');
}

/** A stream's published events up to `version`, page by page. */
export async function* publishedPages(
  log: Pick<EventLog, 'readPublished'>,
  stream: StreamId,
  version: number,
): AsyncGenerator<readonly PublishedEvent[], void, void> {
  for (let from = 1; from <= version; from += pageEvents)
    yield await log.readPublished(stream, from, Math.min(pageEvents, version - from + 1));
}
