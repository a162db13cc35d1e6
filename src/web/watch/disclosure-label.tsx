// The label of what the host's stake is, over the picture for as long as it holds, with a plain sentence behind it.
// Which labels hold is decided in protocol/disclosure.ts. Rules: docs/rules/disclosure.md.

import { useState } from 'react';
import { disclosuresOf } from '../../protocol/disclosure.ts';
import type { Room } from '../../protocol/room.ts';
import { Sheet } from '../design/dialog.tsx';
import { useLive } from '../live/use-live.ts';
import { usePage } from './watch-context.ts';

export default function DisclosureLabel({
  at,
}: {
  /** The room at the moment that is shown; absent: as it is now. */
  at?: Room | undefined;
}) {
  const { client } = usePage();
  const live = useLive(client, (state) => state.room);
  const [isOpen, setOpen] = useState(false);
  const room = at ?? live;
  const labels = room ? disclosuresOf(room) : [];
  if (labels.length === 0) return null;
  return (
    // Below the names on a phone, in the picture's upper corner on a desk.
    <div className="z-2 justify-self-start self-start px-3.5 pt-1.5 [grid-area:gap] lg:px-9 lg:pt-4 lg:[grid-area:picture]">
      <button
        type="button"
        data-disclosure={labels.map(({ disclosure }) => disclosure).join(' ')}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        className="reach rounded-md bg-black/75 px-2.5 py-1 text-left text-sm wrap-anywhere leading-tight font-semibold text-white ring-1 ring-white/35"
      >
        {labels.map(({ words }) => words).join(' · ')}
      </button>
      {isOpen ? (
        <Sheet open onClose={() => setOpen(false)} title="What the host’s stake is">
          <ul className="grid gap-4">
            {labels.map(({ disclosure, words, sentence }) => (
              <li key={disclosure}>
                <b className="block">{words}</b>
                {sentence}
              </li>
            ))}
          </ul>
          <p className="mt-5 border-t border-line pt-4 text-sm text-soft">
            It stands here because you should know it before you buy.
          </p>
        </Sheet>
      ) : null}
    </div>
  );
}
