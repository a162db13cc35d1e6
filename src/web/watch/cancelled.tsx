// The page of a show that was cancelled.

import { ButtonLink } from '../design/button.tsx';
import { EmptyState } from '../design/empty-state.tsx';

export default function Cancelled({ title }: { title: string }) {
  return (
    <main className="grid min-h-dvh place-items-center">
      <EmptyState
        title={`“${title}” will not take place`}
        action={
          <ButtonLink href="/" look="strong">
            See the other shows
          </ButtonLink>
        }
      >
        The host has cancelled this show. Nothing was charged for it.
      </EmptyState>
    </main>
  );
}
