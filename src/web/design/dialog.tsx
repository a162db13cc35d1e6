// Dialogs and sheets on the browser's own `<dialog>`: it keeps the focus inside, closes on Escape, makes
// the page behind inert and gives the focus back. A sheet comes from the lower edge on a phone and is a
// dialog on a desk. Nothing here knows what is asked.

import { type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './button.tsx';
import { classes } from './classes.ts';
import { CloseIcon } from './icons.tsx';

export type DialogProps = {
  readonly open: boolean;
  /** Asked by Escape, the close button and a press on the ground behind. Keep it open by doing nothing. */
  readonly onClose: () => void;
  readonly title: ReactNode;
  /** Above the title: what this belongs to. */
  readonly eyebrow?: ReactNode;
  readonly children: ReactNode;
  /** Stays in sight below the content while that scrolls: the action. */
  readonly footer?: ReactNode;
  readonly wide?: boolean;
  readonly theme?: 'day' | 'night';
};

/** A dialog in the middle of the page. */
export function Dialog(props: DialogProps) {
  return <Modal {...props} place="m-auto w-[min(100%-24px,var(--width))] rounded-sheet" />;
}

/** A sheet at the lower edge of a phone; in the middle from 640 px on. */
export function Sheet(props: DialogProps) {
  return (
    <Modal
      {...props}
      place="mx-auto mt-auto mb-0 w-full sm:m-auto sm:w-[min(100%-24px,var(--width))] rounded-t-sheet sm:rounded-sheet"
    />
  );
}

function Modal({
  open,
  onClose,
  title,
  eyebrow,
  children,
  footer,
  wide = false,
  theme = 'day',
  place,
}: DialogProps & { place: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    if (open && !element.open) element.showModal();
    if (!open && element.open) element.close();
  }, [open]);

  if (!open) return null;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the press on the ground has Escape as its key.
    <dialog
      ref={dialog}
      data-theme={theme}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
      style={{ '--width': wide ? '760px' : '480px' } as React.CSSProperties}
      className={classes(
        'max-h-[min(92dvh,860px)] max-w-none animate-rise overflow-hidden bg-card p-0 shadow-sheet',
        'backdrop:animate-appear backdrop:bg-[rgb(12_10_8/0.6)]',
        place,
      )}
    >
      <div className="flex max-h-[min(92dvh,860px)] flex-col">
        <header className="flex items-start gap-3 px-5 pt-4 pb-3">
          <div className="min-w-0 flex-1 pt-1.5">
            {eyebrow ? <p className="label mb-1 text-soft">{eyebrow}</p> : null}
            <h2 id={titleId} className="text-xl">
              {title}
            </h2>
          </div>
          <IconButton label="Close" onClick={onClose} className="-mr-2">
            <CloseIcon />
          </IconButton>
        </header>
        <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-5 pb-5">
          {children}
        </div>
        {footer ? (
          <footer className="border-t border-line bg-card px-5 pt-3 pb-[max(16px,env(safe-area-inset-bottom))]">
            {footer}
          </footer>
        ) : null}
      </div>
    </dialog>
  );
}
