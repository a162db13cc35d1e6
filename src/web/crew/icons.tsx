// Icons that only the crew needs, in the manner of design/icons.tsx: a grid of 24, one line weight,
// decoration only.

import type { ReactNode } from 'react';

const icon =
  (path: ReactNode) =>
  ({ className = 'size-5' }: { readonly className?: string }) => (
    <svg
      viewBox="0 0 24 24"
      aria-hidden="true"
      className={className}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.9"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {path}
    </svg>
  );

export const CameraIcon = icon(
  <path d="M3 7.500A1.500 1.500 0 0 1 4.500 6h9A1.500 1.500 0 0 1 15 7.500v9a1.500 1.500 0 0 1-1.500 1.500h-9A1.500 1.500 0 0 1 3 16.500v-9ZM15 10.500l6-3v9l-6-3" />,
);
export const MicrophoneIcon = icon(
  <path d="M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3ZM5.500 11a6.500 6.500 0 0 0 13 0M12 17.500V21" />,
);
export const MicrophoneOffIcon = icon(
  <path d="M9 9v2a3 3 0 0 0 5 2.200M15 10V6a3 3 0 0 0-5.800-1M5.500 11a6.500 6.500 0 0 0 10.800 4.900M18.500 11a6.500 6.500 0 0 1-.500 2.500M12 17.500V21M4 3l16 17" />,
);
export const ScreenIcon = icon(
  <path d="M3.500 5h17v11.500h-17zM8 20h8M12 16.500V20M12 13V8.500M9.800 10.500 12 8.300l2.200 2.200" />,
);
export const ShowsIcon = icon(
  <path d="M4 5.500h16v13H4zM4 9.500h16M8.500 3.500v4M15.500 3.500v4M10.300 12.200l4 2.300-4 2.300z" />,
);
export const CodeIcon = icon(<path d="M4 4.500h8.500L20 12l-8 8-7.500-7.500zM8.500 8.900v.1" />);
export const CatalogueIcon = icon(
  <path d="M12 3.500 20 8v8l-8 4.500L4 16V8l8-4.500ZM4 8l8 4.500L20 8M12 12.500v8" />,
);
export const ImportIcon = icon(
  <path d="M12 4v10M8 10.500l4 4 4-4M4.500 16v2.500A1.500 1.500 0 0 0 6 20h12a1.500 1.500 0 0 0 1.500-1.500V16" />,
);
export const OrdersIcon = icon(
  <path d="M6 3.500h12v17l-2.400-1.600-1.800 1.600-1.800-1.600-1.800 1.600-1.800-1.600L6 20.500zM9.500 8.500h5M9.500 12h5" />,
);
export const PeopleIcon = icon(
  <path d="M9 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM2.500 20a6.500 6.500 0 0 1 13 0M16 4.900a3.500 3.500 0 0 1 0 6.200M18 14.300A6.500 6.500 0 0 1 21.500 20" />,
);
export const RecordingIcon = icon(
  <path d="M4 4.500h16v15H4zM8 4.500v15M16 4.500v15M4 9.500h4M4 14.500h4M16 9.500h4M16 14.500h4" />,
);
export const MailIcon = icon(<path d="M3.500 5.500h17v13h-17zM4 6.500l8 6.500 8-6.500" />);
export const MoreIcon = icon(<path d="M4 7h16M4 12h16M4 17h16" />);
export const SearchIcon = icon(
  <path d="M10.500 17.500a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM15.600 15.600 20.500 20.500" />,
);
export const GripIcon = icon(<path d="M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01" />);
export const TrashIcon = icon(
  <path d="M4.500 6.500h15M9.500 6.500V4h5v2.500M6.500 6.500 7.300 20h9.400l.8-13.500M10.300 10.500v5.500M13.700 10.500v5.500" />,
);
export const LinkIcon = icon(
  <path d="M10 14a4 4 0 0 0 5.700 0l3.100-3.100a4 4 0 0 0-5.700-5.700L12 6.300M14 10a4 4 0 0 0-5.700 0l-3.100 3.100a4 4 0 0 0 5.700 5.700L12 17.700" />,
);
export const ExternalIcon = icon(
  <path d="M14 4h6v6M20 4l-9 9M18 14v4.500A1.500 1.500 0 0 1 16.500 20h-11A1.500 1.500 0 0 1 4 18.500v-11A1.500 1.500 0 0 1 5.500 6H10" />,
);
export const UpIcon = icon(<path d="m6 14.500 6-6 6 6" />);
export const DownIcon = icon(<path d="m6 9.500 6 6 6-6" />);
export const CopyIcon = icon(<path d="M9 9h10v11H9zM15 9V5H5v11h4" />);
export const NoteIcon = icon(
  <path d="M5 4h14v10.500L13.500 20H5zM13.500 20v-5.500H19M8.500 8.500h7M8.500 12h4" />,
);
export const PictureIcon = icon(
  <path d="M4 5h16v14H4zM4 15.500l4.500-4.500 4 4 3-3 4.500 4.500M15.500 9.500h.01" />,
);
export const SignOutIcon = icon(
  <path d="M14 4h4.500A1.500 1.500 0 0 1 20 5.500v13a1.500 1.500 0 0 1-1.500 1.500H14M10 8l-4 4 4 4M6 12h9" />,
);
export const BarIcon = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="m6 6 12 12" />
  </>,
);
