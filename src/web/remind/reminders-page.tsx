// My reminders: how I am told, whom I follow, and to stop all of it. The links in letters lead here too: to
// confirm an address and to stop letters, each by a press, since mailboxes open links by themselves.

import { useState } from 'react';
import type { PageState } from '../../protocol/first-paint.ts';
import type { RemindersView } from '../../protocol/remind.ts';
import { Button, ButtonLink } from '../design/button.tsx';
import { EmptyState, Skeleton } from '../design/empty-state.tsx';
import { Field } from '../design/field.tsx';
import { toast } from '../design/toast.tsx';
import { ShopFrame } from '../home/shop-frame.tsx';
import { http, problemFrom } from '../live/http-client.ts';
import { useMe } from '../watch/session.ts';
import {
  allowPush,
  canPush,
  chooseWay,
  giveAddress,
  reload,
  stopAll,
  unfollow,
  useReminders,
  wayText,
} from './remind-state.ts';

export default function RemindersPage({ state }: { state: PageState }) {
  const me = useMe();
  const link = new URLSearchParams(location.search);
  return (
    <ShopFrame state={state}>
      <h1 className="mt-4 text-3xl">My reminders</h1>
      <LinkCard word={link.get('confirm')} kind="confirm" />
      <LinkCard word={link.get('stop')} kind="stop" />
      {me ? (
        <Mine />
      ) : (
        <EmptyState
          title="Sign in to see what you follow"
          action={
            <ButtonLink href="/sign-in?next=/reminders" look="strong">
              Sign in
            </ButtonLink>
          }
        >
          Or press “Remind me” at any show that comes: a name is enough.
        </EmptyState>
      )}
    </ShopFrame>
  );
}

/** What a link in a letter asks for; done by a press alone. */
function LinkCard({ word, kind }: { word: string | null; kind: 'confirm' | 'stop' }) {
  const me = useMe();
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState<{ readonly text: string; readonly isDone: boolean } | null>(
    null,
  );
  if (!word) return null;
  const press = async () => {
    setBusy(true);
    try {
      if (kind === 'confirm') {
        const { email } = await http.post<{ email: string }>('/api/reminders/confirm', { word });
        setSaid({ text: `Confirmed: letters go to ${email} from now on.`, isDone: true });
      } else {
        await http.post(`/api/reminders/stop?word=${encodeURIComponent(word)}`);
        setSaid({ text: 'Stopped: no more letters come to this address.', isDone: true });
      }
      if (me) await reload();
    } catch (error) {
      const { title, detail } = problemFrom(error);
      setSaid({ text: `${title}. ${detail}`, isDone: false });
    }
    setBusy(false);
  };
  return (
    <section className="mt-6 grid justify-items-start gap-3 rounded-card bg-sunken px-5 py-4">
      <p className="font-semibold">
        {kind === 'confirm'
          ? 'May we write to your address when a show begins, moves or is called off?'
          : 'Shall we stop writing to you?'}
      </p>
      {said?.isDone ? null : (
        <Button look="strong" busy={isBusy} onClick={() => void press()}>
          {kind === 'confirm' ? 'Yes, write to me' : 'Stop these letters'}
        </Button>
      )}
      <p role="status" className={said && !said.isDone ? 'text-sm text-urgent' : 'text-sm'}>
        {said?.text}
      </p>
    </section>
  );
}

function Mine() {
  const mine = useReminders();
  if (!mine) return <Skeleton className="mt-8 h-60" />;
  return (
    <div className="mt-8 grid gap-10 lg:grid-cols-2">
      <HowPart mine={mine} />
      <WhatPart mine={mine} />
    </div>
  );
}

function HowPart({ mine }: { mine: RemindersView }) {
  const [email, setEmail] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const act = async (run: () => Promise<string>) => {
    setBusy(true);
    try {
      setSaid(await run());
    } catch (error) {
      const { title, detail } = problemFrom(error);
      setSaid(`${title}. ${detail}`);
    }
    setBusy(false);
  };
  return (
    <section aria-labelledby="how" className="grid content-start gap-4">
      <h2 id="how" className="text-xl">
        How I am told
      </h2>
      <p className="text-sm">
        You are told <b>{wayText(mine)}</b>.
      </p>
      <form
        className="grid gap-2"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void act(async () =>
            (await giveAddress(email || (mine.email ?? '')))
              ? 'Letters go to this address.'
              : 'Look into your mailbox: a letter asks you to confirm.',
          );
        }}
      >
        <Field
          label="E-mail"
          type="email"
          autoComplete="email"
          placeholder={mine.email ?? undefined}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Button type="submit" busy={isBusy}>
          Write to this address
        </Button>
      </form>
      <div className="flex flex-wrap gap-2">
        {canPush() ? (
          <Button
            busy={isBusy}
            onClick={() =>
              void act(async () =>
                (await allowPush(mine.pushKey))
                  ? 'This browser is told.'
                  : 'Your browser said no. Allow messages in its settings for this page.',
              )
            }
          >
            Tell me on this device
          </Button>
        ) : null}
        <Button
          busy={isBusy}
          onClick={() => void act(() => chooseWay('none').then(() => 'You are told nothing.'))}
        >
          Tell me nothing
        </Button>
      </div>
      <p role="status" className="min-h-5 text-sm text-soft">
        {said}
      </p>
    </section>
  );
}

function WhatPart({ mine }: { mine: RemindersView }) {
  const quietly = (change: Promise<unknown>) =>
    change.catch((error: unknown) => toast(problemFrom(error).title, { look: 'urgent' }));
  return (
    <section aria-labelledby="what" className="grid content-start gap-4">
      <h2 id="what" className="text-xl">
        What I follow
      </h2>
      {mine.subjects.length === 0 ? (
        <p className="text-sm text-soft">
          Nothing yet.{' '}
          <a className="underline underline-offset-2" href="/coming">
            See what comes
          </a>
        </p>
      ) : (
        <ul className="grid border-t border-line">
          {mine.subjects.map(({ subject, title, href }) => (
            <li
              key={subject}
              className="flex min-h-14 items-center justify-between gap-3 border-b border-line py-2"
            >
              <span className="min-w-0">
                {href ? (
                  <a className="font-semibold underline-offset-2 hover:underline" href={href}>
                    {title}
                  </a>
                ) : (
                  <span className="font-semibold">{title}</span>
                )}
                <span className="block text-xs text-soft">
                  {subject === 'shop' ? 'The shop' : subject.startsWith('host:') ? 'Host' : 'Show'}
                </span>
              </span>
              <Button aria-label={`Stop: ${title}`} onClick={() => void quietly(unfollow(subject))}>
                Stop
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap gap-2">
        <ButtonLink href="/api/me/reminders/export" download="reminders.json">
          All that is kept of me here
        </ButtonLink>
        <Button look="urgent" onClick={() => void quietly(stopAll())}>
          Stop all and forget it
        </Button>
      </div>
    </section>
  );
}
