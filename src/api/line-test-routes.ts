// A host's test stream before a show: WHIP to a place of its own that nobody watches, records or sells in, and that
// ends by itself. Rules: docs/rules/preflight.md.

import type { FastifyInstance } from 'fastify';
import type { ShowId } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import type { Clock, Random } from '../base/ports.ts';
import { newLineTestId } from '../media/line-test.ts';
import { MediaFault, type MediaPlane } from '../media/media-plane.ts';
import { id } from '../protocol/http.ts';
import { ProblemError } from './problem-reply.ts';
import type { ShowDesk } from './show-desk.ts';
import { director } from './visitor.ts';

export type LineTestOptions = {
  readonly media: Pick<MediaPlane, 'publish' | 'leave'>;
  readonly desk: Pick<ShowDesk, 'summary'>;
  readonly clock: Clock;
  readonly random: Random;
};

type LineTest = { readonly sessionId: string; readonly cancelEnd: () => void };
type TestParams = { Params: { show: string; session: string } };

const sdpType = 'application/sdp';

export const lineTestRoutes = (options: LineTestOptions) => async (app: FastifyInstance) => {
  const { media, desk, clock, random } = options;
  /** By person: one each. Places that are being opened count, or a burst would pass the limit. */
  const running = new Map<string, LineTest | 'opening'>();

  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    sdpType,
    { parseAs: 'string', bodyLimit: limits.sdpBytesMax },
    (_request, body, done) => done(null, body),
  );

  const end = async (personId: string, test: LineTest): Promise<void> => {
    test.cancelEnd();
    if (running.get(personId) === test) running.delete(personId);
    // A plane that is gone has ended it already.
    await media.leave(test.sessionId).catch(() => false);
  };

  app.post<{ Params: { show: string } }>(
    '/api/shows/:show/line-test',
    { schema: { hide: true } },
    async (request, reply) => {
      const { id: personId } = director(request);
      const { show } = request.params;
      const summary = id.safeParse(show).success ? await desk.summary(show as ShowId) : null;
      if (!summary) throw new ProblemError('show-unknown');
      if (summary.phase !== 'planned') throw new ProblemError('show-not-planned');
      if (typeof request.body !== 'string') throw new ProblemError('media-type-unsupported');
      const before = running.get(personId);
      if (before === 'opening' || (!before && running.size >= limits.lineTestsMax))
        throw new ProblemError('media-capacity');
      running.set(personId, 'opening');
      try {
        if (before) await end(personId, before);
        const answer = await media.publish(newLineTestId(random), request.body);
        const test: LineTest = {
          sessionId: answer.sessionId,
          cancelEnd: clock.at(clock.nowMs() + limits.lineTestMs, () => void end(personId, test)),
        };
        running.set(personId, test);
        return await reply
          .code(201)
          .header('location', `/api/shows/${show}/line-test/${answer.sessionId}`)
          .header('cache-control', 'no-store')
          .type(sdpType)
          .send(answer.answerSdp);
      } catch (error) {
        if (running.get(personId) === 'opening') running.delete(personId);
        if (!(error instanceof MediaFault)) throw error;
        throw new ProblemError(
          error.code,
          error.code === 'media-sdp-invalid' ? { reason: error.message } : {},
        );
      }
    },
  );

  app.delete<TestParams>(
    '/api/shows/:show/line-test/:session',
    { schema: { hide: true } },
    async (request, reply) => {
      const { id: personId } = director(request);
      const test = running.get(personId);
      if (!test || test === 'opening' || test.sessionId !== request.params.session)
        throw new ProblemError('media-session-unknown');
      await end(personId, test);
      return reply.code(200).send();
    },
  );
};
