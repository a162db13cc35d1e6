// The parts of node-media-server that the ingest uses; the package brings no types. Only what stands here is relied on.

declare module 'node-media-server/src/protocol/rtmp.js' {
  /** A message that is being put together from its chunks. `payload` is used again for the next one. */
  export type RtmpPacket = {
    header: {
      fmt: number;
      cid: number;
      timestamp: number;
      length: number;
      type: number;
      stream_id: number;
    };
    /** Milliseconds since the sender's own beginning. */
    clock: number;
    payload: Buffer;
    capacity: number;
    bytes: number;
  };
  export type Invoke = {
    cmd?: unknown;
    transId?: number;
    cmdObj?: Record<string, unknown> | null;
    streamName?: unknown;
  };
  /** The server's side of one RTMP connection: bytes in, callbacks and bytes out. */
  export default class Rtmp {
    handshakeState: number;
    parserPacket: RtmpPacket;
    inPackets: Map<number, RtmpPacket>;
    inChunkSize: number;
    streamApp: unknown;
    streamName: string;
    streamId: number;
    flv: unknown;
    onOutputCallback: (bytes: Buffer) => void;
    parserData(bytes: Buffer): string | null;
    packetParse(): void;
    packetAlloc(): void;
    controlHandler(): void;
    invokeHandler(): void;
    dataHandler(): void;
    onConnect(invoke: Invoke): void;
    onPublish(invoke: Invoke): void;
    onPlay(invoke: Invoke): void;
    onDeleteStream(invoke: Invoke): void;
    sendACK(bytes: number): void;
    sendStatusMessage(streamId: number, level: string, code: string, description: string): void;
    respondPublish(): void;
  }
}

declare module 'node-media-server/src/protocol/amf.js' {
  const amf: {
    decodeAmf0Cmd(bytes: Buffer): { cmd?: unknown };
    decodeAmf0Data(bytes: Buffer): { cmd?: unknown; method?: unknown; dataObj?: unknown };
    encodeAmf0Cmd(command: Record<string, unknown>): Buffer;
    encodeAmf0Data(data: Record<string, unknown>): Buffer;
  };
  export default amf;
}

declare module 'node-media-server/src/core/logger.js' {
  const logger: { log(message: string, level?: string): void };
  export default logger;
}

declare module 'node-media-server/src/protocol/rtmp_client.js' {
  import type { Socket } from 'node:net';
  import Rtmp from 'node-media-server/src/protocol/rtmp.js';

  /** The client's side of one RTMP connection. `connect` of its own isn't used: it asks for no address that was looked at. */
  export default class RtmpClient extends Rtmp {
    socket: Socket | null;
    connected: boolean;
    onHandshakeCallback: () => void;
    onErrorCallback: (fault: Error) => void;
    onStatusCallback: (code: string, info: { level?: unknown; description?: unknown }) => void;
    onCloseCallback: (hadError: boolean) => void;
    pendingCommands: Map<number, unknown>;
    nextTransId: number;
    handleData: (bytes: Buffer) => void;
    resetProtocolState(): void;
    setChunkSize(bytes: number): void;
    sendClientHandshake(): void;
    sendCommand(cmd: string, options: Record<string, unknown>, streamId?: number): Promise<unknown>;
    sendInvokeMessage(streamId: number, options: Record<string, unknown>): void;
    sendCreateStream(): Promise<number>;
    sendMetaData(data: Record<string, unknown>): void;
    rejectAllPending(fault: Error): void;
    static createMessage(packet: {
      codec_type: 8 | 9;
      size: number;
      dts: number;
      data: Buffer;
    }): Buffer;
  }
}
