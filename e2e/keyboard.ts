// Somebody who uses no pointer: goes by Tab as far as it takes, and types into what has the focus. What
// can't be reached that way isn't there for them, and the story fails.

import type { Page } from 'playwright-core';

/** More stops than any of our pages has. */
const stopsMax = 120;

export const byKeyboard = (page: Page) => {
  /** What has the focus, as a screen reader says it. */
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement)) return '';
      const labels = 'labels' in element ? [...((element as HTMLInputElement).labels ?? [])] : [];
      const name =
        element.getAttribute('aria-label') ?? labels.map((label) => label.innerText).join(' ');
      return (name || element.innerText || '').replace(/\s+/g, ' ').trim();
    });

  /** Presses Tab until `name` has the focus. */
  const to = async (name: string | RegExp): Promise<void> => {
    const passed: string[] = [];
    for (let stop = 0; stop <= stopsMax; stop++) {
      const here = await focused();
      if (typeof name === 'string' ? here === name : name.test(here)) return;
      passed.push(here);
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab never comes to ${name}; it came to ${passed.join(' | ')}`);
  };

  return {
    to,
    async fill(label: string | RegExp, text: string): Promise<void> {
      await to(label);
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type(text);
    },
  };
};
