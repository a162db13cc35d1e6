// Mail over SMTP. Stands in a file of its own so that a shop without it never loads the library. A letter
// that the next server doesn't take is a fault; whether it was sent before is the caller's business.

import { createTransport } from 'nodemailer';
import { Fault } from '../base/fault.ts';
import type { Mail } from './mail.ts';

/** SMTP by `smtp://user:password@host:587` or `smtps://…:465`; `from` is the shop's own address. */
export const smtpMail = (options: {
  url: string;
  from: string;
  timeoutMs?: number;
}): Mail & { close(): void } => {
  const timeoutMs = options.timeoutMs ?? 10_000;
  const transport = createTransport({
    url: options.url,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = options.from.replace(/^.*@|>$/g, '') || 'localhost';
  return {
    sandbox: false,
    async send({ id, unsubscribeUrl, calendar, ...letter }) {
      try {
        await transport.sendMail({
          from: options.from,
          ...letter,
          ...(calendar === undefined ? {} : { icalEvent: { ...calendar, filename: 'show.ics' } }),
          ...(unsubscribeUrl === undefined
            ? {}
            : {
                headers: {
                  'List-Unsubscribe': { prepared: true, value: `<${unsubscribeUrl}>` },
                  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
                },
              }),
          ...(id === undefined ? {} : { messageId: `<${id}@${domain}>` }),
        });
      } catch (cause) {
        throw new Fault(
          'mail-unavailable',
          `the mail server did not take a letter: ${(cause as Error).message}`,
          { cause },
        );
      }
    },
    kept: () => [],
    close: () => transport.close(),
  };
};
