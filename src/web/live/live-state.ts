// What a page knows of a live show, and how each message of the server changes it: pure, so that every
// rule about repeats, gaps and pending wishes can be tested without a socket. The socket itself, timers
// and sending are in socket-client.ts.

import { crowdLimits } from '../../base/crowd-limits.ts';
import type { CommentReply } from '../../protocol/comment-claim.ts';
import type { Problem } from '../../protocol/problems.ts';
import { applyMessage, type Room, type RoomMessage } from '../../protocol/room.ts';
import type { MyVote } from '../../protocol/room-poll.ts';
import type {
  ClientMessage,
  CrewMessage,
  MyBid,
  MyEntry,
  MyHold,
  PersonalMessage,
  Position,
  Pulse,
  ServerMessage,
  You,
} from '../../protocol/socket.ts';

export type Connection =
  /** Never connected yet. */
  | 'connecting'
  | 'open'
  /** Was connected; comes back by itself. */
  | 'reconnecting'
  /** The device says that it has no network. */
  | 'offline'
  /** Won't come back unchanged; `closeCode` says why. */
  | 'closed';

/** A message of mine that the server hasn't shown yet. Its id is kept over reconnects: it counts once. */
export type PendingChat = {
  readonly id: string;
  readonly text: string;
  readonly replyTo: string | null;
  readonly atMs: number;
  readonly state: 'sending' | 'accepted' | 'refused';
  /** Its place in the log once accepted. */
  readonly seq: number | null;
  readonly problem: Problem | null;
};

/** A claim of mine under way. It ends as a hold or as a refusal that stays until dismissed. */
export type PendingClaim = {
  readonly id: string;
  readonly offerId: string;
  readonly variantId: string;
  readonly quantity: number;
  /** The person was asked about an amount above their own threshold and said yes. */
  readonly confirmed?: boolean;
  readonly state: 'sending' | 'accepted' | 'refused';
  readonly holdId: string | null;
  readonly problem: Problem | null;
};

export type PendingRelease = { readonly id: string; readonly holdId: string };

export type EndedHold = {
  readonly hold: MyHold;
  readonly reason: 'expired' | 'released' | 'paid';
  readonly orderId: string | null;
};

export type BidWish = Extract<ClientMessage, { t: 'bid' | 'undo-bid' | 'take' }>;

/** A bid, an undo or a taking that was sent; refused ones stay until the person acts. */
export type PendingBid = {
  readonly id: string;
  readonly wish: BidWish;
  readonly state: 'sending' | 'refused';
  readonly problem: Problem | null;
};

export type EntryWish = Extract<ClientMessage, { t: 'enter' | 'leave' }>;

/** Entering or leaving a drop's line, sent and not answered, or refused. */
export type PendingEntry = {
  readonly id: string;
  readonly wish: EntryWish;
  readonly state: 'sending' | 'refused';
  readonly problem: Problem | null;
};

export type CommentNews = Extract<CrewMessage, { t: 'comment' }>;

export type LiveState = {
  readonly connection: Connection;
  readonly closeCode: number | null;
  readonly room: Room | null;
  readonly position: Position | null;
  /** Null: not signed in; undefined: not known yet. */
  readonly you: You | null | undefined;
  readonly holds: readonly MyHold[];
  /** Own maxima in lots that aren't over. */
  readonly bids: readonly MyBid[];
  /** Own entries in drops. */
  readonly entries: readonly MyEntry[];
  /** What the shop answered to own comments, oldest first; the last few only. */
  readonly replies: readonly CommentReply[];
  /** Own choice in the poll that is open, or was the last. */
  readonly vote: MyVote | null;
  readonly pendingBids: readonly PendingBid[];
  readonly pendingEntries: readonly PendingEntry[];
  /** Newest last; the last few only. */
  readonly endedHolds: readonly EndedHold[];
  readonly pendingChat: readonly PendingChat[];
  readonly pendingClaims: readonly PendingClaim[];
  readonly pendingReleases: readonly PendingRelease[];
  /** For the crew: what happened, newest last, and the running figures. */
  readonly crew: readonly CrewMessage[];
  /** For the crew: what became of comments, newest last. */
  readonly comments: readonly CommentNews[];
  readonly pulse: Pulse | null;
  /** Lines of chat may be missing before what is shown. */
  readonly chatGap: boolean;
  readonly clockOffsetMs: number;
  readonly rttMs: number | null;
};

/** Lines of chat that a page keeps; a phone scrolls no further. */
export const chatKept = 250;
const endedKept = 8;
const repliesKept = 20;
const crewKept = crowdLimits.crewMessagesKept;

export const firstState = (room: Room | null, you: You | null | undefined): LiveState => ({
  connection: 'connecting',
  closeCode: null,
  room,
  position: null,
  you,
  holds: [],
  bids: [],
  entries: [],
  replies: [],
  vote: null,
  pendingBids: [],
  pendingEntries: [],
  endedHolds: [],
  pendingChat: [],
  pendingClaims: [],
  pendingReleases: [],
  crew: [],
  comments: [],
  pulse: null,
  chatGap: false,
  clockOffsetMs: 0,
  rttMs: null,
});

/** The state after a message of the server (all but `pong`, which only the clock needs). */
export const applyServer = (state: LiveState, message: ServerMessage): LiveState => {
  switch (message.t) {
    case 'welcome':
      return welcome(state, message);
    case 'frame':
      return frame(state, message);
    case 'crew':
      return {
        ...state,
        ...crewAfter(state, message.m),
        pulse: message.pulse,
      };
    case 'you':
      return message.m.reduce(personal, state);
    case 'done':
      return done(state, message);
    case 'refused':
      return refused(state, message.id, message.problem);
    case 'pong':
      return state;
    default:
      // A newer server may say more than this page knows; what it doesn't know changes nothing here.
      return state;
  }
};

type CrewNews = Pick<LiveState, 'crew' | 'comments'>;
const noCrewNews: CrewNews = { crew: [], comments: [] };

/** Comments by themselves: many that are unclear must not push the sales off the page. */
const crewAfter = ({ crew, comments }: CrewNews, news: readonly CrewMessage[]): CrewNews => {
  const ofComments = news.filter((one): one is CommentNews => one.t === 'comment');
  return {
    crew: [...crew, ...news.filter(({ t }) => t !== 'comment')].slice(-crewKept),
    comments: [...comments, ...ofComments].slice(-chatKept),
  };
};

const welcome = (
  state: LiveState,
  message: Extract<ServerMessage, { t: 'welcome' }>,
): LiveState => {
  const common = {
    ...state,
    connection: 'open' as const,
    closeCode: null,
    you: message.you,
    holds: message.holds,
    bids: message.bids,
    entries: message.entries,
    replies: message.replies,
    vote: message.vote,
    pulse: message.pulse ?? state.pulse,
    ...(message.crew ? crewAfter(noCrewNews, message.crew) : {}),
    pendingClaims: withoutKept(state.pendingClaims, message.holds),
  };
  if (message.room === null) return { ...common, chatGap: state.chatGap || message.chatGap };
  // A snapshot: everything up to `seq` is in it, in both lanes.
  return settleChat({
    ...common,
    room: message.room,
    position: { epoch: message.epoch, fast: message.seq, slow: message.seq },
    chatGap: state.room !== null && message.chatGap,
  });
};

const frame = (state: LiveState, message: Extract<ServerMessage, { t: 'frame' }>): LiveState => {
  const { position } = state;
  // Before the welcome nothing can be folded; the welcome will carry it.
  if (!state.room || !position) return state;
  const place = position[message.lane];
  const room = message.m.reduce<Room>(
    (folded, one) => (isNews(one, place) ? applyMessage(folded, one, chatKept) : folded),
    state.room,
  );
  return settleChat({
    ...state,
    room,
    position: { ...position, [message.lane]: Math.max(place, message.to) },
  });
};

/** A message at or below the lane's place was seen before; counted things carry no place and always count. */
const isNews = (message: RoomMessage, place: number): boolean =>
  !('seq' in message) || message.seq > place;

/** Takes away the pending lines that now stand in the chat. */
const settleChat = (state: LiveState): LiveState => {
  const { room, position } = state;
  if (!room || state.pendingChat.length === 0) return state;
  const slow = position?.slow ?? 0;
  const shown = new Set(room.chat.map(({ messageId }) => messageId));
  const pendingChat = state.pendingChat.filter(
    ({ id, seq, state: step }) =>
      !(shown.has(id) || (step === 'accepted' && seq !== null && seq <= slow)),
  );
  return pendingChat.length === state.pendingChat.length ? state : { ...state, pendingChat };
};

const withoutKept = (claims: readonly PendingClaim[], holds: readonly MyHold[]) =>
  claims.filter(({ holdId }) => holdId === null || !holds.some((hold) => hold.holdId === holdId));

const personal = (state: LiveState, message: PersonalMessage): LiveState => {
  if (message.t === 'entry') {
    const { entry } = message;
    const others = state.entries.filter(({ dropId }) => dropId !== entry.dropId);
    return { ...state, entries: [...others, entry] };
  }
  if (message.t === 'reply') {
    const { reply } = message;
    const others = state.replies.filter(({ seq }) => seq !== reply.seq);
    return { ...state, replies: [...others, reply].slice(-repliesKept) };
  }
  if (message.t === 'vote') return { ...state, vote: message.vote };
  if (message.t === 'bid') {
    const { bid } = message;
    return { ...state, bids: [...state.bids.filter(({ lotId }) => lotId !== bid.lotId), bid] };
  }
  if (message.t === 'hold') {
    const { hold } = message;
    const known = state.holds.some(({ holdId }) => holdId === hold.holdId);
    const holds = known
      ? state.holds.map((one) => (one.holdId === hold.holdId ? hold : one))
      : [...state.holds, hold];
    return { ...state, holds, pendingClaims: withoutKept(state.pendingClaims, holds) };
  }
  const hold = state.holds.find(({ holdId }) => holdId === message.holdId);
  if (!hold) return state;
  return {
    ...state,
    holds: state.holds.filter((one) => one !== hold),
    endedHolds: [
      ...state.endedHolds,
      { hold, reason: message.reason, orderId: message.orderId },
    ].slice(-endedKept),
    pendingReleases: state.pendingReleases.filter(({ holdId }) => holdId !== message.holdId),
  };
};

const done = (state: LiveState, message: Extract<ServerMessage, { t: 'done' }>): LiveState => {
  const { id, seq } = message;
  const holdId = message.holdId ?? null;
  return settleChat({
    ...state,
    pendingChat: state.pendingChat.map((line) =>
      line.id === id ? { ...line, state: 'accepted', seq } : line,
    ),
    pendingClaims: withoutKept(
      state.pendingClaims.map((claim) =>
        claim.id === id ? { ...claim, state: 'accepted', holdId } : claim,
      ),
      state.holds,
    ),
    pendingReleases: state.pendingReleases.filter((release) => release.id !== id),
    pendingBids: state.pendingBids.filter((bid) => bid.id !== id),
    pendingEntries: state.pendingEntries.filter((entry) => entry.id !== id),
  });
};

/** Marks a pending wish as refused; it stays with its text until the person acts. */
export const refused = (state: LiveState, id: string, problem: Problem): LiveState => ({
  ...state,
  pendingChat: state.pendingChat.map((line) =>
    line.id === id ? { ...line, state: 'refused', problem } : line,
  ),
  pendingClaims: state.pendingClaims.map((claim) =>
    claim.id === id ? { ...claim, state: 'refused', problem } : claim,
  ),
  pendingReleases: state.pendingReleases.filter((release) => release.id !== id),
  pendingBids: state.pendingBids.map((bid) =>
    bid.id === id ? { ...bid, state: 'refused', problem } : bid,
  ),
  pendingEntries: state.pendingEntries.map((entry) =>
    entry.id === id ? { ...entry, state: 'refused', problem } : entry,
  ),
});
