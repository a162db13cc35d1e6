// The processes of a measurement: forked, talked to in messages that say what they are, gone with their parent.

import { type ChildProcess, fork } from 'node:child_process';

type Saying = { readonly is: string };

export const child = (file: string, env: Readonly<Record<string, string>>): ChildProcess =>
  fork(file, { serialization: 'advanced', env: { ...process.env, ...env } });

/** Says something and waits for the answer of a kind. */
export const ask = <M extends Saying, T extends M['is']>(
  process: ChildProcess,
  message: object,
  is: T,
): Promise<Extract<M, { is: T }>> => {
  const answer = heard<M, T>(process, is);
  process.send(message);
  return answer;
};

/** The next message of a kind; rejects when the process ends before. */
export const heard = <M extends Saying, T extends M['is']>(
  from: ChildProcess,
  is: T,
): Promise<Extract<M, { is: T }>> =>
  new Promise((resolve, reject) => {
    const stop = () => {
      from.off('message', take);
      from.off('exit', ended);
    };
    const ended = () => reject(new Error(`a process of the bench ended before it was "${is}"`));
    const take = (message: M) => {
      if (message.is !== is) return;
      stop();
      resolve(message as Extract<M, { is: T }>);
    };
    from.on('message', take);
    from.once('exit', ended);
  });
