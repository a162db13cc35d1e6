import { describe, expect, it } from 'vitest';
import type { You } from '../../protocol/socket.ts';
import { timeLeftText } from '../design/clock.tsx';
import { moneyText } from '../design/money.tsx';
import { safeNext } from '../home/sign-in-page.tsx';
import { problemFrom } from '../live/http-client.ts';
import { createServerClock } from '../live/server-clock.ts';
import { nowAndNext } from './now-and-next.ts';
import { slateWords } from './picture.tsx';
import { countText } from './reactions.tsx';
import { isWithoutAccount, wayInProblem } from './session.ts';

const segment = (segmentId: string, minutes: number) => ({
  segmentId,
  title: segmentId,
  beat: 'demo',
  minutes,
  productIds: [],
});

describe('now and next', () => {
  const segments = [segment('hook', 4), segment('lots', 12)];
  it('is due by the planned minutes of what runs', () => {
    const found = nowAndNext({ segments, segmentId: 'hook', segmentSinceMs: 60_000 }, 120_000);
    expect([found.now?.segmentId, found.next?.segmentId, found.nextInMinutes]).toEqual([
      'hook',
      'lots',
      3,
    ]);
  });
  it('is due at once when what runs takes longer than planned', () =>
    expect(
      nowAndNext({ segments, segmentId: 'hook', segmentSinceMs: 0 }, 900_000).nextInMinutes,
    ).toBe(0));
  it('is nothing before the first segment and after the last', () => {
    expect(nowAndNext({ segments, segmentId: null, segmentSinceMs: null }, 0)).toMatchObject({
      now: null,
      next: null,
    });
    expect(nowAndNext({ segments, segmentId: 'lots', segmentSinceMs: 0 }, 0).next).toBeNull();
  });
});

describe('the server’s clock', () => {
  it('trusts the shortest round trip, and forgets all when this clock was set back', () => {
    const clock = createServerClock();
    clock.hint(5_000, 1_000);
    expect(clock.offsetMs()).toBe(4_000);
    clock.sample(0, 1_300, 600);
    clock.sample(1_000, 2_010, 1_020);
    expect([clock.offsetMs(), clock.rttMs()]).toEqual([1_000, 20]);
    clock.sample(9_000, 0, 8_000);
    expect([clock.offsetMs(), clock.rttMs()]).toEqual([4_000, null]);
  });
});

it('time left is said as people say it', () => {
  expect([59, 599, 600, 601, 3_600, 5_000, 90_000, 172_800].map(timeLeftText)).toEqual([
    '0:59',
    '9:59',
    '10:00',
    '10 min',
    '1 h',
    '1 h 23 min',
    '1 d 1 h',
    '2 d',
  ]);
});

it('money has its symbol, a no-break space and its own digits', () => {
  expect(moneyText({ minor: 129_900, currency: 'EUR' })).toBe('€\u00a01,299.00');
  expect(moneyText({ minor: 500, currency: 'JPY' })).toBe('¥\u00a0500');
});

it('counts stay short', () => {
  expect([7, 999, 8_240, 12_400, 2_300_000].map(countText)).toEqual([
    '7',
    '999',
    '8.2k',
    '12k',
    '2.3M',
  ]);
});

it('a slate stands only where there is no picture', () => {
  expect(slateWords('playing', 'on', 'Mina')).toBeNull();
  expect(slateWords('playing', 'lost', 'Mina')?.title).toBe('Mina is coming back');
  expect(slateWords('reconnecting', 'on', 'Mina')?.turns).toBe(true);
  expect(slateWords('unsupported', 'on', 'Mina')?.detail).not.toBeNull();
  expect(slateWords('connecting', 'on', 'Mina')?.detail).toBeNull();
  expect(slateWords('connecting', 'on', 'Mina', true)?.detail).toContain('slower stream');
});

it('a refused name or password stands at its field', () => {
  const met = (code: string, status = 400) =>
    wayInProblem({ code, title: 'Title', detail: '', status });
  expect(met('sign-in-refused').field).toBe('password');
  expect(met('email-taken').field).toBe('email');
  expect(met('password-unsuitable').field).toBe('password');
  expect(met('name-invalid').field).toBe('name');
  expect(met('too-many-requests', 429).text).toMatch(/Wait/);
});

it('an owner who came by the link has no account until the shop is set up, a guest never', () => {
  const person = (role: You['role'], guest = false): You => ({
    personId: 'p',
    name: 'Teo',
    role,
    guest,
  });
  expect(isWithoutAccount(person('owner'), { needsSetup: true })).toBe(true);
  expect(isWithoutAccount(person('owner'), { needsSetup: false })).toBe(false);
  expect(isWithoutAccount(person('host'), { needsSetup: true })).toBe(false);
  expect(isWithoutAccount(person('shopper', true), { needsSetup: false })).toBe(true);
});

it('after signing in nobody is led to another site', () => {
  expect(
    ['/orders/1', '//evil.example', 'https://evil.example', '/\\evil.example', null].map(safeNext),
  ).toEqual(['/orders/1', '/', '/', '/', '/']);
});

it('an error that isn’t an answer is a bug of the page and says so', () => {
  expect(problemFrom(new TypeError('x')).code).toBe('bug');
});
