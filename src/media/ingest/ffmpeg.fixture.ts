// The real ffmpeg as an encoder, for tests of the ingest: what it prints is kept, and it ends when the test says so.
// The program itself is fetched by tools/test-programs.ts.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A picture that moves, in the size and rate of a test; and a tone. */
export const smallPicture = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25'];
export const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100'];
export const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '25'];

export type Encoder = {
  readonly process: ChildProcess;
  /** What it printed. */
  readonly output: () => string;
  /** Its exit code, once it has ended of its own. */
  readonly ended: Promise<number | null>;
  /** Ends it as a person does who presses q. */
  readonly stop: () => Promise<void>;
};

/** Runs ffmpeg; `args` end with where it sends to. */
export const runFfmpeg = async (args: readonly string[]): Promise<Encoder> => {
  const child = spawn('ffmpeg', ['-hide_banner', '-loglevel', 'warning', '-y', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (more: string) => {
    text = (text + more).slice(-10_000);
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return {
    process: child,
    output: () => text,
    ended,
    async stop() {
      child.kill('SIGINT');
      // One that was made to stand still hears nothing else.
      child.kill('SIGCONT');
      await ended;
    },
  };
};
