// Clips of shows: each plays by itself, keeps in sight who has a stake in what it shows, and leads to its moment in the
// show. Comes with the sheets and pages that have clips, never with the live page.

import { useEffect, useState } from 'react';
import type { ClipView } from '../../protocol/kept.ts';
import { durationText, shortMomentText } from '../design/clock.tsx';
import { http } from '../live/http-client.ts';

/** One clip as a player with its caption. */
export function ClipPlayer({ clip }: { clip: ClipView }) {
  const { title, url, posterUrl, leadMs, durationMs, labels, showTitle, startedAtMs } = clip;
  const [isBroken, setBroken] = useState(false);
  const words = labels.map((label) => label.words).join(' · ');
  return (
    <figure className="overflow-hidden rounded-card border border-line bg-card">
      <div className="relative bg-black" data-theme="night">
        {isBroken ? (
          <p className="grid aspect-video place-items-center px-6 text-center text-sm text-white">
            This clip can’t be played here, or it was just taken away.
          </p>
        ) : (
          // biome-ignore lint/a11y/useMediaCaption: captions of clips come with those of the replay.
          <video
            controls
            playsInline
            preload="none"
            aria-label={`Clip: ${title}`}
            src={leadMs > 0 ? `${url}#t=${leadMs / 1_000}` : url}
            poster={posterUrl ?? undefined}
            className="aspect-video w-full object-contain"
            onError={() => setBroken(true)}
          />
        )}
        {words ? (
          <p
            title={labels.map((label) => label.sentence).join(' ')}
            className="veil pointer-events-none absolute top-2 left-2 rounded-chip px-2.5 py-1 text-xs font-semibold text-white"
          >
            {words}
          </p>
        ) : null}
      </div>
      <figcaption className="grid gap-1 px-4 py-3">
        <span className="font-semibold">{title}</span>
        <span className="text-sm text-soft">
          {clip.kind === 'lot' ? 'Lot' : 'Demonstration'} in “{showTitle}”,{' '}
          {shortMomentText(startedAtMs)} · {durationText(durationMs / 1_000)}
        </span>
        <a
          href={`/shows/${clip.showId}?at=${startedAtMs}`}
          className="inline-flex min-h-11 items-center text-sm font-semibold text-accent underline underline-offset-4"
        >
          See it in the show
        </a>
      </figcaption>
    </figure>
  );
}

/** The clips of a product; nothing while there are none, or they can't be had. */
export function ProductClips({ productId }: { productId: string }) {
  const [clips, setClips] = useState<readonly ClipView[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    http
      .get<{ clips: ClipView[] }>(`/api/products/${encodeURIComponent(productId)}/clips`, {
        signal: abort.signal,
      })
      .then((found) => setClips(found.clips))
      .catch(() => undefined);
    return () => abort.abort();
  }, [productId]);
  if (clips.length === 0) return null;
  return (
    <section aria-labelledby="clips" className="mt-6">
      <h2 id="clips" className="label mb-3 text-soft">
        Seen in shows
      </h2>
      <ul className="grid gap-4 sm:grid-cols-[repeat(auto-fill,minmax(260px,1fr))]">
        {clips.map((clip) => (
          <li key={`${clip.showId} ${clip.clipId}`}>
            <ClipPlayer clip={clip} />
          </li>
        ))}
      </ul>
    </section>
  );
}
