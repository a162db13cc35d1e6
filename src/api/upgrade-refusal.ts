// A request to upgrade that isn't upgraded: it gets a problem document, as from every other door.

import type { Duplex } from 'node:stream';
import { problemOf } from '../protocol/problems.ts';

/** Answers over HTTP instead of a socket, then ends the connection. */
export const refuseUpgrade = (socket: Duplex, code: string): void => {
  if (socket.destroyed) return;
  const problem = problemOf(code);
  const body = JSON.stringify(problem);
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nConnection: close\r\n` +
      `Content-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
};
