// Entry of the synthetic camera's process when it is started by `startCamera`: options in, news out, and an end with
// the parent. What it does stands in `camera.ts`.

import type { CameraOptions } from './camera.ts';
import { runCamera } from './camera.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as CameraOptions;
const end = new AbortController();
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
process.on('message', (message) => {
  if (message === 'stop') end.abort();
});
if (!process.connected) process.exit(0);
await runCamera(options, (news) => process.connected && process.send?.(news), end.signal);
process.exit(0);
