// The outbox of the sandbox: letters that a real shop would have sent, to be read here. Once real mail is
// set up this place is gone.

import { useQuery } from '@tanstack/react-query';
import { LoadFailure } from '../crew/problem-note.tsx';
import { mailQuery } from '../crew/shop-data.ts';
import { shortMomentText } from '../design/clock.tsx';
import { EmptyState, Skeleton } from '../design/empty-state.tsx';
import { PageHead } from './page-head.tsx';

export function MailPage() {
  const mail = useQuery({ ...mailQuery, refetchInterval: 10_000 });
  return (
    <>
      <PageHead
        title="Mail"
        note="The sandbox keeps these letters instead of sending them. Name SMTP_URL to send for real."
      />
      {mail.isError && !mail.data ? (
        <LoadFailure error={mail.error} onRetry={() => void mail.refetch()} />
      ) : !mail.data ? (
        <Skeleton className="h-40 rounded-card" />
      ) : mail.data.length === 0 ? (
        <EmptyState title="No letter yet">Sign-ups and orders write the first ones.</EmptyState>
      ) : (
        <ul className="grid gap-3">
          {mail.data.map((letter) => (
            <li
              key={`${letter.atMs} ${letter.to} ${letter.subject}`}
              className="overflow-hidden rounded-card border border-line bg-card"
            >
              <details>
                <summary className="flex min-h-16 flex-wrap items-center gap-x-4 gap-y-1 px-5 py-3">
                  <b className="min-w-0 flex-1 basis-56 truncate font-semibold">{letter.subject}</b>
                  <span className="truncate text-sm text-soft">{letter.to}</span>
                  <time className="text-sm text-soft">{shortMomentText(letter.atMs)}</time>
                </summary>
                <pre className="scroll-quiet overflow-x-auto border-t border-line bg-ground px-5 py-4 font-sans text-sm whitespace-pre-wrap">
                  {letter.text}
                </pre>
              </details>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
