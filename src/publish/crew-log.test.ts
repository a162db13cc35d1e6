import { expect, it } from 'vitest';
import { limits } from '../base/limits.ts';
import type { CrewMessage } from '../protocol/socket.ts';
import { CrewLog } from './crew-log.ts';

const expired = (atMs: number, title: string) =>
  ({ t: 'expired', seq: 1, atMs, title, quantity: 1 }) as const;
const titles = (log: CrewLog) =>
  log.messages.map((message) => ('title' in message ? message.title : ''));

it('[PUB-17] puts what was read later where it happened, after what happened with it', () => {
  const log = new CrewLog();
  log.add([expired(10, 'a')], 10);
  log.add([expired(30, 'c')], 30);
  log.add([expired(10, 'b')], 10);
  expect(titles(log)).toEqual(['a', 'b', 'c']);
});

it('[PUB-17] keeps the newest, whichever was read first', () => {
  const log = new CrewLog();
  for (let at = 1; at <= limits.crewMessagesKept; at += 1) log.add([expired(at, `${at}`)], at);
  log.add([expired(0, 'older than all')], 0);
  expect(titles(log)[0]).toBe('1');
  log.add([expired(1_000, 'new')], 1_000);
  expect(titles(log)).toHaveLength(limits.crewMessagesKept);
  expect(titles(log).at(-1)).toBe('new');
  expect(titles(log)[0]).toBe('2');
});

it('[CCL-14] keeps what became of comments apart: many that are unclear push out no sale', () => {
  const log = new CrewLog();
  log.add([{ t: 'expired', seq: 1, atMs: 1, title: 'Bowl', quantity: 1 }], 1);
  const comment = (seq: number): CrewMessage => ({
    t: 'comment',
    seq,
    messageId: `m${seq}`,
    outcome: 'unclear',
    quantity: 0,
    title: '',
    reason: null,
  });
  for (let seq = 2; seq < 500; seq += 1) log.add([comment(seq)], seq);
  expect(log.messages.length).toBe(limits.chatWindowMax + 1);
  expect(log.messages.at(-1)).toMatchObject({ t: 'expired' });
  expect(log.messages.at(-2)).toMatchObject({ messageId: 'm499' });
});
