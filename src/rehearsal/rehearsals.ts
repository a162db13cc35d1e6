// The rehearsals that are going on: begun from a planned show, one of it at a time and few at once, and given back when
// they are over. What stays of them is in the book. Rules: docs/rules/rehearsal.md.

import type { ShowId, VariantId } from '../base/brand.ts';
import { showStream } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import type { Clock, Random } from '../base/ports.ts';
import { newRehearsalId } from '../base/rehearsal-id.ts';
import { type Refusal, refuse } from '../base/result.ts';
import type { PriceSettings } from '../domain/order/price.ts';
import type { ReportLine } from '../engine/contract.ts';
import { type EventLog, readStream } from '../log/event-log.ts';
import type { MediaPlane } from '../media/media-plane.ts';
import type { CrowdSize, RehearsalReport, RehearsalView, Tempo } from '../protocol/rehearsal.ts';
import { nonceFrom, Rehearsal } from './rehearsal.ts';
import type { RehearsalBook } from './rehearsal-book.ts';
import { scriptOf } from './script.ts';

export type RehearsalsOptions = {
  /** The shop's log: a show is read from it when its rehearsal begins, and nothing is written to it. */
  readonly log: Pick<EventLog, 'read'>;
  /** Units on hand of these variants; those never counted are missing. */
  readonly onHand: (variantIds: readonly VariantId[]) => Promise<ReadonlyMap<VariantId, number>>;
  readonly book: RehearsalBook;
  readonly media: Pick<MediaPlane, 'leave' | 'onEvent'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly price: PriceSettings;
  readonly report: (line: ReportLine) => void;
  /** Told of a rehearsal that is given back now. */
  readonly onGone?: (rehearsal: Rehearsal) => void;
};

export type RehearsalWish = {
  readonly showId: ShowId;
  readonly by: { readonly personId: string; readonly name: string };
  readonly crowd: CrowdSize;
  readonly tempo: Tempo;
  readonly seed: number | null;
};

type Running = { rehearsal: Rehearsal; view: RehearsalView };

export class Rehearsals {
  readonly #options: RehearsalsOptions;
  readonly #running = new Map<string, Running>();
  /** Shows whose rehearsal is being begun. */
  readonly #beginning = new Set<string>();
  readonly #stopListening: () => void;
  #keeping = new Set<Promise<void>>();

  constructor(options: RehearsalsOptions) {
    this.#options = options;
    this.#stopListening = options.media.onEvent((event) => {
      if ('showId' in event) this.#running.get(event.showId)?.rehearsal.onMedia(event);
    });
  }

  /** Begins a rehearsal of a planned show; or why not. */
  async begin(wish: RehearsalWish): Promise<RehearsalView | Refusal> {
    const { showId } = wish;
    if (this.#isBusy(showId))
      return refuse('rehearsal-exists', { rehearsalId: this.#idOf(showId) });
    const many = this.#beginning.size + [...this.#running.values()].filter(isOn).length;
    // [RHS-7]
    if (many >= limits.rehearsalsMax)
      return refuse('rehearsals-full', { max: limits.rehearsalsMax });
    this.#beginning.add(showId);
    // Those that are over wait to be looked at, but not for room that others need.
    const over = [...this.#running.values()].filter((one) => !isOn(one));
    for (const { view } of over.slice(0, Math.max(0, over.length - limits.rehearsalsMax)))
      await this.#giveBack(view.rehearsalId);
    try {
      return await this.#begin(wish);
    } finally {
      this.#beginning.delete(showId);
    }
  }

  /** One that is going on, or was until a moment ago; undefined when its memory was given back. */
  at(rehearsalId: string): Rehearsal | undefined {
    return this.#running.get(rehearsalId)?.rehearsal;
  }

  view(rehearsalId: string): RehearsalView | null {
    const running = this.#running.get(rehearsalId);
    return running ? viewOf(running) : null;
  }

  /** Of a show: those going on, then those in the book, the newest first. */
  async of(showId: string): Promise<RehearsalView[]> {
    const kept = await this.#options.book.of(showId);
    const on = [...this.#running.values()].filter(({ view }) => view.showId === showId);
    const going = on.filter(isOn).map(viewOf);
    return [...going, ...kept];
  }

  /** Ends all of them; their reports are kept. */
  async stop(): Promise<void> {
    this.#stopListening();
    await Promise.all([...this.#running.values()].map(({ rehearsal }) => rehearsal.end('shop')));
    // The report follows the end by a turn or two.
    for (let turns = 0; turns < 100 && [...this.#running.values()].some(isUnkept); turns += 1)
      await new Promise<void>((resolve) => void setImmediate(resolve));
    await Promise.all(this.#keeping);
    await Promise.all([...this.#running.values()].map(({ rehearsal }) => rehearsal.stop()));
    this.#running.clear();
  }

  dump() {
    return [...this.#running.values()].map(({ rehearsal }) => rehearsal.dump());
  }

  async #begin({
    showId,
    by,
    crowd,
    tempo,
    seed,
  }: RehearsalWish): Promise<RehearsalView | Refusal> {
    const { log, onHand, clock, random, media, price, report } = this.#options;
    const script = await scriptOf(readStream(log, showStream(showId)), () => nonceFrom(random));
    if (script === null) return refuse('show-unknown');
    // [RHS-9] A report can be had again: the seed stands in it.
    const chosen = seed ?? Math.floor(random.fraction() * 2 ** 31);
    const rehearsalId = newRehearsalId(random);
    const rehearsal = await Rehearsal.open({
      rehearsalId,
      script,
      onHand: await onHand(script.variantIds),
      ...{ crowd, tempo, seed: chosen, clock, random, media, price, report },
      onEnd: (ended, made) => this.#ended(ended, made),
    });
    const view: RehearsalView = {
      ...{ rehearsalId, showId, by: { ...by }, crowd, tempo, seed: chosen },
      title: script.plan.title,
      beganAtMs: clock.nowMs(),
      phase: 'planned',
      line: 'uncut',
      report: null,
    };
    this.#running.set(rehearsalId, { rehearsal, view });
    report({ level: 'info', what: 'rehearsal-began', rehearsalId, showId, seed: chosen });
    return view;
  }

  #ended(rehearsal: Rehearsal, report: RehearsalReport): void {
    const running = this.#running.get(rehearsal.rehearsalId);
    if (!running) return;
    const { clock, book } = this.#options;
    running.view = { ...running.view, phase: 'ended', line: rehearsal.line, report };
    const { rehearsalId, showId } = running.view;
    this.#options.report({ level: 'info', what: 'rehearsal-ended', rehearsalId, showId });
    // One that was called off before it began has nothing to tell.
    if (report.actualMs > 0) {
      const kept = book.keep(running.view).catch((error: unknown) => {
        this.#options.report({ level: 'error', what: 'rehearsal-not-kept', rehearsalId, error });
      });
      this.#keeping.add(kept);
      void kept.finally(() => this.#keeping.delete(kept));
    }
    clock.at(clock.nowMs() + limits.rehearsalOverMs, () => void this.#giveBack(rehearsalId));
  }

  async #giveBack(rehearsalId: string): Promise<void> {
    const running = this.#running.get(rehearsalId);
    if (!running) return;
    this.#running.delete(rehearsalId);
    this.#options.onGone?.(running.rehearsal);
    await running.rehearsal.stop();
  }

  #isBusy(showId: string): boolean {
    return this.#beginning.has(showId) || this.#idOf(showId) !== '';
  }

  #idOf(showId: string): string {
    const found = [...this.#running.values()].find(
      (one) => one.view.showId === showId && isOn(one),
    );
    return found?.view.rehearsalId ?? '';
  }
}

const isOn = ({ rehearsal }: Running): boolean => rehearsal.phase !== 'ended';
const isUnkept = ({ view }: Running): boolean => view.report === null;
const viewOf = ({ rehearsal, view }: Running): RehearsalView => ({
  ...view,
  phase: rehearsal.phase,
  line: rehearsal.line,
});
