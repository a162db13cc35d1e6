// The studio's desk: the show's socket, the host's stage and the record of the evening, made when a show
// is opened and put away when it is left. Components take the part that they show. Nothing here draws.

import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from 'react';
import type { Room } from '../../protocol/room.ts';
import type { LiveState } from '../live/live-state.ts';
import { createLiveClient, type LiveClient } from '../live/socket-client.ts';
import { useLive } from '../live/use-live.ts';
import { emptyRecord, record, type ShowRecord } from './show-record.ts';
import { createStage, type Stage, type StageState } from './stage.ts';

export type Desk = {
  readonly showId: string;
  readonly client: LiveClient;
  readonly stage: Stage;
  readonly record: {
    readonly state: () => ShowRecord;
    readonly subscribe: (listener: () => void) => () => void;
  };
  readonly close: () => void;
};

/** The pulse goes on while nothing else happens: a quiet room is a figure too. */
const lookEveryMs = 2_000;

const openDesk = (showId: string, room: Room): Desk => {
  const client = createLiveClient({ showId, room });
  const stage = createStage(showId);
  const listeners = new Set<() => void>();
  let kept = emptyRecord;
  let epoch: number | null = null;
  let wasOpen = false;
  let socketLostAtMs = 0;

  const look = () => {
    const live = client.state();
    const next = record(kept, live.room, live.pulse, client.nowMs());
    if (next !== kept) {
      kept = next;
      for (const listener of listeners) listener();
    }
    const isOpen = live.connection === 'open';
    if (isOpen && !wasOpen) {
      // A higher epoch is another writer: after a crash the media session of the former one is gone.
      const now = live.position?.epoch ?? null;
      const { publish } = stage.state();
      const isOldSession = publish.phase === 'on' && publish.sinceMs < socketLostAtMs;
      stage.reconnected(isOldSession && epoch !== null && now !== null && now > epoch);
      epoch = now ?? epoch;
    }
    if (!isOpen && wasOpen) socketLostAtMs = Date.now();
    wasOpen = isOpen;
    if (live.room?.phase === 'ended' || live.room?.phase === 'cancelled') stage.leaveAir();
  };
  const stopLooking = client.subscribe(look);
  const timer = setInterval(look, lookEveryMs);

  return {
    showId,
    client,
    stage,
    record: {
      state: () => kept,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    close() {
      stopLooking();
      clearInterval(timer);
      stage.close();
      client.close();
    },
  };
};

const DeskContext = createContext<Desk | null>(null);

/** Opens the desk of a show for everything below; `room` is what the page was loaded with. */
export function DeskProvider({
  showId,
  room,
  children,
}: {
  showId: string;
  room: Room;
  children: ReactNode;
}) {
  const [desk, setDesk] = useState<Desk | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the room only begins it; the socket goes on from there.
  useEffect(() => {
    const opened = openDesk(showId, room);
    setDesk(opened);
    return () => {
      opened.close();
      setDesk(null);
    };
  }, [showId]);
  return desk ? <DeskContext value={desk}>{children}</DeskContext> : null;
}

export const useDesk = (): Desk => {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('useDesk stands outside of a desk');
  return desk;
};

/** A part of the live state; the same object while it is unchanged. */
export const useShow = <T,>(select: (state: LiveState) => T): T =>
  useLive(useDesk().client, select);

/** A part of the room. The desk is opened with a room, so there always is one. */
export const useRoom = <T,>(select: (room: Room) => T): T =>
  useShow((state) => {
    if (!state.room) throw new Error('a desk is opened with its room');
    return select(state.room);
  });

export const useStageState = (): StageState => {
  const { stage } = useDesk();
  return useSyncExternalStore(stage.subscribe, stage.state);
};

export const useRecord = (): ShowRecord => {
  const desk = useDesk();
  return useSyncExternalStore(desk.record.subscribe, desk.record.state);
};
