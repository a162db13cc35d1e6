// Entry of the ingest process. Nothing but the wiring of its calls to the parent: what it does stands in `rtmp-door.ts`.
// The rule: it lives exactly as long as its parent's end of the line, and loads FFmpeg with the first encoder.

import { serveParent } from '../child-side.ts';
import type { IngestCalls, IngestNews, IngestOptions, IngestReady } from './messages.ts';
import type { Codecs } from './publication.ts';
import { RtmpDoor } from './rtmp-door.ts';

const parent = serveParent<IngestCalls, IngestNews>();
const options = JSON.parse(process.argv[2] ?? '{}') as IngestOptions;

let codecs: Promise<Codecs> | undefined;
const loadCodecs = (): Promise<Codecs> => {
  codecs ??= Promise.all([import('./opus-sound.ts'), import('./remade-picture.ts')]).then(
    ([{ OpusSound }, { RemadePictures }]) => ({ OpusSound, RemadePictures }),
  );
  return codecs;
};

const door = new RtmpDoor(options, (news) => parent.tell(news), loadCodecs);
let port = 0;
try {
  port = await door.listen();
} catch (fault) {
  await parent.fatal(
    `TCP port ${options.port} can't be opened: ${fault instanceof Error ? fault.message : String(fault)}`,
  );
}
parent.serve(
  {
    admit: (input) => door.admit(input),
    refuse: (input) => door.refuse(input),
    dump: () => door.dump(),
  },
  { port } satisfies IngestReady,
);
