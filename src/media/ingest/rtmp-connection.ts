// One encoder's RTMP connection: bytes in, the wish to publish and media messages out. The protocol is node-media-server's
// class; what stands here bounds it. The rule: whatever a stranger sends ends at most their own connection, and no more
// memory is held for it than `bytesMax` of media plus a few small messages.

import logger from 'node-media-server/src/core/logger.js';
import amf from 'node-media-server/src/protocol/amf.js';
import type { Invoke } from 'node-media-server/src/protocol/rtmp.js';
import Rtmp from 'node-media-server/src/protocol/rtmp.js';

// It would print each odd field of each stranger.
logger.log = () => undefined;

/** Chunk streams that an encoder uses at once: commands, sound, picture, data; ffmpeg and OBS use four. */
const CHUNK_STREAMS_MAX = 16;
/** Commands and descriptions of a stream; OBS sends about 600 bytes. */
const MESSAGE_BYTES_MAX = 16 * 1024;
/** A key picture of 1080p at the highest rate that is taken stays below 1 MB. */
const PICTURE_BYTES_MAX = 2 * 1024 * 1024;
const SOUND_BYTES_MAX = 16 * 1024;
/** All messages that are being put together at once. */
const HELD_BYTES_MAX = 4 * 1024 * 1024;
/** The largest size that 24 bits of a message's length can need. */
const CHUNK_BYTES_MAX = 0xffffff;
/** Half the window that the library announces: an encoder that counts never waits. */
const ACKNOWLEDGE_EVERY_BYTES = 2_500_000;
/** The app of the address: `rtmp://host:1935/live`. */
const APP = 'live';

const TYPE = { chunkSize: 1, sound: 8, picture: 9, flexData: 15, data: 18 } as const;

/** What an encoder asked for. */
export type PublishWish = {
  /** The name of the stream: the key. Anything that a stranger types. */
  readonly name: string;
};

/** Where a connection tells of itself. */
export type RtmpListener = {
  send(bytes: Buffer): void;
  /** It wants to publish, once; answer by `accept` or `refuse`. */
  wish(wish: PublishWish): void;
  /** Media after `accept`; `body` is an FLV tag's body and nobody else's memory. */
  media(kind: 'video' | 'audio', timestampMs: number, body: Buffer): void;
  /** What the encoder calls itself. */
  encoder(name: string): void;
  /** It says that it stops. */
  unpublish(): void;
};

/** Why a connection has to end. Its message names what was wrong, for the log. */
export class RtmpFault extends Error {
  override readonly name = 'RtmpFault';
}

/** One connection. `take` throws `RtmpFault` when it has to end. */
export class RtmpConnection {
  readonly #protocol: BoundedRtmp;
  #taken = 0;
  #acknowledged = 0;

  constructor(listener: RtmpListener) {
    this.#protocol = new BoundedRtmp(listener);
  }

  /** Bytes of messages that are being put together, for `dump` and tests. */
  get heldBytes(): number {
    return this.#protocol.heldBytes;
  }

  take(bytes: Buffer): void {
    // The first byte is the version; the library doesn't look. Others (TLS, HTTP) find no answer.
    if (this.#taken === 0 && bytes.length > 0 && bytes[0] !== 3)
      throw new RtmpFault('This is not RTMP.');
    this.#taken += bytes.length;
    try {
      this.#protocol.parserData(bytes);
    } catch (fault) {
      if (fault instanceof RtmpFault) throw fault;
      throw new RtmpFault(`Malformed RTMP (${fault instanceof Error ? fault.message : fault})`);
    }
    if (this.#taken - this.#acknowledged >= ACKNOWLEDGE_EVERY_BYTES) {
      this.#acknowledged = this.#taken;
      this.#protocol.sendACK(this.#taken % 2 ** 32);
    }
  }

  /** The encoder may send. */
  accept(): void {
    this.#protocol.accept();
  }

  /** The encoder may not; `code` is a status of RTMP such as `NetStream.Publish.BadName`. */
  refuse(code: string, description: string): void {
    this.#protocol.sendStatusMessage(this.#protocol.streamId ?? 1, 'error', code, description);
  }
}

class BoundedRtmp extends Rtmp {
  readonly #listener: RtmpListener;
  #state: 'new' | 'connected' | 'asked' | 'accepted' = 'new';

  constructor(listener: RtmpListener) {
    super();
    this.#listener = listener;
    // A megabyte for reading FLV files, which never come this way.
    this.flv = undefined;
    this.onOutputCallback = (bytes) => listener.send(bytes);
  }

  get heldBytes(): number {
    let bytes = 0;
    for (const { capacity } of this.inPackets.values()) bytes += capacity;
    return bytes;
  }

  accept(): void {
    this.#state = 'accepted';
    // The library's own answer would say the key again.
    this.sendStatusMessage(
      this.streamId,
      'status',
      'NetStream.Publish.Start',
      'You are on air as soon as your picture arrives.',
    );
  }

  override packetParse(): void {
    super.packetParse();
    const { header, bytes } = this.parserPacket;
    if (this.inPackets.size > CHUNK_STREAMS_MAX) throw new RtmpFault('Too many chunk streams.');
    if (bytes > 0 && header.fmt !== 3) throw new RtmpFault('A message began inside another.');
    if (header.length > this.#bytesMax(header.type))
      throw new RtmpFault(`A message of ${header.length} bytes is too large.`);
  }

  override packetAlloc(): void {
    super.packetAlloc();
    if (this.heldBytes > HELD_BYTES_MAX) throw new RtmpFault('Too much is begun at once.');
  }

  override controlHandler(): void {
    const { header, payload } = this.parserPacket;
    if (header.length < 4) throw new RtmpFault('A control message is too short.');
    if (header.type === TYPE.chunkSize) {
      const size = payload.readUInt32BE(0);
      if (size < 1) throw new RtmpFault('Chunks of no bytes.');
      this.inChunkSize = Math.min(size, CHUNK_BYTES_MAX);
      return;
    }
    super.controlHandler();
  }

  override invokeHandler(): void {
    super.invokeHandler();
    // What is left of a stream that was closed without `deleteStream`.
    const { header, payload } = this.parserPacket;
    if (this.#state === 'accepted' && payload.subarray(0, header.length).includes('FCUnpublish'))
      this.#listener.unpublish();
  }

  override onConnect(invoke: Invoke): void {
    if (this.#state !== 'new') throw new RtmpFault('It connects twice.');
    this.#state = 'connected';
    super.onConnect(invoke);
  }

  override onPublish(invoke: Invoke): void {
    if (this.#state !== 'connected') throw new RtmpFault('It publishes out of turn.');
    this.#state = 'asked';
    this.streamId = this.parserPacket.header.stream_id;
    const { streamName } = invoke;
    const isLive = typeof this.streamApp === 'string' && this.streamApp.replace(/\/+$/, '') === APP;
    // Another app is as wrong as another key; what comes after `?` is an encoder's own affair.
    const name = isLive && typeof streamName === 'string' ? streamName.split('?', 1)[0]! : '';
    this.#listener.wish({ name });
  }

  override onPlay(): void {
    throw new RtmpFault('Nobody watches by RTMP.');
  }

  override onDeleteStream(): void {
    if (this.#state === 'accepted') this.#listener.unpublish();
  }

  override dataHandler(): void {
    // Encoders may send on while they wait for the answer: it is too early to be theirs.
    if (this.#state !== 'accepted') return;
    const { header, payload, clock } = this.parserPacket;
    if (header.type === TYPE.sound || header.type === TYPE.picture) {
      if (header.length === 0) return;
      const body = Buffer.from(payload.subarray(0, header.length));
      this.#listener.media(header.type === TYPE.sound ? 'audio' : 'video', clock, body);
    } else if (header.type === TYPE.data) {
      const name = encoderName(payload.subarray(0, header.length));
      if (name !== null) this.#listener.encoder(name);
    }
  }

  #bytesMax(type: number): number {
    if (type !== TYPE.sound && type !== TYPE.picture) return MESSAGE_BYTES_MAX;
    if (this.#state !== 'accepted' && this.#state !== 'asked') return MESSAGE_BYTES_MAX;
    return type === TYPE.sound ? SOUND_BYTES_MAX : PICTURE_BYTES_MAX;
  }
}

/** `encoder` of an `onMetaData`; null when it names none. A description that can't be read is none. */
function encoderName(bytes: Buffer): string | null {
  try {
    const { dataObj } = amf.decodeAmf0Data(bytes);
    const name = (dataObj as { encoder?: unknown } | undefined)?.encoder;
    return typeof name === 'string' ? printable(name).slice(0, 80) || null : null;
  } catch {
    return null;
  }
}

const printable = (text: string): string =>
  text.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '').trim();
