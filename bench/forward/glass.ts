// A real browser that watches by WHEP and reads the clock in the picture back: from glass to glass. Used by the benches of
// the forwarder.

import type { Page } from 'playwright-core';
import { openClockPage, type WithClock } from '../clock-page.ts';

/** What the browser saw. Times in ms. */
export type Glass = {
  firstPictureMs: number;
  /** Of each picture shown. */
  delaysMs: number[];
  /** Sum of the pauses that are freezes, of all the time from the first picture on. */
  frozenMs: number;
  watchedMs: number;
};

/** Opens the browser, watches for so long, and closes. Undefined without a browser. */
export async function glassToGlass(
  url: string,
  whep: string,
  seconds: number,
): Promise<Glass | undefined> {
  const browser = await openClockPage(url);
  try {
    return browser && (await watchIn(browser.page, whep, seconds));
  } finally {
    await browser?.close();
  }
}

/** Watches for so long in a page of `openClockPage`; once. */
export const watchIn = (page: Page, whep: string, seconds: number): Promise<Glass> =>
  page.evaluate(
    async ({ whep, ms }) => {
      const { pictureAgeMs } = window as unknown as WithClock;
      const video = document.querySelector('video')!;
      const stream = new MediaStream();
      video.srcObject = stream;
      const startedAtMs = performance.now();
      const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
      connection.addTransceiver('video', { direction: 'recvonly' });
      connection.addTransceiver('audio', { direction: 'recvonly' });
      connection.ontrack = ({ track, receiver }) => {
        stream.addTrack(track);
        receiver.jitterBufferTarget = 0;
      };
      await connection.setLocalDescription();
      const response = await fetch(whep, {
        method: 'POST',
        headers: { 'content-type': 'application/sdp' },
        body: connection.localDescription!.sdp,
      });
      await connection.setRemoteDescription({ type: 'answer', sdp: await response.text() });
      const delaysMs: number[] = [];
      let frozenMs = 0;
      let lastMs = 0;
      const gapsMs: number[] = [];
      let firstPictureMs = -1;
      await new Promise<void>((resolve) => {
        const look = (): void => {
          const nowMs = Date.now();
          if (firstPictureMs < 0) firstPictureMs = performance.now() - startedAtMs;
          const ageMs = pictureAgeMs(video);
          if (ageMs !== undefined) delaysMs.push(ageMs);
          // As WebRTC's statistics have it: three times the usual pause, or 150 ms more than it, is a freeze.
          if (lastMs > 0) {
            const gapMs = nowMs - lastMs;
            const recent = gapsMs.slice(-30);
            const usualMs = recent.reduce((sum, each) => sum + each, 0) / recent.length;
            if (recent.length === 30 && gapMs > Math.max(3 * usualMs, usualMs + 150))
              frozenMs += gapMs;
            gapsMs.push(gapMs);
          }
          lastMs = nowMs;
          if (performance.now() - startedAtMs > ms) resolve();
          else video.requestVideoFrameCallback(look);
        };
        video.requestVideoFrameCallback(look);
      });
      connection.close();
      return {
        firstPictureMs,
        delaysMs,
        frozenMs,
        watchedMs: gapsMs.reduce((sum, each) => sum + each, 0),
      };
    },
    { whep, ms: seconds * 1000 },
  );
