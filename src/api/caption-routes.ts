// The doors of captions: what the crew writes down while it is said, and the file of a replay. An encoder's own
// captions come by the media plane. Rules: docs/rules/captions.md.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ShowId } from '../base/brand.ts';
import type { Random } from '../base/ports.ts';
import type { Engine } from '../engine/contract.ts';
import { captionBody } from '../protocol/captions.ts';
import { id } from '../protocol/http.ts';
import { webVtt } from '../protocol/web-vtt.ts';
import { logPlace, placeOf, showTeller } from './command-door.ts';
import { ProblemError } from './problem-reply.ts';
import type { ShowDoor } from './show-access.ts';
import type { ShowDesk } from './show-desk.ts';
import { signedIn } from './visitor.ts';

export type CaptionRoutesOptions = {
  readonly engine: Engine;
  readonly random: Random;
  readonly desk: Pick<ShowDesk, 'replay'>;
  readonly door: Pick<ShowDoor, 'admit'>;
};

const showParams = z.object({ show: id });

export const captionRoutes =
  (options: CaptionRoutesOptions) =>
  async (instance: FastifyInstance): Promise<void> => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const { desk, door } = options;
    const tell = showTeller(options);

    app.post(
      '/api/shows/:show/captions',
      {
        schema: {
          summary: 'Write down what was said',
          params: showParams,
          body: captionBody,
          response: { 200: logPlace },
        },
      },
      async (request) => {
        const command = { kind: 'SayCaption', ...request.body } as const;
        return placeOf(await tell(request, signedIn(request), request.params.show, command));
      },
    );

    app.get(
      '/api/shows/:show/captions.vtt',
      { schema: { summary: 'The captions of a replay as WebVTT', params: showParams } },
      async (request, reply) => {
        await door.admit(request.you, request.params.show);
        const replay = await desk.replay(request.params.show as ShowId);
        if (!replay) throw new ProblemError('show-not-ended');
        if (replay.cues.length === 0) throw new ProblemError('captions-none');
        return reply.type('text/vtt; charset=utf-8').send(webVtt(replay.cues));
      },
    );
  };
