// The door to the proof of a drop or giveaway: what makes its order, in every phase of the show, for whoever may come
// into it and, once it has ended, for everybody. It is gathered from the published log when it is asked for, for a few
// at a time, and shared by all who ask for the same state of it. Rules: docs/rules/drop.md, DRO-9; docs/rules/access.md.

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type ShowId, type StreamId, showStream } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import type { EventLog } from '../log/event-log.ts';
import type { DropProof } from '../protocol/drops.ts';
import { id } from '../protocol/http.ts';
import { dropProof } from '../receipts/drop-proof.ts';
import { publishedPages } from '../receipts/published-log.ts';
import { ProblemError } from './problem-reply.ts';
import type { ShowDoor } from './show-access.ts';
import type { ShowDesk } from './show-desk.ts';

type Proof = DropProof | null;

export type ProofRoutesOptions = {
  readonly log: Pick<EventLog, 'readPublished' | 'head'>;
  readonly desk: Pick<ShowDesk, 'summary'>;
  readonly door: Pick<ShowDoor, 'admit'>;
};

export const proofRoutes =
  ({ log, desk, door }: ProofRoutesOptions) =>
  async (instance: FastifyInstance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    let underWay = 0;
    const scan = async (stream: StreamId, show: string, drop: string, version: number) => {
      if (underWay >= limits.logExportsMax) throw new ProblemError('busy');
      underWay += 1;
      try {
        return await dropProof(show, drop, publishedPages(log, stream, version));
      } finally {
        underWay -= 1;
      }
    };
    // A crowd that checks the order at once reads the log once: the newest proofs, whole or under way.
    const kept = new Map<string, { readonly version: number; readonly proof: Promise<Proof> }>();
    const gathered = (stream: StreamId, show: string, drop: string, version: number) => {
      const key = `${show} ${drop}`;
      const known = kept.get(key);
      if (known && known.version >= version) return known.proof;
      const proof = scan(stream, show, drop, version);
      kept.delete(key);
      kept.set(key, { version, proof });
      const forget = () => kept.get(key)?.proof === proof && kept.delete(key);
      // What is not there takes no place, and a reader's fault isn't the next one's.
      proof.then((found) => found === null && forget(), forget);
      if (kept.size > limits.proofsKeptMax) kept.delete(kept.keys().next().value!);
      return proof;
    };

    app.get(
      '/api/shows/:show/drops/:drop/proof',
      {
        schema: {
          summary:
            'What makes the order of a drop or giveaway: commitments, entries, seeds, winners',
          params: z.object({ show: id, drop: id }),
        },
        config: { rateLimit: { max: limits.logExportsPerMinute, timeWindow: '1 minute' } },
      },
      async (request, reply): Promise<DropProof> => {
        const { show, drop } = request.params;
        // [TKT-5] With the end its log is everybody's, and this with it.
        if ((await desk.summary(show as ShowId))?.phase !== 'ended')
          await door.admit(request.you, show);
        const stream = showStream(show as ShowId);
        const { version, headHash } = await log.head(stream);
        const etag = `"${headHash}"`;
        reply.header('etag', etag).header('cache-control', 'public, no-cache');
        if (version > 0 && request.headers['if-none-match'] === etag)
          return reply.code(304).send() as never;
        const proof = await gathered(stream, show, drop, version);
        if (proof === null) throw new ProblemError('drop-unknown');
        return proof;
      },
    );
  };
