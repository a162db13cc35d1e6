// The socket of one show: connects, says where it stands, folds what comes, and comes back by itself
// after any cut. What the person wished (a message, a claim) keeps its id until the server answered, so
// that a wish sent twice counts once. React reads it as an external store (use-live.ts). What messages
// mean is in live-state.ts; nothing here touches the page.

import { type Clock, type Random, systemClock, systemRandom } from '../../base/ports.ts';
import type { WatchWay } from '../../base/words.ts';
import { comesBack } from '../../protocol/close-codes.ts';
import type { Room } from '../../protocol/room.ts';
import type { ClientMessage, ServerMessage, You } from '../../protocol/socket.ts';
import { type BackOff, backOffMs } from './back-off.ts';
import {
  applyServer,
  type BidWish,
  type EntryWish,
  firstState,
  type LiveState,
  type PendingBid,
  type PendingClaim,
  type PendingEntry,
} from './live-state.ts';
import { createServerClock } from './server-clock.ts';

/** As much of a WebSocket as is used here. */
export type SocketLike = {
  readonly send: (text: string) => void;
  readonly close: (code?: number) => void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
};

/** Where "the network is there" and "gone" come from: the window, or a test. */
export type NetworkEvents = {
  readonly isOnline: () => boolean;
  readonly listen: (changed: (online: boolean) => void) => () => void;
};

export type LiveClientOptions = {
  readonly showId: string;
  /** What the page was served with, so that something stands before the socket opens. */
  readonly room?: Room | null;
  readonly you?: You | null | undefined;
  readonly open?: (url: string) => SocketLike;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly network?: NetworkEvents;
};

/** A wish about a lot before it has its id. */
export type NewBidWish =
  | Omit<Extract<BidWish, { t: 'bid' }>, 'id'>
  | Omit<Extract<BidWish, { t: 'undo-bid' }>, 'id'>
  | Omit<Extract<BidWish, { t: 'take' }>, 'id'>;

export type LiveClient = {
  readonly state: () => LiveState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Sends a chat line; gives the id under which it is pending. */
  readonly chat: (text: string, replyTo?: string | null) => string;
  /** Sends a refused line again, or forgets it. */
  readonly retryChat: (id: string) => void;
  readonly forgetChat: (id: string) => void;
  /** Counts a tap; taps are gathered and sent at most four times a second. */
  readonly react: (reaction: string) => void;
  /** Claims units; repeated presses for the same variant while one is under way are one wish. */
  readonly claim: (
    offerId: string,
    variantId: string,
    quantity: number,
    isConfirmed?: boolean,
  ) => string;
  readonly forgetClaim: (id: string) => void;
  /** Says a maximum on a lot, undoes a bid or takes a lot; one wish of a kind is under way in a lot. */
  readonly bid: (wish: NewBidWish) => string;
  readonly forgetBid: (id: string) => void;
  /** Enters a drop's line (with chance of this device) or leaves it. */
  readonly enter: (dropId: string, variantId: string, quantity: number) => string;
  readonly leave: (dropId: string) => string;
  readonly forgetEntry: (id: string) => void;
  /** Gives a hold of this show's offers back. */
  readonly release: (holdId: string) => void;
  /** Leaves the line of those who wait for a unit that a comment claimed; the shop's reply says when it is done. */
  readonly leaveLine: (offerId: string, variantId: string) => void;
  /** What the player measured, and by which way the picture comes, null for none; goes with the next ping. */
  readonly reportPicture: (delayMs: number | null, watchBy: WatchWay | null) => void;
  /** Connects anew, as after signing in: the server then knows who this is. */
  readonly reconnect: () => void;
  /** The server's time now. */
  readonly nowMs: () => number;
  readonly close: () => void;
};

const backOff: BackOff = { firstMs: 500, maxMs: 15_000 };
/** Five quick pings find a short round trip; after that the clock only drifts. */
const pingMs = [0, 500, 1_000, 2_000, 4_000];
const pingLaterMs = 15_000;
const pongWithinMs = 10_000;
/** An attempt to connect that takes longer is given up and made again. */
const welcomeWithinMs = 12_000;
const reactionsEveryMs = 250;
const reactionsPerMessageMax = 20;
/** An accepted claim whose hold never came (it ended while we were away) isn't shown for ever. */
const holdWithinMs = 4_000;
/** Refusals that pass by themselves: the wish is sent again with its id. */
const passing: ReadonlySet<string> = new Set([
  'busy',
  'log-unavailable',
  'stream-owned',
  'shutting-down',
  'too-many-requests',
]);

const windowNetwork: NetworkEvents = {
  isOnline: () => navigator.onLine,
  listen(changed) {
    const on = () => changed(true);
    const off = () => changed(false);
    window.addEventListener('online', on);
    window.addEventListener('offline', off);
    return () => {
      window.removeEventListener('online', on);
      window.removeEventListener('offline', off);
    };
  },
};

const openWebSocket = (path: string): SocketLike => {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return new WebSocket(url) as unknown as SocketLike;
};

/** Connects to a show at once. Call `close` when the page leaves it. */
export const createLiveClient = (options: LiveClientOptions): LiveClient => {
  const { showId, clock = systemClock, random = systemRandom, network = windowNetwork } = options;
  const open = options.open ?? openWebSocket;
  const serverClock = createServerClock();
  const listeners = new Set<() => void>();
  let state = firstState(options.room ?? null, options.you);
  let socket: SocketLike | null = null;
  let welcomed = false;
  let attempt = 0;
  let stopped = false;
  let pings = 0;
  let pictureDelayMs: number | null = null;
  let watchBy: WatchWay | null = null;
  let taps: Record<string, number> = {};
  const timers = { connect: idle, ping: idle, pong: idle, welcome: idle, taps: idle };
  const repeats = new Map<string, () => void>();

  const set = (next: LiveState) => {
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  };
  const after = (ms: number, run: () => void) => clock.at(clock.nowMs() + ms, run);
  const rearm = (name: keyof typeof timers, ms: number, run: () => void) => {
    timers[name]();
    timers[name] = after(ms, run);
  };
  const send = (message: ClientMessage) => {
    if (socket && welcomed) socket.send(JSON.stringify(message));
  };

  const connect = () => {
    timers.connect();
    if (stopped) return;
    if (!network.isOnline()) return set({ ...state, connection: 'offline' });
    const mine = open(`/api/shows/${showId}/live`);
    socket = mine;
    rearm('welcome', welcomeWithinMs, () => lost(mine, 4002));
    mine.onopen = () => {
      if (mine !== socket) return;
      const hello: ClientMessage = state.position
        ? { t: 'hello', position: state.position }
        : { t: 'hello' };
      mine.send(JSON.stringify(hello));
    };
    mine.onmessage = ({ data }) => {
      if (mine === socket && typeof data === 'string') receive(JSON.parse(data) as ServerMessage);
    };
    mine.onclose = ({ code }) => lost(mine, code);
  };

  /** The end of a connection, whoever ended it; once for each socket. */
  const lost = (mine: SocketLike, code: number) => {
    if (mine !== socket) return;
    drop();
    if (!comesBack(code)) return set({ ...state, connection: 'closed', closeCode: code });
    if (!network.isOnline()) return set({ ...state, connection: 'offline', closeCode: code });
    set({ ...state, connection: state.position ? 'reconnecting' : 'connecting', closeCode: code });
    rearm('connect', backOffMs(attempt, backOff, random.fraction), connect);
    attempt += 1;
  };

  const drop = () => {
    const mine = socket;
    socket = null;
    welcomed = false;
    for (const name of ['ping', 'pong', 'welcome', 'taps'] as const) timers[name]();
    if (!mine) return;
    mine.onopen = null;
    mine.onmessage = null;
    mine.onclose = null;
    try {
      mine.close();
    } catch {
      // Closing what never opened: there is nothing to close.
    }
  };

  const receive = (message: ServerMessage) => {
    const nowMs = clock.nowMs();
    if (message.t === 'pong') {
      timers.pong();
      serverClock.sample(message.sentMs, message.atMs, nowMs);
      return set({ ...state, clockOffsetMs: serverClock.offsetMs(), rttMs: serverClock.rttMs() });
    }
    if (message.t === 'welcome') {
      timers.welcome();
      attempt = 0;
      welcomed = true;
      serverClock.hint(message.atMs, nowMs);
      set({ ...applyServer(state, message), clockOffsetMs: serverClock.offsetMs() });
      resend();
      pings = 0;
      ping();
      return;
    }
    if (message.t === 'refused' && repeatLater(message)) return;
    set(applyServer(state, message));
    if (message.t === 'done') after(holdWithinMs, () => forgetAccepted(message.id));
  };

  /** What is still unanswered goes out again with the same ids, in the order in which it was wished. */
  const resend = () => {
    for (const { id, text, replyTo, state: step } of state.pendingChat) {
      if (step === 'sending') send({ t: 'chat', id, text, ...(replyTo ? { replyTo } : {}) });
    }
    for (const claim of state.pendingClaims)
      if (claim.state === 'sending') send(claimMessage(claim));
    for (const { wish, state: step } of state.pendingBids) if (step === 'sending') send(wish);
    for (const { wish, state: step } of state.pendingEntries) if (step === 'sending') send(wish);
    for (const { id, holdId } of state.pendingReleases) send({ t: 'release', id, holdId });
  };

  /** A refusal that passes: sent again after the time that it names. True when that was arranged. */
  const repeatLater = ({ id, problem }: Extract<ServerMessage, { t: 'refused' }>): boolean => {
    const line = state.pendingChat.find((one) => one.id === id);
    const claim = state.pendingClaims.find((one) => one.id === id);
    const bid = state.pendingBids.find((one) => one.id === id);
    const entry = state.pendingEntries.find((one) => one.id === id);
    const isTooFast = line !== undefined && problem.code === 'chat-too-fast';
    if ((!line && !claim && !bid && !entry) || !(passing.has(problem.code) || isTooFast))
      return false;
    const named = Number(problem.retryAfterMs);
    const pauseMs =
      (Number.isFinite(named) && named > 0 ? named : 1_000) + Math.round(random.fraction() * 300);
    repeats.get(id)?.();
    repeats.set(
      id,
      after(pauseMs, () => {
        repeats.delete(id);
        if (line)
          send({
            t: 'chat',
            id,
            text: line.text,
            ...(line.replyTo ? { replyTo: line.replyTo } : {}),
          });
        if (bid) send(bid.wish);
        if (entry) send(entry.wish);
        if (claim) {
          const { offerId, variantId, quantity } = claim;
          send({ t: 'claim', id, offerId, variantId, quantity });
        }
      }),
    );
    return true;
  };

  const forgetAccepted = (id: string) => {
    const pendingClaims = state.pendingClaims.filter(
      (claim) => claim.id !== id || claim.state !== 'accepted',
    );
    if (pendingClaims.length !== state.pendingClaims.length) set({ ...state, pendingClaims });
  };

  const wishEntry = (wish: EntryWish): string => {
    const underWay = state.pendingEntries.find(
      (one) => one.state === 'sending' && one.wish.dropId === wish.dropId && one.wish.t === wish.t,
    );
    if (underWay) return underWay.id;
    const others = state.pendingEntries.filter((one) => one.state !== 'refused');
    const pending: PendingEntry = { id: wish.id, wish, state: 'sending', problem: null };
    set({ ...state, pendingEntries: [...others, pending] });
    send(wish);
    return wish.id;
  };

  const ping = () => {
    if (!socket || !welcomed) return;
    const mine = socket;
    send({
      t: 'ping',
      sentMs: clock.nowMs(),
      ...(pictureDelayMs === null ? {} : { pictureDelayMs }),
      ...(watchBy === null ? {} : { watchBy }),
    });
    rearm('pong', pongWithinMs, () => lost(mine, 4002));
    pings += 1;
    rearm('ping', pingMs[pings] ?? pingLaterMs, ping);
  };

  const flushTaps = () => {
    for (const [reaction, count] of Object.entries(taps)) {
      send({ t: 'react', reaction, count: Math.min(count, reactionsPerMessageMax) });
    }
    taps = {};
  };

  const stopListening = network.listen((isOnline) => {
    if (stopped || state.connection === 'closed') return;
    if (!isOnline) {
      drop();
      timers.connect();
      set({ ...state, connection: 'offline' });
    } else if (!socket) {
      attempt = 0;
      set({ ...state, connection: state.position ? 'reconnecting' : 'connecting' });
      // A whole house comes back at once: spread a little.
      rearm('connect', Math.round(random.fraction() * 300), connect);
    }
  });

  connect();

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    chat(text, replyTo = null) {
      const id = random.id();
      const line = {
        id,
        text,
        replyTo,
        atMs: clock.nowMs(),
        state: 'sending',
        seq: null,
        problem: null,
      } as const;
      set({ ...state, pendingChat: [...state.pendingChat, line] });
      send({ t: 'chat', id, text, ...(replyTo ? { replyTo } : {}) });
      return id;
    },
    retryChat(id) {
      const line = state.pendingChat.find((one) => one.id === id);
      if (line?.state !== 'refused') return;
      const { text, replyTo } = line;
      set({
        ...state,
        pendingChat: state.pendingChat.map((one) =>
          one.id === id ? { ...one, state: 'sending', problem: null } : one,
        ),
      });
      send({ t: 'chat', id, text, ...(replyTo ? { replyTo } : {}) });
    },
    forgetChat(id) {
      set({ ...state, pendingChat: state.pendingChat.filter((line) => line.id !== id) });
    },
    react(reaction) {
      taps[reaction] = (taps[reaction] ?? 0) + 1;
      if (Object.keys(taps).length === 1 && taps[reaction] === 1)
        rearm('taps', reactionsEveryMs, flushTaps);
    },
    claim(offerId, variantId, quantity, isConfirmed = false) {
      const underWay = state.pendingClaims.find(
        (claim) =>
          claim.offerId === offerId && claim.variantId === variantId && claim.state === 'sending',
      );
      if (underWay) return underWay.id;
      const id = random.id();
      const claim = {
        id,
        offerId,
        variantId,
        quantity,
        ...(isConfirmed ? { confirmed: true } : {}),
        state: 'sending',
        holdId: null,
        problem: null,
      } as const;
      const others = state.pendingClaims.filter((one) => one.state !== 'refused');
      set({ ...state, pendingClaims: [...others, claim] });
      send(claimMessage(claim));
      return id;
    },
    forgetClaim(id) {
      set({ ...state, pendingClaims: state.pendingClaims.filter((claim) => claim.id !== id) });
    },
    bid(wish) {
      const underWay = state.pendingBids.find(
        (one) => one.state === 'sending' && one.wish.lotId === wish.lotId && one.wish.t === wish.t,
      );
      if (underWay) return underWay.id;
      const id = random.id();
      const pending: PendingBid = { id, wish: { ...wish, id }, state: 'sending', problem: null };
      const others = state.pendingBids.filter((one) => one.state !== 'refused');
      set({ ...state, pendingBids: [...others, pending] });
      send(pending.wish);
      return id;
    },
    forgetBid(id) {
      set({ ...state, pendingBids: state.pendingBids.filter((one) => one.id !== id) });
    },
    enter(dropId, variantId, quantity) {
      const words = random.id().slice(0, 32);
      return wishEntry({ t: 'enter', id: random.id(), dropId, variantId, quantity, words });
    },
    leave(dropId) {
      return wishEntry({ t: 'leave', id: random.id(), dropId });
    },
    forgetEntry(id) {
      set({ ...state, pendingEntries: state.pendingEntries.filter((one) => one.id !== id) });
    },
    leaveLine(offerId, variantId) {
      send({ t: 'leave-line', id: random.id(), offerId, variantId });
    },
    release(holdId) {
      if (state.pendingReleases.some((release) => release.holdId === holdId)) return;
      const release = { id: random.id(), holdId };
      set({ ...state, pendingReleases: [...state.pendingReleases, release] });
      send({ t: 'release', ...release });
    },
    reportPicture(delayMs, way) {
      watchBy = way;
      pictureDelayMs = delayMs === null ? null : Math.round(Math.max(0, delayMs));
    },
    reconnect() {
      if (stopped) return;
      drop();
      attempt = 0;
      connect();
    },
    nowMs: () => clock.nowMs() + state.clockOffsetMs,
    close() {
      stopped = true;
      stopListening();
      drop();
      for (const cancel of [...Object.values(timers), ...repeats.values()]) cancel();
    },
  };
};

const idle = () => {};

const claimMessage = ({
  id,
  offerId,
  variantId,
  quantity,
  confirmed,
}: PendingClaim): ClientMessage => ({
  t: 'claim',
  id,
  offerId,
  variantId,
  quantity,
  ...(confirmed ? { confirmed } : {}),
});
