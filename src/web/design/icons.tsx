// The icons, drawn on a grid of 24 with one line weight. They are decoration: the control around them
// carries the words.

import type { ReactNode } from 'react';

export type IconProps = { readonly className?: string };

/** An icon from its paths; those that one page alone needs are made there. */
export const icon =
  (path: ReactNode, filled = false) =>
  ({ className = 'size-5' }: IconProps) => (
    <svg
      viewBox="0 0 24 24"
      aria-hidden="true"
      className={className}
      fill={filled ? 'currentColor' : 'none'}
      stroke={filled ? 'none' : 'currentColor'}
      strokeWidth="1.9"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {path}
    </svg>
  );

export const CloseIcon = icon(<path d="m6 6 12 12M18 6 6 18" />);
export const HeartIcon = icon(
  <path d="M12 20.6 10.7 19.4C5.9 15.1 3 12.4 3 8.9 3 6.2 5.1 4 7.9 4c1.6 0 3.1.8 4.1 2 1-1.2 2.5-2 4.1-2C18.9 4 21 6.2 21 8.9c0 3.5-2.9 6.2-7.7 10.5L12 20.6Z" />,
  true,
);
export const ShareIcon = icon(
  <path d="M14 4h6v6M20 4 10.5 13.5M18 14v4a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h4" />,
);
export const SendIcon = icon(<path d="M12 19V5M5.5 11.5 12 5l6.5 6.5" />);
export const SoundOffIcon = icon(
  <path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4ZM16 9.5l5 5M21 9.5l-5 5" />,
);
export const SoundOnIcon = icon(
  <path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4ZM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11" />,
);
export const EyeIcon = icon(
  <>
    <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z" />
    <circle cx="12" cy="12" r="2.8" />
  </>,
);
export const PlayIcon = icon(<path d="M8 5.5v13l11-6.5-11-6.5Z" />, true);
export const PauseIcon = icon(<path d="M7 5h3.5v14H7zM13.5 5H17v14h-3.5z" />, true);
export const ReplyIcon = icon(<path d="M9 7 4 12l5 5M4 12h9a7 7 0 0 1 7 6" />);
export const PinIcon = icon(<path d="M9 3.5h6l-.8 6.5 3.3 3.5H6.5L9.8 10 9 3.5ZM12 13.5V21" />);
export const CheckIcon = icon(<path d="m5 12.5 4.5 4.5L19 7.5" />);
export const ClockIcon = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 7.5V12l3 2" />
  </>,
);
export const BagIcon = icon(<path d="M6 8h12l1 12H5L6 8ZM9 10.5V7a3 3 0 0 1 6 0v3.5" />);
export const PlusIcon = icon(<path d="M12 5v14M5 12h14" />);
export const MinusIcon = icon(<path d="M5 12h14" />);
export const BackIcon = icon(<path d="m14.5 5-7 7 7 7" />);
export const ForwardIcon = icon(<path d="m9.5 5 7 7-7 7" />);
export const SealIcon = icon(
  <path d="m12 3 2.5 2 3.2-.2.8 3.1 2.5 2.1-1.3 2.9.6 3.1-3 1.1-1.5 2.8-3.1-.9-3.1.9-1.5-2.8-3-1.1.6-3.1L3.5 10 6 7.9l.8-3.1L10 5l2-2ZM8.8 12.2l2.2 2.2 4.2-4.4" />,
);
export const FullscreenIcon = icon(<path d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5" />);
