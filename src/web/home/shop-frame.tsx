// The frame of the shop's light pages: its name, who is signed in, and below what kind of shop this is.

import type { ReactNode } from 'react';
import type { PageState } from '../../protocol/first-paint.ts';
import { ButtonLink } from '../design/button.tsx';
import { Toaster } from '../design/toast.tsx';
import { isWithoutAccount, signOut, useMe } from '../watch/session.ts';

export function ShopFrame({ state, children }: { state: PageState; children: ReactNode }) {
  const me = useMe();
  const { shop } = state;
  const isCrew = me !== null && me.role !== 'shopper';
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr_auto] bg-ground text-text">
      <Toaster />
      <header className="mx-auto flex w-full max-w-6xl items-center gap-2 px-4 py-4 lg:px-8">
        <a
          href="/"
          className="mr-auto flex min-h-11 items-center font-display text-xl leading-tight font-bold tracking-tight"
        >
          {shop.name}
        </a>
        {isCrew ? (
          <ButtonLink href="/office" look="plain">
            Office
          </ButtonLink>
        ) : null}
        {me ? (
          <details className="relative">
            <summary className="grid min-h-11 max-w-36 list-none items-center truncate rounded-control bg-sunken px-4 text-sm font-semibold leading-[44px]">
              {me.name}
            </summary>
            <div className="absolute right-0 z-20 mt-2 grid min-w-44 gap-1 rounded-control border border-line bg-card p-2 text-sm shadow-card">
              <a
                className="grid min-h-11 items-center rounded-control px-3 hover:bg-sunken"
                href="/#orders"
              >
                My orders
              </a>
              <a
                className="grid min-h-11 items-center rounded-control px-3 hover:bg-sunken"
                href="/receipts"
              >
                My receipts
              </a>
              <a
                className="grid min-h-11 items-center rounded-control px-3 hover:bg-sunken"
                href="/limits"
              >
                My limits
              </a>
              <a
                className="grid min-h-11 items-center rounded-control px-3 hover:bg-sunken"
                href="/reminders"
              >
                My reminders
              </a>
              <a
                className="grid min-h-11 items-center rounded-control px-3 hover:bg-sunken"
                href="/account"
              >
                Address and card
              </a>
              {isWithoutAccount(me, shop) ? (
                <a
                  className="grid min-h-11 items-center rounded-control px-3 hover:bg-sunken"
                  href="/sign-in"
                >
                  Keep my account
                </a>
              ) : null}
              <button
                type="button"
                className="min-h-11 rounded-control px-3 text-left hover:bg-sunken"
                onClick={() => signOut().then(() => location.assign('/'))}
              >
                Sign out
              </button>
            </div>
          </details>
        ) : (
          <ButtonLink href="/sign-in" look="quiet">
            Sign in
          </ButtonLink>
        )}
      </header>
      <main className="mx-auto w-full max-w-6xl px-4 pb-16 lg:px-8">{children}</main>
      <footer className="border-t border-line">
        <p className="mx-auto flex max-w-6xl flex-wrap justify-between gap-x-6 gap-y-1 px-4 py-5 text-xs text-soft lg:px-8">
          <span>
            {shop.sandbox.payments
              ? 'Sandbox shop: payments and parcels only pretend, no money moves.'
              : shop.name}
          </span>
          <span>Rialto {shop.version}</span>
        </p>
      </footer>
    </div>
  );
}
