// One seat of a stage as somebody else on it, or the crew, sees it: one WebRTC session, made again by itself while it is
// wanted. The seat may be empty at first: the session waits connected. It says whether pictures come, by the browser's
// own count, so that it is true in a hidden tab too.

export type SeatState = {
  /** `lost`: there were pictures, and for a while there are none. */
  readonly phase: 'connecting' | 'on' | 'lost';
  readonly stream: MediaStream;
};

export type SeatLine = { readonly state: () => SeatState; readonly close: () => void };

export type SeatPlace = {
  readonly showId: string;
  readonly seat: string;
  /** What a guest speaks by: `{guest}.{token}`. */
  readonly link?: string;
};

const lookMs = 1_000;
/** So many looks without a new picture, and the line is lost. */
const looksMax = 2;
const retryMs = [500, 1_500, 3_000] as const;
const gatheringMs = 300;
const answerWithinMs = 10_000;

/** Watches a seat until it is closed; `changed` is called after each change of state. */
export const createSeatLine = (place: SeatPlace, changed: () => void): SeatLine => {
  let state: SeatState = { phase: 'connecting', stream: new MediaStream() };
  let peer: RTCPeerConnection | null = null;
  let resource: string | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  let attempt = 0;
  let frames = 0;
  let idle = 0;

  const become = (change: Partial<SeatState>) => {
    if (Object.entries(change).every(([key, value]) => state[key as keyof SeatState] === value))
      return;
    state = { ...state, ...change };
    changed();
  };
  const drop = () => {
    clearTimeout(retry);
    peer?.close();
    peer = null;
    if (resource) fetch(resource, { method: 'DELETE', keepalive: true }).catch(() => {});
    resource = null;
  };
  const again = () => {
    drop();
    if (isClosed) return;
    if (state.phase === 'on') become({ phase: 'lost' });
    retry = setTimeout(connect, retryMs[Math.min(attempt, retryMs.length - 1)]);
    attempt += 1;
  };

  const connect = async (): Promise<void> => {
    const mine = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    peer = mine;
    frames = 0;
    const stream = new MediaStream();
    for (const kind of ['video', 'audio'] as const)
      mine.addTransceiver(kind, { direction: 'recvonly' });
    mine.ontrack = ({ track }) => stream.addTrack(track);
    mine.onconnectionstatechange = () => {
      if (peer === mine && mine.connectionState === 'failed') again();
    };
    try {
      await mine.setLocalDescription();
      await gathered(mine);
      const response = await fetch(
        `/api/shows/${encodeURIComponent(place.showId)}/stage/seats/${encodeURIComponent(place.seat)}/watch`,
        {
          method: 'POST',
          headers: {
            'content-type': 'application/sdp',
            ...(place.link ? { authorization: `Bearer ${place.link}` } : {}),
          },
          body: mine.localDescription?.sdp ?? '',
          signal: AbortSignal.timeout(answerWithinMs),
        },
      );
      const location = response.headers.get('location');
      if (peer !== mine) {
        if (location) fetch(location, { method: 'DELETE', keepalive: true }).catch(() => {});
        return;
      }
      if (!response.ok) return again();
      resource = location;
      await mine.setRemoteDescription({ type: 'answer', sdp: await response.text() });
      become({ stream });
    } catch {
      if (peer === mine) again();
    }
  };

  const look = setInterval(async () => {
    const mine = peer;
    const now = mine ? await decoded(mine) : 0;
    if (isClosed || mine !== peer) return;
    idle = now > frames ? 0 : idle + 1;
    frames = now;
    if (now > 0 && idle === 0) {
      attempt = 0;
      become({ phase: 'on' });
    } else if (state.phase === 'on' && idle >= looksMax) become({ phase: 'lost' });
  }, lookMs);

  void connect();
  return {
    state: () => state,
    close() {
      isClosed = true;
      clearInterval(look);
      drop();
    },
  };
};

const decoded = async (peer: RTCPeerConnection): Promise<number> => {
  let frames = 0;
  for (const report of (await peer.getStats()).values())
    if (report.type === 'inbound-rtp' && report.kind === 'video')
      frames = report.framesDecoded ?? 0;
  return frames;
};

const gathered = (peer: RTCPeerConnection): Promise<void> =>
  new Promise((resolve) => {
    if (peer.iceGatheringState === 'complete') return resolve();
    const timer = setTimeout(resolve, gatheringMs);
    peer.onicegatheringstatechange = () => {
      if (peer.iceGatheringState !== 'complete') return;
      clearTimeout(timer);
      resolve();
    };
  });
