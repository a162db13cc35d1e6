// Bytes on the wire. A message becomes JSON once and a WebSocket frame once, however many sockets it is
// written to: the same buffer goes to all of them. Server frames are unmasked, whole and uncompressed
// (RFC 6455 section 5.2), so that they may stand between any two other frames of a connection.

import type { RoomMessage } from '../protocol/room.ts';
import type { ServerMessage } from '../protocol/socket.ts';

/** A message with its JSON, made once. */
export type Written = { readonly message: RoomMessage; readonly json: string };

export const write = (message: RoomMessage): Written => ({
  message,
  json: JSON.stringify(message),
});

const finalText = 0x81;
const finalPing = 0x89;

/** A text frame, header and payload in one buffer. */
export const textFrame = (text: string): Buffer => {
  const length = Buffer.byteLength(text);
  if (length < 126) {
    const frame = Buffer.allocUnsafe(2 + length);
    frame[0] = finalText;
    frame[1] = length;
    frame.write(text, 2);
    return frame;
  }
  if (length < 65_536) {
    const frame = Buffer.allocUnsafe(4 + length);
    frame[0] = finalText;
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
    frame.write(text, 4);
    return frame;
  }
  const frame = Buffer.allocUnsafe(10 + length);
  frame[0] = finalText;
  frame[1] = 127;
  frame.writeBigUInt64BE(BigInt(length), 2);
  frame.write(text, 10);
  return frame;
};

/** An empty ping. */
export const pingFrame: Buffer = Buffer.from([finalPing, 0]);

export const messageFrame = (message: ServerMessage): Buffer => textFrame(JSON.stringify(message));

/** A lane's frame from messages that are JSON already. */
export const laneFrame = (
  lane: 'fast' | 'slow',
  atMs: number,
  to: number,
  messages: readonly Written[],
  shed = 0,
): Buffer => {
  const list = messages.map(({ json }) => json).join(',');
  const tail = shed > 0 ? `],"shed":${shed}}` : ']}';
  return textFrame(`{"t":"frame","atMs":${atMs},"lane":"${lane}","to":${to},"m":[${list}${tail}`);
};
