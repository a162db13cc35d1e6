// The picture: the live stream over what stands in for it until it plays, and in words what is the matter when there
// is none. The last frame stays while the line comes back, so that nothing flashes.

import { lazy, Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { standInFit } from '../../protocol/first-paint.ts';
import { uprightMedia, uprightUrl } from '../../protocol/picture-url.ts';
import { Button, Spinner } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { PlayIcon, SoundOffIcon } from '../design/icons.tsx';
import type { PlayerState } from '../live/player-state.ts';
import { useLive } from '../live/use-live.ts';
import type { WhepPlayer } from '../live/whep-player.ts';
import { usePage } from './watch-context.ts';

const LostSlate = lazy(() => import('./lost-slate.tsx'));
const SlowNote = lazy(() => import('./slow-note.tsx'));

export const usePlayer = (player: WhepPlayer): PlayerState =>
  useSyncExternalStore(player.subscribe, player.state);

/** The live picture. `whole`: all of it with bars, instead of as much as fills the screen. */
export function Picture({
  player,
  standIn,
  whole,
}: {
  player: WhepPlayer;
  /** The address of a picture, the same as in the page's first paint. */
  standIn: string | null;
  whole: boolean;
}) {
  const { client } = usePage();
  const picture = useLive(client, (state) => state.room?.picture ?? 'off');
  const hostName = useLive(client, (state) => state.room?.plan.hostName ?? '');
  const backByMs = useLive(client, (state) => state.room?.backByMs);
  const { phase, needsPress, width, height, muted, isSlow, hasNoSlow, pictureDelayMs } =
    usePlayer(player);
  const video = useRef<HTMLVideoElement>(null);
  const glow = useRef<HTMLCanvasElement>(null);
  const [broken, setBroken] = useState(false);
  const isSeen = phase === 'playing' || phase === 'reconnecting';

  useEffect(() => {
    player.attach(video.current);
    return () => player.attach(null);
  }, [player]);
  useEffect(() => player.setPicture(picture === 'on'), [player, picture]);
  useEffect(() => {
    const report = () => {
      const { phase, isSlow, pictureDelayMs } = player.state();
      const way = isSlow ? 'hls' : 'webrtc';
      client.reportPicture(pictureDelayMs, phase === 'playing' ? way : null);
    };
    report();
    return player.subscribe(report);
  }, [player, client]);

  const isWide = width > height;
  const fit = whole
    ? 'object-contain max-lg:object-[50%_24%]'
    : isWide
      ? 'object-cover'
      : 'object-cover lg:object-contain';
  return (
    <div className="watch-picture">
      <Backdrop />
      {standIn && !broken ? (
        <>
          <canvas
            ref={glow}
            width="12"
            height="12"
            className="absolute inset-0 size-full opacity-60"
          />
          <StandIn
            url={standIn}
            onLoad={(image) => soften(image, glow.current)}
            onError={() => setBroken(true)}
            hidden={isSeen}
          />
        </>
      ) : null}
      <video
        ref={video}
        muted
        playsInline
        aria-label={`Live picture of ${hostName}`}
        className={classes('absolute inset-0 z-1 size-full', fit, !isSeen && 'opacity-0')}
      />
      {backByMs !== undefined && picture !== 'on' && phase !== 'unsupported' ? (
        <Suspense>
          <LostSlate hostName={hostName} backByMs={backByMs} />
        </Suspense>
      ) : (
        <Slate {...{ phase, picture, hostName, isSeen, hasNoSlow }} />
      )}
      {isSlow && picture === 'on' ? (
        <Suspense>
          <SlowNote delayMs={pictureDelayMs} />
        </Suspense>
      ) : null}
      {needsPress ? (
        <button
          type="button"
          onClick={() => player.setMuted(false)}
          className="absolute inset-0 z-3 grid place-items-center"
          aria-label="Play the picture"
        >
          <span className="veil grid size-20 place-items-center rounded-full">
            <PlayIcon className="size-9" />
          </span>
        </button>
      ) : null}
      {muted && phase === 'playing' && picture === 'on' && !needsPress ? (
        <div className="absolute inset-x-0 top-[132px] z-3 grid place-items-center lg:top-4">
          <Button
            look="veil"
            size="medium"
            className="rounded-chip!"
            onClick={() => player.setMuted(false)}
          >
            <SoundOffIcon /> Tap for sound
          </Button>
        </div>
      ) : null}
    </div>
  );
}

/** The picture of the page's first paint: the same element, so that it is neither loaded nor seen anew. */
export function StandIn({
  url,
  onLoad,
  onError,
  hidden = false,
}: {
  url: string;
  onLoad?: (image: HTMLImageElement) => void;
  onError: () => void;
  hidden?: boolean;
}) {
  const upright = uprightUrl(url);
  return (
    <picture>
      {upright ? <source media={uprightMedia} srcSet={upright} /> : null}
      <img
        src={url}
        alt=""
        fetchPriority="high"
        onLoad={(event) => onLoad?.(event.currentTarget)}
        onError={onError}
        className={classes('absolute inset-0 size-full', standInFit(url), hidden && 'hidden')}
      />
    </picture>
  );
}

function Slate({
  phase,
  picture,
  hostName,
  isSeen,
  hasNoSlow,
}: {
  phase: PlayerState['phase'];
  picture: 'off' | 'on' | 'lost';
  hostName: string;
  isSeen: boolean;
  hasNoSlow: boolean;
}) {
  const words = slateWords(phase, picture, hostName, hasNoSlow);
  if (!words || (isSeen && picture === 'on' && phase === 'playing')) return null;
  return (
    <div
      className={classes(
        'absolute inset-x-16 top-[136px] z-3 grid justify-items-center gap-1.5 text-center text-white lg:inset-x-6 lg:top-[38%]',
      )}
    >
      <div className="veil grid max-w-sm animate-appear justify-items-center gap-1 rounded-card px-6 py-4">
        {words.turns ? <Spinner className="mb-1 size-5" /> : null}
        <p className="font-display text-lg font-bold">{words.title}</p>
        {words.detail ? <p className="text-sm text-white/90">{words.detail}</p> : null}
      </div>
    </div>
  );
}

/** What stands where the picture would be; null while it is there or just about to be. */
export const slateWords = (
  phase: PlayerState['phase'],
  picture: 'off' | 'on' | 'lost',
  hostName: string,
  hasNoSlow = false,
): { readonly title: string; readonly detail: string | null; readonly turns: boolean } | null => {
  if (phase === 'unsupported') {
    return {
      title: 'This browser can’t show the live picture',
      detail: 'Chat and offers work. A current Chrome, Safari or Firefox shows the picture too.',
      turns: false,
    };
  }
  if (picture === 'lost') {
    return {
      title: `${hostName} is coming back`,
      detail: 'The picture was cut off. Chat and offers go on.',
      turns: true,
    };
  }
  if (picture === 'off')
    return { title: 'About to begin', detail: `${hostName} is getting ready.`, turns: false };
  // [HLS-17] What is sent can't be had the slower way: nothing comes instead.
  const detail = hasNoSlow ? 'The slower stream isn’t there for this picture. Trying again.' : null;
  if (phase === 'reconnecting') return { title: 'Getting the picture back', detail, turns: true };
  if (phase === 'connecting' || phase === 'waiting')
    return { title: 'Getting the picture', detail, turns: true };
  return null;
};

/**
 * Puts the poster's colours behind a picture that doesn't fill its place. Twelve pixels stretched are as
 * soft as a blur filter, which a phone would have to compute again for every frame of the video above.
 */
const soften = (image: HTMLImageElement, canvas: HTMLCanvasElement | null) =>
  canvas?.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);

/** What stands behind everything when there is no poster yet: the light of an evening room. */
export function Backdrop() {
  return (
    <div
      aria-hidden="true"
      className="absolute inset-0 bg-[radial-gradient(120%_80%_at_30%_15%,#4a3a28,transparent_65%),radial-gradient(110%_70%_at_85%_85%,#143733,transparent_70%),linear-gradient(#241d17,#15120f)]"
    />
  );
}
