// What stands where nothing stands yet: empty lists, waiting, failures. Each says what this place is for
// and the next step, so that no page is ever blank.

import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { classes } from './classes.ts';

/** An empty place with its purpose and the way on. */
export function EmptyState({
  title,
  children,
  action,
  picture,
  className,
}: {
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  picture?: ReactNode;
  className?: string;
}) {
  return (
    <div className={classes('grid justify-items-center gap-3 px-6 py-12 text-center', className)}>
      {picture}
      <h2 className="text-xl">{title}</h2>
      {children ? <div className="max-w-[46ch] text-sm text-soft">{children}</div> : null}
      {action ? <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}

/** Something failed: what, what to do, and a way to try again. */
export function Failure({
  title,
  detail,
  onRetry,
  className,
}: {
  title: string;
  detail?: string;
  onRetry?: () => void;
  className?: string;
}) {
  return (
    <div
      role="alert"
      className={classes('grid justify-items-center gap-3 px-6 py-12 text-center', className)}
    >
      <span
        aria-hidden="true"
        className="grid size-11 place-items-center rounded-full bg-urgent-mist text-lg font-bold text-urgent"
      >
        !
      </span>
      <h2 className="text-lg">{title}</h2>
      {detail ? <p className="max-w-[46ch] text-sm text-soft">{detail}</p> : null}
      {onRetry ? (
        <Button look="quiet" onClick={onRetry}>
          Try again
        </Button>
      ) : null}
    </div>
  );
}

/** A grey shape of what is coming, as large as it will be. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <div
      aria-hidden="true"
      className={classes('animate-breathe rounded-control bg-sunken', className)}
    />
  );
}
