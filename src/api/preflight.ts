// The check before a show as one part: what is kept, its doors, and the test stream of the line.

import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import type { Clock, Random } from '../base/ports.ts';
import type { MediaPlane } from '../media/media-plane.ts';
import { lineTestRoutes } from './line-test-routes.ts';
import { createPreflightBook } from './preflight-book.ts';
import { type PreflightOptions, preflightRoutes } from './preflight-routes.ts';
import type { ShowDesk } from './show-desk.ts';

export type PreflightParts = Omit<PreflightOptions, 'book' | 'desk'> & {
  readonly pool: Pool;
  readonly desk: ShowDesk;
  readonly media: Pick<MediaPlane, 'publish' | 'leave'>;
  readonly clock: Clock;
  readonly random: Random;
};

export const preflight = (parts: PreflightParts) => async (app: FastifyInstance) => {
  await app.register(preflightRoutes({ ...parts, book: createPreflightBook(parts.pool) }));
  await app.register(lineTestRoutes(parts));
};
