// For tests: a show's server behind fake sockets, on a clock that only moves when it is told. It keeps a
// log, answers `hello` by the protocol, does every wish once by its id, and can be cut off at any moment.

import type { Clock, Random } from '../../base/ports.ts';
import {
  applyMessage,
  emptyRoom,
  isSlow,
  type Room,
  type RoomMessage,
} from '../../protocol/room.ts';
import type { ClientMessage, MyHold, Position, ServerMessage } from '../../protocol/socket.ts';
import type { NetworkEvents, SocketLike } from './socket-client.ts';

export const createFakeClock = () => {
  let nowMs = 1_000_000;
  let timers: { atMs: number; run: () => void }[] = [];
  const clock: Clock = {
    nowMs: () => nowMs,
    at(atMs, run) {
      const timer = { atMs, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
  };
  const advance = (ms: number) => {
    const untilMs = nowMs + ms;
    for (;;) {
      const due = timers.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!due) break;
      timers = timers.filter((one) => one !== due);
      nowMs = Math.max(nowMs, due.atMs);
      due.run();
    }
    nowMs = untilMs;
  };
  return { clock, advance };
};

/** Ids that count up and fractions that don't vary: what a test can name. */
export const countingRandom = (): Random => {
  let count = 0;
  return {
    id: () => {
      count += 1;
      return `id${count}`;
    },
    fraction: () => 0.5,
  };
};

export const createFakeNetwork = () => {
  let online = true;
  const listeners = new Set<(online: boolean) => void>();
  const events: NetworkEvents = {
    isOnline: () => online,
    listen(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
  const set = (next: boolean) => {
    online = next;
    for (const listener of [...listeners]) listener(next);
  };
  return { events, set };
};

export type FakeSocket = SocketLike & { readonly sent: ClientMessage[]; closed: boolean };

const plan = {
  title: 'Kiln night',
  showKind: 'demonstration',
  startsAtMs: 0,
  hostId: 'mina',
  hostName: 'Mina Orsini',
  shopName: 'Laguna Ceramics',
  disclosure: 'own-brand',
  isDemo: false,
};

/** The server's side; `clock` only stamps what it says. */
export const createFakeServer = (clock: Clock) => {
  const log: RoomMessage[] = [];
  const done = new Map<string, number>();
  const state = {
    epoch: 1,
    seq: 0,
    room: { ...emptyRoom('kiln', plan), phase: 'live' as const } as Room,
    holds: [] as MyHold[],
    /** The server is down: sockets open but nothing answers. */
    silent: false,
    /** Answers to wishes are lost on the way. */
    answersLost: false,
    /** Welcomes come with a snapshot even where the position was good. */
    snapshots: false,
    /** How far before the position catching up begins: repeats that a client must not count twice. */
    overlap: 0,
    socket: null as FakeSocket | null,
    opened: 0,
  };

  const say = (message: ServerMessage, socket = state.socket) => {
    if (socket && !socket.closed) socket.onmessage?.({ data: JSON.stringify(message) });
  };

  const happen = (make: (seq: number) => RoomMessage, isDelivered = true): number => {
    state.seq += 1;
    const message = make(state.seq);
    log.push(message);
    state.room = applyMessage(state.room, message, 1_000);
    if (isDelivered) {
      const lane = isSlow(message) ? 'slow' : 'fast';
      say({ t: 'frame', atMs: clock.nowMs(), lane, to: state.seq, m: [message] });
    }
    return state.seq;
  };

  const catchUp = (position: Position, socket: FakeSocket) => {
    for (const lane of ['fast', 'slow'] as const) {
      const from = Math.max(0, position[lane] - state.overlap);
      const m = log.filter(
        (message) =>
          isSlow(message) === (lane === 'slow') && 'seq' in message && message.seq > from,
      );
      say({ t: 'frame', atMs: clock.nowMs(), lane, to: state.seq, m }, socket);
    }
  };

  const receive = (message: ClientMessage, socket: FakeSocket) => {
    if (state.silent) return;
    const atMs = clock.nowMs();
    switch (message.t) {
      case 'hello': {
        const isGood = message.position?.epoch === state.epoch && !state.snapshots;
        say(
          {
            t: 'welcome',
            atMs,
            epoch: state.epoch,
            seq: state.seq,
            you: null,
            room: isGood ? null : state.room,
            holds: state.holds,
            bids: [],
            entries: [],
            replies: [],
            vote: null,
            pulse: null,
            crew: null,
            chatGap: false,
          },
          socket,
        );
        if (isGood && message.position) catchUp(message.position, socket);
        return;
      }
      case 'ping':
        return say({ t: 'pong', sentMs: message.sentMs, atMs }, socket);
      case 'chat': {
        const seq =
          done.get(message.id) ?? happen((next) => chatLine(next, message.text, message.id, atMs));
        done.set(message.id, seq);
        if (!state.answersLost) say({ t: 'done', id: message.id, atMs, seq, hash: 'hash' }, socket);
        return;
      }
      default:
        return;
    }
  };

  // A server answers one message before it reads the next one, also when the client wrote in between.
  const inbox: (() => void)[] = [];
  let isReading = false;
  const read = () => {
    if (isReading) return;
    isReading = true;
    for (let next = inbox.shift(); next; next = inbox.shift()) next();
    isReading = false;
  };

  const open = (): SocketLike => {
    const socket: FakeSocket = {
      sent: [],
      closed: false,
      onopen: null,
      onmessage: null,
      onclose: null,
      send(text) {
        const message = JSON.parse(text) as ClientMessage;
        socket.sent.push(message);
        inbox.push(() => {
          if (!socket.closed) receive(message, socket);
        });
        read();
      },
      close() {
        socket.closed = true;
      },
    };
    state.socket = socket;
    state.opened += 1;
    return socket;
  };

  return {
    state,
    open,
    say,
    /** The socket opens: the client says hello. */
    accept: () => state.socket?.onopen?.(),
    /** Ends the connection from the server's side. */
    cut(code = 1006) {
      const socket = state.socket;
      state.socket = null;
      if (!socket || socket.closed) return;
      socket.closed = true;
      socket.onclose?.({ code });
    },
    /** Something happens; `lost` keeps its frame from the client. */
    chat: (text: string, isDelivered = true) =>
      happen((seq) => chatLine(seq, text, `m${seq}`, clock.nowMs()), isDelivered),
    pin: (productId: string, isDelivered = true) =>
      happen((seq) => ({ t: 'pin', seq, productId, atMs: clock.nowMs() }), isDelivered),
  };
};

/** The message's id in the room is the server's own, not the command's: what is mine is known by its place. */
const chatLine = (seq: number, text: string, id: string, atMs: number): RoomMessage => ({
  t: 'chat',
  seq,
  atMs,
  messageId: `room-${id}`,
  personId: 'ines',
  name: 'ines_w',
  text,
  role: 'shopper',
  replyTo: null,
  first: false,
});
