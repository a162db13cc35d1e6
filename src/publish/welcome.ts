// The answer to a newcomer, as JSON. When a server comes back a whole crowd says hello within seconds:
// the parts of the room that haven't changed since the last hello (the shelf above all) aren't written
// again.

import type { Room } from '../protocol/room.ts';
import type { ServerMessage } from '../protocol/socket.ts';

type Welcome = Extract<ServerMessage, { t: 'welcome' }>;

export class WelcomeWriter {
  readonly #parts = new Map<string, { value: unknown; json: string }>();

  /** `welcome` with the room put in, or with none. */
  write(welcome: Omit<Welcome, 'room'>, room: Room | null): string {
    const { chatGap, ...head } = welcome;
    return `${JSON.stringify(head).slice(0, -1)},"chatGap":${chatGap},"room":${room ? this.#room(room) : 'null'}}`;
  }

  #room(room: Room): string {
    const parts = Object.entries(room).map(
      ([name, value]) => `${JSON.stringify(name)}:${this.#part(name, value)}`,
    );
    return `{${parts.join(',')}}`;
  }

  #part(name: string, value: unknown): string {
    const known = this.#parts.get(name);
    if (known && known.value === value) return known.json;
    const json = JSON.stringify(value);
    this.#parts.set(name, { value, json });
    return json;
  }
}
