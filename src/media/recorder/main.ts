// Entry of the recorder process. Nothing but the wiring of its calls to the parent: what it does stands in
// `recorder.ts`. The rule: it lives exactly as long as its parent's end of the line, and closes its files before it goes.

import { AV_LOG_QUIET, Log } from 'node-av';
import { serveParent } from '../child-side.ts';
import type { RecorderCalls, RecorderNews, RecorderOptions } from '../messages.ts';
import { keyFramePoster } from './picture.ts';
import { Recorder } from './recorder.ts';

const parent = serveParent<RecorderCalls, RecorderNews>();
const options = JSON.parse(process.argv[2] ?? '{}') as RecorderOptions;
Log.setLevel(AV_LOG_QUIET);
const recorder = new Recorder(options.folder, (news) => parent.tell(news));
const ready = await recorder.listen();
parent.serve(
  {
    start: ({ showId }) => {
      recorder.start(showId);
      return null;
    },
    stop: ({ showId }) => recorder.stop(showId),
    clip: ({ showId, wish }) => recorder.clip(showId, wish),
    poster: ({ codec, data }) => keyFramePoster(codec, Buffer.from(data)),
    dump: () => recorder.dump(),
    close: () => {
      recorder.close();
      return null;
    },
  },
  ready,
);
