// Buttons, and links that look like them. One page has one `strong` button at a time: the action. Every
// size has a target of 44 px or more, the small one by an invisible margin.

import type { AnchorHTMLAttributes, ButtonHTMLAttributes, ReactNode } from 'react';
import { classes } from './classes.ts';

export type ButtonLook = 'strong' | 'accent' | 'quiet' | 'plain' | 'urgent' | 'veil';
export type ButtonSize = 'small' | 'medium' | 'large';

const looks: Record<ButtonLook, string> = {
  strong: 'bg-strong text-on-strong hover:opacity-90',
  accent: 'bg-accent text-on-accent hover:opacity-90',
  quiet: 'bg-sunken text-text hover:brightness-95',
  plain: 'bg-transparent text-text hover:bg-sunken',
  urgent: 'bg-vermilion-deep text-white hover:brightness-95',
  veil: 'veil hover:brightness-125',
};
const sizes: Record<ButtonSize, string> = {
  small: 'reach h-8 px-3 text-xs rounded-chip',
  medium: 'min-h-11 px-4 text-sm rounded-control',
  large: 'min-h-14 px-5 text-base rounded-[18px]',
};

const buttonClasses = (look: ButtonLook, size: ButtonSize, className?: string) =>
  classes(
    'inline-flex items-center justify-center gap-2 text-center font-semibold leading-tight',
    'transition-[background-color,opacity,transform,filter] duration-150 active:scale-[0.985]',
    'disabled:opacity-55 disabled:active:scale-100 aria-disabled:opacity-55 select-none',
    looks[look],
    sizes[size],
    className,
  );

export type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  readonly look?: ButtonLook;
  readonly size?: ButtonSize;
  /** Something is under way: the button says so, keeps its width and takes no second press. */
  readonly busy?: boolean;
};

/** A button. `type` is `button` unless said, so that none submits a form by accident. */
export function Button({
  look = 'quiet',
  size = 'medium',
  busy = false,
  className,
  children,
  onClick,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      aria-busy={busy || undefined}
      aria-disabled={busy || rest['aria-disabled'] || undefined}
      className={buttonClasses(look, size, className)}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy ? <Spinner /> : null}
      {children}
    </button>
  );
}

/** A link that is an action, such as the way to checkout. */
export function ButtonLink({
  look = 'quiet',
  size = 'medium',
  className,
  ...rest
}: AnchorHTMLAttributes<HTMLAnchorElement> & { look?: ButtonLook; size?: ButtonSize }) {
  return <a {...rest} className={buttonClasses(look, size, className)} />;
}

export type IconButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label'> & {
  /** What it does, for those who don't see the icon; also its tooltip. */
  readonly label: string;
  readonly look?: ButtonLook;
  readonly size?: ButtonSize;
  readonly children: ReactNode;
};

const squares: Record<ButtonSize, string> = {
  small: 'reach size-8',
  medium: 'size-11',
  large: 'size-14',
};

/** A round button with only an icon. */
export function IconButton({
  label,
  look = 'plain',
  size = 'medium',
  className,
  type = 'button',
  ...rest
}: IconButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      aria-label={label}
      title={label}
      className={classes(
        'inline-grid shrink-0 place-items-center rounded-full transition duration-150 active:scale-95 disabled:opacity-55',
        looks[look],
        squares[size],
        className,
      )}
    />
  );
}

/** Turns while something is under way; says nothing itself, the thing around it does. */
export function Spinner({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 20 20"
      aria-hidden="true"
      className={classes('size-4 animate-spin', className)}
    >
      <circle
        cx="10"
        cy="10"
        r="8"
        fill="none"
        stroke="currentColor"
        strokeOpacity="0.25"
        strokeWidth="2.5"
      />
      <path
        d="M10 2a8 8 0 0 1 8 8"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.5"
        strokeLinecap="round"
      />
    </svg>
  );
}
