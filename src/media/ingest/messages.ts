// The words between the main process and the ingest child. Shapes only; calls and answers travel as those of the other
// media children do.

import type { EncoderReport } from '../../protocol/encoder.ts';

/** Options of the ingest process. */
export type IngestOptions = {
  /** TCP port of RTMP; 0 finds a free one. */
  port: number;
  host: string;
  bitsPerSecondMax: number;
};

/** Why a wish is refused, in words of RTMP's status. */
export type Refusal = { code: string; description: string };

/** The ingest's calls: name to [input, output]. */
export type IngestCalls = {
  /** The encoder may publish: its packets go to this line. False when it is gone already. */
  admit: [
    { connection: number; showId: string; sessionId: string; port: number; token: string },
    boolean,
  ];
  refuse: [{ connection: number } & Refusal, null];
  dump: [null, unknown];
};

export type IngestNews =
  /** An encoder showed a key; answered by `admit` or `refuse`. */
  | { type: 'wish'; connection: number; key: string; address: string }
  | { type: 'report'; report: EncoderReport };

/** What the ingest tells when it listens. */
export type IngestReady = { port: number };
