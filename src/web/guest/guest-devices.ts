// A guest's camera and microphone: asked for, chosen among those that are there, given back when the page goes. What
// is sent of them, and whether the guest is heard, is the page's.

import { useCallback, useEffect, useRef, useState } from 'react';
import { type Choice, deviceChoices } from '../studio/device-choices.ts';
import {
  goneTrouble,
  insecureTrouble,
  type MediaTrouble,
  troubleOf,
} from '../studio/media-trouble.ts';

export type GuestDevice = 'camera' | 'microphone';

export type GuestDevices = {
  readonly camera: MediaStreamTrack | null;
  readonly microphone: MediaStreamTrack | null;
  readonly cameras: readonly Choice[];
  readonly microphones: readonly Choice[];
  readonly trouble: MediaTrouble | null;
  readonly isOpening: boolean;
};

const none: GuestDevices = {
  camera: null,
  microphone: null,
  cameras: [],
  microphones: [],
  trouble: null,
  isOpening: false,
};

/** What is asked of the browser: a picture as large as a place on stage, a voice without the room. */
const wish: Readonly<Record<GuestDevice, MediaTrackConstraints>> = {
  camera: { width: { ideal: 960 }, height: { ideal: 540 }, frameRate: { ideal: 25 } },
  microphone: { echoCancellation: true, noiseSuppression: true },
};

const trackOf = async (device: GuestDevice, id: string | null): Promise<MediaStreamTrack> => {
  const constraints = { ...wish[device], ...(id === null ? {} : { deviceId: { exact: id } }) };
  const stream = await navigator.mediaDevices.getUserMedia(
    device === 'camera' ? { video: constraints } : { audio: constraints },
  );
  return stream.getTracks()[0]!;
};

export const useGuestDevices = () => {
  const [devices, setDevices] = useState(none);
  const change = useCallback(
    (what: Partial<GuestDevices>) => setDevices((now) => ({ ...now, ...what })),
    [],
  );
  /** The tracks that are on, for giving them back; null once the page has gone. */
  const on = useRef<Partial<Record<GuestDevice, MediaStreamTrack>> | null>({});

  /** Gives the trouble, if there is one: what was on before stays on then. */
  const use = useCallback(
    async (device: GuestDevice, id: string | null): Promise<MediaTrouble | null> => {
      try {
        const track = await trackOf(device, id);
        if (on.current === null) {
          track.stop();
          return null;
        }
        on.current[device]?.stop();
        on.current[device] = track;
        track.addEventListener('ended', () => {
          if (on.current?.[device] === track)
            change({ [device]: null, trouble: goneTrouble(device) });
        });
        change({ [device]: track });
        return null;
      } catch (error) {
        return troubleOf(device, error);
      }
    },
    [change],
  );

  useEffect(() => {
    on.current ??= {};
    const list = () => void deviceChoices().then(change, () => {});
    navigator.mediaDevices?.addEventListener('devicechange', list);
    return () => {
      navigator.mediaDevices?.removeEventListener('devicechange', list);
      for (const track of Object.values(on.current ?? {})) track.stop();
      on.current = null;
    };
  }, [change]);

  return {
    devices,
    /** Asks for both; one of them is enough to be on stage. */
    open: async () => {
      if (!navigator.mediaDevices) return change({ trouble: insecureTrouble });
      change({ trouble: null, isOpening: true });
      const camera = await use('camera', null);
      const microphone = await use('microphone', null);
      change({ ...(await deviceChoices()), trouble: camera ?? microphone, isOpening: false });
    },
    choose: async (device: GuestDevice, id: string) => change({ trouble: await use(device, id) }),
  };
};
