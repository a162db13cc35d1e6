// A poll that stands ready in a segment. It opens when it is asked for: most segments have none.

import { useState } from 'react';
import type { SegmentCueBody } from '../../protocol/http.ts';
import { PollFields } from '../crew/poll-fields.tsx';
import { emptyPollForm, pollOf } from '../crew/poll-form.ts';
import { Button } from '../design/button.tsx';
import { PlusIcon } from '../design/icons.tsx';

export function PollCueForm({ onAdd }: { onAdd: (cue: SegmentCueBody) => void }) {
  const [form, setForm] = useState(emptyPollForm);
  const [isOpen, setOpen] = useState(false);
  const [wrong, setWrong] = useState('');
  const add = () => {
    const poll = pollOf(form);
    if (typeof poll === 'string') return setWrong(poll);
    setWrong('');
    setForm(emptyPollForm);
    setOpen(false);
    onAdd({ kind: 'poll', ...poll });
  };
  if (!isOpen)
    return (
      <Button className="justify-self-start" onClick={() => setOpen(true)}>
        <PlusIcon /> A poll
      </Button>
    );
  return (
    <fieldset className="grid gap-3 rounded-control border border-line p-4">
      <legend className="px-1 text-sm font-semibold">A poll</legend>
      <PollFields form={form} wrong={wrong} onChange={setForm} />
      <div className="flex gap-2">
        <Button onClick={add}>Hold the poll ready</Button>
        <Button look="plain" onClick={() => setOpen(false)}>
          Cancel
        </Button>
      </div>
    </fieldset>
  );
}
