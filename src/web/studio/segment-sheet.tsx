// One segment, changed before or while the show is live: only what was changed is sent, so that what somebody else
// changes of it meanwhile stays.

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { limits } from '../../base/limits.ts';
import { type Beat, beats, type Disclosure, disclosures } from '../../base/words.ts';
import type { SegmentBody, SegmentEditBody } from '../../protocol/http.ts';
import { ProblemNote } from '../crew/problem-note.tsx';
import { ask } from '../crew/shop-data.ts';
import { beatWords, disclosureWords } from '../crew/words.ts';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { Field, SelectField, TextField } from '../design/field.tsx';
import { minutesOf } from '../office/plan-form.ts';
import { useDesk, useRoom } from './desk.tsx';

type Change = Extract<SegmentEditBody, { do: 'change' }>['change'];

export function SegmentSheet({
  segment,
  after,
  onClose,
}: {
  segment: SegmentBody;
  /** A segment that isn't there yet: behind which it comes. */
  after?: string | null | undefined;
  onClose: () => void;
}) {
  const { showId } = useDesk();
  const shelf = useRoom((room) => room.shelf);
  const isNew = after !== undefined;
  const [title, setTitle] = useState(segment.title);
  const [beat, setBeat] = useState<Beat>(segment.beat);
  const [minutes, setMinutes] = useState(String(segment.minutes));
  const [notes, setNotes] = useState(segment.notes);
  const [disclosure, setDisclosure] = useState<Disclosure | ''>(segment.disclosure ?? '');
  const [productIds, setProductIds] = useState<readonly string[]>(segment.productIds);
  const [tried, setTried] = useState(false);
  const length = minutesOf(minutes);
  const send = useMutation({
    mutationFn: (edit: SegmentEditBody) => ask.editSegments(showId, [edit]),
    onSuccess: onClose,
  });
  const wrong = {
    title: title.trim() === '' ? 'What happens here?' : undefined,
    minutes: length === null ? 'Minutes, such as 8.' : undefined,
  };
  const save = () => {
    setTried(true);
    if (wrong.title || length === null) return;
    const now = { title: title.trim(), beat, minutes: length, notes, productIds: [...productIds] };
    if (isNew) {
      const whole = { ...segment, ...now, ...(disclosure ? { disclosure } : {}) };
      return send.mutate({ do: 'add', segment: whole, after });
    }
    const change: Change = Object.fromEntries(
      Object.entries(now).filter(
        ([field, value]) =>
          JSON.stringify(value) !== JSON.stringify(segment[field as keyof SegmentBody]),
      ),
    );
    if (disclosure !== (segment.disclosure ?? '')) change.disclosure = disclosure || null;
    if (Object.keys(change).length === 0) return onClose();
    send.mutate({ do: 'change', segmentId: segment.segmentId, change });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={isNew ? 'A segment more' : segment.title}
      footer={
        <div className="flex justify-end gap-2">
          <Button look="plain" onClick={onClose}>
            Leave it
          </Button>
          <Button look="strong" busy={send.isPending} onClick={save}>
            {isNew ? 'Put it in' : 'Save'}
          </Button>
        </div>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <Field
          label="Title"
          value={title}
          maxLength={limits.titleMax}
          error={tried ? wrong.title : undefined}
          onChange={(event) => setTitle(event.target.value)}
        />
        <div className="grid grid-cols-2 gap-4">
          <SelectField
            label="Beat"
            value={beat}
            onChange={(event) => setBeat(event.target.value as Beat)}
          >
            {beats.map((one) => (
              <option key={one} value={one}>
                {beatWords[one]}
              </option>
            ))}
          </SelectField>
          <Field
            label="Minutes"
            inputMode="decimal"
            value={minutes}
            error={tried ? wrong.minutes : undefined}
            onChange={(event) => setMinutes(event.target.value)}
          />
        </div>
        <TextField
          label="Prompter notes"
          rows={5}
          value={notes}
          maxLength={limits.noteMax}
          onChange={(event) => setNotes(event.target.value)}
        />
        <fieldset>
          <legend className="mb-1.5 text-sm font-semibold">Products; the first is pinned</legend>
          <div className="flex flex-wrap gap-2">
            {shelf.map(({ productId, title: name }) => (
              <label
                key={productId}
                className="flex min-h-11 cursor-pointer items-center rounded-chip border border-line px-4 text-sm has-checked:border-accent has-checked:bg-accent-mist has-focus-visible:outline-2 has-focus-visible:outline-accent"
              >
                <input
                  type="checkbox"
                  className="sr-only"
                  checked={productIds.includes(productId)}
                  onChange={() =>
                    setProductIds((list) =>
                      list.includes(productId)
                        ? list.filter((id) => id !== productId)
                        : [...list, productId],
                    )
                  }
                />
                {name}
              </label>
            ))}
          </div>
        </fieldset>
        <SelectField
          label="Said of your stake while it runs, beside what the show says"
          value={disclosure}
          onChange={(event) => setDisclosure(event.target.value as Disclosure | '')}
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
        <ProblemNote error={send.error} />
      </div>
    </Dialog>
  );
}
