// A short evening as its log holds it, for tests of what strangers can verify: a plan with a crew's notes,
// an offer of three, two claims, a word in the chat, a paid order, a hold that ran out.

import type { CommandId, StreamId } from '../base/brand.ts';
import type { Json } from '../base/json.ts';
import {
  eur,
  hold,
  lagoon,
  offerId,
  order,
  plan,
  terms,
  vaseItem,
} from '../domain/testing/show-cast.ts';
import type { CommandRecord, EventLog, RecordedEvent } from '../log/event-log.ts';
import { MemoryLog } from '../log/memory-log.ts';
import { publishedLog } from './published-log.ts';
import { testKeys } from './test-keys.fixture.ts';

export const evening = 'show-evening' as StreamId;
const startMs = Date.UTC(2026, 10, 24, 18, 0, 0);

const bobs = { holdId: hold('hold-bob'), offerId, variantId: lagoon, quantity: 2, personId: 'bob' };
const cats = { ...bobs, holdId: hold('hold-cat'), quantity: 1, personId: 'cat' };
const price = { price: eur(8600), expiresAtMs: startMs + 40_000 };
const notes = 'Smile. The kiln story is not for strangers';
const segment = { segmentId: 'sg', title: 'Hook', beat: 'hook', minutes: 4, productIds: [] };

type Told = readonly [
  by: string | null,
  ...events: { kind: string; data: unknown; personal?: Json }[],
];

const told: readonly Told[] = [
  ['mina', { kind: 'ShowPlanned', data: { plan } }],
  ['mina', { kind: 'SegmentsArranged', data: { segments: [{ ...segment, notes }] } }],
  ['mina', { kind: 'ShelfStocked', data: { items: [vaseItem] } }],
  ['mina', { kind: 'ShowStarted', data: {} }],
  ['mina', { kind: 'OfferRequested', data: { terms } }],
  [
    null,
    { kind: 'OfferAllocated', data: { offerId, variantId: lagoon, quantity: 3 } },
    { kind: 'OfferOpened', data: { offerId, closesAtMs: startMs + 70_000 } },
  ],
  [
    'bob',
    {
      kind: 'MessagePosted',
      data: { messageId: 'm1', personId: 'bob', role: 'shopper', replyTo: null, first: true },
      personal: { name: 'Bob Ferri', text: 'I take two 👑' },
    },
  ],
  ['bob', { kind: 'HoldPlaced', data: { ...bobs, ...price }, personal: { name: 'Bob Ferri' } }],
  ['cat', { kind: 'HoldPlaced', data: { ...cats, ...price }, personal: { name: 'Cat' } }],
  [
    null,
    { kind: 'PaymentBegun', data: { holdId: bobs.holdId, orderId: order('o1'), untilMs: startMs } },
  ],
  [null, { kind: 'HoldSettled', data: { ...bobs, orderId: order('o1') } }],
  [null, { kind: 'HoldExpired', data: cats }],
  [
    'mina',
    { kind: 'OfferClosed', data: { offerId, reason: 'show-ended' } },
    { kind: 'UnitsReleased', data: { offerId, variantId: lagoon, quantity: 1 } },
    { kind: 'ShowEnded', data: {} },
  ],
];

const commandsOf = (evenings: readonly Told[]): CommandRecord[] =>
  evenings.map(([by, ...events], i) => ({
    commandId: `k_${i + 1}` as CommandId,
    bodyHash: `body ${i + 1}`,
    atMs: startMs + i * 1_000,
    by,
    events: events as CommandRecord['events'],
  }));

/** Writes the evening to a log; `change` puts other commands in. */
export const writeEvening = async (
  log: EventLog,
  change: (commands: readonly Told[]) => readonly Told[] = (same) => same,
): Promise<readonly RecordedEvent[]> => {
  const lease = await log.take(evening, 'a');
  const appended = await log.append({
    stream: evening,
    epoch: lease.epoch,
    expectedVersion: 0,
    headHash: lease.headHash,
    commands: commandsOf(change(told)),
  });
  return appended.events;
};

/** The evening in a log of its own, and its published form. */
export const publishedEvening = async (change?: (commands: readonly Told[]) => readonly Told[]) => {
  const log = new MemoryLog({ key: 'key of the evening', newSalt: () => '0f'.repeat(16) });
  const events = await writeEvening(log, change);
  const keys = testKeys();
  const pieces: string[] = [];
  for await (const piece of publishedLog(log, keys, evening, await log.head(evening)))
    pieces.push(piece);
  return { log, events, keys, text: pieces.join('') };
};
