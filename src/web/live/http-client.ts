// The web's way to the HTTP interface: JSON in and out, refusals as `ProblemError` with the problem
// document inside. Every change carries an `Idempotency-Key`, so that a request whose answer was lost is
// sent again with the same key and done once.

import type { Problem, ProblemCode } from '../../protocol/problems.ts';

/** A problem as the web meets it: the server's own, or that the server wasn't reached. */
export type WebProblem = Problem | Unreachable;

type Unreachable = {
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  readonly status: number;
  readonly code: ProblemCode | 'unreachable';
  readonly retry: boolean;
  readonly [member: string]: unknown;
};

/** What the person sees when the shop doesn't answer at all. */
export const unreachable: WebProblem = {
  type: 'about:blank',
  title: 'The shop can’t be reached',
  detail: 'Check your connection; nothing was done twice.',
  status: 0,
  code: 'unreachable',
  retry: true,
};

/** Thrown for every answer that isn't a success. `problem.title` and `.detail` are for people. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: WebProblem;

  constructor(problem: WebProblem) {
    super(problem.title);
    this.problem = problem;
  }
}

/** The problem inside anything thrown by this client; other errors are bugs and say so. */
export const problemFrom = (error: unknown): WebProblem =>
  error instanceof ProblemError
    ? error.problem
    : {
        ...unreachable,
        code: 'bug',
        title: 'Something in this page is wrong',
        detail: 'Reload the page and try again.',
      };

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type RequestOptions = {
  readonly signal?: AbortSignal;
  /** One wish, one key: pass the same key to repeat a wish that a person repeats. */
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** How often and after how long a lost request is sent again; only with its key, so that it counts once. */
const retryAfterMs = [400, 1_500];

/** A new id for a command or an idempotency key: 20 letters and digits. */
export const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(20)), (byte) => (byte % 36).toString(36)).join(
    '',
  );

const wait = (ms: number, signal: AbortSignal | undefined) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/**
 * Sends a request and gives the parsed answer (`undefined` for an empty one). A `FormData`, `Blob` or
 * string body goes as it is, anything else as JSON. Throws `ProblemError`; an abort throws as `fetch` does.
 */
export const request = async <T>(
  method: Method,
  path: string,
  body?: unknown,
  options: RequestOptions = {},
): Promise<T> => {
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers };
  const isRaw = body instanceof FormData || body instanceof Blob || typeof body === 'string';
  const sent: BodyInit | undefined = isRaw
    ? body
    : body === undefined
      ? undefined
      : JSON.stringify(body);
  if (body !== undefined && !isRaw) headers['content-type'] = 'application/json';
  if (method !== 'GET') headers['idempotency-key'] = options.idempotencyKey ?? newId();
  for (let attempt = 0; ; attempt += 1) {
    const answer = await once<T>(method, path, headers, sent, options.signal);
    if ('done' in answer) return answer.done;
    const { problem } = answer;
    const pauseMs = retryAfterMs[attempt];
    // Refused for now or lost on the way: the same wish with the same key. A refusal by a rule is final.
    const isPassing = problem.code === 'unreachable' || problem.status === 503;
    if (!isPassing || pauseMs === undefined || options.signal?.aborted)
      throw new ProblemError(problem);
    await wait(pauseMs * (0.7 + Math.random() * 0.6), options.signal);
  }
};

const once = async <T>(
  method: Method,
  path: string,
  headers: Record<string, string>,
  body: BodyInit | undefined,
  signal: AbortSignal | undefined,
): Promise<{ readonly done: T } | { readonly problem: WebProblem }> => {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    return { problem: unreachable };
  }
  const text = await response.text().catch(() => '');
  let parsed: unknown;
  try {
    parsed = text === '' ? undefined : JSON.parse(text);
  } catch {
    parsed = text;
  }
  if (response.ok) return { done: parsed as T };
  return { problem: problemOfAnswer(response.status, parsed) };
};

/** The problem document of an answer; answers without one (a proxy's page, better-auth) get words. */
const problemOfAnswer = (status: number, parsed: unknown): WebProblem => {
  if (typeof parsed === 'object' && parsed !== null && 'code' in parsed) {
    if ('title' in parsed && 'detail' in parsed) return parsed as unknown as WebProblem;
    // better-auth: { code: 'INVALID_EMAIL_OR_PASSWORD', message: 'Invalid email or password' }
    const message = 'message' in parsed ? String(parsed.message) : '';
    return {
      ...unreachable,
      status,
      code: status === 401 ? 'sign-in-needed' : 'request-invalid',
      title: message || 'That didn’t work',
      detail: '',
      retry: false,
      reason: String(parsed.code),
    };
  }
  return status >= 500
    ? {
        ...unreachable,
        status,
        code: 'bug',
        title: 'The shop has a problem',
        detail: 'Try again in a moment.',
      }
    : {
        ...unreachable,
        status,
        code: 'request-invalid',
        title: 'That didn’t work',
        detail: '',
        retry: false,
      };
};

/** The verbs. `T` is the answer's type in protocol/http.ts or protocol/catalogue.ts. */
export const http = {
  get: <T>(path: string, options?: RequestOptions) => request<T>('GET', path, undefined, options),
  post: <T>(path: string, body?: unknown, options?: RequestOptions) =>
    request<T>('POST', path, body, options),
  put: <T>(path: string, body?: unknown, options?: RequestOptions) =>
    request<T>('PUT', path, body, options),
  patch: <T>(path: string, body?: unknown, options?: RequestOptions) =>
    request<T>('PATCH', path, body, options),
  delete: <T>(path: string, body?: unknown, options?: RequestOptions) =>
    request<T>('DELETE', path, body, options),
};
