// The body of the door of captions, and the languages that a browser is asked to listen in.

import { z } from 'zod';
import { limits } from '../base/limits.ts';

export const captionBody = z.object({
  text: z.string().min(1).max(limits.captionTextMax),
  source: z.enum(['speech', 'typed']),
  /** BCP 47. */
  language: z.string().min(2).max(35),
  /** For how long it had been spoken when it was sent, in ms. */
  spokenMs: z.number().int().min(0).max(limits.captionSpokenMsMax).default(0),
});

export type CaptionBody = z.input<typeof captionBody>;
