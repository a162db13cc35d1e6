// The picture with its controls: what goes out, from which camera and microphone, and whether it is on
// air. While somebody else is on air (another host, an encoder) it shows what the crowd sees instead, also when the
// camera is open here.

import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { limits } from '../../base/limits.ts';
import { isRehearsal } from '../../base/rehearsal-id.ts';
import { CameraIcon, MicrophoneIcon, MicrophoneOffIcon, ScreenIcon } from '../crew/icons.tsx';
import { disclosureWord } from '../crew/words.ts';
import { Badge } from '../design/badge.tsx';
import { Button, Spinner } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { shortMomentText, useSecondsLeft } from '../design/clock.tsx';
import { createWhepPlayer } from '../live/whep-player.ts';
import { hasNoSlowStream } from '../live/whip-publisher.ts';
import { useDesk, useRoom, useStageState } from './desk.tsx';
import type { Choice } from './device-choices.ts';
import { EncoderEntry } from './encoder/encoder-entry.tsx';
import { MicrophoneLevel } from './microphone-level.tsx';

export type AirControl = {
  /** Going live is under way: the picture connects, then the show starts. */
  readonly starting: boolean;
  readonly onGoLive: () => void;
  readonly onCancel: () => void;
};

export function PicturePanel({ direct, air }: { direct: boolean; air: AirControl }) {
  const { showId, stage } = useDesk();
  const { video, audio, muted, source, publish, line, composed } = useStageState();
  const picture = useRoom((room) => room.picture);
  const phase = useRoom((room) => room.phase);
  const isOurs = publish.phase !== 'off';
  const showsCrowd = !isOurs && picture !== 'off';

  // A permission that was given before needs no press: the host finds the picture there.
  useEffect(() => {
    if (!direct || phase === 'ended' || phase === 'cancelled') return;
    let left = false;
    Promise.all(
      (['camera', 'microphone'] as const).map((name) =>
        navigator.permissions
          ?.query({ name: name as PermissionName })
          .then(({ state }) => state === 'granted'),
      ),
    )
      .then((given) => {
        if (!left && given.every(Boolean)) {
          void stage.open().then(() => {
            if (!left && phase === 'live' && stage.wasOnAir()) stage.goOnAir();
          });
        }
      })
      .catch(() => {});
    return () => {
      left = true;
    };
  }, [direct, phase, stage]);

  const isOver = phase === 'ended' || phase === 'cancelled';
  if (isOver && !video && !isOurs) return null;
  return (
    <section
      aria-label="Picture"
      className="relative aspect-video max-h-[52dvh] w-full lg:min-h-0 overflow-hidden rounded-card bg-black max-lg:max-h-[30dvh] max-lg:rounded-none"
    >
      {showsCrowd ? <CrowdPicture /> : <Preview track={composed ?? video} mirrored={false} />}
      {!video && !showsCrowd ? <NoPicture direct={direct} /> : null}
      <div className="pointer-events-none absolute inset-x-3 top-3 flex flex-wrap items-start gap-2">
        {video && !showsCrowd ? (
          <Badge look="veil">
            {composed ? 'Everybody on stage' : source === 'screen' ? 'Your screen' : 'You'}
            {isOurs ? '' : ' · only you see this'}
          </Badge>
        ) : null}
        {showsCrowd ? <Badge look="veil">What the crowd sees</Badge> : null}
        {video || audio ? (
          <Badge look="veil">
            <MicrophoneLevel track={audio} muted={muted} />
          </Badge>
        ) : null}
        {hasNoSlowStream(line) ? (
          <p role="status" className="veil max-w-72 rounded-card px-3 py-1.5 text-xs">
            Your browser sends VP8. Who needs the slower stream has none: a browser with H.264 gives
            them one.
          </p>
        ) : null}
        <Applause />
        {direct && !isOurs && !isOver && !isRehearsal(showId) ? (
          <EncoderEntry className="ml-auto" />
        ) : null}
      </div>
      <AirNotice />
      {direct && phase !== 'ended' && phase !== 'cancelled' && (video || isOurs) ? (
        <Controls air={air} />
      ) : null}
    </section>
  );
}

const signs: Readonly<Record<string, string>> = { clap: '👏', wow: '😮', laugh: '😄', fire: '🔥' };

/** What the crowd taps, counted: the nearest thing to applause that a host can see. */
function Applause() {
  const reactions = useRoom((room) => room.reactions);
  const hearts = reactions.heart ?? 0;
  const others = Object.entries(signs).filter(([name]) => (reactions[name] ?? 0) > 0);
  if (hearts === 0 && others.length === 0) return null;
  return (
    <Badge look="veil" className="ml-auto">
      {hearts > 0 ? (
        <span>
          <span aria-hidden="true">♥ </span>
          {hearts} {hearts === 1 ? 'heart' : 'hearts'}
        </span>
      ) : null}
      {others.map(([name, sign]) => (
        <span key={name} aria-label={`${reactions[name]} ${name}`} role="img">
          {sign} {reactions[name]}
        </span>
      ))}
    </Badge>
  );
}

function Preview({ track, mirrored }: { track: MediaStreamTrack | null; mirrored: boolean }) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (!element.current) return;
    element.current.srcObject = track ? new MediaStream([track]) : null;
    if (track) element.current.play().catch(() => {});
  }, [track]);
  return (
    <video
      ref={element}
      muted
      playsInline
      aria-label="Your own picture"
      className={classes('size-full object-contain', mirrored && '-scale-x-100')}
    />
  );
}

function CrowdPicture() {
  const { showId } = useDesk();
  const picture = useRoom((room) => room.picture);
  const [player] = useState(() => createWhepPlayer(showId));
  const state = useSyncExternalStore(player.subscribe, player.state);
  useEffect(() => {
    player.start();
    return () => player.stop();
  }, [player]);
  useEffect(() => player.setPicture(picture === 'on'), [player, picture]);
  return (
    <>
      <video
        ref={player.attach}
        muted
        playsInline
        aria-label="What the crowd sees"
        className="size-full object-contain"
      />
      {state.phase === 'playing' ? null : (
        <p className="absolute inset-0 grid place-items-center text-sm text-[#d8cfc2]">
          <span className="flex items-center gap-2">
            <Spinner />{' '}
            {state.phase === 'waiting' ? 'Waiting for the picture …' : 'Opening the picture …'}
          </span>
        </p>
      )}
    </>
  );
}

function NoPicture({ direct }: { direct: boolean }) {
  const { stage } = useDesk();
  const { opening, trouble } = useStageState();
  const phase = useRoom((room) => room.phase);
  const plan = useRoom((room) => room.plan);
  if (phase === 'ended' || phase === 'cancelled') return null;
  return (
    <div className="absolute inset-0 grid place-items-center bg-[radial-gradient(120%_120%_at_50%_0%,#2a231d_0%,#15110e_70%)] px-6 text-center">
      <div className="grid max-w-md justify-items-center gap-3 max-lg:gap-2">
        {trouble ? (
          <>
            <h2 className="text-xl text-white">{trouble.title}</h2>
            <p className="text-sm text-[#d8cfc2]">{trouble.cure}</p>
          </>
        ) : (
          <>
            <p className="label text-[#d8cfc2] max-lg:hidden">
              {phase === 'planned' ? shortMomentText(plan.startsAtMs) : 'On air without a picture'}
            </p>
            <h2 className="text-2xl text-white max-lg:text-lg">
              {direct ? 'Light, camera, you' : 'No picture yet'}
            </h2>
            <p className="text-sm text-[#d8cfc2] max-lg:hidden">
              {direct
                ? phase === 'live'
                  ? 'Nobody sees you before you show your picture.'
                  : 'Nobody sees you before you go live.'
                : 'The host’s picture appears here when it is on air.'}
            </p>
          </>
        )}
        {direct ? (
          <Button look="strong" busy={opening} onClick={() => void stage.open()} className="mt-1">
            <CameraIcon /> {trouble ? 'Try again' : 'Camera and microphone on'}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

/** The line is lost: what happens by itself, and how long the crowd waits. */
function AirNotice() {
  const { publish } = useStageState();
  const lostAtMs = publish.phase === 'lost' ? publish.sinceMs : 0;
  const seconds = useSecondsLeft(lostAtMs + limits.publisherGraceMs, 0);
  if (publish.phase !== 'lost') return null;
  return (
    <div
      role="alert"
      className="absolute inset-x-3 top-14 mx-auto flex max-w-md items-center gap-3 rounded-control bg-vermilion-deep px-4 py-3 text-white"
    >
      <Spinner className="size-5 shrink-0" />
      <div className="text-sm">
        <p className="font-semibold">Your line is gone. It is coming back by itself.</p>
        <p>
          {seconds > 0
            ? `The crowd sees that you return, for another ${seconds} s.`
            : 'Still trying; leave everything as it is.'}
        </p>
      </div>
    </div>
  );
}

function Controls({ air }: { air: AirControl }) {
  const { stage } = useDesk();
  const { cameras, microphones, cameraId, microphoneId, muted, source, publish, audio } =
    useStageState();
  const phase = useRoom((room) => room.phase);
  const disclosure = useRoom((room) => room.plan.disclosure);
  const isOn = publish.phase === 'on' || publish.phase === 'lost';
  const canShare = typeof navigator.mediaDevices?.getDisplayMedia === 'function';

  return (
    <div className="absolute inset-x-0 bottom-0 flex flex-wrap items-end gap-2 bg-gradient-to-t from-black/70 to-transparent p-3 pt-10 max-lg:flex-nowrap max-lg:p-2">
      <button
        type="button"
        aria-pressed={muted}
        aria-label={
          muted ? 'Microphone is off. Switch it on (M)' : 'Microphone is on. Switch it off (M)'
        }
        title="Microphone (M)"
        disabled={!audio}
        onClick={() => stage.mute(!muted)}
        className={classes(
          'grid size-11 shrink-0 place-items-center rounded-full text-white disabled:opacity-50',
          muted ? 'bg-vermilion-deep' : 'veil',
        )}
      >
        {muted ? <MicrophoneOffIcon /> : <MicrophoneIcon />}
      </button>
      <Chooser
        label="Microphone"
        choices={microphones}
        chosen={microphoneId}
        onChoose={(id) => void stage.chooseMicrophone(id)}
      />
      <Chooser
        label="Camera"
        icon={<CameraIcon className="size-4" />}
        choices={cameras}
        chosen={cameraId}
        onChoose={(id) => void stage.chooseCamera(id)}
      />
      {canShare ? (
        <Button
          look="veil"
          aria-pressed={source === 'screen'}
          aria-label={source === 'screen' ? 'Stop sharing the screen' : 'Share the screen'}
          onClick={() => void (source === 'screen' ? stage.backToCamera() : stage.shareScreen())}
          className={classes(
            'rounded-full max-lg:hidden',
            source === 'screen' && 'bg-lagoon text-white',
          )}
        >
          <ScreenIcon className="size-4" /> {source === 'screen' ? 'Stop screen' : 'Screen'}
        </Button>
      ) : null}
      <span className="flex-1" />
      {air.starting || publish.phase === 'connecting' ? (
        <Button look="veil" className="rounded-full" onClick={air.onCancel}>
          <Spinner /> Going on air … <span className="underline">cancel</span>
        </Button>
      ) : isOn ? (
        <Button look="veil" className="rounded-full" onClick={() => stage.leaveAir()}>
          Stop my picture
        </Button>
      ) : (
        <span className="grid justify-items-end gap-1.5">
          {phase === 'planned' ? (
            <span className="rounded-chip bg-black/70 px-2.5 py-1 text-xs text-white max-lg:hidden">
              Everyone sees: {disclosureWord(disclosure)}
            </span>
          ) : null}
          <Button
            look="urgent"
            size="large"
            className="rounded-full px-7 whitespace-nowrap max-lg:min-h-11 max-lg:px-4 max-lg:text-sm"
            onClick={air.onGoLive}
          >
            <span aria-hidden="true" className="size-2.5 rounded-full bg-white" />
            {phase === 'planned' ? 'Go live' : 'Show my picture'}
          </Button>
        </span>
      )}
    </div>
  );
}

/** A device by the platform's own chooser: it knows touch, keys and long names. */
function Chooser({
  label,
  icon,
  choices,
  chosen,
  onChoose,
}: {
  label: string;
  icon?: React.ReactNode;
  choices: readonly Choice[];
  chosen: string | null;
  onChoose: (id: string) => void;
}) {
  if (choices.length < 2) return null;
  return (
    <label className="veil relative flex h-11 max-w-44 items-center gap-2 rounded-full px-4 text-xs font-semibold focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-white max-lg:max-w-28">
      {icon}
      <span className="sr-only">{label}</span>
      <select
        value={chosen ?? ''}
        onChange={(event) => onChoose(event.target.value)}
        className="min-w-0 flex-1 appearance-none truncate bg-transparent pr-1 text-white outline-none *:text-ink"
      >
        {choices.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
