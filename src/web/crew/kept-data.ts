// What the office reads of recordings and clips that are kept, and sends about them.

import { queryOptions } from '@tanstack/react-query';
import type { KeptClip, KeptRulesBody } from '../../protocol/kept.ts';
import { http } from '../live/http-client.ts';

const rulesPath = '/api/kept-rules';
const inShow = (showId: string) => `/api/shows/${encodeURIComponent(showId)}`;

export const keptRulesQuery = queryOptions({
  queryKey: ['kept-rules'],
  queryFn: ({ signal }) => http.get<KeptRulesBody>(rulesPath, { signal }),
});

export const keptClipsQuery = (showId: string) =>
  queryOptions({
    queryKey: ['shows', showId, 'clips'],
    queryFn: async ({ signal }) =>
      (await http.get<{ clips: KeptClip[] }>(`${inShow(showId)}/clips`, { signal })).clips,
  });

const because = (reason: string) => `?${new URLSearchParams({ reason })}`;

export const askKept = {
  setRules: (rules: KeptRulesBody) => http.put<KeptRulesBody>(rulesPath, rules),
  removeRecording: (showId: string, reason: string) =>
    http.delete(`${inShow(showId)}/recording${because(reason)}`),
  removeClip: (showId: string, clipId: string, reason: string) =>
    http.delete(`${inShow(showId)}/clips/${encodeURIComponent(clipId)}${because(reason)}`),
};
