// A real browser that watches and reads the clock in the picture back: from glass to glass. Used by the benches of the
// forwarder. The picture must come from a camera with a clock (`src/media/camera/clock-code.ts`).

import { chromium, type Page } from 'playwright-core';
import {
  CLOCK_CELLS,
  CLOCK_HEIGHT,
  CLOCK_TOP,
  readClock,
} from '../../src/media/camera/clock-code.ts';
import { chromiumPath } from '../../tools/chromium.ts';

/** What the browser saw. Times in ms. */
export type Glass = {
  firstPictureMs: number;
  /** Of each picture shown. */
  delaysMs: number[];
  /** Sum of the pauses that are freezes, of all the time from the first picture on. */
  frozenMs: number;
  watchedMs: number;
};

/** A browser that stands ready. */
export type GlassBrowser = {
  /** Watches for so long; once. */
  watch(whep: string, seconds: number): Promise<Glass>;
  close(): Promise<void>;
};

/** Opens the browser on a page with a `video` element, any; undefined where there is none. */
export async function openGlass(url: string): Promise<GlassBrowser | undefined> {
  const executablePath = await chromiumPath();
  if (executablePath === undefined) return undefined;
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 360, height: 640 } });
    await page.goto(url);
    return { watch: (whep, seconds) => watch(page, whep, seconds), close: () => browser.close() };
  } catch (fault) {
    await browser.close();
    throw fault;
  }
}

/** Opens, watches for so long, and closes. Undefined without a browser. */
export async function glassToGlass(
  url: string,
  whep: string,
  seconds: number,
): Promise<Glass | undefined> {
  const glass = await openGlass(url);
  try {
    return await glass?.watch(whep, seconds);
  } finally {
    await glass?.close();
  }
}

const watch = (page: Page, whep: string, seconds: number): Promise<Glass> =>
  page.evaluate(
    async ({ whep, readClockText, cells, top, height, ms }) => {
      const read = new Function(`return (${readClockText})`)() as (
        brightness: number[],
      ) => number | undefined;
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
      const canvas = new OffscreenCanvas(cells * 8, 8);
      const context = canvas.getContext('2d', { willReadFrequently: true })!;
      const delaysMs: number[] = [];
      let frozenMs = 0;
      let lastMs = 0;
      const gapsMs: number[] = [];
      let firstPictureMs = -1;
      await new Promise<void>((resolve) => {
        const look = (): void => {
          const nowMs = Date.now();
          if (firstPictureMs < 0) firstPictureMs = performance.now() - startedAtMs;
          const { videoWidth, videoHeight } = video;
          const y = videoHeight * (top + height * 0.3);
          context.drawImage(
            video,
            0,
            y,
            videoWidth,
            videoHeight * height * 0.4,
            0,
            0,
            cells * 8,
            8,
          );
          const { data } = context.getImageData(0, 4, cells * 8, 1);
          const clock = read(Array.from({ length: cells }, (_, i) => data[(i * 8 + 4) * 4 + 1]!));
          if (clock !== undefined) delaysMs.push((nowMs % 2 ** 32) - clock);
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
    {
      whep,
      readClockText: readClock.toString(),
      cells: CLOCK_CELLS,
      top: CLOCK_TOP,
      height: CLOCK_HEIGHT,
      ms: seconds * 1000,
    },
  );
