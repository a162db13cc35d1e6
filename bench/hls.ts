// How late a viewer by low-latency HLS sees, and what each one costs: hls.js in Chromium reads the clock in the picture
// back (goal: p95 2.0 s), then 2,000 viewers wait for every playlist and fetch every part. The peer is nginx that serves
// the same playlist and the same part as files, to as many viewers as often.

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { frontOf } from '../src/api/front.ts';
import { hlsRoutes } from '../src/api/hls-routes.ts';
import { createServer } from '../src/api/server.ts';
import { whipWhep } from '../src/api/whip-whep.ts';
import { freePort } from '../src/base/free-port.ts';
import { startCamera } from '../src/media/camera/start-camera.ts';
import { startChildPlane } from '../src/media/child-plane.ts';
import { HlsPlane } from '../src/media/hls/hls-plane.ts';
import { debianProgram } from '../tools/debian-program.ts';
import { openClockPage, type WithClock } from './clock-page.ts';
import { fromChild } from './forward/crowd.ts';
import type { CrowdOrder, CrowdReport } from './hls/crowd.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { percentile, rounded } from './result.ts';

const BITS_PER_SECOND = 600_000;
const SHOW = 'bench';

export default async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const viewers = quick ? 200 : 2000;
  const seconds = quick ? 5 : 20;
  const folder = await mkdtemp(join(tmpdir(), 'rialto-hls-'));
  const cacheFolder = join(tmpdir(), 'rialto-bench-cache');
  mkdirSync(cacheFolder, { recursive: true });
  const plane = await startChildPlane({ recordingsFolder: folder, bindAddress: '127.0.0.1' });
  const hls = new HlsPlane({ media: plane });
  const app = await createServer({
    logger: false,
    publicUrl: 'http://127.0.0.1',
    front: frontOf(null),
    version: 'bench',
    sessionOf: async () => null,
    readiness: async () => [],
    metrics: () => '',
  });
  const anyone = async () => ({ ok: true }) as const;
  await app.register(
    whipWhep({ media: plane, mayPublish: anyone, isPublisher: anyone, mayWatch: anyone }),
  );
  const door = { refusal: async () => null, isForEverybody: async () => true };
  await app.register(hlsRoutes({ hls, door, nowMs: Date.now }));
  const script = await readFile(createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js'));
  app.get('/', (_request, reply) =>
    reply
      .type('text/html')
      .send('<script src="/hls.min.js"></script><video autoplay muted playsinline></video>'),
  );
  app.get('/hls.min.js', (_request, reply) => reply.type('text/javascript').send(script));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const camera = startCamera(
    { whipUrl: `${url}/whip/${SHOW}`, cacheFolder, clock: true, bitsPerSecond: BITS_PER_SECOND },
    () => undefined,
  );
  let crowd: ChildProcess | undefined;
  try {
    await camera.onAir;
    while (!hls.store(SHOW)?.window.isPlayable) await wait(100);
    await wait(6000);
    const glass = await glassToGlass(url, seconds);
    if (glass)
      console.log(
        `glass to glass by hls.js: p50 ${percentile(glass.delaysMs, 50)} ms, p95 ${percentile(glass.delaysMs, 95)} ms of ${glass.delaysMs.length} pictures, first picture ${glass.firstPictureMs.toFixed(0)} ms, ${glass.stalls} stalls`,
      );
    else console.log('glass to glass: not measured, there is no Chromium');

    const port = Number(new URL(url).port);
    const ours = await measureCrowd({ port, viewers, path: `/hls/${SHOW}` }, seconds, () =>
      cpuMs(process.pid),
    );
    const packagerPid = ((await hls.dump()) as { packager: { pid: number } }).packager.pid;
    const packagerFrom = await cpuMs(packagerPid);
    await wait(3000);
    const packager = ((await cpuMs(packagerPid)) - packagerFrom) / 30;
    console.log(
      `${viewers} viewers: ${ours.perSecond.toFixed(0)} requests/s, ${ours.failed} failed, ${ours.cpu.toFixed(4)} % of a core a viewer; a part was with the last of 95 % ${ours.spreadP95.toFixed(0)} ms after the first`,
    );
    console.log(`packaging costs ${packager.toFixed(1)} % of a core a show`);
    const peer = await measureNginx(folder, hls, viewers, ours.perSecond / 2 / viewers, seconds);
    if (!peer) throw new Error('nginx could not be installed: there is nothing to compare with.');
    console.log(
      `nginx: ${peer.perSecond.toFixed(0)} requests/s, ${peer.cpu.toFixed(4)} % of a core a viewer`,
    );
    const peerUs = rounded(peer.perRequestUs);
    const value = rounded(ours.perRequestUs);
    return {
      bench: 'hls',
      value,
      unit: 'µs of CPU a request',
      p50: value,
      p99: value,
      peer: { name: 'nginx with the same files', value: peerUs },
      ratio: rounded(value / peerUs),
      details: {
        goalGlassToGlassP95Ms: 2000,
        ...(glass
          ? {
              glassToGlassP50Ms: percentile(glass.delaysMs, 50),
              glassToGlassP95Ms: percentile(glass.delaysMs, 95),
              samples: glass.delaysMs.length,
              firstPictureMs: Math.round(glass.firstPictureMs),
              stalls: glass.stalls,
            }
          : {}),
        viewers,
        requestsPerSecond: Math.round(ours.perSecond),
        requestsFailed: ours.failed,
        cpuPerViewerPercentOfACore: rounded(ours.cpu),
        partSpreadP95Ms: Math.round(ours.spreadP95),
        packagingPercentOfACore: rounded(packager),
        nginxRequestsPerSecond: Math.round(peer.perSecond),
        nginxCpuPerViewerPercentOfACore: rounded(peer.cpu),
        loadAverage: rounded(loadavg()[0] ?? 0),
      },
    };
  } finally {
    crowd?.kill();
    crowd = undefined;
    await camera.stop();
    await hls.close();
    await app.close();
    await plane.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a crowd costs the server whose CPU time `readCpuMs` gives. */
async function measureCrowd(order: CrowdOrder, seconds: number, readCpuMs: () => Promise<number>) {
  const crowd = fork(new URL('./hls/crowd.ts', import.meta.url), [JSON.stringify(order)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  try {
    await fromChild(crowd);
    await wait(2000);
    crowd.send('begin');
    const from = { cpuMs: await readCpuMs(), atMs: performance.now() };
    await wait(seconds * 1000);
    const tookMs = (await readCpuMs()) - from.cpuMs;
    const elapsedMs = performance.now() - from.atMs;
    crowd.send('report');
    const report = (await fromChild(crowd)) as CrowdReport;
    const perSecond = (report.requests * 1000) / report.elapsedMs;
    return {
      perSecond,
      failed: report.failed,
      cpu: (tookMs / elapsedMs / order.viewers) * 100,
      perRequestUs: ((tookMs / elapsedMs) * 1e6) / perSecond,
      spreadP95: report.spreadMs.length > 0 ? percentile(report.spreadMs, 95) : 0,
    };
  } finally {
    crowd.kill();
  }
}

/** The same by nginx; undefined when there is none. */
async function measureNginx(
  folder: string,
  hls: HlsPlane,
  viewers: number,
  perSecond: number,
  seconds: number,
) {
  const nginx = await debianProgram('nginx', 'nginx-light');
  const store = hls.store(SHOW);
  const segment = store?.window.segments.find(({ isWhole, bytes }) => isWhole && bytes > 0);
  if (!nginx || !store || !segment) return undefined;
  const root = join(folder, 'nginx');
  mkdirSync(join(root, 'files'), { recursive: true });
  await writeFile(join(root, 'files/index.m3u8'), store.playlist('low').plain);
  await writeFile(join(root, 'files/part.m4s'), segment.parts[1]?.data ?? '');
  const port = await freePort();
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  await writeFile(
    join(root, 'nginx.conf'),
    `${user} daemon off; worker_processes 1; pid ${root}/pid; error_log ${root}/error.log;
     events { worker_connections ${viewers * 2 + 64}; }
     http { access_log off; sendfile on; tcp_nodelay on; keepalive_requests 1000000; open_file_cache max=100;
       types { application/vnd.apple.mpegurl m3u8; video/iso.segment m4s; }
       client_body_temp_path ${root}; proxy_temp_path ${root}; fastcgi_temp_path ${root}; uwsgi_temp_path ${root}; scgi_temp_path ${root};
       server { listen 127.0.0.1:${port}; root ${root}/files; } }`,
  );
  const server = spawn(nginx, ['-p', root, '-c', join(root, 'nginx.conf')], { stdio: 'ignore' });
  try {
    await untilListening(port);
    const worker = await childOf(server.pid!);
    return await measureCrowd(
      { port, viewers, path: '', files: { paths: ['/index.m3u8', '/part.m4s'], perSecond } },
      seconds,
      () => cpuMs(worker),
    );
  } finally {
    server.kill('SIGQUIT');
    await Promise.race([once(server, 'exit'), wait(3000)]);
    server.kill('SIGKILL');
  }
}

/** CPU time of a process so far: user and system, of Linux's count of hundredths of a second. */
async function cpuMs(pid: number): Promise<number> {
  if (pid === process.pid) {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /s, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function childOf(pid: number): Promise<number> {
  for (;;) {
    const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    const child = Number(text.trim().split(' ')[0]);
    if (child > 0) return child;
    await wait(50);
  }
}

async function untilListening(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const isThere = await fetch(`http://127.0.0.1:${port}/index.m3u8`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isThere) return;
    await wait(100);
  }
  throw new Error('nginx did not start');
}

/** A real browser watches and reads the clock off each picture that it shows. Undefined without a browser. */
async function glassToGlass(url: string, seconds: number) {
  const browser = await openClockPage(url);
  try {
    return await browser?.page.evaluate(
      async ({ playlist, ms, settleMs }) => {
        const { pictureAgeMs, Hls } = window as unknown as WithClock & {
          Hls: typeof import('hls.js').default;
        };
        const video = document.querySelector('video')!;
        const startedAtMs = performance.now();
        const player = new Hls({ lowLatencyMode: true, maxLiveSyncPlaybackRate: 1.5 });
        player.loadSource(playlist);
        player.attachMedia(video);
        const delaysMs: number[] = [];
        let firstPictureMs = -1;
        let stalls = 0;
        video.addEventListener('waiting', () => {
          if (performance.now() - startedAtMs > settleMs) stalls += 1;
        });
        await new Promise<void>((resolve) => {
          const look = (): void => {
            const sinceMs = performance.now() - startedAtMs;
            if (firstPictureMs < 0) firstPictureMs = sinceMs;
            const ageMs = pictureAgeMs(video);
            if (ageMs !== undefined && sinceMs > settleMs) delaysMs.push(ageMs);
            if (sinceMs > settleMs + ms) resolve();
            else video.requestVideoFrameCallback(look);
          };
          video.requestVideoFrameCallback(look);
        });
        player.destroy();
        return { firstPictureMs, delaysMs, stalls };
      },
      { playlist: `${url}/hls/${SHOW}/index.m3u8`, ms: seconds * 1000, settleMs: 5000 },
    );
  } finally {
    await browser?.close();
  }
}
