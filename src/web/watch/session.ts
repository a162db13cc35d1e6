// Who the person is, as far as this page knows, and the ways in: a name alone, an account, a sign-in.
// Names and passwords are checked by the server; here are only its answers in words.

import { useSyncExternalStore } from 'react';
import type { You } from '../../protocol/socket.ts';
import { http, problemFrom } from '../live/http-client.ts';

let you: You | null = null;
const listeners = new Set<() => void>();

export const me = (): You | null => you;

/** Sets who is signed in: from the page's state, and whenever the server says so. */
export const setMe = (next: You | null): void => {
  const isSame =
    next?.personId === you?.personId &&
    next?.name === you?.name &&
    next?.guest === you?.guest &&
    next?.membership?.tier === you?.membership?.tier &&
    next?.membership?.untilMs === you?.membership?.untilMs;
  if (isSame) return;
  you = next;
  for (const listener of listeners) listener();
};

/** Is signed in without an address and a password: a guest, or an owner who came by the one-time link. */
export const isWithoutAccount = (person: You, shop: { readonly needsSetup: boolean }): boolean =>
  person.guest || (person.role === 'owner' && shop.needsSetup);

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useMe = (): You | null => useSyncExternalStore(subscribe, me);

/** What went wrong on the way in, and the field that it belongs to. */
export type WayInProblem = {
  readonly field: 'name' | 'email' | 'password' | null;
  readonly text: string;
};

type UserAnswer = {
  readonly user: { readonly id: string; readonly name: string; readonly role?: You['role'] };
};

/** A guest: a name is enough to chat and to claim. Null when it worked. */
export const enterAsGuest = (name: string): Promise<WayInProblem | null> =>
  enter('/api/auth/guest/sign-in', { name }, true);

/**
 * An account. Who is signed in already, a guest or an owner who came by the link, stays the same person and keeps
 * what is theirs.
 */
export const signUp = (account: {
  name: string;
  email: string;
  password: string;
}): Promise<WayInProblem | null> =>
  enter(you ? '/api/auth/complete' : '/api/auth/sign-up/email', account, false);

export const signIn = (account: {
  email: string;
  password: string;
}): Promise<WayInProblem | null> => enter('/api/auth/sign-in/email', account, false);

export const signOut = async (): Promise<void> => {
  await http.post('/api/auth/sign-out', {}).catch(() => undefined);
  setMe(null);
};

const enter = async (path: string, body: object, guest: boolean): Promise<WayInProblem | null> => {
  try {
    const { user } = await http.post<UserAnswer>(path, body);
    setMe({ personId: user.id, name: user.name, role: user.role ?? 'shopper', guest });
    return null;
  } catch (error) {
    return wayInProblem(problemFrom(error));
  }
};

/** By the codes of the accounts' doors (protocol/problems.ts). */
const words: Readonly<Record<string, WayInProblem>> = {
  'email-invalid': { field: 'email', text: 'This isn’t an e-mail address.' },
  'sign-in-refused': { field: 'password', text: 'Address and password don’t fit together.' },
  'email-taken': {
    field: 'email',
    text: 'There is an account with this address: sign in instead.',
  },
  'password-unsuitable': { field: 'password', text: 'Take 8 to 128 characters.' },
};

/** The problem of a way in, for the field that it belongs to. */
export const wayInProblem = (problem: {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly status: number;
  readonly [member: string]: unknown;
}): WayInProblem => {
  const known = words[problem.code];
  if (known) return known;
  if (problem.status === 429)
    return { field: null, text: 'Too many tries. Wait a minute, then try again.' };
  if (problem.code.startsWith('name-'))
    return { field: 'name', text: [problem.title, problem.detail].filter(Boolean).join(' ') };
  return { field: null, text: [problem.title, problem.detail].filter(Boolean).join('. ') };
};
