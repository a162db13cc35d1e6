// Starting parts that don't need each other at once, so that a start takes as long as its slowest part. The
// rule it guards: when it is over, everything either runs or has ended; nothing starts behind one's back.

/**
 * Starts all, and gives what they give, in order. When one fails, the others hear it by their `signal` and
 * are waited for; then the first failure is thrown. What started all the same is for the caller to stop.
 */
export const together = async <T extends readonly unknown[]>(
  ...starts: { readonly [K in keyof T]: (signal: AbortSignal) => Promise<T[K]> }
): Promise<T> => {
  const failed = new AbortController();
  let first: { readonly error: unknown } | null = null;
  const all = await Promise.all(
    starts.map(async (start) => {
      try {
        return await start(failed.signal);
      } catch (error) {
        first ??= { error };
        failed.abort();
        return undefined;
      }
    }),
  );
  if (first !== null) throw (first as { readonly error: unknown }).error;
  return all as unknown as T;
};
