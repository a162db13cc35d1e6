// The command as a person runs it: what it prints and how it ends.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signedTogether } from '../../src/receipts/notary.ts';
import { publishedEvening } from '../../src/receipts/published-show.fixture.ts';

let folder: string;
let it: Awaited<ReturnType<typeof publishedEvening>>;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rialto-verify-'));
  it = await publishedEvening();
  const [receipt] = signedTogether(it.keys, [it.events[8]!]);
  await writeFile(at('log'), it.text);
  await writeFile(at('changed'), it.text.replace('"quantity":2', '"quantity":1'));
  await writeFile(at('keys'), JSON.stringify({ keys: it.keys.keys }));
  await writeFile(at('receipt'), JSON.stringify(receipt));
  await writeFile(at('forged'), JSON.stringify({ ...receipt, seq: 10 }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const verify = (...args: string[]): Promise<{ code: number; out: string }> =>
  new Promise((resolve) => {
    const command = join(import.meta.dirname, '../verify.ts');
    execFile(process.execPath, [command, ...args], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out: stdout + stderr }),
    );
  });

test('[RCP-6] a whole log with its receipt and key ends with 0 and says so in words', async () => {
  const { code, out } = await verify(at('log'), '--receipt', at('receipt'), '--key', at('keys'));
  expect(code).toBe(0);
  expect(out).toContain(`OK: show-evening, ${it.events.length} events`);
  expect(out).toContain(`${it.keys.keyId}, a key that you trust`);
  expect(out).toContain('receipts   1 given');
});

test('[RCP-6] a changed log and a forged receipt end with 1 and the first event that is wrong', async () => {
  const [changed, forged] = await Promise.all([
    verify(at('changed')),
    verify(at('log'), '--receipt', at('forged')),
  ]);
  expect(changed).toEqual({
    code: 1,
    out: 'NOT WHOLE: event 9 is the first that is wrong: its hash isn’t that of its content after the event before.\n',
  });
  expect(forged).toEqual({
    code: 1,
    out: 'NOT WHOLE: the signature of the receipt of event 10 is wrong.\n',
  });
});

test('[RCP-6] nothing to verify ends with 2 and how it is used', async () => {
  const endings = await Promise.all([
    verify(),
    verify(at('none')),
    verify(at('log'), '--key', at('log')),
    verify(at('log'), '--receipt', '{'),
    verify('http://127.0.0.1:1/shows/evening'),
  ]);
  expect(endings.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2]);
  expect(endings[0]?.out).toContain('npm run verify --');
});

test('[RCP-6] the page of a show, or of a draw in it, leads to its log', async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.end(it.text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  for (const page of ['/shows/evening', '/shows/evening/drops/drop1']) {
    const { code } = await verify(`http://127.0.0.1:${port}${page}`);
    expect([code, asked.pop()]).toEqual([0, '/api/shows/evening/log']);
  }
  server.close();
});
