// A host who goes live from an encoder instead of the browser: ffmpeg by RTMP with a key from the studio, seen and heard
// on a phone; the key is withdrawn while they are live; another encoder, by WHIP from a page of another site, takes over.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../src/base/free-port.ts';
import {
  type Encoder,
  runFfmpeg,
  smallPicture,
  tone,
  x264,
} from '../src/media/ingest/ffmpeg.fixture.ts';
import { debianProgram } from '../tools/debian-program.ts';
import { Owner } from './back-office.ts';
import { Cast, openBrowser, type Person, scenesOf, seesMovingPicture, wait } from './cast.ts';
import { type House, openHouse } from './house.ts';

let house: House;
let cast: Cast;
let mina: Person;
let ines: Person;
let elsewhere: Person;
let showId = '';
const running: Encoder[] = [];

beforeAll(async () => {
  if ((await debianProgram('ffmpeg')) === undefined) throw new Error('No ffmpeg: install it.');
  house = await openHouse({ env: { RIALTO_RTMP_PORT: String(await freePort()) } });
  cast = new Cast(await openBrowser());
  const owner = await Owner.of(house);
  const products = (await owner.imports('jewelry')).slice(0, 1);
  ({ showId } = await owner.plans('From an encoder', products));
  mina = await cast.atDesk('Mina');
  await mina.context.addCookies(owner.cookies);
  ines = await cast.onPhone('ines_w');
  elsewhere = await cast.atDesk('elsewhere', { camera: true });
}, 240_000);
afterAll(async () => {
  for (const encoder of running) await encoder.stop();
  await cast?.close();
  await house?.close();
});
scenesOf(
  () => cast,
  () => house,
);

const dialog = () => mina.page.getByRole('dialog', { name: 'Go live from an encoder' });
const arrival = () => dialog().getByRole('region', { name: 'What arrives' });
const makesKey = async (name: RegExp): Promise<string> => {
  const key = dialog().getByLabel('stream key', { exact: true });
  const before = (await key.count()) > 0 ? await key.inputValue() : '';
  await dialog().getByRole('button', { name }).click();
  await expect
    .poll(async () => ((await key.count()) > 0 ? key.inputValue() : before), wait)
    .not.toBe(before);
  return key.inputValue();
};
const pushes = async (secret: string, ...args: readonly string[]): Promise<Encoder> => {
  const server = await dialog().getByLabel('RTMP server', { exact: true }).inputValue();
  const encoder = await runFfmpeg(['-re', ...args, '-f', 'flv', `${server}/${secret}`]);
  running.push(encoder);
  return encoder;
};

/** How loud the page's picture is, as its own sound card would hear it. */
const hears = (person: Person) =>
  person.page.evaluate(async () => {
    const video = document.querySelector('video');
    const stream = video?.srcObject;
    if (!(stream instanceof MediaStream) || stream.getAudioTracks().length === 0) return 0;
    const context = new AudioContext();
    await context.resume();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const untilMs = performance.now() + 1500;
    let loudest = 0;
    while (performance.now() < untilMs && loudest < 0.01) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      analyser.getFloatTimeDomainData(samples);
      for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample));
    }
    await context.close();
    return loudest;
  });

describe('a show from an encoder', { timeout: 120_000 }, () => {
  let secret = '';
  let first: Encoder;

  it('the host makes a key, which is shown once, and sees what arrives from ffmpeg', async () => {
    await mina.opens(`${house.url}/studio/${showId}`);
    await mina.button('Use an encoder').click();
    secret = await makesKey(/^Make a stream key$/);
    expect(secret).toMatch(/^rk_[0-9a-z]{32}$/);
    first = await pushes(secret, ...smallPicture, ...tone, ...x264, '-c:a', 'aac');
    await arrival().getByText('Your encoder is connected').waitFor();
    await arrival().getByText('320 × 180').waitFor();
    await arrival().getByText('AAC · 44.1 kHz · mono').waitFor();
    await dialog().getByRole('button', { name: 'Go live', exact: true }).click();
    await mina.button('End show').waitFor();
    // The dialog is closed, and the secret with it.
    await mina.button(/^Encoder on air/).click();
    await dialog()
      .getByText(`···· ${secret.slice(-4)}`)
      .waitFor();
    expect(await mina.page.content()).not.toContain(secret);
  });

  it('somebody on a phone sees it move and hears it', async () => {
    await ines.opens(`${house.url}/shows/${showId}`);
    await seesMovingPicture(ines.page.getByLabel(/^Live picture of/));
    await ines.page.mouse.click(5, 5);
    await expect.poll(() => hears(ines), wait).toBeGreaterThan(0.01);
  });

  it('the key is withdrawn while it is on air: the encoder ends and may not come back', async () => {
    await dialog()
      .getByRole('button', { name: /^Withdraw the key/ })
      .click();
    await dialog().getByRole('button', { name: 'Withdraw the key', exact: true }).click();
    expect(await first.ended).not.toBe(0);
    const again = await pushes(secret, ...smallPicture, ...x264);
    expect(await again.ended).not.toBe(0);
    expect(again.output()).toContain('This stream key is not valid here');
    await arrival()
      .getByText(/^Your encoder left at/)
      .waitFor();
  });

  it('another key, an encoder with B-frames and no sound: it is seen, and the host reads what to set', async () => {
    const key = await makesKey(/^Make a stream key$/);
    await pushes(
      key,
      ...smallPicture,
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-g',
      '50',
      '-bf',
      '2',
    );
    await arrival().getByText('Your encoder sends B-frames').waitFor();
    await arrival()
      .getByText(/Set B-frames to 0/)
      .waitFor();
    await seesMovingPicture(ines.page.getByLabel(/^Live picture of/));
  });

  it('[ING-15] an encoder in a page of another site takes over by WHIP, and leaves', async () => {
    await dialog()
      .getByLabel(/^Take over/)
      .check();
    const key = await makesKey(/^Make another key$/);
    const endpoint = await dialog().getByLabel('WHIP address', { exact: true }).inputValue();
    const { page } = elsewhere;
    await page.goto(`${house.url.replace('localhost', '127.0.0.1')}/healthz`);
    await page.addScriptTag({ content: await whipClient() });
    await page.evaluate(
      async ({ endpoint, authkey }) => {
        const { WHIPClient } = (window as unknown as { whip: { WHIPClient: WhipClientClass } })
          .whip;
        const client = new WHIPClient({ endpoint, opts: { authkey, noTrickleIce: true } });
        const stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
        await client.ingest(stream);
        Object.assign(window, { client });
      },
      { endpoint, authkey: key },
    );
    expect(await running.at(-1)?.ended).not.toBe(0);
    await dialog().getByText('On air', { exact: true }).waitFor();
    await seesMovingPicture(ines.page.getByLabel(/^Live picture of/));
    // [ING-15] What arrives is told of this one too.
    await arrival()
      .getByText(/^Your encoder is connected \(Mozilla/)
      .waitFor();
    await arrival()
      .getByText(/^640 × 480 · \d+ pictures a second/)
      .waitFor();
    await arrival()
      .getByText(/^Opus · 48 kHz · stereo/)
      .waitFor();
    await page.evaluate(() =>
      (window as unknown as { client: { destroy(): Promise<unknown> } }).client.destroy(),
    );
    await dialog().getByText('On air', { exact: true }).waitFor({ state: 'detached' });
  });

  it('no page met an error of its own', () => cast.hadNoFaults());
});

type WhipClientClass = new (options: {
  endpoint: string;
  opts: { authkey: string; noTrickleIce: boolean };
}) => { ingest(stream: MediaStream): Promise<void> };

/** The WHIP client of somebody else, as a script for a page. */
const whipClient = async (): Promise<string> => {
  const entry = createRequire(import.meta.url).resolve('@eyevinn/whip-web-client');
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      lib: {
        entry: join(dirname(entry), 'whip-client.modern.js'),
        name: 'whip',
        formats: ['iife'],
      },
    },
  });
  const [output] = Array.isArray(built) ? built : [built];
  if (!output || !('output' in output)) throw new Error('The WHIP client was not built.');
  return output.output[0].code;
};
