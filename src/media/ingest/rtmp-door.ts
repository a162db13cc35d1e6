// The door for encoders: a TCP port that speaks RTMP. Strangers are counted, timed and bounded here until their key is
// found good; then each is a publication. The rule: no stranger holds more than `STRANGER_BYTES_MAX` of this process or
// stays longer than `WISH_WITHIN_MS`, and what one connection does ends that connection alone.

import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { complaintWords } from '../../protocol/complaint-words.ts';
import type { Complaint } from '../../protocol/encoder.ts';
import { streamKeyCharsMax } from '../../protocol/encoder.ts';
import { Tap } from '../forwarder/tap.ts';
import type { IngestCalls, IngestNews, IngestOptions, Refusal } from './messages.ts';
import type { Codecs } from './publication.ts';
import { Publication } from './publication.ts';
import { RtmpConnection, RtmpFault } from './rtmp-connection.ts';

/** Handshake, connect, wish and the answer to it: an encoder on a slow line needs about a second. */
const WISH_WITHIN_MS = 10_000;
/** Connections without a good key, of all and of one address. */
const STRANGERS_MAX = 100;
const STRANGERS_OF_ADDRESS_MAX = 25;
/** Publications at once: each costs about 3 % of a core. */
const PUBLICATIONS_MAX = 40;
/** Pictures of so many shows are encoded again at once. */
const REMADE_MAX = 2;
/** What a connection may send before its key is found good. */
const STRANGER_BYTES_MAX = 64 * 1024;
/** Who doesn't take our few words isn't there. */
const UNREAD_BYTES_MAX = 64 * 1024;
/** A publication that sends nothing for so long is over; the crowd was told long before. */
const SILENT_MS = 30_000;
/** After a refusal its words are given this long to arrive. */
const GOODBYE_MS = 1_000;

type Input<N extends keyof IngestCalls> = IngestCalls[N][0];

type Connection = {
  readonly id: number;
  readonly socket: Socket;
  readonly address: string;
  readonly rtmp: RtmpConnection;
  wishTimer: NodeJS.Timeout | undefined;
  bytes: number;
  encoder: string | null;
  publication: Publication | undefined;
  line: Tap | undefined;
  closing: boolean;
};

export class RtmpDoor {
  readonly #options: IngestOptions;
  readonly #tell: (news: IngestNews) => void;
  readonly #loadCodecs: () => Promise<Codecs>;
  readonly #server: Server;
  readonly #connections = new Map<number, Connection>();
  #nextId = 1;
  #remade = 0;

  constructor(
    options: IngestOptions,
    tell: (news: IngestNews) => void,
    loadCodecs: () => Promise<Codecs>,
  ) {
    this.#options = options;
    this.#tell = tell;
    this.#loadCodecs = loadCodecs;
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
  }

  /** Listens; gives the port. Rejects when it is taken. */
  async listen(): Promise<number> {
    this.#server.listen(this.#options.port, this.#options.host);
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  }

  /** Lets the encoder publish. False when it left meanwhile. */
  async admit(input: Input<'admit'>): Promise<boolean> {
    const codecs = await this.#loadCodecs();
    const connection = this.#connections.get(input.connection);
    if (!connection || connection.closing || connection.publication) return false;
    const { showId, sessionId, port, token } = input;
    clearTimeout(connection.wishTimer);
    const line = new Tap(
      port,
      { showId: sessionId, token },
      {
        onKeyFrameRequest: () => connection.publication?.requestKey(),
        onEnd: () => {
          // Taken down by a person, taken over by another, or the forwarder died: the encoder may try again.
          connection.line = undefined;
          this.#close(connection, {
            code: 'NetStream.Publish.Rejected',
            description: 'This publication was ended by the shop.',
          });
        },
      },
    );
    connection.line = line;
    connection.publication = new Publication({
      showId,
      sessionId,
      line,
      codecs,
      bitsPerSecondMax: this.#options.bitsPerSecondMax,
      takeRemaking: () => {
        if (this.#remade >= REMADE_MAX) return false;
        this.#remade += 1;
        return true;
      },
      giveRemaking: () => {
        this.#remade -= 1;
      },
      onReport: (report) => this.#tell({ type: 'report', report }),
      onEnd: (complaint) => this.#close(connection, inRtmp(complaint)),
    });
    if (connection.encoder !== null) connection.publication.encoder(connection.encoder);
    connection.socket.setTimeout(SILENT_MS);
    connection.rtmp.accept();
    return true;
  }

  refuse({ connection, ...refusal }: Input<'refuse'>): null {
    const present = this.#connections.get(connection);
    if (present) this.#close(present, refusal);
    return null;
  }

  dump(): unknown {
    const connections = [...this.#connections.values()];
    return {
      pid: process.pid,
      strangers: connections.filter((each) => !each.publication).length,
      heldBytes: connections.reduce((sum, each) => sum + each.rtmp.heldBytes, 0),
      remade: this.#remade,
      publications: connections.flatMap((each) => each.publication?.dump() ?? []),
    };
  }

  close(): void {
    this.#server.close();
    for (const connection of [...this.#connections.values()]) {
      this.#forget(connection);
      connection.socket.destroy();
    }
  }

  #serve(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    socket.on('error', () => socket.destroy());
    if (!this.#hasRoom(address)) {
      socket.destroy();
      return;
    }
    const id = this.#nextId++;
    const connection: Connection = {
      id,
      socket,
      address,
      rtmp: new RtmpConnection({
        send: (bytes) => {
          socket.write(bytes);
          if (socket.writableLength > UNREAD_BYTES_MAX) socket.destroy();
        },
        wish: ({ name }) => this.#wish(connection, name),
        media: (kind, timestampMs, body) => connection.publication?.take(kind, timestampMs, body),
        encoder: (name) => {
          connection.encoder = name;
          connection.publication?.encoder(name);
        },
        unpublish: () => {
          if (!connection.closing) this.#leave(connection);
        },
      }),
      wishTimer: setTimeout(() => this.#close(connection), WISH_WITHIN_MS),
      bytes: 0,
      encoder: null,
      publication: undefined,
      line: undefined,
      closing: false,
    };
    this.#connections.set(id, connection);
    socket.on('timeout', () => this.#close(connection));
    socket.on('close', () => this.#forget(connection));
    socket.on('data', (bytes: Buffer) => this.#take(connection, bytes));
  }

  #take(connection: Connection, bytes: Buffer): void {
    if (connection.closing) return;
    if (!connection.publication) {
      connection.bytes += bytes.length;
      if (connection.bytes > STRANGER_BYTES_MAX) {
        this.#close(connection);
        return;
      }
    }
    try {
      connection.rtmp.take(bytes);
    } catch (fault) {
      if (!(fault instanceof RtmpFault)) throw fault;
      this.#close(connection);
    }
  }

  #hasRoom(address: string): boolean {
    let strangers = 0;
    let ofAddress = 0;
    for (const each of this.#connections.values()) {
      if (each.publication) continue;
      strangers += 1;
      if (each.address === address) ofAddress += 1;
    }
    return strangers < STRANGERS_MAX && ofAddress < STRANGERS_OF_ADDRESS_MAX;
  }

  #wish(connection: Connection, key: string): void {
    const publications = [...this.#connections.values()].filter((each) => each.publication).length;
    if (key === '' || key.length > streamKeyCharsMax) this.#close(connection, badName);
    else if (publications >= PUBLICATIONS_MAX) this.#close(connection, full);
    else {
      // While the key is looked up, so that the first encoder isn't welcomed later than the others.
      this.#loadCodecs().catch(() => undefined);
      this.#tell({ type: 'wish', connection: connection.id, key, address: connection.address });
    }
  }

  /** The encoder stops of its own. The line itself says so: told on another way, it could come after the line's end. */
  #leave(connection: Connection): void {
    connection.line?.leave();
    this.#close(connection);
  }

  /** Ends a connection, with words when there are any. */
  #close(connection: Connection, refusal?: Refusal): void {
    if (connection.closing) return;
    connection.closing = true;
    connection.publication?.close();
    const { socket } = connection;
    if (refusal) connection.rtmp.refuse(refusal.code, refusal.description);
    socket.end();
    // What still comes is thrown away, and who doesn't go is put out.
    setTimeout(() => socket.destroy(), GOODBYE_MS).unref();
  }

  #forget(connection: Connection): void {
    if (!this.#connections.delete(connection.id)) return;
    connection.closing = true;
    clearTimeout(connection.wishTimer);
    connection.publication?.close();
    connection.line?.close();
  }
}

/** The one answer to every wrong key: nothing tells a stranger how wrong it was. */
export const badName: Refusal = {
  code: 'NetStream.Publish.BadName',
  description: 'This stream key is not valid here.',
};
const full: Refusal = {
  code: 'NetStream.Publish.Rejected',
  description: 'This server takes no further encoder now.',
};

const inRtmp = (complaint: Complaint): Refusal => {
  const { title, cure } = complaintWords(complaint);
  return { code: 'NetStream.Publish.Rejected', description: `${title}. ${cure}` };
};
