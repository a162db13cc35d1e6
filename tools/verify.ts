// `npm run verify -- <file or address> [--receipt <file or JSON>] [--key <file>]`: recomputes a published log
// from its bytes and checks receipts against it, without asking the shop for anything else. Ends with 0 when
// everything holds, 1 when something doesn't, 2 when there was nothing to verify.

import { createPublicKey } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { PublicKey, Receipt } from '../src/protocol/receipt.ts';
import { keyIdOf } from '../src/receipts/statement.ts';
import { type Verdict, verifyLog } from '../src/receipts/verify-log.ts';
import { checks } from './verify/checks.ts';

const usage = `npm run verify -- <file or address of a show's log> [--receipt <file or JSON>]… [--key <file>]

  The log of an ended show is at /api/shows/<show>/log; the address of the show's page does too.
  --receipt  a receipt as it was downloaded; may be given more than once
  --key      the shop's public keys as /api/keys answers them, one of them, or a PEM file; got from
             somewhere that you trust, they show that it was this shop who signed`;

/** Nothing was verified: what was given can't be used. */
class Unusable extends Error {}

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    options: { receipt: { type: 'string', multiple: true }, key: { type: 'string' } },
    allowPositionals: true,
  });
  const [source] = positionals;
  if (source === undefined || positionals.length > 1) throw new Unusable(usage);
  const receipts = await Promise.all((values.receipt ?? []).map(receiptIn));
  const trusted = values.key === undefined ? undefined : await keysIn(values.key);
  const bytes = await (/^https?:\/\//.test(source) ? download(source) : open(source));
  const verdict = await verifyLog(bytes, { receipts, checks, ...(trusted ? { trusted } : {}) });
  console.log(wordsOf(verdict, trusted !== undefined));
  return verdict.ok ? 0 : 1;
};

const wordsOf = (verdict: Verdict, isTrusted: boolean): string => {
  if (!verdict.ok)
    return verdict.seq === null
      ? `NOT WHOLE: ${verdict.why}.`
      : `NOT WHOLE: event ${verdict.seq} is the first that is wrong: ${verdict.why}.`;
  const lines = [
    `OK: ${verdict.stream}, ${verdict.events} events, nothing changed, missing or added.`,
    `  last hash  ${verdict.headHash}`,
    `  signed by  ${verdict.keyId}${isTrusted ? ', a key that you trust' : ''}`,
    ...checks.map(({ name }) => `  checked    ${name}`),
  ];
  if (verdict.receipts > 0)
    lines.push(`  receipts   ${verdict.receipts} given, each for the event that stands there`);
  if (!isTrusted)
    lines.push(
      '',
      'The file itself named this key. Compare it with the shop’s /api/keys, or give that with --key.',
    );
  return lines.join('\n');
};

const receiptIn = async (text: string): Promise<Receipt> => {
  const json = text.trimStart().startsWith('{') ? text : await contentOf(text);
  try {
    return JSON.parse(json) as Receipt;
  } catch {
    throw new Unusable(`${text} is no receipt.`);
  }
};

const keysIn = async (path: string): Promise<Pick<PublicKey, 'kid' | 'x'>[]> => {
  const text = await contentOf(path);
  try {
    if (text.includes('-----BEGIN')) {
      const { x } = createPublicKey(text).export({ format: 'jwk' }) as { x: string };
      return [{ kid: keyIdOf(x), x }];
    }
    const given = JSON.parse(text) as { keys?: PublicKey[] } | PublicKey;
    return 'keys' in given && given.keys !== undefined ? given.keys : [given as PublicKey];
  } catch {
    throw new Unusable(`${path} holds no public key.`);
  }
};

const contentOf = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Unusable(`${path} can't be read (${(error as Error).message}).`);
  }
};

const open = async (path: string): Promise<AsyncIterable<Uint8Array>> => {
  if (!existsSync(path) || !(await stat(path)).isFile())
    throw new Unusable(`There is no file ${path}.\n\n${usage}`);
  return createReadStream(path);
};

/** The log of a show by its address, or by that of the show's page or of one of its drops. */
const download = async (address: string): Promise<AsyncIterable<Uint8Array>> => {
  const url = new URL(address);
  const page = /^\/shows\/([A-Za-z0-9_-]+)(?:\/drops\/[A-Za-z0-9_-]+)?\/?$/.exec(url.pathname);
  if (page) url.pathname = `/api/shows/${page[1]}/log`;
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new Unusable(`${url} can't be reached (${(error as Error).message}).`);
  }
  if (!response.ok || response.body === null) {
    const problem = (await response.json().catch(() => null)) as { title?: string } | null;
    throw new Unusable(`${url} answered ${response.status}: ${problem?.title ?? 'no log'}.`);
  }
  return response.body;
};

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 2;
  },
);
