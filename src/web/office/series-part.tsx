// For a show that comes again: its plan, as it is saved, for those that follow it. Asks first, since it takes the place of
// what they have.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ProblemNote } from '../crew/problem-note.tsx';
import { Button } from '../design/button.tsx';
import { toast } from '../design/toast.tsx';
import { newId } from '../live/http-client.ts';
import { announcementQuery, askCalendar } from './calendar-data.ts';

export function SeriesPart({ showId }: { showId: string }) {
  const cache = useQueryClient();
  const { data } = useQuery(announcementQuery(showId));
  const [isSure, setSure] = useState(false);
  const hand = useMutation({
    mutationFn: () => askCalendar.handOn(showId, newId()),
    onSuccess: async ({ shows }) => {
      setSure(false);
      await cache.invalidateQueries({ queryKey: ['shows'] });
      toast(
        shows === 0
          ? 'None follows yet; those to come are made from this plan'
          : `${shows === 1 ? 'One show has' : `${shows} shows have`} this plan now`,
        { look: 'good' },
      );
    },
  });
  if (!data?.series || data.series.hasEnded) return null;
  return (
    <section
      aria-label="It comes again"
      className="mt-10 grid max-w-2xl gap-3 rounded-card border border-line bg-card p-5"
    >
      <h2 className="text-xl">It comes again</h2>
      <p className="text-sm text-soft">
        Each show that follows has a plan of its own. They can take this one as it is saved: kind,
        run of show, shelf, cover, who gets in. Their times stay, and what changed in theirs is
        replaced.
      </p>
      <div className="flex flex-wrap gap-2">
        {isSure ? (
          <>
            <Button look="urgent" busy={hand.isPending} onClick={() => hand.mutate()}>
              Yes, replace their plans
            </Button>
            <Button look="plain" onClick={() => setSure(false)}>
              Keep theirs
            </Button>
          </>
        ) : (
          <Button onClick={() => setSure(true)}>Give this plan to those that follow</Button>
        )}
      </div>
      <ProblemNote error={hand.error} />
    </section>
  );
}
