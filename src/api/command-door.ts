// From a request to the engine and back: the command id comes from `Idempotency-Key`, a refusal becomes
// a problem. Every HTTP door that changes a stream goes through here.

import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { CommandId, PersonId, ShowId, StreamId } from '../base/brand.ts';
import { isId, showStream } from '../base/brand.ts';
import type { Random } from '../base/ports.ts';
import type { Actor } from '../domain/decider.ts';
import type { ShowCommand } from '../domain/show/show.ts';
import type { Command, Engine, Outcome } from '../engine/contract.ts';
import { ProblemError } from './problem-reply.ts';
import type { Person } from './visitor.ts';

export type Done = Extract<Outcome, { kind: 'done' }>;

/**
 * A command id that belongs to one person and one purpose: two people who choose the same key don't
 * meet, and one key may stand over the several commands of a checkout.
 */
export const commandIdFor = (
  person: PersonId | 'system',
  purpose: string,
  key: string,
): CommandId =>
  `k_${createHash('sha256').update(`${person}\n${purpose}\n${key}`).digest('base64url').slice(0, 40)}` as CommandId;

/** The request's `Idempotency-Key`, or a new one when it has none. */
export const keyOf = (request: FastifyRequest, random: Random): string => {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return random.id();
  if (typeof header !== 'string' || !isId(header)) throw new ProblemError('command-id-invalid');
  return header;
};

/** Sends a command; a refusal is thrown as its problem. */
export const send = async (
  engine: Engine,
  stream: StreamId,
  command: Command,
  options: { readonly commandId: CommandId; readonly by: Actor },
): Promise<Done> => doneOf(await engine.send(stream, command, options));

/** What was done; a refusal is thrown as its problem. */
export const doneOf = (outcome: Outcome): Done => {
  if (outcome.kind === 'refused') throw new ProblemError(outcome.reason, outcome.detail ?? {});
  return outcome;
};

/** One command to a show, with an id of its own under the request's key; a refusal is thrown as its problem. */
export const showTeller =
  ({ engine, random }: { readonly engine: Engine; readonly random: Random }) =>
  async (
    request: FastifyRequest,
    person: Person,
    showId: string,
    command: ShowCommand,
    purpose: string = command.kind,
  ): Promise<Done> =>
    send(engine, showStream(showId as ShowId), command, {
      commandId: commandIdFor(person.id, `${showId} ${purpose}`, keyOf(request, random)),
      by: person,
    });

/** Where something stands in the log: what most commands over HTTP are answered with. */
export const logPlace = z.object({ seq: z.number(), hash: z.string() });
export const placeOf = ({ seq, hash }: Done): z.infer<typeof logPlace> => ({ seq, hash });
