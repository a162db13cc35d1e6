// Who belongs to the shop, and what each may do. Only the owner is here; roles hold from a person's next
// request on.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { roles } from '../../base/words.ts';
import type { Person, PersonRole } from '../../protocol/catalogue.ts';
import { useAtOnce } from '../crew/at-once.ts';
import { useCrew } from '../crew/crew-gate.tsx';
import { LoadFailure } from '../crew/problem-note.tsx';
import { ask, peopleQuery } from '../crew/shop-data.ts';
import { Button } from '../design/button.tsx';
import { shortMomentText } from '../design/clock.tsx';
import { EmptyState, Skeleton } from '../design/empty-state.tsx';
import { toast } from '../design/toast.tsx';
import { problemFrom } from '../live/http-client.ts';
import { MembershipDialog } from './membership-dialog.tsx';
import { PageHead } from './page-head.tsx';
import { SearchField } from './shelf-editor.tsx';

const roleWords: Record<PersonRole, string> = {
  owner: 'Owner',
  host: 'Host',
  moderator: 'Moderator',
  shopper: 'Shopper',
};

const roleMeanings: readonly (readonly [role: PersonRole, meaning: string])[] = [
  ['owner', 'Everything, with money and people.'],
  ['host', 'Plans shows, goes live, sells, keeps the catalogue.'],
  ['moderator', 'Keeps the chat in the studio.'],
  ['shopper', 'Watches, talks and buys.'],
];

export function PeoplePage() {
  const isOwner = useCrew().role === 'owner';
  const [text, setText] = useState('');
  const search = useDeferredValue(text.trim());
  const people = useQuery({
    ...peopleQuery(search),
    enabled: isOwner,
    placeholderData: (before) => before,
  });
  const list = (people.data?.people ?? []).filter(({ guest }) => !guest);
  const ranked = [...list].sort((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role));
  if (!isOwner) {
    return (
      <EmptyState title="People are the owner’s">
        Ask the owner of the shop to give or take a role.
      </EmptyState>
    );
  }
  return (
    <>
      <PageHead
        title="People"
        note="Whoever signs up is a shopper. Give a role to those who help you, a membership to those who come again."
      />
      <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,1fr)_280px]">
        <div className="grid gap-4">
          <SearchField value={text} onChange={setText} label="Name or address" />
          {people.isError && !people.data ? (
            <LoadFailure error={people.error} onRetry={() => void people.refetch()} />
          ) : !people.data ? (
            <div className="grid gap-px" aria-busy="true">
              {[1, 2, 3].map((one) => (
                <Skeleton key={one} className="h-[72px]" />
              ))}
            </div>
          ) : ranked.length === 0 ? (
            <EmptyState title="Nobody matches">
              Ask them to sign up first; then they stand here.
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-card">
              {ranked.map((person) => (
                <Row key={person.id} person={person} />
              ))}
            </ul>
          )}
        </div>
        <aside className="rounded-card bg-sunken p-5">
          <h2 className="label mb-3 font-sans text-soft">What a role may do</h2>
          <dl className="grid gap-3 text-sm">
            {roleMeanings.map(([role, meaning]) => (
              <div key={role}>
                <dt className="font-semibold">{roleWords[role]}</dt>
                <dd className="text-soft">{meaning}</dd>
              </div>
            ))}
          </dl>
        </aside>
      </div>
    </>
  );
}

function Row({ person }: { person: Person }) {
  const me = useCrew();
  const [asking, setAsking] = useState(false);
  const cache = useQueryClient();
  const give = useAtOnce<PersonRole>(person.role, async (role) => {
    await ask.giveRole(person.id, role);
    await cache.invalidateQueries({ queryKey: ['people'] });
    toast(`${person.name} is now ${roleWords[role].toLowerCase()}`, { look: 'good' });
  });
  const problem = give.error ? problemFrom(give.error) : null;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-3">
      <span
        aria-hidden="true"
        className="grid size-10 shrink-0 place-items-center rounded-full bg-sunken font-bold"
      >
        {person.name.slice(0, 1).toUpperCase()}
      </span>
      <span className="min-w-0 flex-1 basis-40">
        <b className="block truncate font-semibold">
          {person.name}
          {person.id === me.id ? <span className="font-normal text-soft"> (you)</span> : null}
        </b>
        <span className="block truncate text-sm text-soft">
          {person.email}
          {person.membership?.untilMs
            ? ` · member until ${shortMomentText(person.membership.untilMs)}`
            : ''}
        </span>
      </span>
      <Button onClick={() => setAsking(true)}>
        {person.membership ? person.membership.tier : 'No member'}
        <span className="sr-only">, membership of {person.name}</span>
      </Button>
      <select
        aria-label={`Role of ${person.name}`}
        value={give.value}
        disabled={give.isPending}
        onChange={(event) => give.choose(event.target.value as PersonRole)}
        className="h-11 rounded-control border border-line bg-card px-3 text-sm font-semibold hover:border-soft"
      >
        {roles.map((role) => (
          <option key={role} value={role}>
            {roleWords[role]}
          </option>
        ))}
      </select>
      {problem ? (
        <p role="alert" className="w-full text-sm">
          <b className="text-urgent">{problem.title}</b> {problem.detail}
        </p>
      ) : null}
      {asking ? <MembershipDialog person={person} onClose={() => setAsking(false)} /> : null}
    </li>
  );
}
