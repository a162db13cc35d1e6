// What an invitation opens: a name, camera and microphone, waiting in the wings, and the stage with everybody on it.
// The link's secret stands behind the #, which no server sees, and goes with each request. No account is needed.

import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { limits } from '../../base/limits.ts';
import { systemClock, systemRandom } from '../../base/ports.ts';
import type { PageState } from '../../protocol/first-paint.ts';
import type { StageView } from '../../protocol/stage.ts';
import { Badge } from '../design/badge.tsx';
import { Button, ButtonLink, Spinner } from '../design/button.tsx';
import { EmptyState, Failure } from '../design/empty-state.tsx';
import { Field } from '../design/field.tsx';
import { ShopFrame } from '../home/shop-frame.tsx';
import { http, problemFrom, type WebProblem } from '../live/http-client.ts';
import { createSeatLine, type SeatState } from '../live/seat-line.ts';
import { createWhipPublisher } from '../live/whip-publisher.ts';
import { DeviceField } from '../studio/device-field.tsx';
import { MicrophoneLevel } from '../studio/microphone-level.tsx';
import { browserPeer } from '../studio/publish-peer.ts';
import { useGuestDevices } from './guest-devices.ts';

const againMs = 2_000;

export default function GuestPage({ state }: { state: PageState }) {
  const showId = location.pathname.split('/').at(-1) ?? '';
  const [link] = useState(() => location.hash.slice(1));
  const { view, problem } = useStageView(showId, link);
  return (
    <ShopFrame state={state}>
      <div className="mx-auto grid w-full max-w-5xl gap-6 py-4">
        {view ? (
          <Guest showId={showId} link={link} view={view} gone={problem} />
        ) : problem ? (
          <Gone problem={problem} />
        ) : (
          <p className="flex items-center gap-3 text-sm text-soft" aria-busy="true">
            <Spinner /> Opening the invitation …
          </p>
        )}
      </div>
    </ShopFrame>
  );
}

/** The stage as this guest may see it, followed as it changes; a problem that stays ends it. */
const useStageView = (showId: string, link: string) => {
  const [view, setView] = useState<StageView | null>(null);
  const [problem, setProblem] = useState<WebProblem | null>(null);
  useEffect(() => {
    const ended = new AbortController();
    const follow = async () => {
      let after = '';
      while (!ended.signal.aborted) {
        try {
          const path = `/api/shows/${encodeURIComponent(showId)}/stage${after}`;
          const headers = { authorization: `Bearer ${link}` };
          const next = await http.get<StageView>(path, { signal: ended.signal, headers });
          setView(next);
          setProblem(null);
          if (next.show.phase === 'over') return;
          after = `?after=${next.version}`;
        } catch (error) {
          if (ended.signal.aborted) return;
          const found = problemFrom(error);
          setProblem(found);
          if (found.status >= 400 && found.status < 500 && !found.retry) return;
          await new Promise((resolve) => setTimeout(resolve, againMs));
        }
      }
    };
    void follow();
    return () => ended.abort();
  }, [showId, link]);
  return { view, problem };
};

function Gone({ problem }: { problem: WebProblem }) {
  if (problem.retry) return <Failure title={problem.title} detail={problem.detail} />;
  return (
    <EmptyState title={problem.title} action={<ButtonLink href="/">To the shop</ButtonLink>}>
      {problem.detail}
    </EmptyState>
  );
}

function Guest({
  showId,
  link,
  view,
  gone,
}: {
  showId: string;
  link: string;
  view: StageView;
  gone: WebProblem | null;
}) {
  const { show, me, others } = view;
  const { devices, open, choose } = useGuestDevices();
  const [name, setName] = useState(me.name);
  const [wrong, setWrong] = useState<WebProblem | null>(null);
  const isIn = (me.phase === 'wings' || me.phase === 'stage') && show.phase !== 'over';
  const isCutOff = gone !== null && !gone.retry;
  const act = useCallback(
    async (path: string, body?: object) => {
      try {
        const headers = { authorization: `Bearer ${link}` };
        await http.post(`/api/shows/${encodeURIComponent(showId)}/stage/${path}`, body, {
          headers,
        });
        setWrong(null);
      } catch (error) {
        setWrong(problemFrom(error));
      }
    },
    [showId, link],
  );
  const { camera: video, microphone: audio } = devices;
  useEffect(() => {
    if (audio) audio.enabled = !me.mutedBySelf && !me.mutedByCrew;
  }, [audio, me.mutedBySelf, me.mutedByCrew]);
  const sending = isIn && !isCutOff && (video !== null || audio !== null);
  const phase = useSending(
    showId,
    link,
    me.guestId,
    sending ? video : null,
    sending ? audio : null,
  );

  if (isCutOff && gone) return <Gone problem={gone} />;
  if (show.phase === 'over')
    return (
      <EmptyState
        title="The show is over"
        action={<ButtonLink href={`/shows/${showId}`}>To the show</ButtonLink>}
      >
        Thank you for being on stage with {show.hostName}.
      </EmptyState>
    );
  const silent = me.mutedByCrew || me.mutedBySelf;
  return (
    <>
      <header>
        <p className="label text-soft">{show.shopName}</p>
        <h1 className="text-3xl max-lg:text-2xl">
          {me.phase === 'stage'
            ? `On stage: ${show.title}`
            : `You are invited to the stage of ${show.title}`}
        </h1>
        <p role="status" className="mt-1 text-sm text-soft">
          {statusWords(view, phase)}
        </p>
      </header>
      {gone ? (
        <p role="alert" className="rounded-control bg-sunken px-4 py-3 text-sm">
          The shop can’t be reached. It is tried again by itself.
        </p>
      ) : null}
      {devices.trouble ? (
        <div role="alert" className="rounded-card border border-line bg-card p-4">
          <p className="font-semibold">{devices.trouble.title}</p>
          <p className="text-sm text-soft">{devices.trouble.cure}</p>
        </div>
      ) : null}
      <div className="grid gap-3 sm:grid-cols-2">
        <figure className="relative aspect-video overflow-hidden rounded-card bg-black">
          <Picture track={video} label="Your own picture" />
          <figcaption className="absolute inset-x-3 bottom-3 flex gap-2">
            <Badge look="veil">You</Badge>
            {audio ? (
              <Badge look="veil">
                <MicrophoneLevel track={audio} muted={silent} />
              </Badge>
            ) : null}
          </figcaption>
        </figure>
        {others.map(({ seat, name: other, muted }) => (
          <Other key={seat} showId={showId} link={link} seat={seat} name={other} muted={muted} />
        ))}
      </div>
      {wrong ? (
        <p role="alert" className="text-sm text-urgent">
          {wrong.title} {wrong.detail}
        </p>
      ) : null}
      {video || audio ? null : (
        <Button look="strong" size="large" busy={devices.isOpening} onClick={() => void open()}>
          {devices.trouble ? 'Try again' : 'Camera and microphone on'}
        </Button>
      )}
      {video || audio ? (
        <div className="grid gap-3 sm:grid-cols-2">
          <DeviceField
            label="Camera"
            choices={devices.cameras}
            chosen={video?.getSettings().deviceId ?? null}
            none="No camera"
            onChoose={(id) => void choose('camera', id)}
          />
          <DeviceField
            label="Microphone"
            choices={devices.microphones}
            chosen={audio?.getSettings().deviceId ?? null}
            none="No microphone"
            onChoose={(id) => void choose('microphone', id)}
          />
        </div>
      ) : null}
      {isIn ? (
        <div className="flex flex-wrap gap-3">
          <Button
            aria-pressed={me.mutedBySelf}
            disabled={me.mutedByCrew}
            onClick={() => void act('mute', { muted: !me.mutedBySelf })}
          >
            {me.mutedByCrew ? 'The host silenced you' : me.mutedBySelf ? 'Speak again' : 'Mute me'}
          </Button>
          <Button look="quiet" onClick={() => void act('leave')}>
            {me.phase === 'stage' ? 'Leave the stage' : 'Leave'}
          </Button>
        </div>
      ) : (
        <form
          className="grid max-w-md gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            void act('join', { name });
          }}
        >
          <Field
            label="Your name"
            hint="Everybody who watches reads it."
            value={name}
            maxLength={limits.guestNameMax}
            required
            autoComplete="nickname"
            onChange={(event) => setName(event.target.value)}
          />
          <Button type="submit" look="accent" size="large" disabled={!video && !audio}>
            {me.phase === 'left' ? 'Come back' : 'Tell the host that I’m here'}
          </Button>
        </form>
      )}
    </>
  );
}

const statusWords = ({ me, show, isFull }: StageView, phase: string): string => {
  if (me.phase === 'left') return 'You left. The same link brings you back.';
  if (me.phase === 'invited') return `${show.hostName} lets you on when it is time.`;
  if (phase === 'lost') return 'Your line is gone. It is coming back by itself.';
  if (me.phase === 'stage')
    return show.phase === 'live' ? 'Everybody sees and hears you.' : 'The show hasn’t begun yet.';
  return isFull
    ? 'You wait in the wings. The stage is full at the moment.'
    : `You wait in the wings. ${show.hostName} sees you; the crowd doesn’t.`;
};

/** Sends what there is to the guest's seat, and what is chosen later in its place. */
const useSending = (
  showId: string,
  link: string,
  seat: string,
  video: MediaStreamTrack | null,
  audio: MediaStreamTrack | null,
): string => {
  const publisher = useMemo(
    () =>
      createWhipPublisher({
        url: `/api/shows/${encodeURIComponent(showId)}/stage/seats/${seat}/send`,
        clock: systemClock,
        random: systemRandom,
        fetch: (input, init) =>
          fetch(input, { ...init, headers: { ...init?.headers, authorization: `Bearer ${link}` } }),
        peer: browserPeer,
      }),
    [showId, seat, link],
  );
  useEffect(() => {
    if (!video && !audio) return publisher.stop();
    publisher.start({ audio, video }, true);
    publisher.replace('video', video);
    publisher.replace('audio', audio);
  }, [publisher, video, audio]);
  useEffect(() => () => publisher.stop(), [publisher]);
  return useSyncExternalStore(publisher.subscribe, publisher.state).phase;
};

function Picture({ track, label }: { track: MediaStreamTrack | null; label: string }) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (!element.current) return;
    element.current.srcObject = track ? new MediaStream([track]) : null;
    if (track) element.current.play().catch(() => {});
  }, [track]);
  return (
    <video ref={element} muted playsInline aria-label={label} className="size-full object-cover" />
  );
}

/** Somebody else on stage, seen and heard. */
function Other({
  showId,
  link,
  seat,
  name,
  muted,
}: {
  showId: string;
  link: string;
  seat: string;
  name: string;
  muted: boolean;
}) {
  const element = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<SeatState | null>(null);
  useEffect(() => {
    const line = createSeatLine({ showId, seat, link }, () => setState(line.state()));
    return () => line.close();
  }, [showId, seat, link]);
  const stream = state?.stream ?? null;
  useEffect(() => {
    if (!element.current || !stream) return;
    element.current.srcObject = stream;
    element.current.play().catch(() => {});
  }, [stream]);
  const isOn = state?.phase === 'on';
  return (
    <figure className="relative aspect-video overflow-hidden rounded-card bg-black">
      <video
        ref={element}
        muted={muted}
        playsInline
        aria-label={`Picture of ${name}`}
        className="size-full object-cover"
      />
      {isOn ? null : (
        <p className="absolute inset-0 grid place-items-center text-sm text-white">
          {state?.phase === 'lost'
            ? `${name}’s line is gone. It may come back.`
            : `${name} isn’t to be seen yet.`}
        </p>
      )}
      <figcaption className="absolute bottom-3 left-3">
        <Badge look="veil">
          {name}
          {muted ? ' · muted' : ''}
        </Badge>
      </figcaption>
    </figure>
  );
}
