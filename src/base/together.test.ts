import { expect, it } from 'vitest';
import { together } from './together.ts';

it('starts at once and gives what came of it, in order', async () => {
  const slow = Promise.withResolvers<string>();
  const both = together(
    () => slow.promise,
    async () => {
      slow.resolve('slow');
      return 2;
    },
  );
  expect(await both).toEqual(['slow', 2]);
});

it('after a failure the others hear of it, are waited for, and the first failure is told', async () => {
  const seen: string[] = [];
  const failing = together(
    async () => {
      throw new Error('first');
    },
    (signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          seen.push('stopped');
          reject(new Error('second'));
        });
      }),
    async () => {
      await Promise.resolve();
      seen.push('started');
    },
  );
  await expect(failing).rejects.toThrow('first');
  expect(seen.sort()).toEqual(['started', 'stopped']);
});
