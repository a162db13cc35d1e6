// What both ways to an answer of HLS say alike: types, names, and how long caches keep what.

import { SEGMENT_TARGET_S } from '../media/packager/part-cutter.ts';

export const playlistType = 'application/vnd.apple.mpegurl';

/** What a file's name says: run, then an initialisation's number, or a segment's with a part's; see `playlist.ts`. */
export const fileName = /^([0-9a-z]{1,12})-(?:f(\d{1,6})\.mp4|(\d{1,15})(?:\.(\d{1,4}))?\.m4s)$/;

/** RFC 8216bis section B.1 recommends to keep what came by blocking for six target durations, else for half of one. */
export const cacheOf = {
  blocking: `public, max-age=${6 * SEGMENT_TARGET_S}`,
  playlist: 'public, max-age=1',
  media: 'public, max-age=3600, immutable',
  missing: 'public, max-age=1',
  own: 'private, no-store',
} as const;
