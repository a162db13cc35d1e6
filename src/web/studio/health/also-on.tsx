// "Also on": where else the show is sent, how each of those stands, and a switch for each. Nothing is drawn for a shop
// without destinations.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { DestinationInShow } from '../../../protocol/simulcast.ts';
import { useAtOnce } from '../../crew/at-once.ts';
import { LoadFailure, ProblemNote } from '../../crew/problem-note.tsx';
import { askDestinations, simulcastQuery } from '../../crew/simulcast-data.ts';
import { durationText } from '../../design/clock.tsx';
import { CheckField } from '../../design/field.tsx';
import { useDesk } from '../desk.tsx';
import { isTrying, rateWords } from './health-words.ts';

export function AlsoOn() {
  const { showId } = useDesk();
  const list = useQuery(simulcastQuery(showId));
  if (list.isError && !list.data)
    return <LoadFailure error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data || list.data.destinations.length === 0) return null;
  return (
    <section aria-label="Also on" className="grid gap-1">
      <h3 className="text-base font-semibold">Also on</h3>
      <ul className="grid divide-y divide-line">
        {list.data.destinations.map((one) => (
          <Row key={one.id} destination={one} />
        ))}
      </ul>
    </section>
  );
}

function Row({ destination }: { destination: DestinationInShow }) {
  const { showId } = useDesk();
  const cache = useQueryClient();
  const { id, name, isOn } = destination;
  const turn = useAtOnce(isOn, async (next) => {
    await askDestinations.switch(showId, id, next);
    await cache.invalidateQueries({ queryKey: simulcastQuery(showId).queryKey });
  });
  return (
    <li className="grid gap-1 py-2">
      <CheckField
        label={name}
        hint={stateWords(destination)}
        checked={turn.value}
        disabled={turn.isPending}
        onChange={(event) => turn.choose(event.target.checked)}
      />
      {isTrying(destination) ? (
        <p className="text-xs text-urgent">{destination.last?.words}</p>
      ) : null}
      <ProblemNote error={turn.error} />
    </li>
  );
}

/** Where a destination stands, in words. */
export const stateWords = (one: DestinationInShow): string => {
  const again = `again in ${Math.ceil((one.againInMs ?? 0) / 1000)} s`;
  switch (one.state) {
    case 'off':
      return 'Off';
    case 'waiting':
      return isTrying(one) ? 'Trying again' : 'Begins with your live picture';
    case 'needs-h264':
      return 'Needs H.264: this browser sends VP8. Use Chrome, Edge or Safari, or an encoder.';
    case 'connecting':
      return 'Connecting …';
    case 'live':
      return [
        `Live for ${durationText(Math.floor((one.liveForMs ?? 0) / 1000))}`,
        rateWords(one.bitsPerSecond),
        one.droppedPictures > 0 ? `${one.droppedPictures} pictures left out: it is slow` : '',
      ]
        .filter(Boolean)
        .join(' · ');
    case 'again':
      return `Not there: ${again}`;
    case 'refused':
      return `It said no: ${again}`;
  }
};
