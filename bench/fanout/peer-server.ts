// The peer of the fan-out bench: Socket.IO as its documentation shows it, with the same lines and figures to
// everyone. It decides and records nothing; compression is off, as it is by default.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { sharedNowMs } from './clients.ts';
import { benchVariant, offerLoad, serveBench, stampedStock, stampedText } from './talk.ts';

const server = createServer();
const io = new Server(server, { transports: ['websocket'] });
server.listen(0, '127.0.0.1', 4_096);
await once(server, 'listening');

let seq = 0;
serveBench(
  (server.address() as AddressInfo).port,
  '/socket.io/?EIO=4&transport=websocket',
  () => io.of('/').sockets.size,
  (seconds) =>
    offerLoad(
      seconds,
      (index) => {
        seq += 1;
        io.emit('chat', {
          t: 'chat',
          seq,
          atMs: Date.now(),
          messageId: `m${seq}`,
          personId: `person${index % 500}`,
          name: `person ${index % 500}`,
          text: stampedText(sharedNowMs()),
          role: 'shopper',
          replyTo: null,
          first: false,
        });
      },
      () => {
        io.emit('stock', {
          t: 'stock',
          variantId: benchVariant,
          figures: { available: stampedStock(sharedNowMs()), inCarts: 0 },
        });
      },
    ),
);
