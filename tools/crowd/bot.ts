// One simulated person: a session, a socket, what is held for them. It speaks the same protocol through the
// same doors as a browser and decides nothing by itself: what to do and when is the crowd's part
// (tools/crowd.ts). Frames are read only as far as their place, unless somebody wants to know what is in
// them: a crowd has many ears and needs one pair of eyes.

import { WebSocket } from 'ws';
import { comesBack } from '../../src/protocol/close-codes.ts';
import {
  type ClientMessage,
  type MyHold,
  type Position,
  retryMsOf,
  type ServerMessage,
} from '../../src/protocol/socket.ts';
import type { Character } from '../../src/rehearsal/cast.ts';

/** How a person gets a session: the cookie to send. */
export type MakeSession = (name: string) => Promise<string>;

export type BotEvents = {
  /** Everything but frames; frames too while `isWatching`. */
  readonly onMessage: (bot: Bot, message: ServerMessage) => void;
  /** The connection is gone; `retryMs` says when to come back, null for never. */
  readonly onGone: (bot: Bot, retryMs: number | null) => void;
};

const framePlace = /^\{"t":"frame","atMs":\d+,"lane":"(fast|slow)","to":(\d+)/;

export class Bot {
  readonly character: Character;
  readonly cookie: string;
  readonly holds = new Map<string, MyHold>();
  /** When this one may write again; people read before they write. */
  quietUntilMs = 0;
  hasGreeted = false;
  isWatching = false;
  #position: Position | null = null;
  #ws: WebSocket | null = null;
  readonly #events: BotEvents;

  constructor(character: Character, cookie: string, events: BotEvents) {
    this.character = character;
    this.cookie = cookie;
    this.#events = events;
  }

  get isHere(): boolean {
    return this.#ws?.readyState === WebSocket.OPEN;
  }

  /** Opens the socket; `position` is kept from the last time in the same show. */
  enter(url: string, showId: string, isReturning: boolean): void {
    this.leave();
    if (!isReturning) this.#position = null;
    const address = `${url.replace(/^http/, 'ws')}/api/shows/${showId}/live`;
    const ws = new WebSocket(address, {
      headers: { cookie: this.cookie, origin: url },
      perMessageDeflate: false,
    });
    this.#ws = ws;
    // An error is always followed by close.
    ws.on('error', () => {});
    ws.on('open', () => this.say({ t: 'hello', position: this.#position ?? undefined }));
    ws.on('message', (data) => this.#hear(String(data)));
    ws.on('close', (code, reason) => {
      if (this.#ws !== ws) return;
      this.#ws = null;
      this.#events.onGone(this, comesBack(code) ? (retryMsOf(reason.toString()) ?? 3_000) : null);
    });
  }

  /** As a phone does in a tunnel: without a word. */
  drop(): void {
    this.#ws?.terminate();
  }

  leave(): void {
    const ws = this.#ws;
    this.#ws = null;
    ws?.close();
  }

  say(message: ClientMessage): void {
    if (this.isHere) this.#ws?.send(JSON.stringify(message));
  }

  #hear(text: string): void {
    const frame = framePlace.exec(text);
    if (frame && this.#position) {
      const lane = frame[1] as 'fast' | 'slow';
      this.#position = {
        ...this.#position,
        [lane]: Math.max(this.#position[lane], Number(frame[2])),
      };
      if (!this.isWatching) return;
    }
    const message = JSON.parse(text) as ServerMessage;
    if (message.t === 'welcome') {
      if (message.room !== null)
        this.#position = { epoch: message.epoch, fast: message.seq, slow: message.seq };
      this.holds.clear();
      for (const hold of message.holds) this.holds.set(hold.holdId, hold);
    }
    if (message.t === 'you') {
      for (const one of message.m) {
        if (one.t === 'hold') this.holds.set(one.hold.holdId, one.hold);
        else if (one.t === 'hold-ended') this.holds.delete(one.holdId);
      }
    }
    this.#events.onMessage(this, message);
  }
}
