// A process of bidders, each with a socket and a session of their own. All bid at once when they are told to, each a
// little more than the one before, and everyone waits for every answer.

import { openPeople, type RawSocket, sharedNowMs } from '../fanout/clients.ts';
import { type FromBidders, startMinor, type ToBidders } from './talk.ts';

type Bidder = { readonly socket: RawSocket; readonly waiting: Map<string, number> };

const bidders: Bidder[] = [];
const who = process.env.RIALTO_BENCH_ADDRESS ?? '127.0.0.1';
const answer = /^\{"t":"(done|refused)","id":"([^"]+)"/;

let round: {
  accepted: number;
  tooLow: number;
  waitsMs: number[];
  left: number;
  beganMs: number;
} | null = null;
const tell = (message: FromBidders) => process.send?.(message);

const heard = (waiting: Map<string, number>, text: string) => {
  const match = answer.exec(text);
  const saidMs = match ? waiting.get(match[2]!) : undefined;
  if (!match || saidMs === undefined || round === null) return;
  waiting.delete(match[2]!);
  const nowMs = sharedNowMs();
  round.waitsMs.push(nowMs - saidMs);
  if (match[1] === 'done') round.accepted += 1;
  else if (text.includes('"code":"bid-too-low"')) round.tooLow += 1;
  else throw new Error(text);
  round.left -= 1;
  if (round.left > 0) return;
  const { left: _, ...sums } = round;
  round = null;
  tell({ is: 'bid', ...sums, endedMs: nowMs });
};

const open = async ({ port, path, count }: Extract<ToBidders, { do: 'open' }>) => {
  const from = { port, path, count, localAddress: who };
  const waiting = () => ({ waiting: new Map<string, number>() });
  bidders.push(...(await openPeople(from, waiting, (bidder, text) => heard(bidder.waiting, text))));
  tell({ is: 'open' });
};

const bid = ({ lotId, each, process: own, processes }: Extract<ToBidders, { do: 'bid' }>) => {
  round = {
    accepted: 0,
    tooLow: 0,
    waitsMs: [],
    left: bidders.length * each,
    beganMs: sharedNowMs(),
  };
  for (let turn = 0; turn < each; turn += 1) {
    for (const [index, { socket, waiting }] of bidders.entries()) {
      const id = `${lotId}_${turn}`;
      const nth = (turn * bidders.length + index) * processes + own;
      waiting.set(id, sharedNowMs());
      socket.say(
        JSON.stringify({
          t: 'bid',
          id,
          lotId,
          maxMinor: startMinor + 2 * nth,
          currency: 'EUR',
          confirmed: true,
        }),
      );
    }
  }
};

process.on('message', (message: ToBidders) => {
  if (message.do === 'open') void open(message);
  else bid(message);
});
process.on('disconnect', () => process.exit(0));
