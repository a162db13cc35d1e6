// What a simulated person does over HTTP, as the page does it: come in with a name, look at the price,
// pay in the sandbox. A shop with a real payment service is never paid at.

import type { MyHold } from '../../src/protocol/socket.ts';

/** Test cards of the sandbox: one that pays, one that is declined. */
const goodCard = '4242424242424242';
const badCard = '4000000000000002';

export type Paid = 'paid' | 'declined' | 'gone' | 'failed';

/** Signs a guest up; the cookie of the session. Throws when the shop refuses. */
export const signUp = async (url: string, name: string): Promise<string> => {
  const answer = await fetch(`${url}/api/auth/guest/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ name }),
    signal: AbortSignal.timeout(10_000),
  });
  await answer.arrayBuffer();
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
  if (!answer.ok || cookie === '') throw new Error(`${name} could not come in: ${answer.status}`);
  return cookie;
};

/** Whether payments only pretend: nobody simulated pays anywhere else. */
export const paysInSandbox = async (url: string): Promise<boolean> => {
  const answer = await fetch(`${url}/api/shop`, { signal: AbortSignal.timeout(10_000) });
  const shop = (await answer.json()) as { sandbox?: { payments?: boolean } };
  return shop.sandbox?.payments === true;
};

/** The show to go to: the one that is live, else the next one planned. */
export const findShow = async (url: string): Promise<string | null> => {
  const answer = await fetch(`${url}/api/shows`, { signal: AbortSignal.timeout(10_000) });
  const { shows } = (await answer.json()) as { shows: { showId: string; phase: string }[] };
  const show =
    shows.find(({ phase }) => phase === 'live') ?? shows.find(({ phase }) => phase === 'planned');
  return show?.showId ?? null;
};

/** Votes in a poll; what becomes of it is in the room's frames. */
export const vote = async (
  url: string,
  { cookie }: { readonly cookie: string },
  { showId, pollId, option }: { showId: string; pollId: string; option: number },
): Promise<void> => {
  const answer = await fetch(`${url}/api/shows/${showId}/polls/${pollId}/vote`, {
    method: 'POST',
    headers: { cookie, origin: url, 'content-type': 'application/json' },
    body: JSON.stringify({ option }),
    signal: AbortSignal.timeout(10_000),
  });
  await answer.arrayBuffer();
};

/** Pays for a hold; `withBadCard` first tries one that is declined. */
export const pay = async (
  url: string,
  { cookie, name }: { readonly cookie: string; readonly name: string },
  hold: MyHold,
  withBadCard: boolean,
): Promise<Paid> => {
  const headers = { cookie, origin: url, 'content-type': 'application/json' };
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, {
      ...init,
      headers: { ...headers, ...init.headers },
      signal: AbortSignal.timeout(15_000),
    });
  const price = await call(`/api/holds/${hold.stream}/${hold.holdId}/price`);
  if (!price.ok) return price.status === 410 || price.status === 404 ? 'gone' : 'failed';
  const { total } = (await price.json()) as { total: { minor: number } };
  const word =
    name
      .normalize('NFKD')
      .replace(/[^a-z0-9]/gi, '')
      .toLowerCase() || 'guest';
  const checkout = (card: string) =>
    call('/api/checkout', {
      method: 'POST',
      headers: { 'idempotency-key': `${hold.holdId}-${card.slice(-4)}`.slice(-60) },
      body: JSON.stringify({
        stream: hold.stream,
        holdId: hold.holdId,
        email: `${word}@crowd.example`,
        address: {
          name,
          line1: 'Invented street 4',
          postcode: '30100',
          city: 'Venezia',
          country: 'IT',
        },
        paymentMethod: card,
        totalMinor: total.minor,
      }),
    });
  if (withBadCard) await (await checkout(badCard)).arrayBuffer();
  const answer = await checkout(goodCard);
  await answer.arrayBuffer();
  if (answer.ok) return 'paid';
  if (answer.status === 402) return 'declined';
  return answer.status === 410 ? 'gone' : 'failed';
};
