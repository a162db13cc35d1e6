// What opens below a segment where it is planned: the prompter's notes, its products, what is said of the host's stake
// while it runs, and what stands ready to fire.

import { limits } from '../../base/limits.ts';
import { type Disclosure, disclosures } from '../../base/words.ts';
import type { RoomItem } from '../../protocol/room.ts';
import { cueWords } from '../crew/cue-words.ts';
import { DownIcon, TrashIcon, UpIcon } from '../crew/icons.tsx';
import { disclosureWords } from '../crew/words.ts';
import { Button, IconButton } from '../design/button.tsx';
import { SelectField } from '../design/field.tsx';
import { OfferCueForm } from './offer-cue-form.tsx';
import type { SegmentRow } from './plan-form.ts';
import { PollCueForm } from './poll-cue-form.tsx';
import type { ReadyChoices, ShelfChoice } from './segment-choices.ts';

export function SegmentDetails({
  row,
  index,
  count,
  shelf,
  ready,
  onChange,
  onMove,
}: {
  row: SegmentRow;
  index: number;
  count: number;
  shelf: readonly ShelfChoice[];
  ready: ReadyChoices;
  onChange: (row: SegmentRow) => void;
  onMove: (to: number) => void;
}) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5 border-t border-line px-4 py-4 sm:px-13">
      <label className="grid gap-1.5 text-sm font-semibold">
        Prompter notes
        <textarea
          rows={4}
          value={row.notes}
          placeholder="Only the crew sees these."
          onChange={(event) => onChange({ ...row, notes: event.target.value })}
          className="min-h-20 rounded-control border border-line bg-ground px-3.5 py-2.5 text-base font-normal placeholder:text-soft"
        />
      </label>
      <Products row={row} shelf={shelf} onChange={onChange} />
      <SelectField
        label="Said of your stake while it runs, beside what the show says"
        value={row.disclosure ?? ''}
        onChange={(event) =>
          onChange({ ...row, disclosure: (event.target.value || null) as Disclosure | null })
        }
      >
        <option value="">Nothing more</option>
        {disclosures
          .filter((one) => one !== 'none')
          .map((one) => (
            <option key={one} value={one}>
              {disclosureWords[one]}
            </option>
          ))}
      </SelectField>
      <Ready row={row} ready={ready} onChange={onChange} />
      <div className="flex gap-2">
        <Button disabled={index === 0} onClick={() => onMove(index - 1)}>
          <UpIcon /> Earlier
        </Button>
        <Button disabled={index === count - 1} onClick={() => onMove(index + 1)}>
          <DownIcon /> Later
        </Button>
      </div>
    </div>
  );
}

function Products({
  row,
  shelf,
  onChange,
}: {
  row: SegmentRow;
  shelf: readonly ShelfChoice[];
  onChange: (row: SegmentRow) => void;
}) {
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-semibold">
        Products; the first is pinned when the segment begins
      </legend>
      {shelf.length === 0 ? (
        <p className="text-sm text-soft">Put products on the show’s shelf first.</p>
      ) : (
        <div className="flex flex-wrap gap-2">
          {shelf.map(({ productId, title }) => {
            const place = row.productIds.indexOf(productId);
            return (
              <label
                key={productId}
                className="flex min-h-11 cursor-pointer items-center gap-2 rounded-chip border border-line px-4 text-sm has-checked:border-accent has-checked:bg-accent-mist has-focus-visible:outline-2 has-focus-visible:outline-accent"
              >
                <input
                  type="checkbox"
                  className="sr-only"
                  checked={place >= 0}
                  onChange={() =>
                    onChange({
                      ...row,
                      productIds:
                        place >= 0
                          ? row.productIds.filter((id) => id !== productId)
                          : [...row.productIds, productId],
                    })
                  }
                />
                {place >= 0 ? <b className="text-accent">{place + 1}</b> : null}
                {title}
              </label>
            );
          })}
        </div>
      )}
    </fieldset>
  );
}

function Ready({
  row,
  ready,
  onChange,
}: {
  row: SegmentRow;
  ready: ReadyChoices;
  onChange: (row: SegmentRow) => void;
}) {
  const { cues } = row;
  const held = new Set(cues.flatMap((cue) => ('id' in cue ? cue.id : [])));
  const lots = ready.lots.filter(
    ({ lotId, figures }) => figures.phase === 'prepared' && !held.has(lotId),
  );
  const drops = ready.drops.filter(
    ({ dropId, figures }) => figures.phase === 'announced' && !held.has(dropId),
  );
  const isFull = cues.length >= limits.segmentCuesMax;
  // Of this segment's products first: those are what it shows.
  const items: readonly RoomItem[] = [...ready.shelf].sort(
    (a, b) => rank(row, a.productId) - rank(row, b.productId),
  );
  return (
    <fieldset className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <legend className="mb-1.5 text-sm font-semibold">
        Ready to fire, by one press in the studio
      </legend>
      {cues.map((cue, at) => (
        <p
          // biome-ignore lint/suspicious/noArrayIndexKey: two may be alike in every word.
          key={at}
          className="flex items-center justify-between gap-2 rounded-control bg-sunken py-1 pr-1 pl-3.5 text-sm"
        >
          {cueWords(cue, ready) ?? 'What it is about is gone'}
          <IconButton
            label={`Take out of ready ${at + 1}`}
            onClick={() => onChange({ ...row, cues: cues.toSpliced(at, 1) })}
            className="text-soft"
          >
            <TrashIcon />
          </IconButton>
        </p>
      ))}
      {isFull ? null : items.length === 0 ? (
        <p className="text-sm text-soft">
          Once the show is saved with products on its shelf, offers can stand ready here.
        </p>
      ) : (
        <OfferCueForm items={items} onAdd={(cue) => onChange({ ...row, cues: [...cues, cue] })} />
      )}
      {isFull ? null : <PollCueForm onAdd={(cue) => onChange({ ...row, cues: [...cues, cue] })} />}
      {isFull || lots.length + drops.length === 0 ? null : (
        <SelectField
          label="Or a lot or drop that is prepared"
          value=""
          onChange={(event) => {
            const id = event.target.value;
            const kind = lots.some(({ lotId }) => lotId === id) ? 'lot' : 'drop';
            if (id) onChange({ ...row, cues: [...cues, { kind, id }] });
          }}
        >
          <option value="">Choose …</option>
          {lots.map(({ lotId, title }) => (
            <option key={lotId} value={lotId}>
              Lot: {title}
            </option>
          ))}
          {drops.map(({ dropId, title }) => (
            <option key={dropId} value={dropId}>
              Drop: {title}
            </option>
          ))}
        </SelectField>
      )}
    </fieldset>
  );
}

const rank = ({ productIds }: SegmentRow, productId: string): number => {
  const at = productIds.indexOf(productId);
  return at < 0 ? productIds.length : at;
};
