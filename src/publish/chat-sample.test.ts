import { describe, expect, it } from 'vitest';
import { limits } from '../base/limits.ts';
import type { ChatLine } from '../protocol/room.ts';
import { ChatSample } from './chat-sample.ts';

const line = (text: string, role: ChatLine['role'] = 'shopper'): ChatLine => ({
  seq: 1,
  atMs: 0,
  messageId: 'm',
  personId: 'p',
  name: 'p',
  text,
  role,
  replyTo: null,
  first: false,
});
const perSecond = limits.chatShownPerSecond;

/** How many of the lines are shown that come evenly over so many seconds. */
const shownOf = (
  sample: ChatSample,
  lines: number,
  seconds: number,
  one = line('noise'),
  fromMs = 0,
): number => {
  let shown = 0;
  for (let index = 0; index < lines; index += 1) {
    if (sample.shows(one, fromMs + Math.floor((index * seconds * 1000) / lines))) shown += 1;
  }
  return shown;
};

describe('what a viewer reads', () => {
  it('[PUB-10] is everything up to the rate, for as long as it lasts', () => {
    expect(shownOf(new ChatSample(), perSecond * 20, 20)).toBe(perSecond * 20);
  });

  it('[PUB-10] is the rate when ten times as much is written', () => {
    const shown = shownOf(new ChatSample(), perSecond * 10 * 20, 20) / 20;
    expect(shown).toBeGreaterThan(perSecond * 0.9);
    expect(shown).toBeLessThan(perSecond * 1.2);
  });

  it('[PUB-10] has questions when noise is left out, and the crew whatever it costs', () => {
    const sample = new ChatSample();
    shownOf(sample, perSecond * 3, 1);
    expect(sample.shows(line('noise'), 1_000)).toBe(false);
    expect(sample.shows(line('where from?'), 1_000)).toBe(true);
    expect(shownOf(sample, perSecond * 9, 0, line('really?'), 1_000)).toBeLessThanOrEqual(
      perSecond / 2,
    );
    expect(shownOf(sample, perSecond * 4, 0, line('hello', 'moderator'), 1_000)).toBe(
      perSecond * 4,
    );
    // The crew's flood doesn't silence the room for long.
    expect(shownOf(sample, perSecond * 2, 2, line('noise'), 3_100)).toBeGreaterThan(0);
  });
});
