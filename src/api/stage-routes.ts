// The doors of the stage: the crew's (invite, admit, mute, remove), a guest's (look, join, leave, mute oneself), and
// those of pictures and sound, which take an SDP offer as WHIP and WHEP do. A guest speaks by the token of their link,
// `Authorization: Bearer {guest}.{token}`, and needs no account. Rules: docs/rules/stage.md.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type ShowId, showStream } from '../base/brand.ts';
import { limits } from '../base/limits.ts';
import type { Clock, Random } from '../base/ports.ts';
import { isCrew, system } from '../domain/decider.ts';
import type { GuestCommand } from '../domain/show/guests.ts';
import type { Engine } from '../engine/contract.ts';
import { MediaFault } from '../media/media-plane.ts';
import { id } from '../protocol/http.ts';
import {
  guestInvited,
  guestList,
  joinBody,
  muteBody,
  stageQuery,
  stageView,
} from '../protocol/stage.ts';
import { commandIdFor, keyOf, logPlace, placeOf, send, showTeller } from './command-door.ts';
import { ProblemError } from './problem-reply.ts';
import { type StageAsker, StageDesk, type StageDeskParts, tokenHashOf } from './stage-desk.ts';
import { director, signedIn } from './visitor.ts';

export type StageRoutesOptions = {
  readonly engine: Engine;
  readonly random: Random;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly desk: Pick<StageDesk, 'list' | 'look' | 'open' | 'end'>;
  readonly publicUrl: string;
};

/** The stage joined: its book and its doors. */
export const stageDoors =
  (parts: Omit<StageRoutesOptions, 'desk'> & StageDeskParts) =>
  async (app: FastifyInstance): Promise<void> => {
    const desk = new StageDesk(parts);
    await app.register(stageRoutes({ ...parts, desk }));
    // Who waits for news of a stage must not hold up a server that stops.
    app.addHook('preClose', async () => desk.stop());
  };

const showParams = z.object({ show: id });
const guestParams = showParams.extend({ guest: id });
const tokenLength = 40;

export const stageRoutes =
  (options: StageRoutesOptions) =>
  async (instance: FastifyInstance): Promise<void> => {
    await instance.register(crewDoors(options));
    await instance.register(guestDoors(options));
    await instance.register(lineDoors(options));
  };

const crewDoors = (options: StageRoutesOptions) => async (instance: FastifyInstance) => {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { desk, random, clock, publicUrl } = options;
  const tell = showTeller(options);

  app.get(
    '/api/shows/:show/guests',
    {
      schema: {
        summary: 'The guests of a show, for its crew; waits for news after `after`',
        params: showParams,
        querystring: stageQuery,
        response: { 200: guestList },
      },
    },
    async (request, reply) => {
      if (!isCrew(signedIn(request))) throw new ProblemError('not-allowed');
      reply.header('cache-control', 'no-store');
      return desk.list(request.params.show, request.query.after);
    },
  );

  app.post(
    '/api/shows/:show/guests',
    {
      schema: {
        summary: 'Invite a guest; the link is told once',
        params: showParams,
        response: { 201: guestInvited },
      },
    },
    async (request, reply) => {
      const { show } = request.params;
      const [guestId, token] = [random.id(), random.id(tokenLength)];
      const expiresAtMs = clock.nowMs() + limits.stageLinkMs;
      const command: GuestCommand = {
        ...{ kind: 'InviteGuest', guestId, tokenHash: tokenHashOf(token), expiresAtMs },
      };
      // Asked again with the same key there is no second link to tell: whoever lost it makes another.
      const done = await tell(request, director(request), show, command);
      if (done.repeated) throw new ProblemError('stage-guest-unknown');
      const link = `${publicUrl}/on-stage/${show}#${guestId}.${token}`;
      reply.header('cache-control', 'no-store');
      return reply.code(201).send({ guestId, link, expiresAtMs });
    },
  );

  const kinds = { admit: 'AdmitGuest', remove: 'RemoveGuest' } as const;
  for (const act of ['admit', 'remove'] as const) {
    app.post(
      `/api/shows/:show/guests/:guest/${act}`,
      {
        schema: {
          summary: act === 'admit' ? 'Let a guest onto the stage' : 'Take a guest or a link away',
          params: guestParams,
          response: { 200: logPlace },
        },
      },
      async (request) => {
        const { show, guest: guestId } = request.params;
        const command = { kind: kinds[act], guestId };
        return placeOf(await tell(request, director(request), show, command));
      },
    );
  }
  app.post(
    '/api/shows/:show/guests/:guest/mute',
    {
      schema: {
        summary: 'Silence a guest, or let them speak',
        params: guestParams,
        body: muteBody,
        response: { 200: logPlace },
      },
    },
    async (request) => {
      const { show, guest: guestId } = request.params;
      const command = { kind: 'MuteGuest', guestId, ...request.body } as const;
      return placeOf(await tell(request, director(request), show, command));
    },
  );
};

const guestDoors = (options: StageRoutesOptions) => async (instance: FastifyInstance) => {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { desk, engine, random } = options;

  /** The decider checks the link; whoever has it needs no account. */
  const act = async (request: FastifyRequest, showId: string, command: GuestCommand) =>
    placeOf(
      await send(engine, showStream(showId as ShowId), command, {
        commandId: commandIdFor(
          'system',
          `${showId} ${command.guestId} ${command.kind}`,
          keyOf(request, random),
        ),
        by: system,
      }),
    );

  app.get(
    '/api/shows/:show/stage',
    {
      schema: {
        summary: 'What a guest sees of the stage; waits for news after `after`',
        params: showParams,
        querystring: stageQuery,
        response: { 200: stageView },
      },
    },
    async (request, reply) => {
      const { guestId, tokenHash } = linkIn(request);
      reply.header('cache-control', 'no-store');
      return desk.look(request.params.show, guestId, tokenHash, request.query.after);
    },
  );
  app.post(
    '/api/shows/:show/stage/join',
    {
      schema: {
        summary: 'Come by an invitation and wait in the wings',
        params: showParams,
        body: joinBody,
        response: { 200: logPlace },
      },
    },
    async (request) => {
      const { name } = request.body;
      return act(request, request.params.show, { kind: 'JoinStage', ...linkIn(request), name });
    },
  );
  app.post(
    '/api/shows/:show/stage/leave',
    {
      schema: { summary: 'Leave the stage', params: showParams, response: { 200: logPlace } },
    },
    async (request) =>
      act(request, request.params.show, { kind: 'LeaveStage', ...linkIn(request) }),
  );
  app.post(
    '/api/shows/:show/stage/mute',
    {
      schema: {
        summary: 'Silence oneself, or speak again',
        params: showParams,
        body: muteBody,
        response: { 200: logPlace },
      },
    },
    async (request) => {
      const { muted } = request.body;
      return act(request, request.params.show, { kind: 'MuteMyself', ...linkIn(request), muted });
    },
  );
};

type SeatParams = { Params: { show: string; seat: string } };
type LineParams = { Params: { show: string; session: string } };
const sdpType = 'application/sdp';

const lineDoors = (options: StageRoutesOptions) => async (app: FastifyInstance) => {
  const { desk } = options;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    sdpType,
    { parseAs: 'string', bodyLimit: limits.sdpBytesMax },
    (_request, body, done) => done(null, body),
  );
  for (const role of ['send', 'watch'] as const) {
    app.post<SeatParams>(
      `/api/shows/:show/stage/seats/:seat/${role}`,
      { schema: { hide: true } },
      async (request, reply) => {
        const { show, seat } = request.params;
        const asker = askerOf(request);
        if (!id.safeParse(show).success) throw new ProblemError('show-unknown');
        if (!id.safeParse(seat).success) throw new ProblemError('stage-guest-unknown');
        if (typeof request.body !== 'string') throw new ProblemError('media-type-unsupported');
        const { sessionId, answerSdp } = await asProblem(
          desk.open(show, seat, asker, role, request.body),
        );
        return reply
          .code(201)
          .header('location', `/api/shows/${show}/stage/lines/${sessionId}`)
          .header('cache-control', 'no-store')
          .type(sdpType)
          .send(answerSdp);
      },
    );
  }
  app.delete<LineParams>(
    '/api/shows/:show/stage/lines/:session',
    { schema: { hide: true } },
    async (request, reply) => {
      const { show, session } = request.params;
      if (!(await asProblem(desk.end(show, session))))
        throw new ProblemError('media-session-unknown');
      return reply.code(200).send();
    },
  );
};

/** `{guest}.{token}` as it stands in a link. */
const linkPattern = /^Bearer +([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9]{20,64}) *$/i;

const linkIn = (request: FastifyRequest): { guestId: string; tokenHash: string } => {
  const [, guestId, token] = linkPattern.exec(request.headers.authorization ?? '') ?? [];
  if (guestId === undefined || token === undefined) throw new ProblemError('stage-link-invalid');
  return { guestId, tokenHash: tokenHashOf(token) };
};

/** A token speaks for itself: who is signed in on that browser doesn't count then. */
const askerOf = (request: FastifyRequest): StageAsker => {
  if (request.headers.authorization !== undefined) return { kind: 'guest', ...linkIn(request) };
  const person = signedIn(request);
  if (!isCrew(person)) throw new ProblemError('not-allowed');
  return { kind: 'crew', mayDirect: person.role === 'owner' || person.role === 'host' };
};

const asProblem = async <T>(asked: Promise<T>): Promise<T> => {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof MediaFault)) throw error;
    const detail = error.code === 'media-sdp-invalid' ? { reason: error.message } : {};
    throw new ProblemError(error.code, detail);
  }
};
