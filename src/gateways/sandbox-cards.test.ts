import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cardsContract } from './cards.contract.ts';
import { sandboxCards } from './sandbox-cards.ts';
import { fileJournal, noJournal } from './sandbox-journal.ts';

const cards = sandboxCards(noJournal());
cardsContract('the sandbox of cards', () => ({
  cards,
  tokens: {
    pays: '4242424242424242',
    twin: '4242 4242 4242 4242',
    other: '5555555555554444',
    declined: '4000000000000002',
    action: '4000002760003184',
  },
}));

const wish = (methodToken: string, idempotencyKey = 'k') => ({
  personId: 'ines',
  customerId: 'c',
  methodToken,
  idempotencyKey,
  returnUrl: 'https://shop.example/card',
});

describe('the sandbox of cards alone', () => {
  test('[PAY-8] the bank’s word is final, and stands in the journal after a restart', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'rialto-cards-')), 'journal.jsonl');
    const before = sandboxCards(fileJournal(path));
    const yes = await before.keep(wish('4000002760003184', 'yes'));
    const no = await before.keep(wish('4000002760003184', 'no'));
    expect(before.confirmCard(yes.setupId, true)).toMatchObject({ state: 'kept' });
    expect(before.confirmCard(no.setupId, false)).toMatchObject({ state: 'declined' });
    expect(before.confirmCard(yes.setupId, false)).toBeNull();
    expect(before.confirmCard('unknown', true)).toBeNull();
    const after = sandboxCards(fileJournal(path));
    expect(await after.setup(yes.setupId)).toMatchObject({
      state: 'kept',
      card: { last4: '3184' },
    });
    expect(await after.setup(no.setupId)).toMatchObject({
      state: 'declined',
      reason: 'authentication-failed',
    });
  });
  test('[PAY-8] a number that is no test card is turned away and stands nowhere', async () => {
    const real = await cards.keep(wish('4111111111111111'));
    expect(real).toMatchObject({ state: 'declined', reason: 'card-number-invalid' });
    expect(real.setupId).not.toContain('411111');
  });
});
