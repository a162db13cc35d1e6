// The doors of reminders: what I follow, how I am told, to stop all of it; and the links that letters carry,
// which need no signing in. Rules: docs/rules/remind.md.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { limits } from '../base/limits.ts';
import { isRefusal } from '../base/result.ts';
import type { Mail } from '../gateways/mail.ts';
import { isPushEndpoint } from '../gateways/push.ts';
import {
  addressAnswer,
  addressBody,
  endpointBody,
  linkBody,
  type RemindersView,
  remindersView,
  subjectBody,
  subscriptionBody,
  wayBody,
} from '../protocol/remind.ts';
import { confirmLetter } from '../remind/letters.ts';
import type { Reminders } from '../remind/reminders.ts';
import type { Subject } from '../remind/wishes.ts';
import { ProblemError, refusalError } from './problem-reply.ts';
import { signedIn } from './visitor.ts';

export type RemindRoutesOptions = {
  readonly reminders: Pick<Reminders, 'wishes' | 'pushKey'>;
  readonly mail: Pick<Mail, 'send'>;
  readonly publicUrl: string;
  readonly shopName: string;
  /** The title of a show, the name of a host; null when there is none (any more). */
  readonly titleOf: (subject: Subject) => Promise<string | null>;
};

/** Letters to addresses that nobody has confirmed, by network address: see also wishes.ts. */
const letters = {
  rateLimit: {
    max: limits.confirmLettersPerHour,
    timeWindow: '1 hour',
    keyGenerator: (request: FastifyRequest) => request.ip,
  },
};
const done = z.object({ done: z.literal(true) });

export const remindRoutes = (options: RemindRoutesOptions) => async (instance: FastifyInstance) => {
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const { reminders, mail, publicUrl, shopName, titleOf } = options;
  const { wishes, pushKey } = reminders;

  const view = async (personId: string): Promise<RemindersView> => {
    const { subjects, ...mine } = await wishes.of(personId);
    const shown = await Promise.all(
      subjects.map(async ({ subject, sinceMs }) => {
        const title = subject === 'shop' ? shopName : await titleOf(subject);
        const showId = subject.startsWith('show:') ? subject.slice('show:'.length) : null;
        return {
          subject,
          sinceMs,
          title: title ?? 'Not there any more',
          href: showId ? `/shows/${showId}` : null,
        };
      }),
    );
    return { ...mine, pushKey, subjects: shown };
  };

  app.get(
    '/api/me/reminders',
    { schema: { summary: 'What I follow and how I am told', response: { 200: remindersView } } },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return view(signedIn(request).id);
    },
  );

  app.get(
    '/api/me/reminders/export',
    { schema: { summary: 'Everything that reminders keep of me' } },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return wishes.export(signedIn(request).id);
    },
  );

  app.put(
    '/api/me/reminders/subjects',
    {
      schema: {
        summary: 'Follow the shop or a host, or be reminded of a show',
        body: subjectBody,
        response: { 200: remindersView },
      },
    },
    async (request) => {
      const { id } = signedIn(request);
      const subject = request.body.subject as Subject;
      if (subject !== 'shop' && (await titleOf(subject)) === null)
        throw new ProblemError(subject.startsWith('show:') ? 'show-unknown' : 'person-unknown');
      const refused = await wishes.add(id, subject);
      if (refused) throw refusalError(refused);
      return view(id);
    },
  );

  app.delete(
    '/api/me/reminders/subjects',
    {
      schema: {
        summary: 'Follow no more',
        querystring: subjectBody,
        response: { 200: remindersView },
      },
    },
    async (request) => {
      const { id } = signedIn(request);
      await wishes.remove(id, request.query.subject as Subject);
      return view(id);
    },
  );

  app.put(
    '/api/me/reminders/way',
    { schema: { summary: 'How I am told', body: wayBody, response: { 200: remindersView } } },
    async (request) => {
      const { id } = signedIn(request);
      await wishes.choose(id, request.body.way);
      return view(id);
    },
  );

  app.put(
    '/api/me/reminders/address',
    {
      config: letters,
      schema: {
        summary: 'Where letters go; its owner is asked first',
        body: addressBody,
        response: { 200: addressAnswer },
      },
    },
    async (request) => {
      const { id, name } = signedIn(request);
      const { email } = request.body;
      const noted = await wishes.address(id, email);
      if (isRefusal(noted)) throw refusalError(noted);
      if (noted.confirm === null) return { isConfirmed: true };
      const link = new URL('/reminders', publicUrl);
      link.searchParams.set('confirm', noted.confirm);
      await mail.send(confirmLetter(email, link.href, shopName, name));
      return { isConfirmed: false };
    },
  );

  app.put(
    '/api/me/reminders/browser',
    {
      schema: {
        summary: 'Tell this browser by web push',
        body: subscriptionBody,
        response: { 200: remindersView },
      },
    },
    async (request) => {
      const { id } = signedIn(request);
      const { endpoint, keys } = request.body;
      if (!isPushEndpoint(endpoint)) throw new ProblemError('push-endpoint-invalid');
      await wishes.subscribe(id, { endpoint, keys });
      return view(id);
    },
  );

  app.post(
    '/api/me/reminders/browser/remove',
    {
      schema: {
        summary: 'Tell this browser no more',
        body: endpointBody,
        response: { 200: remindersView },
      },
    },
    async (request) => {
      const { id } = signedIn(request);
      await wishes.unsubscribe(request.body.endpoint, id);
      return view(id);
    },
  );

  app.delete(
    '/api/me/reminders',
    { schema: { summary: 'Stop all, and forget it', response: { 200: remindersView } } },
    async (request) => {
      const { id } = signedIn(request);
      await wishes.stopAll(id);
      return view(id);
    },
  );

  app.post(
    '/api/reminders/confirm',
    {
      schema: {
        summary: 'Confirm an address by the word of its letter',
        body: linkBody,
        response: { 200: z.object({ email: z.string() }) },
      },
    },
    async (request) => {
      const confirmed = await wishes.confirm(request.body.word);
      if (isRefusal(confirmed)) throw refusalError(confirmed);
      return confirmed;
    },
  );

  await app.register(async (oneClick) => {
    // [REM-14] A mailbox posts a form (RFC 8058); what it says is in the address.
    oneClick.addContentTypeParser(
      ['application/x-www-form-urlencoded', 'multipart/form-data'],
      { parseAs: 'string', bodyLimit: 1_024 },
      (_request, _body, parsed) => parsed(null, {}),
    );
    oneClick.withTypeProvider<ZodTypeProvider>().post(
      '/api/reminders/stop',
      {
        schema: {
          summary: 'Stop letters, by the word that each of them carries',
          querystring: linkBody,
          response: { 200: done },
        },
      },
      async (request) => {
        const refused = await wishes.stopLetters(request.query.word);
        if (refused) throw refusalError(refused);
        return { done: true as const };
      },
    );
  });
};
