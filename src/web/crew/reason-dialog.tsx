// A step that needs a reason: a few to press, or one's own. The reason stands in the log; who reads it
// besides is said in the dialog.

import { type ReactNode, useState } from 'react';
import { limits } from '../../base/limits.ts';
import { Button } from '../design/button.tsx';
import { Dialog, type DialogProps } from '../design/dialog.tsx';
import { ProblemNote } from './problem-note.tsx';

export function ReasonDialog({
  title,
  legend,
  reasons,
  action,
  leave = 'Leave it',
  theme = 'night',
  busy,
  error,
  onReason,
  onClose,
  children,
}: {
  title: string;
  /** Above the reasons: who will read it. */
  legend: string;
  reasons: readonly string[];
  action: string;
  /** The button that does nothing. */
  leave?: string;
  /** Night is the studio's. */
  theme?: DialogProps['theme'];
  busy: boolean;
  error: unknown;
  onReason: (reason: string) => void;
  onClose: () => void;
  children?: ReactNode;
}) {
  const [chosen, setChosen] = useState(reasons[0] ?? '');
  const [own, setOwn] = useState('');
  const reason = own.trim() || chosen;
  return (
    <Dialog
      open
      theme={theme}
      onClose={onClose}
      title={title}
      footer={
        <div className="flex justify-end gap-2">
          <Button look="plain" onClick={onClose}>
            {leave}
          </Button>
          <Button look="urgent" busy={busy} onClick={() => onReason(reason)}>
            {action}
          </Button>
        </div>
      }
    >
      {children}
      <fieldset className="grid gap-1">
        <legend className="mb-1 text-sm font-semibold">{legend}</legend>
        <div className="flex flex-wrap gap-2">
          {reasons.map((one) => (
            <label
              key={one}
              className="flex min-h-11 cursor-pointer items-center rounded-chip border border-line px-4 text-sm font-medium has-checked:border-accent has-checked:bg-accent-mist has-focus-visible:outline-2 has-focus-visible:outline-current"
            >
              <input
                type="radio"
                name="reason"
                className="sr-only"
                checked={chosen === one && own.trim() === ''}
                onChange={() => {
                  setChosen(one);
                  setOwn('');
                }}
              />
              {one}
            </label>
          ))}
        </div>
        <input
          aria-label="Another reason"
          placeholder="Another reason"
          value={own}
          maxLength={limits.reasonMax}
          onChange={(event) => setOwn(event.target.value)}
          className="mt-2 h-11 rounded-control border border-line bg-card px-3.5 text-base placeholder:text-soft"
        />
      </fieldset>
      <ProblemNote error={error} className="mt-4" />
    </Dialog>
  );
}
