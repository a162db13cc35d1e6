// The picture that stands for a show in the shop, above its page and wherever its address is shared. It counts at once.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { standInUrl } from '../../protocol/first-paint.ts';
import type { ShowDetail } from '../../protocol/http.ts';
import { pictureUrl } from '../../protocol/picture-url.ts';
import { PictureIcon } from '../crew/icons.tsx';
import { ProblemNote } from '../crew/problem-note.tsx';
import { ask, showQuery } from '../crew/shop-data.ts';
import { Button } from '../design/button.tsx';
import { pictureKinds, wrongPicture } from './picture-files.ts';

export function CoverPart({ detail }: { detail: ShowDetail }) {
  const { showId, coverUrl } = detail.show;
  const cache = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const change = useMutation({
    mutationFn: async (file: File | null) => {
      await (file ? ask.chooseCover(showId, file) : ask.dropCover(showId));
      await cache.invalidateQueries({ queryKey: showQuery(showId).queryKey });
    },
  });
  const choose = (file: File | undefined) => {
    if (!file) return;
    const wrong = wrongPicture(file);
    setRefused(wrong);
    if (wrong === null) change.mutate(file);
  };
  const standIn = coverUrl ?? standInUrl(detail);
  return (
    <section
      aria-label="Cover"
      className="mt-10 grid max-w-2xl gap-4 rounded-card border border-line bg-card p-5 sm:grid-cols-[12rem_minmax(0,1fr)]"
    >
      {standIn ? (
        <img
          src={pictureUrl(standIn, 800)}
          alt={coverUrl ? 'The cover' : 'What stands for the show now'}
          className="aspect-video w-full rounded-control bg-sunken object-cover"
        />
      ) : (
        <span
          aria-hidden="true"
          className="grid aspect-video w-full place-items-center rounded-control bg-sunken text-soft"
        >
          <PictureIcon className="size-6" />
        </span>
      )}
      <div className="grid content-start gap-3">
        <div>
          <h2 className="text-xl">Cover</h2>
          <p className="text-sm text-soft">
            {coverUrl
              ? 'It stands for the show in the shop and where its address is shared, before and after. While the show is live its picture does.'
              : 'Until you choose one, the first product of the shelf or a picture of the show stands there.'}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button busy={change.isPending} onClick={() => input.current?.click()}>
            {coverUrl ? 'Choose another picture' : 'Choose a picture'}
          </Button>
          {coverUrl ? (
            <Button look="plain" disabled={change.isPending} onClick={() => change.mutate(null)}>
              Take it away
            </Button>
          ) : null}
        </div>
        <input
          ref={input}
          type="file"
          accept={pictureKinds}
          aria-label="File of the cover"
          hidden
          onChange={(event) => {
            choose(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
        {refused ? (
          <p role="alert" className="text-sm font-semibold text-urgent">
            {refused}
          </p>
        ) : null}
        <ProblemNote error={change.error} />
      </div>
    </section>
  );
}
