// Rialto's side of the fan-out bench: the real engine on the log's memory twin, the real rooms and the real socket
// door. Every line is decided, hashed and recorded before it is told.

import {
  type MessageId,
  type PersonId,
  type ShowId,
  stockStream,
  type VariantId,
} from '../../src/base/brand.ts';
import type { Actor } from '../../src/domain/decider.ts';
import { MemoryLog } from '../../src/log/memory-log.ts';
import { liveShow } from '../live-show.ts';
import { sharedNowMs } from './clients.ts';
import { benchVariant, offerLoad, serveBench, stampedStock, stampedText } from './talk.ts';

const variantId = benchVariant as VariantId;
const show = await liveShow(new MemoryLog(), 'bench' as ShowId, variantId);
let messages = 0;

/** Many people, so that nobody writes faster than the chat allows. */
const speaker = (index: number): Actor => ({
  kind: 'person',
  id: `person${index % 500}` as PersonId,
  name: `person ${index % 500}`,
  role: 'shopper',
});
const fail = (error: unknown) => {
  console.error(error);
  process.exit(1);
};

serveBench(await show.listen(), show.path, show.viewers, (seconds) =>
  offerLoad(
    seconds,
    (index) => {
      const messageId = `m${++messages}` as MessageId;
      const text = stampedText(sharedNowMs());
      show
        .send({ kind: 'PostMessage', messageId, text, replyTo: null }, speaker(index))
        .catch(fail);
    },
    () => {
      show
        .send(
          { kind: 'CountStock', onHand: stampedStock(sharedNowMs()) },
          undefined,
          stockStream(variantId),
        )
        .catch(fail);
    },
  ),
);
