import { describe, expect, it } from 'vitest';
import { type Story, type StoryRule, type StorySegment, storyHints } from './story-lint.ts';

let count = 0;
const step = (beat: string, more: Partial<StorySegment> = {}): StorySegment => ({
  segmentId: `${beat}${(count += 1)}`,
  title: beat,
  beat,
  minutes: 5,
  productIds: ['vase'],
  notes: 'say it',
  ...more,
});
const story = (segments: readonly StorySegment[], more: Partial<Story> = {}): Story => ({
  segments,
  minutes: null,
  shelf: ['vase'],
  ...more,
});
const good = () => [
  step('hook'),
  step('demo'),
  step('questions'),
  step('offer'),
  step('community'),
];
const rulesOf = (given: Story): readonly StoryRule[] => storyHints(given).map(({ rule }) => rule);
/** The hint of a rule, which is there once. */
const one = (given: Story, rule: StoryRule) => {
  const found = storyHints(given).filter((hint) => hint.rule === rule);
  expect(found).toHaveLength(1);
  return found[0];
};

describe('reading a run of show as a story', () => {
  it('says nothing of a good one', () => {
    expect(storyHints(story(good()))).toEqual([]);
  });
  it('[STY-1] nothing planned yet', () => {
    expect(rulesOf(story([]))).toEqual(['no-segments']);
  });
  it('[STY-2] two pitches in a row; the cure goes between them', () => {
    const [first, second] = [step('offer'), step('offer')];
    const given = story([step('hook'), step('demo'), step('questions'), first, second]);
    expect(one(given, 'two-pitches')).toMatchObject({
      segmentId: second.segmentId,
      insert: { beat: 'questions', after: first.segmentId },
    });
    const cured = [...given.segments.slice(0, 4), step('questions'), second];
    expect(rulesOf(story(cured))).toEqual([]);
  });
  it('[STY-3] an offer of what nobody has seen used', () => {
    const [hook, asks, offer] = [step('hook'), step('questions'), step('offer')];
    expect(one(story([hook, asks, offer]), 'offer-without-demo')).toMatchObject({
      segmentId: offer.segmentId,
      insert: { beat: 'demo', after: asks.segmentId },
    });
    for (const beat of ['demo', 'proof'])
      expect(rulesOf(story([hook, asks, step(beat), offer]))).toEqual([]);
    const other = step('demo', { productIds: ['bowl'] });
    const shelf = ['vase', 'bowl'];
    expect(rulesOf(story([hook, asks, other, offer], { shelf }))).toEqual(['offer-without-demo']);
    expect(rulesOf(story([hook, asks, offer, step('demo')]))).toEqual(['offer-without-demo']);
  });
  it('[STY-4] no question time; the cure goes before the first offer', () => {
    const [hook, demo, offer] = [step('hook'), step('demo'), step('offer')];
    expect(one(story([hook, demo, offer]), 'no-question-time')?.insert).toEqual({
      beat: 'questions',
      after: demo.segmentId,
    });
    expect(one(story([offer, hook, demo]), 'no-question-time')?.insert?.after).toBeNull();
    expect(one(story([hook, demo]), 'no-question-time')?.insert?.after).toBe(demo.segmentId);
  });
  it('[STY-5] longer than the evening is meant to be, by how much', () => {
    expect(rulesOf(story(good(), { minutes: 25 }))).toEqual([]);
    const long = story([...good(), step('break', { minutes: 2.5 })], { minutes: 25 });
    expect(one(long, 'longer-than-planned')?.words).toContain('27.5 minutes, 2.5 more');
  });
  it('[STY-6] a demo or an offer without a product, once there are any', () => {
    const bare = story([
      step('hook', { productIds: [] }),
      step('demo', { productIds: [] }),
      step('questions'),
      step('offer', { productIds: [] }),
    ]);
    expect(rulesOf(bare)).toEqual(['no-product', 'no-product']);
    expect(rulesOf({ ...bare, shelf: [] })).toEqual([]);
  });
  it('[STY-7] a segment with neither notes nor products; a break needs none', () => {
    const empty = { productIds: [], notes: ' ' };
    expect(rulesOf(story([...good(), step('community', empty)]))).toEqual(['empty-segment']);
    expect(rulesOf(story([...good(), step('break', empty)]))).toEqual([]);
    const { notes: _, ...crowds } = step('community', empty);
    expect(rulesOf(story([...good(), crowds]))).toEqual([]);
  });
  it('[STY-8] a pitch that people leave', () => {
    const pitch = (minutes: number) => story(good().with(3, step('offer', { minutes })));
    expect(rulesOf(pitch(15))).toEqual([]);
    expect(rulesOf(pitch(16))).toEqual(['long-pitch']);
  });
  it('[STY-9] nothing that says early why to stay', () => {
    const late = [step('community', { minutes: 7 }), ...good()];
    expect(one(story(late), 'late-hook')?.insert).toEqual({ beat: 'hook', after: null });
    expect(rulesOf(story(good().slice(1)))).toEqual(['late-hook']);
    expect(rulesOf(story([step('community', { minutes: 6 }), ...good()]))).toEqual([]);
  });
  it('[STY-10] what is on the shelf and in no segment', () => {
    expect(one(story(good(), { shelf: ['vase', 'bowl'] }), 'never-shown')?.words).toContain(
      '1 product',
    );
  });
  it('every hint has its cure', () => {
    const bad = story([step('offer', { productIds: [], notes: '', minutes: 40 }), step('offer')], {
      minutes: 10,
      shelf: ['vase', 'bowl'],
    });
    for (const { words, cure } of storyHints(bad)) {
      expect(words.endsWith('.')).toBe(true);
      expect(cure.length).toBeGreaterThan(0);
    }
  });
});
