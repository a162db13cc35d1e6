// What I follow and how I am told, as this page knows it, and the ways to change it. One copy a page, shared
// by its buttons. Permission for messages is asked by a press alone.

import { useEffect, useSyncExternalStore } from 'react';
import type { RemindersView } from '../../protocol/remind.ts';
import { http } from '../live/http-client.ts';
import { useMe } from '../watch/session.ts';

let mine: RemindersView | null = null;
let loadedFor: string | null = null;
const listeners = new Set<() => void>();

const set = (next: RemindersView | null): void => {
  mine = next;
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** What the server has, asked once a page and person; null until then, and for strangers. */
export const useReminders = (): RemindersView | null => {
  const me = useMe();
  useEffect(() => {
    if (!me) {
      loadedFor = null;
      set(null);
    } else if (loadedFor !== me.personId) {
      loadedFor = me.personId;
      void reload().catch(() => {
        loadedFor = null;
      });
    }
  }, [me]);
  return useSyncExternalStore(subscribe, () => mine);
};

export const reload = async (): Promise<RemindersView> => {
  const view = await http.get<RemindersView>('/api/me/reminders');
  set(view);
  return view;
};

const changed = async (change: Promise<RemindersView>): Promise<RemindersView> => {
  const view = await change;
  set(view);
  return view;
};

export const follow = (subject: string) =>
  changed(http.put<RemindersView>('/api/me/reminders/subjects', { subject }));
export const unfollow = (subject: string) =>
  changed(
    http.delete<RemindersView>(`/api/me/reminders/subjects?subject=${encodeURIComponent(subject)}`),
  );
export const chooseWay = (way: RemindersView['way']) =>
  changed(http.put<RemindersView>('/api/me/reminders/way', { way }));
export const stopAll = () => changed(http.delete<RemindersView>('/api/me/reminders'));

/** Gives an address; true when it is confirmed already, false when a letter went to it. */
export const giveAddress = async (email: string): Promise<boolean> => {
  const { isConfirmed } = await http.put<{ isConfirmed: boolean }>('/api/me/reminders/address', {
    email,
  });
  await reload();
  return isConfirmed;
};

/** Whether this browser can be told at all. */
export const canPush = (): boolean =>
  'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

const keyBytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) =>
    sign.charCodeAt(0),
  );

/** Asks for permission, subscribes this browser and tells the shop. False when the person said no. */
export const allowPush = async (pushKey: string): Promise<boolean> => {
  if ((await Notification.requestPermission()) !== 'granted') return false;
  await navigator.serviceWorker.register('/push-worker.js');
  const { pushManager } = await navigator.serviceWorker.ready;
  const wanted = { userVisibleOnly: true, applicationServerKey: keyBytes(pushKey) };
  // A subscription under another key than the shop has now is of no use.
  const subscription = await pushManager.subscribe(wanted).catch(async (error: unknown) => {
    const old = await pushManager.getSubscription();
    if (!old) throw error;
    await old.unsubscribe();
    return pushManager.subscribe(wanted);
  });
  const { endpoint, keys } = subscription.toJSON();
  await changed(http.put<RemindersView>('/api/me/reminders/browser', { endpoint, keys }));
  return true;
};

/** Whether what is wished for will arrive. */
export const isReachable = (view: RemindersView | null): boolean =>
  view !== null &&
  ((view.way === 'mail' && view.isConfirmed) || (view.way === 'push' && view.browsers > 0));

/** How somebody is told, in words. */
export const wayText = (view: RemindersView): string => {
  if (view.way === 'mail')
    return view.isConfirmed
      ? `by mail to ${view.email}`
      : `by mail, once you have pressed the link that went to ${view.email}`;
  if (view.way === 'push') return view.browsers > 0 ? 'by messages to your browser' : 'not at all';
  return 'not at all';
};
