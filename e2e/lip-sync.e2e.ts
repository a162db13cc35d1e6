// What was sent together is seen and heard together by WebRTC: a flash and a beep in one frame, measured in what a real
// browser shows and plays on the watch page. HLS and the recording are measured in src/api/lip-sync.test.ts.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flashLoop } from '../src/media/camera/flash-loop.fixture.ts';
import { Owner } from './back-office.ts';
import { publishes } from './camera.ts';
import { Cast, openBrowser, type Person, scenesOf } from './cast.ts';
import { type House, openHouse } from './house.ts';

/**
 * The closest one counts: a page that is short of time looks late and buffers more sound, and a fault shifts them all. On a
 * quiet machine it is 32 to 60 ms; sound that is sent 140 ms late is found.
 */
const apartMsMax = 120;
const flashesSeen = 7;

let house: House;
let cast: Cast;
let ines: Person;
let goOffAir = async () => {};

beforeAll(async () => {
  house = await openHouse();
  cast = new Cast(await openBrowser());
  const owner = await Owner.of(house);
  const { showId } = await owner.plans('Flash and beep', []);
  goOffAir = await publishes(house, owner, showId, flashLoop());
  await owner.ask('POST', `/api/shows/${showId}/go-live`);
  ines = await cast.onPhone('ines_w');
  await ines.opens(`${house.url}/shows/${showId}`);
}, 240_000);
afterAll(async () => {
  await goOffAir();
  await cast?.close();
  await house?.close();
});
scenesOf(
  () => cast,
  () => house,
);

/** When the picture turned white and when the beep began, on the page's clock in ms, over some turns of the loop. */
const sightings = (person: Person, untilFlashes: number) =>
  person.page.evaluate(async (wanted) => {
    const video = document.querySelector('video')!;
    const context = new AudioContext();
    await context.resume();
    const analyser = new AnalyserNode(context, { fftSize: 512 });
    context.createMediaStreamSource(video.srcObject as MediaStream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const canvas = new OffscreenCanvas(4, 4);
    const pen = canvas.getContext('2d', { willReadFrequently: true })!;
    const flashes: number[] = [];
    const beeps: number[] = [];
    let [wasLight, wasLoud] = [true, true];
    while (flashes.length < wanted || beeps.length < wanted) {
      await new Promise((resolve) => setTimeout(resolve, 4));
      const now = performance.now();
      pen.drawImage(video, 0, 0, 4, 4);
      const isLight = pen.getImageData(1, 1, 1, 1).data[0]! > 150;
      if (isLight && !wasLight) flashes.push(now);
      wasLight = isLight;
      analyser.getFloatTimeDomainData(samples);
      const isLoud = samples.some((sample) => Math.abs(sample) > 0.1);
      if (isLoud && !wasLoud) beeps.push(now);
      wasLoud = isLoud;
    }
    await context.close();
    return { flashes, beeps };
  }, untilFlashes);

describe('a flash and a beep in one frame', { timeout: 120_000 }, () => {
  it('are seen and heard together by WebRTC', async () => {
    await ines.page.waitForFunction(() => {
      const video = document.querySelector('video');
      return video?.srcObject instanceof MediaStream && video.currentTime > 0;
    });
    await ines.page.mouse.click(5, 5);
    const { flashes, beeps } = await sightings(ines, flashesSeen);
    const apart = flashes.map(
      (flash) => beeps.map((beep) => beep - flash).sort((a, b) => Math.abs(a) - Math.abs(b))[0]!,
    );
    console.log(`beep after flash, by WebRTC: ${apart.map(Math.round).join(', ')} ms`);
    expect(Math.min(...apart.map(Math.abs))).toBeLessThanOrEqual(apartMsMax);
  });
});
