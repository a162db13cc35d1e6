// How the host's line and the viewers' pictures are doing, and from when on that is said aloud. Rules: docs/rules/health.md.

import { z } from 'zod';

export const healthView = z.object({
  /** The publisher's line over the last second; null when nobody publishes. */
  line: z
    .object({
      bitsPerSecond: z.number(),
      framesPerSecond: z.number(),
      /** 0..1, before repair. */
      lossRatio: z.number(),
      rttMs: z.number().nullable(),
      keyIntervalMs: z.number().nullable(),
      /** Thrown away since the publisher came, because the server didn't keep up. */
      packetsSkipped: z.number(),
      /** Not passed on since the publisher came, because it sends far more than it may. */
      packetsOverLimit: z.number(),
    })
    .nullable(),
  viewers: z.object({
    /** Pictures that are sent by WebRTC. */
    webrtc: z.number(),
    /** People whose pages show the picture by HLS; a CDN in between doesn't hide them, a player elsewhere isn't known. */
    hls: z.number(),
    /** All who watch by whatever way. */
    all: z.number(),
    /** How late the picture is for half and for 95 % of them, in ms; null when no player said. */
    delayP50Ms: z.number().nullable(),
    delayP95Ms: z.number().nullable(),
  }),
});
export type HealthView = z.infer<typeof healthView>;

/** From when on something is said. Loss and round trip: where calls are heard to suffer (ITU-T G.114, G.1010). */
export const healthThresholds = {
  lossRatio: 0.03,
  rttMs: 300,
  framesPerSecond: 15,
  bitsPerSecond: 400_000,
  keyIntervalMs: 8_000,
  delayP95Ms: 6_000,
  /** Nobody who sells says nothing for so long; a pause for effect is shorter. */
  silentMs: 30_000,
} as const;

/** Of sound that this browser sends: how long none has gone out; null when it sends none, or is muted. */
export type OwnSound = { readonly silentForMs: number | null };

/** What is wrong and what to do, the worst first. Empty: all is well, or nobody publishes. */
export const healthTroubles = (
  { line, viewers }: HealthView,
  { silentForMs }: OwnSound = { silentForMs: null },
): readonly string[] => {
  if (line === null) return [];
  const least = healthThresholds;
  const found: string[] = [];
  if (silentForMs !== null && silentForMs >= least.silentMs)
    found.push(
      `No sound has gone out for ${Math.floor(silentForMs / 1000)} s: if you speak, look at the microphone’s own switch, or choose another one.`,
    );
  if (line.lossRatio >= least.lossRatio)
    found.push(
      `Your line loses ${Math.round(line.lossRatio * 100)} % of packets: move nearer to the router, or use a cable.`,
    );
  if (line.packetsOverLimit > 0)
    found.push('You send more than viewers’ lines carry: set 4 Mbit/s or less in your encoder.');
  if (line.packetsSkipped > 0)
    found.push('The server did not keep up for a moment: ask whoever runs it to look at its load.');
  if (line.rttMs !== null && line.rttMs >= least.rttMs)
    found.push(
      `Your line answers after ${Math.round(line.rttMs)} ms: stop uploads and downloads beside the show.`,
    );
  if (line.framesPerSecond > 0 && line.framesPerSecond < least.framesPerSecond)
    found.push(
      `Only ${Math.round(line.framesPerSecond)} pictures a second arrive: close other programs, or give more light.`,
    );
  if (line.framesPerSecond > 0 && line.bitsPerSecond < least.bitsPerSecond)
    found.push('Your line carries little, so the picture is soft: use a cable or a nearer router.');
  if (line.keyIntervalMs !== null && line.keyIntervalMs > least.keyIntervalMs)
    found.push(
      `Key frames come every ${Math.round(line.keyIntervalMs / 1000)} s: set 2 s in your encoder, or viewers wait when they come in.`,
    );
  if (viewers.delayP95Ms !== null && viewers.delayP95Ms > least.delayP95Ms)
    found.push(
      `Some viewers see you ${Math.round(viewers.delayP95Ms / 1000)} s late: leave them time to answer.`,
    );
  return found;
};
