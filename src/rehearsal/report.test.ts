import { expect, test } from 'vitest';
import type { RecordedEvent } from '../log/event-log.ts';
import { answerWithinMs, type Counted, isQuestion, reportOf } from './report.ts';

const counted: Counted = {
  refused: new Map([['sold-out', 3]]),
  rudeIds: new Set(['m9']),
  ...{ came: 2, mostAtOnce: 2, droppedOff: 0, declined: 1, paid: 0, takings: null, cut: null },
};
const script = { segments: [], items: [], plan: { minutes: 10 } } as never;
const end = { atMs: 300_000, by: 'crew' } as const;

const line = (atMs: number, text: string, role: 'shopper' | 'host', messageId = `m${atMs}`) => ({
  ...{ kind: 'MessagePosted', atMs, by: role },
  data: { messageId, role },
  personal: { name: role, text },
});
const report = (events: readonly object[]) =>
  reportOf(
    [{ kind: 'ShowStarted', atMs: 0, data: {} }, ...events] as unknown as RecordedEvent[],
    script,
    counted,
    end,
  );

test('[RHS-8] a question is answered by a line of the crew within a minute, not by one of the crowd', () => {
  const { questions } = report([
    line(1_000, 'how tall is it?', 'shopper'),
    line(2_000, 'a hand', 'shopper'),
    line(5_000, 'ما هذا؟', 'shopper'),
    line(1_000 + answerWithinMs, 'about a hand tall', 'host'),
    line(100_000, 'does it ship to Norway?', 'shopper'),
    line(100_001 + answerWithinMs, 'yes', 'host'),
  ]);
  expect(questions).toMatchObject({ asked: 3, answered: 2, medianMs: 56_000, slowestMs: 60_000 });
  expect(questions.open).toEqual([
    { name: 'shopper', text: 'does it ship to Norway?', atMs: 100_000 },
  ]);
  expect(isQuestion('to je krása')).toBe(false);
});

test('[RHS-10] what sold out, what nobody wanted, and rude lines that were removed', () => {
  const offer = (offerId: string, title: string) => ({
    ...{ kind: 'OfferRequested', atMs: 1 },
    data: { terms: { offerId, productId: offerId, title, variants: [{ quantity: 2 }] } },
  });
  const hold = (offerId: string, kind = 'HoldPlaced') => ({
    ...{ kind, atMs: 2, by: 'ines' },
    data: { offerId, quantity: 1, personId: 'ines' },
  });
  const events = [offer('a', 'Bowl'), offer('b', 'Jug'), offer('c', 'Vase')];
  const holds = [hold('a'), hold('a'), hold('b'), hold('b'), hold('b', 'HoldExpired')];
  const removed = { kind: 'MessageRemoved', atMs: 3, data: { messageId: 'm9' } };
  const made = report([...events, ...holds, removed]);
  expect(made).toMatchObject({
    soldOut: ['Bowl'],
    unwanted: ['Vase'],
    rude: { said: 1, removed: 1 },
    plannedMs: 600_000,
    actualMs: 300_000,
    demand: { claims: 4, holds: 4, expired: 1, refused: [{ code: 'sold-out', count: 3 }] },
  });
});
