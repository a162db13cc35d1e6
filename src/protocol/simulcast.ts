// Simulcast on the wire: destinations as the office reads them, and where each stands in a show. The rule: there is no
// word for a key that leaves the server.

import { z } from 'zod';
import { limits } from '../base/limits.ts';

export const destinationNameMax = 40;
export const destinationAddressMax = 300;
export const destinationKeyMax = 500;

const plainText = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^\P{C}+$/u, 'Leave out control characters.');

/** `rtmp://host[:port]/app` or `rtmps://…`, without a key, a name or a question in it. */
export const destinationAddress = plainText(destinationAddressMax).refine((text) => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, username, password, search, hash } = new URL(text);
  const isPlain = !username && !password && !search && !hash;
  return /^rtmps?:$/.test(protocol) && hostname !== '' && pathname.length > 1 && isPlain;
}, 'Give the server’s address alone, such as rtmp://live.example.com/app; the key has its own field.');

const key = z
  .string()
  .trim()
  .min(1)
  .max(destinationKeyMax)
  .regex(/^[\x21-\x7e]+$/, 'A key has no spaces.');

export const makeDestinationBody = z.object({
  name: plainText(destinationNameMax),
  address: destinationAddress,
  key,
  everyShow: z.boolean(),
});
export type MakeDestinationBody = z.infer<typeof makeDestinationBody>;

/** Without `key` the key stays, unless the address is another one. */
export const changeDestinationBody = makeDestinationBody.extend({ key: key.nullable() });
export type ChangeDestinationBody = z.infer<typeof changeDestinationBody>;

export const destinationView = z.object({
  id: z.string(),
  name: z.string(),
  address: z.string(),
  /** The key's last characters; empty for a short key. */
  ending: z.string(),
  everyShow: z.boolean(),
});
export type DestinationView = z.infer<typeof destinationView>;

export const destinationList = z.object({
  destinations: z.array(destinationView).max(limits.simulcastDestinationsMax),
  perShowMax: z.number(),
});
export type DestinationList = z.infer<typeof destinationList>;

/** How a try went: `end` null when the destination takes the picture. `words` are for people. */
export const destinationTrial = z.object({ end: z.string().nullable(), words: z.string() });
export type DestinationTrial = z.infer<typeof destinationTrial>;

export const destinationStates = [
  'off',
  'waiting',
  'needs-h264',
  'connecting',
  'live',
  'again',
  'refused',
] as const;

export const destinationInShow = z.object({
  id: z.string(),
  name: z.string(),
  isOn: z.boolean(),
  state: z.enum(destinationStates),
  bitsPerSecond: z.number(),
  /** How long it has been live, in ms; null unless it is. */
  liveForMs: z.number().nullable(),
  /** In how many ms it is tried again; null unless it is to be. */
  againInMs: z.number().nullable(),
  /** Pictures that it didn't get in time. */
  droppedPictures: z.number(),
  /** Why it last ended; null when it never did. */
  last: z.object({ end: z.string(), words: z.string(), atMs: z.number() }).nullable(),
});
export type DestinationInShow = z.infer<typeof destinationInShow>;

export const simulcastOfShow = z.object({
  destinations: z.array(destinationInShow).max(limits.simulcastDestinationsMax),
});
export type SimulcastOfShow = z.infer<typeof simulcastOfShow>;

export const switchDestinationBody = z.object({ isOn: z.boolean() });
