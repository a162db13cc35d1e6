// The host's side of the stage, outside of React: the list of guests as the server has it, a line to each who is there,
// the host's own seat for them, and the composer while somebody is on stage and this browser is on air.

import { limits } from '../../../base/limits.ts';
import { systemClock, systemRandom } from '../../../base/ports.ts';
import type { GuestList, GuestView } from '../../../protocol/stage.ts';
import { http, ProblemError } from '../../live/http-client.ts';
import { createSeatLine, type SeatLine } from '../../live/seat-line.ts';
import { createWhipPublisher, type WhipPublisher } from '../../live/whip-publisher.ts';
import { hostSeatPeer } from '../publish-peer.ts';
import type { Stage } from '../stage.ts';
import { type Composer, createComposer, type StagePerson } from './composer.ts';
import type { Layout } from './layout.ts';

export type GuestLine = {
  readonly stream: MediaStream;
  readonly phase: 'connecting' | 'on' | 'lost';
};

export type GuestStageState = {
  /** Null until it was read. */
  readonly list: GuestList | null;
  readonly lines: ReadonlyMap<string, GuestLine>;
  readonly layout: Layout;
  readonly isComposing: boolean;
};

export type GuestStage = {
  readonly state: () => GuestStageState;
  readonly subscribe: (listener: () => void) => () => void;
  readonly setLayout: (layout: Layout) => void;
  readonly close: () => void;
};

type Seat = {
  line: SeatLine;
  readonly monitor: HTMLAudioElement;
  lostAtMs: number | null;
};

const againMs = 2_000;
const lookMs = 1_000;

export const createGuestStage = (
  showId: string,
  stage: Stage,
  hostName: string,
  direct: boolean,
): GuestStage => {
  const base = `/api/shows/${encodeURIComponent(showId)}`;
  const listeners = new Set<() => void>();
  const seats = new Map<string, Seat>();
  const ended = new AbortController();
  let composer: Composer | null = null;
  let own: WhipPublisher | null = null;
  let ownTracks: { audio: MediaStreamTrack | null; video: MediaStreamTrack | null } | null = null;
  let face: MediaStreamTrack | null = null;
  let isFaceWanted = false;
  let state: GuestStageState = {
    list: null,
    lines: new Map(),
    layout: 'side',
    isComposing: false,
  };

  const become = (change: Partial<GuestStageState>) => {
    state = { ...state, ...change };
    for (const listener of [...listeners]) listener();
  };
  const guestsIn = (...phases: readonly GuestView['phase'][]): readonly GuestView[] =>
    state.list?.isOpen ? state.list.guests.filter(({ phase }) => phases.includes(phase)) : [];

  const follow = async () => {
    while (!ended.signal.aborted) {
      try {
        const after = state.list ? `?after=${state.list.version}` : '';
        const list = await http.get<GuestList>(`${base}/guests${after}`, { signal: ended.signal });
        become({ list });
        arrange();
        if (!list.isOpen) return;
      } catch (error) {
        if (ended.signal.aborted) return;
        if (error instanceof ProblemError && [401, 403, 404].includes(error.problem.status)) return;
        await new Promise((resolve) => setTimeout(resolve, againMs));
      }
    }
  };

  const tell = () => {
    const lines = new Map([...seats].map(([id, { line }]) => [id, line.state()]));
    become({ lines });
    arrange();
  };

  /** Lines to who is there, none to who isn't. */
  const seatGuests = () => {
    const here = guestsIn('wings', 'stage');
    for (const { guestId } of here) {
      if (seats.has(guestId)) continue;
      const line = createSeatLine({ showId, seat: guestId }, tell);
      seats.set(guestId, { line, monitor: new Audio(), lostAtMs: null });
    }
    const ids = new Set(here.map(({ guestId }) => guestId));
    for (const [guestId, { line, monitor }] of seats) {
      if (ids.has(guestId)) continue;
      line.close();
      monitor.srcObject = null;
      seats.delete(guestId);
    }
    for (const guest of here) {
      const seat = seats.get(guest.guestId);
      if (!seat) continue;
      const { stream, phase } = seat.line.state();
      seat.lostAtMs = phase === 'lost' ? (seat.lostAtMs ?? Date.now()) : null;
      // An element must play it, or Chromium gives a remote sound to no mixer.
      if (seat.monitor.srcObject !== stream) {
        seat.monitor.srcObject = stream;
        seat.monitor.play().catch(() => {});
      }
      seat.monitor.muted = guest.phase !== 'stage' || isSilent(guest);
    }
  };

  const people = (): readonly StagePerson[] => {
    const { video, audio, source } = stage.state();
    const isScreen = source === 'screen';
    const host = {
      ...{ id: 'host', name: isScreen ? '' : hostName, video, audio },
      ...{ isSilent: false, isLost: false, isWhole: isScreen },
    };
    const shown = guestsIn('stage').flatMap((guest): StagePerson[] => {
      const seat = seats.get(guest.guestId);
      // [STG-9] Who hasn't sent a picture yet, or was away for too long, has no place in it.
      if (!seat || seat.line.state().phase === 'connecting') return [];
      if (seat.lostAtMs !== null && Date.now() - seat.lostAtMs > limits.stageGraceMs) return [];
      const { stream, phase } = seat.line.state();
      return [
        {
          ...{ id: guest.guestId, name: guest.name, isSilent: isSilent(guest) },
          video: stream.getVideoTracks()[0] ?? null,
          audio: stream.getAudioTracks()[0] ?? null,
          isLost: phase === 'lost',
        },
      ];
    });
    const ownFace =
      isScreen && face
        ? [{ id: 'face', name: hostName, video: face, audio: null, isSilent: true, isLost: false }]
        : [];
    return [host, ...ownFace, ...shown];
  };

  /** While the screen goes out, the host's face is a picture of its own. */
  const arrangeFace = (isWanted: boolean) => {
    const isNew = isWanted && !isFaceWanted;
    isFaceWanted = isWanted;
    if (!isWanted) {
      face?.stop();
      face = null;
      return;
    }
    // Asked for once: a camera that says no isn't asked again every second.
    if (!isNew) return;
    const { cameraId } = stage.state();
    navigator.mediaDevices
      .getUserMedia({ video: cameraId === null ? true : { deviceId: cameraId } })
      .then((stream) => {
        const track = stream.getVideoTracks()[0] ?? null;
        if (!isFaceWanted || face || ended.signal.aborted) return track?.stop();
        face = track;
        arrange();
      })
      .catch(() => {});
  };

  const arrangeOwnSeat = (isWanted: boolean) => {
    if (!isWanted) {
      own?.stop();
      own = null;
      ownTracks = null;
      return;
    }
    const { audio, video } = stage.state();
    if (own && ownTracks) {
      if (ownTracks.audio !== audio) own.replace('audio', audio);
      if (ownTracks.video !== video) own.replace('video', video);
    } else {
      own = createWhipPublisher({
        url: `${base}/stage/seats/host/send`,
        clock: systemClock,
        random: systemRandom,
        fetch: (input, init) => fetch(input, init),
        peer: hostSeatPeer,
      });
      own.start({ audio, video }, true);
    }
    ownTracks = { audio, video };
  };

  let isArranging = false;
  const arrange = () => {
    // What is arranged tells its listeners, and this is one of them.
    if (isArranging || ended.signal.aborted) return;
    isArranging = true;
    try {
      seatGuests();
      const { publish, video, source } = stage.state();
      const isOnAir = publish.phase !== 'off' && publish.phase !== 'refused';
      const isWanted = direct && isOnAir && video !== null && guestsIn('stage').length > 0;
      arrangeOwnSeat(isWanted);
      arrangeFace(isWanted && source === 'screen');
      if (isWanted) {
        composer ??= createComposer(() => arrange());
        composer.show(state.layout, people());
        stage.compose({ video: composer.video, audio: composer.audio() });
      } else if (composer) {
        stage.compose(null);
        composer.close();
        composer = null;
      }
      if (state.isComposing !== isWanted) become({ isComposing: isWanted });
    } finally {
      isArranging = false;
    }
  };

  const stopListening = stage.subscribe(arrange);
  const timer = setInterval(arrange, lookMs);
  void follow();

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setLayout(layout) {
      become({ layout });
      arrange();
    },
    close() {
      ended.abort();
      stopListening();
      clearInterval(timer);
      own?.stop();
      face?.stop();
      for (const { line, monitor } of seats.values()) {
        line.close();
        monitor.srcObject = null;
      }
      stage.compose(null);
      composer?.close();
      listeners.clear();
    },
  };
};

const isSilent = ({ mutedByCrew, mutedBySelf }: GuestView): boolean => mutedByCrew || mutedBySelf;
