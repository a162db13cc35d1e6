// The chapters of a replay, and the addresses that lead into it: `?t=754` is a moment, in seconds. Pure.

import type { Mark } from './replay-tape.ts';

/** The part of a replay from one mark to the next. */
export type Chapter = Mark & { readonly endsMs: number };

const chapterKinds: ReadonlySet<Mark['kind']> = new Set(['segment', 'pin', 'offer', 'lot', 'drop']);

/**
 * [RPL-4] Segments, the first showing of each product, offers, lots and drops, in order. What begins within a second of
 * another one is that one: a segment and the product that comes with it.
 */
export const chaptersOf = (marks: readonly Mark[], lengthMs: number): readonly Chapter[] => {
  const shown = new Set<string>();
  const kept: Mark[] = [];
  for (const mark of marks) {
    if (!chapterKinds.has(mark.kind) || mark.offsetMs >= lengthMs) continue;
    if (mark.kind === 'pin') {
      if (shown.has(mark.title)) continue;
      shown.add(mark.title);
    }
    const last = kept.at(-1);
    if (last && mark.kind === 'pin' && mark.offsetMs - last.offsetMs < 1_000) continue;
    kept.push(mark);
  }
  return kept.map((mark, index) => ({ ...mark, endsMs: kept[index + 1]?.offsetMs ?? lengthMs }));
};

/** Where the chapter before or after a moment begins; going back within two seconds goes to the one before. */
export const chapterFrom = (
  chapters: readonly Chapter[],
  atMs: number,
  direction: 'back' | 'on',
): number | null => {
  if (direction === 'on')
    return chapters.find(({ offsetMs }) => offsetMs > atMs + 250)?.offsetMs ?? null;
  return chapters.findLast(({ offsetMs }) => offsetMs < atMs - 2_000)?.offsetMs ?? 0;
};

/**
 * The moment of an address, in ms: `?t=754`, `?t=12m34s`, `?t=1h2m3s`, or `?at=` with a time on the server's clock, as
 * clips have it. Null for none, and for what is none.
 */
export const momentOf = (search: string, startedAtMs: number): number | null => {
  const asked = new URLSearchParams(search);
  const at = /^\d{1,15}$/.exec(asked.get('at') ?? '');
  if (at) return Math.max(0, Number(at[0]) - startedAtMs);
  const text = asked.get('t') ?? '';
  const [whole, hours, minutes, seconds] =
    /^(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?$/.exec(text) ?? [];
  if (!whole) return null;
  return (Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)) * 1_000;
};

/** The address of a moment of the page. */
export const urlAt = (href: string, atMs: number): string => {
  const url = new URL(href);
  url.hash = '';
  url.searchParams.delete('at');
  url.searchParams.set('t', String(Math.floor(atMs / 1_000)));
  return url.href;
};

/** What a key does in a replay; null: nothing of ours. */
export const keyWish = (
  key: string,
): 'toggle' | 'back' | 'on' | 'chapter-back' | 'chapter-on' | 'start' | 'end' | null => {
  switch (key) {
    case ' ':
    case 'k':
      return 'toggle';
    case 'ArrowLeft':
    case 'j':
      return 'back';
    case 'ArrowRight':
    case 'l':
      return 'on';
    case '[':
    case 'PageUp':
      return 'chapter-back';
    case ']':
    case 'PageDown':
      return 'chapter-on';
    case 'Home':
      return 'start';
    case 'End':
      return 'end';
    default:
      return null;
  }
};
