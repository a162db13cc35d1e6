// The browser's worker for web push: shows a reminder when a message comes, and opens its show when it is
// pressed. It keeps nothing and answers no requests of pages. Built to an address of its own, `/push-worker.js`.

import type { ReminderNotice } from '../../protocol/remind.ts';

/** What this file needs of a service worker: the compiler knows this tree as pages. */
type Waits = { waitUntil(done: Promise<unknown>): void };
type Worker = {
  readonly location: { readonly origin: string };
  readonly registration: {
    showNotification(title: string, options: object): Promise<void>;
  };
  readonly clients: {
    matchAll(options: object): Promise<readonly { url: string; focus(): Promise<unknown> }[]>;
    openWindow(url: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install', run: (event: Waits) => void): void;
  addEventListener(
    type: 'push',
    run: (event: Waits & { readonly data: { json(): unknown } | null }) => void,
  ): void;
  addEventListener(
    type: 'notificationclick',
    run: (
      event: Waits & {
        readonly notification: { readonly data: { readonly url: string }; close(): void };
      },
    ) => void,
  ): void;
};
const worker = self as unknown as Worker;

const moment = new Intl.DateTimeFormat(undefined, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  hour: '2-digit',
  minute: '2-digit',
});

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));

worker.addEventListener('push', (event) => {
  const notice = (event.data?.json() ?? null) as ReminderNotice | null;
  if (notice === null) return;
  const { title, body, tag, atMs } = notice;
  // A path of the shop and nothing else, whoever wrote it.
  const url = new URL(notice.url, worker.location.origin);
  const inShop = url.origin === worker.location.origin ? url.href : worker.location.origin;
  event.waitUntil(
    worker.registration.showNotification(title, {
      body: atMs === null ? body : `${moment.format(atMs)}\n${body}`,
      tag,
      data: { url: inShop },
    }),
  );
});

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { url } = event.notification.data;
  event.waitUntil(
    worker.clients
      .matchAll({ type: 'window' })
      .then(
        (windows) =>
          (windows.find((one) => one.url === url)?.focus() ??
            worker.clients.openWindow(url)) as Promise<unknown>,
      ),
  );
});
