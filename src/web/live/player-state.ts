// What a page knows of the picture that it plays, by whichever way it comes.

export type PlayerPhase =
  | 'idle'
  /** Asking for the picture or waiting for its first frame. */
  | 'connecting'
  /** Nobody is on air; asks again when told so, and every few seconds. */
  | 'waiting'
  | 'playing'
  /** Was playing; comes back by itself. */
  | 'reconnecting'
  /** This browser can't do it. */
  | 'unsupported';

export type PlayerState = {
  readonly phase: PlayerPhase;
  readonly muted: boolean;
  /** The browser refused to play without a press. */
  readonly needsPress: boolean;
  /** From `start` to the first frame on screen; null until then. */
  readonly firstPictureMs: number | null;
  /** Receiving, waiting and decoding here plus half the round trip; null until measured. */
  readonly pictureDelayMs: number | null;
  readonly width: number;
  readonly height: number;
  /** The picture comes by HLS: a second or two later than by WHEP. */
  readonly isSlow: boolean;
  /** What the host sends can't be had by HLS: WHEP alone can show it. */
  readonly hasNoSlow: boolean;
};
