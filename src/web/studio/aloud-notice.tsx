// The studio's cue to say the host's stake aloud, and the press that says that it was said: for everyone of the crew.

import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { disclosuresOf } from '../../protocol/disclosure.ts';
import { ProblemNote } from '../crew/problem-note.tsx';
import { ask } from '../crew/shop-data.ts';
import { Button } from '../design/button.tsx';
import { useTick } from '../design/clock.tsx';
import { useDesk, useRoom } from './desk.tsx';
import { type AloudCue, aloudCue, countArrivals } from './say-aloud.ts';

const reasons: Record<AloudCue['why'], string> = {
  first: 'The show has begun',
  newcomers: 'Many are new in the room',
  time: 'It was a while ago',
};

export function AloudNotice({ direct }: { direct: boolean }) {
  useTick();
  const { showId, client } = useDesk();
  const room = useRoom((whole) => whole);
  const { viewers, disclosedAtMs, phase } = room;
  const [arrivals, setArrivals] = useState({ viewers, came: 0, saidAtMs: disclosedAtMs });
  useEffect(
    () => setArrivals((before) => countArrivals(before, viewers, disclosedAtMs)),
    [viewers, disclosedAtMs],
  );
  const said = useMutation({ mutationFn: () => ask.sayDisclosure(showId) });
  if (phase !== 'live' || !direct) return null;
  const cue = aloudCue({
    labels: disclosuresOf(room),
    nowMs: client.nowMs(),
    saidAtMs: disclosedAtMs,
    newcomers: arrivals.came,
    viewers,
  });
  if (!cue) return null;
  return (
    <section
      aria-label="Say it aloud"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-card bg-ritual-mist px-4 py-3 text-sm"
    >
      <p className="min-w-0 flex-1 basis-60">
        <b className="text-ritual">{reasons[cue.why]}: say aloud</b>{' '}
        <q className="font-medium">{cue.words}</q>
      </p>
      <Button size="small" busy={said.isPending} onClick={() => said.mutate()}>
        I said it
      </Button>
      <ProblemNote error={said.error} className="basis-full" />
    </section>
  );
}
