// The host's bit rate over the last two minutes, drawn by uPlot. Loaded only when there is something to draw.

import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export type RatePoint = { readonly atMs: number; readonly bitsPerSecond: number };

const height = 36;
const fromZero: uPlot.Range.Function = (_plot, _low, high) => [0, Math.max(1e6, (high ?? 0) * 1.1)];

export default function RateChart({ points }: { points: readonly RatePoint[] }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const made = new uPlot(
      {
        ...{ width: element.clientWidth, height, padding: [4, 0, 2, 0] },
        ...{ cursor: { show: false }, legend: { show: false } },
        axes: [{ show: false }, { show: false }],
        scales: { x: { time: true }, rate: { range: fromZero } },
        series: [{}, { scale: 'rate', stroke: '#74c7bd', width: 2, points: { show: false } }],
      } as uPlot.Options,
      [[], []],
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
  useEffect(
    () =>
      plot.current?.setData([
        points.map(({ atMs }) => atMs / 1000),
        points.map(({ bitsPerSecond }) => bitsPerSecond),
      ]),
    [points],
  );
  return <div ref={box} style={{ height }} aria-hidden="true" />;
}
