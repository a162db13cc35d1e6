// What an encoder (OBS, ffmpeg, a hardware box) sends into a show, and what is wrong with it: read by the crew over HTTP
// and told to the encoder in RTMP's status. The rule: a complaint always names the setting to change.

import { z } from 'zod';

/** What can be wrong. `figure` is what was found; what it counts stands with each code. */
export const complaintCodes = [
  /** B-frames: WebRTC shows pictures in the order in which they come. */
  'b-frames',
  /** 4:2:2, 4:4:4 or more than 8 bits; `found` is the profile. */
  'profile',
  'interlaced',
  /** Key pictures too far apart; `figure` is the distance in ms. */
  'key-interval',
  'no-sound',
  'no-picture',
  /** `found` is the codec. */
  'video-codec',
  'audio-codec',
  /** By WHIP: HLS and simulcast can't carry it. */
  'vp8',
  /** `found` is the size. */
  'too-large',
  /** `figure` is the rate in bits per second. */
  'bit-rate',
  /** This server encodes as many shows again as it may. */
  'too-many-remade',
  /** Media that can't be read. */
  'unreadable',
] as const;

export type ComplaintCode = (typeof complaintCodes)[number];

export const complaint = z.object({
  code: z.enum(complaintCodes),
  /** `ended`: it kept the encoder off; `remade`: the server encodes it again; `named`: it goes on as it is. */
  outcome: z.enum(['ended', 'remade', 'named']),
  found: z.string().max(60).nullable(),
  figure: z.number().nullable(),
});
export type Complaint = z.infer<typeof complaint>;

/** Of an encoder's name so much is kept. */
export const encoderCharsMax = 80;

export const encoderReport = z.object({
  showId: z.string(),
  sessionId: z.string(),
  /** `on`: media comes; `ended`: it ended, and this is what it was. */
  state: z.enum(['on', 'ended']),
  /** When this was so, ms since 1970. */
  atMs: z.number(),
  /** What it calls itself; null when it doesn't. */
  encoder: z.string().max(encoderCharsMax).nullable(),
  video: z
    .object({
      /** VP8 comes by WHIP alone. */
      codec: z.enum(['H.264', 'VP8']),
      /** Profile, level and size are H.264's own words; null until they came, and of VP8. */
      profile: z.string().max(40).nullable(),
      level: z.string().max(8).nullable(),
      size: z.object({ width: z.number(), height: z.number() }).nullable(),
      framesPerSecond: z.number().nullable(),
      keyIntervalMs: z.number().nullable(),
      bitsPerSecond: z.number(),
      /** The server encodes it again before it is sent on. */
      remade: z.boolean(),
    })
    .nullable(),
  audio: z
    .object({
      codec: z.enum(['AAC', 'Opus']),
      sampleRate: z.number(),
      channels: z.number(),
      bitsPerSecond: z.number(),
    })
    .nullable(),
  complaints: z.array(complaint).max(complaintCodes.length),
});
export type EncoderReport = z.infer<typeof encoderReport>;

/** The longest key that a door looks at: ours are shorter, what strangers type is cut off before it is looked up. */
export const streamKeyCharsMax = 128;

export const streamKeyWish = z.object({
  /** Whoever comes with this key ends another publisher of the show instead of being refused. */
  takeOver: z.boolean().default(false),
});

export const streamKeyView = z.object({
  id: z.string(),
  /** `show`: for one show; `host`: for the shows that its owner hosts. */
  kind: z.enum(['show', 'host']),
  /** The last characters, to tell keys apart. */
  ending: z.string(),
  takeOver: z.boolean(),
  createdAtMs: z.number(),
  lastUsedAtMs: z.number().nullable(),
  /** Whether an encoder is on air with it now. */
  onAir: z.boolean(),
});
export type StreamKeyView = z.infer<typeof streamKeyView>;

export const streamKeyList = z.object({
  keys: z.array(streamKeyView),
  /** Where an encoder sends to; `rtmp` is null where RTMP is off. */
  addresses: z.object({ rtmp: z.string().nullable(), whip: z.string().nullable() }),
});
export type StreamKeyList = z.infer<typeof streamKeyList>;

/** A key that was just made: the only time that its secret is told. */
export const streamKeyMade = streamKeyView.extend({ secret: z.string() });
export type StreamKeyMade = z.infer<typeof streamKeyMade>;

export const encoderState = z.object({ report: encoderReport.nullable() });
