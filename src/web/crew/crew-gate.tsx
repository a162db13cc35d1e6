// The door to the studio and the office: nobody signed in is sent to sign in and back; a shopper is told
// kindly that this is the crew's side. The server refuses by itself whatever this door would let through.

import { useMutation, useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect } from 'react';
import type { Me } from '../../protocol/catalogue.ts';
import { Button, ButtonLink, Spinner } from '../design/button.tsx';
import { LoadFailure } from './problem-note.tsx';
import { ask, meQuery } from './shop-data.ts';

export type CrewPerson = NonNullable<Me>;

const CrewContext = createContext<CrewPerson | null>(null);

/** The signed-in member of the crew. Only below a `CrewGate`. */
export const useCrew = (): CrewPerson => {
  const person = useContext(CrewContext);
  if (!person) throw new Error('useCrew stands outside of the crew’s door');
  return person;
};

/** May plan, direct and sell; a moderator keeps the room. */
export const mayDirect = ({ role }: CrewPerson): boolean => role === 'owner' || role === 'host';

/** Where to sign in, and to come back to the page that was asked for. */
export const signInAddress = (): string =>
  `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;

export function CrewGate({ children }: { children: ReactNode }) {
  const me = useQuery(meQuery);
  const signedOut = me.data === null;
  useEffect(() => {
    if (signedOut) location.replace(signInAddress());
  }, [signedOut]);

  if (me.isError && me.data === undefined) {
    return (
      <main className="grid min-h-dvh place-items-center">
        <LoadFailure error={me.error} onRetry={() => void me.refetch()} />
      </main>
    );
  }
  if (!me.data) {
    return (
      <main className="grid min-h-dvh place-items-center" aria-busy="true">
        <p className="flex items-center gap-3 text-sm text-soft">
          <Spinner /> {signedOut ? 'To the sign-in page …' : 'One moment …'}
        </p>
        <h1 className="sr-only">Rialto for the crew</h1>
      </main>
    );
  }
  if (me.data.role === 'shopper') return <NotYourPlace person={me.data} />;
  return <CrewContext value={me.data}>{children}</CrewContext>;
}

function NotYourPlace({ person }: { person: CrewPerson }) {
  const leave = useMutation({
    mutationFn: () => ask.signOut(),
    onSettled: () => location.assign(signInAddress()),
  });
  return (
    <main className="grid min-h-dvh place-items-center px-6 py-16">
      <div className="grid max-w-lg justify-items-start gap-5">
        <p className="label text-soft">Backstage</p>
        <h1 className="text-4xl">This door is for the crew</h1>
        <p className="text-lg text-soft">
          You are signed in as <strong className="text-text">{person.name}</strong>, a shopper here.
          Studio and office belong to the people who run the shows. If you are one of them, ask the
          owner to give you a role.
        </p>
        <div className="flex flex-wrap gap-3">
          <ButtonLink look="strong" size="large" href="/">
            To the shows
          </ButtonLink>
          <Button size="large" busy={leave.isPending} onClick={() => leave.mutate()}>
            Sign in as someone else
          </Button>
        </div>
      </div>
    </main>
  );
}
