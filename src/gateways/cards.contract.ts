// What every gateway must do to keep cards on file: the sandbox passes this and Stripe's protocol passes it.

import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Cards } from './cards.ts';

export type CardsUnderTest = {
  readonly cards: Cards;
  /** Tokens of cards that behave so; `twin` is the same card as `pays` by another token, where there is one. */
  readonly tokens: { pays: string; twin: string; other: string; declined: string; action: string };
};

export const cardsContract = (name: string, under: () => CardsUnderTest): void => {
  const keep = async (methodToken: string, idempotencyKey: string = randomUUID()) => {
    const { cards } = under();
    const customerId = await cards.customer('ines');
    const returnUrl = 'https://shop.example/card';
    return cards.keep({ personId: 'ines', customerId, methodToken, idempotencyKey, returnUrl });
  };

  describe(name, () => {
    test('[PAY-8] a good card is kept, and its setup can be found', async () => {
      const kept = await keep(under().tokens.pays);
      expect(kept).toEqual({
        state: 'kept',
        setupId: expect.any(String),
        card: {
          methodId: expect.any(String),
          fingerprint: expect.any(String),
          brand: 'visa',
          last4: expect.stringMatching(/^\d{4}$/),
        },
      });
      expect(await under().cards.setup(kept.setupId)).toEqual(kept);
      expect(await under().cards.setup('unknown')).toBeNull();
    });
    test('[PAY-8] the same card has the same fingerprint however it comes, another one another', async () => {
      const { pays, twin, other } = under().tokens;
      const [a, b, c] = [await keep(pays), await keep(twin), await keep(other)];
      if (a.state !== 'kept' || b.state !== 'kept' || c.state !== 'kept')
        throw new Error('not kept');
      expect(b.card.fingerprint).toBe(a.card.fingerprint);
      expect(c.card.fingerprint).not.toBe(a.card.fingerprint);
    });
    test('[PAY-8] a decline is an answer; a card that wants its bank waits at a page', async () => {
      expect(await keep(under().tokens.declined)).toMatchObject({
        state: 'declined',
        reason: 'card-declined',
      });
      const waiting = await keep(under().tokens.action);
      expect(waiting).toMatchObject({
        state: 'needs-action',
        url: expect.stringMatching(/^https:/),
      });
      expect(await under().cards.setup(waiting.setupId)).toMatchObject({ state: 'needs-action' });
    });
    test('[PAY-8] the same key keeps once', async () => {
      const key = randomUUID();
      expect(await keep(under().tokens.pays, key)).toEqual(await keep(under().tokens.pays, key));
    });
    test('[PAY-8] a card is forgotten, twice too', async () => {
      const kept = await keep(under().tokens.pays);
      if (kept.state !== 'kept') throw new Error('not kept');
      await under().cards.forget(kept.card.methodId);
      await under().cards.forget(kept.card.methodId);
    });
  });
};
