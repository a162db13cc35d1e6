// A line to copy into another program, with its button. Where the clipboard is closed the text is there to be selected.

import { useId } from 'react';
import { Button } from '../design/button.tsx';
import { toast } from '../design/toast.tsx';

export function CopyLine({ label, hint, text }: { label: string; hint?: string; text: string }) {
  const id = useId();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      toast(`The ${label} is copied`, { look: 'good' });
    } catch {
      document.querySelector<HTMLInputElement>(`[id="${id}"]`)?.select();
      toast('Press the copy keys now: the text is selected.');
    }
  };
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-semibold first-letter:uppercase">
        {label}
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          readOnly
          value={text}
          aria-describedby={hint ? `${id}-hint` : undefined}
          onFocus={(event) => event.target.select()}
          className="h-11 min-w-0 flex-1 rounded-control border border-line bg-sunken px-3 font-mono text-sm text-text"
        />
        <Button onClick={() => void copy()} aria-label={`Copy the ${label}`}>
          Copy
        </Button>
      </div>
      {hint ? (
        <p id={`${id}-hint`} className="text-xs text-soft">
          {hint}
        </p>
      ) : null}
    </div>
  );
}
