import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { money } from '../base/money.ts';
import { paymentsContract } from './payments.contract.ts';
import type { Payments } from './payments.ts';
import { stripePayments } from './stripe.ts';

/**
 * A server that speaks the parts of Stripe's protocol that Rialto uses: form-encoded requests, bearer
 * key, idempotency keys with their errors, PaymentIntents, refunds, and errors in Stripe's shape.
 */
type Intent = {
  id: string;
  object: 'payment_intent';
  amount: number;
  currency: string;
  status: string;
  client_secret: string;
  amount_received: number;
  metadata: Record<string, string>;
  last_payment_error: object | null;
  latest_charge: { id: string; object: 'charge'; amount_refunded: number } | null;
};
type Answer = { status: number; body: object };

const secretKey = 'sk_test_of_the_tests';
const webhookSecret = 'whsec_of_the_tests';
const requests: { method: string; path: string; form: URLSearchParams; key: string | undefined }[] =
  [];
const intents = new Map<string, Intent>();
const answers = new Map<string, { request: string; answer: Answer }>();
/** The next requests are cut off after they were carried out: the answer is lost on its way. */
let answersToLose = 0;
let server: Server;
let payments: Payments;

const error = (
  status: number,
  type: string,
  code: string | undefined,
  more: object = {},
): Answer => ({
  status,
  body: {
    error: {
      type,
      ...(code === undefined ? {} : { code }),
      message: `${type} ${code ?? ''}`,
      ...more,
    },
  },
});

const charge = (intent: Intent, card: string): Answer => {
  const declined: Record<string, string> = {
    pm_card_visa_chargeDeclined: 'generic_decline',
    pm_card_visa_chargeDeclinedInsufficientFunds: 'insufficient_funds',
  };
  const declineCode = declined[card];
  if (card === 'pm_card_authenticationRequired') {
    intent.status = 'requires_action';
    return { status: 200, body: intent };
  }
  if (declineCode !== undefined) {
    intent.status = 'requires_payment_method';
    intent.last_payment_error = {
      type: 'card_error',
      code: 'card_declined',
      decline_code: declineCode,
    };
    return error(402, 'card_error', 'card_declined', {
      decline_code: declineCode,
      payment_intent: intent,
    });
  }
  if (card !== 'pm_card_visa')
    return error(400, 'invalid_request_error', 'resource_missing', { param: 'payment_method' });
  Object.assign(intent, {
    status: 'succeeded',
    amount_received: intent.amount,
    latest_charge: { id: `ch_${intent.id}`, object: 'charge', amount_refunded: 0 },
  });
  return { status: 200, body: intent };
};

const answerTo = (method: string, path: string, form: URLSearchParams): Answer => {
  const [, , resource, id, verb] = path.split('?')[0]?.split('/') ?? [];
  if (resource === 'refunds') {
    const intent = intents.get(form.get('payment_intent') ?? '');
    if (!intent) return error(404, 'invalid_request_error', 'resource_missing');
    const amount = Number(form.get('amount'));
    if (!intent.latest_charge)
      return error(400, 'invalid_request_error', undefined, { message: 'no successful charge' });
    if (intent.latest_charge.amount_refunded + amount > intent.amount_received)
      return error(400, 'invalid_request_error', undefined);
    intent.latest_charge.amount_refunded += amount;
    return {
      status: 200,
      body: {
        id: `re_${requests.length}`,
        object: 'refund',
        status: 'succeeded',
        payment_intent: intent.id,
      },
    };
  }
  if (resource !== 'payment_intents') return error(404, 'invalid_request_error', undefined);
  if (method === 'POST' && id === undefined) {
    const number = `pi_${intents.size + 1}`;
    const intent: Intent = {
      id: number,
      object: 'payment_intent',
      amount: Number(form.get('amount')),
      currency: form.get('currency') ?? '',
      status: 'requires_payment_method',
      client_secret: `${number}_secret`,
      amount_received: 0,
      metadata: {
        orderId: form.get('metadata[orderId]') ?? '',
        attempt: form.get('metadata[attempt]') ?? '',
      },
      last_payment_error: null,
      latest_charge: null,
    };
    intents.set(number, intent);
    const card = form.get('payment_method');
    return card === null ? { status: 200, body: intent } : charge(intent, card);
  }
  const intent = intents.get(id ?? '');
  if (!intent) return error(404, 'invalid_request_error', 'resource_missing', { param: 'intent' });
  if (verb === 'cancel') {
    if (intent.status === 'succeeded' || intent.status === 'canceled') {
      return error(400, 'invalid_request_error', 'payment_intent_unexpected_state', {
        payment_intent: intent,
      });
    }
    intent.status = 'canceled';
  }
  return { status: 200, body: intent };
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
};

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const method = request.method ?? 'GET';
    const path = request.url ?? '/';
    const key = request.headers['idempotency-key'] as string | undefined;
    const form = new URLSearchParams(body);
    requests.push({ method, path, form, key });
    const decide = (): Answer => {
      if (request.headers.authorization !== `Bearer ${secretKey}`)
        return error(401, 'authentication_error', undefined);
      const known = key === undefined || method === 'GET' ? undefined : answers.get(key);
      if (known && known.request !== path + body) return error(400, 'idempotency_error', undefined);
      if (known) return known.answer;
      const answer = structuredClone(answerTo(method, path, form));
      if (key !== undefined && method === 'POST')
        answers.set(key, { request: path + body, answer });
      return answer;
    };
    const answer = decide();
    if (answersToLose > 0) {
      answersToLose -= 1;
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  payments = stripeAt(secretKey);
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const stripeAt = (key: string) =>
  stripePayments({
    secretKey: key,
    webhookSecret,
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });

paymentsContract('Stripe’s protocol', () => ({
  payments,
  cards: {
    pays: 'pm_card_visa',
    declined: 'pm_card_visa_chargeDeclined',
    poor: 'pm_card_visa_chargeDeclinedInsufficientFunds',
    action: 'pm_card_authenticationRequired',
  },
}));

const wish = (idempotencyKey: string) => ({
  orderId: 'order7',
  amount: money(4900, 'EUR'),
  description: 'Lagoon vase',
  idempotencyKey,
  methodToken: 'pm_card_visa',
  email: 'ines@example.org',
});
const notice = (type: string, object: object): [Buffer, string] => {
  const payload = JSON.stringify({ id: 'evt_1', object: 'event', type, data: { object } });
  return [
    Buffer.from(payload),
    new Stripe('sk_test').webhooks.generateTestHeaderString({ payload, secret: webhookSecret }),
  ];
};

describe('Stripe alone', () => {
  test('[PAY-2] the request says what Stripe wants to read, with our key', async () => {
    await payments.start(wish('exact'));
    const { path, form, key } =
      requests.findLast((request) => request.key === 'exact') ?? expect.fail('no request');
    expect([path, key]).toEqual(['/v1/payment_intents', 'exact']);
    expect(Object.fromEntries(form)).toEqual({
      amount: '4900',
      currency: 'eur',
      description: 'Lagoon vase',
      'metadata[orderId]': 'order7',
      'metadata[attempt]': 'exact',
      receipt_email: 'ines@example.org',
      'automatic_payment_methods[enabled]': 'true',
      'automatic_payment_methods[allow_redirects]': 'never',
      payment_method: 'pm_card_visa',
      confirm: 'true',
    });
  });

  test('[PAY-2] an answer that was lost on its way charges once', async () => {
    const before = intents.size;
    answersToLose = 1;
    expect(await payments.start(wish('lost'))).toMatchObject({ state: 'paid' });
    expect(intents.size).toBe(before + 1);
  });

  test('[PAY-7] a Stripe that doesn’t answer, or doesn’t know the key, is a fault that names the setting', async () => {
    answersToLose = 3;
    await expect(payments.start(wish('gone'))).rejects.toMatchObject({
      code: 'payment-unavailable',
    });
    expect(answersToLose).toBe(0);
    expect(await payments.start(wish('gone'))).toMatchObject({ state: 'paid' });
    await expect(stripeAt('sk_wrong').start(wish('wrong'))).rejects.toMatchObject({
      code: 'payment-unavailable',
      message: expect.stringContaining('STRIPE_SECRET_KEY'),
    });
  });

  test('[PAY-5] signed notices of payments and refunds are read, others are passed over', () => {
    const intent = {
      id: 'pi_9',
      object: 'payment_intent',
      status: 'succeeded',
      client_secret: 's',
      metadata: { orderId: 'order9', attempt: 'key9' },
    };
    expect(payments.parseWebhook(...notice('payment_intent.succeeded', intent))).toEqual({
      kind: 'payment',
      eventId: 'evt_1',
      orderId: 'order9',
      attempt: 'key9',
      payment: { state: 'paid', paymentId: 'pi_9' },
    });
    // One that was begun before attempts were named.
    const unnamed = { ...intent, metadata: { orderId: 'order9' } };
    expect(payments.parseWebhook(...notice('payment_intent.succeeded', unnamed))).toMatchObject({
      attempt: null,
    });
    const failed = {
      ...intent,
      status: 'requires_payment_method',
      last_payment_error: { code: 'expired_card' },
    };
    expect(payments.parseWebhook(...notice('payment_intent.payment_failed', failed))).toMatchObject(
      {
        payment: { state: 'declined', reason: 'card-expired' },
      },
    );
    expect(
      payments.parseWebhook(
        ...notice('refund.updated', { id: 're_1', payment_intent: 'pi_9', status: 'succeeded' }),
      ),
    ).toEqual({
      kind: 'refund',
      eventId: 'evt_1',
      paymentId: 'pi_9',
      refund: { state: 'refunded', refundId: 're_1' },
    });
    expect(
      payments.parseWebhook(...notice('payment_intent.succeeded', { ...intent, metadata: {} })),
    ).toEqual({ kind: 'other', eventId: 'evt_1' });
    expect(payments.parseWebhook(...notice('customer.created', {}))).toEqual({
      kind: 'other',
      eventId: 'evt_1',
    });
  });

  test('[PAY-5] a notice changed on its way, or an old one, is nobody’s', () => {
    const [body, signature] = notice('customer.created', {});
    expect(payments.parseWebhook(Buffer.concat([body, Buffer.from(' ')]), signature)).toBeNull();
    const payload = body.toString();
    const old = new Stripe('sk_test').webhooks.generateTestHeaderString({
      payload,
      secret: webhookSecret,
      timestamp: 1_700_000_000,
    });
    expect(payments.parseWebhook(body, old)).toBeNull();
  });
});
