import { describe, expect, it } from 'vitest';
import { cardName, cardWords, linkWords } from './account-words.ts';

describe('the words of the account’s page', () => {
  it('[ACC-11] an old link and a wrong one are told apart', () => {
    expect(linkWords('TOKEN_EXPIRED')).toContain('older than an hour');
    expect(linkWords('INVALID_TOKEN')).toContain('isn’t right');
    expect(linkWords('')).toBe(linkWords('INVALID_TOKEN'));
  });
  it('[ACC-12] a card is called by its kind and last digits, one of an unknown kind too', () => {
    expect(cardName({ brand: 'visa', last4: '4242' })).toBe('Visa, ending in 4242');
    expect(cardName({ brand: 'jcb', last4: '0505' })).toBe('Card, ending in 0505');
  });
  it('[ACC-12] each reason has its words, one that nobody knows those of a refusal', () => {
    const reasons = ['card-expired', 'security-code-wrong', 'authentication-failed', 'unheard-of'];
    expect(new Set(reasons.map(cardWords)).size).toBe(reasons.length);
    expect(cardWords(undefined)).toBe(cardWords('unheard-of'));
  });
});
