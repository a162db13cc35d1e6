// How do you want to be told? A calendar's file for everybody; mail and messages for whoever gives a name. Each
// way says what it takes before it is chosen.

import { useState } from 'react';
import { Button, ButtonLink } from '../design/button.tsx';
import { Sheet } from '../design/dialog.tsx';
import { Field } from '../design/field.tsx';
import { CheckIcon, ClockIcon } from '../design/icons.tsx';
import { problemFrom } from '../live/http-client.ts';
import { enterAsGuest, useMe } from '../watch/session.ts';
import {
  allowPush,
  canPush,
  follow,
  giveAddress,
  isReachable,
  useReminders,
  wayText,
} from './remind-state.ts';

export default function RemindSheet({
  subject,
  title,
  calendarHref,
  onClose,
}: {
  subject: string;
  /** What is followed, such as a show's title. */
  title: string;
  calendarHref: string;
  onClose: () => void;
}) {
  const me = useMe();
  const mine = useReminders();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const [sent, setSent] = useState<string | null>(null);
  const isWished = mine?.subjects.some((one) => one.subject === subject) ?? false;

  /** A name if there is none yet, then the wish, then the way. */
  const go = async (way: () => Promise<string | null>) => {
    setBusy(true);
    setSaid(null);
    try {
      if (!me) {
        const problem = await enterAsGuest(name);
        if (problem) {
          setSaid(problem.text);
          return;
        }
      }
      await follow(subject);
      setSaid(await way());
    } catch (error) {
      const problem = problemFrom(error);
      setSaid(`${problem.title}. ${problem.detail}`);
    } finally {
      setBusy(false);
    }
  };
  const byMail = () =>
    go(async () => {
      const to = email.trim() || mine?.email || '';
      const isConfirmed = await giveAddress(to);
      setSent(isConfirmed ? null : to);
      return null;
    });
  const byPush = () =>
    go(async () => {
      const { pushKey } = mine ?? (await follow(subject));
      return (await allowPush(pushKey))
        ? null
        : 'Your browser said no. You can allow messages in its settings for this page.';
    });
  const isDone = isWished && isReachable(mine);

  return (
    <Sheet open onClose={onClose} eyebrow={title} title="How shall we tell you?">
      <div className="grid gap-6">
        {isDone && mine ? (
          <p role="status" className="flex gap-3 rounded-card bg-sunken px-4 py-3 text-sm">
            <CheckIcon className="size-5 shrink-0" />
            <span>
              You are told {wayText(mine)}.{' '}
              <a className="underline underline-offset-2" href="/reminders">
                Change or stop it
              </a>
            </span>
          </p>
        ) : null}
        {sent && !isDone ? (
          <p role="status" className="rounded-card bg-sunken px-4 py-3 text-sm">
            <b>Look into your mailbox.</b> A letter went to {sent}: press the button behind its
            link, and you are told from then on.
          </p>
        ) : null}
        <section aria-labelledby="by-calendar" className="grid gap-2">
          <h3 id="by-calendar" className="text-base">
            In your calendar
          </h3>
          <p className="text-sm text-soft">
            With an alarm ten minutes before. Needs no name and no address.
          </p>
          <ButtonLink href={calendarHref} download>
            <ClockIcon /> Put it in my calendar
          </ButtonLink>
        </section>
        {me ? null : (
          <Field
            label="Your name"
            hint="For a letter or messages we need to know who you are here."
            value={name}
            autoComplete="nickname"
            onChange={(event) => setName(event.target.value)}
          />
        )}
        <form
          className="grid gap-2"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void byMail();
          }}
        >
          <h3 className="text-base">By mail</h3>
          <Field
            label="E-mail"
            type="email"
            autoComplete="email"
            hint="Used for these letters alone; each has a link that stops them."
            placeholder={mine?.email ?? undefined}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
          <Button type="submit" busy={isBusy}>
            Tell me by mail
          </Button>
        </form>
        {canPush() ? (
          <section aria-labelledby="by-push" className="grid gap-2">
            <h3 id="by-push" className="text-base">
              On this device
            </h3>
            <p className="text-sm text-soft">
              A message from your browser, also while this page is closed. It asks you first.
            </p>
            <Button busy={isBusy} onClick={() => void byPush()}>
              Tell me on this device
            </Button>
          </section>
        ) : null}
        <p role="alert" className="text-sm font-semibold text-urgent empty:hidden">
          {said}
        </p>
      </div>
    </Sheet>
  );
}
