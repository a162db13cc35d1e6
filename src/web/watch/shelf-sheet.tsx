// The whole shelf as a sheet, for a phone. Comes when it is asked for: with it comes what every sheet needs.

import { Sheet } from '../design/dialog.tsx';
import Shelf from './shelf.tsx';

export default function ShelfSheet({
  title,
  onChoose,
  onClose,
}: {
  /** Of the show. */
  title: string;
  onChoose: (productId: string) => void;
  onClose: () => void;
}) {
  return (
    <Sheet open onClose={onClose} title="On the shelf" eyebrow={title}>
      <Shelf layout="list" onChoose={onChoose} />
    </Sheet>
  );
}
