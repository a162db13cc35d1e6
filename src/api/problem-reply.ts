// How a refusal or a fault becomes an answer: an RFC 9457 problem document, the same from every door.
// Strangers never see a stack trace, a message of a library or a path; those go to the log, with the
// request's id, which the answer names in `instance`.

import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  isResponseSerializationError,
} from 'fastify-type-provider-zod';
import { Fault } from '../base/fault.ts';
import type { Refusal } from '../base/result.ts';
import { isProblemCode, type Problem, problemOf } from '../protocol/problems.ts';

/** Thrown by a handler to answer with a problem: `throw new ProblemError('show-unknown')`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: string;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(code: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(code);
    this.code = code;
    this.extra = extra;
  }
}

/** A decider's refusal as something to throw. */
export const refusalError = (refusal: Refusal): ProblemError =>
  new ProblemError(refusal.refused, refusal.detail ?? {});

/** Sends the problem with its status and media type. */
export const sendProblem = (
  reply: FastifyReply,
  code: string,
  extra: Readonly<Record<string, unknown>> = {},
): FastifyReply => {
  const problem: Problem = problemOf(code, { ...extra, instance: `/requests/${reply.request.id}` });
  const { retryAfterMs } = problem;
  if (typeof retryAfterMs === 'number')
    reply.header('retry-after', Math.max(1, Math.ceil(retryAfterMs / 1000)));
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
};

/** Codes that Fastify itself throws, in our words. */
const fastifyCodes: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media-type-unsupported',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request-invalid',
  FST_ERR_CTP_INVALID_JSON_BODY: 'request-invalid',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request-invalid',
  FST_REQ_FILE_TOO_LARGE: 'request-too-large',
  FST_FILES_LIMIT: 'request-too-large',
  FST_PARTS_LIMIT: 'request-too-large',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'media-type-unsupported',
};

/** Installs the one error handler and the one answer for unknown addresses. */
export const registerProblems = (app: FastifyInstance): void => {
  app.setErrorHandler((error: FastifyError | Error, request, reply) => {
    const { code, extra } = codeOf(error, request);
    if (code === 'bug') request.log.error({ err: error, reqId: request.id }, 'bug in a handler');
    else if (error instanceof Fault) request.log.warn({ err: error, reqId: request.id }, 'fault');
    return sendProblem(reply, code, extra);
  });
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'not-found'));
};

const codeOf = (
  error: FastifyError | Error,
  request: FastifyRequest,
): { code: string; extra: Readonly<Record<string, unknown>> } => {
  if (error instanceof ProblemError) return { code: error.code, extra: error.extra };
  if (hasZodFastifySchemaValidationErrors(error)) {
    return {
      code: 'request-invalid',
      extra: {
        errors: error.validation.map((issue) => ({
          field: `${error.validationContext}${issue.instancePath.replaceAll('/', '.')}`,
          message: issue.message,
        })),
      },
    };
  }
  if (isResponseSerializationError(error)) return { code: 'bug', extra: {} };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // Whoever asked went away in the middle of their own words: nobody reads the answer.
  if (code === 'ECONNRESET' && !request.raw.complete) return { code: 'request-invalid', extra: {} };
  const translated = fastifyCodes[code];
  if (translated)
    return {
      code: translated,
      extra: translated === 'request-too-large' ? { limit: request.routeOptions.bodyLimit } : {},
    };
  if ('statusCode' in error && error.statusCode === 429)
    return { code: 'too-many-requests', extra: {} };
  // Faults and the media plane's errors carry codes of the table; anything else is a bug of ours.
  return isProblemCode(code) ? { code, extra: {} } : { code: 'bug', extra: {} };
};
