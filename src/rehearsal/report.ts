// What a rehearsal came to, folded from the log of its show: how the time went, what was asked and not answered, what
// was sold unseen, what people wanted. Pure. Rules: docs/rules/rehearsal.md.

import { limits } from '../base/limits.ts';
import type { Money } from '../base/money.ts';
import type { ShowEvent } from '../domain/show/show.ts';
import { storyHints } from '../domain/show/story-lint.ts';
import type { RecordedEvent } from '../log/event-log.ts';
import type { RehearsalReport } from '../protocol/rehearsal.ts';
import type { Script } from './script.ts';

/** [RHS-8] A question is answered when somebody of the crew writes within so long after it. */
export const answerWithinMs = 60_000;

/** What the log doesn't say. */
export type Counted = {
  readonly refused: ReadonlyMap<string, number>;
  readonly rudeIds: ReadonlySet<string>;
  readonly came: number;
  readonly mostAtOnce: number;
  readonly droppedOff: number;
  readonly declined: number;
  readonly takings: Money | null;
  readonly paid: number;
  readonly cut: { readonly atMs: number; readonly backAtMs: number | null } | null;
};

type Line = { readonly atMs: number; readonly text: string; readonly name: string };

export const reportOf = (
  events: readonly RecordedEvent[],
  script: Pick<Script, 'segments' | 'plan' | 'items'>,
  counted: Counted,
  end: { readonly atMs: number; readonly by: RehearsalReport['endedBy'] },
): RehearsalReport => {
  const fold = new Fold(counted);
  for (const event of events) fold.take(event);
  fold.leaveSegment(end.atMs);
  const { segments, plan, items } = script;
  const startedAtMs = fold.startedAtMs ?? end.atMs;
  const minutes = plan.minutes ?? null;
  const planned = segments.map((segment) => ({
    segmentId: segment.segmentId,
    title: segment.title,
    beat: segment.beat,
    plannedMs: segment.minutes * 60_000,
    actualMs: fold.timeIn.get(segment.segmentId) ?? 0,
  }));
  const answered = fold.questions.flatMap((one) =>
    one.answeredAtMs === null ? [] : [one.answeredAtMs - one.atMs],
  );
  const open = fold.questions.filter((one) => one.answeredAtMs === null);
  const shelf = items.map(({ productId }) => productId);
  const hints = storyHints({ segments, minutes, shelf });
  return {
    startedAtMs,
    endedAtMs: end.atMs,
    endedBy: end.by,
    plannedMs:
      minutes === null
        ? planned.reduce((sum, { plannedMs }) => sum + plannedMs, 0)
        : minutes * 60_000,
    actualMs: end.atMs - startedAtMs,
    segments: planned,
    story: hints.map(({ rule, words, cure }) => ({ rule, words, cure })),
    withoutDemo: [...fold.withoutDemo],
    questions: {
      asked: fold.questions.length,
      answered: answered.length,
      withinMs: answerWithinMs,
      medianMs: medianOf(answered),
      slowestMs: answered.length === 0 ? null : Math.max(...answered),
      open: open
        .slice(-limits.rehearsalQuestionsKept)
        .map(({ name, text, atMs }) => ({ name, text, atMs })),
    },
    rude: { said: counted.rudeIds.size, removed: fold.rudeRemoved },
    cut:
      counted.cut === null
        ? null
        : {
            atMs: counted.cut.atMs,
            awayMs: counted.cut.backAtMs === null ? null : counted.cut.backAtMs - counted.cut.atMs,
          },
    demand: {
      claims: fold.claims,
      refused: [...counted.refused]
        .map(([code, count]) => ({ code, count }))
        .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1))
        .slice(0, limits.rehearsalRefusalsKept),
      bids: fold.bids,
      bidders: fold.bidders.size,
      entries: fold.entries,
      holds: fold.holds,
      expired: fold.expired,
      released: fold.released,
      declined: counted.declined,
      paid: counted.paid,
      takings: counted.takings,
    },
    soldOut: fold.soldOut(),
    unwanted: fold.unwanted(),
    crowd: {
      came: counted.came,
      mostAtOnce: counted.mostAtOnce,
      droppedOff: counted.droppedOff,
      lines: fold.lines,
      reactions: fold.reactions,
    },
  };
};

/** A question by its mark, of whatever script. */
export const isQuestion = (text: string): boolean => /[?？؟]/.test(text);

const medianOf = (values: readonly number[]): number | null => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? null : (sorted[Math.floor((sorted.length - 1) / 2)] ?? null);
};

type Asked = Line & { answeredAtMs: number | null };

/** Units of one offer, lot or drop. */
type Sold = {
  readonly title: string;
  readonly productId: string;
  readonly units: number;
  taken: number;
  wanted: number;
};

class Fold {
  startedAtMs: number | null = null;
  readonly timeIn = new Map<string, number>();
  readonly withoutDemo = new Set<string>();
  readonly questions: Asked[] = [];
  readonly bidders = new Set<string>();
  rudeRemoved = 0;
  claims = 0;
  bids = 0;
  entries = 0;
  holds = 0;
  expired = 0;
  released = 0;
  lines = 0;
  reactions = 0;
  readonly #counted: Counted;
  readonly #beats = new Map<string, string>();
  readonly #productsOf = new Map<string, readonly string[]>();
  readonly #shown = new Set<string>();
  readonly #sold = new Map<string, Sold>();
  #segment: { readonly id: string; readonly sinceMs: number } | null = null;

  constructor(counted: Counted) {
    this.#counted = counted;
  }

  take(recorded: RecordedEvent): void {
    const event = recorded as unknown as ShowEvent & { by: string | null };
    const { atMs, by } = recorded;
    switch (event.kind) {
      case 'ShowStarted':
        this.startedAtMs = atMs;
        return;
      case 'SegmentsArranged':
        for (const { segmentId, beat, productIds } of event.data.segments) {
          this.#beats.set(segmentId, beat);
          this.#productsOf.set(segmentId, productIds);
        }
        return;
      case 'SegmentEntered': {
        this.leaveSegment(atMs);
        const { segmentId } = event.data;
        this.#segment = { id: segmentId, sinceMs: atMs };
        if (this.#isShowing())
          for (const id of this.#productsOf.get(segmentId) ?? []) this.#shown.add(id);
        return;
      }
      case 'ProductPinned':
        if (event.data.productId !== null && this.#isShowing())
          this.#shown.add(event.data.productId);
        return;
      case 'OfferRequested': {
        const { offerId, productId, title, variants } = event.data.terms;
        const units = variants.reduce((sum, { quantity }) => sum + quantity, 0);
        this.#sold.set(offerId, { title, productId, units, taken: 0, wanted: 0 });
        // A drop asks for its units when it is announced, long before it sells.
        if (event.data.terms.by !== 'drop') this.#sells(offerId);
        return;
      }
      case 'DropOpened':
        this.#sells(event.data.dropId);
        return;
      case 'OfferRefused':
        this.#sold.delete(event.data.offerId);
        return;
      case 'HoldPlaced': {
        const { offerId, quantity, personId } = event.data;
        this.holds += 1;
        if (by === personId) this.claims += 1;
        this.#count(offerId, quantity, 1);
        return;
      }
      case 'HoldExpired':
        this.expired += 1;
        this.#count(event.data.offerId, -event.data.quantity, 0);
        return;
      case 'HoldReleased':
        this.released += 1;
        this.#count(event.data.offerId, -event.data.quantity, 0);
        return;
      case 'BidPlaced':
        this.bids += 1;
        if (by !== null) this.bidders.add(by);
        this.#count(event.data.lotId, 0, 1);
        return;
      case 'DropEntered':
        this.entries += 1;
        this.#count(event.data.dropId, 0, 1);
        return;
      case 'MessagePosted':
        if (event.data.role === 'shopper')
          this.#heard(atMs, event.personal?.text ?? '', event.personal?.name ?? '');
        else this.#answered(atMs);
        return;
      case 'MessageRemoved':
        if (this.#counted.rudeIds.has(event.data.messageId)) this.rudeRemoved += 1;
        return;
      case 'ReactionsCounted':
        for (const count of Object.values(event.data.counts)) this.reactions += count ?? 0;
        return;
      default:
    }
  }

  leaveSegment(atMs: number): void {
    if (this.#segment === null) return;
    const { id, sinceMs } = this.#segment;
    this.timeIn.set(id, (this.timeIn.get(id) ?? 0) + atMs - sinceMs);
    this.#segment = null;
  }

  soldOut(): string[] {
    return titlesOf(this.#sold, ({ taken, units }) => taken >= units);
  }

  unwanted(): string[] {
    return titlesOf(this.#sold, ({ wanted }) => wanted === 0);
  }

  #sells(offerId: string): void {
    const sold = this.#sold.get(offerId);
    if (sold && !this.#shown.has(sold.productId)) this.withoutDemo.add(sold.title);
  }

  #count(offerId: string, units: number, wishes: number): void {
    const sold = this.#sold.get(offerId);
    if (!sold) return;
    sold.taken += units;
    sold.wanted += wishes;
  }

  #isShowing(): boolean {
    const beat = this.#segment === null ? undefined : this.#beats.get(this.#segment.id);
    return beat === 'demo' || beat === 'proof';
  }

  #answered(atMs: number): void {
    for (const one of this.questions)
      if (one.answeredAtMs === null && atMs - one.atMs <= answerWithinMs) one.answeredAtMs = atMs;
  }

  #heard(atMs: number, text: string, name: string): void {
    this.lines += 1;
    if (isQuestion(text)) this.questions.push({ atMs, text, name, answeredAtMs: null });
  }
}

const titlesOf = (sold: ReadonlyMap<string, Sold>, is: (one: Sold) => boolean): string[] => [
  ...new Set([...sold.values()].filter(is).map(({ title }) => title)),
];
