// What the studio reads of encoders and sends about their keys. The secret of a key is in the answer of the request that
// made it and nowhere else: it is never put into a cache.

import { queryOptions } from '@tanstack/react-query';
import type { EncoderReport, StreamKeyList, StreamKeyMade } from '../../../protocol/encoder.ts';
import { http } from '../../live/http-client.ts';

/** Null: a host's own keys. */
const keysAt = (showId: string | null) =>
  showId === null ? '/api/me/stream-keys' : `/api/shows/${encodeURIComponent(showId)}/stream-keys`;

export const keysQuery = (showId: string | null) =>
  queryOptions({
    queryKey: ['stream-keys', showId],
    queryFn: ({ signal }) => http.get<StreamKeyList>(keysAt(showId), { signal }),
    refetchInterval: 5_000,
  });

/** What the show's encoder sends; asked anew every `everyMs`. */
export const reportQuery = (showId: string, everyMs: number) =>
  queryOptions({
    queryKey: ['encoder', showId],
    queryFn: async ({ signal }) =>
      (
        await http.get<{ report: EncoderReport | null }>(
          `/api/shows/${encodeURIComponent(showId)}/encoder`,
          { signal },
        )
      ).report,
    refetchInterval: everyMs,
  });

export const askKeys = {
  make: (showId: string | null, takeOver: boolean) =>
    http.post<StreamKeyMade>(keysAt(showId), { takeOver }),
  rotate: (showId: string | null, keyId: string) =>
    http.post<StreamKeyMade>(`${keysAt(showId)}/${keyId}/rotate`),
  setTakeOver: (showId: string | null, keyId: string, takeOver: boolean) =>
    http.patch(`${keysAt(showId)}/${keyId}`, { takeOver }),
  revoke: (showId: string | null, keyId: string) => http.delete(`${keysAt(showId)}/${keyId}`),
};
