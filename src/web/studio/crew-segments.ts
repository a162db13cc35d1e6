// The run of show as the crew sees it, with notes and cues: from the shop, asked again whenever the room says that it
// changed. Until it is there the room's own copy stands in, without notes.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type Beat, beats } from '../../base/words.ts';
import type { SegmentBody } from '../../protocol/http.ts';
import type { RoomSegment } from '../../protocol/room.ts';
import { segmentsQuery } from '../crew/shop-data.ts';
import { useDesk, useRoom } from './desk.tsx';

/** The segments in the room's order, each with what only the crew knows of it. */
export const useCrewSegments = (): readonly SegmentBody[] => {
  const { showId } = useDesk();
  const shown = useRoom((room) => room.segments);
  const cache = useQueryClient();
  const known = useQuery(segmentsQuery(showId));
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new list of the room is a reason to ask.
  useEffect(() => {
    void cache.invalidateQueries({ queryKey: segmentsQuery(showId).queryKey });
  }, [cache, showId, shown]);
  return withCrewPart(shown, known.data ?? []);
};

/** The room is what is newest; what it doesn't tell comes from `known`. */
export const withCrewPart = (
  shown: readonly RoomSegment[],
  known: readonly SegmentBody[],
): readonly SegmentBody[] => {
  const byId = new Map(known.map((one) => [one.segmentId, one]));
  return shown.map(({ disclosure: _, ...segment }) => {
    const crews = byId.get(segment.segmentId);
    return {
      ...segment,
      productIds: [...segment.productIds],
      beat: (beats as readonly string[]).includes(segment.beat) ? (segment.beat as Beat) : 'demo',
      notes: crews?.notes ?? '',
      ...(crews?.disclosure ? { disclosure: crews.disclosure } : {}),
      ...(crews?.cues ? { cues: crews.cues } : {}),
    };
  });
};
