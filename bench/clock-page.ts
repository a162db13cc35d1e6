// A browser on a page with a `video`, in which the clock in the picture can be read back: what the benches of WHEP and of
// HLS share to measure from glass to glass. The picture must come from a camera with a clock
// (`src/media/camera/clock-code.ts`).

import { chromium, type Page } from 'playwright-core';
import { CLOCK_CELLS, CLOCK_HEIGHT, CLOCK_TOP, readClock } from '../src/media/camera/clock-code.ts';
import { chromiumPath } from '../tools/chromium.ts';

export type ClockPage = {
  readonly page: Page;
  close(): Promise<void>;
};

/** What the page has besides its own. */
export type WithClock = {
  /** How old the picture is that the element shows now, in ms; undefined when no whole clock is in it. */
  pictureAgeMs(video: HTMLVideoElement): number | undefined;
};

/** Opens the browser on a page with a `video` element, any; undefined where there is none. */
export async function openClockPage(url: string): Promise<ClockPage | undefined> {
  const executablePath = await chromiumPath();
  if (executablePath === undefined) return undefined;
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 360, height: 640 } });
    const place = JSON.stringify({ cells: CLOCK_CELLS, top: CLOCK_TOP, height: CLOCK_HEIGHT });
    await page.addInitScript(`window.pictureAgeMs = (${ageReader})(${readClock}, ${place})`);
    await page.goto(url);
    return { page, close: () => browser.close() };
  } catch (fault) {
    await browser.close();
    throw fault;
  }
}

/** Runs inside the page: self-contained. */
function ageReader(
  read: typeof readClock,
  { cells, top, height }: { cells: number; top: number; height: number },
): WithClock['pictureAgeMs'] {
  const canvas = new OffscreenCanvas(cells * 8, 8);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  return (video) => {
    const nowMs = Date.now();
    const { videoWidth, videoHeight } = video;
    const [y, rows] = [videoHeight * (top + height * 0.3), videoHeight * height * 0.4];
    context.drawImage(video, 0, y, videoWidth, rows, 0, 0, cells * 8, 8);
    const { data } = context.getImageData(0, 4, cells * 8, 1);
    const clock = read(Array.from({ length: cells }, (_, i) => data[(i * 8 + 4) * 4 + 1]!));
    return clock === undefined ? undefined : (nowMs % 2 ** 32) - clock;
  };
}
