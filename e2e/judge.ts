// Judges what stands on people's screens: nothing that the accessibility rules (WCAG 2.2 AA, as far as axe can
// tell) forbid, nothing wider than the screen; and keeps a picture of each in artefacts/screens/ for eyes.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { deskSize, type Person, patienceMs } from './cast.ts';

const screens = join(import.meta.dirname, '../artefacts/screens');
/** Of a long page so much is kept as a picture. */
const screensMax = 3;
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** A button that has just become one again is half transparent for a moment: colours are judged when they stand. */
const transitionsOver = async (): Promise<void> => {
  const short = document
    .getAnimations()
    .filter(({ effect }) => Number(effect?.getComputedTiming().endTime ?? 0) <= 1_000);
  await Promise.all(short.map(({ finished }) => finished.catch(() => {})));
};

export type Judge = {
  /** What stands on these people's screens now; the pictures are called `name`. */
  readonly judge: (people: readonly Person[], name: string) => Promise<void>;
  /** All that was wrong so far: a story whose findings aren't empty isn't green. */
  readonly findings: readonly string[];
};

export const createJudge = (): Judge => {
  mkdirSync(screens, { recursive: true });
  const findings: string[] = [];
  return {
    findings,
    async judge(people, name) {
      const found = await Promise.all(people.map(({ page }) => judgeScreen(page, name)));
      findings.push(...found.flat());
    },
  };
};

/** What the rules forbid on a page, a line for each; the first four places of each rule. */
const violationsOn = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(transitionsOver);
  const { violations } = await page.evaluate(
    (tags) =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
        runOnly: tags,
        resultTypes: ['violations'],
      }),
    rules,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.slice(0, 4).map(({ target, failureSummary }) => {
      const why = failureSummary?.split('\n')[1]?.trim() ?? '';
      return `${id}, ${help}: ${target.join(' ')} ${why}`;
    }),
  );
};

const judgeScreen = async (page: Page, name: string): Promise<readonly string[]> => {
  const findings: string[] = [];
  const { width, height } = page.viewportSize() ?? deskSize;
  const where = `${name} at ${width}`;
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  const whole = await page.evaluate(() => {
    const { scrollWidth, clientWidth, scrollHeight } = document.documentElement;
    return { tooWide: scrollWidth - clientWidth, height: scrollHeight };
  });
  if (whole.tooWide > 0) findings.push(`${where}: ${whole.tooWide} px wider than the screen`);
  await page.evaluate(axe.source);
  const first = await violationsOn(page);
  // A live page changes while it is read, so that a colour and the state of its button can be of two moments: what
  // really stands there is found twice.
  const again = first.length > 0 ? await violationsOn(page) : [];
  for (const found of first) if (again.includes(found)) findings.push(`${where}: ${found}`);
  await page.screenshot({
    path: join(screens, `${name}.${width}.png`),
    fullPage: true,
    clip: { x: 0, y: 0, width, height: Math.min(whole.height, height * screensMax) },
    timeout: patienceMs,
  });
  return findings;
};
