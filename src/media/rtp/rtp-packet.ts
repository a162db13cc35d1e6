// Reading and making RTP packets (RFC 3550 section 5.1, header extensions of RFC 8285). No sequence logic and no codec
// knowledge here. The rule: what is forwarded has a bare 12-byte header, because extension numbers are negotiated per
// connection and padding costs every viewer.

/** Bytes of an RTP header without contributing sources and extensions. */
export const RTP_HEADER_BYTES = 12;

/** Where things stand in a received RTP packet. Offsets are into the buffer that was parsed. */
export type RtpHeader = {
  marker: boolean;
  payloadType: number;
  sequence: number;
  timestamp: number;
  ssrc: number;
  payloadStart: number;
  /** End of the payload: before the padding. Equal to `payloadStart` for a packet of padding alone. */
  payloadEnd: number;
};

/** Is this RTCP rather than RTP? Both share one port (RFC 5761 section 4). */
export function isRtcp(packet: Uint8Array): boolean {
  const type = packet[1];
  return type !== undefined && type >= 192 && type <= 223;
}

/** Reads a packet; undefined when it is too short or contradicts itself. Never throws. */
export function parseRtp(packet: Buffer): RtpHeader | undefined {
  if (packet.length < RTP_HEADER_BYTES) return undefined;
  const first = packet[0]!;
  if (first >> 6 !== 2) return undefined;
  const second = packet[1]!;
  let payloadStart = RTP_HEADER_BYTES + (first & 0x0f) * 4;
  if (first & 0x10) {
    if (packet.length < payloadStart + 4) return undefined;
    payloadStart += 4 + packet.readUInt16BE(payloadStart + 2) * 4;
  }
  let payloadEnd = packet.length;
  if (first & 0x20) {
    const paddingBytes = packet[packet.length - 1]!;
    if (paddingBytes === 0) return undefined;
    payloadEnd -= paddingBytes;
  }
  if (payloadStart > packet.length || payloadEnd < payloadStart) return undefined;
  return {
    marker: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    payloadStart,
    payloadEnd,
  };
}

/**
 * The unsigned value of a one-byte or two-byte header extension (RFC 8285) of at most 4 bytes; undefined when the
 * packet doesn't carry it.
 */
export function readExtension(packet: Buffer, extensionId: number): number | undefined {
  const first = packet[0]!;
  if (!(first & 0x10)) return undefined;
  const start = RTP_HEADER_BYTES + (first & 0x0f) * 4;
  if (packet.length < start + 4) return undefined;
  const profile = packet.readUInt16BE(start);
  const end = Math.min(packet.length, start + 4 + packet.readUInt16BE(start + 2) * 4);
  const twoByte = (profile & 0xfff0) === 0x1000;
  if (profile !== 0xbede && !twoByte) return undefined;
  let at = start + 4;
  while (at < end) {
    const head = packet[at]!;
    if (head === 0) {
      at += 1;
      continue;
    }
    let id: number;
    let bytes: number;
    if (twoByte) {
      if (at + 1 >= end) return undefined;
      id = head;
      bytes = packet[at + 1]!;
      at += 2;
    } else {
      id = head >> 4;
      if (id === 15) return undefined;
      bytes = (head & 0x0f) + 1;
      at += 1;
    }
    if (at + bytes > end) return undefined;
    if (id === extensionId)
      return bytes >= 1 && bytes <= 4 ? packet.readUIntBE(at, bytes) : undefined;
    at += bytes;
  }
  return undefined;
}

/** A packet with a bare header. The payload is copied. */
export function makeRtp(
  fields: {
    marker: boolean;
    payloadType: number;
    sequence: number;
    timestamp: number;
    ssrc: number;
  },
  payload: Uint8Array,
): Buffer {
  // Not from the shared pool: the packet lives in a cache for seconds and would pin the whole slab.
  const packet = Buffer.allocUnsafeSlow(RTP_HEADER_BYTES + payload.length);
  packet[0] = 0x80;
  packet[1] = (fields.marker ? 0x80 : 0) | fields.payloadType;
  packet.writeUInt16BE(fields.sequence & 0xffff, 2);
  packet.writeUInt32BE(fields.timestamp >>> 0, 4);
  packet.writeUInt32BE(fields.ssrc >>> 0, 8);
  packet.set(payload, RTP_HEADER_BYTES);
  return packet;
}
