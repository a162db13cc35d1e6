// The stage's book: who of a show's guests is where, folded from its log; who sends and who sees; and who waits to hear
// of a change. Whoever loses their place loses their lines at once. Nothing is decided here. Rules: docs/rules/stage.md.

import { createHash } from 'node:crypto';
import { type ShowId, showStream } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import type { Clock } from '../base/ports.ts';
import {
  evolveGuests,
  type Guest,
  type Guests,
  guestOf,
  hostSeat,
  isOfGuests,
  isSilent,
  isStageFull,
  mayEnter,
  onStage,
} from '../domain/show/guests.ts';
import type { ShowPlan } from '../domain/show/life.ts';
import type { Engine } from '../engine/contract.ts';
import { type EventLog, type RecordedEvent, readStream } from '../log/event-log.ts';
import type { MediaAnswer, MediaPlane } from '../media/media-plane.ts';
import { stagePlace } from '../media/private-place.ts';
import type { GuestList, GuestView, StageView } from '../protocol/stage.ts';
import { ProblemError } from './problem-reply.ts';

export type StageDeskParts = {
  readonly log: Pick<EventLog, 'read'>;
  readonly engine: Pick<Engine, 'onCommitted'>;
  readonly media: Pick<MediaPlane, 'publish' | 'watch' | 'leave' | 'session'>;
  readonly clock: Clock;
};

/** Who asks: a guest by their link, or somebody of the crew. */
export type StageAsker =
  | { readonly kind: 'guest'; readonly guestId: string; readonly tokenHash: string }
  | { readonly kind: 'crew'; readonly mayDirect: boolean };

type Line = { readonly seat: string; readonly by: string };

type Stage = {
  readonly showId: string;
  /** The place of the last event that is in here. */
  seq: number;
  /** The place of the last one that changed something on stage. */
  version: number;
  phase: 'none' | 'planned' | 'live' | 'over';
  plan: Pick<ShowPlan, 'title' | 'hostName' | 'shopName' | 'startsAtMs'> | null;
  readonly guests: Guests;
  readonly waiting: Set<() => void>;
  readonly lines: Map<string, Line>;
  opening: number;
};

/** What the log keeps of a link's secret. */
export const tokenHashOf = (token: string): string =>
  createHash('sha256').update(token).digest('base64url');

export class StageDesk {
  readonly #parts: StageDeskParts;
  readonly #stages = new Map<string, Stage>();
  readonly #loading = new Map<string, { stage: Promise<Stage>; later: RecordedEvent[] }>();
  readonly #stopListening: () => void;

  constructor(parts: StageDeskParts) {
    this.#parts = parts;
    this.#stopListening = parts.engine.onCommitted(({ stream, events }) => {
      if (!stream.startsWith('show-')) return;
      const showId = stream.slice('show-'.length);
      this.#loading.get(showId)?.later.push(...events);
      const stage = this.#stages.get(showId);
      if (stage) for (const event of events) this.#take(stage, event);
    });
  }

  /** What the crew sees. Waits for something newer than `after`, some seconds at most. */
  async list(showId: string, after?: number): Promise<GuestList> {
    const stage = await this.#stage(showId);
    await this.#newer(stage, after);
    return {
      version: stage.version,
      isOpen: isOpen(stage),
      peopleMax: limits.stagePeopleMax,
      guests: Object.values(stage.guests).map(viewOf),
    };
  }

  /** What a guest sees, in the same way. Their link must be good, also after the wait. */
  async look(
    showId: string,
    guestId: string,
    tokenHash: string,
    after?: number,
  ): Promise<StageView> {
    const stage = await this.#stage(showId);
    this.#guest(stage, guestId, tokenHash);
    await this.#newer(stage, after);
    const me = this.#guest(stage, guestId, tokenHash);
    const { plan, phase, version, guests } = stage;
    if (!plan || phase === 'none') throw new ProblemError('show-unknown');
    const { title, hostName, shopName, startsAtMs } = plan;
    const others = onStage(guests).filter((each) => each !== me);
    return {
      version,
      show: { title, hostName, shopName, startsAtMs, phase },
      me: viewOf(me),
      isFull: isStageFull(guests),
      others:
        me.phase === 'stage' && isOpen(stage)
          ? [
              { seat: hostSeat, name: hostName, muted: false },
              ...others.map((each) => ({
                ...{ seat: each.guestId, name: each.name, muted: isSilent(each) },
              })),
            ]
          : [],
    };
  }

  /** [STG-7] Begins to send to a seat, or to see it. A guest who sends anew replaces what they sent. */
  async open(
    showId: string,
    seat: string,
    asker: StageAsker,
    role: 'send' | 'watch',
    offerSdp: string,
  ): Promise<MediaAnswer> {
    const stage = await this.#stage(showId);
    this.#permit(stage, seat, asker, role);
    const { media } = this.#parts;
    for (const sessionId of stage.lines.keys())
      if (!media.session(sessionId)) stage.lines.delete(sessionId);
    if (stage.lines.size + stage.opening >= limits.stageSessionsMax)
      throw new ProblemError('stage-busy', { retryAfterMs: 3_000 });
    stage.opening += 1;
    try {
      const place = stagePlace(showId, seat);
      const answer = await (role === 'send'
        ? media.publish(place, offerSdp, true)
        : media.watch(place, offerSdp));
      stage.lines.set(answer.sessionId, {
        seat,
        by: asker.kind === 'guest' ? asker.guestId : 'crew',
      });
      try {
        // They may have lost their place while the line was made.
        this.#permit(stage, seat, asker, role);
      } catch (error) {
        this.#end(stage, answer.sessionId);
        throw error;
      }
      return answer;
    } finally {
      stage.opening -= 1;
    }
  }

  /** Ends a line of this stage; its id, that nobody guesses, is the right to. False when there is none. */
  async end(showId: string, sessionId: string): Promise<boolean> {
    const stage = this.#stages.get(showId);
    if (!stage?.lines.delete(sessionId)) return false;
    return this.#parts.media.leave(sessionId);
  }

  /** Answers everybody who waits, as it is now. */
  release(): void {
    for (const { waiting } of this.#stages.values()) for (const wake of [...waiting]) wake();
  }

  stop(): void {
    this.#stopListening();
    this.release();
  }

  #guest(stage: Stage, guestId: string, tokenHash: string): Guest {
    const guest = guestOf(stage.guests, guestId);
    if (!mayEnter(guest, tokenHash, this.#parts.clock.nowMs()))
      throw new ProblemError('stage-link-invalid');
    return guest;
  }

  #permit(stage: Stage, seat: string, asker: StageAsker, role: 'send' | 'watch'): void {
    if (!isOpen(stage)) throw new ProblemError('show-ended');
    const seated = guestOf(stage.guests, seat);
    const isThere =
      seat === hostSeat || seated?.phase === 'stage' || (asker.kind === 'crew' && isIn(seated));
    if (asker.kind === 'crew') {
      if (role === 'send' && (seat !== hostSeat || !asker.mayDirect))
        throw new ProblemError('not-allowed');
      if (!isThere) throw new ProblemError('stage-guest-away');
      return;
    }
    const guest = this.#guest(stage, asker.guestId, asker.tokenHash);
    if (role === 'send') {
      if (seat !== guest.guestId) throw new ProblemError('not-allowed');
      if (!isIn(guest)) throw new ProblemError('stage-guest-away');
      return;
    }
    if (guest.phase !== 'stage' || seat === guest.guestId) throw new ProblemError('not-allowed');
    if (!isThere) throw new ProblemError('stage-guest-away');
  }

  async #newer(stage: Stage, after: number | undefined): Promise<void> {
    if (after === undefined || stage.version > after || !isOpen(stage)) return;
    if (stage.waiting.size >= limits.stageWaitersMax)
      throw new ProblemError('stage-busy', { retryAfterMs: 3_000 });
    const { clock } = this.#parts;
    await new Promise<void>((resolve) => {
      const wake = () => {
        stage.waiting.delete(wake);
        cancel();
        resolve();
      };
      const cancel = clock.at(clock.nowMs() + limits.stageWaitMs, wake);
      stage.waiting.add(wake);
    });
  }

  async #stage(showId: string): Promise<Stage> {
    const kept = this.#stages.get(showId);
    if (kept) return kept;
    const loading = this.#loading.get(showId) ?? this.#load(showId);
    const stage = await loading.stage;
    if (stage.phase === 'none') throw new ProblemError('show-unknown');
    return stage;
  }

  #load(showId: string): { stage: Promise<Stage>; later: RecordedEvent[] } {
    const later: RecordedEvent[] = [];
    const read = async (): Promise<Stage> => {
      const stage: Stage = {
        ...{ showId, seq: 0, version: 0, phase: 'none', plan: null, guests: {}, opening: 0 },
        ...{ waiting: new Set(), lines: new Map() },
      };
      try {
        const events = readStream(this.#parts.log, showStream(showId as ShowId));
        for await (const event of events) this.#take(stage, event);
        for (const event of later) this.#take(stage, event);
        if (stage.phase !== 'none') this.#keep(stage);
        return stage;
      } finally {
        this.#loading.delete(showId);
      }
    };
    const loading = { stage: read(), later };
    this.#loading.set(showId, loading);
    return loading;
  }

  #keep(stage: Stage): void {
    this.#stages.set(stage.showId, stage);
    for (const [showId, { waiting, lines, opening }] of this.#stages) {
      if (this.#stages.size <= limits.stagesKept) return;
      if (showId !== stage.showId && waiting.size === 0 && lines.size === 0 && opening === 0)
        this.#stages.delete(showId);
    }
  }

  #take(stage: Stage, recorded: RecordedEvent): void {
    if (recorded.seq <= stage.seq) return;
    stage.seq = recorded.seq;
    const event: unknown = recorded;
    switch (recorded.kind) {
      case 'ShowPlanned':
      case 'PlanChanged':
        stage.plan = (event as { data: { plan: ShowPlan } }).data.plan;
        if (stage.phase === 'none') stage.phase = 'planned';
        break;
      case 'ShowStarted':
        stage.phase = 'live';
        break;
      case 'ShowEnded':
      case 'ShowCancelled':
        stage.phase = 'over';
        break;
      default:
        if (!isOfGuests(recorded)) return;
        evolveGuests(stage.guests, recorded);
        if (recorded.kind === 'GuestRemoved' || recorded.kind === 'GuestLeft')
          this.#cutOff(stage, recorded.data.guestId);
    }
    if (stage.phase === 'over')
      for (const sessionId of [...stage.lines.keys()]) this.#end(stage, sessionId);
    stage.version = recorded.seq;
    for (const wake of [...stage.waiting]) wake();
  }

  /** [STG-8] */
  #cutOff(stage: Stage, guestId: string): void {
    for (const [sessionId, { seat, by }] of [...stage.lines])
      if (seat === guestId || by === guestId) this.#end(stage, sessionId);
  }

  #end(stage: Stage, sessionId: string): void {
    stage.lines.delete(sessionId);
    // A plane that is gone has ended it already.
    this.#parts.media.leave(sessionId).catch(() => false);
  }
}

const isOpen = ({ phase }: Stage): boolean => phase === 'planned' || phase === 'live';

const isIn = (guest: Guest | undefined): boolean =>
  guest?.phase === 'wings' || guest?.phase === 'stage';

const viewOf = ({ tokenHash: _, ...guest }: Guest): GuestView => guest;
