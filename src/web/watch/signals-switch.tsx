// The switch of a lot's or drop's sounds and buzzes, beside its name.

import { useSyncExternalStore } from 'react';
import { BellIcon, BellOffIcon } from './lot-icons.tsx';
import { signals } from './signals.ts';

/** Sounds and buzzes of what I bid on or wait for. */
export function SignalsSwitch({ of = 'my bids' }: { of?: string }) {
  const isOn = useSyncExternalStore(signals.subscribe, signals.isOn);
  return (
    <button
      type="button"
      aria-pressed={isOn}
      aria-label={`Sounds and buzzes of ${of}`}
      title={`Sounds and buzzes of ${of}: ${isOn ? 'on' : 'off'}`}
      onClick={() => signals.set(!isOn)}
      className="reach -my-1 grid size-6 place-items-center rounded-full hover:text-text"
    >
      {isOn ? <BellIcon className="size-4" /> : <BellOffIcon className="size-4" />}
    </button>
  );
}
