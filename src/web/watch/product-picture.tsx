// A product's picture in a fixed square; without one, a quiet sign in its place, so that rows stay even.

import { useState } from 'react';
import { pictureUrl } from '../../protocol/picture-url.ts';
import { classes } from '../design/classes.ts';

export function ProductPicture({
  src,
  width = 320,
  className,
}: {
  src: string | null;
  /** Pixels that its place needs at most. */
  width?: 320 | 800;
  className?: string;
}) {
  const [failed, setFailed] = useState<string | null>(null);
  if (!src || failed === src) {
    return (
      <span
        aria-hidden="true"
        className={classes(
          'grid shrink-0 place-items-center rounded-control bg-lagoon-mist text-lagoon',
          className,
        )}
      >
        <svg aria-hidden="true" viewBox="0 0 24 24" className="size-1/2" fill="currentColor">
          <path d="M9 3h6v1.5c0 .7-.6 1.2-1 1.8-.5.8.2 1.7 1.3 2.7C16.9 10.4 18 12 18 14.5 18 18.3 15.5 21 12 21s-6-2.7-6-6.5c0-2.5 1.1-4.1 2.7-5.5C9.8 8 10.5 7.1 10 6.3 9.6 5.7 9 5.2 9 4.5V3Z" />
        </svg>
      </span>
    );
  }
  return (
    <img
      src={pictureUrl(src, width)}
      alt=""
      width="120"
      height="120"
      loading="lazy"
      decoding="async"
      onError={() => setFailed(src)}
      className={classes('shrink-0 rounded-control bg-sunken object-cover', className)}
    />
  );
}
