// Time in a lot's card: when it changes by itself, and how long a new amount stands still before it is taken.

import { useEffect, useState } from 'react';
import type { RoomLot } from '../../protocol/room-lot.ts';
import { useLive } from '../live/use-live.ts';
import { nextChangeMs } from './lot.ts';
import { usePage } from './watch-context.ts';

/** A press so soon after the amount changed was meant for the amount before: it bids nothing. */
const settleMs = 400;

/** The server's time, anew whenever the lot changes by itself. */
export const useLotTime = (lot: RoomLot): number => {
  const { client } = usePage();
  const offsetMs = useLive(client, (state) => state.clockOffsetMs);
  const [, setTurn] = useState(0);
  const nowMs = client.nowMs();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a corrected clock waits anew.
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      const ms = nextChangeMs(lot, client.nowMs());
      if (ms === null) return;
      timer = setTimeout(() => {
        setTurn((turn) => turn + 1);
        wait();
      }, ms + 1);
    };
    wait();
    return () => clearTimeout(timer);
  }, [client, lot, offsetMs]);
  return nowMs;
};

/** False for a moment after the button came to bid another amount. */
export const useSettled = (amount: number | null): boolean => {
  const [settled, setSettled] = useState(amount);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(amount), settleMs);
    return () => clearTimeout(timer);
  }, [amount]);
  return settled === amount;
};
