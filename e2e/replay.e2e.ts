// After the evening: the page of the show becomes its replay by itself. The recording plays and can be
// gone through by its chapters, the room's words, pins and lots stand at their moment, and what is on the
// shelf can still be bought. A lot is a clip on its product's page while the show still goes on.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Product } from '../src/protocol/catalogue.ts';
import { Owner } from './back-office.ts';
import { Cast, openBrowser, type Person, scenesOf, seesMovingPicture, wait } from './cast.ts';
import { type House, openHouse } from './house.ts';
import { createJudge } from './judge.ts';

const { judge, findings } = createJudge();

let house: House;
let cast: Cast;
let owner: Owner;
let mina: Person;
let ines: Person;
let nora: Person;
let first: Product;
let second: Product;
let showUrl = '';
let showId = '';
const title = 'Worth seeing twice';

beforeAll(async () => {
  house = await openHouse();
  cast = new Cast(await openBrowser());
  owner = await Owner.of(house);
  const products = (await owner.imports('jewelry')).slice(0, 2);
  [first, second] = products as [Product, Product];
  ({ showId } = await owner.plans(title, products));
  showUrl = `${house.url}/shows/${showId}`;
  mina = await cast.atDesk('Mina', { camera: true });
  await mina.context.addCookies(owner.cookies);
  ines = await cast.onPhone('ines_w');
  await mina.opens(`${house.url}/studio/${showId}`);
  await mina.button(/^Go live$/).click();
  await mina.button('Stop my picture').waitFor();
}, 240_000);
afterAll(async () => {
  await cast?.close();
  await house?.close();
});
scenesOf(
  () => cast,
  () => house,
);

describe('a show after its end', { timeout: 240_000 }, () => {
  it('the evening: two pins and two lines, some seconds apart', async () => {
    await ines.opens(showUrl);
    const video = ines.page.getByLabel(/^Live picture of/);
    await seesMovingPicture(video);
    const clock = () => video.evaluate((element) => (element as HTMLVideoElement).currentTime);
    const goesOn = async () => {
      const from = await clock();
      await expect.poll(clock, wait).toBeGreaterThan(from + 2);
    };
    await goesOn();
    await mina.page.keyboard.press('1');
    await ines.page.getByRole('article', { name: first.title }).waitFor();
    await ines.says('The first one is lovely');
    await ines.givesName();
    await expect.poll(async () => (await ines.reads()).length, wait).toBe(1);
    await goesOn();
    await mina.page.keyboard.press('2');
    await ines.page.getByRole('article', { name: second.title }).waitFor();
    await ines.says('The second one too');
    await expect
      .poll(async () => (await ines.reads()).join(), wait)
      .toContain('The second one too');
    const poll = { question: 'Which one?', options: ['The first', 'The second'] };
    const opened = await owner.ask<{ pollId: string }>('POST', `/api/shows/${showId}/polls`, {
      ...poll,
      durationMs: 60_000,
    });
    await ines.button(/^The second/).click();
    await ines.page.getByRole('button', { name: /^The second.*100 %/, pressed: true }).waitFor();
    await goesOn();
    await owner.ask('POST', `/api/shows/${showId}/polls/${opened.pollId}/close`);
  });

  it('[RPL-7] [RPL-12] a lot is a clip on its product’s page while the show goes on', async () => {
    const { lotId } = await owner.ask<{ lotId: string }>('POST', `/api/shows/${showId}/lots`, {
      productId: first.id,
      variantId: first.variants[0]?.id,
      bidding: { format: 'english', startMinor: 1_000, durationMs: 3_000, softCloseMs: 0 },
    });
    await owner.ask('POST', `/api/shows/${showId}/lots/${lotId}/open`, {});
    const clips = () =>
      owner.ask<{ clips: { clipId: string }[] }>('GET', `/api/products/${first.id}/clips`);
    await expect
      .poll(async () => (await clips()).clips.map(({ clipId }) => clipId), wait)
      .toEqual([`lot-${lotId}`]);
    nora = await cast.atDesk('nora');
    await nora.opens(`${house.url}/products/${first.handle}`);
    const clip = nora.page.getByLabel(/^Clip: /);
    await clip.waitFor();
    await nora.sees('Own brand');
    await clip.evaluate((video) => void (video as HTMLVideoElement).play());
    await seesMovingPicture(clip);
    expect(
      await clip.evaluate((video) => Math.round((video as HTMLVideoElement).duration)),
    ).toBeLessThan(13);
  });

  it('the host ends the show, and the page becomes the replay by itself', async () => {
    await mina.button('End show').click();
    await mina.page.getByRole('dialog').getByRole('button', { name: 'End show' }).click();
    await mina.sees('The curtain is down');
    await mina.sees(/The replay is ready and still sells/);
    await ines.page.getByLabel(`Replay of ${title}`).waitFor();
  });

  it('it plays', async () => {
    await ines.button('Play the replay').locator('svg').click();
    await seesMovingPicture(ines.page.getByLabel(`Replay of ${title}`));
    await ines.button('Pause').click();
  });

  it('words and pins stand at their moment, and one can go to any of them', async () => {
    const moment = ines.page.getByRole('slider', { name: 'Moment of the replay' });
    await moment.press('Home');
    await expect.poll(async () => (await ines.reads()).join(), wait).toBe('Nothing was said yet.');
    await moment.press('End');
    await expect
      .poll(async () => (await ines.reads()).join(), wait)
      .toMatch(/first one is lovely[\s\S]*second one too/);
    await ines.page.getByRole('article', { name: second.title }).waitFor();
    await ines.button('Moments').click();
    const moments = ines.page.getByRole('dialog', { name: 'Moments' });
    await moments.getByRole('button', { name: `Shown ${first.title}` }).click();
    await ines.page.getByRole('article', { name: first.title }).waitFor();
    expect((await ines.reads()).join()).not.toContain('second one too');
    // [ASK-7]
    await ines.button('Moments').click();
    await moments.getByRole('button', { name: 'Poll Which one?' }).click();
    const poll = ines.page.getByRole('region', { name: 'Poll' });
    await poll.getByText(/^\d votes? so far, that evening$/).waitFor();
    expect(await poll.getByRole('button').count()).toBe(0);
    await judge([ines], 'replay');
  });

  it('[RPL-3] [RPL-4] a clip leads to its moment: the lot stands as it stood then', async () => {
    await nora.page.getByRole('link', { name: 'See it in the show' }).click();
    await nora.page.getByLabel(`Replay of ${title}`).waitFor();
    const then = nora.page.getByLabel('In the show at this moment');
    const moment = nora.page.getByRole('slider', { name: 'Moment of the replay' });
    const at = async () => Number(await moment.inputValue());
    await expect.poll(at, wait).toBeGreaterThan(5);
    await nora.button('Moments').click();
    await nora.page.getByRole('button', { name: / Lot .*, from €\s?10\.00$/ }).click();
    await then.getByText('Lot, open then').waitFor();
    await judge([nora], 'replay-then');
    const before = await at();
    await nora.page.keyboard.press('[');
    await expect.poll(at, wait).toBeLessThan(before);
    await nora.opens(`${showUrl}?t=3`);
    await expect.poll(at, wait).toBe(3);
  });

  it('somebody new buys from it', async () => {
    const tomasz = await cast.atDesk('tomasz');
    await tomasz.opens(showUrl);
    await tomasz.page.getByLabel(`Replay of ${title}`).waitFor();
    await tomasz.button(/^Buy for/).click();
    await tomasz.givesName();
    await tomasz.sees('One is held for you');
    await tomasz.button(/^Pay/).click();
    const { shown, thanks } = await tomasz.pays();
    expect(thanks).toContain(`${shown} paid`);
    const { orders } = await owner.ask<{ orders: { phase: string; showTitle: string }[] }>(
      'GET',
      '/api/orders',
    );
    expect(orders).toEqual([expect.objectContaining({ phase: 'paid', showTitle: title })]);
  });

  it('[RPL-13] the owner says how long it stays, and is asked before anything goes sooner', async () => {
    await mina.opens(`${house.url}/office/recordings`);
    const rules = mina.page.getByRole('form', { name: 'How long they stay' });
    await rules.getByLabel('Recordings').selectOption('For a number of days');
    await rules.getByLabel('Days after the show').fill('0');
    await rules.getByRole('button', { name: 'Save' }).click();
    await rules.getByText('Whole days, from 1 to 3650.').waitFor();
    await rules.getByLabel('Days after the show').fill('30');
    await rules.getByRole('button', { name: 'Save' }).click();
    await mina.page.getByRole('dialog').getByRole('button', { name: 'Keep them so' }).click();
    await mina.sees('Kept so from now on');
    await mina.opens(`${house.url}/office/recordings`);
    expect(await rules.getByLabel('Days after the show').inputValue()).toBe('30');
    await judge([mina], 'office-recordings');
  });

  it('[RPL-14] [RPL-15] the owner takes a clip and the recording away, each with a reason, and pages say so', async () => {
    const takesAway = async (name: RegExp, reason: string) => {
      await mina.button(name).click();
      const question = mina.page.getByRole('dialog');
      await question.getByLabel(reason).check({ force: true });
      await judge([mina], 'office-removal');
      await question.getByRole('button', { name: 'Take away for good' }).click();
      await question.waitFor({ state: 'detached' });
    };
    await mina.button('Clips').click();
    await takesAway(/^Take away the clip of /, 'Somebody asked for it');
    await mina.sees('Taken away');
    await nora.opens(`${house.url}/products/${first.handle}`);
    await nora.page.getByRole('heading', { level: 1 }).waitFor();
    expect(await nora.page.getByLabel(/^Clip: /).count()).toBe(0);
    await takesAway(/^Take away the recording of /, 'No longer true');
    await mina.sees('No recording');
    await nora.opens(showUrl);
    await nora.sees('The shop has deleted its recording.');
  });

  it('keeps the rules of WCAG 2.2 AA and the width of the screen', () => {
    expect(findings).toEqual([]);
  });

  it('no page met an error of its own', () => cast.hadNoFaults());
});
