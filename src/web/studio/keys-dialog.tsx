// The list of the studio's keys, behind "?".

import { Dialog } from '../design/dialog.tsx';
import { Key } from './key.tsx';
import { studioKeys } from './keyboard.ts';

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open theme="night" onClose={onClose} title="One key for each step">
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2 text-sm">
        {studioKeys.map(([key, meaning]) => (
          <div key={key} className="contents">
            <dt>
              <Key>{key}</Key>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-4 text-sm text-soft">Keys rest while you write.</p>
    </Dialog>
  );
}
