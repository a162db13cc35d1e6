// The words between the main process and the packager: shapes only, as in `messages.ts`. The rule: parts of a show come
// in the order of time, and an initialisation before the first part that needs it.

/** The packager's calls: name to [input, output]. */
export type PackagerCalls = {
  /** Expect the forwarder's tap of this show. */
  start: [{ showId: string }, null];
  /** Tells what is left of the show, then forgets it. */
  stop: [{ showId: string }, null];
  dump: [null, unknown];
};

/** An initialisation segment, `form` counts them. */
export type HlsForm = {
  showId: string;
  form: number;
  /** As in RFC 6381. */
  codecs: string;
  /** 0 when the show is sound alone. */
  width: number;
  height: number;
  data: Uint8Array;
};

/** A partial segment. */
export type HlsPart = {
  showId: string;
  form: number;
  /** The server's clock at its beginning, ms since 1970, by the sender's reports. */
  startMs: number;
  durationMs: number;
  startsSegment: boolean;
  /** The segment has no further part. */
  endsSegment: boolean;
  /** A player can begin with it. */
  independent: boolean;
  /** Nobody published then; `data` is empty. */
  gap: boolean;
  data: Uint8Array;
};

/** The packager's news. */
export type PackagerNews =
  /** A publisher came. `isPlayable` is false for one that sends VP8, which HLS can't carry to every player. */
  | { type: 'hls-publisher'; showId: string; isPlayable: boolean }
  | ({ type: 'hls-form' } & HlsForm)
  | ({ type: 'hls-part' } & HlsPart);
