// My address and my card: what some drops ask to be shown, so that one person with many accounts is one entrant. The
// link of the letter that proves an address leads here, and so does the payment service's page.

import type { PageState } from '../../protocol/first-paint.ts';
import { ButtonLink } from '../design/button.tsx';
import { EmptyState } from '../design/empty-state.tsx';
import { ShopFrame } from '../home/shop-frame.tsx';
import { useMe } from '../watch/session.ts';
import { linkWords } from './account-words.ts';
import { AddressPart } from './address-part.tsx';
import { CardPart } from './card-part.tsx';

export default function AccountPage({ state }: { state: PageState }) {
  const me = useMe();
  const query = new URLSearchParams(location.search);
  const error = query.get('error');
  const isFromLetter = query.has('address');
  return (
    <ShopFrame state={state}>
      <h1 className="mt-4 text-3xl">Address and card</h1>
      <p className="mt-2 max-w-[62ch] text-soft">
        Some drops take one entry for each address, or for each card, so that nobody gains by having
        many accounts. Nobody else sees either.
      </p>
      {me ? (
        <div className="mt-8 grid items-start gap-6 lg:grid-cols-2">
          <AddressPart sandbox={state.shop.sandbox.mail} linkError={isFromLetter ? error : null} />
          <CardPart sandbox={state.shop.sandbox.payments} cameBack={query.has('card')} />
        </div>
      ) : (
        <EmptyState
          title={
            isFromLetter && error === null
              ? 'Your address is proven'
              : 'Sign in to see what is yours'
          }
          action={
            <ButtonLink href="/sign-in?next=/account" look="strong">
              Sign in
            </ButtonLink>
          }
        >
          {isFromLetter && error !== null
            ? linkWords(error)
            : isFromLetter
              ? 'Go back to the device that you asked from: it knows already.'
              : 'An address and a card belong to the name that you enter under.'}
        </EmptyState>
      )}
    </ShopFrame>
  );
}
