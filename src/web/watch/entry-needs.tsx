// What a drop asks to be shown before it takes an entry, as a sheet over the show: the parts of the account's page
// that it asks for. Once all of it is there, the sheet enters by itself.

import { useCallback, useEffect, useState } from 'react';
import type { OncePer, RoomDrop } from '../../protocol/room.ts';
import { AddressPart } from '../buy/address-part.tsx';
import { CardPart } from '../buy/card-part.tsx';
import { Sheet } from '../design/dialog.tsx';
import { usePage } from './watch-context.ts';

export default function EntryNeeds({
  drop,
  onShown,
  onClose,
}: {
  drop: RoomDrop;
  /** All that it asks for is there. */
  onShown: () => void;
  onClose: () => void;
}) {
  const { shop } = usePage();
  const [shown, setShown] = useState<readonly OncePer[]>([]);
  const asked = drop.oncePer ?? [];
  const isDone = asked.every((kind) => shown.includes(kind));
  const show = useCallback(
    (kind: OncePer) => setShown((before) => (before.includes(kind) ? before : [...before, kind])),
    [],
  );
  const proven = useCallback(() => show('verified-address'), [show]);
  const kept = useCallback(() => show('card'), [show]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the last of it is there.
  useEffect(() => {
    if (isDone) onShown();
  }, [isDone]);
  return (
    <Sheet open onClose={onClose} eyebrow={drop.title} title="One entry a person">
      <div className="grid gap-4">
        {asked.includes('verified-address') ? (
          <AddressPart sandbox={shop.sandbox.mail} onProven={proven} />
        ) : null}
        {asked.includes('card') ? <CardPart sandbox={shop.sandbox.payments} onKept={kept} /> : null}
      </div>
    </Sheet>
  );
}
