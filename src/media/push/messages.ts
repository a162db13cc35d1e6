// The words between the main process and a push child: shapes only, as in `../messages.ts`. The rule: a key travels by
// the line between the two and never as an argument, which every program of the machine could read.

/** What a push is told. */
export type PushWish = {
  showId: string;
  /** `rtmp://host[:port]/app` or `rtmps://…`. */
  address: string;
  key: string;
  /** Whether the address may lie inside: loopback, private networks. */
  inside: boolean;
};

export type PushCalls = {
  /** Expect the forwarder's tap, and send on what comes. */
  open: [PushWish, null];
  /** Connect, ask for leave to publish, and leave; how that went comes as `push-over` or `push-live`. */
  try: [PushWish, null];
  dump: [null, unknown];
};

/** Why a push ended. */
export type PushEnd =
  /** Nobody knows the host's name. */
  | 'unknown-host'
  /** The address lies inside this machine or its network. */
  | 'inside'
  /** Nobody answers there, or the line broke before it was live. */
  | 'unreachable'
  /** The certificate isn't good for that host. */
  | 'certificate'
  /** Whoever answers doesn't speak RTMP. */
  | 'not-rtmp'
  /** The destination said no; `words` are its own. */
  | 'refused'
  /** The destination ended the line. */
  | 'reset'
  /** The destination takes nothing any more. */
  | 'stuck'
  /** Ours to mend: the child died or hung. */
  | 'failed';

export type PushNews =
  /** A publisher came whose picture can't be sent on as it is (VP8), or one whose can. */
  | { type: 'push-picture'; isH264: boolean }
  | { type: 'push-connecting' }
  | { type: 'push-live' }
  /** Once a second. */
  | { type: 'push-figures'; bitsPerSecond: number; droppedPictures: number; waitingBytes: number }
  | { type: 'push-over'; end: PushEnd; words: string };
