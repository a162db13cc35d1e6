// Reads a run of show as a story and says, quietly, where it drags or sells too soon, each with its cure. Nothing
// here refuses anything: a host who knows better goes on. Pure. Rules: docs/rules/story.md.

import type { Beat } from '../../base/words.ts';

/** As much of a segment as the story is made of; the plan's form and the room both have it. */
export type StorySegment = {
  readonly segmentId: string;
  readonly title: string;
  readonly beat: string;
  readonly minutes: number;
  readonly productIds: readonly string[];
  /** Absent where it isn't known: the crowd's copy has no notes. */
  readonly notes?: string;
};

export type Story = {
  readonly segments: readonly StorySegment[];
  /** How long the evening is meant to be; null: as long as its segments. */
  readonly minutes: number | null;
  /** Products on the shelf. */
  readonly shelf: readonly string[];
};

export const storyRules = [
  'no-segments',
  'two-pitches',
  'offer-without-demo',
  'no-question-time',
  'longer-than-planned',
  'no-product',
  'empty-segment',
  'long-pitch',
  'late-hook',
  'never-shown',
] as const;
export type StoryRule = (typeof storyRules)[number];

/** What one press puts in. `after`: the segment behind which it goes; null: at the head. */
export type StoryCure = { readonly beat: Beat; readonly after: string | null };

export type StoryHint = {
  readonly rule: StoryRule;
  /** Where it shows; null: the story as a whole. */
  readonly segmentId: string | null;
  readonly words: string;
  readonly cure: string;
  /** A segment that cures it, where one does. */
  readonly insert: StoryCure | null;
};

/** A pitch that is longer than this is one that people leave. */
const pitchMinutesMax = 15;
/** By then it must be said why anybody should stay. */
const hookWithinMinutes = 6;

/** Everything that may be said of a story, from its head to its end; the whole of it last. */
export const storyHints = (story: Story): readonly StoryHint[] => {
  const { segments } = story;
  if (segments.length === 0) {
    return [
      hint('no-segments', null, 'Nothing is planned yet.', 'Take the template of this kind.'),
    ];
  }
  return [
    ...segments.flatMap((segment, index) => segmentHints(story, segment, index)),
    ...wholeHints(story),
  ];
};

const segmentHints = (
  { segments, shelf }: Story,
  segment: StorySegment,
  index: number,
): readonly StoryHint[] => {
  const hints: StoryHint[] = [];
  const { segmentId, beat, minutes, productIds } = segment;
  const before = segments[index - 1];
  const behind = before?.segmentId ?? null;
  if (beat === 'offer' && before?.beat === 'offer') {
    const words = 'Two pitches in a row, with no story between.';
    const cure = 'Put a demo or question time between them.';
    hints.push(hint('two-pitches', segmentId, words, cure, { beat: 'questions', after: behind }));
  }
  if (beat === 'offer' && !isShownBefore(segments.slice(0, index), productIds)) {
    const words = 'It is offered before anybody has seen it used.';
    const cure = 'Show it first: put a demo before the offer.';
    hints.push(hint('offer-without-demo', segmentId, words, cure, { beat: 'demo', after: behind }));
  }
  if ((beat === 'offer' || beat === 'demo') && productIds.length === 0 && shelf.length > 0) {
    const words = beat === 'offer' ? 'An offer of nothing.' : 'A demo of nothing.';
    hints.push(hint('no-product', segmentId, words, 'Choose its products: the first is pinned.'));
  }
  if (isEmpty(segment)) {
    const words = 'It has neither notes nor products.';
    hints.push(hint('empty-segment', segmentId, words, 'Note what you will say, or take it out.'));
  }
  if (beat === 'offer' && minutes > pitchMinutesMax) {
    const words = `A pitch of ${minutes} minutes.`;
    hints.push(
      hint('long-pitch', segmentId, words, `Split it: at most ${pitchMinutesMax} minutes at once.`),
    );
  }
  return hints;
};

const wholeHints = ({ segments, minutes, shelf }: Story): readonly StoryHint[] => {
  const hints: StoryHint[] = [];
  const has = (beat: Beat) => segments.some((one) => one.beat === beat);
  if (!has('questions')) {
    const offer = segments.findIndex(({ beat }) => beat === 'offer');
    const last = segments.at(offer < 0 ? -1 : offer - 1);
    const after = offer === 0 ? null : (last?.segmentId ?? null);
    const words = 'Nobody is asked what they want to know.';
    const cure = 'Put a question time in, best before an offer.';
    hints.push(hint('no-question-time', null, words, cure, { beat: 'questions', after }));
  }
  const total = segments.reduce((sum, one) => sum + one.minutes, 0);
  if (minutes !== null && total > minutes) {
    const words = `It takes ${shown(total)} minutes, ${shown(total - minutes)} more than planned.`;
    hints.push(
      hint(
        'longer-than-planned',
        null,
        words,
        'Shorten or take out what the story can do without.',
      ),
    );
  }
  if (startOf(segments, 'hook') > hookWithinMinutes) {
    const words = `Nothing in the first ${hookWithinMinutes} minutes says why to stay.`;
    hints.push(hint('late-hook', null, words, 'Begin with a hook.', { beat: 'hook', after: null }));
  }
  const named = new Set(segments.flatMap(({ productIds }) => productIds));
  const missing = shelf.filter((productId) => !named.has(productId)).length;
  if (named.size > 0 && missing > 0) {
    const words = `${missing} ${missing === 1 ? 'product on the shelf is' : 'products on the shelf are'} in no segment.`;
    hints.push(
      hint('never-shown', null, words, 'Give each its segment: people ask when it is on.'),
    );
  }
  return hints;
};

const hint = (
  rule: StoryRule,
  segmentId: string | null,
  words: string,
  cure: string,
  insert: StoryCure | null = null,
): StoryHint => ({ rule, segmentId, words, cure, insert });

/** Of an offer that names products: one of them was in a demo or proof; else: there was any. */
const isShownBefore = (before: readonly StorySegment[], productIds: readonly string[]): boolean => {
  const showing = before.filter(({ beat }) => beat === 'demo' || beat === 'proof');
  const named = showing.filter((one) => one.productIds.length > 0);
  if (productIds.length === 0 || named.length === 0) return showing.length > 0;
  return named.some((one) => one.productIds.some((id) => productIds.includes(id)));
};

const isEmpty = ({ beat, notes, productIds }: StorySegment): boolean =>
  beat !== 'break' && notes !== undefined && notes.trim() === '' && productIds.length === 0;

/** Minutes until the first segment of a beat begins; infinite where there is none. */
const startOf = (segments: readonly StorySegment[], beat: Beat): number => {
  const at = segments.findIndex((one) => one.beat === beat);
  return at < 0
    ? Number.POSITIVE_INFINITY
    : segments.slice(0, at).reduce((sum, one) => sum + one.minutes, 0);
};

/** `2.5`, never `2.5000001`. */
const shown = (minutes: number): number => Math.round(minutes * 10) / 10;
