// Setting limits, and what they let through. Across shows and policies: src/api/spending.test.ts.

import { describe, expect, it } from 'vitest';
import type { CommandId, ShowId, StreamId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import { isRefusal } from '../../base/result.ts';
import { type Actor, system } from '../decider.ts';
import { ines, otto, startMs } from '../testing/given.ts';
import { eur } from '../testing/show-cast.ts';
import {
  type BuyerLimits,
  dayBeginMs,
  dayEndMs,
  hasLimits,
  type LimitsCommand,
  type LimitsEvent,
  leftMinor,
  limitOf,
  limitsDecider,
} from './limits.ts';

const hour = 3_600_000;
const kiln = 'kiln' as ShowId;
const glass = 'glass' as ShowId;
const place = (holdId: string, show = kiln) => ({ stream: `show-${show}` as StreamId, holdId });

/** One buyer's stream, folded as the engine does; its time only moves on. */
class Buyer {
  state: BuyerLimits = limitsDecider.initial('ines');
  atMs = startMs;
  #seq = 0;

  send(command: LimitsCommand, by: Actor = ines) {
    const stamp = { commandId: 'c' as CommandId, atMs: this.atMs, by };
    const decided = limitsDecider.decide(this.state, command, stamp);
    if (!isRefusal(decided)) for (const event of decided) this.#take(event);
    return decided;
  }
  #take(event: LimitsEvent) {
    this.#seq += 1;
    this.state = limitsDecider.evolve(this.state, event, { seq: this.#seq, atMs: this.atMs });
    // A snapshot is the state.
    expect(limitsDecider.load(limitsDecider.save(this.state))).toEqual(this.state);
  }
  /** Lets time pass; deadlines are met when they fall due. */
  wait(ms: number) {
    const untilMs = this.atMs + ms;
    for (;;) {
      const due = limitsDecider.deadline(this.state);
      if (!due || due.atMs > untilMs) break;
      this.atMs = Math.max(this.atMs, due.atMs);
      expect(this.send(due.command, system)).not.toEqual([]);
    }
    this.atMs = untilMs;
    return this;
  }
  set(wish: Partial<Extract<LimitsCommand, { kind: 'SetLimits' }>>, by: Actor = ines) {
    return this.send(
      {
        kind: 'SetLimits',
        currency: 'EUR',
        dayMinor: null,
        showMinor: null,
        confirmAboveMinor: null,
        watchMinutes: null,
        utcOffsetMinutes: null,
        ...wish,
      },
      by,
    );
  }
  reserve(
    holdId: string,
    minor: number,
    more: { show?: ShowId; ask?: string; yes?: boolean; pay?: boolean } = {},
  ) {
    const { show = kiln, ask = holdId, yes = false, pay = false } = more;
    return this.send({
      kind: 'ReserveSpending',
      place: place(holdId, show),
      showId: show,
      ask,
      amount: eur(minor),
      isConfirmed: yes,
      isPayment: pay,
    });
  }
  keep(holdId: string, minor: number, { ask = holdId, isHold = true, show = kiln } = {}) {
    return this.send(
      {
        kind: 'KeepSpending',
        place: place(holdId, show),
        showId: show,
        ask,
        amount: eur(minor),
        isHold,
      },
      system,
    );
  }
  end(holdId: string, ask: string | null = null) {
    return this.send({ kind: 'EndSpending', place: place(holdId), ask }, system);
  }
  pay(holdId: string, minor: number) {
    return this.send(
      { kind: 'CountSpending', place: place(holdId), showId: kiln, amount: eur(minor) },
      system,
    );
  }
  get leftToday() {
    return leftMinor(this.state, 'EUR', { sinceMs: dayBeginMs(this.state, this.atMs) });
  }
}

const over = (leftMinor: number, per = 'day') => ({
  refused: 'spending-limit',
  detail: { leftMinor, currency: 'EUR', per },
});
const accepted = (decided: unknown) => expect(decided).toHaveLength(1);

describe('setting limits', () => {
  it('[LIM-1] the first limit and a lower one count at once', () => {
    const buyer = new Buyer();
    expect(buyer.set({ dayMinor: 10_000 })).toEqual([
      { kind: 'LimitChanged', data: { limit: 'day', currency: 'EUR', value: 10_000 } },
    ]);
    buyer.set({ dayMinor: 5_000 });
    expect(limitOf(buyer.state, 'day', 'EUR')).toBe(5_000);
    expect(limitsDecider.deadline(buyer.state)).toBeNull();
  });
  it.each([
    ['a higher one', 20_000],
    ['none', null],
  ])('[LIM-2] %s counts 24 hours later', (_, dayMinor) => {
    const buyer = new Buyer();
    buyer.set({ dayMinor: 10_000 });
    const fromMs = startMs + 24 * hour;
    expect(buyer.set({ dayMinor })).toEqual([
      {
        kind: 'LimitChangePlanned',
        data: { limit: 'day', currency: 'EUR', value: dayMinor, fromMs },
      },
    ]);
    buyer.wait(24 * hour - 1);
    expect(limitOf(buyer.state, 'day', 'EUR')).toBe(10_000);
    buyer.wait(1);
    expect(limitOf(buyer.state, 'day', 'EUR')).toBe(dayMinor);
    expect(buyer.state.pending.size).toBe(0);
  });
  it('[LIM-2] wished again it keeps its time; wishing what counts now takes it back', () => {
    const buyer = new Buyer();
    buyer.set({ dayMinor: 10_000, watchMinutes: 60 });
    buyer.set({ dayMinor: 20_000, watchMinutes: 60 });
    buyer.wait(hour);
    expect(buyer.set({ dayMinor: 20_000, watchMinutes: 60 })).toEqual([]);
    expect(buyer.set({ dayMinor: 10_000, watchMinutes: 60 })).toEqual([
      { kind: 'LimitChangeCancelled', data: { limit: 'day', currency: 'EUR' } },
    ]);
    buyer.wait(48 * hour);
    expect(limitOf(buyer.state, 'day', 'EUR')).toBe(10_000);
  });
  it('[LIM-2] a lower one takes back a raise that was under way', () => {
    const buyer = new Buyer();
    buyer.set({ dayMinor: 10_000 });
    buyer.set({ dayMinor: 20_000 });
    buyer.set({ dayMinor: 4_000 });
    buyer.wait(48 * hour);
    expect(limitOf(buyer.state, 'day', 'EUR')).toBe(4_000);
  });
  it.each([
    ['dayMinor', -1],
    ['showMinor', 10.5],
    ['confirmAboveMinor', limits.bidMinorMax + 1],
    ['watchMinutes', 24 * 60 + 1],
    ['utcOffsetMinutes', 15 * 60],
  ])('[LIM-3] %s can’t be %s', (field, value) => {
    expect(new Buyer().set({ [field]: value })).toEqual({
      refused: 'limits-invalid',
      detail: { field },
    });
  });
  it('[LIM-3] nobody else sets them, and only the system says what became of a promise', () => {
    const buyer = new Buyer();
    const refused = { refused: 'not-allowed' };
    expect(buyer.set({ dayMinor: 1 }, otto)).toEqual(refused);
    expect(buyer.send({ kind: 'EndSpending', place: place('h1'), ask: null })).toEqual(refused);
    expect(buyer.send({ kind: 'CountWatching', ms: 1 })).toEqual(refused);
  });
  it('[LIM-4] a day begins at the buyer’s own midnight; another one counts 24 hours later', () => {
    const buyer = new Buyer();
    buyer.atMs = Date.UTC(2026, 10, 24, 23, 30);
    buyer.set({ dayMinor: 10_000, utcOffsetMinutes: 60 });
    expect(dayBeginMs(buyer.state, buyer.atMs)).toBe(Date.UTC(2026, 10, 24, 23));
    buyer.set({ dayMinor: 10_000, utcOffsetMinutes: -60 });
    expect(dayEndMs(buyer.state, buyer.atMs)).toBe(Date.UTC(2026, 10, 25, 23));
    buyer.wait(24 * hour);
    expect(dayBeginMs(buyer.state, buyer.atMs)).toBe(Date.UTC(2026, 10, 25, 1));
  });
});

describe('spending', () => {
  it('[LIM-5] what is promised and paid stays within the day, in all shows together', () => {
    const buyer = new Buyer();
    buyer.set({ dayMinor: 10_000 });
    accepted(buyer.reserve('h1', 6_000));
    expect(buyer.reserve('h2', 4_001, { show: glass })).toEqual(over(4_000));
    accepted(buyer.reserve('h2', 4_000, { show: glass }));
    buyer.keep('h1', 6_000);
    buyer.pay('h1', 6_000);
    expect(buyer.reserve('h3', 1)).toEqual(over(0));
  });
  it('[LIM-5] the limit of a show is each show’s own', () => {
    const buyer = new Buyer();
    buyer.set({ showMinor: 5_000 });
    accepted(buyer.reserve('h1', 5_000));
    expect(buyer.reserve('h2', 1)).toEqual(over(0, 'show'));
    accepted(buyer.reserve('h2', 5_000, { show: glass }));
    buyer.wait(24 * hour);
    accepted(buyer.reserve('h3', 5_000));
  });
  it('[LIM-6] a raised bid reserves the difference, and a refused one falls back to the one before', () => {
    const buyer = new Buyer();
    buyer.set({ dayMinor: 10_000 });
    buyer.reserve('lot', 4_000, { ask: 'b1' });
    accepted(buyer.reserve('lot', 9_000, { ask: 'b2' }));
    expect(buyer.leftToday).toBe(1_000);
    expect(buyer.reserve('lot', 10_001, { ask: 'b3' })).toEqual(over(1_000));
    const seq = buyer.state.pledges.get('show-kiln lot')!.asks.get('b2')!.seq;
    buyer.send({ kind: 'ReturnSpending', place: place('lot'), ask: 'b2', seq });
    expect(buyer.leftToday).toBe(6_000);
  });
  it('[LIM-6] each part counts for its day, and giving back fills no earlier one', () => {
    const buyer = new Buyer();
    buyer.atMs = Date.UTC(2026, 10, 24, 23);
    buyer.set({ dayMinor: 10_000 });
    buyer.reserve('lot', 4_000, { ask: 'b1' });
    buyer.keep('lot', 4_000, { ask: 'b1', isHold: false });
    buyer.wait(2 * hour);
    expect(buyer.leftToday).toBe(10_000);
    buyer.reserve('lot', 9_000, { ask: 'b2' });
    buyer.keep('lot', 9_000, { ask: 'b2', isHold: false });
    expect(buyer.leftToday).toBe(5_000);
    buyer.end('lot', 'b1');
    expect(buyer.leftToday).toBe(5_000);
    buyer.keep('lot', 6_000);
    expect(buyer.leftToday).toBe(8_000);
  });
  it('[LIM-7] what nobody confirms lapses after two minutes; what is confirmed stands', () => {
    const buyer = new Buyer();
    buyer.set({ dayMinor: 10_000 });
    buyer.reserve('h1', 3_000);
    buyer.reserve('h2', 4_000);
    buyer.keep('h2', 4_000);
    buyer.wait(limits.spendingLapseMs - 1);
    expect(buyer.leftToday).toBe(3_000);
    buyer.wait(1);
    expect(buyer.leftToday).toBe(6_000);
    expect(limitsDecider.deadline(buyer.state)).toBeNull();
  });
  it('[LIM-7] confirmed after it lapsed it counts again', () => {
    const buyer = new Buyer();
    buyer.set({ dayMinor: 10_000 });
    buyer.reserve('h1', 8_000);
    buyer.wait(limits.spendingLapseMs);
    buyer.keep('h1', 8_000);
    expect(buyer.leftToday).toBe(2_000);
  });
  it('[LIM-8] whoever reserved the same again before has nothing to give back', () => {
    const buyer = new Buyer();
    buyer.set({ dayMinor: 10_000 });
    const give = (seq: number) =>
      buyer.send({ kind: 'ReturnSpending', place: place('h1'), ask: 'h1', seq });
    buyer.reserve('h1', 8_000);
    const first = buyer.state.pledges.get('show-kiln h1')!.asks.get('h1')!.seq;
    buyer.reserve('h1', 8_000);
    expect(give(first)).toEqual([]);
    buyer.keep('h1', 8_000);
    expect(give(first + 1)).toEqual([]);
    expect(buyer.leftToday).toBe(2_000);
  });
  it('[LIM-5] asked twice with another amount, the larger counts while either may be accepted', () => {
    const buyer = new Buyer();
    buyer.set({ dayMinor: 10_000 });
    buyer.reserve('h1', 8_000);
    buyer.reserve('h1', 1);
    expect(buyer.leftToday).toBe(2_000);
  });
  it('[LIM-8] the end of a hold gives back what was promised, not what was paid', () => {
    const buyer = new Buyer();
    buyer.set({ dayMinor: 10_000 });
    buyer.keep('h1', 4_000);
    buyer.keep('h2', 5_000);
    buyer.pay('h2', 5_000);
    buyer.end('h1');
    buyer.end('h2');
    expect(buyer.leftToday).toBe(5_000);
    expect(buyer.end('h1')).toEqual([]);
  });
  it('[LIM-9] what is paid counts with what was charged, once, until it goes back', () => {
    const buyer = new Buyer();
    buyer.set({ dayMinor: 10_000 });
    buyer.reserve('h1', 5_000);
    buyer.keep('h1', 5_000);
    buyer.pay('h1', 4_200);
    expect(buyer.leftToday).toBe(5_800);
    expect(buyer.pay('h1', 4_200)).toEqual([]);
    expect(buyer.keep('h1', 5_000)).toEqual([]);
    buyer.send({ kind: 'UncountSpending', place: place('h1') }, system);
    expect(buyer.leftToday).toBe(10_000);
  });
  it('[LIM-9] what was paid long ago is forgotten', () => {
    const buyer = new Buyer();
    buyer.set({ showMinor: 10_000 });
    buyer.pay('h1', 9_000);
    buyer.wait(limits.spendingKeptMs + 1);
    buyer.pay('h2', 1);
    expect([...buyer.state.pledges.keys()]).toEqual(['show-kiln h2']);
  });
  it('[LIM-5] who promises too much at once is refused', () => {
    const buyer = new Buyer();
    buyer.set({ dayMinor: 10_000 });
    for (let at = 0; at < limits.pledgesMax; at += 1) buyer.keep(`h${at}`, 1);
    expect(buyer.reserve('more', 1)).toEqual({
      refused: 'too-many-pledges',
      detail: { max: limits.pledgesMax },
    });
  });
  it('[LIM-13] without limits nothing is kept, and the last limit takes all with it', () => {
    const buyer = new Buyer();
    expect(buyer.reserve('h1', 5_000)).toEqual([]);
    expect(buyer.keep('h1', 5_000)).toEqual([]);
    buyer.set({ dayMinor: 10_000, utcOffsetMinutes: 0 });
    buyer.keep('h1', 5_000);
    buyer.set({});
    buyer.wait(24 * hour);
    expect(hasLimits(buyer.state)).toBe(false);
    expect(buyer.state.pledges.size).toBe(0);
  });
});

describe('time and asking again', () => {
  it('[LIM-10] when the time is used up nothing is reserved until the next day', () => {
    const buyer = new Buyer();
    buyer.atMs = Date.UTC(2026, 10, 24, 20);
    buyer.set({ watchMinutes: 2 });
    const watch = () => buyer.send({ kind: 'CountWatching', ms: 60_000 }, system);
    accepted(watch());
    accepted(buyer.reserve('h1', 100));
    accepted(watch());
    const untilMs = Date.UTC(2026, 10, 25);
    expect(buyer.reserve('h2', 100)).toEqual({ refused: 'time-limit', detail: { untilMs } });
    expect(watch()).toEqual([]);
    buyer.wait(4 * hour);
    accepted(buyer.reserve('h2', 100));
    accepted(watch());
  });
  it('[LIM-10] without a limit of time none is counted', () => {
    const buyer = new Buyer();
    buyer.set({ dayMinor: 10_000 });
    expect(buyer.send({ kind: 'CountWatching', ms: 60_000 }, system)).toEqual([]);
  });
  it('[LIM-11] above the threshold a confirmation is needed', () => {
    const buyer = new Buyer();
    buyer.set({ confirmAboveMinor: 5_000 });
    accepted(buyer.reserve('h1', 5_000));
    expect(buyer.reserve('h2', 5_001)).toEqual({
      refused: 'needs-confirmation',
      detail: { aboveMinor: 5_000, currency: 'EUR' },
    });
    accepted(buyer.reserve('h2', 5_001, { yes: true }));
  });
  it('[LIM-10] [LIM-11] [LIM-12] what is paid at the end needs neither time nor a confirmation, but its allowance', () => {
    const buyer = new Buyer();
    buyer.set({ confirmAboveMinor: 100, watchMinutes: 0, dayMinor: 5_000 });
    expect(buyer.reserve('h1', 50)).toMatchObject({ refused: 'time-limit' });
    expect(buyer.reserve('h1', 5_001, { pay: true })).toEqual(over(5_000));
    accepted(buyer.reserve('h1', 5_000, { pay: true }));
    buyer.wait(limits.spendingLapseMs);
    expect(buyer.leftToday).toBe(0);
  });
});
