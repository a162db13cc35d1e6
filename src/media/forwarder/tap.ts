// The forwarder's end of the line to a listener (the recorder, a further forwarder): a loopback TCP connection that
// carries the packets of one show. Only framing lives here. The rule: a listener that doesn't keep up loses its
// connection, never the viewers' packets.

import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { TapClock, TapHello, TapSession } from '../messages.ts';
import { TAP } from '../messages.ts';

/** What may wait in memory for a listener: about half a minute of a show. */
const WAITING_BYTES_MAX = 8 * 1024 * 1024;

/** What a tap tells its owner. */
export type TapEvents = {
  /** The listener needs a key frame. */
  onKeyFrameRequest(): void;
  /** The line is over; not called after `close`. */
  onEnd(): void;
};

export class Tap {
  readonly #socket: Socket;
  readonly #events: TapEvents;
  #ended = false;

  constructor(port: number, hello: TapHello, events: TapEvents) {
    this.#events = events;
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true });
    this.#socket.on('error', () => this.#end());
    this.#socket.on('close', () => this.#end());
    // There is one frame that a listener sends, so whatever comes is that one; several are one.
    this.#socket.on('data', () => this.#events.onKeyFrameRequest());
    this.#json(TAP.hello, hello);
  }

  session(session: TapSession): void {
    this.#json(TAP.session, session);
  }

  clock(clock: TapClock): void {
    this.#json(TAP.clock, clock);
  }

  packet(kind: 'video' | 'audio', packet: Buffer, arrivedAtMs: number): void {
    if (this.#ended) return;
    const frame = Buffer.allocUnsafe(13 + packet.length);
    frame.writeUInt32BE(9 + packet.length, 0);
    frame[4] = kind === 'video' ? TAP.video : TAP.audio;
    frame.writeDoubleBE(arrivedAtMs, 5);
    packet.copy(frame, 13);
    this.#write(frame);
  }

  /** Says that the publisher goes of its own, and ends as `close` does. */
  leave(): void {
    if (this.#ended) return;
    this.#write(LEFT);
    this.close();
  }

  /** Sends what waits, then ends. The listener isn't called. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket.end();
  }

  #json(kind: number, body: unknown): void {
    if (this.#ended) return;
    const text = Buffer.from(JSON.stringify(body));
    const head = Buffer.alloc(5);
    head.writeUInt32BE(1 + text.length, 0);
    head[4] = kind;
    this.#write(Buffer.concat([head, text]));
  }

  #write(frame: Buffer): void {
    this.#socket.write(frame);
    if (this.#socket.writableLength > WAITING_BYTES_MAX) this.#socket.destroy();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#events.onEnd();
  }
}

const LEFT = Buffer.from([0, 0, 0, 1, TAP.left]);
