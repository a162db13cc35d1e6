// `node tools/obs.ts`: the real OBS Studio publishes to a shop that is opened for it, once as it comes and once as we
// advise, and a viewer's picture is waited for. By hand and not among the tests: OBS draws its scene with the processor
// where there is no graphics card. OBS, Xvfb and ffmpeg are fetched by apt-get where they aren't there.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Owner } from '../e2e/back-office.ts';
import { type House, openHouse } from '../e2e/house.ts';
import { freePort } from '../src/base/free-port.ts';
import { signalOverHttp } from '../src/media/client/signal.ts';
import { ViewerClient } from '../src/media/client/viewer-client.ts';
import { complaintWords } from '../src/protocol/complaint-words.ts';
import type { EncoderReport, StreamKeyMade } from '../src/protocol/encoder.ts';
import { debianProgram } from './debian-program.ts';
import { writeProfile } from './obs/profile.ts';

const patienceMs = 60_000;
/** Pictures that a viewer must have seen before the case counts. */
const picturesWanted = 60;

for (const [program, packageName] of [
  ['obs', 'obs-studio'],
  ['Xvfb', 'xvfb'],
  ['ffmpeg', 'ffmpeg'],
] as const) {
  if ((await debianProgram(program, packageName)) === undefined)
    throw new Error(`There is no ${program}: install ${packageName}.`);
}
const folder = mkdtempSync(join(tmpdir(), 'rialto-obs-'));
const film = join(folder, 'film.mkv');
const made = spawnSync(
  'ffmpeg',
  [
    ...['-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=30'],
    ...['-f', 'lavfi', '-i', 'sine', '-t', '4', '-c:v', 'mpeg4', '-q:v', '4', film],
  ],
  { stdio: 'inherit' },
);
if (made.status !== 0) throw new Error('ffmpeg made no film.');
const { screen, display } = await openScreen();
const rtmpPort = await freePort();
const house = await openHouse({ env: { RIALTO_RTMP_PORT: String(rtmpPort) } });
try {
  const owner = await Owner.of(house);
  const products = (await owner.imports('jewelry')).slice(0, 1);
  for (const [title, x264] of [
    ['as it comes', ''],
    ['as advised', 'bframes=0 keyint=60'],
  ] as const) {
    const { showId } = await owner.plans(title, products);
    await publishes(house, owner, showId, title, x264);
  }
} finally {
  await house.close();
  await end(screen);
  rmSync(folder, { recursive: true, force: true });
}

async function publishes(house: House, owner: Owner, showId: string, title: string, x264: string) {
  const configFolder = join(folder, title.replaceAll(' ', '-'));
  const { secret } = await owner.ask<StreamKeyMade>('POST', `/api/shows/${showId}/stream-keys`, {
    takeOver: false,
  });
  writeProfile({
    ...{ configFolder, film, x264 },
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
    await until(() => viewer.stats.pictures >= picturesWanted, `${title}: no picture came.`);
    let report: EncoderReport | null = null;
    // Figures are there when two seconds are over.
    while (!report?.video?.bitsPerSecond) {
      await wait(500);
      const state = await owner.ask<{ report: EncoderReport }>(
        'GET',
        `/api/shows/${showId}/encoder`,
      );
      report = state.report;
    }
    console.log(
      `\nOBS ${title}: ${viewer.stats.pictures} pictures and ${viewer.stats.audioPackets} packets of sound at a viewer`,
    );
    console.log(
      JSON.stringify({ encoder: report.encoder, video: report.video, audio: report.audio }),
    );
    for (const complaint of report.complaints) {
      const words = complaintWords(complaint);
      console.log(`- ${words.title}. ${words.cure}`);
    }
  } catch (fault) {
    console.error(`${house.output}\n${said}`);
    throw fault;
  } finally {
    await end(obs);
    viewer.drop();
  }
}

/** A screen without a screen, on a number that Xvfb finds. */
async function openScreen(): Promise<{ screen: ChildProcess; display: string }> {
  const screen = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1280x800x24', '+extension', 'GLX'],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    },
  );
  const [number] = (await once(screen.stdio[3]!, 'data')) as [Buffer];
  return { screen, display: `:${number.toString().trim()}` };
}

async function until(isSo: () => boolean, otherwise: string): Promise<void> {
  const lateMs = performance.now() + patienceMs;
  while (!isSo()) {
    if (performance.now() > lateMs) throw new Error(otherwise);
    await wait(100);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(late);
}
