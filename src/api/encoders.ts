// Encoders joined: their keys, the listener for RTMP, and their doors. RTMP is a convenience of the shop and no part of
// its life: when its port is taken and nobody named one, the shop opens without it and says so.

import type { FastifyInstance } from 'fastify';
import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Accounts } from '../accounts/accounts.ts';
import { createStreamKeys } from '../accounts/stream-keys.ts';
import { Fault } from '../base/fault.ts';
import type { Clock, Random } from '../base/ports.ts';
import type { Settings } from '../base/settings.ts';
import { Ingest } from '../media/ingest/ingest.ts';
import { WhipReports } from '../media/ingest/whip-reports.ts';
import type { MediaPlane } from '../media/media-plane.ts';
import type { ShowSummary } from '../protocol/http.ts';
import { showOfHost } from '../views/host-shows.ts';
import type { ViewTables } from '../views/tables.ts';
import { encoderRoutes } from './encoder-routes.ts';
import { StreamKeyDesk } from './stream-key-desk.ts';
import type { KeySession } from './whip-whep.ts';

export type EncodersParts = {
  readonly pool: Pool;
  readonly db: Kysely<ViewTables>;
  readonly media: MediaPlane;
  readonly accounts: Pick<Accounts, 'person'>;
  readonly summary: (showId: string) => Promise<ShowSummary | null>;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: Pick<Settings, 'rtmpPort' | 'host' | 'publicUrl'>;
  readonly logger: Pick<Logger, 'info' | 'error'>;
};

/** The port that encoders expect. */
const usualPort = 1935;

/** Keys at once; `start` opens the RTMP port. */
export const encoders = (parts: EncodersParts) => {
  const { pool, db, media, accounts, summary, clock, random, settings } = parts;
  const keys = createStreamKeys({ pool, clock, random });
  const desk = new StreamKeyDesk({
    ...{ keys, media, accounts, summary, clock },
    showOfHost: (personId) => showOfHost(db, personId, clock.nowMs()),
  });
  const whip = new WhipReports(media, () => clock.nowMs());
  const { rtmpPort, host, publicUrl } = settings;
  const { logger } = parts;
  const onNote = (note: string) => logger.info({ part: 'ingest' }, note);
  const ingest =
    rtmpPort === 0
      ? null
      : new Ingest({
          media,
          port: rtmpPort ?? usualPort,
          host,
          askKey: (key, address) => desk.ask(key, address),
          onSession: (sessionId, keyId) => desk.began(sessionId, keyId),
          onNote,
          onFault: (what, error) => logger.error({ err: error }, what),
        });
  return {
    desk,
    routes: (app: FastifyInstance) =>
      encoderRoutes({ keys, desk, ingest, whip, summary, publicUrl })(app),
    /** An encoder was let in by WHIP with a stream key. */
    onKeySession: ({ showId, sessionId, keyId, encoder }: KeySession): void => {
      desk.began(sessionId, keyId);
      whip.began(showId, sessionId, encoder);
    },
    /** Opens the port. Rejects when a port that was asked for by name is taken; the usual one isn't waited for. */
    async start(): Promise<void> {
      const started = ingest?.start();
      if (rtmpPort === null) {
        started?.catch((error: Error) => onNote(`Encoders can’t come by RTMP: ${error.message}`));
        return;
      }
      await started?.catch((error: Error) => {
        throw new Fault('port-busy', `RIALTO_RTMP_PORT: ${error.message}`, { cause: error });
      });
    },
    stop: async () => ingest?.close(),
  };
};
