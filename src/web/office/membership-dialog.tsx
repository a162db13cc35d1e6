// The membership of one person: its tier and its end. A tier is a word of the shop's own, the same that a drop's
// early access names.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { limits } from '../../base/limits.ts';
import type { Person, SetMembership } from '../../protocol/catalogue.ts';
import { ProblemNote } from '../crew/problem-note.tsx';
import { ask } from '../crew/shop-data.ts';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { Field } from '../design/field.tsx';
import { toast } from '../design/toast.tsx';
import { localText, momentOf } from './plan-form.ts';

export function MembershipDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const cache = useQueryClient();
  const { membership } = person;
  const [tier, setTier] = useState(membership?.tier ?? '');
  const [until, setUntil] = useState(membership?.untilMs ? localText(membership.untilMs) : '');
  const [wrong, setWrong] = useState(false);
  const set = useMutation({
    mutationFn: (body: SetMembership) => ask.setMembership(person.id, body),
    onSuccess: (changed) => {
      void cache.invalidateQueries({ queryKey: ['people'] });
      const words = changed.membership
        ? `${person.name} is a member: ${changed.membership.tier}`
        : `${person.name} is no member any more`;
      toast(words, { look: 'good' });
      onClose();
    },
  });
  const submit = () => {
    if (tier.trim() === '') return setWrong(true);
    set.mutate({ membership: { tier: tier.trim(), untilMs: momentOf(until) } });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      eyebrow="Membership"
      title={person.name}
      footer={
        <div className="flex flex-wrap justify-end gap-2">
          {membership ? (
            <Button
              className="mr-auto"
              disabled={set.isPending}
              onClick={() => set.mutate({ membership: null })}
            >
              Take it back
            </Button>
          ) : null}
          <Button look="strong" busy={set.isPending} onClick={submit}>
            {membership ? 'Change it' : 'Make a member'}
          </Button>
        </div>
      }
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <ProblemNote error={set.error} />
        <p className="text-sm text-soft">
          Members claim live offers at the members’ price, where there is one, and enter a drop
          early when it names their tier.
        </p>
        <Field
          label="Tier"
          hint="A word of your own, such as Gold."
          maxLength={limits.tierNameMax}
          value={tier}
          error={wrong && tier.trim() === '' ? 'A tier has a name.' : undefined}
          onChange={(event) => setTier(event.target.value)}
        />
        <Field
          label="Until"
          hint="Empty: until you take it back."
          type="datetime-local"
          value={until}
          onChange={(event) => setUntil(event.target.value)}
        />
        <button type="submit" hidden>
          Save
        </button>
      </form>
    </Dialog>
  );
}
