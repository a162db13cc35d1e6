// How a show is doing, on the host's own screen: the line and the viewers in figures, where else the show is on, and what
// the crowd sees while the host's picture is away. One destination is ffmpeg, which takes it; nobody answers at the other.

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../src/base/free-port.ts';
import { type Encoder, runFfmpeg } from '../src/media/ingest/ffmpeg.fixture.ts';
import { debianProgram } from '../tools/debian-program.ts';
import { Owner } from './back-office.ts';
import { Cast, openBrowser, type Person, scenesOf, seesMovingPicture, wait } from './cast.ts';
import { type House, openHouse } from './house.ts';
import { createJudge } from './judge.ts';

let house: House;
let cast: Cast;
let owner: Owner;
let mina: Person;
let ines: Person;
let showId = '';
let folder = '';
let film = '';
let elsewhere: Encoder;
let addresses: { readonly good: string; readonly dead: string };
const judge = createJudge();

beforeAll(async () => {
  if ((await debianProgram('ffmpeg')) === undefined) throw new Error('No ffmpeg: install it.');
  folder = await mkdtemp(join(tmpdir(), 'rialto-elsewhere-'));
  film = join(folder, 'taken.mkv');
  const [good, dead] = [await freePort(), await freePort()];
  addresses = { good: `rtmp://127.0.0.1:${good}/app`, dead: `rtmp://127.0.0.1:${dead}/app` };
  elsewhere = await runFfmpeg(
    ['-listen', '1', '-i', `${addresses.good}/good-key-0001`].concat('-c', 'copy', film),
  );
  house = await openHouse({ env: { RIALTO_SIMULCAST_INSIDE: '1' } });
  cast = new Cast(await openBrowser());
  owner = await Owner.of(house);
  const products = (await owner.imports('jewelry')).slice(0, 1);
  ({ showId } = await owner.plans('Seen in three places', products));
  mina = await cast.atDesk('Mina', { camera: true });
  await mina.context.addCookies(owner.cookies);
  ines = await cast.onPhone('ines_w');
}, 240_000);
afterAll(async () => {
  await cast?.close();
  await house?.close();
  await elsewhere?.stop();
  await rm(folder, { recursive: true, force: true });
});
scenesOf(
  () => cast,
  () => house,
);

const health = () => mina.page.getByRole('region', { name: 'Health' });
const inFull = () => mina.page.getByRole('dialog', { name: 'Health' });
const picture = () => ines.page.getByLabel(/^Live picture of/);
const adds = async (name: string, address: string, key: string): Promise<void> => {
  await mina.button('Add a destination').click();
  const dialog = mina.page.getByRole('dialog', { name: 'Add a destination' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Server address').fill(address);
  await dialog.getByLabel('Stream key').fill(key);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
};

describe('a show that is looked after', { timeout: 180_000 }, () => {
  it('[SIM-2] [SIM-8] the owner adds two places; a try says which one answers, and no key is shown again', async () => {
    await mina.opens(`${house.url}/office/simulcast`);
    await adds('Harbour TV', addresses.good, 'good-key-0001');
    await adds('Nobody there', addresses.dead, 'dead-key-0002');
    await mina.button('Try it: Nobody there').click();
    await mina.sees('It doesn’t work.');
    await mina.sees('···· 0001');
    expect(await mina.page.content()).not.toContain('good-key');
    await judge.judge([mina], 'simulcast');
  });

  it('[SIM-3] [SIM-10] live, the show goes where somebody takes it, and the place that is dead disturbs nothing', async () => {
    await mina.opens(`${house.url}/studio/${showId}`);
    await mina.button('Go live').click();
    await mina.button('Stop my picture').waitFor();
    await ines.opens(`${house.url}/shows/${showId}`);
    await seesMovingPicture(picture());
    await health().getByText('Also on 1 of 2').waitFor();
    await health()
      .getByText(/bit\/s · \d+ pictures\/s · \d/)
      .waitFor();
    await mina.button('Health in full').click();
    const row = (name: string) => inFull().getByRole('listitem').filter({ hasText: name });
    await row('Harbour TV')
      .getByText(/^Live for .*bit\/s/)
      .waitFor();
    await row('Nobody there')
      .getByText(/^(Not there: again in|Trying again|Connecting)/)
      .waitFor();
    await seesMovingPicture(picture());
  });

  it('[HEA-1] [HEA-5] the host reads how the line is and how late the crowd sees it', async () => {
    const figure = (name: string) =>
      inFull().locator('dl > div').filter({ hasText: name }).locator('dd');
    await expect.poll(() => figure('Pictures').textContent(), wait).toMatch(/^[1-9]\d*\/s$/);
    await expect.poll(() => figure('Round trip').textContent(), wait).toMatch(/^\d+ ms$/);
    await expect.poll(() => figure('By WebRTC').textContent(), wait).toBe('1 of 1');
    await expect.poll(() => figure('By HLS').textContent(), wait).toBe('0 of 1');
    // [HEA-5] Its own sound and the size of its picture, as they go out.
    await expect.poll(() => figure('Picture size').textContent(), wait).toMatch(/^\d+ × \d+$/);
    await expect.poll(() => figure('Your sound').textContent(), wait).toMatch(/^−\d+ dB$/);
    await expect.poll(() => figure('Viewers see you').textContent(), wait).toMatch(/late$/);
    await judge.judge([mina], 'health');
  });

  it('[SIM-9] a place that is switched off gets no more, and has a film with sound that plays', async () => {
    await inFull()
      .getByRole('checkbox', { name: /^Harbour TV/ })
      .uncheck();
    expect(await elsewhere.ended, elsewhere.output()).toBe(0);
    const args = ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'json', film];
    const { stdout } = await promisify(execFile)('ffprobe', args);
    const { streams } = JSON.parse(stdout) as { streams: { codec_name: string }[] };
    expect(streams.map(({ codec_name }) => codec_name)).toEqual(['h264', 'aac']);
    await mina.page.keyboard.press('Escape');
    await health().getByText('Also on 0 of 1').waitFor();
  });

  it('[HEA-3] [HEA-4] the host’s page is gone: the crowd reads who is coming back, and then sees them again', async () => {
    await mina.opens('about:blank');
    await ines.sees(/^One moment: .* is coming back$/);
    await ines.sees('Chat and offers go on. Open lots wait for the picture.');
    await judge.judge([ines], 'slate');
    // Whoever was on air is on air again, without a press.
    await mina.opens(`${house.url}/studio/${showId}`);
    await mina.button('Stop my picture').waitFor();
    await ines.page.getByText(/^One moment/).waitFor({ state: 'detached' });
    await seesMovingPicture(picture());
  });

  it('nothing on the way was against the rules', () => {
    expect(judge.findings).toEqual([]);
    cast.hadNoFaults();
  });
});
