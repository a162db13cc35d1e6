// The line between one person and the house: a TCP relay that can be cut like a cable and mended. A
// browser's own "offline" doesn't end sockets that are open; this does, for HTTP and the live socket alike.

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { House } from './house.ts';

/** Lays a line to the house. */
export const layLine = async (house: House): Promise<Line> => {
  const line = new Line(house);
  await line.open();
  return line;
};

export class Line {
  readonly #house: House;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #isCut = false;
  #port = 0;

  constructor(house: House) {
    this.#house = house;
    this.#server = createServer((near) => this.#join(near));
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  async open(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address !== null && typeof address !== 'string') this.#port = address.port;
  }

  /** Ends everything that runs over the line and lets nothing new through. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(near: Socket): void {
    if (this.#isCut) {
      near.destroy();
      return;
    }
    const far = connect(this.#house.port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }
}
