// What every part of a watch page reaches for: the live client, my holds, the shop and the ways to ask
// for more (coming in, checkout). Made once in watch-page.tsx.

import { createContext, use, useSyncExternalStore } from 'react';
import type { OpenParcel } from '../../domain/order/parcel.ts';
import type { ShopInfo } from '../../protocol/http.ts';
import type { MyHold } from '../../protocol/socket.ts';
import type { MyParcel } from '../buy/my-parcel.ts';
import type { LiveClient } from '../live/socket-client.ts';
import type { Mine } from './deal.ts';
import type { UnheldUnits } from './first-paid.ts';
import type { MyHolds } from './my-holds.ts';

export type WayIn = 'guest' | 'account' | 'sign-in';

export type WatchContext = {
  readonly showId: string;
  readonly shop: ShopInfo;
  readonly client: LiveClient;
  readonly holds: MyHolds;
  readonly parcel: MyParcel;
  /** Opens the way in; `then` runs once the person is in. */
  readonly askIn: (way?: WayIn, then?: () => void) => void;
  /** Opens the checkout for a hold. */
  readonly checkout: (hold: MyHold) => void;
  /** Opens the checkout for units that nobody holds: they are taken when the person pays. */
  readonly payNow: (units: UnheldUnits) => void;
  /** Says something to those who listen instead of looking. */
  readonly announce: (text: string) => void;
};

export const Watching = createContext<WatchContext | null>(null);

export const usePage = (): WatchContext => {
  const context = use(Watching);
  if (!context) throw new Error('Outside of a watch page.');
  return context;
};

/** The parcel of this show that my next goods go into; null: they pay their own way. */
export const useParcel = (): OpenParcel | null => {
  const { parcel } = usePage();
  return useSyncExternalStore(parcel.subscribe, parcel.now);
};

export const useMine = (): Mine => {
  const { holds } = usePage();
  return useSyncExternalStore(holds.subscribe, holds.mine);
};
