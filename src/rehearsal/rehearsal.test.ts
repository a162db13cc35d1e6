// A whole rehearsal on a virtual clock: the crowd comes, talks, buys and fails to, the host's line is cut once, and the
// report tells it.

import { afterEach, describe, expect, it } from 'vitest';
import type {
  OfferId,
  PersonId,
  PollId,
  ProductId,
  SegmentId,
  ShowId,
  StreamId,
  VariantId,
} from '../base/brand.ts';
import { showStream } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import { isRehearsal } from '../base/rehearsal-id.ts';
import { microtasks, SeededRandom, VirtualClock } from '../base/virtual-time.ts';
import { system } from '../domain/decider.ts';
import type { ShowCommand } from '../domain/show/show.ts';
import type { RecordedEvent } from '../log/event-log.ts';
import type { MediaEvent } from '../media/media-plane.ts';
import type { RehearsalView } from '../protocol/rehearsal.ts';
import { Rehearsals } from './rehearsals.ts';

const productId = 'p1' as ProductId;
const variantId = 'v1' as VariantId;
const price = { minor: 3_000, currency: 'EUR' };
const showId = 'kiln' as ShowId;

/** A planned show as its log has it. */
const planned = (title = 'Kiln night'): RecordedEvent[] =>
  [
    {
      kind: 'ShowPlanned',
      data: {
        plan: {
          title,
          showKind: 'demonstration',
          startsAtMs: 9_000_000_000,
          hostId: 'mina' as PersonId,
          hostName: 'Mina',
          shopName: 'Laguna',
          disclosure: 'own-brand',
          isDemo: false,
          access: { for: 'members', tier: 'gold' },
        },
      },
    },
    {
      kind: 'SegmentsArranged',
      data: {
        segments: [
          { segmentId: 's1', title: 'Hello', beat: 'hook', minutes: 2, productIds: [], notes: 'x' },
          {
            segmentId: 's2',
            title: 'Bowl',
            beat: 'offer',
            minutes: 5,
            productIds: ['p1'],
            notes: '',
          },
        ],
      },
    },
    {
      kind: 'ShelfStocked',
      data: {
        items: [
          {
            productId,
            title: 'Bowl',
            imageUrl: null,
            variants: [{ variantId, title: '', price }],
            provenance: null,
          },
        ],
      },
    },
  ].map((event, index) => ({ ...event, seq: index + 1, atMs: 1, by: 'mina' })) as never;

let house: Awaited<ReturnType<typeof open>>;

const open = async () => {
  const clock = new VirtualClock(1_000_000);
  const listeners: ((event: MediaEvent) => void)[] = [];
  const left: string[] = [];
  const kept: RehearsalView[] = [];
  const rehearsals = new Rehearsals({
    log: {
      read: async (stream: StreamId, fromSeq: number) =>
        stream.startsWith('show-kiln') && fromSeq === 1 ? planned() : [],
    },
    onHand: async (ids) => new Map(ids.map((id) => [id, 6])),
    book: {
      keep: async (view) => void kept.push(view),
      of: async (of) => kept.filter((view) => view.showId === of).reverse(),
      at: async () => null,
    },
    media: {
      leave: async (sessionId) => left.push(sessionId) > 0,
      onEvent: (listener) => {
        listeners.push(listener);
        return () => {};
      },
    },
    clock,
    random: new SeededRandom(7),
    price: { shippingMinor: 500, taxIncludedMilliPercent: 22_000 },
    report: () => {},
  });
  const begin = async (seed = 11, of = showId) => {
    const begun = await rehearsals.begin({
      ...{ showId: of, by: { personId: 'mina', name: 'Mina' } },
      ...({ crowd: 'usual', tempo: 1, seed } as const),
    });
    if ('refused' in begun) throw new Error(begun.refused);
    return begun.rehearsalId as ShowId;
  };
  let ids = 0;
  const send = async (to: ShowId, command: ShowCommand) => {
    const commandId = `t${++ids}` as never;
    const sent = rehearsals.at(to)!.engine.send(showStream(to), command, { commandId, by: system });
    await microtasks();
    const outcome = await sent;
    if (outcome.kind === 'refused') throw new Error(`${command.kind}: ${outcome.reason}`);
  };
  const tell = (event: MediaEvent) => {
    for (const listener of listeners) listener(event);
  };
  const pass = (ms: number) => clock.runUntil(clock.nowMs() + ms);
  return { clock, rehearsals, begin, send, tell, pass, left, kept };
};

/** An evening of some minutes: an offer of four bowls to a crowd of thirty, and a line that is cut. */
const evening = async (seed = 11) => {
  const { begin, send, tell, pass, clock, left } = house;
  const id = await begin(seed);
  tell({ type: 'publisher-connected', showId: id, sessionId: 'cam1', atMs: clock.nowMs() });
  await send(id, { kind: 'GoLive' });
  await send(id, { kind: 'EnterSegment', segmentId: 's1' as SegmentId });
  await pass(30_000);
  await send(id, { kind: 'EnterSegment', segmentId: 's2' as SegmentId });
  await send(id, {
    kind: 'OpenOffer',
    terms: {
      offerId: 'o1' as OfferId,
      productId,
      title: 'Bowl',
      variants: [{ variantId, title: '', price, usualPrice: price, quantity: 4 }],
      perPersonMax: 1,
      durationMs: 240_000,
      holdMs: 60_000,
    },
  });
  await pass(150_000);
  if (left.length > 0) {
    tell({
      type: 'publisher-lost',
      showId: id,
      sessionId: 'cam1',
      left: true,
      atMs: clock.nowMs(),
    });
    await pass(4_000);
    tell({ type: 'publisher-connected', showId: id, sessionId: 'cam2', atMs: clock.nowMs() });
  }
  await pass(60_000);
  await send(id, { kind: 'EndShow' });
  await pass(1_000);
  return id;
};

describe('a rehearsal', () => {
  afterEach(async () => {
    const stopped = house.rehearsals.stop();
    await house.pass(60_000);
    await stopped;
  });

  it('[RHS-1] [RHS-2] [RHS-6] is the planned show under an id of its own, with a crowd that does all that crowds do', async () => {
    house = await open();
    const id = await evening();
    expect(isRehearsal(id)).toBe(true);
    const [{ report, seed, by } = {} as RehearsalView] = house.kept;
    expect({ seed, by: by.name }).toEqual({ seed: 11, by: 'Mina' });
    expect(report).not.toBeNull();
    const { demand, crowd, segments, questions } = report!;
    expect(segments.map(({ title, actualMs }) => [title, actualMs])).toEqual([
      ['Hello', 30_000],
      ['Bowl', 214_000],
    ]);
    expect(crowd.came).toBeGreaterThan(20);
    expect(crowd.droppedOff).toBeGreaterThan(0);
    expect(crowd.lines).toBeGreaterThan(10);
    expect(crowd.reactions).toBeGreaterThan(10);
    expect(demand.claims).toBeGreaterThanOrEqual(4);
    expect(demand.paid).toBeGreaterThan(0);
    expect(demand.takings?.minor).toBe(demand.paid * 3_500);
    expect(demand.refused.map(({ code }) => code)).toContain('sold-out');
    expect(questions.asked).toBeGreaterThan(0);
    expect(questions.answered).toBe(0);
    expect(questions.open).toHaveLength(Math.min(questions.asked, limits.rehearsalQuestionsKept));
    expect(report!.withoutDemo).toEqual(['Bowl']);
    expect(report!.story.map(({ rule }) => rule)).toContain('no-question-time');
  });

  it('[RHS-6] [ASK-2] answers what it is asked, one vote each', async () => {
    house = await open();
    const { begin, send, pass, rehearsals } = house;
    const id = await begin();
    await send(id, { kind: 'GoLive' });
    await pass(60_000);
    const question = { question: 'Which?', options: ['A', 'B', 'C'], durationMs: 60_000 };
    await send(id, { kind: 'OpenPoll', pollId: 'poll1' as PollId, ...question });
    await pass(61_000);
    const feed = await rehearsals.at(id)!.rooms.open(id);
    const { tally, closedAtMs } = feed!.show.room!.poll!;
    expect(closedAtMs).not.toBeNull();
    const votes = tally.reduce((sum, count) => sum + count, 0);
    expect(votes).toBeGreaterThan(5);
    expect(votes).toBeLessThanOrEqual(30);
    await send(id, { kind: 'EndShow' });
    await pass(1_000);
  });

  it('[RHS-5] cuts the host’s line once, by the media plane alone, and measures how long they are away', async () => {
    house = await open();
    await evening();
    expect(house.left).toEqual(['cam1']);
    const [{ report } = {} as RehearsalView] = house.kept;
    expect(report?.cut?.awayMs).toBeGreaterThanOrEqual(4_000);
  });

  it('[RHS-9] the same seed and the same evening give the same crowd, another seed another', async () => {
    house = await open();
    await evening(5);
    await evening(5);
    await evening(6);
    const [first, second, third] = house.kept.map(({ report }) => report!);
    expect(second!.demand).toEqual(first!.demand);
    expect(second!.crowd).toEqual(first!.crowd);
    expect(third!.crowd).not.toEqual(first!.crowd);
  });

  it('[RHS-7] one of a show at a time, few at once, and not for ever', async () => {
    house = await open();
    const { rehearsals, begin, pass, kept, send } = house;
    const id = await begin();
    const again = { showId, by: { personId: 'mina', name: 'Mina' }, seed: 1 } as const;
    expect(await rehearsals.begin({ ...again, crowd: 'quiet', tempo: 1 })).toMatchObject({
      refused: 'rehearsal-exists',
      detail: { rehearsalId: id },
    });
    for (let more = 1; more < limits.rehearsalsMax; more += 1)
      await begin(1, `kiln${more}` as ShowId);
    expect(
      await rehearsals.begin({ ...again, showId: 'kiln9' as ShowId, crowd: 'quiet', tempo: 1 }),
    ).toMatchObject({ refused: 'rehearsals-full' });
    await send(id, { kind: 'GoLive' });
    await pass(limits.rehearsalMs + limits.rehearsalOverMs + 10_000);
    expect(rehearsals.dump()).toEqual([]);
    // Those that never began have nothing to tell.
    expect(kept.map(({ report }) => report!.endedBy)).toEqual([expect.stringMatching(/time|size/)]);
  }, 60_000);
});
