// How the host's line and the viewers are doing: a strip with the worst trouble in plain words, and behind its button all
// figures, the rate over time, and where else the show is on. Loaded when the show is live.

import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { type HealthView, healthTroubles } from '../../../protocol/health.ts';
import { simulcastQuery } from '../../crew/simulcast-data.ts';
import { Button } from '../../design/button.tsx';
import { Sheet } from '../../design/dialog.tsx';
import { http } from '../../live/http-client.ts';
import { useDesk, useStageState } from '../desk.tsx';
import { AlsoOn } from './also-on.tsx';
import { alsoOnWords, delayWords, lineWords, rateWords, sizeWords } from './health-words.ts';
import { type Sending, soundWords, useOwnSound } from './own-sound.ts';
import type { RatePoint } from './rate-chart.tsx';

const RateChart = lazy(() => import('./rate-chart.tsx'));

/** Two minutes, one every two seconds. */
const shownPoints = 60;

export default function HealthPanel() {
  const { showId } = useDesk();
  const { data, dataUpdatedAt } = useQuery({
    queryKey: ['health', showId],
    queryFn: ({ signal }) =>
      http.get<HealthView>(`/api/shows/${encodeURIComponent(showId)}/health`, { signal }),
    refetchInterval: 2_000,
  });
  const [isOpen, setOpen] = useState(false);
  const [points, setPoints] = useState<readonly RatePoint[]>([]);
  useEffect(() => {
    if (!data) return;
    const point = { atMs: dataUpdatedAt, bitsPerSecond: data.line?.bitsPerSecond ?? 0 };
    setPoints((before) => [...before, point].slice(-shownPoints));
  }, [data, dataUpdatedAt]);
  const elsewhere = alsoOnWords(useQuery(simulcastQuery(showId)).data?.destinations ?? []);
  const sound = useOwnSound();
  const size = sizeWords(useStageState().line);
  if (!data) return null;
  const troubles = healthTroubles(data, sound);
  const [worst, ...others] = troubles;
  return (
    <section
      aria-label="Health"
      className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-control border border-line bg-card py-1.5 pr-2 pl-4 text-sm"
    >
      <p className="text-soft tabular-nums">{lineWords(data)}</p>
      {elsewhere ? (
        <p className={elsewhere.isBad ? 'font-semibold text-urgent' : 'text-soft'}>
          {elsewhere.words}
        </p>
      ) : null}
      <Button
        size="small"
        className="order-1 ml-auto"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        Health in full
      </Button>
      <p role="status" className="basis-full text-urgent empty:hidden order-2">
        {worst ? `${worst}${others.length > 0 ? ` And ${others.length} more.` : ''}` : null}
      </p>
      <Sheet open={isOpen} wide theme="night" onClose={() => setOpen(false)} title="Health">
        <div className="grid gap-4">
          {troubles.map((trouble) => (
            <p key={trouble} className="rounded-control bg-urgent-mist px-3 py-2 text-sm">
              {trouble}
            </p>
          ))}
          <Figures health={data} sound={sound} size={size} />
          {points.length > 2 ? (
            <Suspense>
              <RateChart points={points} />
            </Suspense>
          ) : null}
          <AlsoOn />
        </div>
      </Sheet>
    </section>
  );
}

function Figures({
  health: { line, viewers },
  sound,
  size,
}: {
  health: HealthView;
  sound: Sending;
  size: string | null;
}) {
  const figures: (readonly [name: string, figure: string])[] = [
    ...(line
      ? ([
          ['Sends', rateWords(line.bitsPerSecond) || 'nothing'],
          ['Pictures', `${Math.round(line.framesPerSecond)}/s`],
          ['Loss', `${(line.lossRatio * 100).toFixed(1)} %`],
          ['Round trip', line.rttMs === null ? '–' : `${Math.round(line.rttMs)} ms`],
          [
            'Key frames',
            line.keyIntervalMs === null ? '–' : `every ${(line.keyIntervalMs / 1000).toFixed(1)} s`,
          ],
        ] as const)
      : []),
    // What only the browser that sends can know.
    ...(size ? [['Picture size', size] as const] : []),
    ...(sound.isOn ? [['Your sound', soundWords(sound)] as const] : []),
    [
      'Viewers see you',
      viewers.delayP50Ms === null ? '–' : `${delayWords(viewers.delayP50Ms)} late`,
    ],
    [
      'the latest 5 %',
      viewers.delayP95Ms === null ? '–' : `${delayWords(viewers.delayP95Ms)} late`,
    ],
    ['By WebRTC', `${viewers.webrtc} of ${viewers.all}`],
    ['By HLS', `${viewers.hls} of ${viewers.all}`],
  ];
  return (
    <dl className="flex flex-wrap gap-x-5 gap-y-2">
      {figures.map(([name, figure]) => (
        <div key={name} className="grid">
          <dt className="text-2xs text-soft">{name}</dt>
          <dd className="text-sm font-semibold tabular-nums">{figure}</dd>
        </div>
      ))}
    </dl>
  );
}
