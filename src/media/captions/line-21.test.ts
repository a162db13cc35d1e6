import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { limits } from '../../base/limits.ts';
import { captionBytes } from './caption-bytes.ts';
import {
  above,
  bottom,
  captionSei,
  carriageReturn,
  endOfCaption,
  erase,
  eraseLoaded,
  letters,
  loading,
  painting,
  rollUp,
} from './line-21.fixture.ts';
import { Line21, type SaidLine } from './line-21.ts';

const pictureMs = 40;

/** Sends bytes as an encoder does, a pair with each picture; and then pictures without any for a while. */
const sent = (bytes: readonly number[], silentMs = 0) => {
  const lines: (SaidLine & { atMs: number })[] = [];
  let atMs = 0;
  const captions = new Line21((line) => lines.push({ ...line, atMs }));
  for (let at = 0; at < bytes.length; at += 2, atMs += pictureMs)
    captions.picture(bytes.slice(at, at + 2), atMs);
  for (const endMs = atMs + silentMs; atMs < endMs; atMs += pictureMs) captions.picture([], atMs);
  return { lines, captions, texts: () => lines.map(({ text }) => text) };
};
const row = (text: string) => [...carriageReturn, ...bottom, ...letters(text)];

describe('captions of an encoder', () => {
  test('[CAP-6] that roll up say each row once, when the next begins', () => {
    const { texts, lines } = sent([
      ...rollUp,
      ...row('GOOD EVENING.'),
      ...row('YES.'),
      ...row('YES.'),
      ...row('NO.'),
    ]);
    expect(texts()).toEqual(['GOOD EVENING.', 'YES.', 'YES.']);
    // From the first pair of letters to the next carriage return.
    expect(lines[0]?.spokenMs).toBe(7 * pictureMs);
  });

  test('[CAP-6] that roll up say the last row when nobody goes on, and what is added later alone', () => {
    const { lines, captions } = sent([...rollUp, ...row('THE BLUE')], 1600);
    expect(lines.map(({ text }) => text)).toEqual(['THE BLUE']);
    for (const [at, bytes] of [letters(' ONE'), []].entries())
      captions.picture(bytes, 10_000 + at * 2_000);
    expect(lines.map(({ text }) => text)).toEqual(['THE BLUE', 'ONE']);
  });

  test('[CAP-6] that pop on are said whole, when they are shown', () => {
    const caption = (one: string, two: string) => [
      ...[...loading, ...eraseLoaded, ...above, ...letters(one), ...bottom, ...letters(two)],
    ];
    const first = sent(caption('TWO ROWS', 'OF WORDS'));
    expect(first.texts()).toEqual([]);
    expect(
      sent([
        ...caption('TWO ROWS', 'OF WORDS'),
        ...endOfCaption,
        ...erase,
        ...caption('AND', 'MORE'),
        ...endOfCaption,
      ]).texts(),
    ).toEqual(['TWO ROWS OF WORDS', 'AND MORE']);
  });

  test('[CAP-6] that are painted on are said when they are erased or stand', () => {
    const bytes = [...painting, ...bottom, ...letters('PAINTED'), ...erase];
    expect(sent(bytes).texts()).toEqual(['PAINTED']);
    expect(sent(bytes.slice(0, -4), 1600).texts()).toEqual(['PAINTED']);
  });

  test('[CAP-6] are taken from channel 1 alone, without a text service', () => {
    const other = [0x1c, 0x25, 0x1c, 0x25, 0x1c, 0x2d, ...letters('OTHER TONGUE')];
    expect(sent([...rollUp, ...row('MINE'), ...other, ...row('MORE')]).texts()).toEqual(['MINE']);
    expect(sent([0x14, 0x2a, ...letters('STOCK PRICES')], 2000).texts()).toEqual([]);
  });

  test('[CAP-6] that were cut by the end of the line are said', () => {
    const { captions, texts } = sent([...rollUp, ...row('IS GOING')]);
    captions.end(20_000);
    captions.end(20_000);
    expect(texts()).toEqual(['IS GOING']);
  });

  test('[CAP-6] keep their accents and signs', () => {
    // É is a plain E, replaced by the extended character; the note is a special one.
    const accents = [...letters('CAF'), 0x45, 0, 0x12, 0x21, ...letters(' '), 0x11, 0x37];
    expect(sent([...rollUp, ...carriageReturn, ...bottom, ...accents], 1600).texts()).toEqual([
      'CAFÉ ♪',
    ]);
  });

  test('[CAP-6] that make no sense say little, throw nothing and print nothing', () => {
    const printed = vi.spyOn(console, 'log');
    const anyByte = fc.oneof(
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom(0x14, 0x2d, 0x2f, 0x25, 0x20, 0x29, 0x17, 0x23, 0x11, 0x70),
    );
    fc.assert(
      fc.property(fc.array(anyByte, { maxLength: 2_000 }), (bytes) => {
        const { lines } = sent(bytes, 2_000);
        const ms = bytes.length * pictureMs + 2_000;
        const most = limits.captionBurst * Math.ceil(ms / limits.captionBurstMs + 1);
        expect(lines.length).toBeLessThanOrEqual(most);
        for (const { text, spokenMs } of lines) {
          expect(text.length).toBeGreaterThan(0);
          expect(text.length).toBeLessThanOrEqual(limits.captionTextMax);
          expect(spokenMs).toBeGreaterThanOrEqual(0);
          expect(spokenMs).toBeLessThanOrEqual(limits.captionSpokenMsMax);
        }
      }),
      { seed: 21, numRuns: 200 },
    );
    expect(printed).not.toHaveBeenCalled();
  });

  test('[CAP-6] are bounded however fast they come', () => {
    const flood = Array.from({ length: 500 }, (_, at) => row(`LINE ${at}`)).flat();
    const lines: SaidLine[] = [];
    const captions = new Line21((line) => lines.push(line));
    captions.picture([...rollUp, ...flood], 0);
    expect(lines).toHaveLength(limits.captionBurst);
  });
});

describe('the bytes beside a picture', () => {
  const startCode = Buffer.from([0, 0, 0, 1]);
  const slice = Buffer.concat([startCode, Buffer.from([0x65]), Buffer.alloc(500, 0x06)]);
  const picture = (...units: Buffer[]) =>
    Buffer.concat([...units.flatMap((unit) => [startCode, unit]), slice]);

  test('[CAP-6] are found before its slices, whatever else stands there', () => {
    const settings = Buffer.concat([
      Buffer.from([0x06, 0x05, 4]),
      Buffer.from('x264'),
      Buffer.of(0x80),
    ]);
    const found = captionBytes(
      picture(Buffer.from([0x67, 1, 2]), settings, captionSei(letters('HI'))),
    );
    expect(found.map((byte) => byte & 0x7f)).toEqual([...letters('HI')]);
    expect(captionBytes(picture(settings))).toEqual([]);
    expect(captionBytes(Buffer.concat([slice, startCode, captionSei(letters('HI'))]))).toEqual([]);
  });

  test('[CAP-6] are none where a message is damaged or too large', () => {
    const whole = picture(captionSei(letters('GOOD EVENING')));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }),
        fc.nat(whole.length),
        (changes, end) => {
          const damaged = Buffer.from(whole);
          for (const [at, byte] of changes) damaged[at] = byte;
          expect(captionBytes(damaged.subarray(0, end)).length).toBeLessThanOrEqual(16);
        },
      ),
      { seed: 608, numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4_000 }), (bytes) => {
        const unit = Buffer.concat([startCode, Buffer.of(0x06), bytes]);
        expect(captionBytes(unit).length).toBeLessThanOrEqual(16);
      }),
      { seed: 94, numRuns: 200 },
    );
  });
});
