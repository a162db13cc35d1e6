// Simulcast as one piece of the program: destinations, the processes that push to them, told when shows begin and end,
// and the doors. It lives as long as the HTTP server that it is registered with. Nothing is decided here.

import type { FastifyInstance } from 'fastify';
import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import { createDestinations } from '../accounts/destinations.ts';
import type { Clock, Random } from '../base/ports.ts';
import type { Engine } from '../engine/contract.ts';
import type { Tappable } from '../media/hls/hls-plane.ts';
import { PushPlane } from '../media/push/push-plane.ts';
import type { ShowSummary } from '../protocol/http.ts';
import { showsInPhase } from '../views/shows.ts';
import type { ViewTables } from '../views/tables.ts';
import { simulcastRoutes } from './simulcast-routes.ts';

export type SimulcastParts = {
  readonly media: Tappable & { isLive(showId: string): boolean };
  readonly engine: Pick<Engine, 'onCommitted'>;
  readonly db: Kysely<ViewTables>;
  readonly pool: Pool;
  /** Seals keys. */
  readonly secret: string;
  /** Destinations inside this machine and its networks are allowed. */
  readonly inside: boolean;
  readonly summary: (showId: string) => Promise<ShowSummary | null>;
  readonly clock: Clock;
  readonly random: Random;
  readonly note: (figures: object, what: string) => void;
};

export const simulcast = (parts: SimulcastParts) => async (app: FastifyInstance) => {
  const { media, engine, db, inside, summary, clock, note } = parts;
  const destinations = createDestinations(parts);
  const pushes = new PushPlane({
    ...{ media, inside },
    isLive: (showId) => media.isLive(showId),
    targets: (showId) => destinations.openOf(showId),
    onNote: (what, figures) => note(figures, what),
  });
  engine.onCommitted(({ stream, events }) => {
    if (!stream.startsWith('show-')) return;
    const showId = stream.slice('show-'.length);
    for (const { kind } of events) {
      if (kind === 'ShowStarted') pushes.started(showId);
      else if (kind === 'ShowEnded' || kind === 'ShowCancelled') pushes.ended(showId);
    }
  });
  for (const { show_id } of await showsInPhase(db, 'live')) pushes.started(show_id);
  app.addHook('preClose', () => pushes.close());
  await app.register(
    simulcastRoutes({ destinations, pushes, summary, nowMs: () => clock.nowMs() }),
  );
};
