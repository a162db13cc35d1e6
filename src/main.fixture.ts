// Tests of the whole server over HTTP: settings for one of its own, and people with their cookies.

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { assert } from './base/assert.ts';
import { freePort } from './base/free-port.ts';
import { readSettings } from './base/settings.ts';
import type { ServerMessage } from './protocol/socket.ts';

/** A bare server of its own on the database at this address. */
export const settingsOn = async (databaseUrl: string, env: Record<string, string> = {}) => {
  const port = await freePort();
  const RIALTO_DATA = await mkdtemp(join(tmpdir(), 'rialto-main-'));
  return readSettings(
    {
      PORT: String(port),
      HOST: '127.0.0.1',
      DATABASE_URL: databaseUrl,
      RIALTO_DATA,
      LOG_LEVEL: 'silent',
      ...env,
    },
    ['--bare'],
  );
};

/** A person with their cookies. */
export class Visitor {
  readonly #url: () => string;
  constructor(url: () => string) {
    this.#url = url;
  }

  cookie = '';
  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(path.startsWith('http') ? path : this.#url() + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined || raw ? {} : { 'content-type': 'application/json' }),
        ...(this.cookie ? { cookie: this.cookie } : {}),
        ...(method === 'GET' ? {} : { origin: this.#url() }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
    });
    const set = response.headers.getSetCookie().map((each) => each.split(';', 1)[0]!);
    if (set.length > 0) this.cookie = set.join('; ');
    const text = await response.text();
    // biome-ignore lint/suspicious/noExplicitAny: answers of every shape, checked by the tests.
    const json: any = /[/+]json/.test(response.headers.get('content-type') ?? '')
      ? JSON.parse(text)
      : null;
    return { status: response.status, json, text, headers: response.headers };
  }
  async signUp(name: string) {
    const answer = await this.ask('POST', '/api/auth/sign-up/email', {
      name,
      email: `${name}@example.com`,
      password: 'correct horse battery',
    });
    assert(answer.status === 200, `${name} can't sign up: ${answer.text}`);
    return this;
  }
  /** Opens the show's socket and waits for the welcome. */
  async live(showId: string) {
    const socket = new WebSocket(`${this.#url().replace('http', 'ws')}/api/shows/${showId}/live`, {
      headers: { ...(this.cookie ? { cookie: this.cookie } : {}), origin: this.#url() },
    });
    const heard: ServerMessage[] = [];
    const waiting: { match: (m: ServerMessage) => boolean; resolve: (m: ServerMessage) => void }[] =
      [];
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as ServerMessage;
      heard.push(message);
      for (const each of waiting.filter(({ match }) => match(message))) each.resolve(message);
    });
    const hears = (match: (m: ServerMessage) => boolean): Promise<ServerMessage> => {
      const known = heard.find(match);
      return known
        ? Promise.resolve(known)
        : new Promise((resolve) => waiting.push({ match, resolve }));
    };
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const send = (message: object | string) =>
      socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    send({ t: 'hello' });
    await hears((m) => m.t === 'welcome');
    return { socket, heard, hears, send };
  }
}
