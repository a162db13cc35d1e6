// What a reminder says, as a letter and as a message on a phone. Pure: from the show as it is now, the zone
// that its times are told in, and what was promised before.

import type { Letter } from '../gateways/mail.ts';
import type { PushMessage } from '../gateways/push.ts';
import type { ReminderNotice } from '../protocol/remind.ts';
import type { ShowRow } from '../views/tables.ts';
import type { CalendarText } from './calendar.ts';
import type { Due } from './outbox.ts';

export type Telling = {
  readonly due: Due;
  readonly show: ShowRow;
  /** The show's own time zone: letters say times in it and name it. */
  readonly zone: string;
  readonly teaser: string;
  readonly shopName: string;
  readonly publicUrl: string;
};

/** "Sunday 29 November at 21:00 (Rome)". */
export const whenIn = (atMs: number, zone: string): string => {
  const text = new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
  }).format(atMs);
  const place = zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone;
  return `${text} (${place})`;
};

const showUrl = ({ show, publicUrl }: Telling): string =>
  new URL(`/shows/${show.show_id}`, publicUrl).href;

const subjectOf = ({ due, show }: Telling): string => {
  switch (due.occasion) {
    case 'announced':
      return `${show.title}: a show with ${show.host_name}`;
    case 'begins':
      return show.phase === 'live' ? `${show.title} is live now` : `${show.title} begins soon`;
    case 'moved':
      return `${show.title} has another time`;
    case 'cancelled':
      return `${show.title} will not take place`;
  }
};

const wordsOf = (telling: Telling): string => {
  const { due, show, zone, teaser } = telling;
  const at = whenIn(show.starts_at_ms, zone);
  const url = showUrl(telling);
  switch (due.occasion) {
    case 'announced':
      return [`${show.host_name} goes live on ${at}.`, teaser, url].filter(Boolean).join('\n\n');
    case 'begins':
      return show.phase === 'live'
        ? `${show.host_name} is live now. Come in:\n\n${url}`
        : `${show.host_name} begins on ${at}. Come in:\n\n${url}`;
    case 'moved': {
      const before = due.fromMs === null ? '' : `It was to begin on ${whenIn(due.fromMs, zone)}.\n`;
      return `${before}It begins on ${at} now. The file puts the new time into your calendar.\n\n${url}`;
    }
    case 'cancelled':
      return `${show.host_name} has called off the show of ${at}. The file takes it out of your calendar.`;
  }
};

/** The letter; the same occasion has the same id, so that a mailbox drops a repeat. */
export const letterOf = (
  telling: Telling,
  to: string,
  links: { readonly stopPage: string; readonly stopUrl: string },
  calendar: CalendarText | null,
): Letter => ({
  to,
  subject: subjectOf(telling),
  text: `${wordsOf(telling)}\n\n--\n${telling.shopName} writes to you because you asked to be told. Stop these letters: ${links.stopPage}`,
  id: `remind-${telling.due.outboxId}`,
  unsubscribeUrl: links.stopUrl,
  ...(calendar ? { calendar } : {}),
});

/** The letter that asks the owner of an address whether the shop may write. */
export const confirmLetter = (
  to: string,
  link: string,
  shopName: string,
  name: string,
): Letter => ({
  to,
  subject: `May ${shopName} write to you?`,
  text: `${name} asked ${shopName} to write to this address when a show begins, moves or is called off.\n\nIf that was you, open this page within three days and press its button:\n\n${link}\n\nIf it wasn't, nothing has to be done: no further letter will come.`,
});

/** The message to a browser. A repeat has the same topic and tag: it takes the place of the first. */
export const pushOf = (telling: Telling, nowMs: number): PushMessage => {
  const { due, show } = telling;
  const notice: ReminderNotice = {
    title: subjectOf(telling).slice(0, 160),
    body: bodyOf(telling).slice(0, 300),
    url: `/shows/${show.show_id}`,
    tag: `remind-${due.outboxId}`,
    // The device says the time in its own zone.
    atMs: due.occasion === 'cancelled' || show.phase === 'live' ? null : show.starts_at_ms,
  };
  const hour = 3_600;
  const untilStart = Math.round((show.starts_at_ms - nowMs) / 1_000);
  return {
    payload: JSON.stringify(notice),
    topic: `r${due.outboxId}`.slice(0, 32),
    ttlSeconds:
      due.occasion === 'begins' ? hour / 2 : Math.min(3 * 24 * hour, Math.max(hour, untilStart)),
  };
};

const bodyOf = ({ due, show, teaser, shopName }: Telling): string => {
  switch (due.occasion) {
    case 'announced':
      return teaser || `${show.host_name} goes live at ${shopName}.`;
    case 'begins':
      return `With ${show.host_name} at ${shopName}.`;
    case 'moved':
      return `${show.host_name} begins at another time.`;
    case 'cancelled':
      return `${show.host_name} has called it off.`;
  }
};
