// Before the show: when it begins on a true clock, what will happen and what will be on the shelf. The
// page turns into the show by itself when the host goes live.

import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { ShowEntry } from '../../protocol/http.ts';
import type { RoomItem } from '../../protocol/room.ts';
import { Badge } from '../design/badge.tsx';
import { Button, ButtonLink } from '../design/button.tsx';
import { momentText, timeLeftText, useSecondsLeft } from '../design/clock.tsx';
import { ClockIcon, ShareIcon } from '../design/icons.tsx';
import { Money } from '../design/money.tsx';
import { useLive } from '../live/use-live.ts';
import RemindButtons from '../remind/remind-buttons.tsx';
import { isOn } from './drops-shown.ts';
import { LineState } from './live-show.tsx';
import { takesMaxima } from './lots-shown.ts';
import { Materials } from './materials.tsx';
import { readPageState } from './page-state.ts';
import { Backdrop, StandIn } from './picture.tsx';
import { ProductPicture } from './product-picture.tsx';
import RunList from './run-list.tsx';
import { useMe } from './session.ts';
import { share } from './share.ts';
import { TopBar } from './top-bar.tsx';
import { usePage } from './watch-context.ts';
import { kindWords } from './words.ts';

const Story = lazy(() => import('./story.tsx'));
const LotCard = lazy(() => import('./lot-card.tsx'));
const LotSense = lazy(() => import('./lot-sense.tsx'));
const DropCard = lazy(() => import('./drop-card.tsx'));
const DropSense = lazy(() => import('./drop-sense.tsx'));

export default function Before({
  standIn,
  materials,
}: {
  standIn: string | null;
  materials: ShowEntry['materials'];
}) {
  const { client, showId, askIn, checkout } = usePage();
  const me = useMe();
  const room = useLive(client, (state) => state.room);
  const offsetMs = useLive(client, (state) => state.clockOffsetMs);
  const [story, setStory] = useState<RoomItem | null>(null);
  const [broken, setBroken] = useState(false);
  const [teaser] = useState(() => readPageState().notice?.teaser ?? '');
  const seconds = useSecondsLeft(room?.plan.startsAtMs ?? 0, offsetMs);
  if (!room) return null;
  const { plan, segments, shelf } = room;
  const lots = room.lots.filter(takesMaxima);
  const drops = room.drops.filter(isOn);

  return (
    <main className="relative min-h-dvh bg-ground text-text" data-theme="night">
      <div className="relative isolate grid min-h-[78dvh] grid-rows-[auto_1fr] overflow-hidden">
        <div className="absolute inset-0 -z-1">
          {standIn && !broken ? (
            <StandIn url={standIn} onError={() => setBroken(true)} />
          ) : (
            <Backdrop />
          )}
          <span
            aria-hidden="true"
            className="absolute inset-0 bg-[linear-gradient(to_bottom,rgb(18_16_14/0.78),rgb(18_16_14/0.5)_30%,rgb(18_16_14/0.72)_65%,rgb(18_16_14/0.94))]"
          />
        </div>
        <div className="text-white">
          <TopBar />
        </div>
        <LineState />
        <div className="mx-auto grid w-full max-w-5xl content-end gap-4 px-4 pb-8 lg:px-8 lg:pb-14">
          <p className="flex flex-wrap gap-2">
            <Badge look="veil">{kindWords[plan.showKind] ?? plan.showKind}</Badge>
            <Badge look="veil">{momentText(plan.startsAtMs)}</Badge>
          </p>
          <p
            aria-hidden="true"
            className="font-display text-4xl font-bold text-balance text-white lg:text-5xl"
          >
            {plan.title}
          </p>
          <p className="text-white">
            {seconds > 0 ? (
              <>
                <span className="block text-sm text-white/90">Begins in</span>
                <time role="timer" className="figure text-4xl lg:text-5xl">
                  {timeLeftText(seconds)}
                </time>
              </>
            ) : (
              <span className="font-display text-xl font-bold">
                Any moment now: {plan.hostName} is getting ready
              </span>
            )}
          </p>
          {teaser ? <p className="max-w-[62ch] text-white/95 lg:text-lg">{teaser}</p> : null}
          <div className="flex flex-wrap gap-2">
            <RemindButtons
              showId={showId}
              title={plan.title}
              hostId={plan.hostId}
              hostName={plan.hostName}
            />
            <ButtonLink
              look="veil"
              size="large"
              href={`/api/shows/${showId}/calendar.ics`}
              download
            >
              <ClockIcon /> Put it in my calendar
            </ButtonLink>
            <Button look="veil" size="large" onClick={() => share(plan.title)}>
              <ShareIcon /> Share
            </Button>
          </div>
        </div>
      </div>
      <div className="mx-auto grid max-w-5xl gap-12 px-4 py-10 lg:grid-cols-[minmax(0,4fr)_minmax(0,5fr)] lg:px-8">
        {segments.length > 0 ? (
          <section aria-labelledby="run">
            <h2 id="run" className="mb-4 text-xl">
              What will happen
            </h2>
            <RunList />
          </section>
        ) : null}
        <section aria-labelledby="shelf">
          <h2 id="shelf" className="mb-4 text-xl">
            On the shelf
          </h2>
          {shelf.length === 0 ? (
            <p className="text-sm text-soft">The host hasn’t said yet what will be for sale.</p>
          ) : (
            <ul className="grid grid-cols-2 gap-4 sm:grid-cols-3">
              {shelf.map((item) => (
                <li key={item.productId}>
                  <button
                    type="button"
                    onClick={() => setStory(item)}
                    className="w-full rounded-card text-left"
                  >
                    <ProductPicture
                      src={item.imageUrl}
                      className="aspect-square w-full rounded-card"
                    />
                    <span className="mt-2 block text-sm leading-tight font-semibold">
                      {item.title}
                    </span>
                    {item.variants[0] ? (
                      <Money amount={item.variants[0].price} className="text-sm text-soft" />
                    ) : null}
                  </button>
                </li>
              ))}
            </ul>
          )}
        </section>
      </div>
      {materials.length > 0 ? (
        <div className="mx-auto max-w-5xl px-4 pb-12 lg:px-8">
          <Materials
            showId={showId}
            materials={materials}
            askIn={(then) => (me ? then() : askIn('guest', then))}
            onHeld={checkout}
          />
        </div>
      ) : null}
      {lots.length > 0 ? (
        <Ahead
          id="lots"
          title="Up for auction"
          words="Leave a maximum now: it bids for you when the lot opens, also when you can’t be there."
          sense={<LotSense />}
        >
          {lots.map((lot) => {
            const item = shelf.find(({ productId }) => productId === lot.productId) ?? null;
            return (
              <LotCard
                key={lot.lotId}
                lot={lot}
                item={item}
                others={null}
                onBack={null}
                onStory={() => setStory(item)}
              />
            );
          })}
        </Ahead>
      ) : null}
      {drops.length > 0 ? (
        <Ahead
          id="drops"
          title="Drops and giveaways"
          words="Enter now or any time before they open: the order is drawn then, and anyone can check it."
          sense={<DropSense />}
        >
          {drops.map((drop) => {
            const item = shelf.find(({ productId }) => productId === drop.productId) ?? null;
            return (
              <DropCard
                key={drop.dropId}
                drop={drop}
                item={item}
                others={null}
                onBack={null}
                onStory={() => setStory(item)}
              />
            );
          })}
        </Ahead>
      ) : null}
      <p className="pb-10 text-center">
        <ButtonLink href="/coming" look="plain">
          What else comes
        </ButtonLink>
        <ButtonLink href="/" look="plain">
          All shows
        </ButtonLink>
      </p>
      {story ? (
        <Suspense fallback={null}>
          <Story item={story} onClose={() => setStory(null)} />
        </Suspense>
      ) : null}
    </main>
  );
}

/** Cards of what can be joined before the show begins, under a heading. */
function Ahead({
  id,
  title,
  words,
  sense,
  children,
}: {
  id: string;
  title: string;
  words: string;
  /** What is heard and felt of it; loaded with the cards. */
  sense: ReactNode;
  children: ReactNode;
}) {
  return (
    <section
      aria-labelledby={id}
      className="mx-auto grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-4 px-4 pb-12 lg:px-8"
    >
      <div>
        <h2 id={id} className="text-xl">
          {title}
        </h2>
        <p className="text-sm text-soft">{words}</p>
      </div>
      <Suspense fallback={null}>
        {sense}
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 md:grid-cols-2">
          {children}
        </div>
      </Suspense>
    </section>
  );
}
