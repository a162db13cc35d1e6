// The studio of one show: story on the left, picture and cues in the middle, crowd on the right, pulse
// below. On a phone the same parts stand behind three tabs beneath the picture. This file joins them and
// listens to the keys; each part does its own work.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { isRehearsal } from '../../base/rehearsal-id.ts';
import type { OpenOfferBody, ShowDetail } from '../../protocol/http.ts';
import { mayDirect, useCrew } from '../crew/crew-gate.tsx';
import { LoadFailure } from '../crew/problem-note.tsx';
import { ask, showQuery } from '../crew/shop-data.ts';
import { ButtonLink, Spinner } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { timeText } from '../design/clock.tsx';
import { Tabs } from '../design/tabs.tsx';
import { toast } from '../design/toast.tsx';
import { newId } from '../live/http-client.ts';
import { RehearsalEnded, RehearsalStrip } from '../rehearsal/rehearsal-frame.tsx';
import { RehearseButton } from '../rehearsal/rehearse-button.tsx';
import { AloudNotice } from './aloud-notice.tsx';
import { type AskedOffer, unsettled } from './asked-offers.ts';
import { CaptionsPanel } from './captions/captions-panel.tsx';
import { CrowdPanel } from './crowd-panel.tsx';
import { type CueActions, NextCard, ReadyCard, RunningCard } from './cues.tsx';
import { DeskProvider, useDesk, useRoom, useShow, useStageState } from './desk.tsx';
import { dropBoardOf } from './drop-board.ts';
import { DropSheet } from './drop-sheet.tsx';
import { type DropActions, DropsPanel } from './drops-panel.tsx';
import { EndDialog, Ended } from './end-of-show.tsx';
import { GuestsPanel } from './guests/guests-panel.tsx';
import { focusKind, wishOf } from './keyboard.ts';
import { KeysDialog } from './keys-dialog.tsx';
import { boardOf } from './lot-board.ts';
import { LotSheet } from './lot-sheet.tsx';
import { type LotActions, LotsPanel } from './lots-panel.tsx';
import { Notices } from './notices.tsx';
import { checkOffer, type OfferForm, withAvailable } from './offer-form.ts';
import { OfferSheet } from './offer-sheet.tsx';
import { PicturePanel } from './picture-panel.tsx';
import { PreflightStrip, usePreflightQuestion } from './preflight/preflight-strip.tsx';
import { openPrompter } from './prompter-link.tsx';
import { PulseBar } from './pulse-bar.tsx';
import { RunPanel } from './run-panel.tsx';
import { nextSegment } from './run-timing.ts';
import { chosenDevices } from './stage.ts';
import { StudioHeader } from './studio-header.tsx';

const HealthPanel = lazy(() => import('./health/health-panel.tsx'));

export function StudioPage({ showId }: { showId: string }) {
  const detail = useQuery({ ...showQuery(showId), staleTime: Number.POSITIVE_INFINITY });
  useEffect(() => {
    document.documentElement.dataset.theme = 'night';
    return () => {
      document.documentElement.dataset.theme = 'day';
    };
  }, []);
  useEffect(() => {
    if (detail.data)
      document.title = `${detail.data.show.title} · ${isRehearsal(showId) ? 'Rehearsal' : 'Studio'}`;
  }, [detail.data, showId]);

  if (detail.isError) {
    return (
      <main className="grid min-h-dvh place-items-center">
        <div className="text-center">
          <LoadFailure error={detail.error} onRetry={() => void detail.refetch()} />
          <ButtonLink href="/office/shows">To all shows</ButtonLink>
        </div>
      </main>
    );
  }
  if (!detail.data) {
    return (
      <main className="grid min-h-dvh place-items-center" aria-busy="true">
        <h1 className="flex items-center gap-3 font-sans text-sm font-normal text-soft">
          <Spinner /> Opening the studio …
        </h1>
      </main>
    );
  }
  return (
    <DeskProvider showId={showId} room={detail.data.room}>
      <Studio detail={detail.data} />
    </DeskProvider>
  );
}

type Pane = 'stage' | 'run' | 'crowd';

function Studio({ detail }: { detail: ShowDetail }) {
  const { showId, stage } = useDesk();
  const direct = mayDirect(useCrew());
  const room = useRoom((whole) => whole);
  const crew = useShow((state) => state.crew);
  const devices = useStageState();
  const { publish, muted } = devices;
  const preflight = usePreflightQuestion(showId);
  const cache = useQueryClient();
  const [pane, setPane] = useState<Pane>('stage');
  const [sheet, setSheet] = useState<OfferForm | string | null>(null);
  const [lotOf, setLotOf] = useState<string | null>(null);
  const [dropOf, setDropOf] = useState<string | null>(null);
  const [asked, setAsked] = useState<readonly AskedOffer[]>([]);
  const [dialog, setDialog] = useState<'end' | 'keys' | null>(null);
  const composer = useRef<HTMLTextAreaElement>(null);
  const isLive = room.phase === 'live';

  const enter = useMutation({
    mutationFn: (segmentId: string) => ask.enterSegment(showId, segmentId),
  });
  const pin = useMutation({ mutationFn: (productId: string | null) => ask.pin(showId, productId) });
  const mend = useMutation({
    mutationFn: ({ body }: { body: OpenOfferBody; form: OfferForm; former: string }) =>
      ask.openOffer(showId, body, newId()),
    onSuccess: ({ offerId }, { form, former }) =>
      setAsked((list) => [...list.filter((one) => one.offerId !== former), { offerId, form }]),
  });
  const start = useMutation({
    mutationFn: () => ask.goLive(showId),
    onSuccess: () => void cache.invalidateQueries({ queryKey: ['shows'] }),
  });
  const [goingLive, setGoingLive] = useState(false);

  // The picture first: the show starts when it arrives, so that nobody looks at a black page.
  const { mutate: startShow } = start;
  useEffect(() => {
    if (!goingLive) return;
    if (publish.phase === 'refused') setGoingLive(false);
    if (publish.phase === 'on') {
      setGoingLive(false);
      if (room.phase === 'planned') startShow();
    }
  }, [goingLive, publish.phase, room.phase, startShow]);

  useEffect(() => setAsked((list) => unsettled(list, room.offers, crew)), [room.offers, crew]);

  const openOfferForm = useCallback(
    (productId: string | null) => {
      if (room.shelf.length === 0)
        return toast('The shelf is empty: put products on it in the office.');
      setSheet(productId ?? room.pinned ?? room.shelf[0]?.productId ?? '');
    },
    [room.shelf, room.pinned],
  );
  const openLot = useMutation({ mutationFn: (lotId: string) => ask.openLot(showId, lotId) });
  const board = boardOf(room.lots);
  const lotActions: LotActions = {
    prepare: () => {
      if (room.shelf.length === 0)
        return toast('The shelf is empty: put products on it in the office.');
      setLotOf(room.pinned ?? room.shelf[0]?.productId ?? '');
    },
    open: ({ lotId }) => openLot.mutate(lotId),
    opening: openLot.isPending ? openLot.variables : null,
    error: openLot.error,
  };
  const openDrop = useMutation({ mutationFn: (dropId: string) => ask.openDrop(showId, dropId) });
  const dropActions: DropActions = {
    announce: (productId) => {
      if (room.shelf.length === 0)
        return toast('The shelf is empty: put products on it in the office.');
      setDropOf(productId ?? room.pinned ?? room.shelf[0]?.productId ?? '');
    },
    open: ({ dropId }) => openDrop.mutate(dropId),
    opening: openDrop.isPending,
    error: openDrop.error,
  };
  // A drop that has a time is opened before it in so many words: people were told when.
  const openNextDrop = () => {
    const { next: drop } = dropBoardOf(room.drops);
    if (!drop) return toast('No drop is announced: press G.');
    if (drop.opensAtMs === null) return dropActions.open(drop);
    toast(`${drop.title} opens by itself at ${timeText(drop.opensAtMs)}.`, {
      action: { label: 'Open it now', run: () => dropActions.open(drop) },
    });
  };
  // Where the panel is behind a tab, this is where whoever announced it hears that the stock was short.
  const announced = useRef(new Set<string>());
  useEffect(() => {
    for (const news of crew) {
      if (news.t !== 'drop-refused' || !announced.current.delete(news.dropId)) continue;
      const { available, title } = news;
      const are = available === 1 ? 'is' : 'are';
      const count = available === 0 ? 'none is' : `only ${available} ${are}`;
      toast(`${title} isn’t announced: ${count} in stock.`, { look: 'urgent' });
    }
  }, [crew]);
  // One key opens one lot: a second beside one that runs is asked for in so many words.
  const openNextLot = () => {
    const { next: lot, running } = board;
    if (!lot) return toast('No lot is prepared: press A.');
    if (running.length === 0) return lotActions.open(lot);
    toast('A lot is running.', {
      action: { label: `Open ${lot.title} beside it`, run: () => lotActions.open(lot) },
    });
  };
  const next = nextSegment(room.segments, room.segmentId);
  const actions: CueActions = {
    openOfferForm,
    mend: (one, variantId, available) => {
      const form = withAvailable(one.form, variantId, available);
      // Only the refused variant is cut; the others are the shop's to judge, as before.
      const stock = { ...room.stock, [variantId]: { available, inCarts: 0 } };
      const check = checkOffer(form, stock);
      if (check.ok) mend.mutate({ body: check.body, form, former: one.offerId });
      else setSheet(form);
    },
    change: (one) => {
      setAsked((list) => list.filter(({ offerId }) => offerId !== one.offerId));
      setSheet(one.form);
    },
    forget: (one) => setAsked((list) => list.filter(({ offerId }) => offerId !== one.offerId)),
    next: () => next && enter.mutate(next.segmentId),
    pin: (productId) => pin.mutate(productId),
    endShow: () => setDialog('end'),
  };

  // The keys look at the newest state without listening anew for each change of it.
  const onKey = useRef((_: KeyboardEvent) => {});
  onKey.current = (event) => {
    const wish = wishOf({
      key: event.key,
      ctrl: event.ctrlKey,
      alt: event.altKey,
      meta: event.metaKey,
      repeat: event.repeat,
      target: focusKind(event.target instanceof HTMLElement ? event.target : null),
      covered: document.querySelector('dialog[open]') !== null,
    });
    if (!wish) return;
    if (wish.wish === 'prompter') {
      event.preventDefault();
      return openPrompter(showId);
    }
    if (wish.wish === 'help') {
      event.preventDefault();
      return setDialog('keys');
    }
    if (wish.wish === 'chat') {
      event.preventDefault();
      setPane('crowd');
      return composer.current?.focus();
    }
    if (!direct) return;
    event.preventDefault();
    if (wish.wish === 'mute') return stage.mute(!muted);
    if (wish.wish === 'prepare-lot' && (isLive || room.phase === 'planned'))
      return lotActions.prepare();
    if (wish.wish === 'announce-drop' && (isLive || room.phase === 'planned'))
      return dropActions.announce();
    if (!isLive) return toast('Keys work once the show is live.');
    if (wish.wish === 'next-segment' && next && !enter.isPending) enter.mutate(next.segmentId);
    if (wish.wish === 'unpin') pin.mutate(null);
    if (wish.wish === 'open-offer') openOfferForm(null);
    if (wish.wish === 'open-lot' && !openLot.isPending) openNextLot();
    if (wish.wish === 'open-drop' && !openDrop.isPending) openNextDrop();
    if (wish.wish === 'pin') {
      const item = room.shelf[wish.index];
      if (item) pin.mutate(item.productId);
    }
  };
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey.current(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);

  // Leaving a page that is on air would cut the picture for everyone: the browser asks first.
  const onAir = publish.phase === 'on' || publish.phase === 'lost';
  useEffect(() => {
    if (!onAir) return;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', stay);
    return () => window.removeEventListener('beforeunload', stay);
  }, [onAir]);

  const hide = (own: Pane) => (pane === own ? '' : 'max-lg:hidden');

  return (
    <div className="relative grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)_auto] overflow-hidden bg-ground text-text">
      <div>
        <RehearsalStrip showId={showId} />
        <StudioHeader
          detail={detail}
          direct={direct}
          onEnd={() => setDialog('end')}
          onKeys={() => setDialog('keys')}
        />
      </div>
      <main className="grid min-h-0 grid-cols-[minmax(260px,320px)_minmax(0,1fr)_minmax(300px,360px)] max-lg:flex max-lg:flex-col">
        <div
          id="studio-panel-run"
          className={classes(
            'flex min-h-0 flex-col border-line lg:border-r max-lg:order-3 max-lg:flex-1',
            'max-lg:overflow-y-auto max-lg:[&>nav]:flex-none max-lg:[&>nav>ol]:overflow-visible',
            hide('run'),
          )}
        >
          <RunPanel direct={direct} onAsked={(one) => setAsked((list) => [...list, one])} />
          <LotsPanel direct={direct} actions={lotActions} />
          <DropsPanel direct={direct} actions={dropActions} />
          <GuestsPanel direct={direct} />
        </div>
        <div className="flex min-h-0 flex-col gap-3 p-4 max-lg:contents">
          {/* Where the desk is short the picture gives way first, not the cards. */}
          <div className="flex flex-col gap-3 lg:shrink-[100] lg:has-[section]:min-h-[31dvh] max-lg:order-1 max-lg:gap-0">
            {direct && room.phase === 'planned' && !isRehearsal(showId) ? (
              <div className="flex flex-wrap items-center gap-2 max-lg:pr-3">
                <div className="min-w-0 flex-1">
                  <PreflightStrip showId={showId} devices={chosenDevices(devices)} />
                </div>
                <RehearseButton showId={showId} theme="night" />
              </div>
            ) : null}
            <PicturePanel
              direct={direct}
              air={{
                starting: goingLive || start.isPending,
                onGoLive: () =>
                  preflight.ask(() => {
                    setGoingLive(true);
                    stage.goOnAir();
                  }),
                onCancel: () => {
                  setGoingLive(false);
                  stage.leaveAir();
                },
              }}
            />
          </div>
          <Tabs
            name="studio"
            label="Studio"
            chosen={pane}
            onChoose={setPane}
            className="border-b border-line px-2 lg:hidden max-lg:order-2"
            tabs={[
              { id: 'stage', label: 'Stage' },
              { id: 'run', label: 'Run of show' },
              { id: 'crowd', label: 'Crowd' },
            ]}
          />
          <div
            id="studio-panel-stage"
            className={classes(
              'relative flex min-h-0 flex-auto flex-col gap-3 overflow-y-auto max-lg:order-3 max-lg:flex-1 max-lg:p-3',
              hide('stage'),
            )}
          >
            <Notices
              error={start.error ?? mend.error}
              onRetry={start.error ? () => startShow() : undefined}
            />
            <AloudNotice direct={direct} />
            {direct && isLive ? (
              <Suspense>
                <HealthPanel />
              </Suspense>
            ) : null}
            {room.phase === 'ended' || room.phase === 'cancelled' ? (
              isRehearsal(showId) ? (
                <RehearsalEnded rehearsalId={showId} />
              ) : (
                <Ended />
              )
            ) : (
              <div className="grid min-h-0 flex-1 grid-cols-[1.15fr_0.85fr_1.3fr] gap-3 lg:max-h-[300px] lg:min-h-[200px] max-lg:flex max-lg:flex-none max-lg:flex-col">
                <RunningCard asked={asked} direct={direct} actions={actions} />
                <NextCard
                  direct={direct}
                  pending={enter.isPending}
                  error={enter.error}
                  actions={actions}
                  lot={board.next}
                  onOpenLot={openNextLot}
                />
                <ReadyCard direct={direct} error={pin.error} actions={actions} />
              </div>
            )}
            <CaptionsPanel direct={direct} />
          </div>
        </div>
        <div
          id="studio-panel-crowd"
          className={classes(
            'flex min-h-0 flex-col border-line lg:border-l max-lg:order-3 max-lg:flex-1',
            hide('crowd'),
          )}
        >
          <CrowdPanel composer={composer} />
        </div>
      </main>
      <PulseBar />
      {sheet === null ? null : (
        <OfferSheet
          start={sheet}
          onClose={() => setSheet(null)}
          onAsked={(offerId, form) => {
            setAsked((list) => [...list, { offerId, form }]);
            setPane('stage');
          }}
        />
      )}
      {dropOf === null ? null : (
        <DropSheet
          productId={dropOf}
          onClose={() => setDropOf(null)}
          onAnnounced={(dropId) => announced.current.add(dropId)}
        />
      )}
      {lotOf === null ? null : <LotSheet productId={lotOf} onClose={() => setLotOf(null)} />}
      {preflight.question}
      {dialog === 'end' ? <EndDialog onClose={() => setDialog(null)} /> : null}
      {dialog === 'keys' ? <KeysDialog onClose={() => setDialog(null)} /> : null}
    </div>
  );
}
