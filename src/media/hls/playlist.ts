// What is written of a window: media playlists after RFC 8216bis, with parts for players that follow closely, without
// for a CDN and older ones, whole or as a delta update. Pure text. The rule: everything that a playlist says of time is
// rounded one way, so that no part outlasts what is advertised and dates go on where the segment before ended.

import { PART_TARGET_MS, SEGMENT_TARGET_S } from '../packager/part-cutter.ts';
import type { HlsWindow, WindowPart, WindowSegment } from './hls-window.ts';

/** RFC 8216bis section 4.4.3.8 asks for two parts and recommends three; more is delay. */
const PART_HOLD_BACK_MS = 3 * PART_TARGET_MS;
/**
 * Parts are named for so many segments at the end, the one that grows or is to come among them: all within three target
 * durations, as RFC 8216bis section 6.2.2 has it, and some parts more than a player holds back.
 */
const SEGMENTS_IN_PARTS = 3;
/** The least that a delta update may leave out begins here, measured from the end (section 4.4.3.8). */
const SKIP_UNTIL_S = 6 * SEGMENT_TARGET_S;

/** `low`: with parts. `plain`: whole segments alone. */
export type PlaylistKind = 'low' | 'low-delta' | 'plain';

/** The names of files; the epoch makes those of another run other files. */
export const initName = (window: HlsWindow, form: number): string => `${window.epoch}-f${form}.mp4`;
export const segmentName = (window: HlsWindow, msn: number): string => `${window.epoch}-${msn}.m4s`;
export const partName = (window: HlsWindow, msn: number, part: number): string =>
  `${window.epoch}-${msn}.${part}.m4s`;

/** The playlist of a window, ending in a line break. */
export function writePlaylist(window: HlsWindow, kind: PlaylistKind): string {
  const isLow = kind !== 'plain';
  const segments = isLow ? window.segments : window.segments.filter(({ isWhole }) => isWhole);
  const lines = ['#EXTM3U', `#EXT-X-VERSION:${isLow ? 9 : 8}`];
  lines.push(`#EXT-X-TARGETDURATION:${SEGMENT_TARGET_S}`);
  if (isLow) {
    lines.push(
      `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${seconds(PART_HOLD_BACK_MS)},CAN-SKIP-UNTIL=${SKIP_UNTIL_S}`,
      `#EXT-X-PART-INF:PART-TARGET=${seconds(PART_TARGET_MS)}`,
    );
  }
  lines.push(`#EXT-X-MEDIA-SEQUENCE:${segments[0]?.msn ?? window.next.msn}`);
  if (window.discontinuities > 0)
    lines.push(`#EXT-X-DISCONTINUITY-SEQUENCE:${window.discontinuities}`);
  if (segments.every(({ parts }) => !parts[0] || parts[0].independent || parts[0].gap))
    lines.push('#EXT-X-INDEPENDENT-SEGMENTS');

  // Sections 6.2.5.1 and 6.2.5.2: what has ended is given whole, whatever is asked of it.
  const skipped = kind === 'low-delta' && !window.isEnded ? skippable(segments) : 0;
  if (skipped > 0) lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`);
  const entries = segments.length + (segments.at(-1)?.isWhole ? 1 : 0);
  let form: number | undefined;
  segments.forEach((segment, n) => {
    if (n >= skipped) {
      if (segment.discontinuity && n > 0) lines.push('#EXT-X-DISCONTINUITY');
      if (segment.form !== form && (n > 0 || skipped === 0))
        lines.push(`#EXT-X-MAP:URI="${initName(window, segment.form)}"`);
      lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(Math.round(segment.startMs)).toISOString()}`);
      if (isLow && n >= entries - SEGMENTS_IN_PARTS)
        for (const part of segment.parts) lines.push(partLine(window, segment, part));
      if (segment.isWhole) {
        if (segment.parts.every(({ gap }) => gap)) lines.push('#EXT-X-GAP');
        lines.push(`#EXTINF:${seconds(segment.durationMs)},`, segmentName(window, segment.msn));
      }
    }
    form = segment.form;
  });
  if (window.isEnded) lines.push('#EXT-X-ENDLIST');
  else if (isLow) {
    const { msn, part } = window.next;
    lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${partName(window, msn, part)}"`);
  }
  return `${lines.join('\n')}\n`;
}

/** How many segments at the beginning a delta update leaves out. */
function skippable(segments: readonly WindowSegment[]): number {
  let fromEndMs = segments.reduce((sum, { durationMs }) => sum + durationMs, 0);
  let count = 0;
  for (const { durationMs } of segments) {
    fromEndMs -= durationMs;
    if (fromEndMs < SKIP_UNTIL_S * 1000) break;
    count += 1;
  }
  return count;
}

function partLine(window: HlsWindow, { msn }: WindowSegment, part: WindowPart): string {
  const independent = part.independent ? ',INDEPENDENT=YES' : '';
  const gap = part.gap ? ',GAP=YES' : '';
  return `#EXT-X-PART:DURATION=${seconds(part.durationMs)},URI="${partName(window, msn, part.index)}"${independent}${gap}`;
}

/** Five digits, as a decimal floating point without an exponent. */
const seconds = (ms: number): string => (ms / 1000).toFixed(5);
