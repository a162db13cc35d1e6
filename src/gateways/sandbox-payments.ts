// The payment service that ships as the default: no money moves, and it says so everywhere. It answers
// like the real one, by the well-known test cards: pays, declines, asks for a step more, refunds, and is
// asked twice with one key as if once. A payment's id carries how it began, a journal what came of it, so that
// a restart loses nothing.

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { assert } from '../base/assert.ts';
import { type Money, money } from '../base/money.ts';
import type { DeclineReason } from './cards.ts';
import type { Payment, PaymentNotice, Payments, Refund, StartPayment } from './payments.ts';
import { type SandboxCards, sandboxCards } from './sandbox-cards.ts';
import { noJournal, type SandboxEntry, type SandboxJournal } from './sandbox-journal.ts';
import { testCards } from './test-cards.ts';

export interface SandboxPayments extends Payments {
  readonly cards: SandboxCards;
  /**
   * Does what a buyer does at the bank's page. Answers the notice that the real service would send, to
   * be given to `parseWebhook`; null for a payment that waits for nothing.
   */
  confirm(paymentId: string, approve: boolean): { rawBody: Uint8Array; signature: string } | null;
}

const keysMax = 100_000;

/** Without a journal in a file, what came of payments and refunds is forgotten with the process. */
export const sandboxPayments = (journal: SandboxJournal = noJournal()): SandboxPayments => {
  const secret = randomBytes(32);
  const answers = new Map<string, { wish: string; answer: unknown }>();
  const outcomes = new Map<string, Payment | 'cancelled'>();
  const refundedMinor = new Map<string, number>();

  const note = (entry: SandboxEntry): void => {
    if (entry.kind === 'outcome') {
      const { paymentId, outcome } = entry;
      outcomes.set(paymentId, outcome === 'cancelled' ? outcome : outcomeOf(paymentId, outcome));
      return;
    }
    if (entry.kind === 'card') return;
    const { paymentId, minor } = entry;
    refundedMinor.set(paymentId, (refundedMinor.get(paymentId) ?? 0) + minor);
  };
  for (const entry of journal.entries) {
    note(entry);
    if (entry.kind !== 'refund') continue;
    const answer: Refund = { state: 'refunded', refundId: entry.refundId };
    answers.set(`refund ${entry.key}`, { wish: entry.wish, answer });
  }
  const write = (entry: SandboxEntry): void => {
    journal.write(entry);
    note(entry);
  };

  const once = <T>(key: string, wish: string, decide: () => T): T => {
    const known = answers.get(key);
    assert(
      known === undefined || known.wish === wish,
      `the key ${key} was used for another payment`,
    );
    if (known) return known.answer as T;
    const answer = decide();
    answers.set(key, { wish, answer });
    if (answers.size > keysMax) answers.delete(answers.keys().next().value as string);
    return answer;
  };

  const sign = (body: Uint8Array): string =>
    createHmac('sha256', secret).update(body).digest('hex');

  const stateOf = (paymentId: string): Payment | 'cancelled' | null => {
    const begun = readId(paymentId);
    return outcomes.get(paymentId) ?? (begun ? begun.payment : null);
  };

  return {
    sandbox: true,
    cards: sandboxCards(journal),
    async start(wish) {
      assert(wish.amount.minor > 0, 'a payment is of more than nothing');
      const text = JSON.stringify([wish.orderId, wish.amount, wish.methodToken ?? null]);
      return once(`start ${wish.idempotencyKey}`, text, () => readOrBug(makeId(wish)));
    },
    async find(paymentId) {
      const state = stateOf(paymentId);
      return state === 'cancelled'
        ? { state: 'declined', paymentId, reason: 'card-declined' }
        : state;
    },
    async cancel(paymentId) {
      const state = stateOf(paymentId);
      if (state === null) return 'unknown';
      if (state !== 'cancelled' && state.state === 'paid') return 'paid';
      write({ kind: 'outcome', paymentId, outcome: 'cancelled' });
      return 'cancelled';
    },
    async refund(wish) {
      const text = JSON.stringify([wish.paymentId, wish.amount]);
      return once(`refund ${wish.idempotencyKey}`, text, (): Refund => {
        const begun = readId(wish.paymentId);
        const state = stateOf(wish.paymentId);
        if (!begun || state === null) return { state: 'refused', reason: 'payment-unknown' };
        if (state === 'cancelled' || state.state !== 'paid')
          return { state: 'refused', reason: 'not-paid' };
        const soFar = refundedMinor.get(wish.paymentId) ?? 0;
        if (
          wish.amount.currency !== begun.amount.currency ||
          soFar + wish.amount.minor > begun.amount.minor
        ) {
          return { state: 'refused', reason: 'more-than-paid' };
        }
        const refundId = `sandbox_refund_${digest(wish.idempotencyKey)}`;
        write({
          kind: 'refund',
          key: wish.idempotencyKey,
          wish: text,
          paymentId: wish.paymentId,
          minor: wish.amount.minor,
          refundId,
        });
        return { state: 'refunded', refundId };
      });
    },
    confirm(paymentId, approve) {
      const begun = readId(paymentId);
      const state = stateOf(paymentId);
      if (!begun || state === null || state === 'cancelled' || state.state !== 'needs-action')
        return null;
      const outcome = approve ? 'paid' : 'declined';
      const payment = outcomeOf(paymentId, outcome);
      write({ kind: 'outcome', paymentId, outcome });
      const notice: PaymentNotice = {
        kind: 'payment',
        eventId: `sandbox_event_${digest(paymentId)}`,
        orderId: begun.orderId,
        attempt: begun.key,
        payment,
      };
      const rawBody = Buffer.from(JSON.stringify(notice));
      return { rawBody, signature: sign(rawBody) };
    },
    parseWebhook(rawBody, signature) {
      const expected = Buffer.from(sign(rawBody));
      const given = Buffer.from(signature);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
      return JSON.parse(Buffer.from(rawBody).toString('utf8')) as PaymentNotice;
    },
  };
};

/** What the buyer said at the bank's page. */
const outcomeOf = (paymentId: string, outcome: 'paid' | 'declined'): Payment =>
  outcome === 'paid'
    ? { state: 'paid', paymentId }
    : { state: 'declined', paymentId, reason: 'authentication-failed' };

const digest = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 20);

const stateLetters = new Map<string, string>([
  ['pays', 'p'],
  ['needs-action', 'a'],
  ['card-declined', 'd'],
  ['insufficient-funds', 'f'],
  ['card-expired', 'e'],
  ['security-code-wrong', 's'],
  ['card-number-invalid', 'n'],
]);
const letterStates = new Map([...stateLetters].map(([state, letter]) => [letter, state]));

/** `sandbox.p.4900EUR.<key in base64url>.<order>`: what came of it, and for how much. */
const makeId = (wish: StartPayment): string => {
  const card = (wish.methodToken ?? '').replace(/[\s-]/g, '');
  // A number that isn't in the table may be somebody's real card: it is turned away, not charged.
  const outcome =
    wish.methodToken === undefined
      ? 'needs-action'
      : (testCards.get(card) ?? 'card-number-invalid');
  return [
    'sandbox',
    stateLetters.get(outcome),
    `${wish.amount.minor}${wish.amount.currency}`,
    Buffer.from(wish.idempotencyKey).toString('base64url'),
    wish.orderId,
  ].join('.');
};

const readId = (
  paymentId: string,
): { payment: Payment; amount: Money; key: string; orderId: string } | null => {
  const match = /^sandbox\.([a-z])\.(\d{1,15})([A-Z]{3})\.([\w-]+)\.(.+)$/.exec(paymentId);
  const state = letterStates.get(match?.[1] ?? '');
  if (!match || state === undefined) return null;
  const payment: Payment =
    state === 'pays'
      ? { state: 'paid', paymentId }
      : state === 'needs-action'
        ? { state: 'needs-action', paymentId, clientSecret: `${paymentId}.secret` }
        : { state: 'declined', paymentId, reason: state as DeclineReason };
  return {
    payment,
    amount: money(Number(match[2]), match[3] ?? ''),
    key: Buffer.from(match[4] ?? '', 'base64url').toString(),
    orderId: match[5] ?? '',
  };
};

const readOrBug = (paymentId: string): Payment => {
  const read = readId(paymentId);
  assert(read !== null, `the sandbox can't read its own payment id ${paymentId}`);
  return read.payment;
};
