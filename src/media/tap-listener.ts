// A listener's end of the taps that forwarders open (the other end is `forwarder/tap.ts`): a port on loopback, and
// what comes in cut into words of the show. The rule: a tap without the right token, or for a show that nobody asked
// for, is dropped at its first frame; a broken one costs the show nothing but the packets that were in it.

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { TapClock, TapHello, TapPort, TapSession } from './messages.ts';
import { TAP } from './messages.ts';

const FRAME_BYTES_MAX = 65_536;

/** What a tap of a show brings. Calls come in the order in which the forwarder sent. */
export type TapReader = {
  session(session: TapSession): void;
  clock(clock: TapClock): void;
  /** `packet` lies in a larger buffer: copy what is kept for long. `atMs`: when it came to the server, ms since 1970. */
  packet(kind: 'video' | 'audio', packet: Buffer, atMs: number): void;
  /** The publisher goes of its own; `end` follows. */
  left?(): void;
  /** The line is over, whoever ended it. Called once. */
  end(): void;
};

/** The listener's hold on a tap. */
export type TapLine = {
  /** Asks the show's publisher for a key frame. */
  requestKeyFrame(): void;
  /** Ends the line now. */
  destroy(): void;
};

/** Says who reads the tap of this show; undefined drops it. */
export type AdmitTap = (showId: string, line: TapLine) => TapReader | undefined;

export class TapListener {
  readonly #token = randomBytes(16).toString('hex');
  readonly #admit: AdmitTap;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(admit: AdmitTap) {
    this.#admit = admit;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** Listens on a free loopback port; gives what the forwarder must be told. */
  async listen(): Promise<TapPort> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no loopback port');
    return { port: address.port, token: this.#token };
  }

  /** Ends all lines and takes no more. */
  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket): void {
    let waiting: Buffer = Buffer.alloc(0);
    let reader: TapReader | undefined;
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      reader?.end();
    });
    socket.on('data', (chunk: Buffer) => {
      waiting = waiting.length > 0 ? Buffer.concat([waiting, chunk]) : chunk;
      let at = 0;
      while (waiting.length - at >= 5 && !socket.destroyed) {
        const bytes = waiting.readUInt32BE(at);
        if (bytes < 1 || bytes > FRAME_BYTES_MAX) {
          socket.destroy();
          return;
        }
        if (waiting.length - at < 4 + bytes) break;
        const kind = waiting[at + 4]!;
        const body = waiting.subarray(at + 5, at + 4 + bytes);
        at += 4 + bytes;
        if (reader) {
          read(reader, kind, body);
          continue;
        }
        const showId = kind === TAP.hello ? this.#showOf(body) : undefined;
        reader = showId === undefined ? undefined : this.#admit(showId, lineOf(socket));
        if (!reader) {
          socket.destroy();
          return;
        }
      }
      waiting = waiting.subarray(at);
    });
  }

  #showOf(hello: Buffer): string | undefined {
    const { token, showId } = JSON.parse(hello.toString()) as TapHello;
    const given = Buffer.from(String(token));
    const wanted = Buffer.from(this.#token);
    return given.length === wanted.length && timingSafeEqual(given, wanted) ? showId : undefined;
  }
}

function lineOf(socket: Socket): TapLine {
  return {
    requestKeyFrame: () => void socket.write(KEY_FRAME_REQUEST),
    destroy: () => void socket.destroy(),
  };
}

function read(reader: TapReader, kind: number, body: Buffer): void {
  switch (kind) {
    case TAP.video:
    case TAP.audio:
      reader.packet(kind === TAP.video ? 'video' : 'audio', body.subarray(8), body.readDoubleBE(0));
      break;
    case TAP.session:
      reader.session(JSON.parse(body.toString()) as TapSession);
      break;
    case TAP.clock:
      reader.clock(JSON.parse(body.toString()) as TapClock);
      break;
    case TAP.left:
      reader.left?.();
      break;
    default:
      break;
  }
}

const KEY_FRAME_REQUEST = Buffer.from([0, 0, 0, 1, TAP.keyFrame]);
