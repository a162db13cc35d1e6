// "Check before you go live": the preview with its devices and what the host is asked to do on the left, the four
// checks with their cures on the right; one below the other on a phone. Nobody sees or hears what is checked here.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import {
  type CheckName,
  checkNames,
  type Finding,
  worstOf,
} from '../../../domain/preflight/finding.ts';
import { judge } from '../../../domain/preflight/verdict.ts';
import type { PreflightView } from '../../../protocol/preflight.ts';
import { mayDirect, useCrew } from '../../crew/crew-gate.tsx';
import { CameraIcon, MicrophoneIcon } from '../../crew/icons.tsx';
import { browserWord, checkedText, keptHere, stalenessOf } from '../../crew/kept-preflight.ts';
import { verdictWords } from '../../crew/preflight-words.ts';
import { LoadFailure, ProblemNote } from '../../crew/problem-note.tsx';
import { ask, preflightQuery, shopQuery, showQuery } from '../../crew/shop-data.ts';
import { Badge } from '../../design/badge.tsx';
import { Button, ButtonLink } from '../../design/button.tsx';
import { EmptyState, Skeleton } from '../../design/empty-state.tsx';
import { BackIcon } from '../../design/icons.tsx';
import { DeviceField } from '../device-field.tsx';
import { MicrophoneLevel } from '../microphone-level.tsx';
import { chosenDevices, createStage, type Stage } from '../stage.ts';
import { FindingList, GradeBadge } from './finding-list.tsx';
import {
  createPreflightRun,
  type DeviceCheck,
  deviceChecks,
  type PreflightRun,
  type RunState,
  stepSeconds,
} from './preflight-run.ts';

export function PreflightPage({ showId }: { showId: string }) {
  const direct = mayDirect(useCrew());
  const detail = useQuery(showQuery(showId));
  const kept = useQuery({ ...preflightQuery(showId), enabled: direct });
  useEffect(() => {
    document.title = 'Check before you go live · Studio';
    document.documentElement.dataset.theme = 'night';
    return () => {
      document.documentElement.dataset.theme = 'day';
    };
  }, []);
  const error = detail.error ?? kept.error;
  const title = detail.data?.show.title ?? '';
  return (
    <main className="min-h-dvh bg-ground text-text">
      <div className="mx-auto grid max-w-6xl gap-6 px-6 pt-4 pb-16 max-sm:gap-4 max-sm:px-4">
        <header>
          <Link
            to="/studio/$show"
            params={{ show: showId }}
            className="-ml-2 inline-flex min-h-11 items-center gap-1.5 rounded-control px-2 text-sm font-medium text-soft hover:text-text"
          >
            <BackIcon className="size-4" /> Studio{title ? ` · ${title}` : ''}
          </Link>
          <h1 className="text-3xl max-sm:text-2xl">Check before you go live</h1>
          <p className="mt-1 max-w-[60ch] text-soft">
            Half a minute on your own camera, microphone and line. Nobody sees or hears it, and
            nothing is recorded.
          </p>
        </header>
        {!direct ? (
          <EmptyState title="The host checks this">
            Owners and hosts check their devices here before a show.
          </EmptyState>
        ) : error ? (
          <LoadFailure
            error={error}
            onRetry={() => void (detail.error ? detail.refetch() : kept.refetch())}
          />
        ) : !detail.data || !kept.data ? (
          <div aria-busy="true" className="grid gap-4 lg:grid-cols-2">
            <Skeleton className="aspect-video rounded-card" />
            <Skeleton className="h-80 rounded-card" />
          </div>
        ) : detail.data.show.phase === 'ended' || detail.data.show.phase === 'cancelled' ? (
          <EmptyState
            title="This show is over"
            action={<ButtonLink href="/office/shows">To all shows</ButtonLink>}
          >
            There is nothing left to check before it.
          </EmptyState>
        ) : (
          <Checks
            showId={showId}
            view={kept.data}
            isPlanned={detail.data.show.phase === 'planned'}
          />
        )}
      </div>
    </main>
  );
}

function Checks({
  showId,
  view,
  isPlanned,
}: {
  showId: string;
  view: PreflightView;
  isPlanned: boolean;
}) {
  const preview = useRef<HTMLVideoElement>(null);
  const [parts, setParts] = useState<{ stage: Stage; run: PreflightRun } | null>(null);
  useEffect(() => {
    const stage = createStage(showId);
    const run = createPreflightRun(showId, stage, () => preview.current);
    setParts({ stage, run });
    return () => {
      run.stop();
      stage.close();
    };
  }, [showId]);
  return parts ? (
    <Desk {...parts} showId={showId} view={view} isPlanned={isPlanned} preview={preview} />
  ) : null;
}

function Desk({
  stage,
  run,
  showId,
  view,
  isPlanned,
  preview,
}: {
  stage: Stage;
  run: PreflightRun;
  showId: string;
  view: PreflightView;
  isPlanned: boolean;
  preview: React.RefObject<HTMLVideoElement | null>;
}) {
  const devices = useSyncExternalStore(stage.subscribe, stage.state);
  const { now, measured, completed } = useSyncExternalStore(run.subscribe, run.state);
  const [browser] = useState(browserWord);
  const cache = useQueryClient();
  const currency = useQuery(shopQuery).data?.currency ?? 'EUR';
  const keep = useMutation({
    mutationFn: () => ask.keepPreflight(showId, { browser, ...run.state().measured }),
    onSuccess: (next) => cache.setQueryData(preflightQuery(showId).queryKey, next),
  });
  const { mutate } = keep;
  useEffect(() => {
    if (completed > 0) mutate();
  }, [completed, mutate]);

  const devicesNow = { browser, ...chosenDevices(devices) };
  const here = keptHere(view.kept, browser);
  // What was measured here a while ago stands until it is measured again.
  useEffect(() => {
    const own = keptHere(view.kept, browser);
    if (own && stalenessOf(own, { browser, camera: null, microphone: null }, Date.now()) === null)
      run.recall({ microphone: own.microphone, camera: own.camera, line: own.line });
  }, [view, browser, run]);

  // A line is tried before a show only: beside the show itself it would take of its bits.
  const able: readonly DeviceCheck[] = isPlanned ? deviceChecks : ['microphone', 'camera'];
  const findings = judge(measured, view.shop as readonly Finding[]);
  const all = checkNames.flatMap((check) => findings[check]);
  const isMeasured = deviceChecks.some((check) => measured[check] !== null);
  const start = (checks: readonly DeviceCheck[]) => void run.run(checks);

  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] max-sm:gap-4">
      <section aria-label="Camera and microphone" className="grid gap-4 lg:sticky lg:top-4">
        <div className="relative aspect-video overflow-hidden rounded-card bg-black">
          <Preview track={devices.video} element={preview} />
          {devices.audio || devices.video ? (
            <div className="pointer-events-none absolute inset-x-3 top-3 flex gap-2">
              <Badge look="veil">You · only you see this</Badge>
              <Badge look="veil">
                <MicrophoneLevel track={devices.audio} muted={false} />
              </Badge>
            </div>
          ) : null}
          <Prompt now={now} able={able} verdict={isMeasured ? verdictWords(all) : null} />
        </div>
        <div className="flex flex-wrap gap-2">
          {now ? (
            <Button size="large" className="flex-1" onClick={() => run.stop()}>
              Stop
            </Button>
          ) : (
            <Button
              look="strong"
              size="large"
              className="flex-1"
              busy={keep.isPending}
              onClick={() => start(able)}
            >
              {isMeasured ? 'Check everything again' : 'Start the check'}
            </Button>
          )}
        </div>
        <p className="text-sm text-soft">
          {here ? `${checkedText(here, devicesNow, Date.now())} by ${here.name}.` : null}
        </p>
        <ProblemNote error={keep.error} onRetry={() => mutate()} />
        <div className="grid gap-3 sm:grid-cols-2">
          <DeviceField
            label="Camera"
            choices={devices.cameras}
            chosen={devices.cameraId}
            disabled={now !== null}
            none="Known when the check has begun"
            onChoose={(id) => void stage.chooseCamera(id)}
          />
          <DeviceField
            label="Microphone"
            choices={devices.microphones}
            chosen={devices.microphoneId}
            disabled={now !== null}
            none="Known when the check has begun"
            onChoose={(id) => void stage.chooseMicrophone(id)}
          />
        </div>
      </section>
      <div className="grid gap-4">
        {checkNames.map((check) => (
          <CheckCard
            key={check}
            check={check}
            findings={findings[check]}
            currency={currency}
            running={now?.check === check}
            isBusy={now !== null}
            isOff={check === 'line' && !isPlanned}
            {...(check !== 'shop' && able.includes(check) ? { onAgain: () => start([check]) } : {})}
          >
            {check === 'shop' ? (
              <Link
                to="/office/shows/$show"
                params={{ show: showId }}
                className="mt-3 inline-flex min-h-11 items-center text-sm font-semibold underline"
              >
                Change the plan of the show
              </Link>
            ) : null}
          </CheckCard>
        ))}
      </div>
    </div>
  );
}

function Preview({
  track,
  element,
}: {
  track: MediaStreamTrack | null;
  element: React.RefObject<HTMLVideoElement | null>;
}) {
  useEffect(() => {
    if (!element.current) return;
    element.current.srcObject = track ? new MediaStream([track]) : null;
    if (track) element.current.play().catch(() => {});
  }, [track, element]);
  return (
    <video
      ref={element}
      muted
      playsInline
      aria-label="Your own picture"
      className="size-full object-contain"
    />
  );
}

/** What the host reads aloud: every sound of a voice, in about five seconds. */
const lineToRead =
  'Good evening and welcome. Tonight I show you what we made this week, piece by piece.';

const prompts: Readonly<
  Record<NonNullable<RunState['now']>['step'], { readonly title: string; readonly note: string }>
> = {
  devices: { title: 'Camera and microphone on …', note: 'Allow them where the browser asks.' },
  silence: { title: 'Say nothing', note: 'Three seconds of your room’s own noise.' },
  echo: { title: 'Still say nothing', note: 'You hear a rising tone twice: does it come back?' },
  speech: { title: `“${lineToRead}”`, note: 'Read this aloud, as you will speak in the show.' },
  look: { title: 'Look into the camera', note: 'Sit as you will sit in the show.' },
  line: { title: 'Trying your line', note: 'A test picture goes to the server. Nobody sees it.' },
};

/** What to do now, over the picture and said to screen readers; the verdict when it is over. */
function Prompt({
  now,
  able,
  verdict,
}: {
  now: RunState['now'];
  able: readonly DeviceCheck[];
  verdict: string | null;
}) {
  const prompt = now ? prompts[now.step] : null;
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-0 bg-gradient-to-t from-black/90 via-black/70 to-transparent px-5 pt-16 pb-4 text-white">
      <div role="status" aria-live="polite">
        {prompt ? (
          <>
            <p className="text-xl font-semibold max-sm:text-lg">{prompt.title}</p>
            <p className="text-sm text-[#e6ddd1]">{prompt.note}</p>
          </>
        ) : (
          <p className="text-xl font-semibold max-sm:text-lg">
            {verdict ??
              (able.includes('line')
                ? 'Sit down where you will sit, and start.'
                : 'Microphone and camera can be checked while the show is live.')}
          </p>
        )}
      </div>
      {now ? (
        <div aria-hidden="true" className="mt-3 h-1.5 overflow-hidden rounded-full bg-white/25">
          <div
            key={now.step}
            className="h-full origin-left animate-fill rounded-full bg-white motion-reduce:animate-none"
            style={{ animationDuration: `${stepSeconds[now.step]}s` }}
          />
        </div>
      ) : null}
    </div>
  );
}

const checkWords: Readonly<Record<CheckName, { readonly title: string; readonly idle: string }>> = {
  microphone: {
    title: 'Microphone',
    idle: 'How loud and clear you are, what the room adds, whether the loudspeaker comes back.',
  },
  camera: { title: 'Camera', idle: 'Light, backlight, sharpness, size and movement.' },
  line: { title: 'Line', idle: 'What your upload carries, how far the server is, what gets lost.' },
  shop: { title: 'Shop', idle: '' },
};

function CheckCard({
  check,
  findings,
  currency,
  running,
  isBusy,
  isOff,
  onAgain,
  children,
}: {
  check: CheckName;
  findings: readonly Finding[];
  currency: string;
  running: boolean;
  isBusy: boolean;
  /** Can't be run now: the card says why. */
  isOff: boolean;
  onAgain?: () => void;
  children?: React.ReactNode;
}) {
  const { title, idle } = checkWords[check];
  const isKnown = findings.length > 0;
  return (
    <section
      aria-labelledby={`check-${check}`}
      className="rounded-card border border-line bg-card p-4"
    >
      <div className="mb-3 flex min-h-7 flex-wrap items-center justify-between gap-2">
        <h2 id={`check-${check}`} className="flex items-center gap-2 text-lg">
          {check === 'microphone' ? <MicrophoneIcon /> : check === 'camera' ? <CameraIcon /> : null}
          {title}
        </h2>
        {isKnown ? <GradeBadge grade={worstOf(findings.map(({ grade }) => grade))} /> : null}
      </div>
      {isKnown ? (
        <FindingList findings={findings} currency={currency} />
      ) : (
        <p className="text-sm text-soft">
          {isOff ? 'The show is live: its own line stands in the studio’s head.' : idle}
        </p>
      )}
      {children}
      {onAgain ? (
        <Button
          className="mt-4"
          busy={running}
          disabled={isBusy && !running}
          onClick={onAgain}
          aria-label={`${isKnown ? 'Check again' : 'Check only this'}: ${title}`}
        >
          {running ? 'Checking …' : isKnown ? 'Check again' : 'Check only this'}
        </Button>
      ) : null}
    </section>
  );
}
