// Form fields: a label that is always seen, an optional hint, and an error that is tied to the input for
// screen readers. Native inputs inside, so that phones, password managers and autofill work unasked.

import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';
import { classes } from './classes.ts';

type Around = {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: ReactNode;
  /** Keeps the label for screen readers only: for a search field whose icon says it. */
  readonly labelHidden?: boolean;
  readonly className?: string | undefined;
};

const inputClasses = (wrong: boolean) =>
  classes(
    'w-full rounded-control border bg-card px-3.5 text-base text-text placeholder:text-soft',
    'transition-colors hover:border-soft disabled:opacity-60',
    // 16 px and more, or iOS zooms the page on focus.
    wrong ? 'border-urgent' : 'border-line',
  );

function Frame({
  id,
  label,
  hint,
  error,
  labelHidden,
  className,
  children,
}: Around & { id: string; children: ReactNode }) {
  return (
    <div className={classes('grid gap-1.5', className)}>
      <label htmlFor={id} className={classes('text-sm font-semibold', labelHidden && 'sr-only')}>
        {label}
      </label>
      {children}
      {hint ? (
        <p id={`${id}-hint`} className="text-xs text-soft">
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} className="flex gap-1.5 text-xs font-semibold text-urgent">
          <span aria-hidden="true">!</span>
          {error}
        </p>
      ) : null}
    </div>
  );
}

const described = (id: string, { hint, error }: Around) =>
  [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined;

/** A line of text, a number, a date, … by the `type` of the input. */
export function Field({
  label,
  hint,
  error,
  labelHidden,
  className,
  suffix,
  ...input
}: Around & InputHTMLAttributes<HTMLInputElement> & { suffix?: ReactNode }) {
  const own = useId();
  const id = input.id ?? own;
  const around: Around = { label, hint, error, labelHidden, className };
  return (
    <Frame {...around} id={id}>
      <div className="relative">
        <input
          {...input}
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={described(id, around)}
          className={classes(inputClasses(Boolean(error)), 'h-12', suffix ? 'pr-14' : null)}
        />
        {suffix ? (
          <span className="pointer-events-none absolute inset-y-0 right-3.5 grid place-items-center text-sm text-soft">
            {suffix}
          </span>
        ) : null}
      </div>
    </Frame>
  );
}

/** Several lines of text. */
export function TextField({
  label,
  hint,
  error,
  labelHidden,
  className,
  ...input
}: Around & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const own = useId();
  const id = input.id ?? own;
  const around: Around = { label, hint, error, labelHidden, className };
  return (
    <Frame {...around} id={id}>
      <textarea
        rows={4}
        {...input}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={described(id, around)}
        className={classes(inputClasses(Boolean(error)), 'min-h-24 py-3')}
      />
    </Frame>
  );
}

/** One of a list, by the platform's own chooser. Children are `<option>`s. */
export function SelectField({
  label,
  hint,
  error,
  labelHidden,
  className,
  children,
  ...input
}: Around & SelectHTMLAttributes<HTMLSelectElement>) {
  const own = useId();
  const id = input.id ?? own;
  const around: Around = { label, hint, error, labelHidden, className };
  return (
    <Frame {...around} id={id}>
      <div className="relative">
        <select
          {...input}
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={described(id, around)}
          className={classes(inputClasses(Boolean(error)), 'h-12 appearance-none pr-10')}
        >
          {children}
        </select>
        <svg
          viewBox="0 0 12 12"
          aria-hidden="true"
          className="pointer-events-none absolute top-1/2 right-4 size-3 -translate-y-1/2"
        >
          <path d="M2 4.5 6 8.5l4-4" fill="none" stroke="currentColor" strokeWidth="1.6" />
        </svg>
      </div>
    </Frame>
  );
}

/** A yes or no with its words beside it. */
export function CheckField({
  label,
  hint,
  className,
  ...input
}: Omit<Around, 'error' | 'labelHidden'> & Omit<InputHTMLAttributes<HTMLInputElement>, 'type'>) {
  return (
    <label className={classes('flex min-h-11 items-center gap-3 text-sm', className)}>
      <input {...input} type="checkbox" className="size-5 shrink-0 accent-[var(--accent)]" />
      <span>
        <span className="font-semibold">{label}</span>
        {hint ? <span className="block text-xs text-soft">{hint}</span> : null}
      </span>
    </label>
  );
}
