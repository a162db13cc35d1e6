// The provenance card of a product: what is known about where it comes from, and nothing that isn't.

import type { RoomItem } from '../../protocol/room.ts';
import { Sheet } from '../design/dialog.tsx';
import { ProductClips } from '../product/clips.tsx';
import { ProductPicture } from './product-picture.tsx';

export default function Story({ item, onClose }: { item: RoomItem; onClose: () => void }) {
  const card = item.provenance;
  const facts = card
    ? (
        [
          ['Made by', card.maker],
          ['Comes from', card.origin],
          ['Materials', card.materials],
          ['Serial number', card.serialNumber],
          ['Certificate', card.certificate],
          ['Condition', card.condition],
        ] as const
      ).filter(([, value]) => value)
    : [];
  return (
    <Sheet open onClose={onClose} eyebrow="About this piece" title={item.title}>
      <ProductPicture src={item.imageUrl} width={800} className="aspect-4/3 w-full" />
      {card?.story ? <p className="mt-4 text-base whitespace-pre-line">{card.story}</p> : null}
      {facts.length > 0 ? (
        <dl className="mt-4 grid grid-cols-[auto_1fr] gap-x-5 gap-y-2.5 border-t border-line pt-4 text-sm">
          {facts.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-soft">{name}</dt>
              <dd className="font-semibold">{value}</dd>
            </div>
          ))}
        </dl>
      ) : card?.story ? null : (
        <p className="mt-4 text-sm text-soft">
          The shop hasn’t written down where this piece comes from. Ask in the chat: the host can
          tell you.
        </p>
      )}
      <ProductClips productId={item.productId} />
    </Sheet>
  );
}
