// A wire for tests: keeps the bytes that it was given, reads the frames in them, and can refuse to drain.

import assert from 'node:assert/strict';
import type { ServerMessage } from '../protocol/socket.ts';
import type { Wire } from './member.ts';

/** The texts of whole WebSocket frames that stand one behind the other. */
export const textsIn = (bytes: Buffer): string[] => {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const code = bytes[at]! & 0x0f;
    assert.equal(bytes[at]! & 0x80, 0x80, 'a frame that is whole');
    let length = bytes[at + 1]!;
    at += 2;
    if (length === 126) {
      length = bytes.readUInt16BE(at);
      at += 2;
    } else if (length === 127) {
      length = Number(bytes.readBigUInt64BE(at));
      at += 8;
    }
    if (code === 1) texts.push(bytes.subarray(at, at + length).toString());
    at += length;
  }
  return texts;
};

export class TestWire implements Wire {
  readonly #hear: (message: ServerMessage) => void;
  written: Buffer[] = [];
  closedWith: number | null = null;
  /** While true nothing leaves the queue. */
  isStuck = false;
  #stuck: Buffer[] = [];

  constructor(hear: (message: ServerMessage) => void) {
    this.#hear = hear;
  }

  write(frames: Buffer): void {
    if (this.closedWith !== null) return;
    if (this.isStuck) {
      this.#stuck.push(frames);
      return;
    }
    this.written.push(frames);
    for (const text of textsIn(frames)) this.#hear(JSON.parse(text));
  }

  queuedBytes(): number {
    return this.#stuck.reduce((sum, { length }) => sum + length, 0);
  }

  close(code: number): void {
    this.closedWith ??= code;
  }

  /** Takes the oldest of what is stuck away, as if it had been read. */
  dropFirst(): void {
    this.#stuck.shift();
  }

  /** The other side reads again. */
  drain(): void {
    this.isStuck = false;
    for (const frames of this.#stuck.splice(0)) this.write(frames);
  }
}
