// The addresses under which the files of recordings and clips are sent out. Nothing but the mapping.

import { resolve, sep } from 'node:path';

/** The address of a file in the recordings' folder, or null when it is elsewhere. */
export const recordingUrl = (recordingsFolder: string, path: string | null): string | null => {
  const folder = resolve(recordingsFolder) + sep;
  if (path === null || !resolve(path).startsWith(folder)) return null;
  return `/media/recordings/${resolve(path).slice(folder.length).split(sep).map(encodeURIComponent).join('/')}`;
};
