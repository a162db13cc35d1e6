// A published log against every change that anybody could make to it, and receipts against logs that were
// made to look whole again.

import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { LogHeader, LogLine, ReceiptFile } from '../protocol/receipt.ts';
import { Notary } from './notary.ts';
import { evening, publishedEvening } from './published-show.fixture.ts';
import { keyIdOf } from './statement.ts';
import { type VerifyOptions, verifyLog, verifyReceipt } from './verify-log.ts';

let it: Awaited<ReturnType<typeof publishedEvening>>;
let file: Buffer;
beforeAll(async () => {
  it = await publishedEvening();
  file = Buffer.from(it.text);
});

async function* piecesOf(bytes: Uint8Array, pieceBytes: number) {
  for (let from = 0; from < bytes.length; from += pieceBytes)
    yield bytes.subarray(from, from + pieceBytes);
}
const verdictOn = (bytes: Uint8Array | string, options: VerifyOptions = {}, pieceBytes = 1_000) =>
  verifyLog(piecesOf(Buffer.from(bytes), pieceBytes), options);

const linesOf = (text: string) => text.slice(0, -1).split('\n');

/** The receipt of the event at `seq`, as a person keeps it. */
const receiptFor = async (seq: number): Promise<ReceiptFile> => {
  const receipt = await new Notary(it.keys).receipt(it.events[seq - 1]!);
  const line = linesOf(it.text)[seq]!;
  return {
    ...receipt,
    before: it.events[seq - 2]!.hash,
    event: JSON.parse(line) as LogLine,
    opening: (await it.log.opening(evening, seq))!,
  };
};
const bobsClaim = 9;

test('[RCP-6] a log as it was published is whole, in whatever pieces it comes', async () => {
  const whole = {
    ok: true,
    stream: evening,
    events: it.events.length,
    headHash: it.events.at(-1)!.hash,
    keyId: it.keys.keyId,
    receipts: 0,
  };
  for (const pieceBytes of [1, 7, 1_000, file.length])
    expect(await verdictOn(file, {}, pieceBytes)).toEqual(whole);
  expect(await verdictOn(file, { trusted: it.keys.keys })).toEqual(whole);
});

test('[RCP-6] any changed byte of the file is found', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: file.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      async (at, change) => {
        const changed = Buffer.from(file);
        changed[at]! ^= change;
        expect((await verdictOn(changed)).ok).toBe(false);
      },
    ),
    { numRuns: 3_000, seed: 20261125 },
  );
});

test('[RCP-6] bytes taken away, put in or doubled are found', async () => {
  const place = fc.nat({ max: file.length - 1 });
  await fc.assert(
    fc.asyncProperty(place, place, fc.uint8Array({ maxLength: 9 }), async (a, b, put) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const changed = Buffer.concat([file.subarray(0, from), put, file.subarray(to)]);
      fc.pre(!changed.equals(file));
      expect((await verdictOn(changed)).ok).toBe(false);
      const doubled = Buffer.concat([file.subarray(0, to + 1), file.subarray(from)]);
      expect((await verdictOn(doubled)).ok).toBe(false);
    }),
    { numRuns: 500, seed: 20261125 },
  );
});

test('[RCP-6] a line taken out, doubled or moved is named by its event', async () => {
  const [header, ...events] = linesOf(it.text);
  const asFile = (lines: readonly (string | undefined)[]) => `${[header, ...lines].join('\n')}\n`;
  for (let i = 0; i < events.length; i++) {
    const [before, after] = [events.slice(0, i), events.slice(i + 1)];
    const isLast = i === events.length - 1;
    const missing = await verdictOn(asFile([...before, ...after]));
    expect(missing).toMatchObject({ ok: false, seq: isLast ? null : i + 1 });
    const doubled = await verdictOn(asFile([...before, events[i], events[i], ...after]));
    expect(doubled).toMatchObject({ ok: false, seq: i + 2 });
    if (isLast) continue;
    const moved = await verdictOn(asFile([...before, events[i + 1], events[i], ...after.slice(1)]));
    expect(moved).toMatchObject({ ok: false, seq: i + 1 });
  }
  expect(await verdictOn('')).toMatchObject({ ok: false, why: 'the file is empty' });
  expect(await verdictOn(it.text.slice(0, -1))).toMatchObject({ why: 'the last line is cut off' });
});

test('[RCP-6] the same meaning in another spelling is not the same log', async () => {
  const spelled = it.text.replace('"kind":"ShowStarted"', '"kind":"Show\\u0053tarted"');
  expect(await verdictOn(spelled)).toMatchObject({ ok: false, seq: 4 });
  expect(await verdictOn(it.text.replaceAll('\n', '\r\n'))).toMatchObject({ ok: false });
  expect(await verdictOn(`\ufeff${it.text}`)).toMatchObject({ ok: false });
});

test('[RCP-5] nothing personal, no secret and no name of an account is in the file', () => {
  expect(it.text).not.toMatch(
    /Bob Ferri|I take two|not for strangers|"bob"|"cat"|"o1"|k_\d|body \d/,
  );
  const [, ...events] = linesOf(it.text).map((line) => JSON.parse(line) as LogLine);
  const [word, claim, other] = [events[7]!, events[8]!, events[9]!];
  expect(claim.by).toBe((claim.data as { personId: string }).personId);
  expect(word.by).not.toBe(claim.by);
  expect(other.by).not.toBe(claim.by);
  expect(events[5]?.by).toBeNull();
});

test('[RCP-4] a receipt fits the log that it was given for', async () => {
  const receipt = await receiptFor(bobsClaim);
  expect(await verdictOn(file, { receipts: [receipt] })).toMatchObject({ ok: true, receipts: 1 });
  const { before, event, opening, ...alone } = receipt;
  expect(await verdictOn(file, { receipts: [alone] })).toMatchObject({ ok: true, receipts: 1 });
  expect(JSON.parse(opening.text)).toEqual(['k_8', 'bob', { personId: 'bob' }]);
  expect([before, event.kind]).toEqual([it.events[7]!.hash, 'HoldPlaced']);
  expect(verifyReceipt(receipt, it.keys.keys)).toMatchObject({ ok: true });
});

test('[RCP-4] a log that was written anew and signed again contradicts the receipt', async () => {
  const receipt = await receiptFor(bobsClaim);
  const rewritten = await publishedEvening((told) =>
    told.map((command) =>
      command[0] === 'cat' ? (['dan', ...command.slice(1)] as typeof command) : command,
    ),
  );
  // An honest receipt of before the change still fits; that of the claim that was changed doesn't.
  expect(await verdictOn(rewritten.text, { receipts: [receipt] })).toMatchObject({ ok: true });
  const cats = await receiptFor(bobsClaim + 1);
  expect(await verdictOn(rewritten.text)).toMatchObject({ ok: true });
  expect(await verdictOn(rewritten.text, { receipts: [cats] })).toEqual({
    ok: false,
    seq: 10,
    why: 'a receipt was given for another event at this place',
  });
  const shortened = await publishedEvening((told) => told.slice(0, 5));
  expect(await verdictOn(shortened.text, { receipts: [receipt] })).toMatchObject({
    ok: false,
    why: expect.stringContaining('the log ends with event 5'),
  });
});

test('[RCP-4] any changed character of a receipt to keep is found', async () => {
  const text = JSON.stringify(await receiptFor(bobsClaim));
  const said = await receiptFor(bobsClaim);
  fc.assert(
    fc.property(fc.nat({ max: text.length - 1 }), fc.integer({ min: 1, max: 90 }), (at, by) => {
      const code = 33 + ((text.charCodeAt(at) - 33 + by) % 94);
      let changed: ReceiptFile;
      try {
        changed = JSON.parse(text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1));
      } catch {
        return;
      }
      if (JSON.stringify(changed) === text) return;
      expect(verifyReceipt(changed, it.keys.keys).ok).toBe(false);
    }),
    { numRuns: 3_000, seed: 20261125 },
  );
  expect(verifyReceipt({ ...said, seq: 'x' } as never, it.keys.keys).ok).toBe(false);
  for (const none of [null, 'receipt', { ...said, event: null }]) {
    expect(verifyReceipt(none as never, it.keys.keys).ok).toBe(false);
    expect((await verdictOn(file, { receipts: [none as never] })).ok).toBe(false);
  }
});

test('[RCP-6] a log under a key that isn’t trusted is refused', async () => {
  // The second test vector of RFC 8032, 7.1.
  const x = Buffer.from(
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    'hex',
  ).toString('base64url');
  const header = JSON.parse(linesOf(it.text)[0]!) as LogHeader;
  expect(await verdictOn(file, { trusted: [{ x, kid: header.keyId }] })).toMatchObject({
    ok: false,
    why: `the key ${header.keyId} is no Ed25519 key with that id`,
  });
  expect(await verdictOn(file, { trusted: [{ x, kid: keyIdOf(x) }] })).toMatchObject({
    ok: false,
    why: `the log is signed with the key ${header.keyId}, which is not a trusted one`,
  });
});
