import { describe, expect, it } from 'vitest';
import { problemOf } from '../../protocol/problems.ts';
import { emptyRoom } from '../../protocol/room.ts';
import type { RoomLot } from '../../protocol/room-lot.ts';
import { bid, euro, falling, hold, lot, pending } from './lot.fixture.ts';
import { createLotCrier, type Heard, priceEveryMs } from './lot-crier.ts';
import { signalOf } from './lot-sense.tsx';

const plan = {
  title: 'Kiln night',
  showKind: 'auction',
  startsAtMs: 0,
  hostId: 'mina',
  hostName: 'Mina',
  shopName: 'Laguna',
  disclosure: 'own-brand',
  isDemo: false,
};
const heard = (lots: readonly RoomLot[], more: Partial<Heard> = {}): Heard => ({
  room: { ...emptyRoom('s1', plan), phase: 'live', lots },
  holds: [],
  endedHolds: [],
  bids: [],
  pendingBids: [],
  ...more,
});
const at = (minor: number, leader: number, bids: number) =>
  lot({ price: euro(minor), smallest: euro(minor + 100), leader, bids, bidders: 2 });
const mine = { bids: [bid({ bids: 1 })] };

describe('those who listen', () => {
  it('hear at once that they lead and that they were outbid', () => {
    const crier = createLotCrier(heard([lot()]));
    expect(crier.hear(heard([at(2_000, 7, 1)], mine), 10_000)).toEqual([
      'You lead at €\u00a020.00.',
    ]);
    expect(crier.hear(heard([at(2_100, 2, 2)], mine), 10_100)).toEqual([
      'You were outbid. The price is €\u00a021.00.',
    ]);
  });

  it('hear other people’s prices at most every few seconds, and then the newest', () => {
    const crier = createLotCrier(heard([lot()]));
    expect(crier.hear(heard([at(2_000, 1, 1)]), 10_000)).toEqual(['€\u00a020.00, Bidder 1 leads.']);
    for (let step = 1; step <= 9; step += 1) {
      expect(
        crier.hear(heard([at(2_000 + step * 100, 1 + (step % 2), 1 + step)]), 10_000 + step * 400),
      ).toEqual([]);
    }
    expect(crier.hear(heard([at(2_900, 2, 10)]), 10_000 + priceEveryMs)).toEqual([
      '€\u00a029.00, Bidder 2 leads.',
    ]);
    expect(crier.hear(heard([at(2_900, 2, 10)]), 30_000)).toEqual([]);
  });

  it('hear of the last ten seconds once, extensions or not', () => {
    const crier = createLotCrier(heard([lot()]));
    expect(crier.hear(heard([lot()]), 50_900)).toEqual([]);
    expect(crier.hear(heard([lot()]), 51_000)).toEqual(['10 seconds left for Tea bowl.']);
    expect(crier.hear(heard([lot()]), 52_000)).toEqual([]);
    expect(crier.hear(heard([lot({ closesAtMs: 70_000 })]), 61_000)).toEqual([]);
  });

  it('hear a lot open, pause, go on and end', () => {
    const crier = createLotCrier(heard([lot({ phase: 'prepared', closesAtMs: null })]));
    expect(crier.hear(heard([lot()]), 2_000)).toEqual([
      'A lot is open: Tea bowl, from €\u00a020.00.',
    ]);
    const paused = lot({ phase: 'paused', closesAtMs: null, reason: 'The camera fell' });
    expect(crier.hear(heard([paused]), 3_000)).toEqual(['Tea bowl is paused: The camera fell.']);
    expect(crier.hear(heard([lot()]), 4_000)).toEqual(['Bidding on Tea bowl goes on.']);
    const sold = lot({ phase: 'sold', price: euro(5_200), leader: 7, bids: 4 });
    expect(crier.hear(heard([sold]), 5_000)).toEqual([
      'Tea bowl: Sold for €\u00a052.00 to Bidder 7',
    ]);
  });

  it('hear a falling price every few seconds', () => {
    const crier = createLotCrier(heard([falling()]));
    const one = heard([falling()]);
    expect(crier.hear(one, 10_000)).toEqual(['Tea bowl: €\u00a026.00.']);
    expect(crier.hear(one, 13_000)).toEqual([]);
    expect(crier.hear(one, 15_000)).toEqual(['Tea bowl: €\u00a023.00.']);
  });

  it('hear what they won, what is a second chance, and why a bid was refused', () => {
    const crier = createLotCrier(heard([lot({ phase: 'sold' })]));
    const won = heard([lot({ phase: 'sold' })], { holds: [hold()] });
    expect(crier.hear(won, 0)).toEqual(['You won Tea bowl at €\u00a048.00. Pay within 24 hours.']);
    const own = { ...mine, holds: [hold()] };
    const running = createLotCrier(heard([at(4_800, 7, 1)], mine));
    const hammered = lot({ phase: 'sold', price: euro(4_800), leader: 7, bids: 1 });
    expect(running.hear(heard([at(4_800, 7, 1)], own), 0)).toHaveLength(1);
    expect(running.hear(heard([hammered], own), 10)).toEqual([]);
    const again = createLotCrier(heard([lot({ phase: 'sold' })]));
    const chance = { holds: [hold({ holdId: 'lot1-2' })] };
    expect(again.hear(heard([lot({ phase: 'sold' })], chance), 0)).toEqual([
      'Second chance: Tea bowl is yours at €\u00a048.00 if you want it.',
    ]);
    const third = createLotCrier(heard([lot()], { pendingBids: [pending()] }));
    const refused = pending({
      state: 'refused',
      problem: problemOf('bid-too-low', { minimumMinor: 2_100 }),
    });
    expect(third.hear(heard([lot()], { pendingBids: [refused] }), 10_000)).toEqual([
      'Somebody was faster. Nothing was bid for you. The next bid is €\u00a021.00.',
    ]);
    expect(third.hear(heard([lot()], { pendingBids: [refused] }), 10_100)).toEqual([]);
  });
});

describe('a signal is given', () => {
  it('when I begin to lead, am outbid, or have won; never for other people’s bids', () => {
    const leading = heard([at(2_000, 7, 1)], mine);
    const outbid = heard([at(2_100, 2, 2)], mine);
    expect(signalOf(heard([lot()]), leading)).toBe('leading');
    expect(signalOf(leading, outbid)).toBe('outbid');
    expect(signalOf(outbid, heard([at(2_200, 3, 3)], mine))).toBeNull();
    expect(signalOf(leading, { ...leading, holds: [hold()] })).toBe('won');
    expect(signalOf(heard([lot()]), heard([at(2_000, 1, 1)]))).toBeNull();
  });
});
