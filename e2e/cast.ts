// The people of the stories and their browsers: Mina the host at a desk with a camera, shoppers on phones
// and at desks. What they do is written as a person would say it. Nothing here knows the server's inside;
// what a page says to people is what is waited for.

import { mkdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import { afterEach, beforeEach, expect } from 'vitest';
import { chromiumPath } from '../tools/chromium.ts';
import { type Film, film } from './film.ts';
import type { House } from './house.ts';

export const phoneSize = { width: 390, height: 844 };
export const deskSize = { width: 1440, height: 900 };
/** How long somebody waits for something to be seen: a story fails by what isn't there, not by a slow machine. */
export const patienceMs = 60_000;
/** For `expect.poll`: looks often, for as long as somebody waits. */
export const wait = { timeout: patienceMs, interval: 100 };

const artefacts = join(import.meta.dirname, '../artefacts');

/** A browser whose camera is the film, or another one; every person has a context, as cookies, of their own. */
export const openBrowser = async (another: Film | null = null): Promise<Browser> => {
  const executablePath = await chromiumPath();
  if (executablePath === undefined)
    throw new Error('No Chromium: install one, or set CHROMIUM_PATH.');
  const { y4m, wav } = another ?? (await film());
  return chromium.launch({
    executablePath,
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      ...((await hasSharedMemory()) ? [] : ['--disable-dev-shm-usage']),
      '--disable-background-networking',
      '--disable-component-update',
      // Several people share one browser: none of them may be slowed down for standing behind another.
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${y4m}`,
      `--use-file-for-fake-audio-capture=${wav}`,
      // The catalogue's pictures lie at addresses outside: nothing leaves this machine.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
    ],
  });
};

/** Pictures pass between a browser's processes in shared memory; a container may have next to none. */
const hasSharedMemory = (): Promise<boolean> =>
  statfs('/dev/shm').then(
    ({ bavail, bsize }) => bavail * bsize > 512 * 1024 * 1024,
    () => false,
  );

/** Somebody in front of a browser. */
export class Person {
  readonly name: string;
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page complained about by itself: a story with any of it isn't green. */
  readonly faults: string[] = [];

  constructor(name: string, context: BrowserContext, page: Page) {
    this.name = name;
    this.context = context;
    this.page = page;
    page.on('pageerror', (error) => this.faults.push(`${name}: ${error.message}`));
    page.on('console', (message) => {
      if (
        message.type() === 'error' &&
        /Content Security Policy|Minified React/.test(message.text())
      ) {
        this.faults.push(`${name}: ${message.text()}`);
      }
    });
  }

  /** Goes to an address; what is to be seen there is waited for by itself. */
  async opens(url: string): Promise<void> {
    await this.page.goto(url, { waitUntil: 'commit' });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  /** The card with the one action. */
  get card(): Locator {
    return this.page.getByRole('region', { name: 'For sale' }).getByRole('article');
  }

  get chat(): Locator {
    return this.page.getByRole('log', { name: 'Chat' });
  }

  sees(text: string | RegExp): Promise<void> {
    return this.page.getByText(text).filter({ visible: true }).first().waitFor();
  }

  /** Says something in the room, as one of the crowd or from the studio; somebody new is asked for a name first. */
  async says(text: string): Promise<void> {
    const line = this.page.getByRole('textbox', { name: /^(Say something|Write as host)/ });
    await line.fill(text);
    await line.press('Enter');
    // Puts a phone's keyboard away: while it is open, the card is not in sight.
    await line.blur();
  }

  /** Answers "What shall we call you?". */
  async givesName(): Promise<void> {
    const dialog = this.page.getByRole('dialog', { name: 'What shall we call you?' });
    await dialog.getByLabel('Name').fill(this.name);
    await dialog.getByRole('button', { name: 'Come in' }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  /** Fills in the checkout and presses its button; gives the sum on it. */
  async asksToPay(): Promise<string> {
    const checkout = this.page.getByRole('dialog', { name: 'Checkout' });
    await checkout.getByLabel('Full name').fill('Ines Weber');
    await checkout.getByLabel('Street and number').fill('Fondamenta 12');
    await checkout.getByLabel('Postcode').fill('30141');
    await checkout.getByLabel('Town').fill('Murano');
    await checkout.getByLabel('Country').selectOption('IT');
    await checkout.getByLabel('E-mail').fill('ines@example.com');
    await checkout.getByRole('button', { name: /^Use the test card/ }).click();
    const pay = checkout.getByRole('button', { name: /^Pay .*no money/ });
    const shown = /Pay (.+)/.exec(await pay.innerText())?.[1]?.trim() ?? '';
    await pay.click();
    return shown;
  }

  /** Pays with the sandbox's card; gives what the button and the thanks said. */
  async pays(): Promise<{ readonly shown: string; readonly thanks: string }> {
    const shown = await this.asksToPay();
    const thanks = this.page.getByRole('dialog', { name: 'It’s yours' });
    await thanks.waitFor();
    return { shown, thanks: await thanks.innerText() };
  }

  /** The whole room as this person reads it, line by line. */
  async reads(): Promise<readonly string[]> {
    return this.chat.getByRole('listitem').allInnerTexts();
  }
}

export type PersonOptions = {
  /** Has allowed this shop camera and microphone before. */
  readonly camera?: boolean;
  /** Asks for less motion: what is looked at then stands still. */
  readonly still?: boolean;
};

export class Cast {
  readonly people: Person[] = [];
  readonly #browser: Browser;

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  /** Somebody with a phone held upright. */
  onPhone(name: string, options: PersonOptions = {}): Promise<Person> {
    return this.#enter(name, options, {
      viewport: phoneSize,
      deviceScaleFactor: 2,
      isMobile: true,
      hasTouch: true,
    });
  }

  /** Somebody at a desk. */
  atDesk(name: string, options: PersonOptions = {}): Promise<Person> {
    return this.#enter(name, options, { viewport: deskSize });
  }

  async #enter(
    name: string,
    { camera = false, still = false }: PersonOptions,
    browser: Parameters<Browser['newContext']>[0],
  ): Promise<Person> {
    const context = await this.#browser.newContext({
      locale: 'en-GB',
      timezoneId: 'Europe/Rome',
      ...(camera ? { permissions: ['camera', 'microphone'] } : {}),
      ...(still ? { reducedMotion: 'reduce' as const } : {}),
      ...browser,
    });
    context.setDefaultTimeout(patienceMs);
    const person = new Person(name, context, await context.newPage());
    this.people.push(person);
    return person;
  }

  /** No page met an error of its own. */
  hadNoFaults(): void {
    expect(this.people.flatMap(({ faults }) => faults)).toEqual([]);
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}

/**
 * Makes the tests of a file scenes of one story: after one that failed the others aren't played, and what
 * everyone saw then is kept in artefacts/failed/, with what the server said.
 */
export const scenesOf = (cast: () => Cast | undefined, house: () => House | undefined): void => {
  let isOver = false;
  beforeEach(() => {
    if (isOver) throw new Error('The scene before this one failed.');
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail' || isOver) return;
    isOver = true;
    const folder = join(artefacts, 'failed');
    mkdirSync(folder, { recursive: true });
    const test = task.name.replace(/\W+/g, '-').slice(0, 60);
    for (const { name, page, faults } of cast()?.people ?? []) {
      const path = join(folder, `${test}.${name}.png`);
      await page.screenshot({ path, timeout: 15_000 }).catch(() => {});
      console.log(`${name} at ${page.url()}: ${path}`, ...faults);
    }
    console.log(house()?.output ?? '');
  });
};

/** Frames that a video has decoded; -1 while there is no video. */
const framesOf = (video: Locator): Promise<number> =>
  video.evaluate(
    (element) => (element as HTMLVideoElement).getVideoPlaybackQuality().totalVideoFrames,
  );

/** The picture in small, grey, as one number a place. */
const lookAt = (video: Locator): Promise<readonly number[]> =>
  video.evaluate((element) => {
    const canvas = document.createElement('canvas');
    canvas.width = 32;
    canvas.height = 24;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context?.drawImage(element as HTMLVideoElement, 0, 0, 32, 24);
    const data = context?.getImageData(0, 0, 32, 24).data ?? [];
    return Array.from({ length: 32 * 24 }, (_, at) => data[at * 4] ?? 0);
  });

/**
 * Waits until a picture moves: its clock goes on, frames are decoded, it isn't black, and what it shows
 * changes.
 */
export const seesMovingPicture = async (video: Locator): Promise<void> => {
  await video.waitFor();
  await expect.poll(() => framesOf(video), wait).toBeGreaterThan(0);
  const framesBefore = await framesOf(video);
  const clock = () => video.evaluate((element) => (element as HTMLVideoElement).currentTime);
  const clockBefore = await clock();
  const first = await lookAt(video);
  await expect.poll(() => framesOf(video), wait).toBeGreaterThan(framesBefore + 10);
  await expect.poll(clock, wait).toBeGreaterThan(clockBefore + 0.3);
  const difference = async () =>
    (await lookAt(video)).reduce((sum, value, at) => sum + Math.abs(value - (first[at] ?? 0)), 0);
  await expect.poll(difference, wait).toBeGreaterThan(500);
  const brightness = (await lookAt(video)).reduce((sum, value) => sum + value, 0) / (32 * 24);
  expect(brightness).toBeGreaterThan(20);
};
