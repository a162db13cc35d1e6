// Entry of the forwarder process. Nothing but the wiring of its calls to the parent: what it does stands in
// `forwarder.ts`. The rule: it lives exactly as long as its parent's end of the line.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { initLogger, preload } from 'node-datachannel';
import { serveParent } from '../child-side.ts';
import type { ForwarderCalls, ForwarderNews, ForwarderOptions } from '../messages.ts';
import { Forwarder } from './forwarder.ts';

const parent = serveParent<ForwarderCalls, ForwarderNews>();
const options = JSON.parse(process.argv[2] ?? '{}') as ForwarderOptions;

/** Fails when the port is taken: the library would only say so when the first client comes. */
async function probePort(): Promise<void> {
  const socket = createSocket({ type: 'udp4' });
  socket.bind({
    port: options.udpPort,
    address: options.bindAddress ?? '0.0.0.0',
    exclusive: true,
  });
  await once(socket, 'listening');
  await new Promise<void>((resolve) => socket.close(() => resolve()));
}

try {
  await probePort();
} catch (fault) {
  await parent.fatal(
    `UDP port ${options.udpPort} can't be opened: ${fault instanceof Error ? fault.message : String(fault)}`,
  );
}
initLogger('Fatal', () => undefined);
preload();
const forwarder = new Forwarder(options, (news) => parent.tell(news));
const taps = await forwarder.listen();
parent.serve(
  {
    publish: (input) => forwarder.publish(input),
    takeLine: (input) => forwarder.takeLine(input),
    watch: (input) => forwarder.watch(input),
    leave: (input) => forwarder.leave(input),
    tap: (input) => forwarder.tap(input),
    untap: (input) => forwarder.untap(input),
    keyFrame: (input) => forwarder.keyFrame(input),
    dump: () => forwarder.dump(),
  },
  taps,
);
