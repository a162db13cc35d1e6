// The simulated crowd of a rehearsal: looks at the room as people do and says what each of them does now. The same
// seed and the same evening give the same crowd. Knows no clock, no engine and no shop: it is told the time and the
// room, and answers with acts. Rules: docs/rules/rehearsal.md.

import { limits } from '../base/limits.ts';
import type { CrowdSize } from '../protocol/rehearsal.ts';
import type { Room, RoomDrop, RoomOffer } from '../protocol/room.ts';
import type { RoomLot } from '../protocol/room-lot.ts';
import type { RoomPoll } from '../protocol/room-poll.ts';
import type { MyHold } from '../protocol/socket.ts';
import type { Act, Who } from './acts.ts';
import { type Character, crowdOf } from './cast.ts';
import { Chance } from './chance.ts';
import { lineFor, type Occasion } from './lines.ts';

/** People of a size, and how much of what comes to mind they say. */
const sizes: Readonly<Record<CrowdSize, { readonly people: number; readonly talk: number }>> = {
  quiet: { people: 8, talk: 0.5 },
  usual: { people: 30, talk: 1 },
  busy: { people: 90, talk: 2 },
};

export type Sight = {
  readonly nowMs: number;
  readonly room: Room;
  readonly holdsOf: (who: Who) => readonly MyHold[];
};

/** What somebody means to do; null when the moment has passed by then. */
type Plan = { readonly atMs: number; readonly act: (sight: Sight) => Act | null };

const plansMax = 1_000;
const quietMs = 4_000;
/** A share of those who hold something try a card that is declined first; a share of those give up. */
const declinedShare = 0.18;
const givesUpShare = 0.4;
const rudeShare = 0.025;

export class SimulatedCrowd {
  readonly people: readonly Character[];
  readonly #chance: Chance;
  readonly #talk: number;
  readonly #here = new Set<Who>();
  readonly #quietUntilMs = new Map<Who, number>();
  readonly #seen = new Set<string>();
  #plans: Plan[] = [];
  #beganMs: number | null = null;
  #lastMs = 0;
  #pinned: string | null = null;

  constructor(seed: number, size: CrowdSize) {
    const { people, talk } = sizes[size];
    this.#chance = new Chance(seed);
    this.#talk = talk;
    this.people = crowdOf(people, this.#chance);
  }

  get here(): number {
    return this.#here.size;
  }

  /** What is done since the last step, in order. Called some times a second with a time that never runs backwards. */
  step(sight: Sight): readonly Act[] {
    const { nowMs, room } = sight;
    if (this.#beganMs === null) this.#arrive(nowMs);
    const passedMs = Math.min(2_000, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    if (room.phase === 'live') {
      this.#look(sight);
      this.#idle(nowMs, passedMs);
    }
    const due = this.#plans.filter(({ atMs }) => atMs <= nowMs).sort((a, b) => a.atMs - b.atMs);
    if (due.length > 0) this.#plans = this.#plans.filter(({ atMs }) => atMs > nowMs);
    return due.flatMap((plan) => {
      const act = plan.act(sight);
      if (act === null) return [];
      if (act.do === 'join') this.#here.add(act.who);
      else if (!this.#here.has(act.who)) return [];
      else if (act.do === 'leave') this.#here.delete(act.who);
      return [act];
    });
  }

  // ── coming and going ─────────────────────────────────────────────────────────────────────────────

  #arrive(nowMs: number): void {
    this.#beganMs = nowMs;
    this.#lastMs = nowMs;
    for (const who of this.people.keys()) {
      // Most are there within half a minute, some late.
      const inMs = this.#chance.happens(0.8)
        ? this.#chance.between(200, 25_000)
        : this.#chance.between(25_000, 240_000);
      this.#plan(inMs, () => ({ do: 'join', who }));
      if (this.#chance.happens(this.people[who]!.temper.talks))
        this.#say(inMs + this.#chance.between(1_000, 12_000), who, this.#greeting());
    }
  }

  #greeting(): Occasion {
    return this.#chance.happens(0.25) ? 'first-hello' : 'hello';
  }

  /** Drop-offs: about one in ten minutes each, the shaky ones more often; most come back. */
  #loses(passedMs: number): void {
    const shaky = this.#someone((who) => this.people[who]!.temper.drops);
    if (shaky === null || !this.#chance.happens((this.#here.size * passedMs) / 600_000)) return;
    this.#plan(0, () => ({ do: 'leave', who: shaky }));
    if (!this.#chance.happens(0.7)) return;
    const backMs = this.#chance.between(2_000, 40_000);
    this.#plan(backMs, () => ({ do: 'join', who: shaky }));
    if (this.#chance.happens(0.2)) this.#say(backMs + 2_000, shaky, 'back');
  }

  // ── what they do of themselves ───────────────────────────────────────────────────────────────────

  #idle(_nowMs: number, passedMs: number): void {
    const many = this.#here.size;
    if (many === 0) return;
    const seconds = passedMs / 1_000;
    if (this.#chance.happens(Math.min(0.9, (many / 30) * 0.35 * this.#talk * seconds))) {
      const who = this.#someone((one) => this.people[one]!.temper.talks);
      if (who !== null) this.#say(0, who, this.#onMind(who));
    }
    if (this.#chance.happens(Math.min(0.9, (many / 30) * seconds))) {
      const who = this.#someone((one) => this.people[one]!.temper.cheers);
      if (who !== null) this.#react(0, who);
    }
    this.#loses(passedMs);
  }

  #onMind(who: Who): Occasion {
    if (this.#chance.happens(rudeShare)) return 'rude';
    const { asks } = this.people[who]!.temper;
    const kinds: readonly (readonly [Occasion, number])[] = [
      ['likes', 1],
      ['asks', asks * 2],
      ['suggests', asks / 2],
      ['small-talk', 0.8],
    ];
    return this.#chance.weighted(kinds, ([, weight]) => weight)?.[0] ?? 'likes';
  }

  // ── what they see ────────────────────────────────────────────────────────────────────────────────

  #look({ room, nowMs, holdsOf }: Sight): void {
    if (room.pinned !== this.#pinned) {
      this.#pinned = room.pinned;
      if (room.pinned !== null) {
        this.#some(0.12, 9_000, (who, inMs) =>
          this.#say(inMs, who, this.#chance.happens(0.5) ? 'asks' : 'likes'),
        );
        this.#some(0.25, 6_000, (who, inMs) => this.#react(inMs, who));
      }
    }
    for (const offer of room.offers) if (this.#isNew(`offer ${offer.offerId}`)) this.#wants(offer);
    for (const lot of room.lots)
      if (lot.figures.phase === 'open' && this.#isNew(`lot ${lot.lotId}`))
        this.#follows(lot, nowMs);
    for (const drop of room.drops)
      if (isEntered(drop) && this.#isNew(`drop ${drop.dropId}`)) this.#queues(drop);
    const { poll } = room;
    if (poll?.closedAtMs === null && this.#isNew(`poll ${poll.pollId}`)) this.#votes(poll, nowMs);
    for (const line of room.chat)
      if (line.role !== 'shopper' && this.#isNew(`line ${line.messageId}`)) {
        this.#some(0.1, 7_000, (who, inMs) => this.#say(inMs, who, 'to-host', line.messageId));
        this.#some(0.2, 4_000, (who, inMs) => this.#react(inMs, who));
      }
    for (const who of this.#here)
      for (const hold of holdsOf(who))
        if (!hold.paying && this.#isNew(`hold ${hold.holdId}`)) this.#holds(who, hold, nowMs);
  }

  #isNew(what: string): boolean {
    if (this.#seen.has(what)) return false;
    this.#seen.add(what);
    // What was seen long ago doesn't come again: the room has forgotten it too.
    if (this.#seen.size > limits.rehearsalEventsMax)
      this.#seen.delete(this.#seen.values().next().value as string);
    return true;
  }

  #wants({ offerId }: RoomOffer): void {
    this.#some(0.15, 2_500, (who, inMs) =>
      this.#say(inMs, who, this.#chance.happens(0.4) ? 'shout' : 'offer'),
    );
    for (const who of this.people.keys()) {
      if (!this.#chance.happens(this.people[who]!.temper.buys)) continue;
      this.#plan(this.#chance.between(600, 15_000), ({ room }) => {
        const offer = room.offers.find((one) => one.offerId === offerId);
        if (!offer) return null;
        const left = Object.keys(offer.figures).filter((id) => offer.figures[id]!.left > 0);
        // Whoever comes too late tries all the same.
        const variantId = this.#chance.of(left.length > 0 ? left : Object.keys(offer.figures));
        return variantId === undefined ? null : { do: 'claim', who, offerId, variantId };
      });
    }
  }

  /** Each who wants it has a most in mind (a proxy) and comes back now and then while it is below. */
  #follows(lot: RoomLot, nowMs: number): void {
    const { lotId, bidding } = lot;
    const endMs = lot.figures.closesAtMs ?? nowMs + 60_000;
    for (const who of this.people.keys()) {
      if (!this.#chance.happens(this.people[who]!.temper.buys)) continue;
      const mostMinor = Math.round(bidding.start.minor * this.#chance.between(0.9, 3.2));
      const lookMs = Math.max(1_000, endMs - nowMs);
      const looks = bidding.format === 'dutch' ? 6 : 3;
      for (let look = 0; look < looks; look += 1) {
        const inMs = this.#chance.between(500, lookMs);
        this.#plan(inMs, ({ room }) => {
          const now = room.lots.find((one) => one.lotId === lotId)?.figures;
          if (now?.phase !== 'open') return null;
          if (bidding.format === 'dutch')
            return now.price !== null && now.price.minor <= mostMinor
              ? { do: 'take', who, lotId, price: now.price }
              : null;
          if (now.smallest === null || now.smallest.minor > mostMinor) return null;
          return { do: 'bid', who, lotId, price: { ...now.smallest, minor: mostMinor } };
        });
      }
    }
  }

  #queues({ dropId, variants }: RoomDrop): void {
    for (const who of this.people.keys()) {
      if (!this.#chance.happens(Math.min(0.9, this.people[who]!.temper.buys * 1.6))) continue;
      const variantId = this.#chance.of(variants)?.variantId;
      if (variantId === undefined) continue;
      this.#plan(this.#chance.between(300, 20_000), ({ room }) => {
        const drop = room.drops.find((one) => one.dropId === dropId);
        return drop && isEntered(drop) ? { do: 'enter', who, dropId, variantId } : null;
      });
    }
  }

  /** Most answer a question, each by their own mind; a few change it. */
  #votes({ pollId, options, closesAtMs }: RoomPoll, nowMs: number): void {
    const leftMs = Math.max(1_000, closesAtMs - nowMs);
    for (const who of this.#here) {
      if (!this.#chance.happens(0.7)) continue;
      const times = this.#chance.happens(0.1) ? 2 : 1;
      for (let time = 0; time < times; time += 1) {
        // The first answers are liked best, as everywhere.
        const option = this.#chance.weighted([...options.keys()], (nth) => 1 / (nth + 1)) ?? 0;
        this.#plan(this.#chance.between(800, Math.min(leftMs, 30_000)), ({ room }) =>
          room.poll?.pollId === pollId && room.poll.closedAtMs === null
            ? { do: 'vote', who, pollId, option }
            : null,
        );
      }
    }
  }

  /** Pays after a while, fails to, gives it back, or forgets about it until it runs out. */
  #holds(who: Who, hold: MyHold, nowMs: number): void {
    const leftMs = Math.max(1_000, hold.expiresAtMs - nowMs);
    if (this.#chance.happens(0.3)) this.#say(this.#chance.between(500, 4_000), who, 'claimed');
    const payMs = this.#chance.between(1_500, Math.max(2_000, Math.min(leftMs * 0.6, 60_000)));
    const pay = (inMs: number, isDeclined: boolean) =>
      this.#plan(inMs, ({ holdsOf }) =>
        holdsOf(who).some(({ holdId }) => holdId === hold.holdId)
          ? { do: 'pay', who, hold, isDeclined }
          : null,
      );
    if (this.#chance.happens(declinedShare)) {
      pay(payMs, true);
      if (!this.#chance.happens(givesUpShare))
        pay(payMs + this.#chance.between(3_000, 9_000), false);
    } else if (this.#chance.happens(this.people[who]!.temper.pays)) {
      pay(payMs, false);
      if (this.#chance.happens(0.25)) this.#say(payMs + 1_500, who, 'paid');
    } else if (this.#chance.happens(0.3)) {
      const inMs = leftMs * this.#chance.between(0.2, 0.7);
      this.#plan(inMs, () => ({ do: 'release', who, hold }));
      if (this.#chance.happens(0.4)) this.#say(inMs + 1_000, who, 'let-go');
    }
  }

  // ── small parts ──────────────────────────────────────────────────────────────────────────────────

  #say(inMs: number, who: Who, occasion: Occasion, replyTo: string | null = null): void {
    this.#plan(inMs, ({ room, nowMs }) => {
      if (room.phase !== 'live' || nowMs < (this.#quietUntilMs.get(who) ?? 0)) return null;
      this.#quietUntilMs.set(who, nowMs + quietMs * this.#chance.between(1, 3));
      const title = room.shelf.find(({ productId }) => productId === room.pinned)?.title;
      const { language } = this.people[who]!;
      const text = lineFor(occasion, language, this.#chance, title === undefined ? {} : { title });
      return { do: 'say', who, text, replyTo, isRude: occasion === 'rude' };
    });
  }

  #react(inMs: number, who: Who): void {
    const reaction = this.#chance.of(['heart', 'heart', 'heart', 'clap', 'fire', 'wow'] as const)!;
    const count = 1 + Math.floor(this.#chance.fraction() * 4);
    this.#plan(inMs, () => ({ do: 'react', who, reaction, count }));
  }

  /** Some of those who are here do something within a while; of many, not more than of forty. */
  #some(share: number, withinMs: number, run: (who: Who, inMs: number) => void): void {
    const most = share * Math.min(1, 40 / Math.max(1, this.#here.size));
    for (const who of this.#here)
      if (this.#chance.happens(most)) run(who, this.#chance.between(500, withinMs));
  }

  #someone(weightOf: (who: Who) => number): Who | null {
    return this.#chance.weighted([...this.#here], weightOf) ?? null;
  }

  #plan(inMs: number, act: Plan['act']): void {
    if (this.#plans.length < plansMax) this.#plans.push({ atMs: this.#lastMs + inMs, act });
  }
}

const isEntered = ({ figures }: RoomDrop): boolean =>
  figures.phase === 'open' || (figures.phase === 'announced' && figures.isReady);
