// A word on the card of a lot or drop about what was just wished: why it was refused, and what to do.

import { Button, IconButton } from '../design/button.tsx';
import { CloseIcon } from '../design/icons.tsx';

/** A line of words on a card; `onConfirm`: the person is asked whether they mean it. */
export function CardNote({
  title,
  detail,
  onClose,
  onConfirm,
  yes = 'Yes, I mean it',
}: {
  title: string;
  detail: string;
  onClose?: (() => void) | undefined;
  onConfirm?: (() => void) | undefined;
  /** What the press that confirms says. */
  yes?: string;
}) {
  return (
    <div className="mt-3 flex items-center gap-2 rounded-control bg-sunken py-2 pr-1 pl-3.5 text-sm">
      <p className="min-h-6 flex-1">
        <b>{title}.</b> <span className="text-soft">{detail}</span>
      </p>
      {onConfirm ? (
        <Button className="bg-card" onClick={onConfirm}>
          {yes}
        </Button>
      ) : null}
      {onClose ? (
        <IconButton label="Close" size="small" onClick={onClose}>
          <CloseIcon className="size-4" />
        </IconButton>
      ) : null}
    </div>
  );
}
