// Cards on file against a server that speaks the parts of Stripe's protocol that they use: customers, SetupIntents,
// Checkout in its mode `setup`, payment methods.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cardsContract } from './cards.contract.ts';
import type { Cards } from './cards.ts';
import { stripePayments } from './stripe.ts';

type Answer = { status: number; body: object };
const methods: Readonly<Record<string, { fingerprint: string; last4: string }>> = {
  pm_card_visa: { fingerprint: 'fp_4242', last4: '4242' },
  pm_card_visa_again: { fingerprint: 'fp_4242', last4: '4242' },
  pm_card_visa_debit: { fingerprint: 'fp_5556', last4: '5556' },
};
const made = new Map<string, object>();
const answers = new Map<string, Answer>();
const detached = new Set<string>();
const requests: { path: string; form: URLSearchParams; key: string | undefined }[] = [];
let isPageDone = false;
let server: Server;
let cards: Cards;

const failed = (status: number, type: string, code: string, more: object = {}): Answer => ({
  status,
  body: { error: { type, code, message: code, ...more } },
});
const ok = (body: object): Answer => ({ status: 200, body });

const methodOf = (id: string) => ({
  id,
  object: 'payment_method',
  type: 'card',
  card: { brand: 'visa', ...methods[id] },
});

const setupIntent = (form: URLSearchParams): Answer => {
  const id = `seti_${made.size + 1}`;
  const token = form.get('payment_method') ?? '';
  const intent = { id, object: 'setup_intent', payment_method: token, last_setup_error: null };
  if (token === 'pm_card_visa_chargeDeclined')
    return failed(402, 'card_error', 'card_declined', {
      decline_code: 'generic_decline',
      setup_intent: { ...intent, status: 'requires_payment_method' },
    });
  const url = `https://hooks.stripe.example/${id}`;
  const set =
    token === 'pm_card_authenticationRequired'
      ? {
          ...intent,
          status: 'requires_action',
          next_action: { type: 'redirect_to_url', redirect_to_url: { url } },
        }
      : { ...intent, status: 'succeeded', next_action: null };
  made.set(id, set);
  return ok(set);
};

const answerTo = (method: string, path: string, form: URLSearchParams): Answer => {
  const [resource, id, verb] = path.split('?')[0]!.replace('/v1/', '').split('/');
  if (resource === 'customers') return ok({ id: 'cus_1', object: 'customer' });
  if (resource === 'payment_methods' && verb === 'detach') {
    if (detached.has(id!)) return failed(400, 'invalid_request_error', 'resource_missing');
    detached.add(id!);
    return ok(methodOf(id!));
  }
  if (resource === 'payment_methods') return ok(methodOf(id!));
  if (resource === 'checkout') {
    const session = { id: 'cs_1', object: 'checkout.session', setup_intent: null as unknown };
    if (method === 'POST' || !isPageDone)
      return ok({ ...session, status: 'open', url: 'https://checkout.stripe.example/cs_1' });
    const intent = { id: 'seti_page', object: 'setup_intent', status: 'succeeded' };
    made.set('seti_page', { ...intent, payment_method: 'pm_card_visa', last_setup_error: null });
    return ok({ ...session, status: 'complete', url: null, setup_intent: 'seti_page' });
  }
  if (resource !== 'setup_intents') return failed(404, 'invalid_request_error', 'unknown');
  if (method === 'POST') return setupIntent(form);
  const known = made.get(id ?? '');
  return known ? ok(known) : failed(404, 'invalid_request_error', 'resource_missing');
};

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const key = request.headers['idempotency-key'] as string | undefined;
    const form = new URLSearchParams(body);
    const path = request.url ?? '/';
    requests.push({ path, form, key });
    const answer =
      (key === undefined ? undefined : answers.get(key)) ??
      answerTo(request.method ?? 'GET', path, form);
    if (key !== undefined) answers.set(key, answer);
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  cards = stripePayments({ secretKey: 'sk_test', webhookSecret: 'whsec', apiUrl }).cards;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

cardsContract('Stripe’s protocol of cards', () => ({
  cards,
  tokens: {
    pays: 'pm_card_visa',
    twin: 'pm_card_visa_again',
    other: 'pm_card_visa_debit',
    declined: 'pm_card_visa_chargeDeclined',
    action: 'pm_card_authenticationRequired',
  },
}));

const wish = {
  personId: 'ines',
  customerId: 'cus_1',
  idempotencyKey: 'exact',
  returnUrl: 'https://shop.example/card',
};

describe('Stripe’s cards alone', () => {
  test('[PAY-8] the request says what Stripe wants to read, with our key', async () => {
    await cards.keep({ ...wish, methodToken: 'pm_card_visa' });
    const { path, form } = requests.findLast(({ key }) => key === 'exact') ?? expect.fail('none');
    expect(path).toBe('/v1/setup_intents');
    expect(Object.fromEntries(form)).toEqual({
      customer: 'cus_1',
      payment_method: 'pm_card_visa',
      'allowed_payment_method_types[0]': 'card',
      usage: 'on_session',
      confirm: 'true',
      return_url: 'https://shop.example/card',
      'metadata[personId]': 'ines',
    });
  });
  test('[PAY-8] without a token the card is given at Stripe’s own page, and read when it is done', async () => {
    const begun = await cards.keep({ ...wish, idempotencyKey: 'page' });
    expect(begun).toEqual({
      state: 'needs-action',
      setupId: 'cs_1',
      url: 'https://checkout.stripe.example/cs_1',
    });
    expect(await cards.setup('cs_1')).toMatchObject({ state: 'needs-action' });
    isPageDone = true;
    expect(await cards.setup('cs_1')).toEqual({
      state: 'kept',
      setupId: 'cs_1',
      card: { methodId: 'pm_card_visa', fingerprint: 'fp_4242', brand: 'visa', last4: '4242' },
    });
  });
});
