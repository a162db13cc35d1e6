// The guests beside the drops: who is invited, who waits in the wings, who is on stage; each taken up, silenced and taken
// down by one press; and how the crowd's picture is laid out.

import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { GuestInvited, GuestView } from '../../../protocol/stage.ts';
import { CopyLine } from '../../crew/copy-line.tsx';
import { MicrophoneIcon, MicrophoneOffIcon } from '../../crew/icons.tsx';
import { ProblemNote } from '../../crew/problem-note.tsx';
import { Button, IconButton } from '../../design/button.tsx';
import { classes } from '../../design/classes.ts';
import { CloseIcon, PlusIcon } from '../../design/icons.tsx';
import { http } from '../../live/http-client.ts';
import { useDesk, useRoom, useStageState } from '../desk.tsx';
import { createGuestStage, type GuestLine, type GuestStage } from './guest-stage.ts';
import { type Layout, layouts, layoutWords, placesOf } from './layout.ts';

export function GuestsPanel({ direct }: { direct: boolean }) {
  const { showId, stage } = useDesk();
  const phase = useRoom((room) => room.phase);
  const hostName = useRoom((room) => room.plan.hostName);
  const [guests, setGuests] = useState<GuestStage | null>(null);
  const isOpen = phase === 'planned' || phase === 'live';
  useEffect(() => {
    if (!isOpen) return;
    const opened = createGuestStage(showId, stage, hostName, direct);
    setGuests(opened);
    return () => {
      opened.close();
      setGuests(null);
    };
  }, [showId, stage, hostName, direct, isOpen]);
  return guests ? <Panel guests={guests} direct={direct} /> : null;
}

function Panel({ guests, direct }: { guests: GuestStage; direct: boolean }) {
  const { showId } = useDesk();
  const { list, lines, layout, isComposing } = useSyncExternalStore(guests.subscribe, guests.state);
  const { publish } = useStageState();
  const picture = useRoom((room) => room.picture);
  const base = `/api/shows/${encodeURIComponent(showId)}/guests`;
  const invite = useMutation({ mutationFn: () => http.post<GuestInvited>(base) });
  const act = useMutation({
    mutationFn: ({ guestId, path, body }: Act) => http.post(`${base}/${guestId}/${path}`, body),
  });
  if (!list) return null;
  const here = list.guests.filter((guest) => guest.phase !== 'removed');
  const onStage = here.filter((guest) => guest.phase === 'stage');
  const isFull = onStage.length + 1 >= list.peopleMax;
  const isElsewhere = picture !== 'off' && publish.phase === 'off';
  if (here.length === 0 && !direct) return null;
  const fresh = here.find(
    (guest) => guest.guestId === invite.data?.guestId && guest.phase === 'invited',
  );
  return (
    <section
      aria-label="Guests on stage"
      className="flex max-h-[46%] shrink-0 flex-col border-t border-line max-lg:max-h-none"
    >
      <div className="flex min-h-12 items-center justify-between gap-2 py-1 pr-3 pl-5">
        <h2 className="label font-sans text-soft">
          Guests {onStage.length > 0 ? `· ${onStage.length} on stage` : null}
        </h2>
        {direct ? (
          <Button look="plain" size="small" busy={invite.isPending} onClick={() => invite.mutate()}>
            <PlusIcon className="size-4" /> Invite
          </Button>
        ) : null}
      </div>
      <div
        // What scrolls must be reachable by keys.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
        tabIndex={0}
        className="scroll-quiet grid min-h-0 flex-1 content-start gap-2 overflow-y-auto px-3 pb-3"
      >
        <ProblemNote error={invite.error ?? act.error} />
        {isElsewhere && direct && here.length > 0 ? (
          <p className="rounded-control bg-sunken px-3 py-2 text-xs text-soft">
            The picture comes from elsewhere: an encoder or another browser. Guests are put together
            in the browser that is on air, so show your picture from here to have them on stage.
          </p>
        ) : null}
        {fresh && invite.data ? (
          <CopyLine
            label="invitation"
            hint="Told once. Good for a day, for one person."
            text={invite.data.link}
          />
        ) : null}
        {isComposing ? <Layouts chosen={layout} onChoose={guests.setLayout} /> : null}
        <ul className="grid gap-2">
          {here.map((guest) => (
            <GuestRow
              key={guest.guestId}
              guest={guest}
              line={lines.get(guest.guestId)}
              direct={direct}
              isFull={isFull}
              onAct={(path, body) => act.mutate({ guestId: guest.guestId, path, body })}
            />
          ))}
        </ul>
        {here.length === 0 ? (
          <p className="px-2 text-xs text-soft">
            Up to three people can stand beside you. Each comes by a link of their own.
          </p>
        ) : null}
      </div>
    </section>
  );
}

type Act = {
  readonly guestId: string;
  readonly path: 'admit' | 'remove' | 'mute';
  readonly body?: { readonly muted: boolean } | undefined;
};

const words = (guest: GuestView, line: GuestLine | undefined): string => {
  if (guest.phase === 'invited') return 'Invited, not here yet';
  if (guest.phase === 'left') return 'Left; may come back';
  if (line?.phase === 'lost') return 'Their line is gone; it may come back';
  if (guest.phase === 'wings') return 'Waits in the wings';
  if (guest.mutedByCrew) return 'On stage, silenced by you';
  return guest.mutedBySelf ? 'On stage, muted themselves' : 'On stage';
};

function GuestRow({
  guest,
  line,
  direct,
  isFull,
  onAct,
}: {
  guest: GuestView;
  line: GuestLine | undefined;
  direct: boolean;
  isFull: boolean;
  onAct: (path: Act['path'], body?: Act['body']) => void;
}) {
  const name = guest.name || 'Guest';
  const isIn = guest.phase === 'wings' || guest.phase === 'stage';
  return (
    <li className="flex items-center gap-2 rounded-control border border-line bg-card p-2">
      {isIn ? <Face stream={line?.stream ?? null} name={name} /> : null}
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-semibold">{name}</p>
        <p className="text-xs text-soft">{words(guest, line)}</p>
      </div>
      {direct && guest.phase === 'wings' ? (
        <Button
          size="small"
          look="strong"
          disabled={isFull}
          title={isFull ? 'The stage is full' : undefined}
          onClick={() => onAct('admit')}
        >
          Admit<span className="sr-only"> {name}</span>
        </Button>
      ) : null}
      {direct && guest.phase === 'stage' ? (
        <IconButton
          label={guest.mutedByCrew ? `Let ${name} speak` : `Silence ${name}`}
          aria-pressed={guest.mutedByCrew}
          onClick={() => onAct('mute', { muted: !guest.mutedByCrew })}
        >
          {guest.mutedByCrew ? <MicrophoneOffIcon /> : <MicrophoneIcon />}
        </IconButton>
      ) : null}
      {direct ? (
        <IconButton
          label={isIn ? `Take ${name} off` : 'Take the invitation back'}
          onClick={() => onAct('remove')}
        >
          <CloseIcon />
        </IconButton>
      ) : null}
    </li>
  );
}

function Face({ stream, name }: { stream: MediaStream | null; name: string }) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (!element.current) return;
    element.current.srcObject = stream;
    if (stream) element.current.play().catch(() => {});
  }, [stream]);
  return (
    <video
      ref={element}
      muted
      playsInline
      aria-label={`Picture of ${name}`}
      className="aspect-video w-20 shrink-0 rounded-chip bg-black object-cover"
      style={{ borderRadius: 8 }}
    />
  );
}

/** Each layout as a small drawing of itself. */
function Layouts({ chosen, onChoose }: { chosen: Layout; onChoose: (layout: Layout) => void }) {
  return (
    <fieldset className="flex flex-wrap gap-1.5">
      <legend className="sr-only">How the crowd sees you</legend>
      {layouts.map((layout) => (
        <button
          key={layout}
          type="button"
          aria-pressed={layout === chosen}
          aria-label={layoutWords[layout]}
          title={layoutWords[layout]}
          onClick={() => onChoose(layout)}
          className={classes(
            'grid h-11 w-12 place-items-center rounded-control border',
            layout === chosen ? 'border-text bg-sunken' : 'border-line',
          )}
        >
          <svg viewBox="0 0 32 18" aria-hidden="true" className="w-9">
            {placesOf(layout, layout === 'grid' ? 4 : 3).map(({ x, y, width, height }) => (
              <rect
                key={`${x} ${y}`}
                x={x * 32 + 0.5}
                y={y * 18 + 0.5}
                width={width * 32 - 1}
                height={height * 18 - 1}
                rx="1.5"
                className="fill-lagoon-light stroke-night"
              />
            ))}
          </svg>
        </button>
      ))}
    </fieldset>
  );
}
