// What one rung of the doctor's ladder found. A rung never throws: what goes wrong in it is its outcome.

export type Outcome =
  | { readonly state: 'well'; readonly says: string }
  /** Wrong, and what a person can do about it. */
  | { readonly state: 'ill'; readonly says: string; readonly cure: string }
  /** Could not be looked at, or need not be; says why. */
  | { readonly state: 'passed-over'; readonly says: string };

export const well = (says: string): Outcome => ({ state: 'well', says });
export const ill = (says: string, cure: string): Outcome => ({ state: 'ill', says, cure });
export const passedOver = (says: string): Outcome => ({ state: 'passed-over', says });

/** The message of anything that was thrown, on one line. */
export function saidBy(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
  return [message, cause]
    .filter((text) => text !== '')
    .join(': ')
    .replaceAll(/\s+/g, ' ');
}
