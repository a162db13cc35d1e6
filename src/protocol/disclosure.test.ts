import { describe, expect, it } from 'vitest';
import { disclosureSpans, disclosuresOf, labelsAt, labelsWithin } from './disclosure.ts';
import { emptyRoom, type Room, type RoomItem, type RoomMessage } from './room.ts';

const vase: RoomItem = {
  productId: 'vase',
  title: 'Lagoon vase',
  imageUrl: null,
  variants: [],
  provenance: null,
  hostEarns: true,
};
const bowl: RoomItem = { ...vase, productId: 'bowl', title: 'Bowl' };
const plain = (({ hostEarns: _, ...item }) => item)(bowl);

const room: Room = {
  ...emptyRoom('s1', {
    title: 'Kiln night',
    showKind: 'demonstration',
    startsAtMs: 0,
    hostId: 'mina',
    hostName: 'Mina',
    shopName: 'Laguna',
    disclosure: 'own-brand',
    isDemo: false,
  }),
  phase: 'live',
  shelf: [vase, plain],
  segments: [
    { segmentId: 'one', title: 'One', beat: 'hook', minutes: 5, productIds: [] },
    {
      segmentId: 'two',
      title: 'Two',
      beat: 'demo',
      minutes: 5,
      productIds: [],
      disclosure: 'gift',
    },
  ],
};
const names = (labels: readonly { disclosure: string }[]) =>
  labels.map(({ disclosure }) => disclosure);
const enter = (segmentId: string, atMs: number): RoomMessage => ({
  t: 'segment',
  seq: 1,
  segmentId,
  atMs,
});
const pin = (productId: string | null): RoomMessage => ({ t: 'pin', seq: 1, productId, atMs: 0 });
const offered = { offerId: 'o', productId: 'vase' } as Room['offers'][number];
const lot = (phase: string) =>
  ({ lotId: 'l', productId: 'vase', figures: { phase } }) as Room['lots'][number];
const drop = (phase: string) =>
  ({ dropId: 'd', productId: 'vase', figures: { phase } }) as Room['drops'][number];

describe('the label in a room', () => {
  it('[DIS-4] is the show’s and the running segment’s', () => {
    expect(names(disclosuresOf(room))).toEqual(['own-brand']);
    expect(names(disclosuresOf({ ...room, segmentId: 'two' }))).toEqual(['gift', 'own-brand']);
  });
  it('[DIS-9] names who pays, whether the show says so or a segment', () => {
    const plan = { ...room.plan, partner: 'Murano Glass' };
    const paid = { ...room, plan: { ...plan, disclosure: 'paid-partnership' } };
    expect(disclosuresOf(paid)[0]?.words).toBe('Paid partnership with Murano Glass');
    const segments = room.segments.map((one) => ({ ...one, disclosure: 'paid-partnership' }));
    const inSegment = { ...room, plan, segments, segmentId: 'two' };
    expect(disclosuresOf(inSegment)[0]?.words).toBe('Paid partnership with Murano Glass');
  });
  it('[DIS-5] says that the host earns while what earns is pinned, offered, called or dropped', () => {
    const earns = (change: Partial<Room>) => names(disclosuresOf({ ...room, ...change }))[0];
    expect(earns({ pinned: 'vase' })).toBe('affiliate');
    expect(earns({ offers: [offered] })).toBe('affiliate');
    for (const phase of ['called', 'open', 'paused'])
      expect(earns({ lots: [lot(phase)] })).toBe('affiliate');
    expect(earns({ drops: [drop('open')] })).toBe('affiliate');
    for (const quiet of [
      { pinned: 'bowl' },
      { lots: [lot('prepared')] },
      { lots: [lot('sold')] },
      { drops: [drop('announced')] },
    ])
      expect(earns(quiet)).toBe('own-brand');
  });
});

describe('the labels of a recording', () => {
  const spans = disclosureSpans(room, [
    { offsetMs: -4_000, message: enter('one', 0) },
    { offsetMs: 10_000, message: enter('two', 0) },
    { offsetMs: 12_000, message: { t: 'viewers', viewers: 9 } },
    { offsetMs: 20_000, message: pin('vase') },
    { offsetMs: 30_000, message: pin(null) },
    { offsetMs: 40_000, message: enter('one', 0) },
  ]);
  it('[DIS-6] stand at their moments', () => {
    expect(spans.map(({ fromMs, labels }) => [fromMs, names(labels)])).toEqual([
      [0, ['own-brand']],
      [10_000, ['gift', 'own-brand']],
      [20_000, ['affiliate', 'gift', 'own-brand']],
      [30_000, ['gift', 'own-brand']],
      [40_000, ['own-brand']],
    ]);
    expect(names(labelsAt(spans, 9_999))).toEqual(['own-brand']);
    expect(names(labelsAt(spans, 10_000))).toEqual(['gift', 'own-brand']);
    expect(names(labelsAt(spans, 99_000))).toEqual(['own-brand']);
  });
  it('[DIS-6] a clip carries each that held in it, from its first to its last frame', () => {
    expect(names(labelsWithin(spans, 5_000, 15_000))).toEqual(['gift', 'own-brand']);
    expect(names(labelsWithin(spans, 15_000, 45_000))).toEqual(['affiliate', 'gift', 'own-brand']);
    expect(names(labelsWithin(spans, 30_000, 35_000))).toEqual(['gift', 'own-brand']);
  });
  it('[DIS-6] what changes before the first frame holds at it', () => {
    const early = disclosureSpans(room, [{ offsetMs: -5, message: enter('two', 0) }]);
    expect(early.map(({ fromMs, labels }) => [fromMs, names(labels)])).toEqual([
      [0, ['gift', 'own-brand']],
    ]);
  });
});
