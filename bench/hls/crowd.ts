// A crowd of HLS viewers in a process of its own: each holds a connection, waits for the next part's playlist, then
// fetches the part, as players do. HTTP is spoken by hand, so that the crowd costs less than what it measures. Started
// by `bench/hls.ts`: reports when asked.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export type CrowdReport = {
  requests: number;
  bytes: number;
  failed: number;
  /** From the moment at which the first of all viewers had a part to that at which each one had it. */
  spreadMs: number[];
  elapsedMs: number;
};

export type CrowdOrder = {
  port: number;
  viewers: number;
  /** Ask for each part once it is there; or for the same files again and again, so many times a second a viewer. */
  path: string;
  files?: { paths: string[]; perSecond: number };
};

const order = JSON.parse(process.argv[2] ?? '{}') as CrowdOrder;
process.on('disconnect', () => process.exit(0));

const report: CrowdReport = { requests: 0, bytes: 0, failed: 0, spreadMs: [], elapsedMs: 0 };
let fromMs = performance.now();
const firstHadIt = new Map<string, number>();

/** One connection; answers come in order, one at a time. */
class Line {
  readonly #socket: Socket;
  #waiting: Buffer[] = [];
  #length = 0;
  #needed = -1;
  #headEnd = 0;
  #answered: ((answer: { status: number; body: Buffer }) => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('close', () => this.#answered?.({ status: 0, body: Buffer.alloc(0) }));
    socket.on('error', () => undefined);
  }

  get(path: string): Promise<{ status: number; body: Buffer }> {
    report.requests += 1;
    this.#socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\n\r\n`);
    return new Promise((resolve) => (this.#answered = resolve));
  }

  #read(chunk: Buffer): void {
    this.#waiting.push(chunk);
    this.#length += chunk.length;
    report.bytes += chunk.length;
    if (this.#needed < 0) {
      const text = this.#waiting.length > 1 ? Buffer.concat(this.#waiting) : chunk;
      this.#waiting = [text];
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = /content-length: (\d+)/i.exec(text.toString('latin1', 0, end))?.[1] ?? '0';
      this.#headEnd = end + 4;
      this.#needed = this.#headEnd + Number(length);
    }
    if (this.#length < this.#needed) return;
    const whole = this.#waiting.length > 1 ? Buffer.concat(this.#waiting) : this.#waiting[0]!;
    const status = Number(whole.toString('latin1', 9, 12));
    const body = whole.subarray(this.#headEnd, this.#needed);
    this.#waiting = [];
    this.#length = 0;
    this.#needed = -1;
    const answered = this.#answered;
    this.#answered = undefined;
    answered?.({ status, body });
  }
}

async function follow(line: Line, folder: string): Promise<void> {
  let query = '';
  for (;;) {
    const { status, body } = await line.get(`${folder}/index.m3u8${query}`);
    if (status !== 200) report.failed += 1;
    if (status === 0) return;
    const text = body.toString('latin1');
    const hint = /PRELOAD-HINT:TYPE=PART,URI="[^"]*-(\d+)\.(\d+)\.m4s"/.exec(text);
    if (!hint) continue;
    query = `?_HLS_msn=${hint[1]}&_HLS_part=${hint[2]}`;
    const at = text.lastIndexOf('#EXT-X-PART:');
    const name = /URI="([^"]+)"/.exec(text.slice(at))?.[1];
    if (at < 0 || name === undefined) continue;
    const part = await line.get(`${folder}/${name}`);
    if (part.status !== 200) report.failed += 1;
    const nowMs = performance.now();
    const first = firstHadIt.get(name);
    if (first === undefined) firstHadIt.set(name, nowMs);
    else report.spreadMs.push(nowMs - first);
  }
}

async function repeat(
  line: Line,
  { paths, perSecond }: NonNullable<CrowdOrder['files']>,
  n: number,
): Promise<void> {
  const everyMs = 1000 / perSecond;
  let at = performance.now() + (n / order.viewers) * everyMs;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, at - performance.now())));
    at += everyMs;
    for (const path of paths) {
      const { status } = await line.get(path);
      if (status !== 200) report.failed += 1;
      if (status === 0) return;
    }
  }
}

const lines: Line[] = [];
for (let n = 0; n < order.viewers; n += 1) {
  const socket = connect(order.port, '127.0.0.1');
  await once(socket, 'connect');
  lines.push(new Line(socket));
}
lines.forEach(
  (line, n) => void (order.files ? repeat(line, order.files, n) : follow(line, order.path)),
);
process.on('message', (message) => {
  if (message === 'begin') {
    Object.assign(report, { requests: 0, bytes: 0, failed: 0, spreadMs: [] });
    firstHadIt.clear();
    fromMs = performance.now();
  } else process.send?.({ ...report, elapsedMs: performance.now() - fromMs });
});
process.send?.('watching');
