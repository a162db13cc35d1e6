// Bodies of RTMP media messages (FLV tags, Adobe's FLV file format v10.1, E.4.2 and E.4.3): what they carry, in views of
// the message. The rule: an odd body is `unreadable` or of a named codec that isn't taken; nothing here throws.

/** What a video message carries. Times are in ms relative to the message's own. */
export type VideoTag =
  | { readonly type: 'config'; readonly config: AvcConfig }
  | {
      readonly type: 'picture';
      readonly key: boolean;
      /** When it is shown, after when it is decoded: not 0 where the encoder sends B-frames. */
      readonly compositionMs: number;
      readonly units: Buffer;
    }
  /** A codec that isn't taken, as people call it. */
  | { readonly type: 'foreign'; readonly codec: string }
  | { readonly type: 'nothing' };

/** What a sound message carries. */
export type AudioTag =
  /** AAC's AudioSpecificConfig (ISO/IEC 14496-3). */
  | { readonly type: 'config'; readonly config: Buffer; readonly sound: AacConfig }
  | { readonly type: 'sound'; readonly data: Buffer }
  | { readonly type: 'foreign'; readonly codec: string }
  | { readonly type: 'nothing' };

/** AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1). */
export type AvcConfig = {
  /** Bytes of the length before each unit: 1, 2 or 4. */
  readonly lengthBytes: number;
  readonly sps: readonly Buffer[];
  readonly pps: readonly Buffer[];
};

export type AacConfig = { readonly sampleRate: number; readonly channels: number };

const foreignVideo: Readonly<Record<number, string>> = {
  2: 'H.263',
  3: 'Screen video',
  4: 'VP6',
  5: 'VP6',
  12: 'H.265',
  13: 'AV1',
};
const foreignFourCc: Readonly<Record<string, string>> = {
  hvc1: 'H.265',
  av01: 'AV1',
  vp09: 'VP9',
  vp08: 'VP8',
  vvc1: 'H.266',
  avc1: 'H.264 as multitrack',
};
const foreignAudio: Readonly<Record<number, string>> = {
  0: 'PCM',
  1: 'ADPCM',
  2: 'MP3',
  3: 'PCM',
  4: 'Nellymoser',
  5: 'Nellymoser',
  6: 'Nellymoser',
  7: 'G.711',
  8: 'G.711',
  11: 'Speex',
  14: 'MP3',
};
const aacRates = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
  7_350,
];

export function readVideoTag(body: Buffer): VideoTag {
  const first = body[0];
  if (first === undefined) return { type: 'nothing' };
  if (first & 0x80) {
    const fourCc = body.toString('latin1', 1, 5);
    return { type: 'foreign', codec: foreignFourCc[fourCc] ?? 'An unknown codec' };
  }
  const codec = first & 0x0f;
  if (codec !== 7) return { type: 'foreign', codec: foreignVideo[codec] ?? 'An unknown codec' };
  if (body.length < 5) return { type: 'nothing' };
  if (body[1] === 0) {
    const config = readAvcConfig(body.subarray(5));
    return config ? { type: 'config', config } : { type: 'nothing' };
  }
  if (body[1] !== 1 || body.length < 10) return { type: 'nothing' };
  return {
    type: 'picture',
    key: first >> 4 === 1,
    compositionMs: body.readIntBE(2, 3),
    units: body.subarray(5),
  };
}

export function readAudioTag(body: Buffer): AudioTag {
  const first = body[0];
  if (first === undefined) return { type: 'nothing' };
  const format = first >> 4;
  if (format === 9) return { type: 'foreign', codec: 'Sound by Enhanced RTMP' };
  if (format !== 10) return { type: 'foreign', codec: foreignAudio[format] ?? 'An unknown codec' };
  if (body.length < 3) return { type: 'nothing' };
  const data = body.subarray(2);
  if (body[1] === 1) return { type: 'sound', data };
  const sound = readAacConfig(data);
  return sound ? { type: 'config', config: data, sound } : { type: 'nothing' };
}

/**
 * The units of a picture, without lengths; undefined when the lengths don't fit (the picture is damaged). Units of no
 * bytes are left out.
 */
export function splitUnits(units: Buffer, lengthBytes: number): Buffer[] | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  while (at < units.length) {
    if (at + lengthBytes > units.length) return undefined;
    const bytes = units.readUIntBE(at, lengthBytes);
    at += lengthBytes;
    if (at + bytes > units.length) return undefined;
    if (bytes > 0) parts.push(units.subarray(at, at + bytes));
    at += bytes;
  }
  return parts;
}

function readAvcConfig(data: Buffer): AvcConfig | undefined {
  if (data.length < 7 || data[0] !== 1) return undefined;
  const lengthBytes = (data[4]! & 3) + 1;
  let at = 5;
  const sets = (count: number): Buffer[] | undefined => {
    const found: Buffer[] = [];
    for (let each = 0; each < count; each += 1) {
      if (at + 2 > data.length) return undefined;
      const bytes = data.readUInt16BE(at);
      at += 2;
      if (bytes === 0 || at + bytes > data.length) return undefined;
      found.push(data.subarray(at, at + bytes));
      at += bytes;
    }
    return found;
  };
  const sps = sets(data[at++]! & 0x1f);
  if (!sps || at >= data.length) return undefined;
  const pps = sets(data[at++]!);
  return pps && sps.length > 0 && pps.length > 0 ? { lengthBytes, sps, pps } : undefined;
}

function readAacConfig(data: Buffer): AacConfig | undefined {
  if (data.length < 2) return undefined;
  const index = ((data[0]! & 7) << 1) | (data[1]! >> 7);
  const channels = (data[1]! >> 3) & 0x0f;
  if (index === 15) {
    if (data.length < 5) return undefined;
    const sampleRate = ((data.readUInt32BE(1) >>> 7) & 0xffffff) >>> 0;
    return sampleRate > 0 && sampleRate <= 96_000
      ? { sampleRate, channels: (data[4]! >> 3) & 0x0f }
      : undefined;
  }
  const sampleRate = aacRates[index];
  return sampleRate === undefined ? undefined : { sampleRate, channels };
}
