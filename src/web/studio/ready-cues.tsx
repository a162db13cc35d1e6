// What stands ready in the running segment: one press fires it. An offer that the stock can't give is mended like any
// other offer, beside the picture.

import { useMutation } from '@tanstack/react-query';
import type { SegmentCueBody } from '../../protocol/http.ts';
import type { Room } from '../../protocol/room.ts';
import type { RoomPoll } from '../../protocol/room-poll.ts';
import { cueWords } from '../crew/cue-words.ts';
import { ProblemNote } from '../crew/problem-note.tsx';
import { ask } from '../crew/shop-data.ts';
import { amountText } from '../design/amount.ts';
import { Button } from '../design/button.tsx';
import { newId } from '../live/http-client.ts';
import type { AskedOffer } from './asked-offers.ts';
import { useDesk, useRoom } from './desk.tsx';
import { type OfferForm, offerFormFor } from './offer-form.ts';

const isOpen = (poll: RoomPoll | undefined): boolean => poll?.closedAtMs === null;

type OfferCue = Extract<SegmentCueBody, { kind: 'offer' }>;

/** The form that an offer cue would have been typed as; null when its product left the shelf. */
export const formOfCue = (cue: OfferCue, room: Pick<Room, 'shelf' | 'stock'>): OfferForm | null => {
  const item = room.shelf.find(({ productId }) => productId === cue.productId);
  if (!item) return null;
  const form = offerFormFor(item, room.stock);
  return {
    ...form,
    rows: form.rows.map((row) => {
      const variant = cue.variants.find(({ variantId }) => variantId === row.variantId);
      if (!variant) return { ...row, quantity: '' };
      const price = { minor: variant.priceMinor, currency: row.usualPrice.currency };
      return { ...row, price: amountText(price), quantity: String(variant.quantity) };
    }),
    perPerson: cue.perPersonMax === null ? '' : String(cue.perPersonMax),
    minutes: String(cue.durationMs / 60_000),
  };
};

export function ReadyCues({
  cues,
  onAsked,
}: {
  cues: readonly SegmentCueBody[];
  onAsked: (asked: AskedOffer) => void;
}) {
  const { showId } = useDesk();
  const room = useRoom((whole) => whole);
  const fire = useMutation({
    mutationFn: async ({ cue }: { cue: SegmentCueBody; at: number }) => {
      if (cue.kind === 'lot') await ask.openLot(showId, cue.id);
      if (cue.kind === 'drop') await ask.openDrop(showId, cue.id);
      if (cue.kind === 'poll') {
        const { question, options, durationMs } = cue;
        await ask.openPoll(showId, { question, options, durationMs }, newId());
      }
      if (cue.kind !== 'offer') return;
      const { productId, variants, perPersonMax, durationMs } = cue;
      const body = { productId, variants: [...variants], perPersonMax, durationMs };
      const { offerId } = await ask.openOffer(showId, body, newId());
      const form = formOfCue(cue, room);
      if (form) onAsked({ offerId, form });
    },
  });
  if (cues.length === 0) return null;
  return (
    <section aria-label="Ready in this segment" className="grid gap-1.5 border-t border-line p-3">
      <h3 className="label px-2 font-sans text-soft">Ready in this segment</h3>
      {cues.map((cue, at) => {
        const words = cueWords(cue, room);
        const isRunning =
          (cue.kind === 'offer' &&
            room.offers.some(({ productId }) => productId === cue.productId)) ||
          (cue.kind === 'poll' && isOpen(room.poll) && room.poll?.question === cue.question);
        return (
          <Button
            // biome-ignore lint/suspicious/noArrayIndexKey: two may be alike in every word.
            key={at}
            look="accent"
            disabled={words === null || isRunning}
            busy={fire.isPending && fire.variables.at === at}
            onClick={() => fire.mutate({ cue, at })}
            className="h-auto min-h-11 justify-start py-2 text-left whitespace-normal"
          >
            {words === null
              ? 'Fired, or no longer there'
              : isRunning
                ? `${words} · running`
                : words}
          </Button>
        );
      })}
      <ProblemNote error={fire.error} />
    </section>
  );
}
