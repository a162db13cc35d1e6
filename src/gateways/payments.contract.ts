// What every payment gateway must do, whoever is behind it: the sandbox passes this and Stripe's
// protocol passes it, so an order can't tell them apart.

import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { money } from '../base/money.ts';
import type { Payments } from './payments.ts';

export type PaymentsUnderTest = {
  readonly payments: Payments;
  /** Tokens of cards that behave so. */
  readonly cards: { pays: string; declined: string; poor: string; action: string };
};

const newKey = () => randomUUID();

export const paymentsContract = (name: string, under: () => PaymentsUnderTest): void => {
  const start = (methodToken: string | undefined, idempotencyKey = newKey(), minor = 4900) =>
    under().payments.start({
      orderId: 'order1',
      amount: money(minor, 'EUR'),
      description: 'Lagoon vase',
      idempotencyKey,
      ...(methodToken === undefined ? {} : { methodToken }),
    });
  const refund = (paymentId: string, minor: number, idempotencyKey = newKey()) =>
    under().payments.refund({ paymentId, amount: money(minor, 'EUR'), idempotencyKey });

  describe(name, () => {
    test('[PAY-1] a good card pays, and the payment can be found', async () => {
      const payment = await start(under().cards.pays);
      expect(payment).toEqual({ state: 'paid', paymentId: expect.any(String) });
      expect(await under().payments.find(payment.paymentId)).toEqual(payment);
      expect(await under().payments.find('unknown')).toBeNull();
    });

    test('[PAY-1] a decline is an answer with its reason', async () => {
      expect(await start(under().cards.declined)).toMatchObject({
        state: 'declined',
        reason: 'card-declined',
      });
      expect(await start(under().cards.poor)).toMatchObject({
        state: 'declined',
        reason: 'insufficient-funds',
      });
    });

    test('[PAY-1] a card that wants a step more, or none at all, waits for the buyer', async () => {
      expect(await start(under().cards.action)).toMatchObject({
        state: 'needs-action',
        clientSecret: expect.any(String),
      });
      expect(await start(undefined)).toMatchObject({
        state: 'needs-action',
        clientSecret: expect.any(String),
      });
    });

    test('[PAY-2] the same key pays once, also when it is asked twice at once', async () => {
      const key = newKey();
      const [a, b] = await Promise.all([
        start(under().cards.pays, key),
        start(under().cards.pays, key),
      ]);
      expect(a).toEqual(b);
      expect(await start(under().cards.pays, key)).toEqual(a);
      expect((await start(under().cards.pays)).paymentId).not.toBe(a?.paymentId);
      const declined = newKey();
      expect(await start(under().cards.declined, declined)).toEqual(
        await start(under().cards.declined, declined),
      );
    });

    test('[PAY-2] the same key for another wish is a bug', async () => {
      const key = newKey();
      await start(under().cards.pays, key);
      await expect(start(under().cards.pays, key, 9900)).rejects.toMatchObject({ code: 'bug' });
    });

    test('[PAY-3] refunds in parts, never more than was paid, once for a key', async () => {
      const { paymentId } = await start(under().cards.pays);
      const key = newKey();
      const first = await refund(paymentId, 3000, key);
      expect(first).toMatchObject({ state: 'refunded' });
      expect(await refund(paymentId, 3000, key)).toEqual(first);
      expect(await refund(paymentId, 2000)).toEqual({ state: 'refused', reason: 'more-than-paid' });
      expect(await refund(paymentId, 1900)).toMatchObject({ state: 'refunded' });
      expect(await refund(paymentId, 1)).toEqual({ state: 'refused', reason: 'more-than-paid' });
    });

    test('[PAY-3] what wasn’t paid or isn’t known can’t be refunded', async () => {
      const waiting = await start(under().cards.action);
      expect(await refund(waiting.paymentId, 100)).toEqual({
        state: 'refused',
        reason: 'not-paid',
      });
      expect(await refund('unknown', 100)).toEqual({ state: 'refused', reason: 'payment-unknown' });
    });

    test('[PAY-4] a payment that waits can be given up; one that is paid says so', async () => {
      const waiting = await start(under().cards.action);
      expect(await under().payments.cancel(waiting.paymentId)).toBe('cancelled');
      expect(await under().payments.cancel(waiting.paymentId)).toBe('cancelled');
      expect(await under().payments.find(waiting.paymentId)).toMatchObject({ state: 'declined' });
      const paid = await start(under().cards.pays);
      expect(await under().payments.cancel(paid.paymentId)).toBe('paid');
      expect(await under().payments.cancel('unknown')).toBe('unknown');
    });

    test('[PAY-5] a notice without the provider’s signature is nobody’s', () => {
      const body = Buffer.from('{"id":"evt_1","type":"payment_intent.succeeded"}');
      for (const signature of [
        '',
        'x',
        't=1,v1=abc',
        `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}`,
      ]) {
        expect(under().payments.parseWebhook(body, signature)).toBeNull();
      }
    });
  });
};
