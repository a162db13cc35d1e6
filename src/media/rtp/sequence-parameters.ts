// What an H.264 sequence parameter set says of the pictures (ITU-T H.264, 7.3.2.1.1 and E.1.1): profile, size, frame
// rate, and whether pictures come in another order than they are shown. The rule: it comes from outside, so that each
// count is bounded; what can't be read is undefined.

export type SequenceParameters = {
  readonly profileIdc: number;
  /** Such as `High`. */
  readonly profile: string;
  /** Such as `4.1`. */
  readonly level: string;
  /** 4:2:0 with 8 bits is what every browser shows. */
  readonly chroma: '4:0:0' | '4:2:0' | '4:2:2' | '4:4:4';
  readonly bitDepth: number;
  readonly interlaced: boolean;
  readonly width: number;
  readonly height: number;
  /** Null when the stream doesn't say. */
  readonly framesPerSecond: number | null;
  /** Pictures that may have to wait for an earlier one (B-frames); null when the stream doesn't say. */
  readonly reorderFrames: number | null;
};

const profiles: Readonly<Record<number, string>> = {
  66: 'Baseline',
  77: 'Main',
  88: 'Extended',
  100: 'High',
  110: 'High 10',
  122: 'High 4:2:2',
  244: 'High 4:4:4',
  44: 'CAVLC 4:4:4',
};
const withChroma = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128]);
const chromas = ['4:0:0', '4:2:0', '4:2:2', '4:4:4'] as const;

/** Reads a parameter set with its header byte. */
export function readSequenceParameters(unit: Buffer): SequenceParameters | undefined {
  try {
    return read(new Bits(withoutEmulation(unit)));
  } catch (fault) {
    if (fault instanceof EndOfBits) return undefined;
    throw fault;
  }
}

function read(bits: Bits): SequenceParameters | undefined {
  if ((bits.take(8) & 0x1f) !== 7) return undefined;
  const profileIdc = bits.take(8);
  const constraints = bits.take(8);
  const levelIdc = bits.take(8);
  bits.unsigned();
  let chroma = 1;
  let bitDepth = 8;
  if (withChroma.has(profileIdc)) {
    chroma = bits.unsigned();
    if (chroma > 3) return undefined;
    if (chroma === 3) bits.take(1);
    bitDepth = 8 + bits.unsigned();
    bits.unsigned();
    bits.take(1);
    if (bits.flag()) skipScalingLists(bits, chroma === 3 ? 12 : 8);
  }
  bits.unsigned();
  const orderType = bits.unsigned();
  if (orderType === 0) bits.unsigned();
  else if (orderType === 1) {
    bits.take(1);
    bits.signed();
    bits.signed();
    const cycle = bits.unsigned();
    if (cycle > 255) return undefined;
    for (let each = 0; each < cycle; each += 1) bits.signed();
  }
  bits.unsigned();
  bits.take(1);
  const widthBlocks = bits.unsigned() + 1;
  const heightUnits = bits.unsigned() + 1;
  const framesOnly = bits.flag();
  if (!framesOnly) bits.take(1);
  bits.take(1);
  const fields = framesOnly ? 1 : 2;
  let width = widthBlocks * 16;
  let height = heightUnits * 16 * fields;
  if (bits.flag()) {
    const stepX = chroma === 1 || chroma === 2 ? 2 : 1;
    const stepY = (chroma === 1 ? 2 : 1) * fields;
    width -= (bits.unsigned() + bits.unsigned()) * stepX;
    height -= (bits.unsigned() + bits.unsigned()) * stepY;
  }
  if (width < 16 || height < 16 || width > 16_384 || height > 16_384 || bitDepth > 14)
    return undefined;
  const usability = bits.flag() ? readUsability(bits) : undefined;
  const isConstrained = (constraints & 0x40) !== 0;
  // Order type 2 and Baseline know no other order than that of decoding.
  const inOrder = orderType === 2 || profileIdc === 66;
  return {
    profileIdc,
    profile:
      profileIdc === 66 && isConstrained
        ? 'Constrained Baseline'
        : (profiles[profileIdc] ?? `Profile ${profileIdc}`),
    level: `${Math.floor(levelIdc / 10)}.${levelIdc % 10}`,
    chroma: chromas[chroma]!,
    bitDepth,
    interlaced: !framesOnly,
    width,
    height,
    framesPerSecond: usability?.framesPerSecond ?? null,
    reorderFrames: inOrder ? 0 : (usability?.reorderFrames ?? null),
  };
}

function readUsability(bits: Bits): {
  framesPerSecond: number | null;
  reorderFrames: number | null;
} {
  if (bits.flag() && bits.take(8) === 255) bits.take(32);
  if (bits.flag()) bits.take(1);
  if (bits.flag()) {
    bits.take(4);
    if (bits.flag()) bits.take(24);
  }
  if (bits.flag()) {
    bits.unsigned();
    bits.unsigned();
  }
  let framesPerSecond: number | null = null;
  if (bits.flag()) {
    const units = bits.take(32);
    const scale = bits.take(32);
    bits.take(1);
    const rate = units > 0 ? scale / units / 2 : 0;
    if (rate > 0 && rate <= 480) framesPerSecond = Math.round(rate * 100) / 100;
  }
  const network = bits.flag();
  if (network) skipReferenceDecoder(bits);
  const video = bits.flag();
  if (video) skipReferenceDecoder(bits);
  if (network || video) bits.take(1);
  bits.take(1);
  if (!bits.flag()) return { framesPerSecond, reorderFrames: null };
  bits.take(1);
  bits.unsigned();
  bits.unsigned();
  bits.unsigned();
  bits.unsigned();
  return { framesPerSecond, reorderFrames: bits.unsigned() };
}

function skipReferenceDecoder(bits: Bits): void {
  const count = Math.min(32, bits.unsigned() + 1);
  bits.take(8);
  for (let each = 0; each < count; each += 1) {
    bits.unsigned();
    bits.unsigned();
    bits.take(1);
  }
  bits.take(20);
}

function skipScalingLists(bits: Bits, lists: number): void {
  for (let list = 0; list < lists; list += 1) {
    if (!bits.flag()) continue;
    let next = 8;
    let last = 8;
    for (let each = 0; each < (list < 6 ? 16 : 64); each += 1) {
      if (next !== 0) next = (last + bits.signed() + 256) & 0xff;
      if (next !== 0) last = next;
    }
  }
}

/** Takes the bytes out that keep start codes from appearing (7.4.1.1). */
function withoutEmulation(unit: Buffer): Buffer {
  const out = Buffer.alloc(Math.min(unit.length, 512));
  let length = 0;
  let zeros = 0;
  for (const byte of unit.subarray(0, out.length)) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    out[length++] = byte;
  }
  return out.subarray(0, length);
}

class EndOfBits extends Error {}

class Bits {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  take(count: number): number {
    let value = 0;
    for (let each = 0; each < count; each += 1) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw new EndOfBits();
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
      this.#at += 1;
    }
    return value;
  }

  flag(): boolean {
    return this.take(1) === 1;
  }

  /** Exp-Golomb, 9.1. */
  unsigned(): number {
    let zeros = 0;
    while (!this.flag()) if (++zeros > 31) throw new EndOfBits();
    return 2 ** zeros - 1 + this.take(zeros);
  }

  signed(): number {
    const code = this.unsigned();
    return code % 2 === 0 ? -code / 2 : (code + 1) / 2;
  }
}
