// Keeps one host's picture on air: publishes by WHIP (RFC 9725), notices a lost line or a restarted
// server, and publishes again by itself with the tracks that are chosen then. Devices, previews and the
// show's own life are not here. Guarded rule: at most one peer connection is alive, and an answer that
// comes late for an older attempt changes nothing.

import type { Clock, Random } from '../../base/ports.ts';
import type { Problem } from '../../protocol/problems.ts';

export type TrackKind = 'audio' | 'video';

/** What is sent now; null sends nothing of that kind but keeps its place, so that it can be switched in. */
export type PublishTracks = {
  readonly audio: MediaStreamTrack | null;
  readonly video: MediaStreamTrack | null;
};

/** Totals as the browser counts them at one moment; two of them give the figures of the line. */
export type LineCount = {
  readonly atMs: number;
  readonly bytesSent: number;
  readonly framesSent: number;
  readonly framesPerSecond: number | null;
  readonly width: number | null;
  readonly height: number | null;
  /** Round trip to the server; null until the first receiver report. */
  readonly rttMs: number | null;
  /** Share of packets lost over the last report, 0..1; null until there is one. */
  readonly lossRatio: number | null;
  /** What the picture is sent in, such as `H264`; null until it is known. */
  readonly videoCodec: string | null;
  /** Of the sound that is sent: its energy (full scale is 1) and the seconds over which it was summed up. */
  readonly sound: { readonly energy: number; readonly seconds: number } | null;
};

/** One peer connection of an attempt. `studio/publish-peer.ts` makes it from the browser's own. */
export interface PublishPeer {
  /** The offer with every candidate in it. */
  offer(): Promise<string>;
  accept(answerSdp: string): Promise<void>;
  replace(kind: TrackKind, track: MediaStreamTrack | null): Promise<void>;
  count(): Promise<LineCount | null>;
  close(): void;
}

export type PeerState = 'connecting' | 'connected' | 'disconnected' | 'failed';

export type PublishState =
  | { readonly phase: 'off' }
  /** The first attempt is under way. */
  | { readonly phase: 'connecting' }
  | { readonly phase: 'on'; readonly sinceMs: number }
  /** It was on, or began and met something that passes; it tries again by itself. */
  | {
      readonly phase: 'lost';
      readonly sinceMs: number;
      readonly attempt: number;
      readonly problem: Problem | null;
    }
  /** Trying again unchanged can't help: somebody must act. */
  | { readonly phase: 'refused'; readonly problem: Problem };

export type WhipParts = {
  readonly url: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: typeof fetch;
  /** A new peer that sends `tracks` and tells its state as it changes. */
  readonly peer: (tracks: PublishTracks, onState: (state: PeerState) => void) => PublishPeer;
};

export interface WhipPublisher {
  state(): PublishState;
  /** Calls back after each change of state; returns the end of that. */
  subscribe(listener: () => void): () => void;
  /**
   * Begins, or does nothing when it has begun. `resuming`: this page was on air before it was loaded
   * anew, so that a publisher who is still known to the server is our own ghost.
   */
  start(tracks: PublishTracks, resuming?: boolean): void;
  /** Switches a track while live, without a new negotiation. */
  replace(kind: TrackKind, track: MediaStreamTrack | null): void;
  /** The network or the server is back: try at once instead of waiting. */
  nudge(): void;
  /** The server is a new one (its epoch rose): what it knew of this session is gone. */
  serverRestarted(): void;
  count(): Promise<LineCount | null>;
  /** Leaves the air and tells the server, so that nobody waits for a grace period. */
  stop(): void;
}

/** Waits between attempts; the last repeats. Nine attempts fit into a grace period of 30 s. */
const retryMs = [300, 700, 1_500, 3_000, 4_000] as const;
/** Browsers report a short radio gap as `disconnected` and mend it themselves; longer than this it is lost. */
const disconnectedMs = 1_500;
const signallingMs = 8_000;
const connectingMs = 8_000;
/** Our own former session may count as "another host" until the server has noticed that it is dead. */
const ghostMs = 60_000;

export const createWhipPublisher = (parts: WhipParts): WhipPublisher => {
  const { clock, random } = parts;
  const listeners = new Set<() => void>();
  let state: PublishState = { phase: 'off' };
  let tracks: PublishTracks = { audio: null, video: null };
  let peer: PublishPeer | null = null;
  let resource: string | null = null;
  /** Rises with every attempt and stop; whoever holds an older number is late. */
  let turn = 0;
  let attempt = 0;
  let lostSinceMs = 0;
  let wasOn = false;
  let cancelTimer = () => {};
  let abort: AbortController | null = null;

  const become = (next: PublishState) => {
    state = next;
    for (const listener of [...listeners]) listener();
  };

  const dropPeer = () => {
    turn += 1;
    cancelTimer();
    abort?.abort();
    abort = null;
    peer?.close();
    peer = null;
  };

  const leave = () => {
    if (resource === null) return;
    const gone = resource;
    resource = null;
    // The answer doesn't matter: a server that can't be told will notice by itself.
    parts.fetch(gone, { method: 'DELETE', keepalive: true }).catch(() => {});
  };

  const after = (delayMs: number, run: () => void) => {
    cancelTimer();
    const mine = turn;
    cancelTimer = clock.at(clock.nowMs() + delayMs, () => {
      if (mine === turn) run();
    });
  };

  const lose = (problem: Problem | null, delayMs?: number) => {
    if (state.phase === 'on') {
      attempt = 0;
      lostSinceMs = clock.nowMs();
    } else if (state.phase === 'connecting') lostSinceMs = clock.nowMs();
    dropPeer();
    leave();
    const wait = delayMs ?? retryMs[Math.min(attempt, retryMs.length - 1)] ?? 0;
    become({ phase: 'lost', sinceMs: lostSinceMs, attempt, problem });
    after(wait * (0.8 + 0.4 * random.fraction()), connect);
  };

  const refuse = (problem: Problem) => {
    dropPeer();
    leave();
    become({ phase: 'refused', problem });
  };

  const onPeerState = (mine: number, peerState: PeerState) => {
    if (mine !== turn) return;
    if (peerState === 'connected') {
      cancelTimer();
      attempt = 0;
      wasOn = true;
      if (state.phase !== 'on') become({ phase: 'on', sinceMs: clock.nowMs() });
    } else if (peerState === 'disconnected') after(disconnectedMs, () => lose(null, 0));
    else if (peerState === 'failed') lose(null, 0);
  };

  const connect = () => {
    dropPeer();
    const mine = turn;
    attempt += 1;
    if (state.phase === 'lost') become({ ...state, attempt });
    peer = parts.peer(tracks, (peerState) => onPeerState(mine, peerState));
    after(signallingMs, () => lose(null));
    const cut = new AbortController();
    abort = cut;
    signal(peer, cut.signal)
      .then((outcome) => {
        if (mine !== turn) {
          // Stopped meanwhile, and yet the server took us on: give the place back.
          if (outcome.kind === 'taken' && outcome.resource !== null) {
            parts.fetch(outcome.resource, { method: 'DELETE', keepalive: true }).catch(() => {});
          }
          return;
        }
        if (outcome.kind === 'taken') {
          resource = outcome.resource;
          if (state.phase !== 'on') after(connectingMs, () => lose(null));
          return;
        }
        if (outcome.problem === null || mayPass(outcome.problem)) lose(outcome.problem);
        else refuse(outcome.problem);
      })
      .catch(() => {
        if (mine === turn) lose(null);
      });
  };

  const mayPass = (problem: Problem): boolean => {
    if (problem.code === 'media-publisher-exists') {
      return wasOn && clock.nowMs() - lostSinceMs < ghostMs;
    }
    return problem.retry && problem.status !== 401;
  };

  type Outcome =
    | { readonly kind: 'taken'; readonly resource: string | null }
    | { readonly kind: 'not-taken'; readonly problem: Problem | null };

  const signal = async (current: PublishPeer, cut: AbortSignal): Promise<Outcome> => {
    const sdp = await current.offer();
    const response = await parts.fetch(parts.url, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp' },
      body: sdp,
      signal: cut,
    });
    if (response.status !== 201) return { kind: 'not-taken', problem: await problemIn(response) };
    const place = response.headers.get('location');
    const taken: Outcome = { kind: 'taken', resource: place };
    const answer = await response.text();
    if (cut.aborted) return taken;
    await current.accept(answer);
    return taken;
  };

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start(chosen, resuming = false) {
      if (state.phase !== 'off' && state.phase !== 'refused') return;
      tracks = chosen;
      attempt = 0;
      wasOn = resuming;
      lostSinceMs = clock.nowMs();
      become({ phase: 'connecting' });
      connect();
    },
    replace(kind, track) {
      tracks = { ...tracks, [kind]: track };
      peer?.replace(kind, track).catch(() => {
        // A track that can't be switched in place (another codec's size limits) needs a new session.
        if (state.phase === 'on') lose(null, 0);
      });
    },
    nudge() {
      if (state.phase === 'lost' && peer === null) connect();
    },
    serverRestarted() {
      if (state.phase === 'on') lose(null, 0);
      else this.nudge();
    },
    count: () => peer?.count() ?? Promise.resolve(null),
    stop() {
      if (state.phase === 'off') return;
      dropPeer();
      leave();
      become({ phase: 'off' });
    },
  };
};

const problemIn = async (response: Response): Promise<Problem | null> => {
  try {
    const body: unknown = await response.json();
    if (typeof body === 'object' && body !== null && 'code' in body) return body as Problem;
  } catch {
    // No problem document: a proxy answered, or nobody. It is tried again.
  }
  return null;
};

/** The line between two counts. */
export type LineFigures = {
  readonly bitsPerSecond: number;
  readonly framesPerSecond: number | null;
  readonly rttMs: number | null;
  readonly lossRatio: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly videoCodec?: string | null;
  /** How loud the sound is that goes out, dB below full scale; null where the browser doesn't say. */
  readonly soundDb?: number | null;
};

/** Figures over the time between two counts; null when they are of different sessions or one moment. */
export const lineFigures = (
  before: LineCount | null,
  now: LineCount | null,
): LineFigures | null => {
  if (before === null || now === null) return null;
  const spanMs = now.atMs - before.atMs;
  if (spanMs <= 0 || now.bytesSent < before.bytesSent) return null;
  return {
    bitsPerSecond: Math.round(((now.bytesSent - before.bytesSent) * 8_000) / spanMs),
    framesPerSecond:
      now.framesPerSecond ?? Math.round(((now.framesSent - before.framesSent) * 1_000) / spanMs),
    rttMs: now.rttMs,
    lossRatio: now.lossRatio,
    width: now.width,
    height: now.height,
    videoCodec: now.videoCodec,
    soundDb: soundBetween(before.sound, now.sound),
  };
};

/** Less than this is nothing at all: sixteen bits reach no lower. */
const nothingDb = -96;

const soundBetween = (before: LineCount['sound'], now: LineCount['sound']): number | null => {
  if (before === null || now === null) return null;
  const seconds = now.seconds - before.seconds;
  // Another source of sound counts anew.
  if (seconds <= 0 || now.energy < before.energy) return null;
  const db = 10 * Math.log10((now.energy - before.energy) / seconds);
  return Math.max(nothingDb, Math.round(db * 10) / 10);
};

export type LineGrade = 'good' | 'weak' | 'bad';

/**
 * What the host is told in one word. Weak: the crowd notices; bad: it sees the picture stop. The bounds
 * follow what the forwarder repairs: repeated NACKs carried 3 % loss without a frozen frame. Few bits
 * alone are no fault: a quiet picture needs few.
 */
export const lineGrade = (line: LineFigures): LineGrade => {
  const loss = line.lossRatio ?? 0;
  const rtt = line.rttMs ?? 0;
  const frames = line.framesPerSecond ?? 30;
  if (loss > 0.08 || rtt > 600 || frames < 5 || line.bitsPerSecond < 50_000) return 'bad';
  if (loss > 0.03 || rtt > 250 || frames < 15) return 'weak';
  return 'good';
};

/** [HLS-16] What only viewers by WebRTC can see: those who need the slower stream have none. */
export const hasNoSlowStream = (line: LineFigures | null): boolean => line?.videoCodec === 'VP8';
