// What HLS tells of its picture, over an element that plays by itself and goes on as a test says. That hls.js plays is
// in e2e/hls.e2e.ts.

import { afterEach, expect, it, vi } from 'vitest';
import { openRelief } from './hls-relief.ts';

class FakeVideo extends EventTarget {
  videoWidth = 0;
  videoHeight = 0;
  currentTime = 0;
  paused = false;
  src = '';
  srcObject: unknown = null;
  canPlayType = () => 'maybe';
  play = async () => {};
  removeAttribute = () => {};
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('[HLS-19] tells when the picture doesn’t come or stands still for three seconds, and when it goes on', () => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { vendor: 'Apple Computer, Inc.' });
  const canvas = { getContext: () => null, toDataURL: () => '' };
  vi.stubGlobal('document', { createElement: () => canvas });
  const video = new FakeVideo();
  const told: string[] = [];
  const relief = openRelief({
    showId: 'kiln',
    video: video as unknown as HTMLVideoElement,
    nowMs: () => 0,
    tell: () => {},
    playing: () => told.push('playing'),
    late: () => told.push('late'),
    failed: () => told.push('failed'),
  });
  const news = () => told.splice(0);
  const pass = (seconds: number, rate: number) => {
    for (let i = 0; i < seconds; i += 1) {
      video.currentTime += rate;
      vi.advanceTimersByTime(1_000);
    }
    return news();
  };
  expect(video.src).toBe('/hls/kiln/index.m3u8');
  expect(pass(2, 0)).toEqual([]);
  expect(pass(5, 0)).toEqual(['late', 'late']);
  video.videoWidth = 180;
  video.dispatchEvent(new Event('playing'));
  expect(news()).toEqual(['playing']);
  news();
  expect(pass(60, 1)).toEqual(['playing']);
  // Small pushes of a player that hangs are no picture.
  expect(pass(3, 0.1)).toEqual(['late']);
  expect(pass(2, 1)).toEqual(['playing']);
  video.paused = true;
  expect(pass(10, 0)).toEqual([]);
  relief.close();
  expect(pass(10, 0)).toEqual([]);
});
