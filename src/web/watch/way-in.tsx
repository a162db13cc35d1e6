// The way in: a name is enough to talk and to claim; an account keeps what one has; or sign in. Opens at
// the moment when it is needed and then goes on with what the person wanted.

import { useState } from 'react';
import type { You } from '../../protocol/socket.ts';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { Field } from '../design/field.tsx';
import { enterAsGuest, signIn, signUp, useMe, type WayInProblem } from './session.ts';
import type { WayIn } from './watch-context.ts';

const words = {
  guest: {
    title: 'What shall we call you?',
    lead: 'A name is enough to talk and to claim. No address, no password.',
    action: 'Come in',
  },
  account: {
    title: 'Keep what is yours',
    lead: 'With an account your orders and your name stay yours on every device.',
    action: 'Make the account',
  },
  'sign-in': { title: 'Welcome back', lead: null, action: 'Sign in' },
} as const;

/** The account of an owner who came by the one-time link. */
const ownerWords = {
  title: 'Make the shop yours',
  lead: 'The link that you came by works once. With an address and a password you come in again, from any device.',
  action: 'Keep my way in',
} as const;

const wordsFor = (way: WayIn, me: You | null) =>
  way === 'account' && me?.role === 'owner' ? ownerWords : words[way];

/** The form alone: for the dialog and for the page of its own. */
export function WayInForm({
  way,
  onWay,
  onIn,
  noGuest = false,
}: {
  way: WayIn;
  onWay: (way: WayIn) => void;
  onIn: () => void;
  noGuest?: boolean;
}) {
  const me = useMe();
  const [name, setName] = useState(me?.name ?? '');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<WayInProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const { lead, action } = wordsFor(way, me);

  const submit = async () => {
    setBusy(true);
    setProblem(null);
    const failed =
      way === 'guest'
        ? await enterAsGuest(name.trim())
        : way === 'account'
          ? await signUp({ name: name.trim(), email: email.trim(), password })
          : await signIn({ email: email.trim(), password });
    setBusy(false);
    if (failed) setProblem(failed);
    else onIn();
  };
  const errorOf = (field: WayInProblem['field']) =>
    problem?.field === field ? problem.text : undefined;

  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {lead ? <p className="text-sm text-soft">{lead}</p> : null}
      {way === 'sign-in' ? null : (
        <Field
          label="Name"
          hint="Everyone in the room sees it. 2 to 24 letters, digits or spaces."
          error={errorOf('name')}
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="nickname"
          minLength={2}
          maxLength={24}
          required
          autoFocus={way === 'guest'}
        />
      )}
      {way === 'guest' ? null : (
        <>
          <Field
            label="E-mail"
            type="email"
            error={errorOf('email')}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
            autoComplete="email"
            required
          />
          <Field
            label="Password"
            type="password"
            hint={way === 'account' ? 'At least 8 characters.' : undefined}
            error={errorOf('password')}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            autoComplete={way === 'account' ? 'new-password' : 'current-password'}
            minLength={way === 'account' ? 8 : undefined}
            required
          />
        </>
      )}
      {problem && problem.field === null ? (
        <p
          role="alert"
          className="rounded-control bg-urgent-mist px-3.5 py-2.5 text-sm font-semibold text-urgent"
        >
          {problem.text}
        </p>
      ) : null}
      <Button type="submit" look="strong" size="large" busy={busy}>
        {action}
      </Button>
      <p className="flex flex-wrap items-center justify-center gap-x-1 text-sm text-soft">
        {way !== 'guest' && !noGuest && !me ? (
          <WayLink onClick={() => onWay('guest')}>Just a name</WayLink>
        ) : null}
        {way !== 'account' ? (
          <WayLink onClick={() => onWay('account')}>Make an account</WayLink>
        ) : null}
        {way !== 'sign-in' && me?.role !== 'owner' ? (
          <WayLink onClick={() => onWay('sign-in')}>I have an account</WayLink>
        ) : null}
      </p>
    </form>
  );
}

function WayLink({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="min-h-11 rounded-control px-3 font-semibold text-text underline decoration-line decoration-2 underline-offset-4 hover:decoration-text"
    >
      {children}
    </button>
  );
}

export default function WayInDialog({
  start,
  onIn,
  onClose,
}: {
  start: WayIn;
  onIn: () => void;
  onClose: () => void;
}) {
  const me = useMe();
  const [way, setWay] = useState(start);
  return (
    <Dialog open onClose={onClose} title={wayInTitle(way, me)}>
      <WayInForm key={way} way={way} onWay={setWay} onIn={onIn} />
    </Dialog>
  );
}

export const wayInTitle = (way: WayIn, me: You | null): string => wordsFor(way, me).title;
