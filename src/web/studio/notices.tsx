// What stands in the host's way, said beside the picture: a refused publish, a device that stopped, a
// wish that the shop didn't take. Nothing is shown while all is well.

import { ProblemNote } from '../crew/problem-note.tsx';
import { Button } from '../design/button.tsx';
import { useDesk, useStageState } from './desk.tsx';

/** What stands in the way, one quiet line each; nothing when all is well. */
export function Notices({ error, onRetry }: { error: unknown; onRetry: (() => void) | undefined }) {
  const { stage } = useDesk();
  const { publish, trouble, video } = useStageState();
  return (
    <>
      <ProblemNote error={error} onRetry={onRetry} />
      {publish.phase === 'refused' ? (
        <div
          role="alert"
          className="flex flex-wrap items-center gap-3 rounded-control bg-urgent-mist px-4 py-3 text-sm"
        >
          <div className="min-w-0 flex-1 basis-52">
            <p className="font-semibold text-urgent">{publish.problem.title}</p>
            <p>{publish.problem.detail}</p>
          </div>
          <Button onClick={() => stage.goOnAir()}>Try again</Button>
          <Button look="plain" onClick={() => stage.leaveAir()}>
            Leave it
          </Button>
        </div>
      ) : null}
      {trouble && video ? (
        <div role="alert" className="rounded-control bg-ritual-mist px-4 py-3 text-sm">
          <p className="font-semibold text-ritual">{trouble.title}</p>
          <p>{trouble.cure}</p>
        </div>
      ) : null}
    </>
  );
}
