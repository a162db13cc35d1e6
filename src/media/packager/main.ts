// Entry of the packager process. Nothing but the wiring of its calls to the parent: what it does stands in
// `packager.ts`. The rule: it lives exactly as long as its parent's end of the line.

import { AV_LOG_QUIET, Log } from 'node-av';
import { serveParent } from '../child-side.ts';
import type { PackagerCalls, PackagerNews } from '../packager-messages.ts';
import { Packager } from './packager.ts';

const parent = serveParent<PackagerCalls, PackagerNews>();
Log.setLevel(AV_LOG_QUIET);
const packager = new Packager((news) => parent.tell(news));
const ready = await packager.listen();
parent.serve(
  {
    start: ({ showId }) => {
      packager.start(showId);
      return null;
    },
    stop: ({ showId }) => {
      packager.stop(showId);
      return null;
    },
    dump: () => packager.dump(),
  },
  ready,
);
