import { expect, it } from 'vitest';
import { orderPhases } from '../../protocol/http.ts';
import { isMoving, orderSteps, orderWords, reasonText } from './order-words.ts';

const steps = (phase: (typeof orderPhases)[number], paidAtMs: number | null = null) =>
  orderSteps({ phase, placedAtMs: 1, paidAtMs }).map(({ title, state }) => `${title}: ${state}`);

it('every phase has words and ends in one step that says where it stands', () => {
  for (const phase of orderPhases) {
    expect(orderWords[phase].title).not.toBe('');
    expect(steps(phase)[0]).toBe('Placed: done');
    expect(steps(phase).length).toBeGreaterThan(1);
  }
});

it('money that went back was there before', () => {
  expect(steps('refunded', 5)).toEqual(['Placed: done', 'Paid: done', 'Refunded: done']);
  expect(steps('cancelled')).toEqual(['Placed: done', 'Cancelled: failed']);
});

it('only orders that move are asked for again', () => {
  expect(orderPhases.filter(isMoving)).toEqual(['placed', 'paying', 'refunding']);
});

it('a reason is told in words', () => {
  expect(reasonText('hold-gone')).toBe('What was held for you had run out.');
  expect(reasonText('card expired')).toBe('card expired');
  expect(reasonText(null)).toBeNull();
});
