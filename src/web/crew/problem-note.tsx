// What went wrong, beside where it went wrong: the problem's title, what to do, and a way to try again.
// The words are the problem document's own (protocol/problems.ts), never made up here.

import { Button } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { EmptyState, Failure } from '../design/empty-state.tsx';
import { problemFrom, type WebProblem } from '../live/http-client.ts';

/** A line or two on a tinted ground. Nothing when there is no error. */
export function ProblemNote({
  error,
  onRetry,
  className,
}: {
  error: unknown;
  onRetry?: (() => void) | undefined;
  className?: string;
}) {
  if (!error) return null;
  const problem = problemFrom(error);
  return (
    <div
      role="alert"
      className={classes(
        'flex flex-wrap items-center gap-x-4 gap-y-2 rounded-control bg-urgent-mist px-4 py-3 text-sm',
        className,
      )}
    >
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-semibold text-urgent">{problem.title}</p>
        {problem.detail ? <p className="text-text">{problem.detail}</p> : null}
        <FieldList problem={problem} />
      </div>
      {onRetry ? (
        <Button size="small" look="plain" className="border border-line bg-card" onClick={onRetry}>
          Try again
        </Button>
      ) : null}
    </div>
  );
}

/** The fields that a `request-invalid` names, when it names them. */
function FieldList({ problem }: { problem: WebProblem }) {
  const { errors } = problem;
  if (!Array.isArray(errors) || errors.length === 0) return null;
  return (
    <ul className="mt-1 list-disc pl-5 text-xs">
      {errors.slice(0, 6).map((entry: unknown, index) => {
        const one = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<
          string,
          unknown
        >;
        const where = one.path ?? one.field ?? one.column ?? '';
        const words = one.message ?? one.advice ?? (typeof entry === 'string' ? entry : '');
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes while it is shown.
        return <li key={index}>{[where, words].filter(Boolean).map(String).join(': ')}</li>;
      })}
    </ul>
  );
}

/** A whole page or panel that couldn't be loaded. */
export function LoadFailure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const problem = problemFrom(error);
  if (problem.status === 404)
    return <EmptyState title={problem.title}>{problem.detail}</EmptyState>;
  return <Failure title={problem.title} detail={problem.detail} onRetry={onRetry} />;
}
