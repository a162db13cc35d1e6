import { describe, expect, test } from 'vitest';
import { packetizeH264 } from '../rtp/h264.ts';
import { makeRtp } from '../rtp/rtp-packet.ts';
import type { MediaUnit } from './assembler.ts';
import { PictureAssembler, SoundAssembler } from './assembler.ts';

const unit = (type: number, bytes: number) =>
  Buffer.concat([Buffer.from([0, 0, 0, 1, 0x60 | type]), Buffer.alloc(bytes, type)]);

/** Packets of pictures: a key frame, then others, numbered from just below the wrap. */
function packets(pictures: Buffer[]): Buffer[] {
  let sequence = 0xfffe;
  return pictures.flatMap((picture, n) => {
    const payloads = packetizeH264(picture, 500);
    return payloads.map((payload, i) =>
      makeRtp(
        {
          marker: i === payloads.length - 1,
          payloadType: 0,
          sequence: sequence++ & 0xffff,
          timestamp: (0xfffff000 + n * 3000) >>> 0,
          ssrc: 1,
        },
        payload,
      ),
    );
  });
}

describe('pictures', () => {
  const pictures = [unit(5, 1400), unit(1, 300), unit(1, 900), unit(5, 700), unit(1, 100)];

  test('come out whole and in order when packets change places', () => {
    const out: MediaUnit[] = [];
    const assembler = new PictureAssembler('H264', (each) => out.push(each));
    const all = packets(pictures);
    [all[1]!, all[2]!].forEach((each, i) => (all[2 - i] = each));
    all.forEach((each, i) => assembler.push(each, i));
    expect(out.map((each) => each.data)).toEqual(pictures);
    expect(out.map((each) => each.key)).toEqual([true, false, false, true, false]);
    expect(out.map((each) => each.ticks - out[0]!.ticks)).toEqual([0, 3000, 6000, 9000, 12_000]);
  });

  test('are left out from a lost packet to the next key frame', () => {
    const out: MediaUnit[] = [];
    const assembler = new PictureAssembler('H264', (each) => out.push(each));
    const all = packets(pictures);
    const lost = packets(pictures.slice(0, 1)).length;
    all.forEach((each, i) => {
      if (i !== lost) assembler.push(each, i * 300);
    });
    expect(out.map((each) => each.data)).toEqual([pictures[0], pictures[3], pictures[4]]);
  });

  test('begin with a key frame', () => {
    const out: MediaUnit[] = [];
    const assembler = new PictureAssembler('H264', (each) => out.push(each));
    for (const each of packets([unit(1, 50), unit(5, 50)])) assembler.push(each, 0);
    expect(out).toHaveLength(1);
  });
});

test('sound that comes late is left out', () => {
  const out: MediaUnit[] = [];
  const assembler = new SoundAssembler((each) => out.push(each));
  for (const sequence of [1, 2, 4, 3, 5]) {
    assembler.push(
      makeRtp(
        { marker: false, payloadType: 0, sequence, timestamp: sequence * 960, ssrc: 1 },
        Buffer.from([sequence]),
      ),
      0,
    );
  }
  expect(out.map((each) => each.data[0])).toEqual([1, 2, 4, 5]);
});
