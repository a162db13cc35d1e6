// A server for tests of single doors: nothing of it but what every request passes, and people by their cookie.

import type { You } from '../protocol/socket.ts';
import { frontOf } from './front.ts';
import { createServer } from './server.ts';

/** Whoever brings a cookie `who=name` is the person of that name. */
export const testServer = (people: Readonly<Record<string, You>> = {}) =>
  createServer({
    logger: false,
    publicUrl: 'http://shop.example',
    front: frontOf(null),
    version: 'test',
    sessionOf: async ({ cookie }) => people[cookie?.split('=')[1] ?? ''] ?? null,
    readiness: async () => [],
    metrics: () => '',
  });

export type TestServer = Awaited<ReturnType<typeof testServer>>;
