// What the crew's pages read of simulcast and send about it. A key is sent and never kept here.

import { queryOptions } from '@tanstack/react-query';
import type {
  ChangeDestinationBody,
  DestinationList,
  DestinationTrial,
  DestinationView,
  MakeDestinationBody,
  SimulcastOfShow,
} from '../../protocol/simulcast.ts';
import { http } from '../live/http-client.ts';

const path = '/api/simulcast';
const inShow = (showId: string) => `/api/shows/${encodeURIComponent(showId)}/simulcast`;

export const destinationsQuery = queryOptions({
  queryKey: ['destinations'],
  queryFn: ({ signal }) => http.get<DestinationList>(path, { signal }),
});

/** Where each destination of a show stands, asked anew every two seconds. */
export const simulcastQuery = (showId: string) =>
  queryOptions({
    queryKey: ['simulcast', showId],
    queryFn: ({ signal }) => http.get<SimulcastOfShow>(inShow(showId), { signal }),
    refetchInterval: 2_000,
  });

export const askDestinations = {
  make: (body: MakeDestinationBody) => http.post<DestinationView>(path, body),
  change: (id: string, body: ChangeDestinationBody) =>
    http.put<DestinationView>(`${path}/${id}`, body),
  remove: (id: string) => http.delete(`${path}/${id}`),
  try: (id: string) => http.post<DestinationTrial>(`${path}/${id}/try`),
  switch: (showId: string, id: string, isOn: boolean) =>
    http.put(`${inShow(showId)}/${id}`, { isOn }),
};
