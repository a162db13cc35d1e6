// What a measurement takes and gives: the shape that `bench/run.ts` prints. Figures of one measurement share one
// unit; what has another unit goes into `details`. Two small sums over samples live here too.

export type BenchOptions = {
  /** Fewer or smaller rounds: shows that the measurement works, not what the product reaches. */
  readonly quick: boolean;
  /** `--viewers N` and `--minutes N`, where the measurement has such; it says what it takes without. */
  readonly viewers?: number;
  readonly minutes?: number;
};

export type BenchResult = {
  readonly bench: string;
  /** The figure that the goal is about, in `unit`. */
  readonly value: number;
  readonly unit: string;
  readonly p50: number;
  readonly p99: number;
  /** Measured in the same run, on the same machine, in the same unit. */
  readonly peer: { readonly name: string; readonly value: number };
  /** `value / peer.value`. */
  readonly ratio: number;
  /** Further figures, each with its unit last in its name. */
  readonly details?: Readonly<Record<string, number | string>>;
};

/** The nearest-rank percentile (0 < p ≤ 100) of samples in any order. At least one sample. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = Math.min(sorted.length, Math.max(1, Math.ceil((p / 100) * sorted.length)));
  const sample = sorted[at - 1];
  if (sample === undefined) throw new Error('no samples');
  return sample;
}

/** `value` with as many digits as mean something: three. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
