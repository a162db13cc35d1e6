// What is said of drops to those who listen instead of looking: that one is announced, open or over, my place when it
// is drawn, my turn; how the line moves only when what it means for me changes. Pure but for its memory; who speaks
// it is drop-sense.tsx.

import type { RoomDrop } from '../../protocol/room.ts';
import type { MyHold } from '../../protocol/socket.ts';
import { timeLeftText, timeText } from '../design/clock.tsx';
import { moneyText } from '../design/money.tsx';
import type { LiveState } from '../live/live-state.ts';
import {
  aheadOf,
  aheadWords,
  everybodyAtMs,
  type MyDrop,
  myDrop,
  type Outlook,
  outcomeWords,
  outlookOf,
  outlookWords,
  refusedWords,
} from './drop.ts';

export type Heard = Pick<LiveState, 'room' | 'holds' | 'endedHolds' | 'entries' | 'pendingEntries'>;

/** Between two words about how the line moves. */
export const progressEveryMs = 10_000;
const openingMs = 10_000;

export type DropCrier = {
  /** What to say now, after `state` became so or a second went by; empty for nothing. */
  readonly hear: (state: Heard, nowMs: number) => readonly string[];
};

export const createDropCrier = (first: Heard): DropCrier => {
  let before = first;
  let progressSaidAtMs = 0;
  const openingSaid = new Set<string>();
  const outlooks = new Map<string, Outlook | null>();
  const remember = ({ room, ...mine }: Heard) => {
    for (const drop of room?.drops ?? []) {
      const { entry } = myDrop(drop.dropId, mine);
      outlooks.set(drop.dropId, entry && outlookOf(drop, entry));
    }
  };
  remember(first);

  const hear = (state: Heard, nowMs: number): readonly string[] => {
    const was = before;
    before = state;
    const words: string[] = [];
    for (const drop of state.room?.drops ?? []) {
      const known = was.room?.drops.find(({ dropId }) => dropId === drop.dropId);
      words.push(...changesOf(known, drop, myDrop(drop.dropId, was), myDrop(drop.dropId, state)));
      const opening = openingOf(drop, nowMs);
      if (opening && !openingSaid.has(drop.dropId)) {
        openingSaid.add(drop.dropId);
        words.push(opening);
      }
    }
    for (const hold of state.holds) {
      const isNew = !was.holds.some(({ holdId }) => holdId === hold.holdId);
      const drop = state.room?.drops.find(({ dropId }) => dropId === hold.offerId);
      if (isNew && drop) words.push(turnWords(drop, hold, nowMs));
    }
    for (const { id, wish, state: step, problem } of state.pendingEntries) {
      const isNew = was.pendingEntries.find((one) => one.id === id)?.state !== 'refused';
      if (step !== 'refused' || !problem || !isNew) continue;
      const { title, detail } = refusedWords(problem, wish);
      words.push(`${title}. ${detail}`);
    }
    if (words.length > 0) {
      // What was just said is heard out before the line's moves are told.
      progressSaidAtMs = nowMs;
      remember(state);
      return words;
    }
    if (nowMs - progressSaidAtMs < progressEveryMs) return [];
    const progress = progressOf(state, outlooks);
    remember(state);
    if (progress.length > 0) progressSaidAtMs = nowMs;
    return progress;
  };

  return { hear };
};

const kindOf = ({ isGiveaway }: RoomDrop): string => (isGiveaway ? 'giveaway' : 'drop');

/** What has changed of a drop that is worth a sentence at once. */
const changesOf = (
  was: RoomDrop | undefined,
  drop: RoomDrop,
  mineBefore: MyDrop,
  mine: MyDrop,
): readonly string[] => {
  const { title, figures, opensAtMs } = drop;
  const from = was?.figures.phase;
  const words: string[] = [];
  if (!was && figures.phase === 'announced') {
    const when = opensAtMs === null ? 'the host opens it' : `it opens at ${timeText(opensAtMs)}`;
    words.push(`A ${kindOf(drop)}: ${title}; ${when}. You can enter now.`);
  }
  if (figures.phase === 'open' && from !== 'open')
    words.push(`The ${kindOf(drop)} of ${title} is open.`);
  const isEntered = mine.entry !== null;
  if (isEntered && mineBefore.entry === null && mine.entry.place === null)
    words.push(`You are in with entry ${mine.entry.entry}.`);
  if (!isEntered && mineBefore.entry !== null && mine.ended === null)
    words.push('You left the line.');
  const ahead = mine.entry?.state === 'waiting' ? aheadOf(drop, mine.entry) : null;
  if (mine.entry && ahead !== null && mineBefore.entry?.place == null)
    words.push(`Your place is ${mine.entry.place}. ${standingWords(drop, mine)}`);
  const isOver = figures.phase === 'closed' || figures.phase === 'cancelled';
  // Whoever holds a unit or had one hears of that; the end of the others' line isn't theirs.
  if (was && isOver && from !== figures.phase && !mine.hold && mine.ended === null) {
    const { title: outcome, detail } = outcomeWords(drop, mine);
    words.push([`${title}: ${outcome}`, detail].filter(Boolean).join('. '));
  }
  return words;
};

const standingWords = (drop: RoomDrop, { entry }: MyDrop): string => {
  const ahead = entry && aheadOf(drop, entry);
  const outlook = entry && outlookOf(drop, entry);
  if (ahead === null || outlook === null) return '';
  return `${aheadWords(ahead)}. ${outlookWords[outlook]}.`;
};

const openingOf = (drop: RoomDrop, nowMs: number): string | null => {
  const atMs = everybodyAtMs(drop);
  const leftMs = (atMs ?? 0) - nowMs;
  if (drop.figures.phase !== 'announced' || leftMs <= 0 || leftMs > openingMs) return null;
  const seconds = Math.ceil(leftMs / 1_000);
  return `${drop.title} opens in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`;
};

const turnWords = (drop: RoomDrop, hold: MyHold, nowMs: number): string => {
  const time = timeLeftText(Math.round((hold.expiresAtMs - nowMs) / 1_000));
  return drop.isGiveaway
    ? `It’s your turn: ${hold.title} is yours for free. Take it within ${time}.`
    : `It’s your turn: ${hold.title} at ${moneyText(hold.unitPrice)}. Pay within ${time}.`;
};

/** How the line has moved, where that changes what I may hope for. */
const progressOf = (
  { room, ...mine }: Heard,
  outlooks: ReadonlyMap<string, Outlook | null>,
): readonly string[] =>
  (room?.drops ?? []).flatMap((drop) => {
    const own = myDrop(drop.dropId, mine);
    if (drop.figures.phase !== 'open' || own.entry?.state !== 'waiting' || own.hold) return [];
    const outlook = outlookOf(drop, own.entry);
    return outlook === null || outlook === outlooks.get(drop.dropId)
      ? []
      : [`${drop.title}: ${standingWords(drop, own)}`];
  });
