// Plays an encoded loop of pictures and sound through a publisher, again and again, at its own pace: what the demo show
// and the tests look at. Nothing is encoded here, so it costs next to nothing. The rule: times are counted from the
// start, never from the last timer, so that the loop doesn't drift.

import type { PublisherClient } from '../client/publisher-client.ts';

/** A loop: it must begin with a key frame, and pictures and sound must be of the same length. */
export type Loop = {
  width: number;
  height: number;
  framesPerSecond: number;
  /** Access units in Annex B form. */
  pictures: { data: Buffer; key: boolean }[];
  /** Opus packets of 20 ms. */
  sounds: Buffer[];
};

const SOUND_MS = 20;
/** After a pause of the process (a laptop that slept) what was missed is skipped rather than sent in a burst. */
const LATE_MS_MAX = 1000;

/** Starts to play; gives the function that stops. */
export function playLoop(publisher: PublisherClient, loop: Loop): () => void {
  const pictureMs = 1000 / loop.framesPerSecond;
  const { pictures, sounds } = loop;
  let picture = 0;
  let sound = 0;
  let timer: NodeJS.Timeout | undefined;
  const step = (): void => {
    const nowMs = publisher.nowMs();
    if (nowMs - picture * pictureMs > LATE_MS_MAX) {
      // On to the next beginning of the loop, which is a key frame.
      const loopMs = pictures.length * pictureMs;
      const turn = Math.ceil(nowMs / loopMs);
      picture = turn * pictures.length;
      sound = turn * sounds.length;
    }
    for (; picture * pictureMs <= nowMs; picture += 1) {
      publisher.sendVideo(pictures[picture % pictures.length]!.data, picture * pictureMs);
    }
    for (; sound * SOUND_MS <= nowMs; sound += 1) {
      publisher.sendAudio(sounds[sound % sounds.length]!, sound * SOUND_MS);
    }
    const nextMs = Math.min(picture * pictureMs, sound * SOUND_MS);
    timer = setTimeout(step, Math.max(1, nextMs - publisher.nowMs()));
  };
  step();
  return () => clearTimeout(timer);
}
