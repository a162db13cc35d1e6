// The replay: the recording with the room as it was at each moment, and the products for sale now, at
// today's price and true stock. An offer of the evening is told as what it was, never sold again.

import { lazy, Suspense, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { Replay } from '../../protocol/http.ts';
import type { RoomPreviews, RoomRecording } from '../../protocol/room.ts';
import type { CaptionCue } from '../../protocol/web-vtt.ts';
import { Button, IconButton } from '../design/button.tsx';
import { durationText } from '../design/clock.tsx';
import { Sheet } from '../design/dialog.tsx';
import { Failure } from '../design/empty-state.tsx';
import { BagIcon, PauseIcon, PlayIcon, ShareIcon } from '../design/icons.tsx';
import { http, problemFrom, type WebProblem } from '../live/http-client.ts';
import { useLive } from '../live/use-live.ts';
import CaptionsButton from './captions-button.tsx';
import { captionsChoice } from './captions-choice.ts';
import { CaptionsPlate } from './captions-plate.tsx';
import { cueAt } from './captions-shown.ts';
import { Chat } from './chat.tsx';
import { type Deal, dealOfItem } from './deal.ts';
import { DealCard } from './deal-card.tsx';
import DisclosureLabel from './disclosure-label.tsx';
import { LineState } from './live-show.tsx';
import { Backdrop } from './picture.tsx';
import {
  type Chapter,
  chapterFrom,
  chaptersOf,
  keyWish,
  momentOf,
  urlAt,
} from './replay-chapters.ts';
import { PollThen } from './replay-poll.tsx';
import { createTape, type Mark, type Tape } from './replay-tape.ts';
import { ThenCard, thenOf } from './replay-then.tsx';
import { Scrubber } from './scrubber.tsx';
import { useMe } from './session.ts';
import { share } from './share.ts';
import Shelf from './shelf.tsx';
import { TopBar } from './top-bar.tsx';
import { usePage } from './watch-context.ts';

const Story = lazy(() => import('./story.tsx'));
const Moments = lazy(() => import('./moments.tsx'));

export default function ReplayShow({ recording }: { recording: RoomRecording }) {
  const { showId, client } = usePage();
  const me = useMe();
  const title = useLive(client, (state) => state.room?.plan.title ?? '');
  const shelf = useLive(client, (state) => state.room?.shelf) ?? [];
  const stock = useLive(client, (state) => state.room?.stock) ?? {};
  const [tape, setTape] = useState<Tape | null>(null);
  const [cues, setCues] = useState<readonly CaptionCue[]>([]);
  const [problem, setProblem] = useState<WebProblem | null>(null);
  const [asked] = useState(() => momentOf(location.search, recording.startedAtMs));
  const [atMs, setAtMs] = useState(asked ?? 0);
  const [isPlaying, setPlaying] = useState(false);
  const [lengthMs, setLengthMs] = useState(recording.durationMs);
  const [chosen, setChosen] = useState<string | null>(null);
  const [sheet, setSheet] = useState<'shelf' | 'moments' | null>(null);
  const [story, setStory] = useState<Deal | null>(null);
  const video = useRef<HTMLVideoElement>(null);

  const load = () => {
    setProblem(null);
    http.get<Replay>(`/api/shows/${showId}/replay`).then(
      (replay) => {
        setTape(createTape(replay));
        setCues(replay.cues);
      },
      (error: unknown) => setProblem(problemFrom(error)),
    );
  };
  useEffect(load, [showId]);

  const room = tape?.at(atMs);
  const then = room ? thenOf(room, recording.startedAtMs, atMs) : null;
  const marks = tape?.marks ?? [];
  const chapters = useMemo(() => chaptersOf(tape?.marks ?? [], lengthMs), [tape, lengthMs]);
  const previews = recording.previews ?? null;
  const productId =
    chosen ??
    room?.lots.find(({ figures }) => figures.phase === 'open')?.productId ??
    room?.drops.find(({ figures }) => figures.phase === 'open')?.productId ??
    room?.offers.at(-1)?.productId ??
    room?.pinned ??
    shelf[0]?.productId ??
    null;
  const item = shelf.find((one) => one.productId === productId);
  const deal = useMemo(() => (item ? dealOfItem(item, stock) : null), [item, stock]);
  const isAside = chosen !== null && chosen !== room?.pinned;

  const toggle = () => {
    const element = video.current;
    if (!element) return;
    if (element.paused) void element.play();
    else element.pause();
  };
  const seek = (toMs: number) => {
    const element = video.current;
    if (!element) return;
    element.currentTime = Math.max(0, Math.min(lengthMs, toMs)) / 1000;
    setAtMs(element.currentTime * 1000);
    setChosen(null);
  };

  const wish = (kind: NonNullable<ReturnType<typeof keyWish>>) => {
    switch (kind) {
      case 'toggle':
        return toggle();
      case 'back':
        return seek(atMs - skipMs);
      case 'on':
        return seek(atMs + skipMs);
      case 'start':
        return seek(0);
      case 'end':
        return seek(lengthMs);
      case 'chapter-back':
        return seek(chapterFrom(chapters, atMs, 'back') ?? 0);
      case 'chapter-on':
        return seek(chapterFrom(chapters, atMs, 'on') ?? lengthMs);
    }
  };
  const wished = useRef(wish);
  wished.current = wish;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const kind = keyWish(event.key);
      if (!kind || event.ctrlKey || event.metaKey || event.altKey || !isForReplay(event)) return;
      event.preventDefault();
      wished.current(kind);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  return (
    <main className="watch" data-theme="night">
      <div className="watch-picture">
        <Backdrop />
        <video
          ref={video}
          src={recording.url}
          poster={recording.posterUrl ?? undefined}
          playsInline
          preload="metadata"
          aria-label={`Replay of ${title}`}
          className="absolute inset-0 z-1 size-full object-cover lg:object-contain"
          onClick={toggle}
          onPlay={() => setPlaying(true)}
          onPause={() => setPlaying(false)}
          onTimeUpdate={(event) => setAtMs(event.currentTarget.currentTime * 1000)}
          onSeeked={(event) => setAtMs(event.currentTarget.currentTime * 1000)}
          onLoadedMetadata={(event) => {
            const { duration } = event.currentTarget;
            if (Number.isFinite(duration)) setLengthMs(duration * 1000);
            if (asked !== null) event.currentTarget.currentTime = Math.min(asked / 1000, duration);
          }}
        >
          {/* For the browser's own player, where it fills the screen; here they are drawn as in the living show. */}
          <track
            kind="captions"
            label="Captions"
            src={cues.length > 0 ? `/api/shows/${showId}/captions.vtt` : undefined}
          />
        </video>
        {isPlaying ? null : (
          <button
            type="button"
            aria-label="Play the replay"
            onClick={toggle}
            className="absolute inset-0 z-3 grid justify-items-center pt-[13dvh] lg:content-center lg:pt-0"
          >
            <span className="veil grid size-20 place-items-center rounded-full">
              <PlayIcon className="size-9" />
            </span>
          </button>
        )}
      </div>
      <TopBar replay />
      <LineState />
      <DisclosureLabel at={room} />
      <CaptionsAt cues={cues} atMs={atMs} />
      <PollThen poll={room?.poll} nowMs={recording.startedAtMs + atMs} />
      <section className="watch-chat" aria-label="Chat">
        {problem ? (
          <Failure title={problem.title} detail={problem.detail} onRetry={load} />
        ) : (
          <Chat
            lines={room?.chat ?? []}
            meId={me?.personId ?? null}
            empty={tape ? 'Nothing was said yet.' : 'Getting the room back…'}
          />
        )}
      </section>
      <div className="watch-side grid justify-items-center gap-2.5 lg:flex">
        {cues.length > 0 ? <CaptionsButton /> : null}
        <IconButton
          label={`Shelf: ${shelf.length} pieces`}
          look="veil"
          className="size-12 lg:hidden"
          onClick={() => setSheet('shelf')}
        >
          <BagIcon className="size-6" />
        </IconButton>
        <IconButton
          label="Share this show"
          look="veil"
          className="size-12"
          onClick={() => share(title, atMs < 1_000 ? undefined : urlAt(location.href, atMs))}
        >
          <ShareIcon className="size-6" />
        </IconButton>
      </div>
      <div className="watch-compose">
        <Controls
          atMs={atMs}
          lengthMs={lengthMs}
          marks={marks}
          chapters={chapters}
          previews={previews}
          isPlaying={isPlaying}
          onToggle={toggle}
          onSeek={seek}
          onMoments={() => setSheet('moments')}
        />
      </div>
      <section
        aria-label="For sale"
        className="watch-deals lg:grid lg:grid-cols-[minmax(380px,440px)_minmax(0,1fr)] lg:items-stretch lg:gap-4"
      >
        {then ? <ThenCard then={then} /> : null}
        {deal ? (
          <DealCard
            key={deal.key}
            deal={deal}
            others={null}
            onBack={isAside ? () => setChosen(null) : null}
            onStory={() => setStory(deal)}
          />
        ) : null}
        <div className="min-w-0 max-lg:hidden">
          <Shelf layout="row" onChoose={setChosen} />
        </div>
      </section>
      <Sheet
        open={sheet === 'shelf'}
        onClose={() => setSheet(null)}
        title="On the shelf"
        eyebrow={title}
      >
        <Shelf
          layout="list"
          onChoose={(id) => {
            setSheet(null);
            setChosen(id);
          }}
        />
      </Sheet>
      <Sheet
        open={sheet === 'moments'}
        onClose={() => setSheet(null)}
        title="Moments"
        eyebrow={title}
      >
        <Suspense fallback={null}>
          <Moments
            marks={marks}
            atMs={atMs}
            previews={previews}
            onSeek={(toMs) => {
              setSheet(null);
              seek(toMs);
            }}
            onShare={(mark) => share(mark.title, urlAt(location.href, mark.offsetMs))}
          />
        </Suspense>
      </Sheet>
      {story?.item ? (
        <Suspense fallback={null}>
          <Story item={story.item} onClose={() => setStory(null)} />
        </Suspense>
      ) : null}
    </main>
  );
}

/** The captions of a moment, for who wants them. */
function CaptionsAt({ cues, atMs }: { cues: readonly CaptionCue[]; atMs: number }) {
  const isOn = useSyncExternalStore(captionsChoice.subscribe, captionsChoice.isOn);
  const cue = isOn ? cueAt(cues, atMs) : null;
  return <CaptionsPlate lines={cue ? [{ key: cue.fromMs, ...cue }] : []} />;
}

/** What the arrow keys skip. */
const skipMs = 5_000;

/** Whoever is in a field or in a dialog means that; on a button Space alone is the button's own. */
const isForReplay = ({ target, key }: KeyboardEvent): boolean =>
  target === document.body ||
  target instanceof HTMLVideoElement ||
  (target instanceof HTMLButtonElement &&
    target.role === null &&
    key !== ' ' &&
    target.closest('dialog, [role="dialog"]') === null);

function Controls({
  atMs,
  lengthMs,
  marks,
  chapters,
  previews,
  isPlaying,
  onToggle,
  onSeek,
  onMoments,
}: {
  atMs: number;
  lengthMs: number;
  marks: readonly Mark[];
  chapters: readonly Chapter[];
  previews: RoomPreviews | null;
  isPlaying: boolean;
  onToggle: () => void;
  onSeek: (toMs: number) => void;
  onMoments: () => void;
}) {
  const chapter = chapters.findLast(({ offsetMs }) => offsetMs <= atMs) ?? null;
  return (
    <div className="grid gap-0.5 text-white">
      {chapter ? (
        <p className="truncate px-1 text-xs font-semibold" aria-hidden="true">
          {chapter.title}
        </p>
      ) : null}
      <div className="flex items-center gap-2">
        <IconButton label={isPlaying ? 'Pause' : 'Play'} look="veil" onClick={onToggle}>
          {isPlaying ? <PauseIcon /> : <PlayIcon />}
        </IconButton>
        <Scrubber
          atMs={atMs}
          lengthMs={lengthMs}
          marks={marks}
          chapter={chapter}
          previews={previews}
          onSeek={onSeek}
        />
        <span className="text-xs font-semibold tabular-nums">
          {durationText(atMs / 1000)}
          <span className="sr-only"> of {durationText(lengthMs / 1000)}</span>
        </span>
        <Button
          look="veil"
          className="rounded-chip!"
          onClick={onMoments}
          disabled={marks.length === 0}
        >
          Moments
        </Button>
      </div>
    </div>
  );
}
