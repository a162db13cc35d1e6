// One rehearsal: a shop of its own in memory, with the deciders, policies and rooms of the real one, a log that ends
// with it, a till that charges nobody, and a simulated crowd. The rule it guards: it is given nothing through which it
// could reach the real shop; what of it stays is the report. Rules: docs/rules/rehearsal.md.

import {
  type BidId,
  type CommandId,
  type HoldId,
  idOfStream,
  type MessageId,
  type OfferId,
  type PersonId,
  type PollId,
  type ShowId,
  showStream,
  stockStream,
  typeOfStream,
  type VariantId,
} from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import { addMoney, type Money } from '../base/money.ts';
import type { Clock, Random } from '../base/ports.ts';
import { type Actor, system } from '../domain/decider.ts';
import { orderDecider } from '../domain/order/order.ts';
import type { PriceSettings } from '../domain/order/price.ts';
import type { Segment } from '../domain/show/run-of-show.ts';
import { showDecider } from '../domain/show/show.ts';
import { stockDecider } from '../domain/stock/stock.ts';
import type { Command, Engine, ReportLine } from '../engine/contract.ts';
import { createEngine } from '../engine/engine.ts';
import { startPolicies } from '../engine/policies.ts';
import type { PolicyRunner } from '../engine/policy.ts';
import { sandboxPayments } from '../gateways/sandbox-payments.ts';
import { type RecordedEvent, readStream } from '../log/event-log.ts';
import { MemoryLog } from '../log/memory-log.ts';
import type { MediaEvent, MediaPlane } from '../media/media-plane.ts';
import type { CrowdSize, RehearsalReport, RehearsalView, Tempo } from '../protocol/rehearsal.ts';
import type { Room } from '../protocol/room.ts';
import type { MyHold, You } from '../protocol/socket.ts';
import { Member } from '../publish/member.ts';
import type { RoomFeed } from '../publish/room-feed.ts';
import { Rooms } from '../publish/rooms.ts';
import type { Act, Who } from './acts.ts';
import { Chance } from './chance.ts';
import { SimulatedCrowd } from './crowd.ts';
import { LineCut } from './line-cut.ts';
import { reportOf } from './report.ts';
import { planning, type Script } from './script.ts';
import { payAtTill } from './till.ts';

export type RehearsalOptions = {
  readonly rehearsalId: ShowId;
  readonly script: Script;
  /** Units on hand, by variant, as the real shop had them when the rehearsal began. */
  readonly onHand: ReadonlyMap<VariantId, number>;
  readonly crowd: CrowdSize;
  readonly tempo: Tempo;
  readonly seed: number;
  readonly clock: Clock;
  readonly random: Random;
  /** [RHS-5] All that it may do with the other plane: end the session of its own host. */
  readonly media: Pick<MediaPlane, 'leave'>;
  readonly price: PriceSettings;
  /** Called once, with what it came to; it takes no commands any more. */
  readonly onEnd: (rehearsal: Rehearsal, report: RehearsalReport) => void;
  readonly report: (line: ReportLine) => void;
};

const tickMs = 250;
/** Nobody reads on the crowd's side: they look at the room itself. */
const deafWire = { write: () => {}, queuedBytes: () => 0, close: () => {} };

export class Rehearsal {
  readonly rehearsalId: ShowId;
  readonly engine: Engine;
  readonly rooms: Rooms;
  readonly log: MemoryLog;
  readonly #options: RehearsalOptions;
  readonly #policies: PolicyRunner;
  readonly #payments = sandboxPayments();
  readonly #crowd: SimulatedCrowd;
  readonly #cut: LineCut;
  readonly #members = new Map<Who, Member>();
  readonly #came = new Set<Who>();
  readonly #refused = new Map<string, number>();
  readonly #rudeIds = new Set<string>();
  readonly #beganMs: number;
  #segments: readonly Segment[] = [];
  #mostAtOnce = 0;
  #droppedOff = 0;
  #declined = 0;
  #paid = 0;
  #takings: Money | null = null;
  #events = 0;
  #ids = 0;
  #feed: RoomFeed | null = null;
  #stopTicking: (() => void) | null = null;
  #endedBy: RehearsalReport['endedBy'] = 'crew';
  #phase: 'planned' | 'live' | 'ended' = 'planned';
  #tick: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | null = null;

  private constructor(options: RehearsalOptions) {
    const { rehearsalId, clock, seed, crowd, tempo, media, report } = options;
    this.#options = options;
    this.rehearsalId = rehearsalId;
    this.#beganMs = clock.nowMs();
    this.#crowd = new SimulatedCrowd(seed, crowd);
    this.#cut = new LineCut({ clock, media, chance: new Chance(seed ^ 0x5eed), tempo });
    // [RHS-2] Nothing of it is on disk, and its streams are in no log that another reader has.
    this.log = new MemoryLog({ clock });
    const deciders = [showDecider, stockDecider, orderDecider];
    this.engine = createEngine({ log: this.log, clock, node: 'rehearsal', deciders, report });
    this.#policies = startPolicies({
      engine: this.engine,
      log: this.log,
      clock,
      gateway: this.#payments,
      report,
    });
    this.rooms = new Rooms({
      log: this.log,
      epoch: this.#beganMs,
      clock,
      countReactions: async (_, counts) => {
        await this.#send({ kind: 'CountReactions', counts });
      },
      report: (what, error) => report({ level: 'error', what, error }),
    });
    this.engine.onCommitted(({ stream, events, waiting }) => {
      this.rooms.committed(stream, events, waiting);
      this.#committed(typeOfStream(stream), events);
    });
  }

  /** Plans the evening in a shop of its own and lets the crowd wait before the door. */
  static async open(options: RehearsalOptions): Promise<Rehearsal> {
    const rehearsal = new Rehearsal(options);
    try {
      await rehearsal.#plan();
    } catch (error) {
      await rehearsal.stop();
      throw error;
    }
    return rehearsal;
  }

  get phase(): 'planned' | 'live' | 'ended' {
    return this.#phase;
  }

  get line(): RehearsalView['line'] {
    const cut = this.#cut.outcome;
    if (cut === null) return 'uncut';
    return cut.backAtMs === null ? 'away' : 'back';
  }

  /** The run of show with the crew's notes. */
  get segments(): readonly Segment[] {
    return this.#segments;
  }

  get viewers(): number {
    return this.rooms.viewers(this.rehearsalId);
  }

  room(): Promise<Room | null> {
    return this.rooms.room(this.rehearsalId);
  }

  /** What the other plane tells of this rehearsal's picture. */
  onMedia(event: MediaEvent): void {
    if (!('showId' in event) || event.showId !== this.rehearsalId || this.#phase === 'ended')
      return;
    if (event.type !== 'publisher-connected' && event.type !== 'publisher-lost') return;
    this.#cut.onMedia(event);
    const kind = event.type === 'publisher-connected' ? 'PictureOn' : 'PictureLost';
    void this.#send({ kind }).catch((error: unknown) => this.#fault(error));
  }

  /** Ends it before its crew does. Resolves when the report is made. */
  async end(by: Exclude<RehearsalReport['endedBy'], 'crew'>): Promise<void> {
    if (this.#phase === 'ended') return;
    this.#endedBy = by;
    await this.#send({
      kind: this.#phase === 'live' ? 'EndShow' : 'CancelShow',
      reason: '',
    } as Command);
  }

  /** Gives everything back. The report was made, or never will be. */
  stop(): Promise<void> {
    this.#stopped ??= (async () => {
      this.#phase = 'ended';
      this.#stopTicking?.();
      await this.#tick;
      this.#cut.stop();
      this.rooms.close();
      await this.#policies.stop();
      await this.engine.stop();
    })();
    return this.#stopped;
  }

  dump() {
    const { rehearsalId } = this;
    return { rehearsalId, phase: this.#phase, events: this.#events, here: this.#crowd.here };
  }

  // ── the evening ──────────────────────────────────────────────────────────────────────────────────

  async #plan(): Promise<void> {
    const { script, onHand, clock } = this.#options;
    for (const variantId of script.variantIds)
      await this.engine.send(
        stockStream(variantId),
        { kind: 'CountStock', onHand: onHand.get(variantId) ?? 0 },
        { commandId: this.#id() as CommandId, by: system },
      );
    for (const command of planning(script, clock.nowMs())) {
      const outcome = await this.#send(command);
      if (outcome.kind !== 'refused') continue;
      this.#options.report({
        level: 'warn',
        what: 'not-rehearsed',
        command: command.kind,
        reason: outcome.reason,
      });
    }
    this.#feed = await this.rooms.open(this.rehearsalId);
    this.#arm();
  }

  #committed(type: string, events: readonly RecordedEvent[]): void {
    this.#events += events.length;
    for (const { kind, atMs, data } of events) {
      if (kind === 'SegmentsArranged')
        this.#segments = (data as unknown as { segments: readonly Segment[] }).segments;
      if (type === 'order' && kind === 'PaymentDeclined') this.#declined += 1;
      if (type !== 'show') continue;
      if (kind === 'ShowStarted') {
        this.#phase = 'live';
        this.#cut.begin();
      } else if (kind === 'ShowEnded' || kind === 'ShowCancelled') {
        this.#phase = 'ended';
        this.#stopTicking?.();
        this.#finish(atMs).catch((error: unknown) => this.#fault(error));
      }
    }
  }

  async #finish(atMs: number): Promise<void> {
    // What the crowd had in hand is finished first: nothing may change under the report.
    await this.#tick;
    this.#cut.stop();
    const events: RecordedEvent[] = [];
    for await (const event of readStream(this.log, showStream(this.rehearsalId)))
      events.push(event);
    const report = reportOf(
      events,
      this.#options.script,
      {
        refused: this.#refused,
        rudeIds: this.#rudeIds,
        came: this.#came.size,
        mostAtOnce: this.#mostAtOnce,
        droppedOff: this.#droppedOff,
        declined: this.#declined,
        paid: this.#paid,
        takings: this.#takings,
        cut: this.#cut.outcome,
      },
      { atMs, by: this.#endedBy },
    );
    this.#options.onEnd(this, report);
  }

  #arm(): void {
    const { clock } = this.#options;
    this.#stopTicking = clock.at(clock.nowMs() + tickMs, () => {
      if (this.#phase === 'ended') return;
      this.#tick = this.#step().catch((error: unknown) => this.#fault(error));
      void this.#tick.then(() => {
        if (this.#phase !== 'ended') this.#arm();
      });
    });
  }

  async #step(): Promise<void> {
    const { clock, tempo } = this.#options;
    const passedMs = clock.nowMs() - this.#beganMs;
    // [RHS-7] Bounded in time and in memory, whatever its crew does.
    if (
      passedMs > limits.rehearsalMs ||
      (this.#phase === 'planned' && passedMs > limits.rehearsalIdleMs)
    )
      return this.end('time');
    if (this.#events > limits.rehearsalEventsMax) return this.end('size');
    const room = this.rooms.roomAtHand(this.rehearsalId);
    if (room === null || this.#feed === null || room.phase !== 'live') return;
    const feed = this.#feed;
    const acts = this.#crowd.step({
      nowMs: this.#beganMs + passedMs * tempo,
      room,
      holdsOf: (who) => this.#holdsOf(feed, who, tempo),
    });
    for (const act of acts) await this.#do(feed, act);
    this.#mostAtOnce = Math.max(this.#mostAtOnce, this.#crowd.here);
  }

  /** Holds with their end in the crowd's own time. */
  #holdsOf(feed: RoomFeed, who: Who, tempo: Tempo): readonly MyHold[] {
    const member = this.#members.get(who);
    if (!member) return [];
    return feed.holdsOf(member).map((hold) => ({
      ...hold,
      expiresAtMs: this.#beganMs + (hold.expiresAtMs - this.#beganMs) * tempo,
    }));
  }

  // ── what people do ───────────────────────────────────────────────────────────────────────────────

  async #do(feed: RoomFeed, act: Act): Promise<void> {
    switch (act.do) {
      case 'join': {
        if (this.#members.has(act.who)) return;
        const member = new Member(this.#you(act.who), deafWire, this.rooms.outbox);
        this.#members.set(act.who, member);
        this.#came.add(act.who);
        feed.hello(member, undefined);
        return;
      }
      case 'leave': {
        const member = this.#members.get(act.who);
        if (!member) return;
        this.#members.delete(act.who);
        this.#droppedOff += 1;
        feed.leave(member);
        member.left();
        return;
      }
      case 'react': {
        const member = this.#members.get(act.who);
        if (member) feed.tap(member, act.reaction, act.count);
        return;
      }
      case 'say': {
        const messageId = this.#id() as MessageId;
        if (act.isRude) this.#rudeIds.add(messageId);
        const { text, replyTo } = act;
        const about = { messageId, text, replyTo: replyTo as MessageId | null, tier: null };
        return this.#wish(act.who, {
          kind: 'PostMessage',
          ...about,
          holdId: this.#id() as HoldId,
        });
      }
      case 'claim': {
        return this.#wish(act.who, {
          kind: 'Claim',
          offerId: act.offerId as OfferId,
          variantId: act.variantId as VariantId,
          quantity: 1,
          holdId: this.#id() as HoldId,
          tier: null,
        });
      }
      case 'bid':
        return this.#wish(act.who, {
          kind: 'PlaceBid',
          lotId: act.lotId as OfferId,
          bidId: this.#id() as BidId,
          max: act.price,
          nonce: this.#nonce(),
          isConfirmed: true,
        });
      case 'take':
        return this.#wish(act.who, {
          kind: 'TakeLot',
          lotId: act.lotId as OfferId,
          price: act.price,
          holdId: this.#id() as HoldId,
        });
      case 'vote':
        return this.#wish(act.who, {
          kind: 'Vote',
          pollId: act.pollId as PollId,
          option: act.option,
        });
      case 'enter': {
        const { personId } = this.#you(act.who);
        return this.#wish(act.who, {
          kind: 'EnterDrop',
          dropId: act.dropId as OfferId,
          variantId: act.variantId as VariantId,
          quantity: 1,
          words: '',
          tier: null,
          identity: personId,
          marks: { 'verified-address': personId, card: personId },
        });
      }
      case 'pay': {
        const { showId, newId } = { showId: this.rehearsalId, newId: () => this.#id() };
        const { price } = this.#options;
        const till = { engine: this.engine, payments: this.#payments, price, showId, newId };
        const paid = await payAtTill(till, this.#actor(act.who), act.hold, act.isDeclined);
        if (paid.what !== 'paid') return;
        this.#paid += 1;
        this.#takings = this.#takings === null ? paid.total : addMoney(this.#takings, paid.total);
        return;
      }
      case 'release':
        return this.#wish(
          act.who,
          { kind: 'ReleaseHold', holdId: act.hold.holdId as HoldId },
          act.hold.stream,
        );
    }
  }

  async #wish(
    who: Who,
    command: Command,
    stream: string = showStream(this.rehearsalId),
  ): Promise<void> {
    const outcome = await this.engine.send(stream as ReturnType<typeof showStream>, command, {
      commandId: this.#id() as CommandId,
      by: this.#actor(who),
    });
    if (outcome.kind === 'refused' && command.kind !== 'PostMessage')
      this.#refused.set(outcome.reason, (this.#refused.get(outcome.reason) ?? 0) + 1);
  }

  #you(who: Who): You {
    const { name } = this.#crowd.people[who]!;
    return { personId: `crowd_${who}`, name, role: 'shopper', guest: false };
  }

  #actor(who: Who): Extract<Actor, { kind: 'person' }> {
    const { personId, name } = this.#you(who);
    return { kind: 'person', id: personId as PersonId, name, role: 'shopper' };
  }

  #send(command: Command) {
    const commandId = this.#id() as CommandId;
    return this.engine.send(showStream(this.rehearsalId), command, { commandId, by: system });
  }

  #id(): string {
    this.#ids += 1;
    return `r_${this.#ids}`;
  }

  #nonce(): string {
    return nonceFrom(this.#options.random);
  }

  #fault(error: unknown): void {
    this.#options.report({
      level: 'error',
      what: 'rehearsal-fault',
      rehearsal: idOfStream(showStream(this.rehearsalId)),
      error,
    });
  }
}

/** 128 bits in hex, as the deciders ask for them. */
export const nonceFrom = (random: Pick<Random, 'id'>): string =>
  Buffer.from(random.id(16)).toString('hex');
