// The peer of `bench/forward.ts`: packets of the same number and size as a show's, each sent by UDP to every viewer's
// socket. Does nothing else: no encryption, no repair, no signalling. Reports the CPU time that the sending took.

import { fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export type PeerReport = { cpuMs: number; elapsedMs: number };

const VIDEO_BYTES = 1180;
const AUDIO_BYTES = 190;
const FRAMES_PER_SECOND = 30;
const AUDIO_PER_SECOND = 50;

const [first = '0', bitsPerSecond = '0', seconds = '0'] = process.argv.slice(2);
if (first === 'sink') await sink(Number(bitsPerSecond));
else await send(Number(first), Number(bitsPerSecond), Number(seconds));

/** The viewers' sockets, in a process of their own. */
async function sink(viewers: number): Promise<void> {
  process.on('disconnect', () => process.exit(0));
  const ports: number[] = [];
  for (let i = 0; i < viewers; i += 1) {
    const socket = createSocket('udp4', () => undefined);
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    ports.push(socket.address().port);
  }
  process.send?.(ports);
}

async function send(viewers: number, bits: number, forSeconds: number): Promise<void> {
  const receivers = fork(import.meta.filename, ['sink', String(viewers)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [ports] = (await once(receivers, 'message')) as [number[]];
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const video = Buffer.alloc(VIDEO_BYTES, 1);
  const audio = Buffer.alloc(AUDIO_BYTES, 2);
  const perFrame = bits / 8 / FRAMES_PER_SECOND / VIDEO_BYTES;
  let frames = 0;
  let sentVideo = 0;
  let sentAudio = 0;
  const startedAtMs = performance.now();
  const before = process.cpuUsage();
  const step = (): void => {
    const atMs = performance.now() - startedAtMs;
    if (atMs > forSeconds * 1000) {
      const { user, system } = process.cpuUsage(before);
      const report: PeerReport = {
        cpuMs: (user + system) / 1000,
        elapsedMs: performance.now() - startedAtMs,
      };
      process.send?.(report, () => {
        receivers.kill();
        process.exit(0);
      });
      return;
    }
    for (; frames * (1000 / FRAMES_PER_SECOND) <= atMs; frames += 1) {
      for (; sentVideo < (frames + 1) * perFrame; sentVideo += 1) toAll(video);
    }
    for (; sentAudio * (1000 / AUDIO_PER_SECOND) <= atMs; sentAudio += 1) toAll(audio);
    setTimeout(step, 5);
  };
  const toAll = (packet: Buffer): void => {
    for (const port of ports) socket.send(packet, port, '127.0.0.1');
  };
  step();
}
