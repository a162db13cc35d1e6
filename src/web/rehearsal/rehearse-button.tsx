// The way into a rehearsal of a planned show: which crowd, how fast, and the same one again. Opens the studio of the
// rehearsal; one that is going on is gone back to.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { CrowdSize, Tempo } from '../../protocol/rehearsal.ts';
import { ProblemNote } from '../crew/problem-note.tsx';
import { Button, ButtonLink } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { Choice } from '../studio/choice.tsx';
import { rehearsalsQuery, startRehearsal } from './rehearsal-data.ts';

const studioOf = (rehearsalId: string): string => `/studio/${encodeURIComponent(rehearsalId)}`;

export function RehearseButton({
  showId,
  theme = 'day',
}: {
  showId: string;
  theme?: 'day' | 'night';
}) {
  const [isOpen, setOpen] = useState(false);
  const rehearsals = useQuery(rehearsalsQuery(showId)).data ?? [];
  const going = rehearsals.find(({ phase }) => phase !== 'ended');
  if (going)
    return <ButtonLink href={studioOf(going.rehearsalId)}>Back to the rehearsal</ButtonLink>;
  return (
    <>
      <Button onClick={() => setOpen(true)}>Rehearse</Button>
      {isOpen ? (
        <RehearseDialog
          showId={showId}
          theme={theme}
          lastSeed={rehearsals[0]?.seed ?? null}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}

function RehearseDialog({
  showId,
  theme,
  lastSeed,
  onClose,
}: {
  showId: string;
  theme: 'day' | 'night';
  lastSeed: number | null;
  onClose: () => void;
}) {
  const cache = useQueryClient();
  const [crowd, setCrowd] = useState<CrowdSize>('usual');
  const [tempo, setTempo] = useState<'1' | '2' | '4'>('1');
  const [isSame, setSame] = useState(false);
  const sameId = useId();
  const start = useMutation({
    mutationFn: () =>
      startRehearsal(showId, {
        crowd,
        tempo: Number(tempo) as Tempo,
        seed: isSame ? lastSeed : null,
      }),
    onSuccess: async ({ rehearsalId }) => {
      await cache.invalidateQueries({ queryKey: ['rehearsals'] });
      location.assign(studioOf(rehearsalId));
    },
  });
  return (
    <Dialog
      open
      theme={theme}
      onClose={onClose}
      title="Rehearse this show"
      footer={
        <div className="flex justify-end gap-2">
          <Button look="plain" onClick={onClose}>
            Not now
          </Button>
          <Button look="strong" busy={start.isPending} onClick={() => start.mutate()}>
            Open the rehearsal
          </Button>
        </div>
      }
    >
      <div className="grid gap-5">
        <p className="text-sm text-soft">
          The same evening in a shop of its own, with invented people. Nothing is sold, nobody is
          told, and your line is cut once: see how you come back.
        </p>
        <Choice
          legend="Crowd"
          chosen={crowd}
          onChoose={setCrowd}
          options={[
            ['quiet', 'Quiet', '8 people'],
            ['usual', 'Usual', '30 people'],
            ['busy', 'Busy', '90 people'],
          ]}
        />
        <Choice
          legend="How fast they are"
          chosen={tempo}
          onChoose={setTempo}
          options={[
            ['1', 'As people', 'the true time'],
            ['2', 'Twice', 'a short hour'],
            ['4', 'Four times', 'a quick try'],
          ]}
        />
        {lastSeed === null ? null : (
          <label htmlFor={sameId} className="flex min-h-11 cursor-pointer items-center gap-3">
            <input
              id={sameId}
              type="checkbox"
              checked={isSame}
              onChange={(event) => setSame(event.target.checked)}
              className="size-5 accent-[var(--text)]"
            />
            <span className="text-sm">The same people as last time, to compare</span>
          </label>
        )}
        <ProblemNote error={start.error} />
      </div>
    </Dialog>
  );
}
