import fc from 'fast-check';
import { expect, it } from 'vitest';
import { write } from './frame.ts';
import { Ring } from './ring.ts';

const line = (seq: number) => write({ t: 'pin', seq, productId: null, atMs: 0 });
const seqs = (found: ReturnType<Ring['after']>) =>
  found?.map(({ message }) => ('seq' in message ? message.seq : 0)) ?? null;

it('[PUB-3] gives everything after a place, or says that it can’t know', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 50 }),
      fc.integer({ min: 1, max: 8 }),
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 40 }),
      fc.nat({ max: 120 }),
      (start, max, steps, place) => {
        const ring = new Ring(max, start);
        const all: number[] = [];
        let seq = start + 1;
        for (const step of steps) {
          seq += step;
          all.push(seq);
          ring.add(seq, line(seq));
        }
        const kept = all.slice(-max);
        const forgotten = all.length > max ? all[all.length - max - 1] : start;
        const expected = place < (forgotten ?? start) ? null : kept.filter((one) => one > place);
        expect(seqs(ring.after(place))).toEqual(expected);
      },
    ),
    { numRuns: 500, seed: 4 },
  );
});
