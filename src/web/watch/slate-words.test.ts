// What the crowd reads while the picture is away.

import { expect, test } from 'vitest';
import { slateWords } from './slate-words.ts';

test('[HEA-4] who is coming back while they are waited for, and that the sale goes on afterwards', () => {
  expect(slateWords(true, 'Mina').title).toBe('One moment: Mina is coming back');
  expect(slateWords(true, 'Mina').detail).toContain('Open lots wait');
  expect(slateWords(false, 'Mina').title).toContain('the sale goes on');
  expect(slateWords(false, 'Mina').detail).toContain('Mina may still come back');
});
