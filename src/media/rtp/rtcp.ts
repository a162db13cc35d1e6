// Reading and making RTCP (RFC 3550 section 6, RFC 4585 feedback, RFC 5104 FIR, RFC 3611 receiver reference time, REMB).
// Only shapes live here; who sends what and when is decided by the forwarder. Unknown packet types are skipped, a
// packet that lies about its length ends the reading, and nothing throws on foreign bytes.

/** One report block: how a receiver does with one source. */
export type ReportBlock = {
  ssrc: number;
  /** Share lost since the last report, 0..1. */
  fractionLost: number;
  totalLost: number;
  /** Highest sequence number received, with the count of wraps above. */
  highestSequence: number;
  /** In units of the stream's clock. */
  jitter: number;
  /** Middle 32 bits of the NTP time of the last sender report; 0 when none came. */
  lastReport: number;
  /** Since that report, in 1/65536 s. */
  delaySinceLastReport: number;
};

/** What Rialto understands of RTCP. */
export type RtcpMessage =
  | {
      type: 'sender-report';
      ssrc: number;
      /** NTP time as ms since 1970 (with fraction). */
      ntpMs: number;
      /** Middle 32 bits of that NTP time, as report blocks give it back. */
      ntpMiddle: number;
      rtpTimestamp: number;
      reports: ReportBlock[];
    }
  | { type: 'receiver-report'; ssrc: number; reports: ReportBlock[] }
  | { type: 'nack'; mediaSsrc: number; sequences: number[] }
  | { type: 'key-frame-request'; mediaSsrc: number }
  | { type: 'bye' }
  /** A receiver's clock, to be given back to it. */
  | { type: 'reference-time'; ssrc: number; ntpMiddle: number }
  /** Answer to a receiver reference time: gives the round trip from the receiver's side. */
  | { type: 'reference-answer'; lastReport: number; delaySinceLastReport: number };

/** Seconds between the NTP era (1900) and the Unix one (1970). */
const NTP_OFFSET_SECONDS = 2_208_988_800;

/** Reads a compound packet. What can't be read is left out. */
export function parseRtcp(packet: Buffer): RtcpMessage[] {
  const messages: RtcpMessage[] = [];
  let at = 0;
  while (at + 4 <= packet.length) {
    const first = packet[at]!;
    if (first >> 6 !== 2) break;
    const end = at + 4 + packet.readUInt16BE(at + 2) * 4;
    if (end > packet.length) break;
    const count = first & 0x1f;
    switch (packet[at + 1]) {
      case 200:
        if (end - at >= 28) {
          const seconds = packet.readUInt32BE(at + 8);
          const fraction = packet.readUInt32BE(at + 12);
          messages.push({
            type: 'sender-report',
            ssrc: packet.readUInt32BE(at + 4),
            ntpMs: (seconds - NTP_OFFSET_SECONDS) * 1000 + (fraction / 2 ** 32) * 1000,
            ntpMiddle: (((seconds & 0xffff) << 16) | (fraction >>> 16)) >>> 0,
            rtpTimestamp: packet.readUInt32BE(at + 16),
            reports: parseReports(packet, at + 28, end, count),
          });
        }
        break;
      case 201:
        if (end - at >= 8) {
          messages.push({
            type: 'receiver-report',
            ssrc: packet.readUInt32BE(at + 4),
            reports: parseReports(packet, at + 8, end, count),
          });
        }
        break;
      case 203:
        messages.push({ type: 'bye' });
        break;
      case 205:
        if (count === 1 && end - at >= 16) {
          messages.push({
            type: 'nack',
            mediaSsrc: packet.readUInt32BE(at + 8),
            sequences: parseNackItems(packet, at + 12, end),
          });
        }
        break;
      case 206:
        if (count === 1 && end - at >= 12) {
          messages.push({ type: 'key-frame-request', mediaSsrc: packet.readUInt32BE(at + 8) });
        } else if (count === 4 && end - at >= 20) {
          messages.push({ type: 'key-frame-request', mediaSsrc: packet.readUInt32BE(at + 12) });
        }
        break;
      case 207:
        if (end - at >= 8)
          parseExtendedReport(packet, packet.readUInt32BE(at + 4), at + 8, end, messages);
        break;
      default:
        break;
    }
    at = end;
  }
  return messages;
}

function parseReports(packet: Buffer, start: number, end: number, count: number): ReportBlock[] {
  const reports: ReportBlock[] = [];
  for (let i = 0, at = start; i < count && at + 24 <= end; i += 1, at += 24) {
    reports.push({
      ssrc: packet.readUInt32BE(at),
      fractionLost: packet[at + 4]! / 256,
      totalLost: packet.readIntBE(at + 5, 3),
      highestSequence: packet.readUInt32BE(at + 8),
      jitter: packet.readUInt32BE(at + 12),
      lastReport: packet.readUInt32BE(at + 16),
      delaySinceLastReport: packet.readUInt32BE(at + 20),
    });
  }
  return reports;
}

function parseNackItems(packet: Buffer, start: number, end: number): number[] {
  const sequences: number[] = [];
  for (let at = start; at + 4 <= end; at += 4) {
    const base = packet.readUInt16BE(at);
    sequences.push(base);
    const mask = packet.readUInt16BE(at + 2);
    for (let bit = 0; bit < 16; bit += 1)
      if (mask & (1 << bit)) sequences.push((base + bit + 1) & 0xffff);
  }
  return sequences;
}

function parseExtendedReport(
  packet: Buffer,
  ssrc: number,
  start: number,
  end: number,
  messages: RtcpMessage[],
): void {
  let at = start;
  while (at + 4 <= end) {
    const blockEnd = at + 4 + packet.readUInt16BE(at + 2) * 4;
    if (blockEnd > end) return;
    if (packet[at] === 4 && blockEnd - at >= 12) {
      messages.push({ type: 'reference-time', ssrc, ntpMiddle: packet.readUInt32BE(at + 6) });
    } else if (packet[at] === 5) {
      for (let item = at + 4; item + 12 <= blockEnd; item += 12) {
        messages.push({
          type: 'reference-answer',
          lastReport: packet.readUInt32BE(item + 4),
          delaySinceLastReport: packet.readUInt32BE(item + 8),
        });
      }
    }
    at = blockEnd;
  }
}

/** An NTP timestamp: seconds and fraction of ms since 1970. */
export function toNtp(ms: number): { seconds: number; fraction: number; middle: number } {
  const seconds = Math.floor(ms / 1000) + NTP_OFFSET_SECONDS;
  const fraction = Math.floor(((ms - Math.floor(ms / 1000) * 1000) / 1000) * 2 ** 32);
  return {
    seconds: seconds >>> 0,
    fraction,
    middle: (((seconds & 0xffff) << 16) | (fraction >>> 16)) >>> 0,
  };
}

/**
 * Round trip in ms from the middle NTP bits now and what a report gave back (RFC 3550 section 6.4.1); null when the
 * other side has not seen a report of ours yet.
 */
export function roundTripMs(
  nowMiddle: number,
  lastReport: number,
  delaySinceLastReport: number,
): number | null {
  if (lastReport === 0) return null;
  const units = (nowMiddle - lastReport - delaySinceLastReport) | 0;
  return units < 0 ? 0 : (units / 65536) * 1000;
}

function header(count: number, type: number, bytes: number): Buffer {
  const packet = Buffer.alloc(bytes);
  packet[0] = 0x80 | count;
  packet[1] = type;
  packet.writeUInt16BE(bytes / 4 - 1, 2);
  return packet;
}

function writeReports(packet: Buffer, start: number, reports: readonly ReportBlock[]): void {
  let at = start;
  for (const report of reports) {
    packet.writeUInt32BE(report.ssrc, at);
    packet[at + 4] = Math.min(255, Math.max(0, Math.floor(report.fractionLost * 256)));
    packet.writeIntBE(Math.min(0x7fffff, Math.max(-0x800000, report.totalLost)), at + 5, 3);
    packet.writeUInt32BE(report.highestSequence >>> 0, at + 8);
    packet.writeUInt32BE(report.jitter >>> 0, at + 12);
    packet.writeUInt32BE(report.lastReport >>> 0, at + 16);
    packet.writeUInt32BE(Math.min(0xffffffff, report.delaySinceLastReport) >>> 0, at + 20);
    at += 24;
  }
}

/** A sender report: `ntpMs` (ms since 1970) and `rtpTimestamp` name the same instant. */
export function makeSenderReport(fields: {
  ssrc: number;
  ntpMs: number;
  rtpTimestamp: number;
  packets: number;
  bytes: number;
}): Buffer {
  const packet = header(0, 200, 28);
  const ntp = toNtp(fields.ntpMs);
  packet.writeUInt32BE(fields.ssrc, 4);
  packet.writeUInt32BE(ntp.seconds, 8);
  packet.writeUInt32BE(ntp.fraction, 12);
  packet.writeUInt32BE(fields.rtpTimestamp >>> 0, 16);
  packet.writeUInt32BE(fields.packets >>> 0, 20);
  packet.writeUInt32BE(fields.bytes >>> 0, 24);
  return packet;
}

/** A receiver report of up to 31 blocks. */
export function makeReceiverReport(ssrc: number, reports: readonly ReportBlock[]): Buffer {
  const packet = header(reports.length, 201, 8 + reports.length * 24);
  packet.writeUInt32BE(ssrc, 4);
  writeReports(packet, 8, reports);
  return packet;
}

/** Asks for a key frame (picture loss indication). */
export function makeKeyFrameRequest(ssrc: number, mediaSsrc: number): Buffer {
  const packet = header(1, 206, 12);
  packet.writeUInt32BE(ssrc, 4);
  packet.writeUInt32BE(mediaSsrc, 8);
  return packet;
}

/** Asks for packets again. `sequences` must be in rising order (modulo 2^16) to be packed well. */
export function makeNack(ssrc: number, mediaSsrc: number, sequences: readonly number[]): Buffer {
  const items: { base: number; mask: number }[] = [];
  for (const sequence of sequences) {
    const last = items.at(-1);
    const distance = last ? (sequence - last.base) & 0xffff : 0;
    if (last && distance >= 1 && distance <= 16) last.mask |= 1 << (distance - 1);
    else if (!last || distance !== 0) items.push({ base: sequence & 0xffff, mask: 0 });
  }
  const packet = header(1, 205, 12 + items.length * 4);
  packet.writeUInt32BE(ssrc, 4);
  packet.writeUInt32BE(mediaSsrc, 8);
  items.forEach((item, i) => {
    packet.writeUInt16BE(item.base, 12 + i * 4);
    packet.writeUInt16BE(item.mask, 14 + i * 4);
  });
  return packet;
}

/** Tells a sender how much it may send (REMB, draft-alvestrand-rmcat-remb). */
export function makeBandwidthLimit(
  ssrc: number,
  mediaSsrcs: readonly number[],
  bitsPerSecond: number,
): Buffer {
  const packet = header(15, 206, 20 + mediaSsrcs.length * 4);
  packet.writeUInt32BE(ssrc, 4);
  packet.write('REMB', 12, 'latin1');
  let exponent = 0;
  let mantissa = Math.floor(bitsPerSecond);
  while (mantissa >= 2 ** 18) {
    mantissa = Math.floor(mantissa / 2);
    exponent += 1;
  }
  packet[16] = mediaSsrcs.length;
  packet.writeUIntBE(exponent * 2 ** 18 + mantissa, 17, 3);
  mediaSsrcs.forEach((media, i) => packet.writeUInt32BE(media, 20 + i * 4));
  return packet;
}

/** Receiver reference time: the publisher answers it, which gives the round trip without sending media to it. */
export function makeReferenceTime(ssrc: number, nowMs: number): Buffer {
  const packet = header(0, 207, 20);
  const ntp = toNtp(nowMs);
  packet.writeUInt32BE(ssrc, 4);
  packet[8] = 4;
  packet.writeUInt16BE(2, 10);
  packet.writeUInt32BE(ntp.seconds, 12);
  packet.writeUInt32BE(ntp.fraction, 16);
  return packet;
}

/** Answer to a receiver reference time that came `delayMs` ago from `receiverSsrc`. For our own publishers. */
export function makeReferenceAnswer(
  ssrc: number,
  receiverSsrc: number,
  lastReport: number,
  delayMs: number,
): Buffer {
  const packet = header(0, 207, 24);
  packet.writeUInt32BE(ssrc, 4);
  packet[8] = 5;
  packet.writeUInt16BE(3, 10);
  packet.writeUInt32BE(receiverSsrc, 12);
  packet.writeUInt32BE(lastReport, 16);
  packet.writeUInt32BE(Math.floor((delayMs * 65536) / 1000) >>> 0, 20);
  return packet;
}

/**
 * Feedback for a sender's congestion control (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1): which
 * packets of `base .. base + arrivals.length - 1` came, and when. `undefined` is a packet that did not come.
 * At least one entry must have come.
 */
export function makeTransportFeedback(fields: {
  ssrc: number;
  mediaSsrc: number;
  base: number;
  /** Counts the feedback packets, modulo 256. */
  count: number;
  arrivalsMs: readonly (number | undefined)[];
}): Buffer {
  const { arrivalsMs } = fields;
  const first = arrivalsMs.find((each) => each !== undefined);
  if (first === undefined) throw new RangeError('feedback needs a packet that came');
  const reference = Math.floor(first / 64);
  let lastTicks = reference * 256;
  const symbols: number[] = [];
  const deltas: number[] = [];
  for (const arrival of arrivalsMs) {
    if (arrival === undefined) {
      symbols.push(0);
      continue;
    }
    const ticks = Math.round(arrival * 4);
    const delta = Math.max(-32768, Math.min(32767, ticks - lastTicks));
    lastTicks += delta;
    symbols.push(delta >= 0 && delta <= 255 ? 1 : 2);
    deltas.push(delta);
  }
  const chunks = Math.ceil(symbols.length / 7);
  let deltaBytes = 0;
  for (const delta of deltas) deltaBytes += delta >= 0 && delta <= 255 ? 1 : 2;
  const packet = header(15, 205, Math.ceil((20 + chunks * 2 + deltaBytes) / 4) * 4);
  packet.writeUInt32BE(fields.ssrc, 4);
  packet.writeUInt32BE(fields.mediaSsrc, 8);
  packet.writeUInt16BE(fields.base & 0xffff, 12);
  packet.writeUInt16BE(symbols.length, 14);
  packet.writeUIntBE(((reference % 2 ** 24) + 2 ** 24) % 2 ** 24, 16, 3);
  packet[19] = fields.count & 0xff;
  let at = 20;
  for (let i = 0; i < symbols.length; i += 7) {
    let chunk = 0xc000;
    for (let j = 0; j < 7; j += 1) chunk |= (symbols[i + j] ?? 0) << (12 - j * 2);
    packet.writeUInt16BE(chunk, at);
    at += 2;
  }
  for (const delta of deltas) {
    if (delta >= 0 && delta <= 255) {
      packet[at] = delta;
      at += 1;
    } else {
      packet.writeInt16BE(delta, at);
      at += 2;
    }
  }
  return packet;
}
