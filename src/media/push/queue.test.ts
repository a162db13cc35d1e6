import { expect, test } from 'vitest';
import { type PushMessage, PushQueue } from './queue.ts';

const picture = (atMs: number, key = false, bytes = 10): PushMessage => ({
  ...{ kind: 'video', atMs, key },
  body: Buffer.alloc(bytes),
});
const sound = (atMs: number): PushMessage => ({
  ...{ kind: 'audio', atMs, key: false },
  body: Buffer.alloc(1),
});
const drain = (queue: PushQueue) => {
  const times: number[] = [];
  for (let each = queue.shift(); each; each = queue.shift()) times.push(each.atMs);
  return times;
};

test('[SIM-6] a destination that keeps up gets everything, in order', () => {
  const queue = new PushQueue({ bytesMax: 100, spanMs: 1000 });
  for (const each of [picture(0, true), sound(5), picture(40)]) expect(queue.push(each)).toBe(true);
  expect(drain(queue)).toEqual([0, 5, 40]);
  expect([queue.bytes, queue.dropped]).toEqual([0, 0]);
});

test('[SIM-6] beyond its bytes all that waits is left out, and pictures begin again with a key frame', () => {
  const queue = new PushQueue({ bytesMax: 25, spanMs: 1000 });
  queue.push(picture(0, true));
  queue.push(picture(40));
  expect(queue.push(picture(80))).toBe(false);
  expect([queue.needsKey, queue.bytes, queue.dropped]).toEqual([true, 0, 3]);
  expect([queue.push(picture(120)), queue.push(sound(125))]).toEqual([false, true]);
  expect(queue.push(picture(160, true))).toBe(true);
  expect([drain(queue), queue.dropped]).toEqual([[125, 160], 4]);
});

test('[SIM-6] beyond its time too: nobody is shown what happened long ago', () => {
  const queue = new PushQueue({ bytesMax: 1000, spanMs: 100 });
  queue.push(picture(0, true));
  queue.push(sound(100));
  expect(queue.push(sound(101))).toBe(false);
  expect([drain(queue), queue.dropped]).toEqual([[], 1]);
});
