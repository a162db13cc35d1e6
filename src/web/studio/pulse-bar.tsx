// The pulse at the bottom: the running figures of the evening, and their last half hour as a small line.
// The figures are the server's own (protocol/socket.ts); this file only lays them out.

import { lazy, Suspense } from 'react';
import type { Money } from '../../base/money.ts';
import { classes } from '../design/classes.ts';
import { moneyText } from '../design/money.tsx';
import { useRecord, useRoom, useShow } from './desk.tsx';

const PulseChart = lazy(() => import('./pulse-chart.tsx'));

const counted = new Intl.NumberFormat('en');

/** `€ 3,912` rather than cents in a row of large figures; below a hundred the cents are the news. */
const roundMoney = (amount: Money): string =>
  amount.minor >= 10_000 ? moneyText(amount).replace(/[.]\d+$/, '') : moneyText(amount);

export function PulseBar() {
  const pulse = useShow((state) => state.pulse);
  const viewers = useRoom((room) => room.viewers);
  const isPlanned = useRoom((room) => room.phase === 'planned');
  const { beats } = useRecord();
  const sales = pulse?.sales.map(roundMoney).join(' + ') || '–';
  const figures: readonly (readonly [label: string, value: string, note: string])[] = [
    [
      'Watching',
      counted.format(viewers),
      pulse && pulse.viewersPeak > viewers ? `peak ${counted.format(pulse.viewersPeak)}` : '',
    ],
    ['Comments/min', pulse ? counted.format(pulse.messagesPerMinute) : '–', ''],
    ['Claims', pulse ? counted.format(pulse.claims) : '–', ''],
    ['Sold', pulse ? counted.format(pulse.soldUnits) : '–', ''],
    ['Buyers', pulse ? counted.format(pulse.buyers) : '–', ''],
    ['Sales', sales, ''],
  ];
  return (
    <footer className="flex items-stretch border-t border-line lg:h-24">
      <dl
        aria-label="Pulse"
        tabIndex={0}
        className="scroll-quiet flex min-w-0 flex-1 items-center gap-x-10 overflow-x-auto px-5 py-4 max-lg:grid max-lg:grid-cols-3 max-lg:gap-x-3 max-lg:gap-y-1 max-lg:px-4 max-lg:py-2 sm:max-lg:grid-cols-6"
      >
        {figures.map(([label, value, note]) => (
          <div key={label} className="min-w-18 shrink-0 max-lg:min-w-0">
            <dt className="label truncate whitespace-nowrap text-soft">{label}</dt>
            <dd className="truncate whitespace-nowrap max-lg:leading-tight">
              <span
                className={classes(
                  'figure text-2xl max-lg:text-base',
                  label === 'Sales' && 'text-accent',
                )}
              >
                {value}
              </span>
              {note ? <span className="ml-2 text-xs text-soft max-lg:hidden">{note}</span> : null}
            </dd>
          </div>
        ))}
      </dl>
      <figure className="hidden w-[400px] shrink-0 items-center pr-4 lg:flex">
        {beats.length > 1 ? (
          <Suspense fallback={null}>
            <PulseChart beats={beats} />
          </Suspense>
        ) : (
          <figcaption className="w-full text-right text-xs text-soft">
            {isPlanned ? 'The evening’s line begins when you are live.' : null}
          </figcaption>
        )}
      </figure>
    </footer>
  );
}
