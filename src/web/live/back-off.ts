// How long to wait before trying again: doubling, bounded, and spread, so that a crowd that lost its
// server together doesn't come back in one second.

export type BackOff = {
  readonly firstMs: number;
  readonly maxMs: number;
};

/** The wait before attempt `attempt` (0 is the first retry), between half and the whole of the step. */
export const backOffMs = (
  attempt: number,
  { firstMs, maxMs }: BackOff,
  fraction: () => number,
): number => {
  const stepMs = Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 16));
  return Math.round(stepMs * (0.5 + fraction() / 2));
};
