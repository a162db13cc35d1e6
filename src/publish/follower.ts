// A client that follows a room as the browser does: folds frames, keeps its place in each lane, skips what
// it saw before. For tests, benches and the simulated crowd; the web has its own around the same rule.

import { applyMessage, type Room, type RoomMessage } from '../protocol/room.ts';
import type { MyBid, MyEntry, MyHold, Position, ServerMessage } from '../protocol/socket.ts';

export class Follower {
  room: Room | null = null;
  position: Position | null = null;
  chatGap = false;
  snapshots = 0;
  shed = 0;
  readonly holds = new Map<string, MyHold>();
  readonly bids = new Map<string, MyBid>();
  readonly entries = new Map<string, MyEntry>();
  /** Every message that was news, in order. */
  readonly seen: RoomMessage[] = [];
  readonly #chatMax: number;

  constructor(chatMax: number) {
    this.#chatMax = chatMax;
  }

  hear(message: ServerMessage): void {
    switch (message.t) {
      case 'welcome':
        this.holds.clear();
        for (const hold of message.holds) this.holds.set(hold.holdId, hold);
        this.entries.clear();
        for (const entry of message.entries) this.entries.set(entry.dropId, entry);
        this.bids.clear();
        for (const bid of message.bids) this.bids.set(bid.lotId, bid);
        this.chatGap ||= message.chatGap;
        if (message.room === null) return;
        this.snapshots += 1;
        this.room = message.room;
        this.position = { epoch: message.epoch, fast: message.seq, slow: message.seq };
        return;
      case 'frame': {
        if (!this.room || !this.position) return;
        const place = this.position[message.lane];
        this.shed += message.shed ?? 0;
        for (const one of message.m) {
          if ('seq' in one && one.seq <= place) continue;
          this.seen.push(one);
          this.room = applyMessage(this.room, one, this.#chatMax);
        }
        this.position = { ...this.position, [message.lane]: Math.max(place, message.to) };
        return;
      }
      case 'you':
        for (const one of message.m) {
          if (one.t === 'hold') this.holds.set(one.hold.holdId, one.hold);
          else if (one.t === 'entry') this.entries.set(one.entry.dropId, one.entry);
          else if (one.t === 'bid') this.bids.set(one.bid.lotId, one.bid);
          else if (one.t === 'hold-ended') this.holds.delete(one.holdId);
        }
        return;
      default:
        return;
    }
  }
}
