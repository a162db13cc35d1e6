// Publishing to a destination by RTMP: handshake, leave to publish, then media. The protocol is node-media-server's; what
// stands here bounds what a destination may say and how long it may think. The rule: nothing here waits for a destination
// longer than `ANSWER_MS`, and how far it is behind can be seen.

import type { Socket } from 'node:net';
import logger from 'node-media-server/src/core/logger.js';
import RtmpClient from 'node-media-server/src/protocol/rtmp_client.js';
import { dial, PushFault, type Target } from './dial.ts';

// It would print what destinations say, keys among it.
logger.log = () => undefined;

/** Handshake and leave to publish: destinations far away need about two seconds. */
const ANSWER_MS = 15_000;
/** What a destination says is short. */
const MESSAGE_BYTES_MAX = 64 * 1024;
const CHUNK_STREAMS_MAX = 16;
const CHUNK_BYTES = 0xffff;
const WORDS_MAX = 200;

class Client extends RtmpClient {
  override packetParse(): void {
    super.packetParse();
    if (
      this.inPackets.size > CHUNK_STREAMS_MAX ||
      this.parserPacket.header.length > MESSAGE_BYTES_MAX
    )
      throw new Error('too large a message');
  }
}

export class RtmpPublisher {
  readonly #socket: Socket;
  readonly #client = new Client();
  readonly #key: string;
  readonly #onEnd: (fault: PushFault) => void;
  #status: { code: string; words: string } | undefined;
  #live = false;
  #ended = false;

  private constructor(socket: Socket, key: string, onEnd: (fault: PushFault) => void) {
    this.#socket = socket;
    this.#key = key;
    this.#onEnd = onEnd;
    const client = this.#client;
    client.resetProtocolState();
    client.socket = socket;
    client.connected = true;
    // The library's own buffer for reading files, a megabyte, isn't needed.
    client.flv = undefined;
    client.onErrorCallback = () => this.#end(new PushFault('not-rtmp', 'The answer is not RTMP.'));
    client.onStatusCallback = (code, info) => {
      if (info.level !== 'error' && !/Failed|BadName|Rejected|Denied|Error/.test(code)) return;
      this.#status = { code, words: this.#clean(String(info.description ?? code)) };
      if (this.#live) this.#end(new PushFault('refused', this.#status.words));
      else client.rejectAllPending(new Error(this.#status.words));
    };
    socket.on('data', (bytes: Buffer) => {
      try {
        client.handleData(bytes);
      } catch {
        this.#end(new PushFault('not-rtmp', 'The answer is not RTMP.'));
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => this.#end(this.#closed()));
  }

  /** Connects and gets leave to publish. Rejects with a `PushFault`. `onEnd` is called once, when that is over. */
  static async open(
    wish: { target: Target; key: string; inside: boolean },
    onEnd: (fault: PushFault) => void,
  ): Promise<RtmpPublisher> {
    const { target, key, inside } = wish;
    const socket = await dial(target, inside);
    const failed = Promise.withResolvers<never>();
    failed.promise.catch(() => undefined);
    const publisher = new RtmpPublisher(socket, key, (fault) => {
      failed.reject(fault);
      if (publisher.#live) onEnd(fault);
    });
    const timer = setTimeout(
      () => publisher.#end(new PushFault('unreachable', 'No answer of RTMP came in time.')),
      ANSWER_MS,
    );
    try {
      await Promise.race([publisher.#ask(target), failed.promise]);
      publisher.#live = true;
      return publisher;
    } catch (fault) {
      const cause = fault instanceof PushFault ? fault : publisher.#refusal(fault as Error);
      publisher.close();
      throw cause;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Bytes that wait here for the destination. */
  get waitingBytes(): number {
    return this.#socket.writableLength;
  }

  /** Bytes that the system took; grows while the destination takes any. */
  get takenBytes(): number {
    return this.#socket.bytesWritten - this.#socket.writableLength;
  }

  onDrain(run: () => void): void {
    this.#socket.on('drain', run);
  }

  describe(picture: { width: number; height: number } | undefined): void {
    this.#client.sendMetaData({
      ...(picture ? { ...picture, videocodecid: 7 } : {}),
      ...{ audiocodecid: 10, audiosamplerate: 48_000, audiosamplesize: 16, stereo: true },
      encoder: 'Rialto',
    });
  }

  /** `body`: an FLV tag's. */
  send(kind: 'video' | 'audio', atMs: number, body: Buffer): void {
    if (this.#ended) return;
    const dts = Math.round(atMs) >>> 0;
    const codec_type = kind === 'video' ? 9 : 8;
    const bytes = RtmpClient.createMessage({ codec_type, size: body.length, dts, data: body });
    // The library leaves the message's stream out; strict destinations drop what belongs to none.
    bytes.writeUInt32LE(this.#client.streamId, 8);
    this.#socket.write(bytes);
  }

  /** Says goodbye as far as the destination listens, and ends. `onEnd` isn't called any more. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#client.rejectAllPending(new Error('closed'));
    if (this.#live && this.#socket.writable) {
      const { streamId } = this.#client;
      const streamName = this.#key;
      this.#client.sendInvokeMessage(0, {
        cmd: 'FCUnpublish',
        transId: 0,
        cmdObj: null,
        streamName,
      });
      this.#client.sendInvokeMessage(0, {
        cmd: 'deleteStream',
        transId: 0,
        cmdObj: null,
        streamId,
      });
    }
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), 500).unref();
  }

  async #ask({ app, tcUrl }: Target): Promise<void> {
    const client = this.#client;
    await new Promise<void>((resolve) => {
      client.onHandshakeCallback = resolve;
      client.sendClientHandshake();
    });
    client.setChunkSize(CHUNK_BYTES);
    await client.sendCommand('connect', {
      cmdObj: { app, type: 'nonprivate', flashVer: 'FMLE/3.0 (compatible; Rialto)', tcUrl },
    });
    const streamName = this.#key;
    // Some old destinations wait for these two and answer neither.
    for (const cmd of ['releaseStream', 'FCPublish'])
      client.sendInvokeMessage(0, { cmd, transId: client.nextTransId++, cmdObj: null, streamName });
    await client.sendCreateStream();
    await client.sendCommand(
      'publish',
      { cmdObj: null, streamName, type: 'live' },
      client.streamId,
    );
  }

  #refusal(fault: Error): PushFault {
    return new PushFault('refused', this.#status?.words ?? this.#clean(fault.message));
  }

  #closed(): PushFault {
    if (this.#status) return new PushFault('refused', this.#status.words);
    return this.#live
      ? new PushFault('reset', 'The destination ended the line.')
      : // Many destinations say no to a wrong key by hanging up after the handshake.
        this.#client.pendingCommands.size > 0
        ? new PushFault('refused', 'The destination hung up when it was asked: is the key right?')
        : new PushFault('not-rtmp', 'The destination hung up before RTMP began.');
  }

  /** What a destination says, for people: without control characters, bounded, and without the key. */
  #clean(words: string): string {
    const plain = words
      .replaceAll(this.#key, '•••')
      .replace(/\p{C}+/gu, ' ')
      .trim();
    return plain.slice(0, WORDS_MAX) || 'It gave no reason.';
  }

  #end(fault: PushFault): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket.destroy();
    this.#onEnd(fault);
    this.#client.rejectAllPending(fault);
  }
}
