// A key of the keyboard, drawn small beside the press that it stands for.

import type { ReactNode } from 'react';

export function Key({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-grid h-6 min-w-6 place-items-center rounded-md bg-[color-mix(in_srgb,currentColor_14%,transparent)] px-1.5 font-sans text-2xs font-semibold normal-case tracking-normal max-lg:hidden">
      {children}
    </kbd>
  );
}
