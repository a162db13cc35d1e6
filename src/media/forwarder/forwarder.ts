// All shows and sessions of one forwarder process: negotiates offers, keeps who is who, ends what is over. No packets
// pass here. The rule: a session id is in exactly one place, and when it ends the parent hears of it once.

import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { MediaFault } from '../media-plane.ts';
import type {
  ForwarderCalls,
  ForwarderNews,
  ForwarderOptions,
  TapPort,
  VideoCodec,
} from '../messages.ts';
import { joinH264 } from '../rtp/h264.ts';
import type { MediaAnswerLine, SdpFormat, SdpOffer } from '../rtp/sdp.ts';
import { chooseH264, chooseOpus, chooseVp8, parseOffer, writeAnswer } from '../rtp/sdp.ts';
import { joinVp8 } from '../rtp/vp8.ts';
import type { TapLine, TapReader } from '../tap-listener.ts';
import { TapListener } from '../tap-listener.ts';
import { LineDoor } from './line-door.ts';
import type { LineFeed } from './line-feed.ts';
import { LoadMeter } from './load-meter.ts';
import { LOOP_TICK_MS, LoopWatch } from './loop-watch.ts';
import type { PublisherFormats } from './publisher.ts';
import { Publisher, SILENCE_MS } from './publisher.ts';
import { RelayFeed } from './relay-feed.ts';
import { RtcSession } from './rtc-session.ts';
import type { ShowFeed } from './show-feed.ts';
import { ShowRoom } from './show-room.ts';
import { Tap } from './tap.ts';
import type { ViewerFormats } from './viewer.ts';
import { Viewer } from './viewer.ts';

const TRANSPORT_EXTENSION =
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
const SWEEP_INTERVAL_MS = 2000;
const LOAD_INTERVAL_MS = 1000;
/** A publisher that is silent for this long may be replaced (a reloaded page comes back after about a second). */
const REPLACEABLE_SILENCE_MS = 1200;
/** One that has not sent anything yet is given this long from its offer. */
const REPLACEABLE_UNCONNECTED_MS = 6000;

type Input<N extends keyof ForwarderCalls> = ForwarderCalls[N][0];
type Output<N extends keyof ForwarderCalls> = ForwarderCalls[N][1];

type Role =
  | { role: 'publisher'; room: ShowRoom }
  | { role: 'viewer'; room: ShowRoom; viewer: Viewer };

export class Forwarder {
  readonly #options: ForwarderOptions;
  readonly #tell: (news: ForwarderNews) => void;
  readonly #rooms = new Map<string, ShowRoom>();
  readonly #sessions = new Map<string, Role>();
  /** Rooms with a publisher whose answer is being made, so that two at once don't both get in. */
  readonly #publishing = new Set<ShowRoom>();
  #watching = 0;
  readonly #sweep: NodeJS.Timeout;
  readonly #watch = new LoopWatch(Date.now());
  readonly #ticks: NodeJS.Timeout;

  /** Shows of which another forwarder is the home. */
  readonly #relays = new TapListener((showId, line) => this.#admitRelay(showId, line));
  readonly #lines = new LineDoor(
    (room, feed) => this.#placeLine(room, feed),
    (sessionId, left) => void this.#endSession(sessionId, left),
  );
  readonly #loads: NodeJS.Timeout;

  constructor(options: ForwarderOptions, tell: (news: ForwarderNews) => void) {
    this.#options = options;
    this.#tell = tell;
    this.#sweep = setInterval(() => this.#endSilentViewers(), SWEEP_INTERVAL_MS);
    this.#ticks = setInterval(() => this.#watch.tick(Date.now()), LOOP_TICK_MS);
    const load = new LoadMeter();
    this.#loads = setInterval(() => {
      this.#tell({ type: 'load', busy: load.take() });
    }, LOAD_INTERVAL_MS);
  }

  /** Opens the port on which other forwarders' taps come in, and that of publishers of this machine. */
  async listen(): Promise<TapPort> {
    await this.#lines.listen();
    return this.#relays.listen();
  }

  /** See `MediaPlane.publish`. */
  async publish(input: Input<'publish'>): Promise<Output<'publish'>> {
    const { showId, sessionId, offerSdp } = input;
    const offer = readOffer(offerSdp);
    const [video, anotherVideo] = offer.media.filter(
      (line) => line.kind === 'video' && sends(line),
    );
    const [audio, anotherAudio] = offer.media.filter(
      (line) => line.kind === 'audio' && sends(line),
    );
    // RFC 9725 section 4.4.2: more than is taken is refused, not left out in silence.
    if (anotherVideo || anotherAudio)
      throw invalid('The offer sends more than one picture and one sound.');
    const videoFormat = video && (chooseH264(video) ?? chooseVp8(video));
    const audioFormat = audio && chooseOpus(audio);
    if (video && !videoFormat)
      throw invalid('The offer has no video format that Rialto takes: H.264 or VP8.');
    const carrier = video ?? audio;
    if (!carrier || (!videoFormat && !audioFormat))
      throw invalid('The offer sends neither H.264 or VP8 nor Opus.');
    requireBundle(offer, [videoFormat && video, audioFormat && audio]);
    const room = this.#room(showId);
    this.#makePlace(room, input.takeOver);
    this.#publishing.add(room);
    room.negotiating += 1;
    try {
      const formats: PublisherFormats = {};
      const transport = carrier.extensions.get(TRANSPORT_EXTENSION);
      if (videoFormat) {
        formats.video = {
          payloadType: videoFormat.payloadType,
          codec: videoFormat.codec as VideoCodec,
        };
      }
      if (audioFormat) formats.audio = { payloadType: audioFormat.payloadType };
      if (transport !== undefined) formats.transportExtension = transport;
      let publisher: Publisher | undefined;
      const session = await RtcSession.accept(sessionId, offer, carrier.mid, this.#options, {
        onOpen: () => undefined,
        onPacket: (packet) => publisher?.receive(packet),
        onEnd: () => this.#endSession(sessionId, false),
      }).catch(refuse);
      if (room.publisher) this.#endSession(room.publisher.sessionId, false);
      publisher = new Publisher(
        sessionId,
        session,
        formats,
        this.#options.publisherBitsPerSecondMax,
        room.sinkFor(sessionId),
        this.#watch,
      );
      room.setPublisher(publisher);
      this.#sessions.set(sessionId, { role: 'publisher', room });
      const extensions: [number, string][] =
        transport === undefined ? [] : [[transport, TRANSPORT_EXTENSION]];
      const lines = offer.media.map((line): MediaAnswerLine => {
        const format = line === video ? videoFormat : line === audio ? audioFormat : undefined;
        if (!format) return { use: false };
        const own = line.extensions.get(TRANSPORT_EXTENSION) === transport ? extensions : [];
        return { use: true, direction: 'recvonly', formats: [format], extensions: own };
      });
      return { answerSdp: writeAnswer(offer, session.answer, lines) };
    } finally {
      this.#publishing.delete(room);
      room.negotiating -= 1;
      this.#dropIfEmpty(room);
    }
  }

  /** Announces a publisher that is a process of this machine; says where it connects. See `MediaPlane.takeLine`. */
  takeLine({ showId, sessionId, takeOver }: Input<'takeLine'>): Output<'takeLine'> {
    const room = this.#room(showId);
    this.#makePlace(room, takeOver);
    this.#sessions.set(sessionId, { role: 'publisher', room });
    return this.#lines.expect(sessionId, room);
  }

  /** See `MediaPlane.watch`. */
  async watch({ showId, sessionId, offerSdp }: Input<'watch'>): Promise<Output<'watch'>> {
    const offer = readOffer(offerSdp);
    const video = offer.media.find((line) => line.kind === 'video' && receives(line));
    const audio = offer.media.find((line) => line.kind === 'audio' && receives(line));
    const h264 = video && chooseH264(video);
    const vp8 = video && chooseVp8(video);
    const opus = audio && chooseOpus(audio);
    const carrier = video ?? audio;
    if (!carrier || (!h264 && !vp8 && !opus))
      throw invalid('The offer receives neither H.264 or VP8 nor Opus.');
    requireBundle(offer, [(h264 ?? vp8) && video, opus && audio]);
    const viewersMax = this.#options.viewersMax;
    if (this.#watching >= viewersMax) {
      throw new MediaFault('media-capacity', `This engine carries ${viewersMax} viewers at most.`);
    }
    this.#watching += 1;
    const room = this.#room(showId);
    room.negotiating += 1;
    try {
      const formats: ViewerFormats = {};
      if (h264) formats.H264 = h264.payloadType;
      if (vp8) formats.VP8 = vp8.payloadType;
      if (opus) formats.audio = opus.payloadType;
      let viewer: Viewer | undefined;
      const session = await RtcSession.accept(sessionId, offer, carrier.mid, this.#options, {
        onOpen: () => viewer && room.join(viewer),
        onPacket: (packet) => {
          const nowMs = Date.now();
          if (!this.#watch.isLate(nowMs)) viewer?.receive(packet, room.video, room.codec, nowMs);
        },
        onEnd: () => this.#endSession(sessionId, false),
      }).catch(refuse);
      viewer = new Viewer(sessionId, session, formats, () => room.publisher?.requestKeyFrame());
      this.#sessions.set(sessionId, { role: 'viewer', room, viewer });
      const videoFormats = [h264, vp8].filter((each): each is SdpFormat => each !== undefined);
      const source = (ssrc: number, trackId: string) => ({
        ssrc,
        cname: 'rialto',
        streamId: 'show',
        trackId,
      });
      const lines = offer.media.map((line): MediaAnswerLine => {
        if (line === video && videoFormats.length > 0) {
          const sourceOf = source(room.video.ssrc, 'picture');
          return {
            use: true,
            direction: 'sendonly',
            formats: videoFormats,
            extensions: [],
            source: sourceOf,
          };
        }
        if (line === audio && opus) {
          const sourceOf = source(room.audio.ssrc, 'sound');
          return {
            use: true,
            direction: 'sendonly',
            formats: [opus],
            extensions: [],
            source: sourceOf,
          };
        }
        return { use: false };
      });
      return { answerSdp: writeAnswer(offer, session.answer, lines) };
    } catch (fault) {
      this.#watching -= 1;
      throw fault;
    } finally {
      room.negotiating -= 1;
      this.#dropIfEmpty(room);
    }
  }

  /** Ends a session. True when it was there. */
  leave({ sessionId }: Input<'leave'>): Output<'leave'> {
    return this.#endSession(sessionId, true);
  }

  /** Sends the show to a listener from now on. */
  tap({ showId, listener, replay, port, token }: Input<'tap'>): Output<'tap'> {
    const room = this.#room(showId);
    const tap = new Tap(
      port,
      { showId, token },
      {
        onKeyFrameRequest: () => room.publisher?.requestKeyFrame(),
        onEnd: () => {
          if (room.taps.get(listener) !== tap) return;
          room.setTap(listener, undefined);
          this.#dropIfEmpty(room);
        },
      },
    );
    room.setTap(listener, tap, replay);
    return null;
  }

  untap({ showId, listener }: Input<'untap'>): Output<'untap'> {
    const room = this.#rooms.get(showId);
    room?.setTap(listener, undefined);
    if (room) this.#dropIfEmpty(room);
    return null;
  }

  /** The newest complete key picture; asks for one and waits up to a second when there is none of late. */
  async keyFrame({ showId }: Input<'keyFrame'>): Promise<Output<'keyFrame'>> {
    const room = this.#rooms.get(showId);
    if (!room?.publisher?.flowing) return null;
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const payloads = room.video.keyPicture();
      const data = payloads && (room.codec === 'VP8' ? joinVp8(payloads) : joinH264(payloads));
      if (data) return { codec: room.codec, data };
      room.publisher?.requestKeyFrame();
      await wait(75);
    }
    return null;
  }

  dump(): unknown {
    const shows: Record<string, unknown> = {};
    for (const [showId, room] of this.#rooms) shows[showId] = room.dump();
    return {
      pid: process.pid,
      cpu: process.cpuUsage(),
      options: this.#options,
      sessions: this.#sessions.size,
      watching: this.#watching,
      shows,
    };
  }

  close(): void {
    clearInterval(this.#sweep);
    clearInterval(this.#ticks);
    clearInterval(this.#loads);
    this.#relays.close();
    this.#lines.close();
    for (const room of this.#rooms.values()) room.close();
    for (const role of this.#sessions.values()) if (role.role === 'viewer') role.viewer.close();
    this.#rooms.clear();
    this.#sessions.clear();
  }

  /** Refuses a further publisher of a room, unless the present one is silent or may be taken over from. */
  #makePlace(room: ShowRoom, takeOver: boolean): void {
    if (this.#publishing.has(room)) throw exists();
    const awaited = this.#lines.expects(room);
    const isTaken = awaited || (room.publisher && !isReplaceable(room.publisher));
    if (isTaken && !takeOver) throw exists();
    if (awaited) this.#endSession(awaited, false);
  }

  #placeLine(room: ShowRoom, feed: LineFeed): boolean {
    if (!this.#sessions.has(feed.sessionId)) return false;
    if (room.publisher) this.#endSession(room.publisher.sessionId, false);
    room.setPublisher(feed);
    return true;
  }

  #admitRelay(showId: string, line: TapLine): TapReader {
    let feed: RelayFeed | undefined;
    const mine = (): ShowRoom | undefined => {
      const room = this.#rooms.get(showId);
      return feed && room?.publisher === feed ? room : undefined;
    };
    return {
      session: (session) => {
        const room = this.#room(showId);
        room.publisher?.close();
        const sessionId = randomUUID();
        feed = new RelayFeed(sessionId, session, line, room.sinkFor(sessionId));
        room.setPublisher(feed);
      },
      packet: (kind, packet, atMs) => {
        if (!this.#watch.isLate(Date.now())) feed?.packet(kind, packet, atMs);
      },
      clock: (clock) => feed?.clock(clock),
      end: () => {
        const room = mine();
        room?.removePublisher(false);
        if (room) this.#dropIfEmpty(room);
        this.#tell({ type: 'feed-lost', showId });
      },
    };
  }

  #room(showId: string): ShowRoom {
    let room = this.#rooms.get(showId);
    if (!room) {
      room = new ShowRoom(showId, this.#tell);
      this.#rooms.set(showId, room);
    }
    return room;
  }

  #endSession(sessionId: string, left: boolean): boolean {
    const role = this.#sessions.get(sessionId);
    if (!role) return false;
    this.#sessions.delete(sessionId);
    if (role.role === 'publisher') {
      this.#lines.forget(sessionId);
      if (role.room.publisher?.sessionId === sessionId) role.room.removePublisher(left);
    } else {
      this.#watching -= 1;
      role.room.leave(role.viewer);
      role.viewer.close();
    }
    this.#dropIfEmpty(role.room);
    this.#tell({ type: 'session-ended', sessionId });
    return true;
  }

  #dropIfEmpty(room: ShowRoom): void {
    if (!room.isEmpty || this.#rooms.get(room.showId) !== room) return;
    for (const role of this.#sessions.values()) if (role.room === room) return;
    room.close();
    this.#rooms.delete(room.showId);
  }

  #endSilentViewers(): void {
    const nowMs = Date.now();
    for (const room of this.#rooms.values()) {
      for (const viewer of room.silentViewers(nowMs)) this.#endSession(viewer.sessionId, false);
      // A publisher whose line died long ago without a word.
      const { publisher } = room;
      if (publisher && !publisher.flowing && nowMs - publisher.lastPacketAtMs > SILENCE_MS * 10) {
        this.#endSession(publisher.sessionId, false);
      }
    }
  }
}

function readOffer(sdp: string): SdpOffer {
  const offer = parseOffer(sdp);
  if ('problem' in offer) throw invalid(offer.problem);
  return offer;
}

function sends(line: { direction: string; rejected: boolean }): boolean {
  return !line.rejected && (line.direction === 'sendonly' || line.direction === 'sendrecv');
}

function receives(line: { direction: string; rejected: boolean }): boolean {
  return !line.rejected && (line.direction === 'recvonly' || line.direction === 'sendrecv');
}

/** RFC 9725 section 4.4.1: one transport for everything. */
function requireBundle(
  offer: SdpOffer,
  lines: readonly ({ mid: string } | undefined | '' | 0)[],
): void {
  const used = lines.filter((line) => typeof line === 'object');
  if (used.length > 1 && !used.every((line) => offer.bundle.includes(line.mid))) {
    throw invalid('The offer does not bundle its media on one transport.');
  }
}

function isReplaceable(publisher: ShowFeed): boolean {
  const silentMs = Date.now() - publisher.lastPacketAtMs;
  return silentMs > (publisher.everFlowed ? REPLACEABLE_SILENCE_MS : REPLACEABLE_UNCONNECTED_MS);
}

function invalid(message: string): MediaFault {
  return new MediaFault('media-sdp-invalid', message);
}

function exists(): MediaFault {
  return new MediaFault('media-publisher-exists', 'This show has a publisher already.');
}

function refuse(cause: unknown): never {
  throw new MediaFault('media-sdp-invalid', 'The offer was refused by the WebRTC library.', {
    cause,
  });
}
