// The real OBS Studio publishes by RTMP, once as it comes and once as we advise, and a viewer sees and hears it. OBS draws
// its scene with the processor where there is no graphics card, on a screen that is none (Xvfb). OBS, Xvfb and ffmpeg are
// fetched by apt-get where they aren't there.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../src/base/free-port.ts';
import { signalOverHttp } from '../src/media/client/signal.ts';
import { ViewerClient } from '../src/media/client/viewer-client.ts';
import type { Product } from '../src/protocol/catalogue.ts';
import type { EncoderReport, StreamKeyMade } from '../src/protocol/encoder.ts';
import { debianProgram } from '../tools/debian-program.ts';
import { Owner } from './back-office.ts';
import { type House, openHouse } from './house.ts';
import { writeProfile } from './obs-profile.ts';

/** Pictures and packets of sound that a viewer must have got: two seconds of them. */
const wanted = { pictures: 60, audioPackets: 100 };
const wait = { timeout: 60_000, interval: 100 };
const endsWithinMs = 10_000;

const folder = mkdtempSync(join(tmpdir(), 'rialto-obs-'));
const film = join(folder, 'film.mkv');
let house: House;
let owner: Owner;
let products: readonly Product[] = [];
let rtmpPort = 0;
let screen: ChildProcess | null = null;
let display = '';

beforeAll(async () => {
  for (const [program, packageName] of [
    ['obs', 'obs-studio'],
    ['Xvfb', 'xvfb'],
    ['ffmpeg', 'ffmpeg'],
  ] as const) {
    if ((await debianProgram(program, packageName)) === undefined)
      throw new Error(`There is no ${program}: install ${packageName}.`);
  }
  const made = spawnSync('ffmpeg', [
    ...['-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=30'],
    ...['-f', 'lavfi', '-i', 'sine', '-t', '4', '-c:v', 'mpeg4', '-q:v', '4', film],
  ]);
  if (made.status !== 0) throw new Error(`ffmpeg made no film: ${made.stderr}`);
  // On a number that Xvfb finds.
  screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '+extension', 'GLX'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [number] = (await once(screen.stdio[3]!, 'data')) as [Buffer];
  display = `:${number.toString().trim()}`;
  rtmpPort = await freePort();
  house = await openHouse({ env: { RIALTO_RTMP_PORT: String(rtmpPort) } });
  owner = await Owner.of(house);
  products = (await owner.imports('jewelry')).slice(0, 1);
}, 600_000);
afterAll(async () => {
  await house?.close();
  if (screen) await end(screen);
  rmSync(folder, { recursive: true, force: true });
});

describe('OBS Studio publishes by RTMP', { timeout: 180_000 }, () => {
  it('[ING-9] [ING-12] as it comes: its B-frames are remade, and the host is told what to change', async () => {
    const report = await publishes('as it comes', '');
    expect(report.complaints).toContainEqual(
      expect.objectContaining({ code: 'b-frames', outcome: 'remade' }),
    );
  });

  it('[ING-12] as advised: it is passed on as it is', async () => {
    const report = await publishes('as advised', 'bframes=0 keyint=60');
    expect(report).toMatchObject({ video: { remade: false }, complaints: [] });
  });
});

/** OBS streams until a viewer has seen and heard enough; what the host was told of it. */
async function publishes(title: string, x264Options: string): Promise<EncoderReport> {
  const { showId } = await owner.plans(title, products);
  const { secret } = await owner.ask<StreamKeyMade>('POST', `/api/shows/${showId}/stream-keys`, {
    takeOver: false,
  });
  const configFolder = join(folder, showId);
  writeProfile({
    ...{ configFolder, film, x264: x264Options },
    server: `rtmp://127.0.0.1:${rtmpPort}/live`,
    key: secret,
  });
  await owner.ask('POST', `/api/shows/${showId}/go-live`);
  const viewer = await ViewerClient.connect({
    signal: signalOverHttp(`${house.url}/whep/${showId}`),
  });
  const obs = spawn(
    'obs',
    ['--startstreaming', '--minimize-to-tray', '--multi', '--disable-updater', '--verbose'],
    {
      env: {
        ...process.env,
        DISPLAY: display,
        HOME: configFolder,
        XDG_CONFIG_HOME: configFolder,
        LIBGL_ALWAYS_SOFTWARE: '1',
        QT_QPA_PLATFORM: 'xcb',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  for (const stream of [obs.stdout, obs.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-20_000);
    });
  try {
    await expect.poll(() => viewer.stats.pictures, wait).toBeGreaterThan(wanted.pictures);
    await expect.poll(() => viewer.stats.audioPackets, wait).toBeGreaterThan(wanted.audioPackets);
    const reportNow = async () =>
      (await owner.ask<{ report: EncoderReport | null }>('GET', `/api/shows/${showId}/encoder`))
        .report;
    // Figures are there when two seconds are over.
    await expect
      .poll(async () => (await reportNow())?.video?.bitsPerSecond ?? 0, wait)
      .toBeGreaterThan(0);
    const report = await reportNow();
    if (!report) throw new Error('No encoder is reported any more.');
    return report;
  } catch (fault) {
    console.error(`${house.output}\n${said}`);
    throw fault;
  } finally {
    await end(obs);
    viewer.drop();
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), endsWithinMs);
  await ended;
  clearTimeout(late);
}
