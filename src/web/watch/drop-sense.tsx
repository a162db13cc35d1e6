// What is heard and felt of drops: says what the crier says, and gives a signal when it is my turn, and then only.
// Shows nothing; mounted as soon as a show has a drop.

import { useEffect } from 'react';
import type { LiveState } from '../live/live-state.ts';
import { createDropCrier } from './drop-crier.ts';
import { signals } from './signals.ts';
import { usePage } from './watch-context.ts';

/** What happens in one breath comes in several messages; said one by one, the last would drown the others. */
const gatheredMs = 150;
const saidAtOnce = 3;

/** Whether a unit of a drop has just become mine to take. Pure. */
export const isServedNow = (
  before: Pick<LiveState, 'holds'>,
  after: Pick<LiveState, 'holds' | 'room'>,
): boolean =>
  after.holds.some(
    ({ holdId, offerId }) =>
      !before.holds.some((hold) => hold.holdId === holdId) &&
      (after.room?.drops.some(({ dropId }) => dropId === offerId) ?? false),
  );

export default function DropSense() {
  const { client, announce } = usePage();
  useEffect(() => {
    let before = client.state();
    const crier = createDropCrier(before);
    let waiting: string[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const say = () => {
      announce(waiting.slice(-saidAtOnce).join(' '));
      waiting = [];
    };
    const hear = () => {
      const after = client.state();
      const words = crier.hear(after, client.nowMs());
      if (words.length > 0) {
        waiting.push(...words);
        clearTimeout(timer);
        timer = setTimeout(say, gatheredMs);
      }
      if (isServedNow(before, after)) signals.give('served');
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
