// A line that delays every packet and loses some, in both directions and of every kind, as `tc netem` would (which not
// every kernel has): a UDP relay in a process of its own between the viewers and the forwarder. Started by
// `openBadLine`; which packets are lost follows from a seed.

import { fork } from 'node:child_process';
import type { Socket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { fromChild } from './crowd.ts';

export type BadLineOptions = {
  /** The forwarder's UDP port. */
  target: number;
  /** Share of packets lost, 0..1. */
  loss: number;
  /** One way. */
  delayMs: number;
};

export type BadLine = { readonly port: number; stop(): void };

export async function openBadLine(options: BadLineOptions): Promise<BadLine> {
  const child = fork(import.meta.filename, [JSON.stringify(options)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const port = (await fromChild(child)) as number;
  return { port, stop: () => void child.kill() };
}

/** A small generator of uniform numbers (mulberry32): runs lose the same packets of the same order. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function relay({ target, loss, delayMs }: BadLineOptions): Promise<void> {
  const draw = chance(1);
  const near = createSocket('udp4');
  const far = new Map<string, Socket>();
  const later = (send: () => void): void => {
    if (draw() >= loss) setTimeout(send, delayMs);
  };
  near.on('message', (packet, { address, port }) => {
    const client = `${address}:${port}`;
    let socket = far.get(client);
    if (!socket) {
      socket = createSocket('udp4');
      socket.on('message', (answer) => later(() => near.send(answer, port, address)));
      far.set(client, socket);
    }
    const to = socket;
    later(() => to.send(packet, target, '127.0.0.1'));
  });
  near.bind(0, '0.0.0.0');
  await once(near, 'listening');
  process.send?.(near.address().port);
}

if (process.argv[1] === import.meta.filename) {
  process.on('disconnect', () => process.exit(0));
  await relay(JSON.parse(process.argv[2] ?? '{}') as BadLineOptions);
}
