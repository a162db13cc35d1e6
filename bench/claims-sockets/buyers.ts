// A process of buyers, each with a socket and a session of their own. All claim at once when they are told to, and
// everyone waits for every answer.

import { openPeople, type RawSocket, sharedNowMs } from '../fanout/clients.ts';
import { benchVariant, type FromBuyers, type ToBuyers } from './talk.ts';

type Buyer = { readonly socket: RawSocket; waiting: Map<string, number> };

const buyers: Buyer[] = [];
const who = process.env.RIALTO_BENCH_ADDRESS ?? '127.0.0.1';
const answer = /^\{"t":"(done|refused)","id":"([^"]+)"/;

let round: {
  held: number;
  refused: number;
  waitsMs: number[];
  left: number;
  beganMs: number;
} | null = null;
const tell = (message: FromBuyers) => process.send?.(message);

const heard = (buyer: { waiting: Map<string, number> }, text: string) => {
  const match = answer.exec(text);
  const saidMs = match && buyer.waiting.get(match[2]!);
  if (!match || saidMs === undefined || saidMs === null || round === null) return;
  buyer.waiting.delete(match[2]!);
  const nowMs = sharedNowMs();
  round.waitsMs.push(nowMs - saidMs);
  if (match[1] === 'done') round.held += 1;
  else if (text.includes('"code":"sold-out"')) round.refused += 1;
  else throw new Error(text);
  round.left -= 1;
  if (round.left > 0) return;
  const { left: _, ...sums } = round;
  round = null;
  tell({ is: 'claimed', ...sums, endedMs: nowMs });
};

process.on('message', async (message: ToBuyers) => {
  if (message.do === 'open') {
    const { port, path, count } = message;
    const from = { port, path, count, localAddress: who };
    const waiting = () => ({ waiting: new Map<string, number>() });
    buyers.push(...(await openPeople(from, waiting, heard)));
    tell({ is: 'open' });
  } else {
    const { offerId, each } = message;
    round = {
      held: 0,
      refused: 0,
      waitsMs: [],
      left: buyers.length * each,
      beganMs: sharedNowMs(),
    };
    for (let turn = 0; turn < each; turn += 1) {
      for (const { socket, waiting } of buyers) {
        const id = `${offerId}_${turn}`;
        waiting.set(id, sharedNowMs());
        socket.say(
          JSON.stringify({ t: 'claim', id, offerId, variantId: benchVariant, quantity: 1 }),
        );
      }
    }
  }
});
process.on('disconnect', () => process.exit(0));
