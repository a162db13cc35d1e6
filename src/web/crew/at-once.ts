// A choice that counts the moment it is made, without a button to save it: a switch, one of several ways.

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

/**
 * A choice that counts at once. What was asked for stands from the press on, and is never seen to jump back while
 * the answer is under way; a refusal puts back what stands.
 *
 * @param stands what the server last said
 * @param send asks for another, and resolves when what stands was read anew
 */
export const useAtOnce = <Choice extends string | boolean>(
  stands: Choice,
  send: (next: Choice) => Promise<unknown>,
) => {
  const [asked, setAsked] = useState<{ from: Choice; to: Choice } | null>(null);
  const change = useMutation({ mutationFn: send, onError: () => setAsked(null) });
  // What stands has changed since: the press was answered, or somebody else has pressed.
  if (asked !== null && asked.from !== stands) setAsked(null);
  return {
    value: asked?.from === stands ? asked.to : stands,
    isPending: change.isPending,
    error: change.error,
    choose: (to: Choice) => {
      setAsked({ from: stands, to });
      change.mutate(to);
    },
  };
};
