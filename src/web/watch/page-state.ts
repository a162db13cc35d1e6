// What the server wrote into the page: read once, typed, never changed. What changes afterwards lives in
// the stores of the page.

import type { PageState } from '../../protocol/first-paint.ts';

/** The state under the id `state`; a page without it was served wrongly and can't start. */
export const readPageState = (): PageState => {
  const text = document.getElementById('state')?.textContent;
  if (!text) throw new Error('The page carries no state.');
  return JSON.parse(text) as PageState;
};
