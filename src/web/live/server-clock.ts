// How far the server's clock is ahead of this device's. The sample with the shortest round trip is the
// best one: what is unknown about it is at most half of that trip.

type Sample = { readonly rttMs: number; readonly offsetMs: number };

/** Old samples go, because device clocks drift and are set. */
const samplesMax = 12;

export type ServerClock = {
  /** A pong: sent and received on this clock, `serverMs` on the server's. */
  readonly sample: (sentMs: number, serverMs: number, receivedMs: number) => void;
  /** A message without a round trip; counts only until the first sample. */
  readonly hint: (serverMs: number, receivedMs: number) => void;
  /** Add this to the device's clock to get the server's. */
  readonly offsetMs: () => number;
  /** The shortest round trip known, null before the first. */
  readonly rttMs: () => number | null;
};

export const createServerClock = (): ServerClock => {
  let samples: readonly Sample[] = [];
  let hinted = 0;
  const best = () =>
    samples.reduce<Sample | null>((a, b) => (a === null || b.rttMs < a.rttMs ? b : a), null);
  return {
    sample(sentMs, serverMs, receivedMs) {
      const rttMs = receivedMs - sentMs;
      // A negative trip means that this device's clock was set in between.
      if (rttMs < 0) {
        samples = [];
        return;
      }
      samples = [...samples, { rttMs, offsetMs: serverMs - (sentMs + receivedMs) / 2 }].slice(
        -samplesMax,
      );
    },
    hint(serverMs, receivedMs) {
      hinted = serverMs - receivedMs;
    },
    offsetMs: () => Math.round(best()?.offsetMs ?? hinted),
    rttMs: () => best()?.rttMs ?? null,
  };
};
