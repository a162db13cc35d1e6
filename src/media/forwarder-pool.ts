// The forwarders of this machine and which show is where. A show has a home, the forwarder that its publisher sends
// to and that its listeners tap; when that one has little time left, viewers come to further forwarders, each fed from
// the home by a tap of its own. The rule: what was asked (who listens to which show) stands here, so that a forwarder
// that died and one that begins are told; a forwarder that dies costs the viewers on it a new connection, no more.

import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { ForwarderMember } from './forwarder-member.ts';
import type { MediaAnswer, MediaLine, MediaSession } from './media-plane.ts';
import { MediaFault } from './media-plane.ts';
import type { ForwarderCalls, ForwarderNews, ForwarderOptions, TapPort } from './messages.ts';
import { placeShow, placeViewer, wantsAnother } from './placement.ts';
import { iceUfragsOf } from './rtp/sdp.ts';

/** How often it is looked for forwarders and relays that nobody needs. */
const SWEEP_INTERVAL_MS = 5_000;
/** A relay without viewers is kept for this long: viewers who come again find it. */
const RELAY_IDLE_MS = 10_000;
/** After a forwarder could not be started the next try waits this long: its port is taken, most likely. */
const GROW_AGAIN_MS = 60_000;

export type PoolOptions = Omit<ForwarderOptions, 'udpPort'> & {
  /** The first forwarder's port; further ones have the following. 0: free ones. */
  udpPort: number;
  /** How many forwarders there may be at once. */
  forwardersMax: number;
  /** A further forwarder that nobody needs for this long ends. */
  idleMs: number;
  onNote(note: string): void;
};

/** News of the pool: those of forwarders, with viewers of one show summed over all of them. */
export type PoolNews =
  | Exclude<ForwarderNews, { type: 'session-ended' | 'feed-lost' | 'load' }>
  | { type: 'restarted' };

/** A process that takes all packets of a show in. */
export type Listener = TapPort & { replay: boolean };

type PlacedShow = {
  home: ForwarderMember;
  sessions: number;
  /** The publisher whose media flows. */
  live: string | undefined;
  listeners: Map<string, Listener>;
  /** Further forwarders that are fed, and since when they have no viewers of the show. */
  relays: Map<ForwarderMember, { idleSinceMs: number | undefined }>;
  /** Connected viewers. */
  viewers: Map<ForwarderMember, number>;
};

export class ForwarderPool {
  readonly #options: PoolOptions;
  readonly #tell: (news: PoolNews) => void;
  readonly #members: ForwarderMember[] = [];
  readonly #shows = new Map<string, PlacedShow>();
  readonly #sessions = new Map<string, MediaSession & { member: ForwarderMember }>();
  readonly #sweep: NodeJS.Timeout;
  readonly #ended = new AbortController();
  #growing: Promise<void> | undefined;
  #growNotBeforeMs = 0;

  private constructor(options: PoolOptions, tell: (news: PoolNews) => void) {
    this.#options = options;
    this.#tell = tell;
    this.#sweep = setInterval(() => this.#endIdle(), SWEEP_INTERVAL_MS);
    this.#sweep.unref();
  }

  /** Starts the first forwarder. Rejects with its own sentence when its port is busy; then no process is left. */
  static async start(
    options: PoolOptions,
    tell: (news: PoolNews) => void,
    signal: AbortSignal,
  ): Promise<ForwarderPool> {
    const pool = new ForwarderPool(options, tell);
    try {
      await pool.#startMember(signal);
    } catch (fault) {
      await pool.close();
      throw fault;
    }
    return pool;
  }

  /** The running forwarders, the first one first. */
  get members(): readonly ForwarderMember[] {
    return this.#members;
  }

  /** See `MediaPlane.publish`. */
  publish(showId: string, offerSdp: string, takeOver: boolean): Promise<MediaAnswer> {
    const show = this.#show(showId);
    return this.#open(sessionOf(showId, 'publisher', offerSdp), show, show.home, (sessionId) =>
      show.home.call('publish', { showId, sessionId, offerSdp, takeOver }),
    );
  }

  /** See `MediaPlane.takeLine`. */
  takeLine(showId: string, takeOver: boolean): Promise<MediaLine> {
    const show = this.#show(showId);
    return this.#open(sessionOf(showId, 'publisher'), show, show.home, (sessionId) =>
      show.home.call('takeLine', { showId, sessionId, takeOver }),
    );
  }

  /** See `MediaPlane.watch`. */
  async watch(showId: string, offerSdp: string): Promise<MediaAnswer> {
    let place = placeViewer(this.#members, this.#show(showId).home);
    if (!place) {
      // One that is just being started is worth waiting for: it takes less than a second.
      await this.#grow();
      place = placeViewer(this.#members, this.#show(showId).home);
    }
    const show = this.#show(showId);
    if (!place) {
      this.#dropIfUnused(showId, show);
      throw this.#members.some((member) => member.ready)
        ? new MediaFault('media-capacity', 'All forwarders are full.')
        : new MediaFault('media-unavailable', 'The media forwarder is starting.');
    }
    if (place !== show.home) this.#feed(showId, show, place);
    const answer = this.#open(sessionOf(showId, 'viewer', offerSdp), show, place, (sessionId) =>
      place.call('watch', { showId, sessionId, offerSdp }),
    );
    if (wantsAnother(this.#members)) void this.#grow();
    return answer;
  }

  /** Ends a session. True when it was there. */
  async leave(sessionId: string): Promise<boolean> {
    const session = this.#sessions.get(sessionId);
    if (!session) return false;
    this.#forget(sessionId);
    return session.member.call('leave', { sessionId });
  }

  session(sessionId: string): MediaSession | undefined {
    return this.#sessions.get(sessionId);
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  /**
   * Sends all of a show to a listener from now on, over restarts of the forwarder; again with a new port when the
   * listener was restarted. Rejects when the forwarder refuses; one that is just being started is told then.
   */
  async tap(showId: string, name: string, listener: Listener): Promise<void> {
    const show = this.#show(showId);
    show.listeners.set(name, listener);
    try {
      await show.home.call('tap', { showId, listener: name, ...listener });
    } catch (fault) {
      if (fault instanceof MediaFault && fault.code === 'media-unavailable') return;
      show.listeners.delete(name);
      this.#dropIfUnused(showId, show);
      throw fault;
    }
  }

  /** Ends a tap; resolves when the forwarder has sent the last of it, and also when it died. */
  async untap(showId: string, name: string): Promise<void> {
    const show = this.#shows.get(showId);
    if (!show?.listeners.delete(name)) return;
    await show.home.call('untap', { showId, listener: name }).catch(() => null);
    this.#dropIfUnused(showId, show);
  }

  /** The newest complete key picture. */
  async keyFrame(showId: string): Promise<ForwarderCalls['keyFrame'][1]> {
    const show = this.#shows.get(showId);
    return show ? show.home.call('keyFrame', { showId }) : null;
  }

  /** Connected viewers of the show, on all forwarders together. */
  viewers(showId: string): number {
    let sum = 0;
    for (const count of this.#shows.get(showId)?.viewers.values() ?? []) sum += count;
    return sum;
  }

  isLive(showId: string): boolean {
    return this.#shows.get(showId)?.live !== undefined;
  }

  async dump(): Promise<unknown> {
    const shows: Record<string, unknown> = {};
    for (const [showId, { home, sessions, live, listeners, relays }] of this.#shows) {
      shows[showId] = {
        home: home.name,
        sessions,
        live,
        viewers: this.viewers(showId),
        listeners: [...listeners.keys()],
        relays: [...relays.keys()].map((member) => member.name),
      };
    }
    const forwarders = await Promise.all(this.#members.map((member) => member.dump()));
    return { sessions: this.#sessions.size, shows, forwarders };
  }

  async close(): Promise<void> {
    this.#ended.abort();
    clearInterval(this.#sweep);
    await this.#growing;
    await Promise.all(this.#members.map((member) => member.close()));
    this.#sessions.clear();
    this.#shows.clear();
  }

  #show(showId: string): PlacedShow {
    let show = this.#shows.get(showId);
    if (!show) {
      show = {
        home: placeShow(this.#members as [ForwarderMember, ...ForwarderMember[]]),
        sessions: 0,
        live: undefined,
        listeners: new Map(),
        relays: new Map(),
        viewers: new Map(),
      };
      show.home.idleSinceMs = undefined;
      this.#shows.set(showId, show);
    }
    return show;
  }

  async #open<T>(
    session: MediaSession,
    show: PlacedShow,
    member: ForwarderMember,
    ask: (sessionId: string) => Promise<T>,
  ): Promise<T & { sessionId: string }> {
    const { role } = session;
    const sessionId = randomUUID();
    // Known before the answer is made: a session may end before its answer is read.
    this.#sessions.set(sessionId, { ...session, member });
    show.sessions += 1;
    if (role === 'viewer') member.viewers += 1;
    try {
      return { ...(await ask(sessionId)), sessionId };
    } catch (fault) {
      this.#forget(sessionId);
      throw fault;
    }
  }

  #forget(sessionId: string): void {
    const session = this.#sessions.get(sessionId);
    if (!session) return;
    this.#sessions.delete(sessionId);
    if (session.role === 'viewer') session.member.viewers = Math.max(0, session.member.viewers - 1);
    const show = this.#shows.get(session.showId);
    if (!show) return;
    show.sessions -= 1;
    this.#dropIfUnused(session.showId, show);
  }

  #dropIfUnused(showId: string, show: PlacedShow): void {
    if (show.sessions > 0 || show.listeners.size > 0 || this.#shows.get(showId) !== show) return;
    for (const member of show.relays.keys()) this.#unfeed(showId, show, member);
    // The last count of viewers and the publisher's end may still be on their way.
    if (show.live !== undefined || this.viewers(showId) > 0) return;
    this.#shows.delete(showId);
  }

  /** Feeds a further forwarder from the show's home, unless it is fed already. */
  #feed(showId: string, show: PlacedShow, member: ForwarderMember): void {
    const relay = show.relays.get(member);
    if (relay) relay.idleSinceMs = undefined;
    else {
      show.relays.set(member, { idleSinceMs: undefined });
      this.#tapFor(showId, show, member);
    }
  }

  #tapFor(showId: string, show: PlacedShow, member: ForwarderMember): void {
    // A home that is just being restarted is told when it is there.
    show.home
      .call('tap', { showId, listener: member.name, replay: true, ...member.tapPort })
      .catch(() => undefined);
  }

  #unfeed(showId: string, show: PlacedShow, member: ForwarderMember): void {
    if (!show.relays.delete(member)) return;
    show.home.call('untap', { showId, listener: member.name }).catch(() => undefined);
  }

  #hear(member: ForwarderMember, news: ForwarderNews): void {
    switch (news.type) {
      case 'publisher-connected':
      case 'publisher-lost': {
        const show = this.#shows.get(news.showId);
        if (show) {
          show.live = news.type === 'publisher-connected' ? news.sessionId : undefined;
          this.#dropIfUnused(news.showId, show);
        }
        this.#tell(news);
        break;
      }
      case 'publisher-stats':
        this.#tell(news);
        break;
      case 'viewers':
        this.#count(news.showId, member, news.count);
        break;
      case 'session-ended':
        this.#forget(news.sessionId);
        break;
      case 'feed-lost': {
        const show = this.#shows.get(news.showId);
        if (show?.relays.has(member)) this.#tapFor(news.showId, show, member);
        break;
      }
      case 'load':
        break;
      default:
        news satisfies never;
    }
  }

  #count(showId: string, member: ForwarderMember, count: number): void {
    const show = this.#shows.get(showId);
    if (!show) return;
    if (count > 0) show.viewers.set(member, count);
    else if (!show.viewers.delete(member)) return;
    this.#tell({ type: 'viewers', showId, count: this.viewers(showId) });
    this.#dropIfUnused(showId, show);
  }

  #down(member: ForwarderMember): void {
    for (const [sessionId, session] of [...this.#sessions])
      if (session.member === member) this.#forget(sessionId);
    for (const [showId, show] of [...this.#shows]) {
      if (show.home === member && show.live !== undefined) {
        const sessionId = show.live;
        show.live = undefined;
        this.#tell({ type: 'publisher-lost', showId, sessionId, left: false });
      }
      show.relays.delete(member);
      this.#count(showId, member, 0);
      this.#dropIfUnused(showId, show);
    }
  }

  #restarted(member: ForwarderMember): void {
    for (const [showId, show] of this.#shows) {
      if (show.home !== member) continue;
      for (const [name, listener] of show.listeners) {
        // One that dies again in between is restarted again, and this runs again.
        member.call('tap', { showId, listener: name, ...listener }).catch(() => undefined);
      }
      for (const relay of show.relays.keys()) this.#tapFor(showId, show, relay);
    }
    this.#tell({ type: 'restarted' });
  }

  /** Starts a further forwarder, if there may be one; resolves when it takes viewers, and when none could be started. */
  #grow(): Promise<void> {
    if (this.#growing) return this.#growing;
    const { forwardersMax, onNote } = this.#options;
    if (
      this.#members.length >= forwardersMax ||
      Date.now() < this.#growNotBeforeMs ||
      this.#ended.signal.aborted
    )
      return Promise.resolve();
    this.#growing = this.#startMember(this.#ended.signal)
      .catch((fault: Error) => {
        if (this.#ended.signal.aborted) return;
        this.#growNotBeforeMs = Date.now() + GROW_AGAIN_MS;
        onNote(`No further forwarder could be started: ${fault.message}`);
      })
      .finally(() => {
        this.#growing = undefined;
      });
    return this.#growing;
  }

  async #startMember(signal: AbortSignal): Promise<void> {
    const { udpPort, bindAddress, advertise, viewersMax, publisherBitsPerSecondMax, onNote } =
      this.#options;
    let slot = 0;
    while (this.#members.some((member) => member.slot === slot)) slot += 1;
    const member = await ForwarderMember.start(
      slot,
      {
        udpPort: udpPort === 0 ? await freeUdpPort(bindAddress) : udpPort + slot,
        ...(bindAddress === undefined ? {} : { bindAddress }),
        advertise,
        viewersMax,
        publisherBitsPerSecondMax,
      },
      {
        onNews: (from, news) => this.#hear(from, news),
        onDown: (from) => this.#down(from),
        onRestart: (from) => this.#restarted(from),
        onNote,
      },
      signal,
    );
    if (slot > 0) member.idleSinceMs = Date.now();
    this.#members.push(member);
    this.#members.sort((a, b) => a.slot - b.slot);
  }

  #endIdle(): void {
    const nowMs = Date.now();
    for (const [showId, show] of this.#shows) {
      for (const [member, relay] of show.relays) {
        if (this.#hasViewers(showId, member)) relay.idleSinceMs = undefined;
        else {
          relay.idleSinceMs ??= nowMs;
          if (nowMs - relay.idleSinceMs >= RELAY_IDLE_MS) this.#unfeed(showId, show, member);
        }
      }
    }
    const homes = new Set([...this.#shows.values()].map((show) => show.home));
    for (const member of this.#members.filter((each) => each.slot > 0)) {
      if (member.viewers > 0 || homes.has(member)) member.idleSinceMs = undefined;
      else {
        member.idleSinceMs ??= nowMs;
        if (nowMs - member.idleSinceMs >= this.#options.idleMs) this.#end(member);
      }
    }
  }

  #end(member: ForwarderMember): void {
    this.#members.splice(this.#members.indexOf(member), 1);
    for (const [showId, show] of this.#shows) this.#unfeed(showId, show, member);
    this.#options.onNote(`The media ${member.name} has nobody to serve and ends.`);
    void member.close();
  }

  #hasViewers(showId: string, member: ForwarderMember): boolean {
    for (const session of this.#sessions.values())
      if (session.member === member && session.showId === showId) return true;
    return false;
  }
}

async function freeUdpPort(bindAddress: string | undefined): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, bindAddress ?? '0.0.0.0');
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

const sessionOf = (showId: string, role: MediaSession['role'], offerSdp = ''): MediaSession => ({
  showId,
  role,
  iceUfrag: iceUfragsOf(offerSdp)[0] ?? null,
});
