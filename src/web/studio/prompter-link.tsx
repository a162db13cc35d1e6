// The way to the prompter: in a window of its own, so that it can stand on another screen, by the camera.

import { Button } from '../design/button.tsx';
import { Key } from './key.tsx';

const addressOf = (showId: string): string => `/studio/${encodeURIComponent(showId)}/prompter`;

/** Opens it, or brings the one that is open to the front. */
export const openPrompter = (showId: string): void => {
  window.open(addressOf(showId), `prompter-${showId}`, 'popup,width=900,height=640')?.focus();
};

export function PrompterLink({ showId }: { showId: string }) {
  return (
    <Button look="plain" className="max-lg:hidden" onClick={() => openPrompter(showId)}>
      Prompter <Key>P</Key>
    </Button>
  );
}
