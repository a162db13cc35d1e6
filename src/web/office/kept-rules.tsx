// For how long recordings and clips stay. What makes files go sooner is asked about first: they don't come back.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { KeptRulesBody } from '../../protocol/kept.ts';
import { askKept, keptRulesQuery } from '../crew/kept-data.ts';
import { ProblemNote } from '../crew/problem-note.tsx';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { CheckField, Field, SelectField } from '../design/field.tsx';
import { toast } from '../design/toast.tsx';
import { checkKept, isShorter, type KeptForm, keptFormOf, type Stay } from './kept-form.ts';

export function KeptRules({ rules, isOwner }: { rules: KeptRulesBody; isOwner: boolean }) {
  const cache = useQueryClient();
  const [form, setForm] = useState<KeptForm>(() => keptFormOf(rules));
  const [tried, setTried] = useState(false);
  const [asking, setAsking] = useState(false);
  const save = useMutation({
    mutationFn: (body: KeptRulesBody) => askKept.setRules(body),
    onSuccess: (body) => {
      cache.setQueryData(keptRulesQuery.queryKey, body);
      setAsking(false);
      toast('Kept so from now on', { look: 'good' });
    },
    onError: () => setAsking(false),
  });
  const { body, problems } = checkKept(form);
  const change = (part: Partial<KeptForm>) => {
    setForm({ ...form, ...part });
    save.reset();
  };
  const submit = () => {
    setTried(true);
    if (!body) return;
    if (isShorter(rules, body)) setAsking(true);
    else save.mutate(body);
  };
  const days = (name: 'recordingDays' | 'clipDays') => ({
    type: 'text',
    inputMode: 'numeric' as const,
    suffix: 'days',
    value: form[name],
    error: tried ? problems[name] : undefined,
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }),
  });
  const stay = (name: 'recordings' | 'clips') => ({
    value: form[name],
    onChange: (event: { target: { value: string } }) =>
      change({ [name]: event.target.value as Stay }),
    children: (
      <>
        <option value="for-ever">For ever</option>
        <option value="days">For a number of days</option>
      </>
    ),
  });
  return (
    <form
      aria-label="How long they stay"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      className="max-w-2xl rounded-card border border-line bg-card p-5"
    >
      <fieldset disabled={!isOwner || save.isPending} className="grid gap-4">
        <legend className="contents">
          <h2 className="text-xl">How long they stay</h2>
        </legend>
        <div className="grid gap-4 sm:grid-cols-2">
          <SelectField label="Recordings" {...stay('recordings')} />
          {form.recordings === 'days' ? (
            <Field label="Days after the show" {...days('recordingDays')} />
          ) : null}
        </div>
        <div className="grid gap-4 sm:grid-cols-2">
          <SelectField label="Clips" {...stay('clips')} />
          {form.clips === 'days' ? (
            <Field label="Days after the clip" {...days('clipDays')} />
          ) : null}
        </div>
        {form.clips === 'days' ? (
          <CheckField
            label="Clips stay while one of their products is on sale"
            checked={form.clipsWhileOnSale}
            onChange={(event) => change({ clipsWhileOnSale: event.target.checked })}
          />
        ) : null}
        <p className="text-xs text-soft">
          Looked after once a day. What was kept long enough is deleted here and in the object
          store; pages say so.
        </p>
        <ProblemNote error={save.error} />
        {isOwner ? (
          <Button type="submit" look="strong" busy={save.isPending} className="justify-self-start">
            Save
          </Button>
        ) : (
          <p className="text-xs text-soft">The owner of the shop decides on it.</p>
        )}
      </fieldset>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title="Keep them for a shorter time?"
        footer={
          <div className="flex justify-end gap-2">
            <Button onClick={() => setAsking(false)}>Not yet</Button>
            <Button
              look="urgent"
              busy={save.isPending}
              onClick={() => {
                if (body) save.mutate(body);
              }}
            >
              Keep them so
            </Button>
          </div>
        }
      >
        <p className="text-sm text-soft">
          What is older than that now goes at the next round, within a day, and doesn’t come back.
        </p>
      </Dialog>
    </form>
  );
}
