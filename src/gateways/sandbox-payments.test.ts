import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { money } from '../base/money.ts';
import { paymentsContract } from './payments.contract.ts';
import { fileJournal } from './sandbox-journal.ts';
import { sandboxPayments } from './sandbox-payments.ts';
import { testCards } from './test-cards.ts';

const payments = sandboxPayments();
paymentsContract('the sandbox', () => ({
  payments,
  cards: {
    pays: '4242 4242 4242 4242',
    declined: '4000000000000002',
    poor: '4000000000009995',
    action: '4000002760003184',
  },
}));

const start = (methodToken: string, key: string, on = payments) =>
  on.start({
    orderId: 'order1',
    amount: money(4900, 'EUR'),
    description: 'Vase',
    idempotencyKey: key,
    methodToken,
  });

describe('the sandbox alone', () => {
  test('[PAY-6] says that it is one', () => {
    expect(payments.sandbox).toBe(true);
  });

  test('[PAY-6] a number that is no test card is turned away, as it may be somebody’s', async () => {
    for (const [index, card] of ['4111111111111111', 'hello', '', 'pm_card_visa'].entries()) {
      expect(await start(card, `real-${index}`)).toMatchObject({
        state: 'declined',
        reason: 'card-number-invalid',
      });
    }
    expect(testCards.get('4242424242424242')).toBe('pays');
  });

  test('[PAY-2] a restart answers the same key the same, and still refunds', async () => {
    const paid = await start('4242424242424242', 'over-restart');
    const restarted = sandboxPayments();
    expect(await start('4242424242424242', 'over-restart', restarted)).toEqual(paid);
    const other = sandboxPayments();
    expect(await other.find(paid.paymentId)).toEqual(paid);
    expect(
      await other.refund({
        paymentId: paid.paymentId,
        amount: money(4900, 'EUR'),
        idempotencyKey: 'r',
      }),
    ).toMatchObject({ state: 'refunded' });
  });

  test('[PAY-3] a restart remembers what was refunded, given up and confirmed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rialto-sandbox-'));
    const file = join(folder, 'made/payments.jsonl');
    const open = () => sandboxPayments(fileJournal(file));
    const before = open();
    const { paymentId } = await start('4242424242424242', 'refunds', before);
    const back = (on: typeof before, idempotencyKey: string, minor: number) =>
      on.refund({ paymentId, amount: money(minor, 'EUR'), idempotencyKey });
    const first = await back(before, 'r1', 3000);
    const [given, confirmed] = [
      await start('4000002760003184', 'given-up', before),
      await start('4000002760003184', 'confirmed', before),
    ];
    await before.cancel(given.paymentId);
    before.confirm(confirmed.paymentId, true);
    // The process ended in the middle of a line.
    await appendFile(file, '{"kind":"refund","key":"r');

    const after = open();
    expect(await back(after, 'r2', 2000)).toEqual({ state: 'refused', reason: 'more-than-paid' });
    expect(await back(after, 'r1', 3000)).toEqual(first);
    await expect(back(after, 'r1', 1000)).rejects.toMatchObject({ code: 'bug' });
    expect(await back(after, 'r3', 1900)).toMatchObject({ state: 'refunded' });
    expect(await after.find(given.paymentId)).toMatchObject({ state: 'declined' });
    expect(await after.find(confirmed.paymentId)).toMatchObject({ state: 'paid' });
    expect(await back(open(), 'r4', 1)).toEqual({ state: 'refused', reason: 'more-than-paid' });
    await rm(folder, { recursive: true });
  });

  test('[PAY-5] the buyer’s step at the bank comes back as a signed notice', async () => {
    const waiting = await start('4000002760003184', 'step');
    const notice = payments.confirm(waiting.paymentId, true);
    expect(
      payments.parseWebhook(notice?.rawBody ?? Buffer.from(''), notice?.signature ?? ''),
    ).toEqual({
      kind: 'payment',
      eventId: expect.any(String),
      orderId: 'order1',
      attempt: 'step',
      payment: { state: 'paid', paymentId: waiting.paymentId },
    });
    expect(await payments.find(waiting.paymentId)).toMatchObject({ state: 'paid' });
    expect(payments.confirm(waiting.paymentId, true)).toBeNull();
    expect(
      sandboxPayments().parseWebhook(notice?.rawBody ?? Buffer.from(''), notice?.signature ?? ''),
    ).toBeNull();
  });
});
