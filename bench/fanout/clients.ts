// A process full of sockets for `bench/fanout.ts` and `bench/claims-sockets.ts`: WebSocket clients on bare TCP
// that cost next to nothing, so that on a small machine the server is what is measured. They answer pings and count
// bytes; those that are asked to hand the texts on.

import { connect, type Socket } from 'node:net';

export type RawSocketOptions = {
  readonly port: number;
  readonly path: string;
  /** The loopback address that it comes from: ports are counted for each. */
  readonly localAddress: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Told of every text. */
  readonly onText?: (text: string) => void;
};

const finalText = 0x81;
const finalPing = 0x89;
const pong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/** A client's text frame. The mask of zeros is allowed and saves the work of masking. */
export const maskedText = (text: string): Buffer => {
  const payload = Buffer.from(text);
  const header =
    payload.length < 126
      ? Buffer.from([finalText, 0x80 | payload.length, 0, 0, 0, 0])
      : Buffer.from([
          finalText,
          0x80 | 126,
          payload.length >> 8,
          payload.length & 0xff,
          0,
          0,
          0,
          0,
        ]);
  return Buffer.concat([header, payload]);
};

export class RawSocket {
  /** Bytes after the handshake. */
  bytes = 0;
  isClosed = false;
  readonly ready: Promise<void>;
  readonly #socket: Socket;
  readonly #onText: ((text: string) => void) | undefined;
  #rest: Buffer = Buffer.alloc(0);
  #isOpen = false;

  constructor({ port, path, localAddress, headers = {}, onText }: RawSocketOptions) {
    this.#onText = onText;
    this.#socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true });
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    this.#socket.write(
      `GET ${path} HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n${lines.join('')}\r\n`,
    );
    this.ready = new Promise((resolve, reject) => {
      this.#socket.on('data', (chunk) => this.#take(chunk, resolve, reject));
      this.#socket.on('error', reject);
      this.#socket.on('close', () => {
        this.isClosed = true;
        reject(new Error('the server closed a socket of the bench'));
      });
    });
    this.ready.catch(() => {});
  }

  say(text: string): void {
    this.#socket.write(maskedText(text));
  }

  end(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer, resolve: () => void, reject: (error: Error) => void): void {
    let rest = chunk;
    if (!this.#isOpen) {
      rest = Buffer.concat([this.#rest, chunk]);
      const end = rest.indexOf('\r\n\r\n');
      if (end < 0) {
        this.#rest = rest;
        return;
      }
      const status = rest.subarray(0, 12).toString();
      if (status !== 'HTTP/1.1 101') {
        reject(new Error(`the server answered ${status}`));
        return;
      }
      this.#isOpen = true;
      rest = rest.subarray(end + 4);
      this.#rest = Buffer.alloc(0);
      resolve();
    }
    this.bytes += rest.length;
    this.#read(rest);
  }

  #read(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (bytes.length - at >= 2) {
      let length = bytes[at + 1]! & 0x7f;
      let start = at + 2;
      if (length === 126) {
        if (bytes.length - at < 4) break;
        length = bytes.readUInt16BE(start);
        start += 2;
      } else if (length === 127) {
        if (bytes.length - at < 10) break;
        length = Number(bytes.readBigUInt64BE(start));
        start += 8;
      }
      if (bytes.length < start + length) break;
      if (bytes[at] === finalPing) this.#socket.write(pong);
      // Socket.IO asks and answers in its own words.
      else if (length === 1 && bytes[start] === 0x32) this.say('3');
      else if (this.#onText && bytes[at] === finalText)
        this.#onText(bytes.subarray(start, start + length).toString());
      at = start + length;
    }
    this.#rest = bytes.subarray(at);
  }
}

/** Opens sockets, a few at a time. */
export const openSockets = async (
  count: number,
  make: (index: number) => RawSocket,
  atOnce = 50,
): Promise<RawSocket[]> => {
  const sockets: RawSocket[] = [];
  while (sockets.length < count) {
    const few = Array.from({ length: Math.min(atOnce, count - sockets.length) }, (_, index) =>
      make(sockets.length + index),
    );
    sockets.push(...few);
    await Promise.all(few.map(({ ready }) => ready));
  }
  return sockets;
};

/** Sockets of as many people, each with a session of their own, greeted by their show. `onText` knows whose text it is. */
export const openPeople = async <Person extends object>(
  {
    port,
    path,
    count,
    localAddress,
  }: { port: number; path: string; count: number; localAddress: string },
  person: () => Person,
  onText: (person: Person, text: string) => void,
): Promise<(Person & { readonly socket: RawSocket })[]> => {
  const people: (Person & { readonly socket: RawSocket })[] = [];
  let greeted = 0;
  await new Promise<void>((resolve) => {
    void openSockets(count, (index) => {
      const one = person();
      const socket = new RawSocket({
        port,
        path,
        localAddress,
        headers: { cookie: `bench=${localAddress.replaceAll('.', '_')}_${index}` },
        onText: (text) => {
          if (text.startsWith('{"t":"welcome"') && ++greeted === count) resolve();
          onText(one, text);
        },
      });
      socket.ready.then(
        () => socket.say('{"t":"hello"}'),
        () => {},
      );
      people.push(Object.assign(one, { socket }));
      return socket;
    });
  });
  return people;
};

/** Milliseconds on a clock that all processes of this machine share, with fractions. */
export const sharedNowMs = (): number => performance.timeOrigin + performance.now();
