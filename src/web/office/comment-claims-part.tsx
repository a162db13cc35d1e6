// The owner's switch of claiming by comment, for one show. It counts at once, on its own: saving the plan has
// no part in it.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ShowDetail } from '../../protocol/http.ts';
import { useAtOnce } from '../crew/at-once.ts';
import { ProblemNote } from '../crew/problem-note.tsx';
import { ask, meQuery, showQuery } from '../crew/shop-data.ts';
import { CheckField } from '../design/field.tsx';

export function CommentClaimsPart({
  showId,
  room,
}: Pick<ShowDetail['show'], 'showId'> & { room: ShowDetail['room'] }) {
  const cache = useQueryClient();
  const me = useQuery(meQuery).data;
  const change = useAtOnce(room.commentClaims, async (isOn) => {
    await ask.switchCommentClaims(showId, isOn);
    await cache.invalidateQueries({ queryKey: showQuery(showId).queryKey });
  });
  const isOwner = me?.role === 'owner';
  return (
    <section
      aria-label="Claim by comment"
      className="mt-10 grid max-w-2xl gap-3 rounded-card border border-line bg-card p-5"
    >
      <h2 className="text-xl">Claim by comment</h2>
      <CheckField
        label="Shoppers may claim by writing a code word in the chat"
        hint="A live offer then has a code word for each variant. Only the word itself is a claim, alone or with how many; anything else that has it in it gets a private answer on what to write. A claim by comment binds no more than one by the button: it is held for a while, and paid or not."
        checked={change.value}
        disabled={!isOwner || change.isPending}
        onChange={(event) => change.choose(event.target.checked)}
      />
      {isOwner ? null : <p className="text-xs text-soft">The owner of the shop switches it.</p>}
      <ProblemNote error={change.error} />
    </section>
  );
}
