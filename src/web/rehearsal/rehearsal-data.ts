// What the crew's pages read of rehearsals and ask of them.

import { queryOptions } from '@tanstack/react-query';
import type {
  RehearsalAnswer,
  RehearsalView,
  StartRehearsalBody,
} from '../../protocol/rehearsal.ts';
import { http } from '../live/http-client.ts';

const at = encodeURIComponent;

/** Of a show: under way first, then the kept ones, the newest first. */
export const rehearsalsQuery = (showId: string) =>
  queryOptions({
    queryKey: ['rehearsals', 'of', showId],
    queryFn: async ({ signal }) =>
      (
        await http.get<{ rehearsals: RehearsalView[] }>(`/api/shows/${at(showId)}/rehearsals`, {
          signal,
        })
      ).rehearsals,
  });

export const rehearsalQuery = (rehearsalId: string) =>
  queryOptions({
    queryKey: ['rehearsals', 'one', rehearsalId],
    queryFn: ({ signal }) =>
      http.get<RehearsalAnswer>(`/api/rehearsals/${at(rehearsalId)}`, { signal }),
  });

export const startRehearsal = (showId: string, body: StartRehearsalBody) =>
  http.post<RehearsalView>(`/api/shows/${at(showId)}/rehearsals`, body);
