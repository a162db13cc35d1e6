// Captions of the living show, for who wants them: the latest, each for as long as it takes to read it.

import { useEffect, useState, useSyncExternalStore } from 'react';
import { useLive } from '../live/use-live.ts';
import { captionsChoice } from './captions-choice.ts';
import { CaptionsPlate } from './captions-plate.tsx';
import { type ShownCaption, withLatest } from './captions-shown.ts';
import { usePage } from './watch-context.ts';

export default function Captions() {
  const { client } = usePage();
  const isOn = useSyncExternalStore(captionsChoice.subscribe, captionsChoice.isOn);
  const latest = useLive(client, (state) => state.room?.caption ?? null);
  const [shown, setShown] = useState<readonly ShownCaption[]>([]);

  useEffect(() => {
    setShown((before) => withLatest(before, latest, client.nowMs()));
  }, [client, latest]);
  const first = shown[0];
  useEffect(() => {
    if (!first) return;
    const timer = setTimeout(
      () => setShown((before) => withLatest(before, null, client.nowMs())),
      Math.max(0, first.untilMs - client.nowMs()) + 20,
    );
    return () => clearTimeout(timer);
  }, [client, first]);

  return isOn ? <CaptionsPlate lines={shown} /> : null;
}
