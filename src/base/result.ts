// A refusal is an answer, not an exception: deciders return it and doors translate it.

/** Why a wish was refused. `reason` is a code of the problem table; the rest are figures for people. */
export type Refusal = {
  readonly refused: string;
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
};

export const refuse = (refused: string, detail?: Refusal['detail']): Refusal =>
  detail === undefined ? { refused } : { refused, detail };

export const isRefusal = (value: object): value is Refusal => 'refused' in value;
