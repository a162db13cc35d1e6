// Before the evening: the owner plans a weekly show in the calendar; somebody finds it by a thing that it will
// sell, wants to be reminded by mail and by calendar, and follows the host; the show moves and goes live, and
// each is told once. The browser's own worker shows what a push message says.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Product } from '../src/protocol/catalogue.ts';
import type { Coming } from '../src/protocol/remind.ts';
import { Owner } from './back-office.ts';
import { Cast, openBrowser, type Person, scenesOf, wait } from './cast.ts';
import { type House, openHouse } from './house.ts';
import { createJudge } from './judge.ts';

const { judge, findings } = createJudge();

let house: House;
let cast: Cast;
let owner: Owner;
let ines: Person;
let office: Person;
let ring: Product;
let showId = '';

type Letter = { readonly to: string; readonly subject: string; readonly text: string };
const letters = async (): Promise<readonly Letter[]> =>
  (await owner.ask<{ letters: Letter[] }>('GET', '/api/mail')).letters;
const subjects = async () => (await letters()).map(({ subject }) => subject);

beforeAll(async () => {
  house = await openHouse();
  cast = new Cast(await openBrowser());
  owner = await Owner.of(house);
  const [first] = await owner.imports('jewelry');
  if (!first) throw new Error('nothing to sell');
  ring = first;
  ines = await cast.onPhone('ines_w', { still: true });
  office = await cast.atDesk('office', { still: true });
  await office.context.addCookies(owner.cookies);
}, 240_000);
afterAll(async () => {
  await cast?.close();
  await house?.close();
});
scenesOf(
  () => cast,
  () => house,
);

describe('a show that comes', { timeout: 180_000 }, () => {
  it('[REM-4] is planned from a day of the calendar, and comes again', async () => {
    const { page } = office;
    await office.opens(`${house.url}/office/calendar`);
    await page.getByRole('table').waitFor();
    await page.getByRole('button', { name: 'Later' }).click();
    await page.getByRole('button', { name: 'Plan a show', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Plan a show' });
    await dialog.getByLabel('Title').fill('Ring night');
    await dialog.getByLabel('Announcement').fill('Old seals, cut anew.');
    await dialog.getByLabel('Comes again').selectOption('weeks');
    await dialog.getByLabel('How many shows').fill('3');
    await judge([office], 'calendar-plan');
    await dialog.getByRole('button', { name: 'Plan it' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await office
      .button(/Ring night/)
      .first()
      .waitFor();
    await judge([office], 'calendar-month');
    await page.getByRole('tab', { name: 'Agenda' }).click();
    await expect.poll(() => office.button(/Ring night/).count(), wait).toBe(3);
    await judge([office], 'calendar-agenda');
    const { shows } = await owner.ask<Coming>('GET', '/api/coming');
    expect(shows.map(({ title, timeZone }) => [title, timeZone])).toEqual(
      Array.from({ length: 3 }, () => ['Ring night', 'Europe/Rome']),
    );
    showId = shows[0]?.showId ?? '';
    await owner.ask('PUT', `/api/shows/${showId}/shelf`, { productIds: [ring.id] });
  });

  it('[REM-6] gives its plan to those that follow it', async () => {
    const { page } = office;
    const { shows } = await owner.ask<Coming>('GET', '/api/coming');
    const [, second, third] = shows.map((show) => show.showId);
    await office.opens(`${house.url}/office/shows/${second}`);
    await page.getByRole('radio', { name: /^Workshop/ }).click();
    // [DIS-9]
    await page.getByLabel(/^Your stake/).selectOption('paid-partnership');
    await page.getByLabel('Paid by').fill('Murano Glass');
    await office.button('Save').click();
    await office.button('Saved').waitFor();
    await office.button('Give this plan to those that follow').click();
    await judge([office], 'hand-on');
    await office.button('Yes, replace their plans').click();
    await office.sees('One show has this plan now');
    const kinds = () =>
      Promise.all(
        [showId, second, third].map(async (id) => (await owner.show(id ?? '')).show.showKind),
      );
    await expect.poll(kinds, wait).toEqual(['demonstration', 'workshop', 'workshop']);
    expect((await owner.show(third ?? '')).room.plan.partner).toBe('Murano Glass');
  });

  it('[REM-2] is found by what it will sell', async () => {
    const { page } = ines;
    await ines.opens(`${house.url}/coming`);
    await ines.sees('What comes');
    await page.getByRole('searchbox').fill(ring.title);
    await ines.sees('1 thing in 1 coming show');
    await judge([ines], 'coming-found');
    const head = await (await fetch(`${house.url}/shows/${showId}`)).text();
    expect(head).toMatch(
      /property="og:description" content="[^"]*\(Rome\)\. Old seals, cut anew\./,
    );
    await page.getByRole('link', { name: 'Ring night' }).click();
    await ines.sees('Old seals, cut anew.');
    await judge([ines], 'announcement');
  });

  it('[REM-13] is told by mail to an address whose owner said yes', async () => {
    const { page } = ines;
    await ines.button('Remind me').click();
    const sheet = page.getByRole('dialog', { name: 'How shall we tell you?' });
    const file = await fetch(
      new URL(
        (await sheet.getByRole('link', { name: 'Put it in my calendar' }).getAttribute('href')) ??
          '',
        house.url,
      ),
    );
    expect(await file.text()).toMatch(/BEGIN:VEVENT[\s\S]*SUMMARY:Ring night[\s\S]*TRIGGER:-PT10M/);
    await sheet.getByLabel('Your name').fill('ines_w');
    await sheet.getByLabel('E-mail').fill('ines@example.com');
    await judge([ines], 'remind-sheet');
    await sheet.getByRole('button', { name: 'Tell me by mail' }).click();
    await sheet.getByText('Look into your mailbox.').waitFor();
    const question = 'May My shop write to you?';
    await expect.poll(subjects, wait).toContain(question);
    const asked = (await letters()).find(({ subject }) => subject === question);
    const link = /http\S+confirm=\S+/.exec(asked?.text ?? '')?.[0] ?? '';
    await ines.opens(link);
    await ines.button('Yes, write to me').click();
    await ines.sees('Confirmed: letters go to ines@example.com from now on.');
    await ines.opens(`${house.url}/shows/${showId}`);
    await ines.button(/^Follow /).click();
    await ines.button(/^Following /).waitFor();
    await ines.opens(`${house.url}/reminders`);
    await ines.sees('What I follow');
    await ines.button('Stop: Ring night').waitFor();
    await judge([ines], 'reminders');
  });

  it('[REM-9] tells once that it moved', async () => {
    const { page } = office;
    await office.opens(`${house.url}/office/calendar`);
    await page.getByRole('button', { name: 'Later' }).click();
    const ofRings = page.getByRole('button', { name: /^[\d:]+ Ring night/ });
    const day = page.getByRole('cell').filter({ has: ofRings }).first();
    const chip = day.getByRole('button', { name: /Ring night/ });
    await chip.waitFor();
    // A neighbour in the same week, which is always in sight.
    const place = await day.evaluate((cell) => (cell as HTMLTableCellElement).cellIndex);
    const row = page.getByRole('row').filter({ has: ofRings }).first();
    const other = row.getByRole('cell').nth(place < 6 ? place + 1 : place - 1);
    const was = (await owner.show(showId)).show.startsAtMs;
    const [from, to] = await Promise.all([chip.boundingBox(), other.boundingBox()]);
    if (!from || !to) throw new Error('a day is out of sight');
    await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 8 });
    // The day under the pointer says so.
    await expect.poll(() => other.getAttribute('data-chosen'), wait).toBe('true');
    await page.mouse.up();
    const dialog = page.getByRole('dialog', { name: 'Ring night' });
    await dialog.getByText(/^To .*It moves when you save/).waitFor();
    const begins = dialog.getByLabel('Begins');
    const before = await begins.inputValue();
    await begins.fill(`${before.slice(0, 11)}21:30`);
    await judge([office], 'calendar-move');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await expect.poll(subjects, wait).toContain('Ring night has another time');
    const moved = (await letters()).find(({ subject }) => /another time/.test(subject));
    const later = (await owner.show(showId)).show.startsAtMs - was;
    expect(later).toBe(((place < 6 ? 24 : -24) + 1.5) * 3_600_000);
    expect(moved?.text).toMatch(/at 20:00 \(Rome\)\.\nIt begins on .* at 21:30 \(Rome\) now/);
  });

  it('[REM-7] tells once that it is live', async () => {
    await owner.ask('POST', `/api/shows/${showId}/go-live`);
    await expect.poll(subjects, wait).toContain('Ring night is live now');
    expect((await letters()).map(({ to, subject }) => `${to} ${subject}`).sort()).toEqual([
      'ines@example.com May My shop write to you?',
      'ines@example.com Ring night has another time',
      'ines@example.com Ring night is live now',
    ]);
  });

  it('[REM-12] a message to the browser is shown by its worker, in the device’s own time', async () => {
    const { page, context } = ines;
    await context.grantPermissions(['notifications'], { origin: house.url });
    const devtools = await context.newCDPSession(page);
    const registered = new Promise<string>((resolve) => {
      devtools.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
        const active = versions.find(({ status }) => status === 'activated');
        if (active) resolve(active.registrationId);
      });
    });
    await devtools.send('ServiceWorker.enable');
    await page.evaluate(() => navigator.serviceWorker.register('/push-worker.js'));
    const registrationId = await registered;
    const atMs = Date.UTC(2026, 10, 29, 20);
    const notice = { title: 'Ring night begins soon', body: 'With Mina', tag: 'remind-1', atMs };
    for (let twice = 0; twice < 2; twice += 1)
      await devtools.send('ServiceWorker.deliverPushMessage', {
        origin: house.url,
        registrationId,
        data: JSON.stringify({ ...notice, url: 'https://elsewhere.example/' }),
      });
    const shown = () =>
      page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        const all = await registration.getNotifications();
        return all.map(({ title, body, data }) => [title, body, new URL(data.url).pathname]);
      });
    await expect
      .poll(shown, wait)
      .toEqual([['Ring night begins soon', expect.stringMatching(/21:00|9:00/), '/']]);
  });

  it('keep the rules of WCAG 2.2 AA and the width of the screen', () => {
    expect(findings).toEqual([]);
  });

  it('met no error of their own', () => cast.hadNoFaults());
});
