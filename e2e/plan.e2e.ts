// The story of a show that is planned as a story: a template by one press, put in order by hand and by keys, told where
// it drags and cured; a host who earns from what they show says so before they may start; the prompter has the notes,
// and a shopper sees what is on, what comes, and is told when their piece is.

import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SegmentBody, ShowSummary } from '../src/protocol/http.ts';
import { Owner, Refused } from './back-office.ts';
import { Cast, openBrowser, type Person, scenesOf, wait } from './cast.ts';
import { type House, openHouse } from './house.ts';
import { createJudge } from './judge.ts';

const { judge, findings } = createJudge();

let house: House;
let cast: Cast;
let owner: Owner;
let office: Person;
let ines: Person;
let showId = '';
let productId = '';
let pieceTitle = '';

beforeAll(async () => {
  house = await openHouse();
  cast = new Cast(await openBrowser());
  owner = await Owner.of(house);
  office = await cast.atDesk('office', { still: true });
  await office.context.addCookies(owner.cookies);
  ines = await cast.onPhone('ines_w', { still: true });
  const [piece] = await owner.imports('jewelry');
  if (!piece) throw new Error('nothing to show');
  productId = piece.id;
  pieceTitle = piece.title;
}, 240_000);
afterAll(async () => {
  await cast?.close();
  await house?.close();
});
scenesOf(
  () => cast,
  () => house,
);

const segments = async (): Promise<readonly SegmentBody[]> =>
  (await owner.ask<{ segments: SegmentBody[] }>('GET', `/api/shows/${showId}/segments`)).segments;
const titles = async (): Promise<readonly string[]> => (await segments()).map(({ title }) => title);
/** The titles as they stand on the office's page. */
const rows = (): Promise<readonly string[]> =>
  office.page
    .getByLabel(/^Title of segment \d+$/)
    .evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value));
const handle = (person: Person, title: string) =>
  person.page.getByRole('button', { name: `Move ${title}; arrow keys up and down` });
const saves = async (): Promise<void> => {
  await office.button('Save').click();
  await office.button('Saved').waitFor();
};

describe('a show is planned as a story', { timeout: 180_000 }, () => {
  it('[SHO-15] [HLS-18] each kind brings its run of show by one press; the way of watching is chosen with it', async () => {
    const { page } = office;
    await office.opens(`${house.url}/office/shows/new`);
    for (const [kind, first] of [
      ['Auction and flash', 'Tonight’s table'],
      ['Workshop', 'What we make today'],
      ['Entertainment', 'Doors open'],
      ['Demonstration', 'Why we are here tonight'],
    ] as const) {
      await page.getByRole('radio', { name: new RegExp(kind) }).click();
      await expect.poll(async () => (await rows())[0], wait).toBe(first);
    }
    await page.getByLabel('Title', { exact: true }).fill('Kiln night');
    await page.getByRole('group', { name: 'How viewers watch' }).getByLabel('By HLS').check();
    await office.button('Plan this show').click();
    await office.sees('“Kiln night” is planned');
    const { shows } = await owner.ask<{ shows: ShowSummary[] }>('GET', '/api/shows');
    showId = shows.find(({ title }) => title === 'Kiln night')?.showId ?? '';
    await owner.ask('PUT', `/api/shows/${showId}/shelf`, { productIds: [productId] });
    expect((await owner.show(showId)).room.plan.watchBy).toBe('hls');
    expect((await segments()).every(({ notes }) => notes.length > 0)).toBe(true);
  });

  it('[SHO-16] has a cover of its own, in the shop, on its page and where it is shared; what is no picture is refused', async () => {
    const cover = office.page.getByRole('region', { name: 'Cover' });
    await office.opens(`${house.url}/office/shows/${showId}`);
    const file = office.page.getByLabel('File of the cover');
    const broken = { name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture') };
    await cover.getByRole('button', { name: 'Choose a picture' }).waitFor();
    await file.setInputFiles(broken);
    await cover.getByText('This picture can’t be read').waitFor();
    await file.setInputFiles({ ...broken, name: 'notes.txt', mimeType: 'text/plain' });
    await cover.getByText(/^notes\.txt can’t be taken/).waitFor();
    const look = { width: 1600, height: 900, channels: 3, background: '#b05a2a' } as const;
    const buffer = await sharp({ create: look }).png().toBuffer();
    await file.setInputFiles({ name: 'kiln.png', mimeType: 'image/png', buffer });
    await cover.getByAltText('The cover').waitFor();
    await judge([office], 'cover');
    const { show } = await owner.show(showId);
    expect(show.coverUrl).toMatch(/^\/media\/images\/[0-9a-f]{32}-1600\.webp$/);
    const small = show.coverUrl?.replace('-1600', '-800') ?? '';
    const sees = (person: Person) =>
      expect
        .poll(
          () =>
            person.page
              .locator(`img[src="${small}"]`)
              .first()
              .evaluate((img: HTMLImageElement) => img.naturalWidth),
          wait,
        )
        .toBe(800);
    for (const page of ['/', '/coming', `/shows/${showId}`]) {
      await ines.opens(`${house.url}${page}`);
      await sees(ines);
      await judge([ines], `cover${page.replaceAll('/', '-').slice(0, 7)}`);
    }
    const shared = await fetch(`${house.url}/shows/${showId}`).then((page) => page.text());
    expect(shared).toContain(`property="og:image" content="${house.url}${show.coverUrl}"`);
    // A plan that is saved keeps it.
    await office.page.getByLabel('Title', { exact: true }).fill('Kiln night');
    await office.page.getByLabel('Title', { exact: true }).press('End');
    await office.page.keyboard.type(' two');
    await saves();
    expect((await owner.show(showId)).show.coverUrl).toBe(show.coverUrl);
    await cover.getByRole('button', { name: 'Take it away' }).click();
    await cover.getByAltText('The cover').waitFor({ state: 'detached' });
    expect((await owner.show(showId)).show.coverUrl).toBeNull();
  });

  it('[SHO-12] is put in order by keys and by hand', async () => {
    await office.opens(`${house.url}/office/shows/${showId}`);
    const first = handle(office, 'Why we are here tonight');
    await first.focus();
    await first.press('ArrowDown');
    await expect.poll(async () => (await rows())[1], wait).toBe('Why we are here tonight');
    // The handle keeps the focus, so that the next press moves on.
    await expect
      .poll(() => first.evaluate((one) => one === document.activeElement), wait)
      .toBe(true);
    await first.press('Home');
    await expect.poll(async () => (await rows())[0], wait).toBe('Why we are here tonight');
    // By hand: the last row is pulled above the fifth.
    const last = handle(office, 'Thank you, and what comes next');
    await last.scrollIntoViewIfNeeded();
    const [from, to] = await Promise.all([
      last.boundingBox(),
      handle(office, 'Tonight’s offer').boundingBox(),
    ]);
    if (!from || !to) throw new Error('a handle is out of sight');
    const { mouse } = office.page;
    await mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await mouse.down();
    await mouse.move(to.x + to.width / 2, from.y - 10, { steps: 4 });
    await mouse.move(to.x + to.width / 2, to.y + to.height / 2 - 4, { steps: 8 });
    await mouse.up();
    await expect.poll(async () => (await rows())[4], wait).toBe('Thank you, and what comes next');
    await saves();
    expect((await titles()).slice(4)).toEqual([
      'Thank you, and what comes next',
      'Tonight’s offer',
    ]);
  });

  it('[STY-2] [STY-4] is told where it drags, and cured by one press', async () => {
    const { page } = office;
    await page.getByLabel('Beat of Thank you, and what comes next').selectOption('offer');
    await office.sees('Two pitches in a row, with no story between.');
    await page.getByLabel('Beat of Your questions').selectOption('community');
    await office.sees('Nobody is asked what they want to know.');
    await judge([office], 'plan-hints');
    const cures = office.button('Put in: Question time');
    const before = (await rows()).length;
    await cures.first().click();
    await expect.poll(async () => (await rows()).length, wait).toBe(before + 1);
    for (const words of ['Two pitches in a row', 'Nobody is asked'])
      await page.getByText(words).first().waitFor({ state: 'detached' });
    await saves();
    expect(await titles()).toContain('Question time');
  });

  it('[ASK-6] a poll stands ready in a segment', async () => {
    const { page } = office;
    await office.button('Notes and products of See it made, see it used').click();
    await office.button('A poll').click();
    await office.button('Hold the poll ready').click();
    await office.sees(/^A question of at most/);
    await page.getByLabel('Question', { exact: true }).fill('Which glaze next?');
    await page.getByLabel('Answers, one a line').fill('Celadon\nTenmoku\n\nOxblood');
    await page.getByLabel('Open for').selectOption('300');
    await judge([office], 'poll-form');
    await office.button('Hold the poll ready').click();
    await office.sees('Poll: Which glaze next?');
    await saves();
    const held = (await segments()).flatMap(({ cues = [] }) => cues);
    expect(held).toMatchObject([{ kind: 'poll', durationMs: 300_000 }]);
  });

  it('[DIS-1] [DIS-2] doesn’t start while its host earns and nothing says so', async () => {
    const { page } = office;
    await office.opens(`${house.url}/office/catalogue/${productId}`);
    await page.getByLabel('Share of each sale, per cent').fill('12.5');
    await office.button('Write it down').click();
    await office.sees('12.5 % of each sale');
    await judge([office], 'commission');
    const refusal = await owner.ask('POST', `/api/shows/${showId}/go-live`).then(
      () => 'started',
      (error: unknown) => (error instanceof Refused ? error.message : String(error)),
    );
    expect(refusal).toContain('disclosure-needed');
    await office.opens(`${house.url}/office/shows/${showId}`);
    await office.sees('The show can’t start like this');
    await page.getByLabel(/^Your stake/).selectOption('affiliate');
    await page.getByText('The show can’t start like this').waitFor({ state: 'detached' });
    // Its piece is shown in the demo.
    await office.button('Notes and products of See it made, see it used').click();
    await page.getByRole('checkbox', { name: pieceTitle }).first().check({ force: true });
    await saves();
    await owner.ask('POST', `/api/shows/${showId}/go-live`);
  });

  it('[DIS-7] the label stands over the picture, with its sentence behind it', async () => {
    const [hook] = await segments();
    await owner.ask('POST', `/api/shows/${showId}/segment`, { segmentId: hook?.segmentId });
    await ines.opens(`${house.url}/shows/${showId}`);
    await ines.button('Earns commission').click();
    await ines.sees(/earns a share of what you buy here/);
    await judge([ines], 'disclosure');
    await ines.page.keyboard.press('Escape');
  });

  it('a shopper sees what is on and what comes, and is told when their piece is on', async () => {
    await ines.button(/^Run of show\..*Why we are here tonight/).click();
    const sheet = ines.page.getByRole('dialog', { name: 'What is on, and when' });
    await sheet.getByText('See it made, see it used').waitFor();
    await sheet.getByText('Now', { exact: true }).waitFor();
    await sheet
      .getByRole('button', { name: `Tell me when ${pieceTitle} is on` })
      .first()
      .click();
    await sheet.getByText('You’ll be told').first().waitFor();
    await judge([ines], 'run-of-show');
    await ines.page.keyboard.press('Escape');
    const demo = (await segments()).find(({ productIds }) => productIds.includes(productId));
    // What tells it goes by itself: it is waited for from before.
    await Promise.all([
      ines.sees(`${pieceTitle} is on now`),
      owner.ask('POST', `/api/shows/${showId}/segment`, { segmentId: demo?.segmentId }),
    ]);
  });

  it('[ASK-6] [ASK-2] [ASK-3] [ASK-4] it is fired by one press, voted in on a phone, and closed', async () => {
    await office.opens(`${house.url}/studio/${showId}`);
    await office.button('Poll: Which glaze next?').click();
    const card = ines.page.getByRole('region', { name: 'Poll' });
    await card.getByRole('button', { name: /^Celadon/ }).click();
    await ines.givesName();
    const chosen = (name: RegExp) => card.getByRole('button', { name, pressed: true });
    await chosen(/^Celadon.*100 %/).waitFor();
    await card.getByRole('button', { name: /^Tenmoku/ }).click();
    await chosen(/^Tenmoku.*100 %/).waitFor();
    const asked = office.page.getByRole('region', { name: 'Poll' });
    await asked.getByText('1 vote', { exact: true }).waitFor();
    await judge([office, ines], 'poll');
    // Whoever comes back finds their choice.
    await ines.opens(`${house.url}/shows/${showId}`);
    await chosen(/^Tenmoku.*100 %/).waitFor();
    await asked.getByRole('button', { name: 'Close the poll' }).click();
    await card.getByText('1 vote · Tenmoku, 100 %').waitFor();
    await asked.getByText('Tenmoku, 100 %').waitFor();
    expect(await card.getByRole('button').count()).toBe(0);
    await judge([office, ines], 'poll-closed');
  });

  it('[SHO-13] [DIS-8] the studio arranges while it is live, and says it aloud', async () => {
    await office.opens(`${house.url}/studio/${showId}`);
    await office.sees('I earn a share of what you buy here.');
    await office.button('I said it').click();
    await office.page.getByRole('region', { name: 'Say it aloud' }).waitFor({ state: 'detached' });
    await office.button('Arrange').click();
    const offer = handle(office, 'Tonight’s offer');
    await offer.focus();
    // Space takes it up, an arrow carries it, Space puts it down: the way of those who listen.
    const before = (await titles()).indexOf('Tonight’s offer');
    const isOver = (place: number) =>
      office.page
        .getByText(new RegExp(`^Tonight’s offer is over ${place} of`))
        .waitFor({ state: 'attached' });
    await offer.press('Space');
    await isOver(before + 1);
    await offer.press('ArrowUp');
    await isOver(before);
    await offer.press('Space');
    await expect
      .poll(async () => (await titles()).indexOf('Tonight’s offer'), wait)
      .toBe(before - 1);
    await judge([office], 'studio-arrange');
  });

  it('the prompter has the notes of what runs and what comes, by keys', async () => {
    const { page } = office;
    await office.opens(`${house.url}/studio/${showId}/prompter`);
    await office.sees(/Hands near the camera/);
    await office.sees(/^Next: /);
    const notes = page.getByRole('region', { name: 'Notes' });
    const size = () => notes.evaluate((one) => Number.parseFloat(getComputedStyle(one).fontSize));
    const start = await size();
    await page.keyboard.press('+');
    await expect.poll(size, wait).toBe(start + 8);
    await page.keyboard.press('m');
    await expect.poll(() => notes.getAttribute('data-mirrored'), wait).toBe('true');
    await page.keyboard.press('m');
    await judge([office], 'prompter');
  });

  it('has nothing on any screen that keeps somebody out', () => {
    expect(findings).toEqual([]);
  });
});
