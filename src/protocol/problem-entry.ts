// One row of the table of problems (problems.ts).

export type ProblemEntry = {
  readonly status: number;
  readonly title: string;
  /** What the person should do. */
  readonly advice: string;
  /** The same request may succeed later without being changed. */
  readonly retry: boolean;
};

/** A row: the HTTP status, what it is called, what to do. */
export const problem = (
  status: number,
  title: string,
  advice: string,
  retry = false,
): ProblemEntry => ({
  status,
  title,
  advice,
  retry,
});
