// Draws, encodes and publishes pictures as they are taken, with the clock in each: for measuring, where a loop would
// show old times. The rule: the clock is read right before the picture is encoded, so that encoding counts as delay.

import type { PublisherClient } from '../client/publisher-client.ts';
import { drawClock } from './clock-code.ts';
import { PictureEncoder } from './encoders.ts';
import { Scene } from './scene.ts';

export type LiveOptions = {
  width: number;
  height: number;
  framesPerSecond: number;
  bitsPerSecond: number;
  /** Opus packets to play in turn. */
  sounds: Buffer[];
};

/** A camera that is ready to film. */
export type LiveSource = {
  /** A viewer needs a key frame. */
  requestKeyFrame(): void;
  /** Starts to publish; gives the function that stops. */
  play(publisher: PublisherClient): () => void;
};

/** Pictures kept: one second of the scene, to and fro. Drawing each anew would take a core. */
const KEPT = 30;

/** Draws the pictures and opens the encoder. */
export async function liveSource(options: LiveOptions): Promise<LiveSource> {
  const { width, height, framesPerSecond, sounds } = options;
  const scene = await Scene.create(width, height);
  const kept = Array.from({ length: KEPT }, (_, n) => {
    const picture = Buffer.alloc((width * height * 3) / 2);
    scene.draw(n / 360, picture);
    return picture;
  });
  const encoder = new PictureEncoder({
    width,
    height,
    framesPerSecond,
    bitsPerSecond: options.bitsPerSecond,
    keyFrameEvery: framesPerSecond,
    preset: 'ultrafast',
  });
  let keyNeeded = true;
  return {
    requestKeyFrame: () => {
      keyNeeded = true;
    },
    play: (publisher) => {
      keyNeeded = true;
      let picture = Math.ceil((publisher.nowMs() * framesPerSecond) / 1000);
      let sound = Math.ceil(publisher.nowMs() / 20);
      let timer: NodeJS.Timeout | undefined;
      const step = (): void => {
        const nowMs = publisher.nowMs();
        const due = Math.floor((nowMs * framesPerSecond) / 1000);
        if (due >= picture) {
          // Late pictures are left out, as a camera would.
          picture = due + 1;
          const turn = picture % (2 * KEPT - 2);
          const frame = kept[turn < KEPT ? turn : 2 * KEPT - 2 - turn]!;
          const takenAtMs = publisher.nowMs();
          drawClock(frame, width, height, Date.now());
          publisher.sendVideo(encoder.encode(frame, keyNeeded), takenAtMs);
          keyNeeded = false;
        }
        for (; sounds.length > 0 && sound * 20 <= nowMs; sound += 1) {
          publisher.sendAudio(sounds[sound % sounds.length]!, sound * 20);
        }
        const nextMs = Math.min(
          (picture * 1000) / framesPerSecond,
          sounds.length > 0 ? sound * 20 : Infinity,
        );
        timer = setTimeout(step, Math.max(1, nextMs - publisher.nowMs()));
      };
      step();
      return () => clearTimeout(timer);
    },
  };
}
