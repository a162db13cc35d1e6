// The picture that stands for a show before it has one of its own, and above its replay: chosen and taken away by who
// directs it. What may be done is decided by the show (SHO-16 in docs/rules/show.md).

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type ShowId, showStream } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import type { Random } from '../base/ports.ts';
import { isRefusal } from '../base/result.ts';
import { type ImageStore, imagePath } from '../catalogue/image-store.ts';
import type { Engine } from '../engine/contract.ts';
import { id, showSummary } from '../protocol/http.ts';
import { showTeller } from './command-door.ts';
import { takeFile, takesFiles } from './file-upload.ts';
import { ProblemError, refusalError } from './problem-reply.ts';
import type { ShowDesk } from './show-desk.ts';
import { director } from './visitor.ts';

export type CoverRoutesOptions = {
  readonly engine: Engine;
  readonly random: Random;
  readonly desk: Pick<ShowDesk, 'summary' | 'shown'>;
  readonly images: Pick<ImageStore, 'store'>;
};

const showParams = z.object({ show: id });

export const coverRoutes = (options: CoverRoutesOptions) => async (instance: FastifyInstance) => {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { desk, images } = options;
  await takesFiles(app);
  const tell = showTeller(options);

  const choose = async (request: FastifyRequest, showId: string, coverUrl: string | null) => {
    const command = { kind: 'ChooseCover', coverUrl } as const;
    const { seq } = await tell(request, director(request), showId, command);
    await desk.shown(showStream(showId as ShowId), seq);
    const summary = await desk.summary(showId as ShowId);
    if (!summary) throw new ProblemError('show-unknown');
    return summary;
  };

  app.put(
    '/api/shows/:show/cover',
    {
      schema: {
        summary: 'Choose a cover for a show',
        params: showParams,
        consumes: ['multipart/form-data'],
        response: { 200: showSummary },
      },
    },
    async (request) => {
      director(request);
      const { show } = request.params;
      // Before a file is taken in for nothing.
      if (!(await desk.summary(show as ShowId))) throw new ProblemError('show-unknown');
      const { bytes } = await takeFile(request, limits.imageBytesMax);
      const file = await images.store(bytes);
      if (isRefusal(file)) throw refusalError(file);
      return choose(request, show, imagePath(file.fileName, file.width));
    },
  );

  app.delete(
    '/api/shows/:show/cover',
    {
      schema: {
        summary: 'Take the cover of a show away',
        params: showParams,
        response: { 200: showSummary },
      },
    },
    (request) => choose(request, request.params.show, null),
  );
};
