// The caption bytes that an encoder put beside a picture: CEA-608 pairs of field 1 in user data of SEI messages (ITU-T
// T.35, ATSC A/53 part 4, `GA94`). The rule: an odd message has no captions; nothing here throws, and what is read of a
// picture is bounded.

import { extractCta608DataFromSample } from '@svta/cml-608';

const SEI = 6;
/** Slices, by their types: what stands before the first of them is looked through, no picture is. */
const SLICE_MAX = 5;
const startCode = Buffer.from([0, 0, 1]);
/** Captions of a picture take about a hundred bytes; encoders write their settings there too. */
const MESSAGE_BYTES_MAX = 2048;
const MESSAGES_MAX = 8;
/** Field 1 has two bytes for a picture; encoders that send fewer pictures put some together. */
const BYTES_MAX = 16;

const noBytes: readonly number[] = [];

/** The pairs of field 1 beside an H.264 picture in Annex B form, in order; none where it carries no captions. */
export const captionBytes = (unit: Buffer): readonly number[] => {
  const bytes: number[] = [];
  let messages = 0;
  for (let at = unit.indexOf(startCode); at >= 0 && messages < MESSAGES_MAX; ) {
    const start = at + startCode.length;
    const type = (unit[start] ?? 0) & 0x1f;
    if (type >= 1 && type <= SLICE_MAX) break;
    const next = unit.indexOf(startCode, start);
    if (type === SEI) {
      messages += 1;
      bytes.push(...bytesIn(unit.subarray(start, next < 0 ? unit.length : next)));
    }
    at = next;
  }
  return bytes.length === 0 ? noBytes : bytes.slice(0, BYTES_MAX);
};

const bytesIn = (message: Buffer): readonly number[] => {
  if (message.length > MESSAGE_BYTES_MAX) return noBytes;
  // The library reads the form that files have: the length, then the unit.
  const sample = Buffer.alloc(4 + message.length);
  sample.writeUInt32BE(message.length);
  message.copy(sample, 4);
  try {
    const view = new DataView(sample.buffer, sample.byteOffset, sample.length);
    return extractCta608DataFromSample(view, 0, sample.length)[0] ?? noBytes;
  } catch {
    return noBytes;
  }
};
