// The button that shows captions or hides them; there as soon as a show has some.

import { useSyncExternalStore } from 'react';
import { IconButton } from '../design/button.tsx';
import { icon } from '../design/icons.tsx';
import { captionsChoice } from './captions-choice.ts';

const CaptionsIcon = icon(
  <path d="M3.5 5.500h17v13h-17zM10.500 10.400a2.300 2.300 0 1 0 0 3.200M17 10.400a2.300 2.300 0 1 0 0 3.200" />,
);

export default function CaptionsButton() {
  const isOn = useSyncExternalStore(captionsChoice.subscribe, captionsChoice.isOn);
  return (
    <IconButton
      label="Captions"
      aria-pressed={isOn}
      look={isOn ? 'accent' : 'veil'}
      className="size-12"
      onClick={() => captionsChoice.set(!isOn)}
    >
      <CaptionsIcon className="size-6" />
    </IconButton>
  );
}
