// Remind me of this show, follow its host: two buttons that know whether it is so already, and ask how when
// nobody has said it yet.

import { lazy, Suspense, useState } from 'react';
import { Button, type ButtonLook } from '../design/button.tsx';
import { CheckIcon } from '../design/icons.tsx';
import { toast } from '../design/toast.tsx';
import { problemFrom } from '../live/http-client.ts';
import { follow, isReachable, unfollow, useReminders, wayText } from './remind-state.ts';

const RemindSheet = lazy(() => import('./remind-sheet.tsx'));

/** One wish as a button. `words`: what it says before and after. */
export function WishButton({
  subject,
  title,
  words,
  calendarHref,
  look = 'quiet',
  size = 'large',
}: {
  subject: string;
  title: string;
  words: readonly [before: string, after: string];
  calendarHref: string;
  look?: ButtonLook;
  size?: 'medium' | 'large';
}) {
  const mine = useReminders();
  const [isOpen, setOpen] = useState(false);
  const isWished = mine?.subjects.some((one) => one.subject === subject) ?? false;
  const press = async () => {
    if (!isReachable(mine)) {
      setOpen(true);
      return;
    }
    try {
      const view = isWished ? await unfollow(subject) : await follow(subject);
      toast(isWished ? `No more of ${title}` : `You are told ${wayText(view)}`, { look: 'good' });
    } catch (error) {
      toast(problemFrom(error).title, { look: 'urgent' });
    }
  };
  return (
    <>
      <Button
        look={look}
        size={size}
        aria-pressed={isWished}
        onClick={() => void press()}
        title={title}
      >
        {isWished ? <CheckIcon /> : null} {isWished ? words[1] : words[0]}
      </Button>
      {isOpen ? (
        <Suspense fallback={null}>
          <RemindSheet
            subject={subject}
            title={title}
            calendarHref={calendarHref}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      ) : null}
    </>
  );
}

/** Remind me of the show, and follow whoever hosts it. */
export default function RemindButtons({
  showId,
  title,
  hostId,
  hostName,
}: {
  showId: string;
  title: string;
  hostId: string;
  hostName: string;
}) {
  return (
    <>
      <WishButton
        subject={`show:${showId}`}
        title={title}
        words={['Remind me', 'Reminder set']}
        calendarHref={`/api/shows/${showId}/calendar.ics`}
        look="strong"
      />
      <WishButton
        subject={`host:${hostId}`}
        title={hostName}
        words={[`Follow ${hostName}`, `Following ${hostName}`]}
        calendarHref={`/api/calendar.ics?host=${hostId}`}
        look="veil"
      />
    </>
  );
}
