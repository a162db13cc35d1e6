// The head of an office page: its name in large, a line of context, and the actions at the right.

import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { BackIcon } from '../design/icons.tsx';

export function PageHead({
  title,
  note,
  actions,
  back,
}: {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  /** The page above this one. */
  back?: { readonly to: string; readonly name: string };
}) {
  useEffect(() => {
    document.title = `${title} · Office`;
  }, [title]);
  return (
    <header className="mb-8 max-sm:mb-6">
      {back ? (
        <Link
          to={back.to}
          className="-ml-2 mb-2 inline-flex min-h-11 items-center gap-1.5 rounded-control px-2 text-sm font-medium text-soft hover:text-text"
        >
          <BackIcon className="size-4" /> {back.name}
        </Link>
      ) : null}
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
        <div className="min-w-0">
          <h1 className="text-4xl max-sm:text-3xl">{title}</h1>
          {note ? <p className="mt-2 max-w-[60ch] text-soft">{note}</p> : null}
        </div>
        {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
      </div>
    </header>
  );
}
