// Whether pictures of a parameter set can go on as they are, have to be encoded again, or can't be taken. The rule: what
// goes on unchanged is what every browser decodes live: H.264, 8 bits, 4:2:0, progressive, in the order of showing.

import type { Complaint } from '../../protocol/encoder.ts';
import type { SequenceParameters } from '../rtp/sequence-parameters.ts';

/** 1080p with its padding to whole blocks. Larger ones are refused. */
const PIXELS_MAX = 1920 * 1088;

/** What to do with pictures, and what to tell the host. */
export type PictureForm = {
  readonly way: 'pass' | 'remake' | 'refuse';
  readonly complaint: Complaint | null;
};

/**
 * `compositionMs` is the first picture's distance from decoding to showing: encoders with B-frames begin with one that
 * isn't 0.
 */
export function pictureForm(parameters: SequenceParameters, compositionMs: number): PictureForm {
  const { width, height, interlaced, chroma, bitDepth, profile, reorderFrames } = parameters;
  if (width * height > PIXELS_MAX)
    return refused({ code: 'too-large', found: `${width} × ${height}` });
  if (interlaced) return refused({ code: 'interlaced', found: null });
  if ((chroma !== '4:2:0' && chroma !== '4:0:0') || bitDepth > 8) {
    const found = `${profile} (${chroma}, ${bitDepth} bit)`;
    return remade({ code: 'profile', found });
  }
  if (compositionMs !== 0 && reorderFrames !== 0) return remade({ code: 'b-frames', found: null });
  return { way: 'pass', complaint: null };
}

const refused = (what: Pick<Complaint, 'code' | 'found'>): PictureForm => ({
  way: 'refuse',
  complaint: { ...what, outcome: 'ended', figure: null },
});

const remade = (what: Pick<Complaint, 'code' | 'found'>): PictureForm => ({
  way: 'remake',
  complaint: { ...what, outcome: 'remade', figure: null },
});
