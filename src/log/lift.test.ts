// Lifting old events: where they are read, never where they are stored.

import { expect, test } from 'vitest';
import type { CommandId, StreamId } from '../base/brand.ts';
import type { Json } from '../base/json.ts';
import type { RecordedEvent } from './event-log.ts';
import { genesisHash } from './hash-chain.ts';
import { type Lift, lifter, lifts } from './lift.ts';
import { MemoryLog } from './memory-log.ts';

const stream = 'show-a' as StreamId;

/** `Bought {units}` became `Bought {quantity}`, and then was called `Claimed`. */
const steps: Lift[] = [
  {
    kind: 'Bought',
    isOld: ({ data }) => typeof (data as { units?: Json }).units === 'number',
    lift: (event) => ({ ...event, data: { quantity: (event.data as { units: number }).units } }),
  },
  { kind: 'Bought', lift: (event) => ({ ...event, kind: 'Claimed' }) },
];

test('[LOG-15] an event goes through every lift to today, and its stored body and hash stay', async () => {
  const log = new MemoryLog({ lifts: steps });
  const lease = await log.take(stream, 'a');
  const { events } = await log.append({
    ...lease,
    expectedVersion: 0,
    commands: [
      {
        commandId: 'c1' as CommandId,
        bodyHash: 'b',
        atMs: 1,
        by: null,
        events: [
          { kind: 'Bought', data: { units: 3 }, personal: 'for Bo' },
          { kind: 'Bought', data: { quantity: 2 } },
          { kind: 'Claimed', data: { quantity: 1 } },
        ],
      },
    ],
  });
  const read = await log.read(stream, 1, 9);
  expect(read.map(({ kind, data }) => [kind, data])).toEqual([
    ['Claimed', { quantity: 3 }],
    ['Claimed', { quantity: 2 }],
    ['Claimed', { quantity: 1 }],
  ]);
  expect(read[0]).toEqual({ ...events[0], kind: 'Claimed', data: { quantity: 3 } });
  expect((await log.readAll('0:0', 9)).events.map(({ kind }) => kind)).toEqual([
    'Claimed',
    'Claimed',
    'Claimed',
  ]);
  expect(await log.verify(stream)).toMatchObject({ ok: true });
});

test('[LOG-15] a payment that began before tries had names is read as one without', () => {
  const old = { kind: 'PaymentBegun', data: { holdId: 'h1' } } as unknown as RecordedEvent;
  expect(lifter(lifts)(old)).toEqual({ ...old, data: { holdId: 'h1', attempt: null } });
  const today = { kind: 'ShelfPaymentBegun', data: { attempt: 'a1' } } as unknown as RecordedEvent;
  expect(lifter(lifts)(today)).toBe(today);
});

test('[LOG-15] an order from before there were discounts and codes is read as one without', () => {
  const goods = { minor: 8_600, currency: 'EUR' };
  const old = { kind: 'OrderPlaced', data: { totals: { goods } } };
  const discount = { minor: 0, currency: 'EUR' };
  const today = { ...old, data: { totals: { goods, discount }, code: null } };
  expect(lifter(lifts)(old as unknown as RecordedEvent)).toEqual(today);
  expect(lifter(lifts)(today as unknown as RecordedEvent)).toBe(today);
});

test('[LOG-15] a lift may drop personal text from today’s shape', () => {
  const event: RecordedEvent = {
    stream,
    seq: 1,
    atMs: 1,
    by: null,
    commandId: 'c1' as CommandId,
    kind: 'Said',
    data: 1,
    personal: 'x',
    personalHash: genesisHash,
    hash: genesisHash,
  };
  expect(
    lifter([{ kind: 'Said', lift: () => ({ kind: 'Silent', data: 2 }) }])(event),
  ).not.toHaveProperty('personal');
});

test('[LOG-15] what needs no lift is handed on as it is; a circle is a bug', () => {
  const event = { kind: 'A', data: 1 } as unknown as RecordedEvent;
  expect(lifter(lifts)(event)).toBe(event);
  expect(lifter(steps)(event)).toBe(event);
  expect(() => lifter([{ kind: 'A', lift: (old) => old }])(event)).toThrow('circle');
});
