// The boxes of fragmented MP4 (ISO/IEC 14496-12, CMAF's ISO/IEC 23000-19): one initialisation of a picture and a sound
// track, and fragments of both. Written by hand, since every sample's time is set by the sender's clock: a muxer that
// counts times itself would fill the places where a picture is missing. Nothing here knows of playlists.

import { splitAnnexB } from '../rtp/h264.ts';

/** Ticks a second of the picture track; sound counts samples. */
export const PICTURE_RATE = 90_000;
const SOUND_RATE = 48_000;
const PICTURE_TRACK = 1;
const SOUND_TRACK = 2;
const SPS = 7;
const PPS = 8;
const DELIMITER = 9;

/** `at` and `duration` in ticks of the track. */
export type Sample = { at: number; duration: number; data: Buffer; key: boolean };

/** What the tracks are. Without a picture the stream is sound alone. */
export type TrackFormat = {
  picture: { width: number; height: number; sps: Buffer; pps: Buffer } | undefined;
};

/** The codecs of a stream as RFC 6381 has them. */
export function codecsOf({ picture }: TrackFormat): string {
  const sound = 'mp4a.40.2';
  return picture ? `avc1.${picture.sps.toString('hex', 1, 4)},${sound}` : sound;
}

/** `ftyp` and `moov`: what a player reads before the first fragment. */
export function initialisation({ picture }: TrackFormat): Buffer {
  const tracks = [SOUND_TRACK, ...(picture ? [PICTURE_TRACK] : [])].sort();
  return Buffer.concat([
    box('ftyp', Buffer.from('iso6\0\0\0\0iso6cmfcmp41', 'latin1')),
    box(
      'moov',
      full(
        'mvhd',
        0,
        0,
        u32(0, 0, 1000, 0),
        u32(0x10000),
        u16(0x100, 0),
        u32(0, 0),
        MATRIX,
        zeros(24),
        u32(3),
      ),
      ...(picture ? [pictureTrack(picture)] : []),
      soundTrack(),
      box('mvex', ...tracks.map((id) => full('trex', 0, 0, u32(id, 1, 0, 0, 0)))),
    ),
  ]);
}

/** `moof` and `mdat`: samples of both tracks, each in the order of time. */
export function fragment(
  sequence: number,
  pictures: readonly Sample[],
  sounds: readonly Sample[],
): Buffer {
  const tracks = [
    { id: PICTURE_TRACK, samples: pictures },
    { id: SOUND_TRACK, samples: sounds },
  ].filter(({ samples }) => samples.length > 0);
  const moofBytes =
    8 + 16 + tracks.reduce((sum, { samples }) => sum + 8 + 16 + 20 + 20 + samples.length * 12, 0);
  let offset = moofBytes + 8;
  const parts = tracks.map(({ id, samples }) => {
    const rows = Buffer.alloc(samples.length * 12);
    samples.forEach(({ duration, data, key }, i) => {
      rows.writeUInt32BE(duration, i * 12);
      rows.writeUInt32BE(data.length, i * 12 + 4);
      // Depends on no other and is a sync sample, or the contrary of both.
      rows.writeUInt32BE(key ? 0x02000000 : 0x01010000, i * 12 + 8);
    });
    const from = offset;
    offset += samples.reduce((sum, { data }) => sum + data.length, 0);
    return box(
      'traf',
      full('tfhd', 0, 0x020000, u32(id)),
      full('tfdt', 1, 0, u64(samples[0]!.at)),
      full('trun', 0, 0x000701, u32(samples.length, from), rows),
    );
  });
  const moof = box('moof', full('mfhd', 0, 0, u32(sequence)), ...parts);
  if (moof.length !== moofBytes) throw new Error('A fragment is not as long as was counted.');
  const data = tracks.flatMap(({ samples }) => samples.map((sample) => sample.data));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + data.reduce((sum, each) => sum + each.length, 0), 0);
  head.write('mdat', 4, 'latin1');
  return Buffer.concat([moof, head, ...data]);
}

/** An access unit in Annex B form as MP4 has it: lengths before units, parameter sets left to the initialisation. */
export function toLengths(unit: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (const nal of splitAnnexB(unit)) {
    const type = nal[0]! & 0x1f;
    if (type === SPS || type === PPS || type === DELIMITER) continue;
    parts.push(u32(nal.length), nal);
  }
  return Buffer.concat(parts);
}

/** The parameter sets of a key picture; undefined when it has none. */
export function parameterSets(unit: Buffer): { sps: Buffer; pps: Buffer } | undefined {
  const nals = splitAnnexB(unit);
  const ofType = (type: number) => nals.find((nal) => (nal[0]! & 0x1f) === type);
  const sps = ofType(SPS);
  const pps = ofType(PPS);
  return sps && pps && sps.length >= 4
    ? { sps: Buffer.from(sps), pps: Buffer.from(pps) }
    : undefined;
}

function pictureTrack({ width, height, sps, pps }: NonNullable<TrackFormat['picture']>): Buffer {
  const configuration = Buffer.concat([
    Buffer.from([1, sps[1]!, sps[2]!, sps[3]!, 0xff, 0xe1]),
    u16(sps.length),
    sps,
    Buffer.from([1]),
    u16(pps.length),
    pps,
    // High profiles say the sampling again: 4:2:0, eight bits, no extension sets (ISO/IEC 14496-15 section 5.3.3).
    ...(isHigh(sps[1]!) ? [Buffer.from([0xfd, 0xf8, 0xf8, 0])] : []),
  ]);
  const entry = box(
    'avc1',
    zeros(6),
    u16(1),
    zeros(16),
    u16(width, height),
    u32(0x480000, 0x480000, 0),
    u16(1),
    zeros(32),
    u16(24, 0xffff),
    box('avcC', configuration),
  );
  const handler = full(
    'hdlr',
    0,
    0,
    u32(0),
    Buffer.from('vide'),
    zeros(12),
    Buffer.from('picture\0'),
  );
  return track(
    PICTURE_TRACK,
    PICTURE_RATE,
    { width, height },
    handler,
    full('vmhd', 0, 1, zeros(8)),
    entry,
  );
}

function soundTrack(): Buffer {
  // AAC-LC, 48 kHz, two channels (ISO/IEC 14496-3 section 1.6.2.1).
  const specific = Buffer.from([0x11, 0x90]);
  const decoder = descriptor(
    4,
    Buffer.from([0x40, 0x15, 0, 0, 0]),
    u32(128_000, 128_000),
    descriptor(5, specific),
  );
  const stream = descriptor(
    3,
    u16(SOUND_TRACK),
    Buffer.from([0]),
    decoder,
    descriptor(6, Buffer.from([2])),
  );
  const entry = box(
    'mp4a',
    zeros(6),
    u16(1),
    zeros(8),
    u16(2, 16, 0, 0),
    u32(SOUND_RATE * 65536),
    full('esds', 0, 0, stream),
  );
  const handler = full(
    'hdlr',
    0,
    0,
    u32(0),
    Buffer.from('soun'),
    zeros(12),
    Buffer.from('sound\0'),
  );
  return track(
    SOUND_TRACK,
    SOUND_RATE,
    { width: 0, height: 0 },
    handler,
    full('smhd', 0, 0, zeros(4)),
    entry,
  );
}

function track(
  id: number,
  rate: number,
  size: { width: number; height: number },
  handler: Buffer,
  mediaHeader: Buffer,
  entry: Buffer,
): Buffer {
  const isSound = size.width === 0;
  return box(
    'trak',
    full(
      'tkhd',
      0,
      3,
      u32(0, 0, id, 0, 0),
      zeros(8),
      u16(0, isSound ? 1 : 0, isSound ? 0x100 : 0, 0),
      MATRIX,
      u32(size.width * 65536, size.height * 65536),
    ),
    box(
      'mdia',
      full('mdhd', 0, 0, u32(0, 0, rate, 0), u16(0x55c4, 0)),
      handler,
      box(
        'minf',
        mediaHeader,
        box('dinf', full('dref', 0, 0, u32(1), full('url ', 0, 1))),
        box(
          'stbl',
          full('stsd', 0, 0, u32(1), entry),
          full('stts', 0, 0, u32(0)),
          full('stsc', 0, 0, u32(0)),
          full('stsz', 0, 0, u32(0, 0)),
          full('stco', 0, 0, u32(0)),
        ),
      ),
    ),
  );
}

const isHigh = (profile: number): boolean => [100, 110, 122, 244].includes(profile);

function box(type: string, ...parts: Buffer[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + parts.reduce((sum, part) => sum + part.length, 0), 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, ...parts]);
}

const full = (type: string, version: number, flags: number, ...parts: Buffer[]): Buffer =>
  box(type, u32(version * 2 ** 24 + flags), ...parts);

/** A descriptor of MPEG-4 systems; all of ours are shorter than 128 bytes. */
const descriptor = (tag: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, body.length]), body]);
};

function u16(...values: number[]): Buffer {
  const out = Buffer.alloc(values.length * 2);
  values.forEach((value, i) => void out.writeUInt16BE(value, i * 2));
  return out;
}

function u32(...values: number[]): Buffer {
  const out = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => void out.writeUInt32BE(value, i * 4));
  return out;
}

function u64(value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(BigInt(value));
  return out;
}

const zeros = (bytes: number): Buffer => Buffer.alloc(bytes);
const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
