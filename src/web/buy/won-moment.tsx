// "The moment you won it": the clip of the lot from its opening to its hammer, and how its price went. Nothing for an
// order that wasn't won at a lot.

import { useEffect, useState } from 'react';
import type { WonMoment as Moment } from '../../protocol/kept.ts';
import { timeText } from '../design/clock.tsx';
import { moneyText } from '../design/money.tsx';
import { http } from '../live/http-client.ts';
import { ClipPlayer } from '../product/clips.tsx';

const askAgainMs = 4_000;
/** A clip is there within a minute, or the page was opened long after. */
const roundsMax = 30;

const noClipWords: Record<NonNullable<Moment['noClip']>, string> = {
  coming: 'The clip is being cut. It is here within a minute.',
  none: 'There is no clip: the picture was away then.',
  'kept-long-enough': 'The clip was kept as long as the shop keeps them, and is deleted.',
  'by-the-shop': 'The shop has deleted the clip.',
  demo: 'The demo’s clip is deleted.',
};

export default function WonMoment({ orderId }: { orderId: string }) {
  const [moment, setMoment] = useState<Moment | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    http
      .get<{ moment: Moment | null }>(`/api/orders/${encodeURIComponent(orderId)}/moment`, {
        signal: abort.signal,
      })
      .then((found) => {
        setMoment(found.moment);
        if (found.moment?.noClip === 'coming' && round < roundsMax)
          timer = setTimeout(() => setRound((count) => count + 1), askAgainMs);
      })
      .catch(() => undefined);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [orderId, round]);
  if (!moment) return null;
  const { clip, noClip, trail, alias, price, hammerAtMs } = moment;
  return (
    <section aria-labelledby="won" className="grid gap-4">
      <h2 id="won" className="label text-soft">
        The moment you won it
      </h2>
      {clip ? <ClipPlayer clip={clip} /> : null}
      {noClip ? (
        <p role="status" className="rounded-card bg-sunken px-4 py-3 text-sm text-soft">
          {noClipWords[noClip]}
        </p>
      ) : null}
      <ol className="grid text-sm" aria-label="How the price went">
        {trail.map((step) => (
          <li
            key={`${step.atMs} ${step.price.minor} ${step.leader}`}
            className="grid grid-cols-[auto_1fr_auto] gap-4 border-b border-line py-2 tabular-nums"
          >
            <time className="text-soft">{timeText(step.atMs)}</time>
            <span>{step.leader === alias ? 'You led' : `Bidder ${step.leader} led`}</span>
            <span>{moneyText(step.price)}</span>
          </li>
        ))}
        <li className="grid grid-cols-[auto_1fr_auto] gap-4 py-2 font-semibold tabular-nums">
          <time>{timeText(hammerAtMs)}</time>
          <span>It was yours</span>
          <span>{moneyText(price)}</span>
        </li>
      </ol>
    </section>
  );
}
