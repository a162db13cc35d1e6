// The icons that only lots need, apart from those that every page loads.

import { icon } from '../design/icons.tsx';

export const BellIcon = icon(
  <path d="M6.5 10a5.5 5.5 0 0 1 11 0c0 5 2 6 2 6.5h-15c0-.5 2-1.5 2-6.5ZM10 19.5a2 2 0 0 0 4 0" />,
);
export const BellOffIcon = icon(
  <path d="M8 6.2A5.5 5.5 0 0 1 17.5 10c0 1.5.2 2.7.5 3.6M16 16.5H4.5c0-.5 2-1.5 2-6.5 0-.4 0-.8.1-1.2M10 19.5a2 2 0 0 0 4 0M4 4l16 16" />,
);
export const GavelIcon = icon(
  <path d="m13.5 3.5 7 7M11 6l7 7M12.5 4.5l-6 6M19.5 11.5l-6 6M9.5 9.5l5 5M11 12.5 4 19.5M13 21h8" />,
);
