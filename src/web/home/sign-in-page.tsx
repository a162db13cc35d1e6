// Signing in on a page of its own: for the crew, for those who come back, and for a used or old link.

import { useState } from 'react';
import type { PageState } from '../../protocol/first-paint.ts';
import { ButtonLink } from '../design/button.tsx';
import { isWithoutAccount, useMe } from '../watch/session.ts';
import type { WayIn } from '../watch/watch-context.ts';
import { WayInForm, wayInTitle } from '../watch/way-in.tsx';
import { ShopFrame } from './shop-frame.tsx';

/** Only addresses of this shop: a link must not lead elsewhere after signing in. */
export const safeNext = (next: string | null): string =>
  next !== null && /^\/(?![/\\])/.test(next) ? next : '/';

const linkProblems: Readonly<Record<string, string>> = {
  'link-used':
    'This sign-in link was used or is too old. Start the server with “npm start -- --owner-link” for a new one.',
};

export default function SignInPage({ state }: { state: PageState }) {
  const me = useMe();
  const query = new URLSearchParams(location.search);
  const isUnfinished = me !== null && isWithoutAccount(me, state.shop);
  const [way, setWay] = useState<WayIn>(isUnfinished || query.has('new') ? 'account' : 'sign-in');
  const problem =
    linkProblems[query.get('problem') ?? ''] ??
    (query.has('link-used') ? linkProblems['link-used'] : undefined);
  const isDone = me !== null && !isUnfinished;

  return (
    <ShopFrame state={state}>
      <section className="mx-auto mt-6 max-w-md rounded-sheet border border-line bg-card p-6 shadow-card lg:mt-14 lg:p-8">
        {problem ? (
          <p
            role="alert"
            className="mb-5 rounded-control bg-urgent-mist px-3.5 py-2.5 text-sm text-urgent"
          >
            {problem}
          </p>
        ) : null}
        <h1 className="mb-4 text-2xl">{isDone ? `You are in, ${me.name}` : wayInTitle(way, me)}</h1>
        {isDone ? (
          <div className="flex flex-wrap gap-2">
            <ButtonLink href="/" look="strong" size="large">
              To the shows
            </ButtonLink>
            {me.role === 'shopper' ? null : (
              <ButtonLink href="/office" size="large">
                To the office
              </ButtonLink>
            )}
          </div>
        ) : (
          <WayInForm
            key={way}
            way={way}
            onWay={setWay}
            noGuest
            onIn={() => location.assign(safeNext(query.get('next')))}
          />
        )}
      </section>
    </ShopFrame>
  );
}
