// Bodies of RTMP media messages that we send (FLV tags, Adobe's FLV file format v10.1, E.4.2 and E.4.3); what comes in
// is read in `../ingest/flv-tag.ts`. H.264 without B-frames, so that what is shown is shown when it is decoded.

/** AVCDecoderConfigurationRecord (ISO/IEC 14496-15 section 5.3.3.1) as a body. */
export function pictureConfig({ sps, pps }: { sps: Buffer; pps: Buffer }): Buffer {
  const head = Buffer.from([0x17, 0, 0, 0, 0, 1, sps[1]!, sps[2]!, sps[3]!, 0xff, 0xe1]);
  const high = [100, 110, 122, 244].includes(sps[1]!) ? [0xfd, 0xf8, 0xf8, 0] : [];
  return Buffer.concat([head, u16(sps.length), sps, u8(1), u16(pps.length), pps, u8(...high)]);
}

/** `units` with lengths of four bytes before them. */
export const keyBody = (units: Buffer): Buffer => Buffer.concat([u8(0x17, 1, 0, 0, 0), units]);
export const pictureBody = (units: Buffer): Buffer => Buffer.concat([u8(0x27, 1, 0, 0, 0), units]);

/** AAC-LC, 48 kHz, two channels (ISO/IEC 14496-3 section 1.6.2.1). */
export const soundConfig = u8(0xaf, 0, 0x11, 0x90);
export const soundBody = (packet: Buffer): Buffer => Buffer.concat([u8(0xaf, 1), packet]);

function u8(...values: number[]): Buffer {
  return Buffer.from(values);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
