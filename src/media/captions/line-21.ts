// What an encoder's captions (CEA-608, field 1, channel 1) say, as finished lines: a row that rolled up, a caption that
// popped on, what was painted on once it stands. The rule: each row is said once, however long it stays on the screen;
// garbage says nothing, never throws and never grows.

import { Cta608Parser, type VerboseLevel } from '@svta/cml-608';
import { limits } from '../../base/limits.ts';

/** Words that are finished. */
export type SaidLine = {
  readonly text: string;
  /** From its first letter until it was finished, in ms. */
  readonly spokenMs: number;
};

/** A row that nobody goes on writing for so long is finished. */
const RESTS_MS = 1500;

/** Control codes of channel 1 (CEA-608, table 52), parity removed; the first byte is 0x14 in field 1. */
const CONTROL = 0x14;
const RESUME_LOADING = 0x20;
const ROLL_UP = [0x25, 0x26, 0x27];
const PAINT_ON = 0x29;
const TEXT = [0x2a, 0x2b];
const ERASE = 0x2c;
const RETURN = 0x2d;
const END_OF_CAPTION = 0x2f;

export class Line21 {
  readonly #say: (line: SaidLine) => void;
  #parser = silentParser((rows) => {
    this.#rows = rows;
  });
  /** What stands on the screen, from the top. */
  #rows: readonly string[] = [];
  /** What of it was said. */
  #said: readonly string[] = [];
  #mode: 'none' | 'direct' | 'loaded' = 'none';
  /** When the first letter that isn't said yet came, and the last. */
  #sinceMs: number | null = null;
  #writtenMs = 0;
  /** When lines were said lately. */
  #times: readonly number[] = [];

  constructor(say: (line: SaidLine) => void) {
    this.#say = say;
  }

  /** Takes the pairs of one picture, which may be none; `atMs` of one picture after the other only grows. */
  picture(bytes: readonly number[], atMs: number): void {
    for (let at = 0; at + 1 < bytes.length; at += 2)
      this.#pair((bytes[at] ?? 0) & 0x7f, (bytes[at + 1] ?? 0) & 0x7f, atMs);
    if (this.#sinceMs !== null && atMs - this.#writtenMs >= RESTS_MS)
      this.#finish(this.#rows, atMs);
  }

  /** The line ended or was cut: says what stands there, and begins anew. */
  end(atMs: number): void {
    if (this.#sinceMs !== null) this.#finish(this.#rows, atMs);
    this.#reset();
  }

  #pair(first: number, second: number, atMs: number): void {
    const before = this.#rows;
    try {
      this.#parser.addData(atMs, [first, second]);
      this.#rows = [];
      // Gives the rows that stand there now; where it gives none, there are none.
      this.#parser.cueSplitAtTime(atMs);
    } catch {
      // The library writes beyond the end of a row that is too long.
      this.#reset();
      return;
    }
    const code = first === CONTROL ? second : null;
    if (code !== null) this.#control(code, before, atMs);
    else if (this.#mode === 'direct' && !isSame(before, this.#rows)) {
      this.#sinceMs ??= atMs;
      this.#writtenMs = atMs;
    }
  }

  #control(code: number, before: readonly string[], atMs: number): void {
    if (code === END_OF_CAPTION) {
      this.#mode = 'loaded';
      // Sent twice as all codes are, it changes the screen once.
      if (isSame(before, this.#rows)) return;
      this.#sinceMs = atMs;
      this.#said = [];
      this.#finish(this.#rows, atMs);
      return;
    }
    const isMode = ROLL_UP.includes(code) || code === PAINT_ON;
    const isEnd = isMode || code === RETURN || code === ERASE || code === RESUME_LOADING;
    if (this.#sinceMs !== null && isEnd) this.#finish(before, atMs);
    if (isMode) this.#mode = 'direct';
    else if (code === RESUME_LOADING) this.#mode = 'loaded';
    else if (TEXT.includes(code)) this.#mode = 'none';
    if (this.#rows.length === 0) this.#said = [];
  }

  /** Says what of these rows wasn't said yet. */
  #finish(rows: readonly string[], atMs: number): void {
    const text = newIn(rows, this.#said).join(' ').replace(/\s+/g, ' ').trim();
    const spokenMs = Math.min(
      limits.captionSpokenMsMax,
      Math.round(atMs - (this.#sinceMs ?? atMs)),
    );
    this.#said = rows;
    this.#sinceMs = null;
    if (text === '' || !this.#mayGo(atMs)) return;
    this.#say({ text: text.slice(0, limits.captionTextMax), spokenMs: Math.max(0, spokenMs) });
  }

  /** Nobody reads more; what comes faster is noise, and isn't worth a message. */
  #mayGo(atMs: number): boolean {
    const lately = this.#times.filter((timeMs) => timeMs > atMs - limits.captionBurstMs);
    if (lately.length >= limits.captionBurst) return false;
    this.#times = [...lately, atMs];
    return true;
  }

  #reset(): void {
    this.#parser = silentParser((rows) => {
      this.#rows = rows;
    });
    this.#rows = [];
    this.#said = [];
    this.#mode = 'none';
    this.#sinceMs = null;
  }
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((row, at) => row === other[at]);

/** What of `rows` stands below what was `said` already; a row that was said may have been gone on with. */
const newIn = (rows: readonly string[], said: readonly string[]): readonly string[] => {
  for (let count = Math.min(rows.length, said.length); count > 0; count -= 1) {
    const old = said.slice(-count);
    const last = old.at(-1) ?? '';
    const grown = rows[count - 1] ?? '';
    if (isSame(old.slice(0, -1), rows.slice(0, count - 1)) && grown.startsWith(last))
      return [grown.slice(last.length), ...rows.slice(count)];
  }
  return rows;
};

/** A parser that tells the rows of channel 1 when asked, and prints nothing. */
const silentParser = (tell: (rows: readonly string[]) => void): Cta608Parser => {
  const handler = {
    newCue: (_from: number, _to: number, screen: { getDisplayText(): string }) =>
      tell(screen.getDisplayText().split('\n').filter(Boolean)),
  };
  const parser = new Cta608Parser(1, handler, null);
  // Its logger would write a line for each odd byte that a stranger sends.
  // biome-ignore lint/complexity/useLiteralKeys: it is private by its types.
  parser['logger'].verboseLevel = -1 as VerboseLevel;
  return parser;
};
