// What was written down on this desk and isn't with the show yet: sent in order, tried again while the line is down, and
// given up with a note when nobody would read it any more. Nothing here draws. Rules: docs/rules/captions.md (CAP-9).

import type { CaptionBody } from '../../../protocol/captions.ts';

/** Two lines on a phone. */
export const captionCharsMax = 80;
/** Words that come later than this are in nobody's way but theirs: the show has gone on. */
export const keptMs = 20_000;
const againMs = 1_500;
const spokenMsMax = 60_000;
/** So many wait at most; speech brings one every few seconds. */
const waitingMax = 40;

/** A long phrase in parts that a screen holds, cut between words. */
export const partsOf = (text: string): readonly string[] => {
  const parts: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= captionCharsMax)
      parts[parts.length - 1] = `${last} ${word}`;
    else
      for (let at = 0; at < word.length; at += captionCharsMax)
        parts.push(word.slice(at, at + captionCharsMax));
  }
  return parts;
};

export type Phrase = {
  readonly text: string;
  readonly source: CaptionBody['source'];
  readonly language: string;
  readonly spokenMs: number;
};

type Waiting = Phrase & { readonly id: string; readonly atMs: number };

export type OutboxState = {
  readonly waiting: number;
  /** Given up since the desk was opened. */
  readonly lost: number;
  /** Why the last one was refused; null since one arrived. */
  readonly refusal: unknown;
};

/** What came of a try: `again` while trying may help. */
export type Outcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly again: boolean; readonly error: unknown };

export type OutboxOptions = {
  readonly send: (body: CaptionBody, id: string) => Promise<Outcome>;
  readonly newId: () => string;
  readonly nowMs: () => number;
  readonly later: (run: () => void, ms: number) => void;
};

export const createCaptionOutbox = ({ send, newId, nowMs, later }: OutboxOptions) => {
  const listeners = new Set<() => void>();
  let queue: readonly Waiting[] = [];
  let state: OutboxState = { waiting: 0, lost: 0, refusal: null };
  let isBusy = false;
  let isClosed = false;

  const change = (next: Partial<OutboxState>) => {
    state = { ...state, ...next, waiting: queue.length };
    for (const listener of listeners) listener();
  };
  const work = async () => {
    if (isBusy) return;
    isBusy = true;
    for (let next = queue[0]; next && !isClosed; next = queue[0]) {
      const { id, atMs, ...phrase } = next;
      const lateMs = nowMs() - atMs;
      if (lateMs > keptMs) {
        queue = queue.slice(1);
        change({ lost: state.lost + 1 });
        continue;
      }
      // It was spoken when it was, however late it arrives.
      const spokenMs = Math.round(Math.min(spokenMsMax, phrase.spokenMs + lateMs));
      const outcome = await send({ ...phrase, spokenMs }, id);
      if (!outcome.ok && outcome.again) {
        await new Promise<void>((resolve) => later(resolve, againMs));
        continue;
      }
      queue = queue.slice(1);
      change(outcome.ok ? { refusal: null } : { refusal: outcome.error, lost: state.lost + 1 });
    }
    isBusy = false;
  };

  return {
    state: (): OutboxState => state,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    put(phrase: Phrase): void {
      const parts = partsOf(phrase.text);
      const atMs = nowMs();
      const all = [...queue, ...parts.map((text) => ({ ...phrase, text, id: newId(), atMs }))];
      const over = Math.max(0, all.length - waitingMax);
      queue = all.slice(0, waitingMax);
      change({ lost: state.lost + over });
      void work();
    },
    close(): void {
      isClosed = true;
    },
  };
};
