// React's view of a live show: a component takes the part that it shows and re-renders only when that
// part is another object.

import { useSyncExternalStore } from 'react';
import type { LiveState } from './live-state.ts';
import type { LiveClient } from './socket-client.ts';

/** A part of the state; `select` must give the same object while its part is unchanged. */
export const useLive = <T>(client: LiveClient, select: (state: LiveState) => T): T =>
  useSyncExternalStore(
    client.subscribe,
    () => select(client.state()),
    () => select(client.state()),
  );
