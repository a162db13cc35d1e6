// The frame of the office: where one can go, who one is, and the page itself. A rail on a desk, a bar at
// the thumb on a phone. Places that a role has no business in are not shown; the server refuses them
// anyway.

import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { type CrewPerson, mayDirect, signInAddress, useCrew } from '../crew/crew-gate.tsx';
import {
  CameraIcon,
  CatalogueIcon,
  CodeIcon,
  ExternalIcon,
  ImportIcon,
  MailIcon,
  MoreIcon,
  OrdersIcon,
  PeopleIcon,
  RecordingIcon,
  ShowsIcon,
  SignOutIcon,
} from '../crew/icons.tsx';
import { ask, shopQuery } from '../crew/shop-data.ts';
import { ButtonLink } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { Sheet } from '../design/dialog.tsx';
import { ClockIcon, SendIcon } from '../design/icons.tsx';
import { toast } from '../design/toast.tsx';
import { problemFrom } from '../live/http-client.ts';

type Place = { readonly to: string; readonly name: string; readonly icon: ReactNode };

const placesFor = (person: CrewPerson, hasMail: boolean): readonly Place[] => {
  const direct = mayDirect(person);
  const isOwner = person.role === 'owner';
  return [
    { to: '/office/shows', name: 'Shows', icon: <ShowsIcon /> },
    { to: '/office/calendar', name: 'Calendar', icon: <ClockIcon /> },
    ...(direct
      ? [
          { to: '/office/catalogue', name: 'Catalogue', icon: <CatalogueIcon /> },
          { to: '/office/orders', name: 'Orders', icon: <OrdersIcon /> },
          { to: '/office/import', name: 'Import', icon: <ImportIcon /> },
          { to: '/office/codes', name: 'Codes', icon: <CodeIcon /> },
          { to: '/office/encoder', name: 'Encoder', icon: <CameraIcon /> },
          { to: '/office/recordings', name: 'Recordings', icon: <RecordingIcon /> },
        ]
      : []),
    ...(isOwner ? [{ to: '/office/people', name: 'People', icon: <PeopleIcon /> }] : []),
    ...(isOwner ? [{ to: '/office/simulcast', name: 'Simulcast', icon: <SendIcon /> }] : []),
    ...(isOwner && hasMail ? [{ to: '/office/mail', name: 'Mail', icon: <MailIcon /> }] : []),
  ];
};

const roleWords = {
  owner: 'Owner',
  host: 'Host',
  moderator: 'Moderator',
  shopper: 'Shopper',
} as const;

export function OfficeFrame() {
  const person = useCrew();
  const shop = useQuery(shopQuery);
  const places = placesFor(person, shop.data?.sandbox.mail ?? false);
  const [more, setMore] = useState(false);
  const { pathname } = useLocation();
  const inBar = places.slice(0, places.length > 4 ? 3 : 4);
  const behind = places.slice(inBar.length);

  const signOut = useMutation({
    mutationFn: () => ask.signOut(),
    onSuccess: () => location.assign('/'),
    onError: (error) => toast(problemFrom(error).title, { look: 'urgent' }),
  });

  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[248px_minmax(0,1fr)]">
      <a
        href="#page"
        className="absolute top-2 left-2 z-50 -translate-y-24 rounded-control bg-strong px-4 py-3 text-sm font-semibold text-on-strong focus:translate-y-0"
      >
        To the page
      </a>
      <aside className="sticky top-0 hidden h-dvh flex-col border-r border-line px-4 py-6 lg:flex">
        <a href="/" className="mb-8 block px-3">
          <span className="figure block text-2xl leading-none">{shop.data?.name ?? 'Rialto'}</span>
          <span className="label mt-1.5 block text-soft">Office</span>
        </a>
        <nav aria-label="Office" className="grid gap-1">
          {places.map((place) => (
            <PlaceLink key={place.to} place={place} />
          ))}
        </nav>
        <div className="mt-auto grid gap-1">
          {shop.data?.sandbox.payments ? (
            <p className="mx-3 mb-3 rounded-control bg-ritual-mist px-3 py-2.5 text-xs text-ritual">
              <b>Sandbox.</b> No card is charged and no mail leaves this machine.
            </p>
          ) : null}
          <a
            href="/"
            className="flex min-h-11 items-center gap-3 rounded-control px-3 text-sm font-medium text-soft hover:bg-sunken hover:text-text"
          >
            <ExternalIcon /> See the shop
          </a>
          <div className="flex items-center gap-3 px-3 pt-2">
            <span
              aria-hidden="true"
              className="grid size-9 place-items-center rounded-full bg-strong text-sm font-bold text-on-strong"
            >
              {person.name.slice(0, 1).toUpperCase()}
            </span>
            <span className="min-w-0 flex-1">
              <b className="block truncate text-sm">{person.name}</b>
              <span className="text-xs text-soft">{roleWords[person.role]}</span>
            </span>
            <button
              type="button"
              aria-label="Sign out"
              title="Sign out"
              onClick={() => signOut.mutate()}
              className="grid size-11 place-items-center rounded-full text-soft hover:bg-sunken hover:text-text"
            >
              <SignOutIcon />
            </button>
          </div>
        </div>
      </aside>

      <main id="page" className="min-w-0 px-4 pt-6 pb-28 sm:px-8 lg:px-12 lg:pt-12 lg:pb-20">
        <div className="mx-auto max-w-6xl">
          {person.email === null ? <KeepWayIn /> : null}
          <Outlet />
        </div>
      </main>

      <nav
        aria-label="Office, places"
        className="fixed inset-x-0 bottom-0 z-30 grid auto-cols-fr grid-flow-col border-t border-line bg-card pb-[env(safe-area-inset-bottom)] lg:hidden"
      >
        {inBar.map((place) => (
          <BarLink key={place.to} place={place} />
        ))}
        <button
          type="button"
          aria-haspopup="dialog"
          onClick={() => setMore(true)}
          className={classes(
            'grid min-h-16 place-content-center justify-items-center gap-1 text-2xs font-semibold',
            behind.some(({ to }) => pathname.startsWith(to)) ? 'text-accent' : 'text-soft',
          )}
        >
          <MoreIcon /> More
        </button>
      </nav>
      <Sheet
        open={more}
        onClose={() => setMore(false)}
        eyebrow={shop.data?.name ?? 'Rialto'}
        title={person.name}
      >
        <div className="grid gap-1 pb-2">
          {behind.map((place) => (
            <PlaceLink key={place.to} place={place} onGo={() => setMore(false)} />
          ))}
          <a
            href="/"
            className="flex min-h-12 items-center gap-3 rounded-control px-3 font-medium hover:bg-sunken"
          >
            <ExternalIcon /> See the shop
          </a>
          <button
            type="button"
            onClick={() => signOut.mutate()}
            className="flex min-h-12 items-center gap-3 rounded-control px-3 text-left font-medium hover:bg-sunken"
          >
            <SignOutIcon /> Sign out
          </button>
        </div>
      </Sheet>
    </div>
  );
}

/** For an owner who came by the one-time link: without an address and a password there is no second time. */
function KeepWayIn() {
  return (
    <aside
      aria-label="Your way in"
      className="mb-8 flex flex-wrap items-center justify-between gap-x-6 gap-y-3 rounded-card bg-ritual-mist px-5 py-4 text-sm text-ritual"
    >
      <p className="min-w-0 flex-[1_1_18rem]">
        <b>The link that you came by works once.</b> Set an address and a password to come in again.
      </p>
      <ButtonLink href={signInAddress()} look="strong">
        Set address and password
      </ButtonLink>
    </aside>
  );
}

function PlaceLink({ place, onGo }: { place: Place; onGo?: () => void }) {
  return (
    <Link
      to={place.to}
      {...(onGo ? { onClick: onGo } : {})}
      className="flex min-h-11 items-center gap-3 rounded-control px-3 text-sm font-medium text-soft hover:bg-sunken hover:text-text"
      activeProps={{ className: 'bg-sunken !text-text font-semibold', 'aria-current': 'page' }}
    >
      {place.icon} {place.name}
    </Link>
  );
}

function BarLink({ place }: { place: Place }) {
  return (
    <Link
      to={place.to}
      className="grid min-h-16 place-content-center justify-items-center gap-1 text-2xs font-semibold text-soft"
      activeProps={{ className: '!text-accent', 'aria-current': 'page' }}
    >
      {place.icon} {place.name}
    </Link>
  );
}
