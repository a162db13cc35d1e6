// Small marks: a state in a word, never by colour alone. `live` carries a dot and the word.

import type { ReactNode } from 'react';
import { classes } from './classes.ts';

export type BadgeLook = 'plain' | 'accent' | 'urgent' | 'ritual' | 'veil' | 'live' | 'outline';

const looks: Record<BadgeLook, string> = {
  plain: 'bg-sunken text-text',
  accent: 'bg-accent-mist text-accent',
  urgent: 'bg-urgent-mist text-urgent',
  ritual: 'bg-ritual-mist text-ritual',
  veil: 'veil',
  live: 'bg-vermilion-deep text-white',
  outline: 'border border-line text-soft',
};

/** A mark of one or two words. */
export function Badge({
  look = 'plain',
  className,
  children,
}: {
  look?: BadgeLook;
  className?: string;
  children: ReactNode;
}) {
  return (
    <span
      className={classes(
        'inline-flex items-center gap-1.5 whitespace-nowrap rounded-chip px-2.5 py-1 font-sans text-xs font-semibold leading-tight',
        looks[look],
        className,
      )}
    >
      {children}
    </span>
  );
}

/** The mark of what is on air. */
export function LiveBadge({ children, className }: { children?: ReactNode; className?: string }) {
  return (
    <Badge look="live" className={classes('tracking-wide', className)}>
      <span aria-hidden="true" className="size-2 animate-breathe rounded-full bg-white" />
      LIVE{children ? <> {children}</> : null}
    </Badge>
  );
}
