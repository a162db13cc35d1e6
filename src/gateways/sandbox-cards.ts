// The sandbox's cards on file: test cards are kept or declined as the real service would, one asks for a step at the
// bank, and the same number has the same fingerprint. A setup's id carries how it began, the journal what came of it.

import { createHash } from 'node:crypto';
import type { CardSetup, Cards, DeclineReason, KeptCard } from './cards.ts';
import type { SandboxEntry, SandboxJournal } from './sandbox-journal.ts';
import { testCards } from './test-cards.ts';

export interface SandboxCards extends Cards {
  /** Does what a person does at the bank's page; null for a setup that waits for nothing. */
  confirmCard(setupId: string, approve: boolean): CardSetup | null;
}

const firstOf = (text: string, length: number): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, length);

const brandOf = (digits: string): string =>
  digits.startsWith('4') ? 'visa' : digits.startsWith('5') ? 'mastercard' : 'card';

/** `sbxsetup.4242.visa.<fingerprint>.<what came of the number>.<key>` */
const idOf = (digits: string, key: string): string =>
  [
    'sbxsetup',
    digits.slice(-4) || 'none',
    brandOf(digits),
    firstOf(`card ${digits}`, 22),
    testCards.get(digits) ?? 'card-number-invalid',
    firstOf(key, 22),
  ].join('.');

type Begun = { readonly card: KeptCard; readonly outcome: string };

const readId = (setupId: string): Begun | null => {
  const [kind, last4, brand, fingerprint, outcome, key] = setupId.split('.');
  if (kind !== 'sbxsetup' || !last4 || !brand || !fingerprint || !outcome || !key) return null;
  return {
    card: { methodId: `sbxcard_${fingerprint}_${key}`, fingerprint, brand, last4 },
    outcome,
  };
};

export const sandboxCards = (journal: SandboxJournal): SandboxCards => {
  const outcomes = new Map<string, 'kept' | 'declined'>();
  const note = (entry: SandboxEntry): void => {
    if (entry.kind === 'card') outcomes.set(entry.setupId, entry.outcome);
  };
  for (const entry of journal.entries) note(entry);

  const standing = (setupId: string, returnUrl = ''): CardSetup | null => {
    const begun = readId(setupId);
    if (!begun) return null;
    const { card, outcome } = begun;
    if (outcome === 'pays') return { state: 'kept', setupId, card };
    if (outcome !== 'needs-action')
      return { state: 'declined', setupId, reason: outcome as DeclineReason };
    switch (outcomes.get(setupId)) {
      case 'kept':
        return { state: 'kept', setupId, card };
      case 'declined':
        return { state: 'declined', setupId, reason: 'authentication-failed' };
      default:
        // The sandbox's bank is a part of the page that the person came from.
        return { state: 'needs-action', setupId, url: returnUrl };
    }
  };

  return {
    customer: async (personId) => `sbxcustomer_${firstOf(personId, 22)}`,
    async keep({ methodToken, idempotencyKey, personId, returnUrl }) {
      const digits = (methodToken ?? '').replace(/[\s-]/g, '');
      return standing(idOf(digits, `${personId} ${idempotencyKey}`), returnUrl)!;
    },
    setup: async (setupId) => standing(setupId),
    async forget() {},
    confirmCard(setupId, approve) {
      if (standing(setupId)?.state !== 'needs-action') return null;
      const entry = { kind: 'card', setupId, outcome: approve ? 'kept' : 'declined' } as const;
      journal.write(entry);
      note(entry);
      return standing(setupId);
    },
  };
};
