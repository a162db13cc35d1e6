// Health of a live show for its crew: the newest figures of the publisher's line, and the viewers'. One figure a show is
// kept, and none of a viewer. Rules: docs/rules/health.md.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ShowId } from '../base/brand.ts';
import type { WatchWay } from '../base/words.ts';
import type { MediaPlane, PublisherStats } from '../media/media-plane.ts';
import { healthView } from '../protocol/health.ts';
import { id, type ShowSummary } from '../protocol/http.ts';
import { ProblemError } from './problem-reply.ts';
import { director } from './visitor.ts';

export type HealthParts = {
  readonly media: Pick<MediaPlane, 'onEvent' | 'isLive' | 'viewers'>;
  readonly rooms: {
    viewers(showId: ShowId): number;
    watching(showId: ShowId, watchBy: WatchWay): number;
    pictureDelayP50Ms(showId: ShowId): number | null;
    pictureDelayP95Ms(showId: ShowId): number | null;
  };
  readonly summary: (showId: string) => Promise<ShowSummary | null>;
};

export const health =
  ({ media, rooms, summary }: HealthParts) =>
  async (instance: FastifyInstance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const newest = new Map<string, PublisherStats>();
    const stopListening = media.onEvent((event) => {
      if (event.type === 'publisher-stats') newest.set(event.showId, event);
      else if (event.type === 'publisher-lost') newest.delete(event.showId);
      else if (event.type === 'engine-restarted') newest.clear();
    });
    app.addHook('preClose', stopListening);
    app.get(
      '/api/shows/:show/health',
      {
        schema: {
          summary: 'How the line and the viewers of a show are doing',
          params: z.object({ show: id }),
          response: { 200: healthView },
        },
      },
      async (request) => {
        director(request);
        const { show } = request.params;
        if (!(await summary(show))) throw new ProblemError('show-unknown');
        const stats = media.isLive(show) ? newest.get(show) : undefined;
        const showId = show as ShowId;
        return {
          line: stats
            ? {
                bitsPerSecond: stats.bitsPerSecond,
                framesPerSecond: stats.framesPerSecond,
                lossRatio: stats.lossRatio,
                rttMs: stats.rttMs,
                keyIntervalMs: stats.keyIntervalMs ?? null,
                packetsSkipped: stats.packetsSkipped,
                packetsOverLimit: stats.packetsOverLimit ?? 0,
              }
            : null,
          viewers: {
            webrtc: media.viewers(show),
            hls: rooms.watching(showId, 'hls'),
            all: rooms.viewers(showId),
            delayP50Ms: rooms.pictureDelayP50Ms(showId),
            delayP95Ms: rooms.pictureDelayP95Ms(showId),
          },
        };
      },
    );
  };
