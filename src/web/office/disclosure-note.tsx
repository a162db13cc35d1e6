// Says beforehand that a show won't start: its host earns from something on its shelf and nothing says so. The rule is
// the show's own (domain/show/disclosure.ts).

import { undisclosed } from '../../domain/show/disclosure.ts';
import type { Room } from '../../protocol/room.ts';
import { type PlanForm, segmentBodies } from './plan-form.ts';

export function DisclosureNote({ form, room }: { form: PlanForm; room: Room }) {
  const earning = room.shelf
    .filter(({ productId, hostEarns }) => hostEarns && form.productIds.includes(productId))
    .map(({ productId }) => productId);
  const open = undisclosed({
    disclosure: form.disclosure,
    segments: segmentBodies(form),
    earning,
  });
  if (open.length === 0) return null;
  const titles = room.shelf.filter(({ productId }) => open.includes(productId));
  return (
    <div role="note" className="rounded-control bg-urgent-mist p-3.5 text-sm">
      <p className="font-semibold text-urgent">The show can’t start like this</p>
      <p className="mt-1">
        {room.plan.hostName} earns commission from {titles.map(({ title }) => title).join(', ')},
        and nothing says so. Choose “Affiliate” or “Paid partnership” as your stake, or say it in
        each segment that shows it.
      </p>
    </div>
  );
}
