// A show's history for tests: commands decided by the real deciders, recorded as the log would hand them
// out, with a log to read them from. No chain and no storage: what is tested here is what becomes of
// events, not how they are kept.

import type { CommandId, PersonId, ShowId, StreamId, VariantId } from '../base/brand.ts';
import { showStream, stockStream } from '../base/brand.ts';
import type { Json } from '../base/json.ts';
import type { Clock } from '../base/ports.ts';
import { isRefusal } from '../base/result.ts';
import type { Role } from '../base/words.ts';
import { type Actor, type Decider, type EventShape, system } from '../domain/decider.ts';
import { type ShowCommand, showDecider } from '../domain/show/show.ts';
import { type StockCommand, stockDecider } from '../domain/stock/stock.ts';
import type { EventLog, RecordedEvent } from '../log/event-log.ts';

/** A clock that moves when the test says so. */
export class TestClock implements Clock {
  #nowMs: number;
  #timers: { atMs: number; run: () => void; isDone: boolean }[] = [];

  constructor(nowMs = 1_000_000) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  at(atMs: number, run: () => void): () => void {
    const timer = { atMs, run, isDone: false };
    this.#timers.push(timer);
    return () => {
      timer.isDone = true;
    };
  }

  /** Moves on, running what falls due in its order. */
  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs;
    for (;;) {
      this.#timers = this.#timers.filter((timer) => !timer.isDone);
      const due = this.#timers
        .filter(({ atMs }) => atMs <= untilMs)
        .sort((a, b) => a.atMs - b.atMs)[0];
      if (!due) break;
      due.isDone = true;
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.run();
    }
    this.#nowMs = untilMs;
  }
}

export const person = (id: string, role: Role = 'shopper', name = id): Actor => ({
  kind: 'person',
  id: id as PersonId,
  name,
  role,
});

export const owner = person('owner', 'owner', 'Mina');

/** Streams that grow by commands, and what was committed, batch by batch, to whoever listens. */
export class RecordedShow<K extends Clock = TestClock> {
  readonly showId = 's1' as ShowId;
  readonly clock: K;
  readonly streams = new Map<StreamId, RecordedEvent[]>();
  readonly #states = new Map<StreamId, unknown>();
  #listener: (stream: StreamId, events: readonly RecordedEvent[]) => void = () => {};
  #commands = 0;

  constructor(clock: K) {
    this.clock = clock;
  }

  /** The log as rooms read it. */
  readonly log: Pick<EventLog, 'read' | 'head' | 'loadSnapshot'> = {
    read: async (stream, fromSeq, limit) =>
      (this.streams.get(stream) ?? []).slice(fromSeq - 1, fromSeq - 1 + limit),
    head: async (stream) => ({ version: this.streams.get(stream)?.length ?? 0, headHash: '' }),
    loadSnapshot: async () => null,
  };

  onCommitted(listener: (stream: StreamId, events: readonly RecordedEvent[]) => void): void {
    this.#listener = listener;
  }

  /** Decides and commits; the events, or the reason of the refusal. */
  show(command: ShowCommand, by: Actor = owner): readonly RecordedEvent[] | string {
    return this.#run(showStream(this.showId), showDecider, command, by);
  }

  stock(
    variantId: string,
    command: StockCommand,
    by: Actor = owner,
  ): readonly RecordedEvent[] | string {
    return this.#run(stockStream(variantId as VariantId), stockDecider, command, by);
  }

  /** Everything of the show's stream so far. */
  events(): readonly RecordedEvent[] {
    return this.streams.get(showStream(this.showId)) ?? [];
  }

  #run<S, C extends { kind: string }, E extends EventShape>(
    stream: StreamId,
    decider: Decider<S, C, E>,
    command: C,
    by: Actor,
  ): readonly RecordedEvent[] | string {
    const id = stream.slice(stream.indexOf('-') + 1);
    let state = (this.#states.get(stream) as S | undefined) ?? decider.initial(id);
    const commandId = `c${++this.#commands}` as CommandId;
    const atMs = this.clock.nowMs();
    const decided = decider.decide(state, command, { commandId, atMs, by });
    if (isRefusal(decided)) return decided.refused;
    const before = this.streams.get(stream) ?? [];
    const events = decided.map(
      (event, index): RecordedEvent => ({
        kind: event.kind,
        data: structuredClone(event.data) as Json,
        ...(event.personal ? { personal: structuredClone(event.personal) as Json } : {}),
        stream,
        seq: before.length + 1 + index,
        atMs,
        by: by.kind === 'person' ? by.id : null,
        commandId,
        personalHash: null,
        hash: `h${before.length + 1 + index}`,
      }),
    );
    for (const event of decided) state = decider.evolve(state, event, { seq: 0, atMs });
    this.#states.set(stream, state);
    this.streams.set(stream, [...before, ...events]);
    if (events.length > 0) this.#listener(stream, events);
    return events;
  }
}

/** A show with two products and their stock, live. */
export const liveShow = (): RecordedShow => prepared(new RecordedShow(new TestClock()));

/** Plans the show, puts two products on its shelf, counts their stock, goes live. */
export const prepared = <K extends Clock>(recorded: RecordedShow<K>): RecordedShow<K> => {
  const eur = (minor: number) => ({ minor, currency: 'EUR' });
  const item = (product: string, variants: readonly string[]) => ({
    productId: product as never,
    title: `Bowl ${product}`,
    imageUrl: null,
    variants: variants.map((id) => ({
      variantId: id as VariantId,
      title: `size ${id}`,
      price: eur(4200),
    })),
    provenance: null,
  });
  recorded.stock('v1', { kind: 'CountStock', onHand: 40 });
  recorded.stock('v2', { kind: 'CountStock', onHand: 9 });
  recorded.stock('v3', { kind: 'CountStock', onHand: 5 });
  recorded.show({
    kind: 'PlanShow',
    plan: {
      title: 'Kiln night',
      showKind: 'demonstration',
      startsAtMs: 0,
      hostId: 'owner' as PersonId,
      hostName: 'Mina',
      shopName: 'Laguna',
      disclosure: 'own-brand',
      isDemo: false,
    },
  });
  recorded.show({ kind: 'StockShelf', items: [item('p1', ['v1', 'v2']), item('p2', ['v3'])] });
  recorded.show({ kind: 'GoLive' });
  return recorded;
};

/** Opens an offer of `units` of v1 and gives it its units. */
export const openOffer = (
  recorded: RecordedShow<Clock>,
  offerId: string,
  units: number,
  perPersonMax: number | null = null,
): void => {
  recorded.show({
    kind: 'OpenOffer',
    terms: {
      offerId: offerId as never,
      productId: 'p1' as never,
      title: 'Bowl p1',
      variants: [
        {
          variantId: 'v1' as VariantId,
          title: 'size v1',
          price: { minor: 3000, currency: 'EUR' },
          usualPrice: { minor: 4200, currency: 'EUR' },
          quantity: units,
        },
      ],
      perPersonMax,
      durationMs: 600_000,
      holdMs: 60_000,
    },
  });
  recorded.stock('v1', {
    kind: 'AllocateStock',
    offerId: offerId as never,
    showId: recorded.showId,
    quantity: units,
  });
  recorded.show(
    {
      kind: 'ConfirmAllocation',
      offerId: offerId as never,
      variantId: 'v1' as VariantId,
      quantity: units,
    },
    system,
  );
};
