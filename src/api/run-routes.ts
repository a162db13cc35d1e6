// The doors of what a show says and when: its run of show, edited by whoever directs it; what its host earns; and that
// it was said aloud. What may be done is decided by the show (docs/rules/show.md, docs/rules/disclosure.md).

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type ProductId, type ShowId, showStream } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import type { Random } from '../base/ports.ts';
import type { Commissions } from '../catalogue/commissions.ts';
import type { ShelfItem } from '../domain/sale/shelf.ts';
import type { SegmentEdit } from '../domain/show/run-of-show.ts';
import type { Engine } from '../engine/contract.ts';
import { commissionsAnswer, setCommissionBody } from '../protocol/commission.ts';
import { id, runOfShow, segmentEditsBody } from '../protocol/http.ts';
import { logPlace, placeOf, showTeller } from './command-door.ts';
import { ProblemError, refusalError } from './problem-reply.ts';
import type { ShowDesk } from './show-desk.ts';
import { director, owner, type Person, signedIn } from './visitor.ts';

export type RunRoutesOptions = {
  readonly engine: Engine;
  readonly desk: Pick<ShowDesk, 'list' | 'room' | 'summary' | 'segments' | 'shown'>;
  readonly random: Random;
  readonly commissions: Commissions;
};

const showParams = z.object({ show: id });
const productParams = z.object({ product: z.string().max(255) });
const commissionParams = productParams.extend({ person: z.string().max(255) });

/** [DIS-1] Items as the shelf of a host carries them: with what they earn from, as it stands now. */
export const withEarning = async (
  commissions: Pick<Commissions, 'earning'>,
  hostId: string,
  items: readonly ShelfItem[],
): Promise<ShelfItem[]> => {
  const earning = new Set(
    await commissions.earning(
      hostId,
      items.map(({ productId }) => productId),
    ),
  );
  return items.map((item) =>
    earning.has(item.productId) ? { ...item, hostEarns: true as const } : item,
  );
};

/** [DIS-1] Tells a show from what on its shelf the host earns now. Idle where the shelf says so already. */
export const noteEarning =
  (
    options: Pick<RunRoutesOptions, 'engine' | 'random' | 'commissions'> & {
      readonly desk: Pick<ShowDesk, 'room'>;
    },
  ) =>
  async (request: FastifyRequest, person: Person, showId: string): Promise<void> => {
    const room = await options.desk.room(showId as ShowId);
    if (!room || room.shelf.length === 0) return;
    const productIds: ProductId[] = await options.commissions.earning(
      room.plan.hostId,
      room.shelf.map(({ productId }) => productId),
    );
    if (productIds.length === 0 && !room.shelf.some(({ hostEarns }) => hostEarns)) return;
    // A repeated request asks the catalogue anew, so its command may be another one.
    const purpose = `NoteEarning ${options.random.id()}`;
    await showTeller(options)(
      request,
      person,
      showId,
      { kind: 'NoteEarning', productIds },
      purpose,
    );
  };

export const runRoutes = (options: RunRoutesOptions) => async (instance: FastifyInstance) => {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { desk, commissions } = options;
  const tell = showTeller(options);
  const note = noteEarning(options);

  app.get(
    '/api/shows/:show/segments',
    {
      schema: {
        summary: 'The run of show with the crew’s notes',
        params: showParams,
        response: { 200: runOfShow },
      },
    },
    async (request) => {
      if (signedIn(request).role === 'shopper') throw new ProblemError('not-allowed');
      const showId = request.params.show as ShowId;
      if (!(await desk.summary(showId))) throw new ProblemError('show-unknown');
      return { segments: [...(await desk.segments(showId))] };
    },
  );

  app.patch(
    '/api/shows/:show/segments',
    {
      schema: {
        summary: 'Edit the run of show as it stands now',
        params: showParams,
        body: segmentEditsBody,
        response: { 200: logPlace },
      },
    },
    async (request) => {
      const person = director(request);
      const edits = request.body.edits as unknown as SegmentEdit[];
      const { show } = request.params;
      const outcome = await tell(request, person, show, { kind: 'EditSegments', edits });
      await desk.shown(showStream(show as ShowId), outcome.seq);
      return placeOf(outcome);
    },
  );

  app.post(
    '/api/shows/:show/disclosed',
    {
      schema: {
        summary: 'The host said aloud what their stake is',
        params: showParams,
        response: { 200: logPlace },
      },
    },
    async (request) =>
      placeOf(
        await tell(request, director(request), request.params.show, { kind: 'SayDisclosure' }),
      ),
  );

  app.get(
    '/api/products/:product/commissions',
    {
      schema: {
        summary: 'Which hosts earn from a product',
        params: productParams,
        response: { 200: commissionsAnswer },
      },
    },
    async (request) => {
      director(request);
      return { commissions: await commissions.of(request.params.product) };
    },
  );

  /** [DIS-1] What was written down reaches the shows of this host that have the product on their shelf. */
  const spread = async (
    request: FastifyRequest,
    person: Person,
    productId: string,
    hostId: string,
  ) => {
    const shows = await desk.list(limits.pageItemsMax);
    for (const { showId, phase, hostId: host } of shows) {
      if (host !== hostId || (phase !== 'planned' && phase !== 'live')) continue;
      const room = await desk.room(showId as ShowId);
      if (room?.shelf.some((item) => item.productId === productId))
        await note(request, person, showId);
    }
  };

  const write = async (
    request: FastifyRequest,
    { product, person }: z.infer<typeof commissionParams>,
    shareMilliPercent: number | null,
  ) => {
    const by = owner(request);
    const refusal = await commissions.set(product, person, shareMilliPercent, by.id);
    if (refusal) throw refusalError(refusal);
    await spread(request, by, product, person);
    return { commissions: await commissions.of(product) };
  };

  app.put(
    '/api/products/:product/commissions/:person',
    {
      schema: {
        summary: 'Write down that a host earns from a product',
        params: commissionParams,
        body: setCommissionBody,
        response: { 200: commissionsAnswer },
      },
    },
    (request) => write(request, request.params, request.body.shareMilliPercent),
  );
  app.delete(
    '/api/products/:product/commissions/:person',
    {
      schema: {
        summary: 'A host no longer earns from a product',
        params: commissionParams,
        response: { 200: commissionsAnswer },
      },
    },
    (request) => write(request, request.params, null),
  );
};
