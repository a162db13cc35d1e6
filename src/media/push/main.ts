// Entry of a push process. Nothing but the wiring of its calls to the parent: what it does stands in `push.ts`. The rule:
// one process serves one destination of one show, so that whatever a destination does ends there.

import { AV_LOG_QUIET, Log } from 'node-av';
import { serveParent } from '../child-side.ts';
import type { PushCalls, PushNews } from './messages.ts';
import { Push } from './push.ts';

const parent = serveParent<PushCalls, PushNews>();
Log.setLevel(AV_LOG_QUIET);
const push = new Push((news) => parent.tell(news));
const ready = await push.listen();
parent.serve(
  {
    open: (wish) => {
      push.open(wish);
      return null;
    },
    try: async (wish) => {
      await push.try(wish);
      return null;
    },
    dump: () => push.dump(),
  },
  ready,
);
