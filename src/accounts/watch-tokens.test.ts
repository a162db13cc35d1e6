import { describe, expect, it } from 'vitest';
import { limits } from '../base/limits.ts';
import { VirtualClock } from '../base/virtual-time.ts';
import { watchTokens } from './watch-tokens.ts';

const secret = 'a secret of at least thirty-two characters';
const open = () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 27));
  return { clock, tokens: watchTokens({ secret, clock }) };
};

describe('[TKT-10] a watch token', () => {
  it('names its person for its show, and for no other', () => {
    const { tokens } = open();
    const { token } = tokens.make('ines', 'kiln');
    expect(tokens.personOf(token, 'kiln')).toBe('ines');
    expect(tokens.personOf(token, 'rings')).toBeNull();
  });

  it('is over when its time is', async () => {
    const { clock, tokens } = open();
    const { token, expiresAtMs } = tokens.make('ines', 'kiln');
    expect(expiresAtMs).toBe(clock.nowMs() + limits.watchTokenMs);
    await clock.runUntil(expiresAtMs - 1);
    expect(tokens.personOf(token, 'kiln')).toBe('ines');
    await clock.runUntil(expiresAtMs);
    expect(tokens.personOf(token, 'kiln')).toBeNull();
  });

  it('opens with the secret that sealed it, as it was sealed', () => {
    const { clock, tokens } = open();
    const { token } = tokens.make('ines', 'kiln');
    expect(watchTokens({ secret: `${secret}!`, clock }).personOf(token, 'kiln')).toBeNull();
    const changed = `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`;
    for (const wrong of ['', 'Bearer', changed, `${token}x`, token.slice(0, -2), token.repeat(8)])
      expect(tokens.personOf(wrong, 'kiln')).toBeNull();
  });
});
