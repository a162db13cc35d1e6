// A process of the fan-out bench's audience. Those who read note how long each line was under way; the others only
// count bytes, which must be the same for all. They sit in different processes, so that reading is measured and not
// waiting for a thousand others who share a process.

import { openSockets, RawSocket, sharedNowMs } from './clients.ts';
import { type FromClients, stockSaidAtMs, type ToClients } from './talk.ts';

let sockets: RawSocket[] = [];
let readers: { chat: number; stock: number }[] = [];
let chatMs: number[] = [];
let stockMs: number[] = [];
let bytesBefore: number[] = [];

const chatText = /"text":"(\d+\.\d\d) /g;
const stockFigure = /"t":"stock"[^}]*"available":(\d+)/g;

/** Lines and figures stand in the same JSON whoever sends them: the clients needn't know which server it is. */
const reader = () => {
  const counts = { chat: 0, stock: 0 };
  readers.push(counts);
  return (text: string) => {
    const nowMs = sharedNowMs();
    // A greeting repeats what was said before.
    if (text.startsWith('{"t":"welcome"')) return;
    for (const [, said] of text.matchAll(chatText)) {
      counts.chat += 1;
      chatMs.push(nowMs - Number(said));
    }
    for (const [, available] of text.matchAll(stockFigure)) {
      counts.stock += 1;
      stockMs.push(nowMs - stockSaidAtMs(Number(available)));
    }
  };
};

const tell = (message: FromClients) => process.send?.(message);

process.on('message', async (message: ToClients) => {
  if (message.do === 'open') {
    const { port, path, hello, count, reads } = message;
    const opened = await openSockets(count, () => {
      const localAddress = process.env.RIALTO_BENCH_ADDRESS ?? '127.0.0.1';
      const socket = new RawSocket({
        port,
        path,
        localAddress,
        ...(reads ? { onText: reader() } : {}),
      });
      socket.ready.then(
        () => socket.say(hello),
        () => {},
      );
      return socket;
    });
    sockets.push(...opened);
    tell({ is: 'open' });
  }
  if (message.do === 'read') {
    if (sockets.some(({ isClosed }) => isClosed))
      throw new Error('the server closed a socket of the bench');
    const bytes = sockets.map((socket, index) => socket.bytes - (bytesBefore[index] ?? 0));
    tell({
      is: 'read',
      chatMs,
      stockMs,
      chatCounts: readers.map(({ chat }) => chat),
      stockCounts: readers.map(({ stock }) => stock),
      bytesMin: Math.min(...bytes),
      bytesMax: Math.max(...bytes),
    });
  }
  if (message.do === 'clear') {
    chatMs = [];
    stockMs = [];
    for (const counts of readers) counts.chat = counts.stock = 0;
    bytesBefore = sockets.map((socket) => socket.bytes);
    tell({ is: 'clear' });
  }
  if (message.do === 'end') {
    for (const socket of sockets) socket.end();
    sockets = [];
    readers = [];
    bytesBefore = [];
    tell({ is: 'ended' });
  }
});
process.on('disconnect', () => process.exit(0));

/**
 * A viewer elsewhere costs the server no wake-up; one that sleeps in the same machine's kernel does, with each write.
 * So the audience looks after its sockets every other millisecond instead of being woken: the same for both servers.
 */
const bell = new Int32Array(new SharedArrayBuffer(4));
const lookAround = () => {
  Atomics.wait(bell, 0, 0, 2);
  setImmediate(lookAround);
};
lookAround();
