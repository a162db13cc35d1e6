// What of a show's events is published: every kind has a word on it, nothing else slips through, and
// nothing of the data is lost on the way into the log and back.

import { expect, test } from 'vitest';
import type { StreamId } from '../base/brand.ts';
import type { Json } from '../base/json.ts';
import { publishedForms } from '../domain/show/published-form.ts';
import { canonicalJson } from './canonical-json.ts';
import { dataOf, openPart, scopeOf } from './open-part.ts';
import { streamSecrets } from './stream-secrets.ts';

const show = 'show-a' as StreamId;
const { pseudonymOf } = streamSecrets('key', show);
const divide = (kind: string, data: Json, stream = show) =>
  openPart(stream, kind, data, pseudonymOf);

const plan = {
  title: 'Evening',
  showKind: 'demonstration',
  startsAtMs: 1,
  hostId: 'ada',
  hostName: 'Ada',
  shopName: 'Rings',
  disclosure: 'own-brand',
  isDemo: false,
};
const hold = { holdId: 'h', offerId: 'o', variantId: 'v', quantity: 2, personId: 'bob' };
const segment = { segmentId: 's', title: 'Hook', beat: 'hook', minutes: 4, productIds: ['p'] };

const cases: readonly (readonly [kind: string, data: Json, open: Json])[] = [
  ['ShowPlanned', { plan }, { plan: { ...plan, hostId: pseudonymOf('sale', 'ada') } }],
  ['ShowCancelled', { reason: 'The host is ill' }, {}],
  ['ShowStarted', {}, {}],
  ['SegmentsArranged', { segments: [{ ...segment, notes: 'smile' }] }, { segments: [segment] }],
  [
    'OfferRefused',
    { offerId: 'o', variantId: 'v', available: 3 },
    { offerId: 'o', variantId: 'v' },
  ],
  [
    'HoldPlaced',
    { ...hold, price: { minor: 500, currency: 'EUR' }, expiresAtMs: 9 },
    {
      ...hold,
      personId: pseudonymOf('purchase:o', 'bob'),
      price: { minor: 500, currency: 'EUR' },
      expiresAtMs: 9,
    },
  ],
  [
    'HoldSettled',
    { ...hold, orderId: 'h' },
    { ...hold, personId: pseudonymOf('purchase:o', 'bob') },
  ],
  ['PaymentBegun', { holdId: 'h', orderId: 'h', untilMs: 5 }, { holdId: 'h', untilMs: 5 }],
  [
    'MessagePosted',
    { messageId: 'm', personId: 'bob', role: 'shopper', replyTo: null, first: true },
    {
      messageId: 'm',
      personId: pseudonymOf('room', 'bob'),
      role: 'shopper',
      replyTo: null,
      first: true,
    },
  ],
  ['MessageRemoved', { messageId: 'm', by: null, reason: 'rude' }, { messageId: 'm', by: null }],
];

for (const [kind, data, open] of cases) {
  test(`[LOG-21] ${kind} publishes this much and keeps the rest`, () => {
    const parts = divide(kind, data);
    expect(parts.open).toEqual(open);
    const withheld = parts.withheld === undefined ? null : canonicalJson(parts.withheld);
    expect(dataOf(canonicalJson(parts.open), withheld)).toEqual(data);
  });
}

test('[LOG-21] a kind of which nobody said what to publish is withheld whole', () => {
  expect(divide('MaximumRaised', { maximum: 900 })).toEqual({
    scope: 'sale',
    open: null,
    withheld: { maximum: 900 },
  });
  expect(divide('toString', 1).open).toBeNull();
  expect(dataOf('null', '{"maximum":900}')).toEqual({ maximum: 900 });
});

test('[LOG-21] what is said in the room stands under another pseudonym than what is bought', () => {
  expect(pseudonymOf('room', 'bob')).not.toBe(pseudonymOf('sale', 'bob'));
  expect(pseudonymOf('sale', 'bob')).not.toBe(pseudonymOf('sale', 'ada'));
  const elsewhere = streamSecrets('key', 'show-b' as StreamId);
  expect(elsewhere.pseudonymOf('sale', 'bob')).not.toBe(pseudonymOf('sale', 'bob'));
  const { scope } = publishedForms.MessagePosted;
  expect([scope, scopeOf(show, 'MessagePosted', '{}'), scopeOf(show, 'BidPlaced', '{}')]).toEqual([
    'room',
    'room',
    'sale',
  ]);
});

test('[LOG-21] what is taken of one offer stands under a pseudonym that leads to nothing else', () => {
  const ofOffer = (offerId: string) =>
    (divide('HoldPlaced', { ...hold, offerId }).open as { personId: string }).personId;
  expect(ofOffer('o')).toBe(ofOffer('o'));
  expect(ofOffer('o')).not.toBe(ofOffer('p'));
  const held = canonicalJson(divide('HoldReleased', hold).open);
  expect(scopeOf(show, 'HoldReleased', held)).toBe('purchase:o');
  expect(scopeOf(show, 'PaymentBegun', '{"holdId":"h","untilMs":5}')).toBe('purchase:h');
  for (const kind of ['CommentClaimed', 'CommentRefused', 'CommentWaiting', 'CommentLineLeft'])
    expect(scopeOf(show, kind, '{"offerId":"o"}'), kind).toBe('purchase:o');
  expect(scopeOf(show, 'CommentUnclear', '{}')).toBe('room');
});

test('[LOG-21] streams that are never published are hashed as they are', () => {
  expect(divide('HoldPlaced', hold, 'stock-v' as StreamId)).toEqual({
    scope: 'sale',
    open: hold,
    withheld: undefined,
  });
});

test('[LOG-21] a form that publishes a member which the data lacks is a bug', () => {
  expect(() => divide('PaymentBegun', { orderId: 'h' })).not.toThrow();
  expect(() => divide('HoldReleased', {})).toThrow('publishes personId');
});
