// The HTTP server: one Fastify with its guards, its problem documents and its interface description.
// Which doors it has is joined in main.ts; what each does stands in its own file.

import { randomUUID } from 'node:crypto';
import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import { Fault } from '../base/fault.ts';
import { limits } from '../base/limits.ts';
import type { Settings } from '../base/settings.ts';
import type { Front } from './front.ts';
import { registerProblems } from './problem-reply.ts';
import { registerOriginGuard, registerVisitor, type SessionOf } from './visitor.ts';

export type ServerOptions = {
  readonly logger: FastifyBaseLogger | false;
  readonly publicUrl: string;
  readonly front: Front;
  readonly version: string;
  readonly sessionOf: SessionOf;
  /** What is not ready, in words; empty when everything is. */
  readonly readiness: () => Promise<readonly string[]>;
  /** The text of `/metrics`, in the format of Prometheus. */
  readonly metrics: () => string;
};

export const createServer = async (options: ServerOptions): Promise<FastifyInstance> => {
  const app = Fastify({
    ...(options.logger === false ? { logger: false } : { loggerInstance: options.logger }),
    bodyLimit: limits.requestBytesMax,
    // One line a request is more than one a second: requests are counted in /metrics, not logged.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    requestTimeout: 60_000,
    forceCloseConnections: true,
    trustProxy: options.front.trusts,
    routerOptions: { maxParamLength: 200 },
  }) as unknown as FastifyInstance;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  registerProblems(app);

  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Rialto',
        version: options.version,
        description:
          'Live selling that you own. Errors are RFC 9457 problem documents with a stable `code`.',
      },
    },
    transform: jsonSchemaTransform,
  });
  await app.register(rateLimit, {
    // A page with its pictures is some dozens of requests; a crowd behind one address is many pages.
    max: limits.requestsPerMinute,
    timeWindow: '1 minute',
    // Whoever hung up before their request was looked at has no address any more.
    keyGenerator: ({ ip }: FastifyRequest) => (ip === undefined ? 'gone' : normalizeIP(ip)),
    allowList: (request) =>
      !request.url.startsWith('/api/') || request.url.startsWith('/api/webhooks/'),
  });
  registerOriginGuard(app, options.front, options.publicUrl);
  registerVisitor(app, options.sessionOf);

  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'strict-origin-when-cross-origin');
  });

  app.get('/healthz', { schema: { hide: true } }, async () => ({ ok: true }));
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const missing = await options.readiness();
    return reply
      .code(missing.length === 0 ? 200 : 503)
      .send({ ready: missing.length === 0, missing });
  });
  app.get('/version', { schema: { hide: true } }, async () => ({ version: options.version }));
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/plain; version=0.0.4').send(options.metrics()),
  );
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  return app;
};

/** Why the server can't listen, in the words of the settings. */
export const listenFault = (
  error: NodeJS.ErrnoException,
  { port, host }: Pick<Settings, 'port' | 'host'>,
): Fault => {
  switch (error.code) {
    case 'EADDRINUSE':
      return new Fault(
        'port-busy',
        `PORT: something else listens on port ${port}. Stop it, or choose another port with PORT.`,
      );
    case 'EACCES':
      return new Fault(
        'port-busy',
        `PORT: this user may not listen on port ${port}. Choose one above 1023.`,
      );
    case 'EADDRNOTAVAIL':
      return new Fault('port-busy', `HOST: this machine has no address ${host}.`);
    default:
      return new Fault(
        'port-busy',
        `PORT and HOST: can't listen on ${host}:${port} (${error.message}).`,
        { cause: error },
      );
  }
};
