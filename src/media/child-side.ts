// A media child's end of the line to the main process: answers calls, tells news, and dies with the parent. The other
// end is `child-process.ts`. The rule: a child never outlives its parent, not even after `kill -9`: the closed line is
// the sign.

import { MediaFault } from './media-plane.ts';
import type { Answer, Call, News } from './messages.ts';

type Handlers<C> = {
  [N in keyof C]: C[N] extends [infer I, infer O] ? (input: I) => O | Promise<O> : never;
};

/** What a child uses to speak with its parent. */
export type ParentLine<C, E> = {
  /** Takes calls from now on and says that the child is ready. */
  serve(handlers: Handlers<C>, ready: unknown): void;
  tell(news: E): void;
  /** Says why the child can't work, then ends it. Never resolves. */
  fatal(message: string): Promise<never>;
};

/** Begins to listen to the parent. Call it first, so that a parent that is gone already ends the child. */
export function serveParent<C extends { [N in keyof C]: [unknown, unknown] }, E>(): ParentLine<
  C,
  E
> {
  const send = (message: Answer | News<E>): void => {
    // A parent that died this very moment takes nothing more; the closed line ends us.
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  };
  if (!process.send) {
    process.stderr.write('This program is a part of Rialto and is started by it.\n');
    process.exit(2);
  }
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C, a closed terminal and a supervisor's stop go to the whole group; the parent ends its children in order.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => undefined);
  if (!process.connected) process.exit(0);
  return {
    serve(handlers, ready) {
      process.on('message', (message: Call) => {
        const handler = (handlers as unknown as Record<string, (input: unknown) => unknown>)[
          message.name
        ];
        void (async () => {
          try {
            if (!handler) throw new Error(`no such call: ${message.name}`);
            send({ id: message.id, ok: true, value: await handler(message.input) });
          } catch (fault) {
            send({
              id: message.id,
              ok: false,
              code: fault instanceof MediaFault ? fault.code : 'internal',
              message: fault instanceof Error ? fault.message : String(fault),
            });
          }
        })();
      });
      send({ ready: true, pid: process.pid, value: ready });
    },
    tell: (news) => send({ news }),
    fatal(message) {
      return new Promise<never>(() => {
        // Leaving before it is written would lose the sentence.
        process.send?.({ fatal: message }, undefined, undefined, () => process.exit(3));
      });
    },
  };
}
