// What the processes of the claims-over-sockets bench say to each other.

/** To the server. */
export type ToServer = {
  readonly do: 'open-offer';
  readonly offerId: string;
  readonly units: number;
};

/** From the server. */
export type FromServer =
  | { readonly is: 'ready'; readonly port: number; readonly path: string }
  | { readonly is: 'opened' };

/** To a process of buyers. */
export type ToBuyers =
  | { readonly do: 'open'; readonly port: number; readonly path: string; readonly count: number }
  | { readonly do: 'claim'; readonly offerId: string; readonly each: number };

/** From a process of buyers. */
export type FromBuyers =
  | { readonly is: 'open' }
  | {
      readonly is: 'claimed';
      readonly held: number;
      readonly refused: number;
      readonly waitsMs: readonly number[];
      readonly beganMs: number;
      readonly endedMs: number;
    };

export const benchVariant = 'v1';
