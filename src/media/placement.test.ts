// Which forwarder takes whom. Starting and ending of processes is in `forwarder-pool.test.ts`.

import { expect, test } from 'vitest';
import { type Place, placeShow, placeViewer, wantsAnother } from './placement.ts';

const place = (load: number, more: Partial<Place> = {}): Place => ({
  ready: true,
  load,
  full: false,
  ...more,
});

test('[FWD-2] a viewer comes to the home of the show while it has time to spare', () => {
  const home = place(0.49);
  expect(placeViewer([place(0), home], home)).toBe(home);
});

test('[FWD-2] a viewer comes to the least loaded when the home is busy, the home included', () => {
  const home = place(0.5);
  const free = place(0.2);
  expect(placeViewer([home, place(0.3), free], home)).toBe(free);
  expect(placeViewer([home, place(0.6)], home)).toBe(home);
});

test('[FWD-2] a forwarder that is full or away takes nobody, though it be the least loaded', () => {
  const home = place(0.1, { ready: false });
  const free = place(0.8);
  expect(placeViewer([home, place(0.2, { full: true }), free], home)).toBe(free);
  expect(placeViewer([home, place(0.2, { full: true })], home)).toBeUndefined();
});

test('[FWD-3] one more is wanted when each has half of its load', () => {
  expect(wantsAnother([place(0.5), place(0.7)])).toBe(true);
  expect(wantsAnother([place(0.5), place(0.49)])).toBe(false);
  // One that is being restarted takes viewers again in a moment.
  expect(wantsAnother([place(0.9), place(0, { ready: false })])).toBe(false);
});

test('a show comes to the first forwarder while that has time, and always somewhere', () => {
  const first = place(0.4);
  expect(placeShow([first, place(0)])).toBe(first);
  const other = place(0.3);
  expect(placeShow([place(0.6), other])).toBe(other);
  const full = place(0.9, { full: true });
  expect(placeShow([full, place(1, { full: true })])).toBe(full);
});
