// VP8 in RTP (RFC 7741): is this the start of a key frame, packets to frames, and the picture size that a key frame
// tells. Taken only when a publisher offers nothing better; nothing here is about H.264.

/** Bytes of the payload descriptor; undefined when the payload is too short for what it says. */
function descriptorBytes(packet: Buffer, start: number, end: number): number | undefined {
  if (start >= end) return undefined;
  let at = start + 1;
  if (packet[start]! & 0x80) {
    if (at >= end) return undefined;
    const extension = packet[at]!;
    at += 1;
    if (extension & 0x80) {
      if (at >= end) return undefined;
      at += packet[at]! & 0x80 ? 2 : 1;
    }
    if (extension & 0x40) at += 1;
    if (extension & 0x30) at += 1;
  }
  return at < end ? at - start : undefined;
}

/** Does this payload start a key frame? */
export function startsVp8KeyFrame(packet: Buffer, start: number, end: number): boolean {
  const bytes = descriptorBytes(packet, start, end);
  if (bytes === undefined) return false;
  const startsPartitionZero = (packet[start]! & 0x17) === 0x10;
  return startsPartitionZero && (packet[start + bytes]! & 1) === 0;
}

/** Puts the payloads of one frame together, in order; undefined when its beginning is missing. */
export function joinVp8(payloads: readonly Buffer[]): Buffer | undefined {
  const parts: Buffer[] = [];
  for (const payload of payloads) {
    const bytes = descriptorBytes(payload, 0, payload.length);
    if (bytes === undefined) continue;
    if (parts.length === 0 && (payload[0]! & 0x17) !== 0x10) return undefined;
    parts.push(payload.subarray(bytes));
  }
  return parts.length > 0 ? Buffer.concat(parts) : undefined;
}

/** Is the frame a key frame? */
export function isVp8KeyFrame(frame: Buffer): boolean {
  return (
    frame.length > 10 &&
    (frame[0]! & 1) === 0 &&
    frame[3] === 0x9d &&
    frame[4] === 0x01 &&
    frame[5] === 0x2a
  );
}
