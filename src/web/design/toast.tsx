// Short notices that come and go. A notice is something that happened elsewhere on the page; what stands
// beside its cause (a refused field, a sold-out offer) is said there instead. Polite for screen readers,
// at most three at once, and kept for longer when they can be acted upon.

import { useSyncExternalStore } from 'react';
import { Button } from './button.tsx';
import { classes } from './classes.ts';

export type Toast = {
  readonly id: number;
  readonly text: string;
  readonly look: 'plain' | 'good' | 'urgent';
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
};

const toastsMax = 3;
const shownMs = 5_000;
const actionShownMs = 9_000;

let shown: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();
const set = (toasts: readonly Toast[]) => {
  shown = toasts;
  for (const listener of listeners) listener();
};

/** Shows a notice; it goes by itself. */
export const toast = (
  text: string,
  options: { look?: Toast['look']; action?: Toast['action'] } = {},
): void => {
  const id = nextId;
  nextId += 1;
  set(
    [...shown, { id, text, look: options.look ?? 'plain', action: options.action }].slice(
      -toastsMax,
    ),
  );
  setTimeout(() => dismiss(id), options.action ? actionShownMs : shownMs);
};

const dismiss = (id: number) => set(shown.filter((one) => one.id !== id));

/** Where notices appear; once a page. */
export function Toaster({ className }: { className?: string }) {
  const toasts = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
  return (
    <div
      role="status"
      aria-live="polite"
      className={classes(
        'pointer-events-none fixed inset-x-3 top-[max(12px,env(safe-area-inset-top))] z-50 grid justify-items-center gap-2',
        className,
      )}
    >
      {toasts.map((one) => (
        <div
          key={one.id}
          className="pointer-events-auto flex min-h-11 max-w-md animate-rise items-center gap-3 rounded-control bg-ink py-1.5 pr-2 pl-4 text-sm text-paper shadow-sheet"
        >
          {one.look === 'plain' ? null : (
            <span
              aria-hidden="true"
              className={classes(
                'grid size-5 shrink-0 place-items-center rounded-full text-xs font-bold text-ink',
                one.look === 'good' ? 'bg-lagoon-light' : 'bg-[#ff8a73]',
              )}
            >
              {one.look === 'good' ? '✓' : '!'}
            </span>
          )}
          <span className="py-1.5 pr-2">{one.text}</span>
          {one.action ? (
            <Button
              size="small"
              look="accent"
              onClick={() => {
                one.action?.run();
                dismiss(one.id);
              }}
            >
              {one.action.label}
            </Button>
          ) : null}
        </div>
      ))}
    </div>
  );
}
