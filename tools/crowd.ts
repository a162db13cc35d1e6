// `npm run crowd -- <count> [--url http://localhost:8080] [--show id] [--seed 1]`: a simulated crowd that
// comes in as guests, watches, chats, asks, cheers, claims, pays in the sandbox or lets go, loses its line
// and comes back. The living demo runs the same crowd in its own process (`startCrowd`): one timer for all,
// one bot that reads frames for all. The rule it guards: it goes through the public doors only.

import { readFile, rename, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { limits } from '../src/base/limits.ts';
import type { RoomMessage, RoomOffer } from '../src/protocol/room.ts';
import type { RoomPoll } from '../src/protocol/room-poll.ts';
import type { MyHold, ServerMessage } from '../src/protocol/socket.ts';
import { Follower } from '../src/publish/follower.ts';
import { crowdOf } from '../src/rehearsal/cast.ts';
import { Chance } from '../src/rehearsal/chance.ts';
import { lineFor, type Occasion } from '../src/rehearsal/lines.ts';
import { Bot, type MakeSession } from './crowd/bot.ts';
import { findShow, pay, paysInSandbox, signUp, vote } from './crowd/shopper.ts';

export type CrowdOptions = {
  readonly url: string;
  readonly showId: string;
  readonly count: number;
  readonly seed?: number;
  /** How a bot comes in; by default as a guest through the HTTP interface. */
  readonly makeSession?: MakeSession;
  /** Where sessions are kept, so that a crowd that comes again is the same people. Readable by us alone. */
  readonly sessionFile?: string;
  /** Chat lines a second of the whole crowd, at most. By default one for every 20 people. */
  readonly linesPerSecond?: number;
  readonly report?: (line: string) => void;
};

export type CrowdFigures = {
  here: number;
  lines: number;
  reactions: number;
  claims: number;
  holds: number;
  refused: number;
  paid: number;
  dropped: number;
};

export type Crowd = {
  /** Everyone goes to another show. */
  readonly moveTo: (showId: string) => void;
  readonly figures: () => Readonly<CrowdFigures>;
  readonly stop: () => void;
};

const tickMs = 250;
/** People come in one after the other: so many a second, to keep under the door's own limit. */
const arrivalsPerSecond = 4;
const linesPerPersonMs = 4_000;
const plansMax = 2_000;

/** Starts a crowd; it arrives bit by bit. */
export const startCrowd = (options: CrowdOptions): Crowd => {
  const crowd = new LiveCrowd(options);
  crowd.start();
  return {
    moveTo: (showId) => crowd.moveTo(showId),
    figures: () => ({ ...crowd.figures, here: crowd.here }),
    stop: () => crowd.stop(),
  };
};

class LiveCrowd {
  readonly figures: CrowdFigures = {
    here: 0,
    lines: 0,
    reactions: 0,
    claims: 0,
    holds: 0,
    refused: 0,
    paid: 0,
    dropped: 0,
  };
  readonly #options: CrowdOptions;
  readonly #chance: Chance;
  readonly #bots: Bot[] = [];
  /** What somebody means to do, and when. */
  #plans: { atMs: number; run: () => void }[] = [];
  #eyes: Bot | null = null;
  #follower = new Follower(limits.chatWindowMax);
  #showId: string;
  #timer: ReturnType<typeof setInterval> | null = null;
  #isStopped = false;
  #mayPay = false;
  #ids = 0;
  readonly #idPrefix: string;
  #sessions: Record<string, string> = {};

  constructor(options: CrowdOptions) {
    this.#options = options;
    this.#showId = options.showId;
    this.#chance = new Chance(options.seed ?? 1);
    // Two runs with one seed are two crowds: their wishes must not be taken for repeats of each other.
    this.#idPrefix = Math.random().toString(36).slice(2, 10);
  }

  get here(): number {
    return this.#bots.filter((bot) => bot.isHere).length;
  }

  start(): void {
    this.#arrive().catch((error: unknown) => this.#report(`the crowd could not come in: ${error}`));
    this.#timer = setInterval(() => this.#tick(), tickMs);
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer) clearInterval(this.#timer);
    this.#plans = [];
    for (const bot of this.#bots) bot.leave();
  }

  moveTo(showId: string): void {
    this.#showId = showId;
    this.#plans = [];
    this.#follower = new Follower(limits.chatWindowMax);
    for (const bot of this.#bots) {
      bot.hasGreeted = false;
      this.#plan(this.#chance.between(0, 4_000), () => bot.enter(this.#options.url, showId, false));
    }
  }

  // ── coming in ────────────────────────────────────────────────────────────────────────────────────

  async #arrive(): Promise<void> {
    const { url, count } = this.#options;
    this.#mayPay = await paysInSandbox(url).catch(() => false);
    await this.#loadSessions();
    for (const character of crowdOf(count, this.#chance)) {
      if (this.#isStopped) return;
      const isKnown = this.#sessions[character.name] !== undefined;
      const cookie = await this.#session(character.name);
      if (cookie === null) continue;
      if (this.#isStopped) return;
      const bot = new Bot(character, cookie, {
        onMessage: (who, message) => this.#heard(who, message),
        onGone: (who, retryMs) => this.#gone(who, retryMs),
      });
      this.#bots.push(bot);
      bot.enter(url, this.#showId, false);
      await new Promise((resolve) => setTimeout(resolve, isKnown ? 40 : 1000 / arrivalsPerSecond));
    }
    await this.#saveSessions();
  }

  async #session(name: string): Promise<string | null> {
    const { url, makeSession = (who: string) => signUp(url, who) } = this.#options;
    try {
      this.#sessions[name] ??= await makeSession(name);
      return this.#sessions[name];
    } catch (error) {
      this.#report(String(error));
      return null;
    }
  }

  async #loadSessions(): Promise<void> {
    const { sessionFile } = this.#options;
    if (sessionFile === undefined) return;
    try {
      this.#sessions = JSON.parse(await readFile(sessionFile, 'utf8')) as Record<string, string>;
    } catch {
      // The first time there is none; a broken one is made anew.
      this.#sessions = {};
    }
  }

  async #saveSessions(): Promise<void> {
    const { sessionFile } = this.#options;
    if (sessionFile === undefined) return;
    await writeFile(`${sessionFile}.new`, JSON.stringify(this.#sessions), { mode: 0o600 });
    await rename(`${sessionFile}.new`, sessionFile);
  }

  #gone(bot: Bot, retryMs: number | null): void {
    if (this.#isStopped || retryMs === null) return;
    if (this.#eyes === bot) {
      bot.isWatching = false;
      this.#eyes = null;
    }
    this.#plan(retryMs + this.#chance.between(300, 6_000), () =>
      bot.enter(this.#options.url, this.#showId, true),
    );
  }

  // ── what they hear ───────────────────────────────────────────────────────────────────────────────

  #heard(bot: Bot, message: ServerMessage): void {
    if (message.t === 'welcome') {
      if (message.you === null) void this.#signUpAgain(bot);
      this.#watchWith(bot, message);
      if (!bot.hasGreeted) {
        bot.hasGreeted = true;
        const isNew = this.#chance.happens(0.25);
        if (this.#chance.happens(bot.character.temper.talks)) {
          this.#plan(this.#chance.between(1_000, 15_000), () =>
            this.#say(bot, isNew ? 'first-hello' : 'hello'),
          );
        }
      }
      return;
    }
    if (message.t === 'frame') {
      if (bot !== this.#eyes) return;
      this.#follower.hear(message);
      for (const one of this.#follower.seen.splice(0)) this.#saw(one);
      return;
    }
    if (message.t === 'refused') {
      this.figures.refused += 1;
      if (message.problem.code === 'sold-out' && this.#chance.happens(0.3))
        this.#soon(() => this.#say(bot, 'missed'));
      return;
    }
    if (message.t === 'you') {
      for (const one of message.m)
        if (one.t === 'hold' && !one.hold.paying) this.#holds(bot, one.hold);
    }
  }

  /** A kept session that the shop no longer knows: comes in as new. */
  async #signUpAgain(bot: Bot): Promise<void> {
    const { name } = bot.character;
    delete this.#sessions[name];
    const cookie = await this.#session(name);
    if (cookie === null || this.#isStopped) return;
    const again = new Bot(bot.character, cookie, {
      onMessage: (who, message) => this.#heard(who, message),
      onGone: (who, retryMs) => this.#gone(who, retryMs),
    });
    this.#bots[this.#bots.indexOf(bot)] = again;
    if (this.#eyes === bot) this.#eyes = null;
    bot.leave();
    again.enter(this.#options.url, this.#showId, false);
    await this.#saveSessions();
  }

  /** One of those who are here reads for all; a snapshot makes a good beginning. */
  #watchWith(bot: Bot, welcome: Extract<ServerMessage, { t: 'welcome' }>): void {
    if (this.#eyes?.isHere && this.#eyes !== bot) return;
    if (welcome.room === null && this.#follower.room === null) return;
    if (this.#eyes) this.#eyes.isWatching = false;
    this.#eyes = bot;
    bot.isWatching = true;
    this.#follower.hear(welcome);
    this.#follower.seen.length = 0;
  }

  #saw(message: RoomMessage): void {
    switch (message.t) {
      case 'pin':
        if (message.productId !== null)
          this.#some(0.12, 9_000, (bot) =>
            this.#say(bot, this.#chance.happens(bot.character.temper.asks) ? 'asks' : 'likes'),
          );
        this.#some(0.25, 6_000, (bot) => this.#react(bot));
        return;
      case 'offer-opened':
        this.#some(0.15, 2_500, (bot) =>
          this.#say(bot, this.#chance.happens(bot.character.temper.cheers) ? 'shout' : 'offer'),
        );
        this.#some(0.4, 8_000, (bot) => this.#react(bot));
        for (const bot of this.#bots) {
          if (this.#chance.happens(bot.character.temper.buys)) {
            this.#plan(this.#chance.between(400, 14_000), () =>
              this.#claim(bot, message.offer.offerId),
            );
          }
        }
        return;
      case 'chat':
        this.#answer(message);
        return;
      case 'poll':
        for (const bot of this.#present())
          if (this.#chance.happens(0.7)) this.#vote(bot, message.poll);
        return;
      default:
        return;
    }
  }

  #answer(line: Extract<RoomMessage, { t: 'chat' }>): void {
    const isOurs = this.#bots.some(({ character }) => character.name === line.name);
    if (line.role !== 'shopper') {
      this.#some(0.1, 7_000, (bot) => this.#say(bot, 'to-host', { replyTo: line.messageId }));
      this.#some(0.2, 4_000, (bot) => this.#react(bot));
    } else if (line.text.includes('?') && this.#chance.happens(isOurs ? 0.25 : 0.6)) {
      const helper = this.#chance.weighted(this.#present(), ({ character }) =>
        character.name === line.name ? 0 : character.temper.talks,
      );
      if (helper) {
        this.#plan(this.#chance.between(3_000, 12_000), () =>
          this.#say(helper, 'answers', { replyTo: line.messageId, name: line.name }),
        );
      }
    }
  }

  // ── what they do ─────────────────────────────────────────────────────────────────────────────────

  #tick(): void {
    const nowMs = Date.now();
    const due = this.#plans.filter(({ atMs }) => atMs <= nowMs);
    this.#plans = this.#plans.filter(({ atMs }) => atMs > nowMs);
    for (const { run } of due) run();
    if (this.#follower.room?.phase !== 'live') return;
    const present = this.#present();
    if (present.length === 0) return;
    const { linesPerSecond = Math.min(8, this.#options.count / 20) } = this.#options;
    // About half of what may be said is said by itself; the rest answers to something.
    if (this.#chance.happens((linesPerSecond / 2) * (tickMs / 1000))) {
      const bot = this.#chance.weighted(present, ({ character }) => character.temper.talks);
      if (bot) this.#say(bot, this.#idleOccasion(bot));
    }
    if (this.#chance.happens(Math.min(1, present.length / 60) * (tickMs / 1000) * 2)) {
      const bot = this.#chance.weighted(present, ({ character }) => character.temper.cheers);
      if (bot) this.#react(bot);
    }
    // Each of them loses the line about once in ten minutes, the shaky ones more often.
    const shaky = this.#chance.weighted(present, ({ character }) => character.temper.drops);
    if (shaky && this.#chance.happens((present.length * 0.3 * tickMs) / 600_000)) {
      this.figures.dropped += 1;
      shaky.drop();
      if (this.#chance.happens(0.2)) this.#plan(12_000, () => this.#say(shaky, 'back'));
    }
  }

  #idleOccasion(bot: Bot): Occasion {
    const { asks } = bot.character.temper;
    const kinds: readonly (readonly [Occasion, number])[] = [
      ['likes', 1],
      ['asks', asks * 1.5],
      ['suggests', asks / 2],
      ['small-talk', 0.8],
    ];
    return this.#chance.weighted(kinds, ([, weight]) => weight)?.[0] ?? 'likes';
  }

  #say(
    bot: Bot,
    occasion: Occasion,
    { replyTo, name }: { replyTo?: string; name?: string } = {},
  ): void {
    const nowMs = Date.now();
    if (!bot.isHere || nowMs < bot.quietUntilMs || this.#follower.room?.phase !== 'live') return;
    bot.quietUntilMs = nowMs + linesPerPersonMs * this.#chance.between(1, 3);
    const { room } = this.#follower;
    const pinned = room.shelf.find(({ productId }) => productId === room.pinned);
    const text = lineFor(occasion, bot.character.language, this.#chance, {
      ...(pinned ? { title: pinned.title } : {}),
      ...(name === undefined ? {} : { name }),
    });
    this.figures.lines += 1;
    bot.say({ t: 'chat', id: this.#id(), text, replyTo });
  }

  #react(bot: Bot): void {
    const taps = 1 + Math.floor(this.#chance.fraction() * 5);
    const reaction =
      this.#chance.of(['heart', 'heart', 'heart', 'clap', 'fire', 'wow', 'laugh'] as const) ??
      'heart';
    this.figures.reactions += taps;
    bot.say({ t: 'react', reaction, count: taps });
  }

  #claim(bot: Bot, offerId: string): void {
    const offer = this.#follower.room?.offers.find((one) => one.offerId === offerId);
    const variantId = offer && this.#variantLeft(offer);
    if (!variantId) {
      if (offer && this.#chance.happens(0.2)) this.#say(bot, 'missed');
      return;
    }
    this.figures.claims += 1;
    bot.say({ t: 'claim', id: this.#id(), offerId, variantId, quantity: 1 });
  }

  /** The first answers are liked best, as everywhere. */
  #vote(bot: Bot, { pollId, options }: RoomPoll): void {
    const option = this.#chance.weighted([...options.keys()], (nth) => 1 / (nth + 1)) ?? 0;
    const ballot = { showId: this.#showId, pollId, option };
    // A vote that is lost or comes too late is one less: polls have those.
    this.#plan(this.#chance.between(800, 20_000), () => {
      vote(this.#options.url, bot, ballot).catch(() => {});
    });
  }

  #variantLeft(offer: RoomOffer): string | undefined {
    const left = Object.entries(offer.figures).filter(([, figures]) => figures.left > 0);
    return this.#chance.of(left)?.[0];
  }

  /** Somebody got a unit: they pay after a while, give it back, or forget about it. */
  #holds(bot: Bot, hold: MyHold): void {
    this.figures.holds += 1;
    if (this.#chance.happens(0.3)) this.#soon(() => this.#say(bot, 'claimed'));
    const leftMs = hold.expiresAtMs - Date.now();
    if (this.#mayPay && this.#chance.happens(bot.character.temper.pays)) {
      this.#plan(
        this.#chance.between(2_500, Math.max(3_000, leftMs * 0.6)),
        () => void this.#pay(bot, hold),
      );
    } else if (this.#chance.happens(0.3)) {
      this.#plan(leftMs * this.#chance.between(0.3, 0.8), () => {
        bot.say({ t: 'release', id: this.#id(), holdId: hold.holdId });
        if (this.#chance.happens(0.4)) this.#say(bot, 'let-go');
      });
    }
  }

  async #pay(bot: Bot, hold: MyHold): Promise<void> {
    if (this.#isStopped || !bot.holds.has(hold.holdId)) return;
    try {
      const shopper = { cookie: bot.cookie, name: bot.character.name };
      const paid = await pay(this.#options.url, shopper, hold, this.#chance.happens(0.08));
      if (paid !== 'paid') return;
      this.figures.paid += 1;
      if (this.#chance.happens(0.25)) this.#soon(() => this.#say(bot, 'paid'));
    } catch (error) {
      this.#report(`${bot.character.name} could not pay: ${error}`);
    }
  }

  // ── small parts ──────────────────────────────────────────────────────────────────────────────────

  #present(): Bot[] {
    return this.#bots.filter((bot) => bot.isHere);
  }

  /** Some of those who are here do something within a while. */
  #some(share: number, withinMs: number, run: (bot: Bot) => void): void {
    // In a big crowd a share of it would all say the same at once.
    const most = share * Math.min(1, 40 / Math.max(1, this.#bots.length));
    for (const bot of this.#present()) {
      if (this.#chance.happens(most))
        this.#plan(this.#chance.between(500, withinMs), () => run(bot));
    }
  }

  #soon(run: () => void): void {
    this.#plan(this.#chance.between(800, 5_000), run);
  }

  #plan(inMs: number, run: () => void): void {
    if (this.#isStopped || this.#plans.length >= plansMax) return;
    this.#plans.push({ atMs: Date.now() + inMs, run });
  }

  #id(): string {
    this.#ids += 1;
    return `${this.#idPrefix}_${this.#ids}`;
  }

  #report(line: string): void {
    this.#options.report?.(line);
  }
}

const usage = 'npm run crowd -- <count> [--url http://localhost:8080] [--show id] [--seed 1]';

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { url: { type: 'string' }, show: { type: 'string' }, seed: { type: 'string' } },
  });
  const count = Number(positionals[0] ?? 30);
  if (!Number.isSafeInteger(count) || count < 1 || count > 5_000) throw new Error(usage);
  const url = (values.url ?? `http://localhost:${process.env.PORT ?? 8080}`).replace(/\/+$/, '');
  const showId = values.show ?? (await findShow(url));
  if (showId === null)
    throw new Error(`No show is live or planned at ${url}. Name one with --show.`);
  console.log(`${count} people go to ${url}/shows/${showId}. Ctrl-C sends them home.`);
  const crowd = startCrowd({
    url,
    showId,
    count,
    seed: Number(values.seed ?? 1),
    report: (line) => console.error(line),
  });
  const told = setInterval(() => console.log(JSON.stringify(crowd.figures())), 5_000);
  process.once('SIGINT', () => {
    clearInterval(told);
    crowd.stop();
  });
};

if (process.argv[1] === import.meta.filename) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
