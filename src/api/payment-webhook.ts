// What the payment provider tells by itself: a payment that went through after the buyer confirmed it,
// or one that failed. The raw body is checked against the signature before anything is read.

import type { FastifyInstance } from 'fastify';
import { type CommandId, type OrderId, orderStream } from '../base/brand.ts';
import { system } from '../domain/decider.ts';
import type { OrderCommand } from '../domain/order/order.ts';
import type { Engine } from '../engine/contract.ts';
import type { PaymentNotice, Payments } from '../gateways/payments.ts';
import { commandIdFor } from './command-door.ts';
import { ProblemError } from './problem-reply.ts';

export type PaymentWebhookOptions = { readonly engine: Engine; readonly payments: Payments };

export const paymentWebhook = (options: PaymentWebhookOptions) => async (app: FastifyInstance) => {
  const { engine, payments } = options;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.post(
    '/api/webhooks/payments',
    { schema: { summary: 'The payment provider’s notices' } },
    async (request) => {
      const signature = request.headers['stripe-signature'];
      const body = request.body;
      const notice =
        typeof signature === 'string' && Buffer.isBuffer(body)
          ? payments.parseWebhook(body, signature)
          : null;
      if (notice === null)
        throw new ProblemError('request-invalid', {
          errors: [{ field: 'stripe-signature', message: 'not valid' }],
        });
      const command = commandOf(notice);
      if (notice.kind === 'payment' && command !== null) {
        // The same notice twice has the same command id; a refusal (another try, unknown) is the end of it.
        await engine.send(orderStream(notice.orderId as OrderId), command, {
          commandId: commandIdFor('system', 'notice', notice.eventId) as CommandId,
          by: system,
        });
      }
      return { received: true };
    },
  );
};

const commandOf = (notice: PaymentNotice): OrderCommand | null => {
  if (notice.kind !== 'payment') return null;
  const { payment } = notice;
  switch (payment.state) {
    case 'paid':
      return { kind: 'RecordPayment', paymentId: payment.paymentId, provider: 'stripe' };
    case 'declined':
      // Which try failed must be known, or a late notice would end the one after it.
      return notice.attempt === null
        ? null
        : { kind: 'RecordDecline', attempt: notice.attempt, reason: payment.reason };
    default:
      return null;
  }
};
