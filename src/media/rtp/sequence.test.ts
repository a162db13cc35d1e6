import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SequenceRewriter, SequenceUnwrapper, timestampDistance } from './sequence.ts';

describe('an unwrapper', () => {
  test('counts on over the wrap, whatever the order within a window', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffff }),
        fc.array(fc.integer({ min: -200, max: 400 }), { maxLength: 300 }),
        (start, steps) => {
          const unwrapper = new SequenceUnwrapper();
          const first = unwrapper.unwrap(start);
          let at = first;
          for (const step of steps) {
            at = Math.max(first, at + step);
            expect(unwrapper.unwrap(at & 0xffff)).toBe(at);
          }
        },
      ),
    );
  });
});

describe('a rewriter', () => {
  test('closes the gap of what was left out, and keeps the place of what comes late', () => {
    const rewriter = new SequenceRewriter(10, 100);
    expect(rewriter.rewrite(10)).toBe(100);
    expect(rewriter.leaveOut(12)).toBe(true);
    expect(rewriter.rewrite(13)).toBe(102);
    expect(rewriter.rewrite(11)).toBe(101);
    expect(rewriter.rewrite(12)).toBeUndefined();
    expect(rewriter.leaveOut(9)).toBe(false);
    expect(rewriter.rewrite(9)).toBeUndefined();
  });

  test('closes a long hole at once, and drops what of it comes late', () => {
    const rewriter = new SequenceRewriter(10, 100);
    expect(rewriter.rewrite(11)).toBe(101);
    rewriter.skipTo(5_000);
    expect([5_001, 5_000].map((each) => rewriter.rewrite(each))).toEqual([103, 102]);
    expect([12, 2_000, 4_999].map((each) => rewriter.rewrite(each))).toEqual(
      new Array(3).fill(undefined),
    );
    expect([10, 11].map((each) => rewriter.rewrite(each))).toEqual([100, 101]);
    rewriter.skipTo(5_002);
    rewriter.skipTo(4_000);
    expect(rewriter.rewrite(5_002)).toBe(104);
  });

  test('gives consecutive numbers for all that is kept, whatever is left out and however it is shuffled', () => {
    const packets = fc.array(fc.record({ kept: fc.boolean(), late: fc.boolean() }), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(packets, (plan) => {
        const rewriter = new SequenceRewriter(1000, 5000);
        const outputs: number[] = [];
        const held: number[] = [];
        const send = (input: number): void => {
          const output = rewriter.rewrite(input);
          if (output !== undefined) outputs.push(output);
        };
        plan.forEach(({ kept, late }, i) => {
          const input = 1000 + i;
          // Padding comes in its place; media may come up to ten packets late.
          if (!kept) expect(rewriter.leaveOut(input)).toBe(true);
          else if (late) held.push(input);
          else send(input);
          if (held.length > 0 && input - held[0]! >= 10) send(held.shift()!);
        });
        for (const input of held) send(input);
        const count = plan.filter(({ kept }) => kept).length;
        expect(outputs.sort((a, b) => a - b)).toEqual(
          Array.from({ length: count }, (_, i) => 5000 + i),
        );
      }),
    );
  });
});

test('the distance of timestamps is right over the wrap', () => {
  expect(timestampDistance(5, 0xfffffffb)).toBe(10);
  expect(timestampDistance(0xfffffffb, 5)).toBe(-10);
});
