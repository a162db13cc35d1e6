// Figures of health in words.

import type { HealthView } from '../../../protocol/health.ts';
import type { DestinationInShow } from '../../../protocol/simulcast.ts';

/** `2.4 Mbit/s`; nothing for none. */
export const rateWords = (bitsPerSecond: number): string =>
  bitsPerSecond === 0
    ? ''
    : bitsPerSecond < 1_000_000
      ? `${Math.round(bitsPerSecond / 1000)} kbit/s`
      : `${(bitsPerSecond / 1_000_000).toFixed(1)} Mbit/s`;

/** `0.2 s`, `85 ms`. */
export const delayWords = (ms: number): string =>
  ms < 100 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;

/** `1280 × 720`, as it goes out; null where it isn't sent from here. */
export const sizeWords = (
  line: { readonly width: number | null; readonly height: number | null } | null,
): string | null => (line?.width && line.height ? `${line.width} × ${line.height}` : null);

/** The host's line in one short line. */
export const lineWords = ({ line }: Pick<HealthView, 'line'>): string =>
  line === null
    ? 'Nothing is sent'
    : [
        rateWords(line.bitsPerSecond) || 'Nothing arrives',
        `${Math.round(line.framesPerSecond)} pictures/s`,
        `${(line.lossRatio * 100).toFixed(1)} % lost`,
      ].join(' · ');

type Standing = Pick<DestinationInShow, 'isOn' | 'state' | 'last'>;

/** Its last attempt failed, and the next one isn't through yet. */
export const isTrying = ({ isOn, state, last }: Standing): boolean =>
  isOn && state !== 'live' && last !== null;

/** How many of the destinations that are switched on have the picture; null without any. */
export const alsoOnWords = (
  destinations: readonly Standing[],
): { readonly words: string; readonly isBad: boolean } | null => {
  const on = destinations.filter(({ isOn }) => isOn);
  if (on.length === 0) return null;
  const live = on.filter(({ state }) => state === 'live').length;
  const isBad = on.some((one) => one.state === 'needs-h264' || isTrying(one));
  return { words: `Also on ${live} of ${on.length}`, isBad };
};
