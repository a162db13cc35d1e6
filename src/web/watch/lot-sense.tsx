// What is heard and felt of lots: says what the crier says, and gives the signals of my own lots. Shows
// nothing; mounted as soon as a show has a lot.

import { useEffect } from 'react';
import type { LiveState } from '../live/live-state.ts';
import { momentOf, myLot, stakeIn } from './lot.ts';
import { createLotCrier } from './lot-crier.ts';
import { type Signal, signals } from './signals.ts';
import { usePage } from './watch-context.ts';

/** What happens in one breath comes in several messages; said one by one, the last would drown the others. */
const gatheredMs = 150;
const saidAtOnce = 3;

/** The signal of the step from one state to the next; null for none. Pure. */
export const signalOf = (
  before: Pick<LiveState, 'room' | 'bids' | 'holds' | 'endedHolds' | 'pendingBids'>,
  after: Pick<LiveState, 'room' | 'bids' | 'holds' | 'endedHolds' | 'pendingBids'>,
): Signal | null => {
  let found: Signal | null = null;
  for (const lot of after.room?.lots ?? []) {
    const was = before.room?.lots.find(({ lotId }) => lotId === lot.lotId);
    const mine = myLot(lot.lotId, after);
    const mineBefore = myLot(lot.lotId, before);
    if (mine.hold && !mineBefore.hold) return 'won';
    const stake = stakeIn(lot.figures, mine.bid);
    if (!was || stake === stakeIn(was.figures, mineBefore.bid)) continue;
    if (stake === 'outbid') found = 'outbid';
    if (stake === 'leading') found ??= 'leading';
  }
  return found;
};

/** Lots of mine whose last ten seconds have begun. */
const closingNow = (state: LiveState, nowMs: number): readonly string[] =>
  (state.room?.lots ?? [])
    .filter(({ lotId, figures }) => {
      const { closesAtMs, phase } = figures;
      if (phase !== 'open' || closesAtMs === null || !myLot(lotId, state).bid) return false;
      return momentOf(figures, nowMs) === 'running' && closesAtMs - nowMs <= 10_000;
    })
    .map(({ lotId }) => lotId);

export default function LotSense() {
  const { client, announce } = usePage();
  useEffect(() => {
    let before = client.state();
    const crier = createLotCrier(before);
    const warned = new Set<string>();
    let waiting: string[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const say = () => {
      announce(waiting.slice(-saidAtOnce).join(' '));
      waiting = [];
    };
    const hear = () => {
      const after = client.state();
      const nowMs = client.nowMs();
      const words = crier.hear(after, nowMs);
      if (words.length > 0) {
        waiting.push(...words);
        clearTimeout(timer);
        timer = setTimeout(say, gatheredMs);
      }
      const signal = signalOf(before, after);
      if (signal) signals.give(signal);
      for (const lotId of closingNow(after, nowMs)) {
        if (!warned.has(lotId)) signals.give('closing');
        warned.add(lotId);
      }
      before = after;
    };
    const stop = client.subscribe(hear);
    const ticks = setInterval(hear, 1_000);
    return () => {
      stop();
      clearInterval(ticks);
      clearTimeout(timer);
    };
  }, [client, announce]);
  return null;
}
