// `npm run replay -- <show or stream> [--to N] [--events]`: the state of a stream after event N (default:
// the last), folded by the real decider, with the verdict on its hash chain. Changes nothing.

import { parseArgs } from 'node:util';
import { idOfStream, type StreamId, typeOfStream } from '../src/base/brand.ts';
import { orderDecider } from '../src/domain/order/order.ts';
import { showDecider } from '../src/domain/show/show.ts';
import { stockDecider } from '../src/domain/stock/stock.ts';
import { readStream } from '../src/log/event-log.ts';
import { lineOf, openLog, streamNamed } from './open-log.ts';

const usage = 'npm run replay -- <show or stream> [--to N] [--events]';
const deciders = { show: showDecider, stock: stockDecider, order: orderDecider } as const;

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    options: { to: { type: 'string' }, events: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [name] = positionals;
  const to = values.to === undefined ? Number.POSITIVE_INFINITY : Number(values.to);
  if (!name || !(to >= 0)) throw new Error(usage);
  const stream = streamNamed(name) as StreamId;
  const decider = deciders[typeOfStream(stream) as keyof typeof deciders];
  const { log, close } = await openLog();
  try {
    // biome-ignore lint/suspicious/noExplicitAny: three deciders, one loop; each reads its own events.
    let state: any = decider.initial(idOfStream(stream));
    let seq = 0;
    for await (const event of readStream(log, stream)) {
      if (event.seq > to) break;
      if (values.events) console.log(lineOf(event));
      state = decider.evolve(state as never, event as never, event);
      seq = event.seq;
    }
    if (seq === 0) throw new Error(`There is no stream ${stream}.`);
    console.log(JSON.stringify(decider.save(state as never), null, 2));
    const verdict = await log.verify(stream);
    console.log(
      verdict.ok
        ? `${stream} after event ${seq}; the chain is whole up to ${verdict.version}.`
        : `${stream}: the chain is broken at event ${verdict.brokenSeq} (${verdict.reason}).`,
    );
    return verdict.ok ? 0 : 1;
  } finally {
    await close();
  }
};

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
