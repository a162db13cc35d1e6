// Shows that come again. A series has a model, the show that it was made from; its later shows are shows of
// their own that take the model's plan, run of show and shelf. They are made ahead within a bounded time, by
// whichever node looks first: a show's id comes from the series and its number, and so do the commands' ids.
// Rules: docs/rules/remind.md.

import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import { type CommandId, type ShowId, showStream } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import type { Clock } from '../base/ports.ts';
import { type Refusal, refuse } from '../base/result.ts';
import { type Actor, system } from '../domain/decider.ts';
import type { ShelfItem } from '../domain/sale/shelf.ts';
import { type ShowPlan, withCover } from '../domain/show/life.ts';
import {
  type Occurrence,
  occurrences,
  type RepeatRule,
  wrongRule,
} from '../domain/show/repeats.ts';
import type { Segment } from '../domain/show/run-of-show.ts';
import type { ShowCommand } from '../domain/show/show.ts';
import type { Engine } from '../engine/contract.ts';
import { type EventLog, readStream } from '../log/event-log.ts';
import type { RemindTables } from './tables.ts';

/** What a show gives to those that come after it. */
export type Model = {
  readonly phase: string;
  readonly plan: ShowPlan;
  readonly segments: readonly Segment[];
  readonly items: readonly ShelfItem[];
};

export type SeriesView = {
  readonly seriesId: string;
  readonly rule: RepeatRule;
  readonly timeZone: string;
  readonly nth: number;
  readonly hasEnded: boolean;
};

export type SeriesOptions = {
  readonly db: Kysely<RemindTables>;
  readonly engine: Pick<Engine, 'send'>;
  readonly log: Pick<EventLog, 'read'>;
  readonly clock: Clock;
  readonly report: (what: string, error: unknown) => void;
};

const lookEveryMs = 10 * 60_000;

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');
/** The same number of the same series is the same show, whoever makes it. */
const showIdOf = (seriesId: string, nth: number): string =>
  digest(`${seriesId}\n${nth}`).replaceAll(/[-_]/g, 'x').slice(0, 12);

export class Series {
  readonly #options: SeriesOptions;
  #cancelTimer: (() => void) | null = null;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: SeriesOptions) {
    this.#options = options;
  }

  start(): void {
    this.#look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    await this.#running;
  }

  #look(): void {
    if (this.#stopped) return;
    const { clock, report } = this.#options;
    this.#running = this.makeAhead()
      .catch((error: unknown) => report('shows of a series could not be made', error))
      .then(() => {
        if (!this.#stopped)
          this.#cancelTimer = clock.at(clock.nowMs() + lookEveryMs, () => this.#look());
      });
  }

  /** Makes all shows of all series that are due within the window. Twice is once. */
  async makeAhead(): Promise<void> {
    const all = await this.#options.db
      .selectFrom('show_series')
      .select('series_id')
      .where('ended', '=', false)
      .orderBy('series_id')
      .execute();
    for (const { series_id } of all) {
      if (this.#stopped) return;
      await this.make(series_id);
    }
  }

  /**
   * Lets a planned show come again. Refuses `show-unknown`, `show-not-planned`, `repeat-invalid`,
   * `series-exists`, `series-full`.
   */
  async begin(
    showId: string,
    rule: RepeatRule,
    timeZone: string,
  ): Promise<{ readonly seriesId: string } | Refusal> {
    const { db } = this.#options;
    const model = await this.model(showId);
    if (!model) return refuse('show-unknown');
    if (model.phase !== 'planned') return refuse('show-not-planned');
    const wrong = wrongRule(rule, model.plan.startsAtMs);
    if (wrong) return refuse('repeat-invalid', { field: wrong });
    const { n } = await db
      .selectFrom('show_series')
      .select((eb) => eb.fn.countAll<string>().as('n'))
      .where('ended', '=', false)
      .executeTakeFirstOrThrow();
    if (Number(n) >= limits.seriesMax) return refuse('series-full');
    const seriesId = digest(`series ${showId}`).slice(0, 16);
    const made = await db.transaction().execute(async (tx) => {
      const known = await tx
        .selectFrom('series_shows')
        .innerJoin('show_series', 'show_series.series_id', 'series_shows.series_id')
        .select('ended')
        .where('show_id', '=', showId)
        .executeTakeFirst();
      if (known) return false;
      await tx
        .insertInto('show_series')
        .values({
          series_id: seriesId,
          model_show: showId,
          rule: JSON.stringify(rule),
          time_zone: timeZone,
          starts_at_ms: model.plan.startsAtMs,
          ended: false,
        })
        .execute();
      await tx
        .insertInto('series_shows')
        .values({ series_id: seriesId, nth: 0, show_id: showId, made: true })
        .execute();
      return true;
    });
    if (!made) return refuse('series-exists');
    await this.make(seriesId);
    return { seriesId };
  }

  /** Makes the shows of one series that are due. */
  async make(seriesId: string): Promise<void> {
    const { db, clock } = this.#options;
    const series = await db
      .selectFrom('show_series')
      .selectAll()
      .where('series_id', '=', seriesId)
      .executeTakeFirst();
    if (!series || series.ended) return;
    const made = await db
      .selectFrom('series_shows')
      .select('nth')
      .where('series_id', '=', seriesId)
      .where('made', '=', true)
      .execute();
    const known = new Set(made.map(({ nth }) => nth));
    const due = shownBy(series, clock.nowMs() + limits.seriesAheadMs).filter(
      ({ nth, startsAtMs }) => !known.has(nth) && startsAtMs > clock.nowMs(),
    );
    if (due.length === 0) return;
    const model = await this.model(series.model_show);
    if (!model) return;
    const notice = await db
      .selectFrom('show_notices')
      .selectAll()
      .where('show_id', '=', series.model_show)
      .executeTakeFirst();
    for (const { nth, startsAtMs } of due) {
      if (this.#stopped) return;
      const showId = showIdOf(seriesId, nth);
      // First: whoever reads the log must know that this show belongs to a series.
      await db
        .insertInto('series_shows')
        .values({ series_id: seriesId, nth, show_id: showId, made: false })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await this.#plan(showId, { ...model.plan, startsAtMs }, model);
      await db
        .insertInto('show_notices')
        .values({
          show_id: showId,
          teaser: notice?.teaser ?? '',
          time_zone: series.time_zone,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await db
        .updateTable('series_shows')
        .set({ made: true })
        .where('show_id', '=', showId)
        .execute();
    }
  }

  async #plan(showId: string, plan: ShowPlan, { segments: own, items }: Model): Promise<void> {
    const segments = carriedOn(own);
    const { engine } = this.#options;
    const stream = showStream(showId as ShowId);
    const commands = [
      { kind: 'PlanShow', plan },
      { kind: 'ArrangeSegments', segments },
      ...(items.length > 0 ? [{ kind: 'StockShelf', items } as const] : []),
    ] as const;
    for (const command of commands) {
      // Command ids hold at most 64 signs.
      const commandId = `series-${command.kind}-${showId}` as CommandId;
      const outcome = await engine
        .send(stream, command, { commandId, by: system })
        .catch((error: unknown) => {
          // Made before from the model as it was then.
          if ((error as { code?: string }).code !== 'command-id-reused') throw error;
          return null;
        });
      if (outcome?.kind === 'refused' && outcome.reason !== 'show-exists')
        throw new Error(`${showId} refuses ${command.kind}: ${outcome.reason}`);
    }
  }

  /** A show as its log has it now; null when it was never planned. */
  async model(showId: string): Promise<Model | null> {
    let plan: ShowPlan | null = null;
    let phase = 'none';
    let segments: readonly Segment[] = [];
    let items: readonly ShelfItem[] = [];
    for await (const event of readStream(this.#options.log, showStream(showId as ShowId))) {
      const { kind, data } = event as unknown as { kind: string; data: Record<string, unknown> };
      if (kind === 'ShowPlanned' || kind === 'PlanChanged') plan = data.plan as ShowPlan;
      if (kind === 'WatchByChosen' && plan) plan = { ...plan, ...data };
      if (kind === 'CoverChosen' && plan) plan = withCover(plan, data.coverUrl as string | null);
      if (kind === 'ShowPlanned') phase = 'planned';
      if (kind === 'ShowCancelled') phase = 'cancelled';
      if (kind === 'SegmentsArranged') segments = data.segments as Segment[];
      if (kind === 'ShelfStocked') items = data.items as ShelfItem[];
      if (kind === 'ShowStarted') phase = 'live';
      // What is changed while it runs is that evening's alone.
      if (kind === 'ShowStarted') break;
    }
    return plan ? { phase, plan, segments, items } : null;
  }

  /** Of which series a show is one; null for a show by itself. */
  async of(showId: string): Promise<SeriesView | null> {
    const row = await this.#options.db
      .selectFrom('series_shows')
      .innerJoin('show_series', 'show_series.series_id', 'series_shows.series_id')
      .select(['show_series.series_id', 'rule', 'time_zone', 'nth', 'ended'])
      .where('show_id', '=', showId)
      .executeTakeFirst();
    return row
      ? {
          seriesId: row.series_id,
          rule: JSON.parse(row.rule) as RepeatRule,
          timeZone: row.time_zone,
          nth: row.nth,
          hasEnded: row.ended,
        }
      : null;
  }

  /** The planned shows of a series after one of them, in order. */
  async #following(series: SeriesView): Promise<readonly { showId: string; nth: number }[]> {
    const rows = await this.#options.db
      .selectFrom('series_shows')
      .innerJoin('show_view', 'show_view.show_id', 'series_shows.show_id')
      .select(['series_shows.show_id', 'nth'])
      .where('series_id', '=', series.seriesId)
      .where('nth', '>', series.nth)
      .where('show_view.phase', '=', 'planned')
      .orderBy('nth')
      .execute();
    return rows.map(({ show_id, nth }) => ({ showId: show_id, nth }));
  }

  /**
   * After one show of a series was changed: all that follow it, and those still to be made, take its title and
   * begin by its clock. Twice is once. Nothing for a show by itself.
   */
  async carryOn(showId: string, by: Actor, key: string): Promise<void> {
    const { db } = this.#options;
    const [series, model] = await Promise.all([this.of(showId), this.model(showId)]);
    if (!series || !model) return;
    const base = { base_nth: series.nth, starts_at_ms: model.plan.startsAtMs };
    const changed = await db
      .updateTable('show_series')
      .set({ model_show: showId, ...base })
      .where('series_id', '=', series.seriesId)
      .returningAll()
      .executeTakeFirstOrThrow();
    const startOf = new Map(
      shownBy(changed, Number.POSITIVE_INFINITY).map(({ nth, startsAtMs }) => [nth, startsAtMs]),
    );
    for (const one of await this.#following(series)) {
      const other = await this.model(one.showId);
      if (other?.phase !== 'planned') continue;
      const plan = {
        ...other.plan,
        title: model.plan.title,
        startsAtMs: startOf.get(one.nth) ?? other.plan.startsAtMs,
      };
      await this.#send(one.showId, { kind: 'ChangePlan', plan }, by, key);
    }
  }

  /**
   * After one show of a series was planned anew: all planned ones that follow it, and those still to be made, take its
   * plan, run of show and shelf; each keeps its own time. Twice is once. Resolves to how many were changed; 0 for a show
   * by itself.
   */
  async handOn(showId: string, by: Actor, key: string): Promise<number> {
    const [series, model] = await Promise.all([this.of(showId), this.model(showId)]);
    if (!series || !model) return 0;
    await this.#options.db
      .updateTable('show_series')
      .set({ model_show: showId })
      .where('series_id', '=', series.seriesId)
      .execute();
    const following = await this.#following(series);
    for (const one of following) {
      const other = await this.model(one.showId);
      if (other?.phase !== 'planned') continue;
      const plan = { ...model.plan, startsAtMs: other.plan.startsAtMs };
      await this.#send(one.showId, { kind: 'ChangePlan', plan }, by, key);
      const segments = carriedOn(model.segments);
      await this.#send(one.showId, { kind: 'ArrangeSegments', segments }, by, key);
      await this.#send(one.showId, { kind: 'StockShelf', items: model.items }, by, key);
    }
    return following.length;
  }

  /** Ends a series with one of its shows: no more are made, and those that follow are cancelled. */
  async endAfter(showId: string, by: Actor, key: string): Promise<void> {
    const { db } = this.#options;
    const series = await this.of(showId);
    if (!series) return;
    await db
      .updateTable('show_series')
      .set({ ended: true })
      .where('series_id', '=', series.seriesId)
      .execute();
    for (const { showId: other } of await this.#following(series))
      await this.#send(other, { kind: 'CancelShow', reason: '' }, by, key);
  }

  /** A wish for one of several, with an id of its own; a show that is past it by now is left as it is. */
  async #send(showId: string, command: ShowCommand, by: Actor, key: string): Promise<void> {
    const commandId = `s_${digest(`${key} ${command.kind} ${showId}`).slice(0, 40)}` as CommandId;
    await this.#options.engine.send(showStream(showId as ShowId), command, { commandId, by });
  }
}

/** A run of show for another evening: lots and drops that stand ready are this one's alone. */
const carriedOn = (segments: readonly Segment[]): readonly Segment[] =>
  segments.map(({ cues, ...segment }) =>
    cues ? { ...segment, cues: cues.filter((cue) => !('id' in cue)) } : segment,
  );

/** What a series says of when its shows begin, from its base on. */
const shownBy = (
  series: { rule: string; base_nth: number; starts_at_ms: number; time_zone: string },
  toMs: number,
): readonly Occurrence[] => {
  const rule = JSON.parse(series.rule) as RepeatRule;
  const left = { ...rule, count: (rule.count ?? limits.seriesShowsMax) - series.base_nth };
  return occurrences(left, series.starts_at_ms, series.time_zone, toMs).map(
    ({ nth, startsAtMs }) => ({ nth: nth + series.base_nth, startsAtMs }),
  );
};
