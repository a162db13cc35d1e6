// How much script the watch page loads before its player, and when a phone on a slow line has painted it.
// The peer is the smallest page that React can make, built by the same Vite in the same run. Goals: 100 KB, 1.5 s.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import type { ShowSummary } from '../src/protocol/http.ts';
import { chromiumPath } from '../tools/chromium.ts';
import { type BenchOptions, type BenchResult, percentile, rounded } from './result.ts';
import { type RunningServer, startServer, temporaryData } from './server.ts';

const root = join(import.meta.dirname, '..');
const webFolder = join(root, 'dist/web');

/** Fresh visits, each with an empty cache. */
const visits = 9;
const visitsQuick = 2;

/** The "slow 4G" of Lighthouse's mobile profile: 1.6 Mbit/s down, 750 kbit/s up, 150 ms there and back, a CPU four times slower. */
const slowLine = {
  offline: false,
  latency: 150,
  downloadThroughput: (1_600 * 1_000) / 8,
  uploadThroughput: (750 * 1_000) / 8,
};
const slowCpu = 4;
const phone = { width: 390, height: 844 };

/** How long the demo may take from ready to its first picture. */
const onAirMsMax = 300_000;

/** After this long without a larger paint the last one counts. */
const settledMs = 2_500;

export default async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const script = watchScript();
  for (const file of script) console.log(`${file.path}  ${kilobytes(file.bytes)} KB gzipped`);
  const value = kilobytes(sum(script.map((file) => file.bytes)));
  const peer = kilobytes(await smallestReactPage());
  console.log(`script before the player ${value} KB; smallest React page ${peer} KB`);

  const paints = await paintsOfLivingShow(quick ? visitsQuick : visits);
  const paintMs = paints.map((paint) => paint.largestMs);
  console.log(`largest contentful paint: ${paintMs.map(Math.round).join(', ')} ms`);
  return {
    bench: 'page',
    value,
    unit: 'KB',
    p50: value,
    p99: value,
    peer: { name: 'smallest React page', value: peer },
    ratio: rounded(value / peer),
    details: {
      largestPaintP50Ms: rounded(percentile(paintMs, 50)),
      largestPaintP95Ms: rounded(percentile(paintMs, 95)),
      transferredKB: kilobytes(
        percentile(
          paints.map((paint) => paint.transferredBytes),
          50,
        ),
      ),
    },
  };
}

// --- script ---

type File = { readonly path: string; readonly bytes: number };

/** The entry of the watch page and all that it imports statically, as they leave the server at best. */
function watchScript(): readonly File[] {
  const manifestPath = join(webFolder, '.vite/manifest.json');
  if (!existsSync(manifestPath)) throw new Error('There is no web build; run npm run build.');
  const manifest: Readonly<
    Record<string, { readonly file: string; readonly imports?: readonly string[] }>
  > = JSON.parse(readFileSync(manifestPath, 'utf8'));

  const reached = new Set<string>();
  const reach = (key: string) => {
    if (reached.has(key)) return;
    reached.add(key);
    for (const next of manifest[key]?.imports ?? []) reach(next);
  };
  if (manifest['watch.html'] === undefined) throw new Error('The web build has no watch.html.');
  reach('watch.html');
  return [...reached].flatMap((key) => {
    const path = manifest[key]?.file;
    if (path === undefined) return [];
    return [{ path, bytes: gzipSync(readFileSync(join(webFolder, path))).length }];
  });
}

async function smallestReactPage(): Promise<number> {
  const entry = 'virtual:smallest';
  const built = await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rollupOptions: { input: entry },
    },
    plugins: [
      {
        name: 'smallest-react-page',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) =>
          id === entry
            ? "import { createRoot } from 'react-dom/client'; createRoot(document.body).render('x');"
            : undefined,
      },
    ],
  });
  const outputs = (Array.isArray(built) ? built : [built]) as readonly Rolldown.RolldownOutput[];
  const chunks = outputs.flatMap(({ output }) => output.filter((part) => part.type === 'chunk'));
  return sum(chunks.map((chunk) => gzipSync(chunk.code).length));
}

// --- paint ---

type Paint = { readonly largestMs: number; readonly transferredBytes: number };

async function paintsOfLivingShow(count: number): Promise<readonly Paint[]> {
  const executablePath = await chromiumPath();
  if (executablePath === undefined) throw new Error('There is no Chromium to paint with.');
  const data = temporaryData();
  let server: RunningServer | undefined;
  let browser: Browser | undefined;
  try {
    server = await startServer({
      command: [process.execPath, 'src/main.ts'],
      dataFolder: data.path,
    });
    const page = await livingShow(server.url);
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    const paints: Paint[] = [];
    for (let visit = 0; visit < count; visit++) paints.push(await paint(browser, page));
    return paints;
  } finally {
    await browser?.close();
    await server?.stop();
    data.remove();
  }
}

/** The address of the demo show, once it is on air with a picture: a first start draws and encodes before. */
async function livingShow(url: string): Promise<string> {
  const untilMs = performance.now() + onAirMsMax;
  while (performance.now() < untilMs) {
    const answer = await fetch(`${url}/api/shows`);
    const { shows } = (await answer.json()) as { readonly shows: readonly ShowSummary[] };
    const live = shows.find((show) => show.phase === 'live' && show.posterUrl !== null);
    if (live !== undefined) return `${url}/shows/${live.showId}`;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error('No show went on air.');
}

async function paint(browser: Browser, address: string): Promise<Paint> {
  const context = await browser.newContext({
    viewport: phone,
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
  });
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.setCacheDisabled', { cacheDisabled: true });
    await session.send('Network.emulateNetworkConditions', slowLine);
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowCpu });
    let transferredBytes = 0;
    session.on('Network.loadingFinished', (event) => {
      transferredBytes += event.encodedDataLength;
    });
    await page.goto(address, { waitUntil: 'load' });
    const largestMs = await page.evaluate(
      (quietMs) =>
        new Promise<number>((resolve) => {
          let lastMs = 0;
          let timer = setTimeout(() => resolve(lastMs), quietMs);
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) lastMs = entry.startTime;
            clearTimeout(timer);
            timer = setTimeout(() => resolve(lastMs), quietMs);
          }).observe({ type: 'largest-contentful-paint', buffered: true });
        }),
      settledMs,
    );
    if (largestMs === 0) throw new Error('Nothing was painted.');
    return { largestMs, transferredBytes };
  } finally {
    await context.close();
  }
}

// --- small parts ---

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Thousands of bytes, to a tenth. */
function kilobytes(bytes: number): number {
  return Math.round(bytes / 100) / 10;
}
