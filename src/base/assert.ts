// Assertions for bugs: what can't happen unless the program is wrong. Refusals of a person's wish and
// faults of the outside world are not bugs and don't belong here.

/** A bug: the program contradicts itself. It stops the show that it happened in, not the server. */
export class Bug extends Error {
  override readonly name = 'Bug';
  readonly code = 'bug';
}

/** Throws a `Bug` saying `what` unless `condition` holds. */
export function assert(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Bug(what);
}

/** The end of every `switch` over a union: a new member fails to compile here first. */
export function assertNever(value: never, what = 'unexpected value'): never {
  throw new Bug(`${what}: ${JSON.stringify(value)}`);
}
