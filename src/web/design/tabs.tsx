// Tabs by the ARIA pattern: one stop for the Tab key, arrows move and choose, Home and End jump. Panels
// belong to the caller; `tabPanelProps` ties them to their tab.

import type { ReactNode } from 'react';
import { classes } from './classes.ts';

export type Tab<Id extends string> = {
  readonly id: Id;
  readonly label: ReactNode;
  readonly count?: number;
};

/** A row of tabs. `name` makes the ids unique on the page. */
export function Tabs<Id extends string>({
  name,
  label,
  tabs,
  chosen,
  onChoose,
  className,
}: {
  name: string;
  label: string;
  tabs: readonly Tab<Id>[];
  chosen: Id;
  onChoose: (id: Id) => void;
  className?: string;
}) {
  const move = (event: React.KeyboardEvent) => {
    const at = tabs.findIndex(({ id }) => id === chosen);
    const to = {
      ArrowRight: (at + 1) % tabs.length,
      ArrowLeft: (at + tabs.length - 1) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    }[event.key];
    const next = to === undefined ? undefined : tabs[to];
    if (!next) return;
    event.preventDefault();
    onChoose(next.id);
    document.getElementById(`${name}-tab-${next.id}`)?.focus();
  };
  return (
    <div
      role="tablist"
      aria-label={label}
      className={classes('flex gap-1 overflow-x-auto', className)}
    >
      {tabs.map((tab) => {
        const isChosen = tab.id === chosen;
        return (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${name}-tab-${tab.id}`}
            aria-selected={isChosen}
            aria-controls={`${name}-panel-${tab.id}`}
            tabIndex={isChosen ? 0 : -1}
            onClick={() => onChoose(tab.id)}
            onKeyDown={move}
            className={classes(
              'min-h-11 whitespace-nowrap border-b-2 px-3 text-sm font-semibold transition-colors',
              isChosen ? 'border-text text-text' : 'border-transparent text-soft hover:text-text',
            )}
          >
            {tab.label}
            {tab.count === undefined ? null : (
              <span className="ml-1.5 text-xs text-soft">{tab.count}</span>
            )}
          </button>
        );
      })}
    </div>
  );
}

/** Spread on the element that a tab shows. */
export const tabPanelProps = (name: string, id: string) => ({
  role: 'tabpanel' as const,
  id: `${name}-panel-${id}`,
  'aria-labelledby': `${name}-tab-${id}`,
  tabIndex: 0,
});
