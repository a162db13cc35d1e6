// The synthetic camera: `npm run camera -- --url http://localhost:8080/whip/<show> [--token T] [--clock]` keeps a
// potter's table on air at a WHIP address, as a host's browser would. As a module it gives `startCamera` to the demo
// and to measurements.

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { CameraNews } from '../src/media/camera/camera.ts';

export type { CameraNews, CameraOptions } from '../src/media/camera/camera.ts';
export type { Camera } from '../src/media/camera/start-camera.ts';
export { startCamera } from '../src/media/camera/start-camera.ts';

if (import.meta.main) await main();

async function main(): Promise<void> {
  const usage =
    'npm run camera -- --url http://localhost:8080/whip/<show> [--token T] [--clock] [--bitrate 2000000]';
  let values: { url?: string; token?: string; clock?: boolean; bitrate?: string };
  try {
    ({ values } = parseArgs({
      options: {
        url: { type: 'string' },
        token: { type: 'string' },
        clock: { type: 'boolean' },
        bitrate: { type: 'string' },
      },
    }));
  } catch (fault) {
    console.error(`${fault instanceof Error ? fault.message : String(fault)}\n${usage}`);
    process.exit(1);
  }
  const { url, token, clock = false, bitrate } = values;
  if (!url || !URL.canParse(url)) {
    console.error(`The camera needs an address to publish to.\n${usage}`);
    process.exit(1);
  }
  const end = new AbortController();
  process.on('SIGINT', () => end.abort());
  process.on('SIGTERM', () => end.abort());
  // Here and not above: the encoders are large, and only a camera that films needs them.
  const { runCamera } = await import('../src/media/camera/camera.ts');
  await runCamera(
    {
      whipUrl: url,
      headers: token ? { authorization: `Bearer ${token}` } : {},
      cacheFolder: resolve(process.env.RIALTO_DATA ?? './data', 'cache'),
      clock,
      ...(bitrate === undefined ? {} : { bitsPerSecond: Number(bitrate) }),
    },
    (news) => console.log(sentence(news)),
    end.signal,
  );
  process.exit(0);
}

function sentence(news: CameraNews): string {
  switch (news.state) {
    case 'preparing':
      return `Drawing the scene: ${Math.round(news.share * 100)} %`;
    case 'on-air':
      return 'On air.';
    case 'off-air':
      return `Off air. ${news.reason} Trying again in ${news.againInMs} ms.`;
  }
}
