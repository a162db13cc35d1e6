// The plane of pictures and sound as a shop's settings ask for it. A port that is taken is told in the
// setting's own name.

import { Fault } from '../base/fault.ts';
import type { Settings } from '../base/settings.ts';
import { startChildPlane } from './child-plane.ts';

/** Rejects with a fault when a process of the plane doesn't start, and at once when `failed` is aborted. */
export const openPlane = (
  settings: Pick<Settings, 'mediaPort' | 'mediaAddress' | 'forwardersMax'>,
  options: { readonly recordingsFolder: string; readonly onNote: (note: string) => void },
  failed: AbortSignal,
) =>
  startChildPlane(
    {
      ...options,
      udpPort: settings.mediaPort,
      ...(settings.mediaAddress === null ? {} : { advertise: [settings.mediaAddress] }),
      ...(settings.forwardersMax === null ? {} : { forwardersMax: settings.forwardersMax }),
    },
    failed,
  ).catch((error: Error) => {
    throw new Fault('media-unavailable', `RIALTO_MEDIA_PORT: ${error.message}`, { cause: error });
  });
