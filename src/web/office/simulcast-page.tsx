// Where shows are sent on to: the shop's destinations, added, changed, tried and removed. A key is typed here and never
// shown again.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { DestinationTrial, DestinationView } from '../../protocol/simulcast.ts';
import { LoadFailure, ProblemNote } from '../crew/problem-note.tsx';
import { askDestinations, destinationsQuery } from '../crew/simulcast-data.ts';
import { Badge } from '../design/badge.tsx';
import { Button, Spinner } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { EmptyState, Skeleton } from '../design/empty-state.tsx';
import { CheckField, Field } from '../design/field.tsx';
import { toast } from '../design/toast.tsx';
import { PageHead } from './page-head.tsx';

export function SimulcastPage() {
  const list = useQuery(destinationsQuery);
  const [form, setForm] = useState<DestinationView | 'new' | null>(null);
  const add = (
    <Button look="strong" onClick={() => setForm('new')}>
      Add a destination
    </Button>
  );
  return (
    <>
      <PageHead
        title="Simulcast destinations"
        note={`Your live shows are also sent there, to at most ${list.data?.perShowMax ?? 8} at once. One that is down or slow disturbs neither your show nor the others.`}
        actions={list.data && list.data.destinations.length > 0 ? add : null}
      />
      {list.isError && !list.data ? (
        <LoadFailure error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.data ? (
        <Skeleton className="h-40 rounded-card" />
      ) : list.data.destinations.length === 0 ? (
        <EmptyState title="Your shows are seen here alone" action={add}>
          Take the server’s address and the stream key from the other service, such as a video site,
          and every show can be seen there too.
        </EmptyState>
      ) : (
        <ul aria-label="Destinations" className="grid gap-3">
          {list.data.destinations.map((one) => (
            <DestinationRow key={one.id} destination={one} onEdit={() => setForm(one)} />
          ))}
        </ul>
      )}
      {form ? (
        <DestinationDialog
          destination={form === 'new' ? null : form}
          onClose={() => setForm(null)}
        />
      ) : null}
    </>
  );
}

function DestinationRow({
  destination,
  onEdit,
}: {
  destination: DestinationView;
  onEdit: () => void;
}) {
  const { id, name, address, ending, everyShow } = destination;
  const cache = useQueryClient();
  const [asking, setAsking] = useState(false);
  const attempt = useMutation({ mutationFn: () => askDestinations.try(id) });
  const remove = useMutation({
    mutationFn: () => askDestinations.remove(id),
    onSuccess: () => {
      toast(`${name} is removed`, { look: 'good' });
      void cache.invalidateQueries({ queryKey: destinationsQuery.queryKey });
    },
  });
  return (
    <li className="grid gap-3 rounded-card border border-line bg-card p-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <p className="flex flex-wrap items-center gap-2 font-semibold">
            {name} <Badge look="outline">{everyShow ? 'All shows' : 'When switched on'}</Badge>
          </p>
          <p className="truncate text-sm text-soft">{address}</p>
          <p className="text-sm text-soft">
            Key <span className="font-mono">···· {ending}</span>
          </p>
        </div>
        <Button
          busy={attempt.isPending}
          aria-label={`Try it: ${name}`}
          onClick={() => attempt.mutate()}
        >
          Try it
        </Button>
        <Button aria-label={`Edit ${name}`} onClick={onEdit}>
          Edit
        </Button>
        <Button aria-label={`Remove ${name}`} onClick={() => setAsking(true)}>
          Remove
        </Button>
      </div>
      <div aria-live="polite">
        {attempt.isPending ? (
          <p className="flex items-center gap-2 text-sm text-soft">
            <Spinner /> Asking {name} …
          </p>
        ) : attempt.data ? (
          <TrialNote trial={attempt.data} />
        ) : null}
      </div>
      <ProblemNote error={attempt.error ?? remove.error} />
      {asking ? (
        <div role="alert" className="grid gap-3 rounded-control bg-urgent-mist p-3 text-sm">
          <p>A show that is live now stops going there at once. The key is forgotten.</p>
          <div className="flex justify-end gap-2">
            <Button look="plain" onClick={() => setAsking(false)}>
              Leave it
            </Button>
            <Button look="urgent" busy={remove.isPending} onClick={() => remove.mutate()}>
              Remove {name}
            </Button>
          </div>
        </div>
      ) : null}
    </li>
  );
}

function TrialNote({ trial: { end, words } }: { trial: DestinationTrial }) {
  return end === null ? (
    <p className="rounded-control bg-accent-mist px-3 py-2.5 text-sm text-accent">
      <b>It works.</b> {words} Nothing was sent.
    </p>
  ) : (
    <p className="rounded-control bg-urgent-mist px-3 py-2.5 text-sm">
      <b>It doesn’t work.</b> {words}
    </p>
  );
}

function DestinationDialog({
  destination,
  onClose,
}: {
  destination: DestinationView | null;
  onClose: () => void;
}) {
  const cache = useQueryClient();
  const [name, setName] = useState(destination?.name ?? '');
  const [address, setAddress] = useState(destination?.address ?? '');
  const [key, setKey] = useState('');
  const [everyShow, setEveryShow] = useState(destination?.everyShow ?? true);
  const needsKey = destination === null || destination.address !== address.trim();
  const save = useMutation({
    mutationFn: () => {
      const body = { name, address, everyShow };
      return destination
        ? askDestinations.change(destination.id, { ...body, key: key || null })
        : askDestinations.make({ ...body, key });
    },
    onSuccess: ({ name }) => {
      toast(destination ? `${name} is changed` : `${name} is added`, { look: 'good' });
      void cache.invalidateQueries({ queryKey: destinationsQuery.queryKey });
      onClose();
    },
  });
  return (
    <Dialog open onClose={onClose} title={destination ? 'Edit destination' : 'Add a destination'}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <ProblemNote error={save.error} />
        <Field
          label="Name"
          hint="As your crew calls it."
          required
          maxLength={40}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Field
          label="Server address"
          hint="rtmp:// or rtmps://, without the key."
          required
          pattern="rtmps?://.+/.+"
          maxLength={300}
          value={address}
          onChange={(event) => setAddress(event.target.value)}
        />
        <Field
          label="Stream key"
          hint={
            needsKey
              ? 'It is kept sealed and not shown again.'
              : 'Leave it empty to keep the key that is there.'
          }
          type="password"
          autoComplete="off"
          required={needsKey}
          maxLength={500}
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <CheckField
          label="For all shows"
          hint="Otherwise it is switched on in the studio, for one show."
          checked={everyShow}
          onChange={(event) => setEveryShow(event.target.checked)}
        />
        <div className="flex justify-end gap-2">
          <Button look="plain" onClick={onClose}>
            Cancel
          </Button>
          <Button look="strong" type="submit" busy={save.isPending}>
            {destination ? 'Save' : 'Add'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
