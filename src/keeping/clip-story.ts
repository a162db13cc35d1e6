// What a show's log says about its clips: when each lot opened and fell, when each demonstration ran. Read once from the
// log and then onwards. Pure but for that reading; rules: docs/rules/replay.md.

import type { OfferId, ProductId, SegmentId, StreamId } from '../base/brand.ts';
import { byWeight, inForce } from '../base/disclosure.ts';
import { limits } from '../base/limits.ts';
import type { Disclosure } from '../base/words.ts';
import type { ClipSubject } from '../domain/show/clips.ts';
import type { ShowPlan } from '../domain/show/life.ts';
import type { Segment } from '../domain/show/run-of-show.ts';
import type { ShowEvent } from '../domain/show/show.ts';
import { type EventLog, type RecordedEvent, readStream } from '../log/event-log.ts';

/** A clip that a show's log calls for; times on the server's clock. */
export type ClipDue = {
  readonly clipId: string;
  readonly of: ClipSubject;
  readonly title: string;
  readonly productIds: readonly ProductId[];
  readonly disclosures: readonly Disclosure[];
  readonly fromMs: number;
  readonly toMs: number;
};

/** [RPL-8] So much before a lot opens, and after its hammer: who saw the words should see what they did. */
const beforeLotMs = 2_000;
const afterLotMs = 4_000;
/** [RPL-9] Somebody who passed a segment by mistake showed nothing. */
const demoMsMin = 5_000;

type Running = {
  readonly segmentId: SegmentId;
  readonly seq: number;
  readonly atMs: number;
  readonly products: Set<ProductId>;
};

type Lot = {
  readonly title: string;
  readonly productId: ProductId;
  openedAtMs: number | null;
  /** Segments that ran while it was open. */
  readonly segments: Set<SegmentId>;
  isOver: boolean;
};

/** The clips of one show, event by event. */
export class ClipStory {
  #seq = 0;
  #segments: readonly Segment[] = [];
  #running: Running | null = null;
  #pinned: ProductId | null = null;
  #plan: ShowPlan | null = null;
  #earning: ReadonlySet<ProductId> = new Set();
  readonly #lots = new Map<OfferId, Lot>();

  /** How far it was read. */
  get seq(): number {
    return this.#seq;
  }

  /** Reads on up to an event, which it hasn't read, and gives what that one calls for; null: nothing. */
  async upTo(log: Pick<EventLog, 'read'>, event: RecordedEvent): Promise<ClipDue | null> {
    for await (const recorded of readStream(log, event.stream as StreamId, this.#seq + 1)) {
      const due = this.#take(recorded);
      this.#seq = recorded.seq;
      if (recorded.seq === event.seq) return due;
    }
    return null;
  }

  #take(recorded: RecordedEvent): ClipDue | null {
    const event = recorded as unknown as ShowEvent;
    const { atMs, seq } = recorded;
    switch (event.kind) {
      case 'ShowPlanned':
      case 'PlanChanged':
        this.#plan = event.data.plan;
        return null;
      case 'ShelfStocked':
        this.#earning = new Set(
          event.data.items.flatMap((item) => (item.hostEarns ? item.productId : [])),
        );
        return null;
      case 'SegmentsArranged':
        this.#segments = event.data.segments;
        return null;
      case 'ProductPinned':
        this.#pinned = event.data.productId;
        if (this.#pinned) this.#running?.products.add(this.#pinned);
        return null;
      case 'SegmentEntered': {
        const due = this.#demo(atMs);
        const { segmentId } = event.data;
        for (const lot of this.#lots.values())
          if (lot.openedAtMs !== null && !lot.isOver) lot.segments.add(segmentId);
        const planned = this.#segments.find((segment) => segment.segmentId === segmentId);
        this.#running = {
          segmentId,
          seq,
          atMs,
          products: new Set(planned?.productIds ?? (this.#pinned ? [this.#pinned] : [])),
        };
        return due;
      }
      case 'ShowEnded': {
        const due = this.#demo(atMs);
        this.#running = null;
        return due;
      }
      case 'LotPrepared': {
        const { lotId, title, productId } = event.data.terms;
        const segments = new Set<SegmentId>();
        this.#lots.set(lotId, { title, productId, openedAtMs: null, segments, isOver: false });
        return null;
      }
      case 'LotOpened': {
        const lot = this.#lots.get(event.data.lotId);
        if (!lot) return null;
        lot.openedAtMs = atMs;
        if (this.#running) lot.segments.add(this.#running.segmentId);
        return null;
      }
      case 'LotHammered': {
        const { lotId } = event.data;
        const lot = this.#lots.get(lotId);
        if (!lot || lot.openedAtMs === null) return null;
        lot.isOver = true;
        return {
          clipId: `lot-${lotId}`,
          of: { kind: 'lot', lotId },
          title: lot.title,
          productIds: [lot.productId],
          disclosures: this.#stakes([lot.productId], lot.segments),
          ...within(lot.openedAtMs - beforeLotMs, atMs + afterLotMs),
        };
      }
      default:
        return null;
    }
  }

  /** What was to be told of the host's stake in any of the segments. */
  #stakes(products: readonly ProductId[], segments: Iterable<SegmentId>): readonly Disclosure[] {
    const show = this.#plan?.disclosure ?? 'none';
    const earns = products.some((id) => this.#earning.has(id));
    const told = new Set(inForce({ show, earns }));
    for (const segmentId of segments) {
      const segment = this.#segments.find((one) => one.segmentId === segmentId)?.disclosure;
      for (const one of inForce({ show, segment, earns })) told.add(one);
    }
    return byWeight.filter((one) => told.has(one));
  }

  /** The demonstration that ends now. */
  #demo(atMs: number): ClipDue | null {
    const running = this.#running;
    const segment = this.#segments.find(({ segmentId }) => segmentId === running?.segmentId);
    if (!running || segment?.beat !== 'demo' || atMs - running.atMs < demoMsMin) return null;
    return {
      clipId: `demo-${running.seq}`,
      of: { kind: 'segment', segmentId: running.segmentId },
      title: segment.title,
      productIds: [...running.products],
      disclosures: this.#stakes([...running.products], [running.segmentId]),
      ...within(running.atMs, atMs),
    };
  }
}

const within = (fromMs: number, toMs: number) => ({
  fromMs: Math.max(fromMs, toMs - limits.clipMsMax),
  toMs,
});
