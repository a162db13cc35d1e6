// One WebRTC connection: ICE, DTLS and SRTP over the forwarder's UDP port, seen as a pipe for RTP and RTCP packets.
// What the packets mean is not known here. The rule: the library sees one media line (see `../rtp/sdp.ts`), all packets
// of the connection pass through it, and no callback of the library reaches us after `close`.

import { networkInterfaces } from 'node:os';
import type { Track } from 'node-datachannel';
import { PeerConnection, Video } from 'node-datachannel';
import type { ForwarderOptions } from '../messages.ts';
import type { SdpOffer, TransportAnswer } from '../rtp/sdp.ts';
import { parseTransportAnswer, transportOffer } from '../rtp/sdp.ts';

/** What a connection tells its owner. */
export type RtcListener = {
  onOpen(): void;
  onPacket(packet: Buffer): void;
  /** The connection is over; called once, not after `close`. */
  onEnd(reason: string): void;
};

/** A connection that isn't up by then will not come up. */
const CONNECT_TIMEOUT_MS = 20_000;
/** Gathering only looks at the host's own interfaces, which takes no network round trip. */
const GATHER_TIMEOUT_MS = 5_000;
/** SRTP and UDP/IPv6 headers are taken off by the library: 1440 bytes remain for RTP. */
const MTU_BYTES = 1500;

/** One connection. */
export class RtcSession {
  readonly answer: TransportAnswer;
  readonly #connection: PeerConnection;
  readonly #track: Track;
  #closed = false;
  #open = false;
  #connecting: NodeJS.Timeout | undefined;

  private constructor(connection: PeerConnection, track: Track, answer: TransportAnswer) {
    this.#connection = connection;
    this.#track = track;
    this.answer = answer;
  }

  /** Answers an offer. Rejects when the library can't make sense of it. */
  static async accept(
    id: string,
    offer: SdpOffer,
    mid: string,
    options: ForwarderOptions,
    listener: RtcListener,
  ): Promise<RtcSession> {
    const connection = new PeerConnection(id, {
      iceServers: [],
      enableIceUdpMux: true,
      portRangeBegin: options.udpPort,
      portRangeEnd: options.udpPort,
      ...(options.bindAddress === undefined ? {} : { bindAddress: options.bindAddress }),
      forceMediaTransport: true,
      mtu: MTU_BYTES,
    });
    let session: RtcSession | undefined;
    let endedEarly: string | undefined;
    const end = (reason: string): void => {
      if (session) session.#end(reason, listener);
      else endedEarly ??= reason;
    };
    try {
      const gathered = new Promise<void>((resolve, reject) => {
        const timeout = setTimeout(
          () => reject(new Error('gathering candidates took too long')),
          GATHER_TIMEOUT_MS,
        );
        connection.onGatheringStateChange((state) => {
          if (state !== 'complete') return;
          clearTimeout(timeout);
          resolve();
        });
      });
      connection.onStateChange((state) => {
        if (state === 'failed' || state === 'closed' || state === 'disconnected') end(state);
      });
      // Ours before theirs, so that the track is there at once and not when the library's thread comes round to it.
      const line = new Video(mid, 'SendRecv');
      line.addH264Codec(96);
      const track = connection.addTrack(line);
      track.onOpen(() => {
        if (session) session.#opened(listener);
      });
      track.onMessage((packet) => {
        if (session && !session.#closed) listener.onPacket(packet);
      });
      track.onClosed(() => end('closed'));
      connection.setRemoteDescription(transportOffer(offer, mid), 'offer');
      await gathered;
      const local = connection.localDescription();
      if (!local) throw new Error('the offer gave no transport');
      const answer = parseTransportAnswer(local.sdp);
      answer.candidates.push(...ownCandidates(answer.candidates, options));
      session = new RtcSession(connection, track, answer);
    } catch (fault) {
      connection.close();
      throw fault;
    }
    const accepted = session;
    accepted.#connecting = setTimeout(
      () => accepted.#end('never connected', listener),
      CONNECT_TIMEOUT_MS,
    );
    accepted.#connecting.unref();
    if (endedEarly !== undefined) queueMicrotask(() => end(endedEarly ?? 'closed'));
    return session;
  }

  get isOpen(): boolean {
    return this.#open && !this.#closed;
  }

  /** Sends an RTP or RTCP packet; it is copied. False when it could not be sent: packets may be lost anyway. */
  send(packet: Buffer): boolean {
    if (this.#closed || !this.#open) return false;
    try {
      return this.#track.sendMessageBinary(packet);
    } catch {
      // The transport went down between its last state change and this packet.
      return false;
    }
  }

  /** Ends the connection without telling the listener. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#connecting);
    this.#track.close();
    this.#connection.close();
  }

  #opened(listener: RtcListener): void {
    if (this.#closed || this.#open) return;
    this.#open = true;
    clearTimeout(this.#connecting);
    listener.onOpen();
  }

  #end(reason: string, listener: RtcListener): void {
    if (this.#closed) return;
    this.close();
    listener.onEnd(reason);
  }
}

/**
 * Candidates that the library doesn't gather: the loopback address (so that a browser on the same machine connects even
 * with no network), and the addresses that the operator advertises.
 */
function ownCandidates(gathered: readonly string[], options: ForwarderOptions): string[] {
  const known = new Set(gathered.map((candidate) => candidate.split(' ')[4]));
  const addresses: string[] = [...options.advertise];
  if (options.bindAddress === undefined) {
    addresses.push('127.0.0.1');
    for (const list of Object.values(networkInterfaces())) {
      for (const each of list ?? [])
        if (each.family === 'IPv4' && !each.internal) addresses.push(each.address);
    }
  }
  const candidates: string[] = [];
  for (const address of addresses) {
    if (known.has(address)) continue;
    known.add(address);
    // Loopback last: the priority of a host candidate with a falling local preference (RFC 8445 section 5.1.2).
    const preference = address.startsWith('127.') ? 1 : 30_000 - candidates.length;
    const priority = 126 * 2 ** 24 + preference * 256 + 255;
    candidates.push(
      `candidate:9${candidates.length} 1 UDP ${priority} ${address} ${options.udpPort} typ host`,
    );
  }
  return candidates;
}
