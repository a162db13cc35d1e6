// A camera of ours that publishes a show as an encoder would, for stories in which no host is on a page.

import { type Loop, playLoop } from '../src/media/camera/play-loop.ts';
import { PublisherClient } from '../src/media/client/publisher-client.ts';
import { signalOverHttp } from '../src/media/client/signal.ts';
import type { Owner } from './back-office.ts';
import type { House } from './house.ts';

/** Publishes the loop by WHIP until it is ended; ending says goodbye. */
export const publishes = async (
  { url }: House,
  { cookies }: Owner,
  showId: string,
  loop: Loop,
): Promise<() => Promise<void>> => {
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const camera = await PublisherClient.connect({
    signal: signalOverHttp(`${url}/whip/${showId}`, { cookie, origin: url }),
  });
  const stop = playLoop(camera, loop);
  return async () => {
    stop();
    await camera.close();
  };
};
