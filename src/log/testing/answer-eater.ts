// A TCP relay that forwards everything to a server and can swallow its answers: the one way to see an
// append whose commit happened and whose acknowledgement never arrived. For tests.

import { connect, createServer, type Server, type Socket } from 'node:net';

export class AnswerEater {
  readonly #server: Server;
  readonly #pairs = new Set<{ near: Socket; far: Socket }>();
  #eating = false;
  readonly port: number;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** Listens on a free port of the loopback address and relays to `targetPort` of it. */
  static async start(targetPort: number): Promise<AnswerEater> {
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const eater = new AnswerEater(
      server,
      typeof address === 'object' && address !== null ? address.port : 0,
    );
    server.on('connection', (near) => {
      const pair = { near, far: connect(targetPort, '127.0.0.1') };
      eater.#pairs.add(pair);
      near.on('data', (data) => pair.far.write(data));
      pair.far.on('data', (data) => {
        if (!eater.#eating) near.write(data);
      });
      for (const socket of [near, pair.far]) {
        socket.on('error', () => {});
        socket.on('close', () => {
          near.destroy();
          pair.far.destroy();
          eater.#pairs.delete(pair);
        });
      }
    });
    return eater;
  }

  /** From now on answers are swallowed, until `cut`. */
  eat(): void {
    this.#eating = true;
  }

  /** Cuts every connection and lets the answers of new ones through. */
  cut(): void {
    this.#eating = false;
    for (const { near, far } of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
