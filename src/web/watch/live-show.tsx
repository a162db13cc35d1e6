// The living show: picture, room and card, over each other on a phone, beside each other on a desk.

import { lazy, type ReactNode, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { closeCodes } from '../../protocol/close-codes.ts';
import type { ChatLine, RoomDrop, RoomItem } from '../../protocol/room.ts';
import type { RoomLot } from '../../protocol/room-lot.ts';
import { Button, IconButton, Spinner } from '../design/button.tsx';
import { BagIcon, FullscreenIcon, ShareIcon, SoundOffIcon, SoundOnIcon } from '../design/icons.tsx';
import { toast } from '../design/toast.tsx';
import { http, problemFrom } from '../live/http-client.ts';
import { useLive } from '../live/use-live.ts';
import { createWhepPlayer, type WhepPlayer } from '../live/whep-player.ts';
import { Chat, type ReplyTarget } from './chat.tsx';
import { Compose } from './compose.tsx';
import { dealOfItem, dealOfOffer, dealsOf } from './deal.ts';
import { DealCard } from './deal-card.tsx';
import { dropsShown, isOn, nextNearMs } from './drops-shown.ts';
import { isRunning, lotsShown, outcomeShownMs } from './lots-shown.ts';
import { Picture, usePlayer } from './picture.tsx';
import { Reactions } from './reactions.tsx';
import { useMe } from './session.ts';
import { share } from './share.ts';
import { TopBar } from './top-bar.tsx';
import { usePage } from './watch-context.ts';

const DisclosureLabel = lazy(() => import('./disclosure-label.tsx'));
// Captions come with the first of them.
const Captions = lazy(() => import('./captions.tsx'));
const CaptionsButton = lazy(() => import('./captions-button.tsx'));
// A poll's card comes with the first of them.
const PollCard = lazy(() => import('./poll-card.tsx'));
const Story = lazy(() => import('./story.tsx'));
const Shelf = lazy(() => import('./shelf.tsx'));
const ShelfSheet = lazy(() => import('./shelf-sheet.tsx'));
// What lots and drops need comes with the first of them.
const LotCard = lazy(() => import('./lot-card.tsx'));
const LotSense = lazy(() => import('./lot-sense.tsx'));
const DropCard = lazy(() => import('./drop-card.tsx'));
const DropChip = lazy(() => import('./drop-chip.tsx'));
const DropSense = lazy(() => import('./drop-sense.tsx'));

const noLots: readonly RoomLot[] = [];
const noDrops: readonly RoomDrop[] = [];

export function LiveShow({ standIn }: { standIn: string | null }) {
  const { showId, client } = usePage();
  const isHlsFirst = useLive(client, (state) => state.room?.plan.watchBy === 'hls');
  const [player] = useState(() => createWhepPlayer(showId, { isHlsFirst, nowMs: client.nowMs }));
  const [isTyping, setTyping] = useState(false);
  const [replyTo, setReplyTo] = useState<ReplyTarget | null>(null);
  const hasGuests = useLive(client, (state) => (state.room?.guests?.length ?? 0) > 0);
  const [wished, setWhole] = useState<boolean | null>(null);
  // [STG-9] Cut to an upright screen, a stage would show nobody.
  const whole = wished ?? hasGuests;
  const [chosen, setChosen] = useState<string | null>(null);

  useEffect(() => {
    player.start();
    return () => player.stop();
  }, [player]);
  useEffect(() => player.setHlsFirst(isHlsFirst), [player, isHlsFirst]);

  return (
    <main className="watch" data-theme="night" data-typing={isTyping || undefined}>
      <Picture player={player} standIn={standIn} whole={whole} />
      <TopBar />
      <LineState />
      <Suspense>
        <DisclosureLabel />
      </Suspense>
      <Captioned>
        <Captions />
      </Captioned>
      <Asked />
      <Room onReply={setReplyTo} />
      <Side player={player} whole={whole} onWhole={setWhole} onChoose={setChosen} />
      <Compose replyTo={replyTo} onReplyEnd={() => setReplyTo(null)} onTyping={setTyping} />
      <Deals chosen={chosen} onChoose={setChosen} />
    </main>
  );
}

/** The poll, once there was one. */
function Asked() {
  const { client } = usePage();
  return useLive(client, (state) => state.room?.poll !== undefined) ? (
    <Suspense fallback={null}>
      <PollCard />
    </Suspense>
  ) : null;
}

/** What stands there once something was written down. */
function Captioned({ children }: { children: ReactNode }) {
  const { client } = usePage();
  return useLive(client, (state) => state.room?.caption) ? <Suspense>{children}</Suspense> : null;
}

function Room({ onReply }: { onReply: (target: ReplyTarget) => void }) {
  const { client, showId } = usePage();
  const me = useMe();
  const lines = useLive(client, (state) => state.room?.chat) ?? [];
  const pending = useLive(client, (state) => state.pendingChat);
  const replies = useLive(client, (state) => state.replies);
  const gap = useLive(client, (state) => state.chatGap);
  const remove = (line: ChatLine) => {
    http
      .delete(`/api/shows/${showId}/messages/${line.messageId}`, {})
      .catch((error: unknown) => toast(problemFrom(error).title, { look: 'urgent' }));
  };
  return (
    <section className="watch-chat" aria-label="Chat">
      <Chat
        lines={lines}
        pending={pending}
        replies={replies}
        meId={me?.personId ?? null}
        gap={gap}
        empty="Nobody has said anything yet. Say hello."
        isCrew={me !== null && me.role !== 'shopper'}
        onReply={onReply}
        onRemove={remove}
        onRetry={client.retryChat}
        onForget={client.forgetChat}
      />
    </section>
  );
}

/** The column of small buttons at the thumb's side. */
function Side({
  player,
  whole,
  onWhole,
  onChoose,
}: {
  player: WhepPlayer;
  whole: boolean;
  onWhole: (whole: boolean) => void;
  onChoose: (productId: string) => void;
}) {
  const { client } = usePage();
  const title = useLive(client, (state) => state.room?.plan.title ?? '');
  const count = useLive(client, (state) => state.room?.shelf.length ?? 0);
  const { muted, phase, width, height } = usePlayer(player);
  const [isOpen, setOpen] = useState(false);
  const words =
    'mt-0.5 text-center text-xs font-semibold text-white [text-shadow:0_1px_3px_rgb(0_0_0/0.8)]';
  return (
    <div className="watch-side grid justify-items-center gap-2.5 lg:flex lg:items-end lg:gap-3">
      {phase === 'playing' && !muted ? (
        <IconButton
          label="Sound off"
          look="veil"
          size="medium"
          onClick={() => player.setMuted(true)}
        >
          <SoundOnIcon />
        </IconButton>
      ) : phase === 'playing' ? (
        <IconButton
          label="Sound on"
          look="veil"
          size="medium"
          className="max-lg:hidden"
          onClick={() => player.setMuted(false)}
        >
          <SoundOffIcon />
        </IconButton>
      ) : null}
      {width > height ? (
        <IconButton
          label={whole ? 'Fill the screen' : 'Show the whole picture'}
          look="veil"
          aria-pressed={whole}
          className="lg:hidden"
          onClick={() => onWhole(!whole)}
        >
          <FullscreenIcon />
        </IconButton>
      ) : null}
      <Captioned>
        <CaptionsButton />
      </Captioned>
      <Reactions />
      <div className="lg:hidden">
        <IconButton
          label={`Shelf: ${count} pieces`}
          look="veil"
          className="size-12"
          onClick={() => setOpen(true)}
        >
          <BagIcon className="size-6" />
        </IconButton>
        <p aria-hidden="true" className={words}>
          {count}
        </p>
      </div>
      <div>
        <IconButton
          label="Share this show"
          look="veil"
          className="size-12"
          onClick={() => share(title)}
        >
          <ShareIcon className="size-6" />
        </IconButton>
        <p aria-hidden="true" className={words}>
          Share
        </p>
      </div>
      {isOpen ? (
        <Suspense fallback={null}>
          <ShelfSheet
            title={title}
            onClose={() => setOpen(false)}
            onChoose={(productId) => {
              setOpen(false);
              onChoose(productId);
            }}
          />
        </Suspense>
      ) : null}
    </div>
  );
}

/** The card and, on a desk, the shelf beside it. */
function Deals({
  chosen,
  onChoose,
}: {
  /** What the person took from the shelf into the card; null shows what runs. */
  chosen: string | null;
  onChoose: (productId: string | null) => void;
}) {
  const { client, announce } = usePage();
  const offers = useLive(client, (state) => state.room?.offers);
  const shelf = useLive(client, (state) => state.room?.shelf);
  const stock = useLive(client, (state) => state.room?.stock);
  const pinned = useLive(client, (state) => state.room?.pinned);
  const lots = useLive(client, (state) => state.room?.lots) ?? noLots;
  const drops = useLive(client, (state) => state.room?.drops) ?? noDrops;
  const holds = useLive(client, (state) => state.holds);
  const entries = useLive(client, (state) => state.entries);
  const ended = useEndsSeen(
    useMemo(
      () => [
        ...lots.filter(isRunning).map(({ lotId }) => lotId),
        ...drops.filter(isOn).map(({ dropId }) => dropId),
      ],
      [lots, drops],
    ),
  );
  const nearer = useNearer(drops);
  const [at, setAt] = useState<string | null>(null);
  const [story, setStory] = useState<RoomItem | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: looks at the clock anew when a drop has come near.
  const { stalls, near, ends, coming } = useMemo(() => {
    const deals = dealsOf({
      offers: offers ?? [],
      shelf: shelf ?? [],
      stock: stock ?? {},
      pinned: pinned ?? null,
    });
    const held = new Set(holds.flatMap(({ offerId }) => offerId ?? []));
    const { running, waiting } = lotsShown(lots, { held, ended });
    const entered = new Set(
      entries.flatMap(({ dropId, state }) => (state === 'left' ? [] : dropId)),
    );
    const { open, near, over, far } = dropsShown(drops, { entered, held, ended }, client.nowMs());
    const offered = deals.filter(({ kind }) => kind === 'offer');
    const pin = deals.filter(({ kind }) => kind === 'shelf');
    const shown = [...running, ...open, ...offered, ...near, ...over, ...waiting, ...pin, ...far];
    return {
      stalls: shown.map((what) => ({
        key: 'key' in what ? what.key : 'lotId' in what ? what.lotId : what.dropId,
        title: what.title,
        item: shelf?.find(({ productId }) => productId === what.productId) ?? null,
        what,
      })),
      near: near.map(({ dropId }) => dropId),
      ends: over.flatMap(({ dropId }) => (entered.has(dropId) ? dropId : [])),
      coming: far[0] ?? null,
    };
  }, [offers, shelf, stock, pinned, lots, drops, holds, entries, ended, nearer]);
  // What opens takes the card over: it is what the room looks at; and how it ended, of whoever was in it. A drop leaves
  // it to a lot, my turn to nothing.
  const take = (key: string) => {
    onChoose(null);
    setAt(key);
  };
  // What comes near is shown where nothing more urgent is; who looks at the shelf isn't disturbed.
  useNewest(near, () => setAt(null));
  useNewest(offers?.map(({ offerId }) => offerId) ?? [], take);
  const opened = drops.filter(({ figures }) => figures.phase === 'open');
  useNewest(
    opened.map(({ dropId }) => dropId),
    (dropId) => lots.some(isRunning) || take(dropId),
  );
  useNewest(
    lots.filter(({ figures }) => figures.phase === 'open').map(({ lotId }) => lotId),
    take,
  );
  useNewest(ends, (dropId) => lots.some(isRunning) || take(dropId));
  useNewest(
    drops.flatMap(({ dropId }) => (holds.some(({ offerId }) => offerId === dropId) ? dropId : [])),
    take,
  );

  const index = Math.max(
    0,
    stalls.findIndex(({ key }) => key === at),
  );
  const running = stalls[index];
  const item = shelf?.find(({ productId }) => productId === chosen);
  const offer = offers?.find(({ productId }) => productId === chosen);
  const fromShelf = item
    ? offer
      ? dealOfOffer(offer, shelf ?? [])
      : dealOfItem(item, stock ?? {})
    : null;
  // What isn't on the shelf because a drop has all of it is shown as the drop.
  const isThere = fromShelf?.variants.some(({ left }) => left > 0) ?? false;
  const chosenDrop = isThere
    ? undefined
    : drops.find((one) => one.productId === chosen && isOn(one))?.dropId;
  const stall = chosenDrop
    ? stalls.find(({ key }) => key === chosenDrop)
    : fromShelf
      ? { key: fromShelf.key, title: fromShelf.title, item: fromShelf.item, what: fromShelf }
      : running;
  const isAside = fromShelf !== null && stall?.key !== running?.key;
  const ways = {
    onBack: isAside ? () => onChoose(null) : null,
    onStory: () => setStory(stall?.item ?? null),
    others:
      !isAside && stalls.length > 1
        ? {
            at: index,
            count: stalls.length,
            go: (step: 1 | -1) => {
              const next = stalls[(index + step + stalls.length) % stalls.length];
              if (!next) return;
              setAt(next.key);
              announce(next.title);
            },
          }
        : null,
  };
  const nothing = (
    <div
      data-theme="day"
      className="deal-card grid place-items-center text-center text-sm text-soft"
    >
      <p className="py-2">{stall ? 'One moment…' : 'Nothing is shown for sale right now.'}</p>
    </div>
  );

  return (
    <section
      aria-label="For sale"
      className="watch-deals lg:grid lg:grid-cols-[minmax(380px,440px)_minmax(0,1fr)] lg:items-stretch lg:gap-4"
    >
      {coming && coming.dropId !== stall?.key ? (
        <Suspense fallback={null}>
          <DropChip drop={coming} onChoose={() => take(coming.dropId)} />
        </Suspense>
      ) : null}
      <Suspense fallback={nothing}>
        {stall === undefined ? (
          nothing
        ) : 'lotId' in stall.what ? (
          <LotCard key={stall.key} lot={stall.what} item={stall.item} {...ways} />
        ) : 'dropId' in stall.what ? (
          <DropCard key={stall.key} drop={stall.what} item={stall.item} {...ways} />
        ) : (
          <DealCard key={stall.key} deal={stall.what} {...ways} />
        )}
      </Suspense>
      {lots.length > 0 ? (
        <Suspense fallback={null}>
          <LotSense />
        </Suspense>
      ) : null}
      {drops.length > 0 ? (
        <Suspense fallback={null}>
          <DropSense />
        </Suspense>
      ) : null}
      <div className="min-w-0 max-lg:hidden">
        <Suspense fallback={null}>
          <Shelf layout="row" onChoose={onChoose} />
        </Suspense>
      </div>
      {story ? (
        <Suspense fallback={null}>
          <Story item={story} onClose={() => setStory(null)} />
        </Suspense>
      ) : null}
    </section>
  );
}

/** Hands the newest of `keys` over that wasn't among them before. */
function useNewest(keys: readonly string[], take: (key: string) => void): void {
  const known = useRef<readonly string[]>([]);
  useEffect(() => {
    const newest = keys.findLast((key) => !known.current.includes(key));
    known.current = [...new Set([...known.current, ...keys])];
    if (newest) take(newest);
  });
}

/** Counts up whenever a drop comes near enough to ask for the card. */
function useNearer(drops: readonly RoomDrop[]): number {
  const { client } = usePage();
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each turn the next one is waited for.
  useEffect(() => {
    const ms = nextNearMs(drops, client.nowMs());
    if (ms === null) return;
    const timer = setTimeout(() => setTurn((count) => count + 1), Math.min(ms + 1, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  }, [client, drops, turn]);
  return turn;
}

/** Those of `running` that ended while this page looked on: kept for a while, so that nobody misses the outcome. */
function useEndsSeen(running: readonly string[]): readonly string[] {
  const before = useRef<readonly string[]>([]);
  const [ended, setEnded] = useState<readonly string[]>([]);
  useEffect(() => {
    const over = before.current.filter((key) => !running.includes(key));
    before.current = running;
    if (over.length === 0) return;
    setEnded((list) => [...list, ...over]);
    setTimeout(() => setEnded((list) => list.filter((key) => !over.includes(key))), outcomeShownMs);
  }, [running]);
  return ended;
}

/** How the line to the server is, when it isn't open. */
export function LineState() {
  const { client } = usePage();
  const connection = useLive(client, (state) => state.connection);
  const closeCode = useLive(client, (state) => state.closeCode);
  const everOpen = useLive(client, (state) => state.position !== null);
  if (connection === 'open' || (connection === 'connecting' && !everOpen)) return null;
  return (
    <div className="pointer-events-none fixed inset-x-4 top-[100px] z-10 grid justify-items-center lg:top-4">
      <div className="pointer-events-auto flex min-h-11 animate-rise items-center gap-3 rounded-chip bg-ink px-5 py-1 text-sm text-paper shadow-sheet">
        {connection === 'closed' ? (
          <>
            <span>
              {closeCode === closeCodes.showUnknown
                ? 'This show is no longer here.'
                : closeCode === closeCodes.entryNeeded
                  ? 'You are no longer let in here. Reload to see why.'
                  : 'This page is out of date.'}
            </span>
            <Button size="small" look="accent" onClick={() => location.reload()}>
              Reload
            </Button>
          </>
        ) : connection === 'offline' ? (
          <span>You are offline. It goes on by itself when you are back.</span>
        ) : (
          <>
            <Spinner />
            <span>Reconnecting…</span>
          </>
        )}
      </div>
    </div>
  );
}
