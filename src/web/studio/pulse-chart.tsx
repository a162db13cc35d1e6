// The evening as two small lines (watching, comments a minute) with the sales beneath, drawn by uPlot.
// Loaded only when there is something to draw.

import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type Beat, soldSteps } from './show-record.ts';

const height = 58;
/** What stays in sight: half an hour. */
const shownBeats = 900;

const seriesOf = (beats: readonly Beat[]): uPlot.AlignedData => {
  const shown = beats.slice(-shownBeats);
  return [
    shown.map(({ atMs }) => atMs / 1_000),
    shown.map(({ watching }) => watching),
    shown.map(({ commentsPerMinute }) => commentsPerMinute),
    soldSteps(shown).map((units) => (units > 0 ? units : null)),
  ];
};

/** From zero to a little above the highest, so that a quiet room isn't drawn as a storm. */
const fromZero: uPlot.Range.Function = (_plot, _low, high) => [0, Math.max(4, (high ?? 0) * 1.15)];

export default function PulseChart({ beats }: { beats: readonly Beat[] }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const made = new uPlot(
      {
        width: element.clientWidth,
        height,
        padding: [6, 2, 2, 2],
        cursor: { show: false },
        legend: { show: false },
        axes: [{ show: false }, { show: false }],
        scales: {
          x: { time: true },
          watching: { range: fromZero },
          comments: { range: fromZero },
          sold: { range: fromZero },
        },
        series: [
          {},
          { scale: 'watching', stroke: '#74c7bd', width: 2, points: { show: false } },
          { scale: 'comments', stroke: '#f0b947', width: 1.5, points: { show: false } },
          {
            scale: 'sold',
            fill: '#e2402a',
            stroke: '#e2402a',
            width: 0,
            points: { show: false },
            paths: uPlot.paths.bars?.({ size: [1, 6], align: 0 }) ?? null,
          },
        ],
      } as uPlot.Options,
      [[], [], [], []],
      element,
    );
    plot.current = made;
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, []);

  useEffect(() => plot.current?.setData(seriesOf(beats)), [beats]);

  const last = beats.at(-1);
  return (
    <div className="w-full">
      <div ref={box} style={{ height }} aria-hidden="true" />
      <p className="flex justify-end gap-3 text-2xs text-soft">
        <span>
          <span
            aria-hidden="true"
            className="mr-1 inline-block h-0.5 w-3 bg-[#74c7bd] align-middle"
          />
          watching
        </span>
        <span>
          <span
            aria-hidden="true"
            className="mr-1 inline-block h-0.5 w-3 bg-[#f0b947] align-middle"
          />
          comments/min
        </span>
        <span>
          <span
            aria-hidden="true"
            className="mr-1 inline-block size-1.5 bg-vermilion align-middle"
          />
          sold
        </span>
        <span className="sr-only">
          {last ? `Now ${last.watching} watching, ${last.commentsPerMinute} comments a minute` : ''}
        </span>
      </p>
    </div>
  );
}
