// An address that leads nowhere: says so and leads on.

import type { PageState } from '../../protocol/first-paint.ts';
import { ButtonLink } from '../design/button.tsx';
import { EmptyState } from '../design/empty-state.tsx';
import { ShopFrame } from './shop-frame.tsx';

export default function NotFoundPage({ state }: { state: PageState }) {
  return (
    <ShopFrame state={state}>
      <EmptyState
        className="mt-16"
        title="There is nothing at this address"
        action={
          <ButtonLink href="/" look="strong" size="large">
            See the shows
          </ButtonLink>
        }
      >
        The show may have been taken away, or the link was cut off on its way.
      </EmptyState>
    </ShopFrame>
  );
}
