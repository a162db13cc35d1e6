// Caption bytes as encoders write them: CEA-608 pairs with parity, and the SEI message that carries them (ATSC A/53 part
// 4, 6.2.3; ITU-T H.264, D.1.6). For tests.

const control = (code: number): number[] => [0x14, code];
/** Row 15 from the left, white. */
const lastRow = [0x14, 0x60];

export const rollUp = [...control(0x25), ...control(0x25)];
export const loading = [...control(0x20), ...control(0x20)];
export const painting = [...control(0x29), ...control(0x29)];
export const carriageReturn = [...control(0x2d), ...control(0x2d)];
export const erase = [...control(0x2c), ...control(0x2c)];
export const eraseLoaded = [...control(0x2e), ...control(0x2e)];
export const endOfCaption = [...control(0x2f), ...control(0x2f)];
export const bottom = [...lastRow, ...lastRow];
/** Row 14 from the left, white. */
export const above = [0x14, 0x40, 0x14, 0x40];

/** Plain letters, in pairs. */
export const letters = (text: string): number[] => {
  const codes = [...text].map((letter) => letter.charCodeAt(0));
  return codes.length % 2 === 0 ? codes : [...codes, 0];
};

const withParity = (byte: number): number => {
  let ones = 0;
  for (let bit = 0; bit < 7; bit += 1) ones += (byte >> bit) & 1;
  return ones % 2 === 0 ? byte | 0x80 : byte;
};

/** The SEI unit of a picture that carries these bytes in field 1, without a start code. */
export const captionSei = (bytes: readonly number[]): Buffer => {
  const triples: number[] = [];
  for (let at = 0; at < bytes.length; at += 2)
    triples.push(0xfc, withParity(bytes[at] ?? 0), withParity(bytes[at + 1] ?? 0));
  const payload = [
    ...[0xb5, 0x00, 0x31],
    ...Buffer.from('GA94'),
    ...[0x03, 0x40 | (triples.length / 3), 0xff],
    ...triples,
    0xff,
  ];
  return Buffer.from([0x06, 0x04, payload.length, ...payload, 0x80]);
};
