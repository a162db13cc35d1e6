// Which hosts earn a share of each sale of a product: an owner writes it down, hosts may read it. What must be said
// because of it is in docs/rules/disclosure.md.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useCrew } from '../crew/crew-gate.tsx';
import { TrashIcon } from '../crew/icons.tsx';
import { LoadFailure, ProblemNote } from '../crew/problem-note.tsx';
import { ask, commissionsQuery, peopleQuery } from '../crew/shop-data.ts';
import { Button, IconButton } from '../design/button.tsx';
import { Skeleton } from '../design/empty-state.tsx';
import { Field, SelectField } from '../design/field.tsx';

/** `12.5` as thousandths of a per cent, or null. */
export const shareOf = (text: string): number | null => {
  const share = Math.round(Number(text.trim().replace(',', '.')) * 1_000);
  return text.trim() !== '' && share >= 1 && share <= 100_000 ? share : null;
};

export function CommissionPart({ productId }: { productId: string }) {
  const isOwner = useCrew().role === 'owner';
  const found = useQuery(commissionsQuery(productId));
  const cache = useQueryClient();
  const changed = ({ commissions }: { commissions: NonNullable<typeof found.data> }) => {
    cache.setQueryData(commissionsQuery(productId).queryKey, commissions);
    void cache.invalidateQueries({ queryKey: ['shows'] });
  };
  const take = useMutation({
    mutationFn: (personId: string) => ask.takeCommission(productId, personId),
    onSuccess: changed,
  });
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div>
        <h2 className="text-2xl">Commission</h2>
        <p className="mt-1 text-sm text-soft">
          A host who earns from it must say so: a show with it on its shelf doesn’t start before.
        </p>
      </div>
      {found.isError ? (
        <LoadFailure error={found.error} onRetry={() => void found.refetch()} />
      ) : !found.data ? (
        <Skeleton className="h-12 rounded-card" />
      ) : found.data.length === 0 ? (
        <p className="text-sm text-soft">No host earns from it.</p>
      ) : (
        <ul className="grid gap-2">
          {found.data.map(({ personId, name, shareMilliPercent }) => (
            <li
              key={personId}
              className="flex min-h-12 items-center gap-3 rounded-card border border-line bg-card py-1 pr-1 pl-4"
            >
              <span className="min-w-0 flex-1 truncate font-semibold">{name}</span>
              <span>{shareMilliPercent / 1_000} % of each sale</span>
              {isOwner ? (
                <IconButton
                  label={`Take ${name}’s commission away`}
                  className="text-soft"
                  onClick={() => take.mutate(personId)}
                >
                  <TrashIcon />
                </IconButton>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      <ProblemNote error={take.error} />
      {isOwner ? <AddCommission productId={productId} onSet={changed} /> : null}
    </section>
  );
}

function AddCommission({
  productId,
  onSet,
}: {
  productId: string;
  onSet: (answer: Awaited<ReturnType<typeof ask.setCommission>>) => void;
}) {
  const people = useQuery(peopleQuery(''));
  const hosts = people.data?.people.filter(({ role }) => role === 'owner' || role === 'host') ?? [];
  const [chosen, setChosen] = useState('');
  const [share, setShare] = useState('');
  const [tried, setTried] = useState(false);
  const personId = chosen || (hosts[0]?.id ?? '');
  const milliPercent = shareOf(share);
  const set = useMutation({
    mutationFn: (value: number) => ask.setCommission(productId, personId, value),
    onSuccess: (answer) => {
      setShare('');
      setTried(false);
      onSet(answer);
    },
  });
  return (
    <div className="grid items-end gap-3 sm:grid-cols-[minmax(0,2fr)_1fr_auto]">
      <SelectField
        label="Host"
        value={personId}
        onChange={(event) => setChosen(event.target.value)}
      >
        {hosts.map((host) => (
          <option key={host.id} value={host.id}>
            {host.name}
          </option>
        ))}
      </SelectField>
      <Field
        label="Share of each sale, per cent"
        inputMode="decimal"
        placeholder="10"
        value={share}
        error={tried && milliPercent === null ? 'More than 0, at most 100.' : undefined}
        onChange={(event) => setShare(event.target.value)}
      />
      <Button
        busy={set.isPending}
        disabled={personId === ''}
        onClick={() => {
          setTried(true);
          if (milliPercent !== null) set.mutate(milliPercent);
        }}
      >
        Write it down
      </Button>
      <ProblemNote error={set.error} className="col-span-full" />
    </div>
  );
}
