import { expect, it } from 'vitest';
import type { BidId, OfferId, PollId, VariantId } from '../base/brand.ts';
import { system } from '../domain/decider.ts';
import { liveShow, person, type RecordedShow } from './recorded-show.fixture.ts';
import { replayOf } from './replay.ts';

const lotId = 'lot1' as OfferId;
const euro = (minor: number) => ({ minor, currency: 'EUR' });

async function* logOf(recorded: RecordedShow) {
  yield* recorded.events();
}

/** A lot that is bid for five times, paused in between, and hammered; then the show ends. */
const eveningWithLot = (): RecordedShow => {
  const recorded = liveShow();
  const refused: unknown[] = [];
  const run = (...wish: Parameters<RecordedShow['show']>) => {
    const done = recorded.show(...wish);
    if (typeof done === 'string') refused.push(done);
  };
  run({ kind: 'PictureOn' }, system);
  run({
    kind: 'PrepareLot',
    reserve: null,
    terms: {
      lotId,
      productId: 'p1' as never,
      variantId: 'v1' as never,
      title: 'Tea bowl',
      usualPrice: euro(4_200),
      quantity: 1,
      payMs: 3_600_000,
      secondChance: true,
      bidding: {
        format: 'english',
        start: euro(2_000),
        steps: [{ fromMinor: 0, stepMinor: 100 }],
        buyNow: null,
        durationMs: 60_000,
        softCloseMs: 10_000,
        extensionMsMax: null,
        undoMs: 0,
        takesEarlyBids: true,
        hasReserve: false,
      },
    },
  });
  run({ kind: 'OpenLot', lotId });
  run(
    { kind: 'ConfirmAllocation', offerId: lotId, variantId: 'v1' as VariantId, quantity: 1 },
    system,
  );
  for (let n = 0; n < 5; n += 1) {
    recorded.clock.advance(2_000);
    run(
      {
        kind: 'PlaceBid',
        lotId,
        bidId: `bid${n}` as BidId,
        max: euro(2_000 + n * 100),
        nonce: `nonce${n}`,
        isConfirmed: false,
      },
      person(n % 2 === 0 ? 'ines' : 'tomasz'),
    );
  }
  run({ kind: 'PauseLot', lotId, reason: 'One moment' });
  run({ kind: 'ResumeLot', lotId });
  recorded.clock.advance(50_000);
  run({ kind: 'DropHammer', lotId }, system);
  run({ kind: 'EndShow' });
  expect(refused).toEqual([]);
  return recorded;
};

it('[RPL-3] a replay tells of a lot its opening, its hammer, and the last price of each second between', async () => {
  const recorded = eveningWithLot();
  const replay = await replayOf('s1', logOf(recorded));
  const lots = replay?.moments.flatMap(({ message }) => (message.t === 'lot' ? [message] : []));
  const phases = lots?.map(({ figures }) => figures.phase) ?? [];
  expect([phases[0], phases.at(-1)]).toEqual(['open', 'sold']);
  const between = lots?.slice(1, -1) ?? [];
  expect(between.length).toBeGreaterThan(0);
  expect(between.every(({ figures }) => figures.phase === 'open' && figures.price)).toBe(true);
  const prices = between.map(({ figures }) => figures.price?.minor);
  expect(new Set(prices).size).toBe(prices.length);
  expect(prices.at(-1)).toBe(2_400);
  expect(lots?.at(-1)?.figures).toMatchObject({ price: euro(2_400), leader: 1, bids: 5 });
});

it('a replay tells of a drop its announcement, its opening and its end, and none of the entries between', async () => {
  const recorded = liveShow();
  const dropId = 'drop1' as OfferId;
  const variantId = 'v1' as VariantId;
  const refused: unknown[] = [];
  const run = (...wish: Parameters<RecordedShow['show']>) => {
    const done = recorded.show(...wish);
    if (typeof done === 'string') refused.push(done);
  };
  run({
    kind: 'AnnounceDrop',
    seeds: ['seed'],
    terms: {
      dropId,
      productId: 'p1' as never,
      title: 'Tea bowl',
      variants: [
        { variantId, title: '', price: euro(4_200), usualPrice: euro(4_200), quantity: 2 },
      ],
      order: 'queue',
      isGiveaway: false,
      opensAtMs: null,
      durationMs: 60_000,
      holdMs: 60_000,
      perPersonMax: 1,
      earlyAccess: [],
      needsAccount: false,
    },
  });
  run({ kind: 'ConfirmAllocation', offerId: dropId, variantId, quantity: 2 }, system);
  for (const name of ['ines', 'tomasz', 'nora'])
    run(
      {
        kind: 'EnterDrop',
        dropId,
        variantId,
        quantity: 1,
        words: name,
        tier: null,
        identity: null,
      },
      person(name),
    );
  run({ kind: 'OpenDrop', dropId });
  run({ kind: 'StepDrop', dropId }, system);
  run({ kind: 'CancelDrop', dropId, reason: 'A crack' });
  run({ kind: 'EndShow' });
  expect(refused).toEqual([]);
  const replay = await replayOf('s1', logOf(recorded));
  const told = replay?.moments.flatMap(({ message }) =>
    message.t === 'drop-announced'
      ? ['announced']
      : message.t === 'drop'
        ? [message.figures.phase]
        : [],
  );
  expect(told).toEqual(['announced', 'open', 'cancelled']);
});

it('[ASK-7] has a poll where it was open, how it moved every two seconds, and what it came to', async () => {
  const recorded = liveShow();
  const pollId = 'poll1' as PollId;
  const terms = { question: 'Which?', options: ['A', 'B'], durationMs: 60_000 };
  recorded.show({ kind: 'PictureOn' }, system);
  recorded.show({ kind: 'OpenPoll', pollId, ...terms });
  for (let n = 0; n < 12; n += 1) {
    recorded.clock.advance(500);
    recorded.show({ kind: 'Vote', pollId, option: n % 2 }, person(`p${n}`));
  }
  recorded.show({ kind: 'ClosePoll', pollId });
  recorded.show({ kind: 'EndShow' });
  const replay = await replayOf(recorded.showId, logOf(recorded));
  const told = replay?.moments.map(({ message }) => message) ?? [];
  expect(told.map(({ t }) => t)).toEqual(['poll', 'votes', 'votes', 'votes', 'poll-closed']);
  expect(told.at(-1)).toMatchObject({ tally: [6, 6] });
});
