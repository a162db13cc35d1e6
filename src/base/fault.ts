// A fault: the outside world failed us (the database is gone, a child process died). Carries a stable
// code from the problem table and its cause. A person's refused wish is not a fault but a value.

/** An error with a stable code. `message` may be shown to the operator, never to a stranger. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: string;
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { cause?: unknown; detail?: Record<string, unknown> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.detail = options.detail ?? {};
  }
}

/** The code of a `Fault`, or undefined for any other thrown value. */
export const faultCode = (error: unknown): string | undefined =>
  error instanceof Fault ? error.code : undefined;
