// What the processes of the bids bench say to each other.

/** To the server. */
export type ToServer = { readonly do: 'open-lot'; readonly lotId: string };

/** From the server. */
export type FromServer =
  | { readonly is: 'ready'; readonly port: number; readonly path: string }
  | { readonly is: 'opened' };

/** To a process of bidders. `process` of `processes`: who bids which of the rising amounts. */
export type ToBidders =
  | { readonly do: 'open'; readonly port: number; readonly path: string; readonly count: number }
  | {
      readonly do: 'bid';
      readonly lotId: string;
      readonly each: number;
      readonly process: number;
      readonly processes: number;
    };

/** From a process of bidders. */
export type FromBidders =
  | { readonly is: 'open' }
  | {
      readonly is: 'bid';
      readonly accepted: number;
      readonly tooLow: number;
      readonly waitsMs: readonly number[];
      readonly beganMs: number;
      readonly endedMs: number;
    };

export const benchVariant = 'v1';
export const startMinor = 100;
