// H.264 in RTP (RFC 6184, packetization mode 1): is this the start of a key frame, packets to access units for the
// recorder and the poster, access units to packets for the synthetic camera. Access units are in Annex B form (start
// codes), with parameter sets kept in band, so that a picture size that changes mid-stream stays decodable.

const START_CODE = Buffer.from([0, 0, 0, 1]);

/** NAL unit types (table 7-1 of the standard) that matter here. */
const IDR = 5;
const SPS = 7;
const PPS = 8;
const STAP_A = 24;
const FU_A = 28;

/**
 * Does this payload start a key frame? True for a parameter set (encoders put it before each key picture) and for the
 * first fragment of an IDR picture.
 */
export function startsH264KeyFrame(packet: Buffer, start: number, end: number): boolean {
  if (end - start < 2) return false;
  const type = packet[start]! & 0x1f;
  if (type === SPS || type === IDR) return true;
  if (type === STAP_A) {
    for (let at = start + 1; at + 3 <= end; ) {
      const inner = packet[at + 2]! & 0x1f;
      if (inner === SPS || inner === IDR) return true;
      at += 2 + packet.readUInt16BE(at);
    }
    return false;
  }
  if (type === FU_A) {
    const fragment = packet[start + 1]!;
    return (fragment & 0x80) !== 0 && (fragment & 0x1f) === IDR;
  }
  return false;
}

/** The unit of this type in a payload that holds whole units; undefined when there is none. It lies in the payload. */
export function h264UnitOf(payload: Buffer, wanted: number): Buffer | undefined {
  if (payload.length < 2) return undefined;
  const type = payload[0]! & 0x1f;
  if (type === wanted) return payload;
  if (type !== STAP_A) return undefined;
  for (let at = 1; at + 3 <= payload.length; ) {
    const bytes = payload.readUInt16BE(at);
    if (at + 2 + bytes > payload.length) return undefined;
    if ((payload[at + 2]! & 0x1f) === wanted && bytes > 0)
      return payload.subarray(at + 2, at + 2 + bytes);
    at += 2 + bytes;
  }
  return undefined;
}

/**
 * Puts the payloads of one access unit together, in order. Gives undefined when a fragment is missing its start (the
 * picture is damaged) or nothing is in it.
 */
export function joinH264(payloads: readonly Buffer[]): Buffer | undefined {
  const parts: Buffer[] = [];
  let inFragment = false;
  for (const payload of payloads) {
    if (payload.length < 2) continue;
    const type = payload[0]! & 0x1f;
    if (type === STAP_A) {
      for (let at = 1; at + 2 < payload.length; ) {
        const bytes = payload.readUInt16BE(at);
        if (bytes === 0 || at + 2 + bytes > payload.length) return undefined;
        parts.push(START_CODE, payload.subarray(at + 2, at + 2 + bytes));
        at += 2 + bytes;
      }
    } else if (type === FU_A) {
      const head = payload[1]!;
      if (head & 0x80) {
        inFragment = true;
        parts.push(START_CODE, Buffer.from([(payload[0]! & 0xe0) | (head & 0x1f)]));
      } else if (!inFragment) {
        return undefined;
      }
      parts.push(payload.subarray(2));
      if (head & 0x40) inFragment = false;
    } else if (type >= 1 && type <= 23) {
      parts.push(START_CODE, payload);
    }
  }
  return parts.length > 0 && !inFragment ? Buffer.concat(parts) : undefined;
}

/** The NAL units of an Annex B access unit, without start codes. Views, not copies. */
export function splitAnnexB(unit: Buffer): Buffer[] {
  const units: Buffer[] = [];
  let start = -1;
  for (let at = 0; at + 3 <= unit.length; at += 1) {
    if (unit[at] !== 0 || unit[at + 1] !== 0 || unit[at + 2] !== 1) continue;
    if (start >= 0) units.push(trimZeros(unit.subarray(start, at)));
    start = at + 3;
    at += 2;
  }
  if (start >= 0 && start < unit.length) units.push(unit.subarray(start));
  return units.filter((nal) => nal.length > 0);
}

function trimZeros(nal: Buffer): Buffer {
  let end = nal.length;
  while (end > 0 && nal[end - 1] === 0) end -= 1;
  return nal.subarray(0, end);
}

/** Does the access unit hold an IDR picture? */
export function isH264KeyFrame(unit: Buffer): boolean {
  return splitAnnexB(unit).some((nal) => (nal[0]! & 0x1f) === IDR);
}

/** Sequence and picture parameter sets of an access unit in Annex B form; undefined when it has none. */
export function h264ParameterSets(unit: Buffer): Buffer | undefined {
  const nals = splitAnnexB(unit);
  const sps = nals.find((nal) => (nal[0]! & 0x1f) === SPS);
  const pps = nals.find((nal) => (nal[0]! & 0x1f) === PPS);
  return sps && pps ? Buffer.concat([START_CODE, sps, START_CODE, pps]) : undefined;
}

/**
 * Cuts an access unit into RTP payloads of at most `payloadBytesMax`. Parameter sets share one packet; what is too
 * large becomes fragments. Access unit delimiters are left out.
 */
export function packetizeH264(unit: Buffer, payloadBytesMax: number): Buffer[] {
  return packetizeUnits(splitAnnexB(unit), payloadBytesMax);
}

/** The same for an access unit that is given as its NAL units. */
export function packetizeUnits(nals: readonly Buffer[], payloadBytesMax: number): Buffer[] {
  const payloads: Buffer[] = [];
  const small: Buffer[] = [];
  const flush = (): void => {
    if (small.length === 1) payloads.push(small[0]!);
    else if (small.length > 1) payloads.push(aggregate(small));
    small.length = 0;
  };
  for (const nal of nals) {
    const type = nal[0]! & 0x1f;
    if (type === 9) continue;
    if (type === SPS || type === PPS) {
      small.push(nal);
      continue;
    }
    flush();
    if (nal.length <= payloadBytesMax) {
      payloads.push(nal);
      continue;
    }
    const indicator = (nal[0]! & 0xe0) | FU_A;
    for (let at = 1; at < nal.length; ) {
      const bytes = Math.min(payloadBytesMax - 2, nal.length - at);
      const first = at === 1 ? 0x80 : 0;
      const last = at + bytes === nal.length ? 0x40 : 0;
      payloads.push(
        Buffer.concat([
          Buffer.from([indicator, first | last | type]),
          nal.subarray(at, at + bytes),
        ]),
      );
      at += bytes;
    }
  }
  flush();
  return payloads;
}

function aggregate(nals: readonly Buffer[]): Buffer {
  const importance = Math.max(...nals.map((nal) => nal[0]! & 0x60));
  const parts: Buffer[] = [Buffer.from([importance | STAP_A])];
  for (const nal of nals) {
    const size = Buffer.alloc(2);
    size.writeUInt16BE(nal.length);
    parts.push(size, nal);
  }
  return Buffer.concat(parts);
}
