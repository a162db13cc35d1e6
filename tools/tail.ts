// `npm run tail -- [<show or stream>]`: events as they are committed, one on a line; without a name those
// of all streams. Ctrl-C ends it.

import { setTimeout as wait } from 'node:timers/promises';
import type { StreamId } from '../src/base/brand.ts';
import { startOfLog } from '../src/log/event-log.ts';
import { lineOf, openLog, streamNamed } from './open-log.ts';

/** How often to look. */
const lookMs = 250;
/** Events of the past that are shown first. */
const pastEvents = 20;

const main = async (): Promise<void> => {
  const name = process.argv[2];
  const { log } = await openLog();
  process.on('SIGINT', () => process.exit(0));
  if (name !== undefined) {
    const stream = streamNamed(name) as StreamId;
    const { version } = await log.head(stream);
    if (version === 0) throw new Error(`There is no stream ${stream}.`);
    for (let seq = Math.max(1, version - pastEvents + 1); ; await wait(lookMs)) {
      for (const event of await log.read(stream, seq, 1_000)) {
        console.log(lineOf(event));
        seq = event.seq + 1;
      }
    }
  }
  let position = startOfLog;
  for (let isPast = true; ; ) {
    const page = await log.readAll(position, 1_000);
    position = page.position;
    // The whole past of a shop is not news: only its end is shown.
    if (isPast && page.events.length === 1_000) continue;
    for (const event of isPast ? page.events.slice(-pastEvents) : page.events) {
      console.log(`${event.stream.padEnd(28)} ${lineOf(event)}`);
    }
    isPast = false;
    await wait(lookMs);
  }
};

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
