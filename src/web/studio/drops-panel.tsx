// The drops and giveaways beside the run of show: each with its terms and where it stands, the next one a key away.
// What a drop may do is the shop's to say; a refusal stands where it belongs.

import type { RoomDrop } from '../../protocol/room.ts';
import { ProblemNote } from '../crew/problem-note.tsx';
import { Button, IconButton } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { CheckIcon, CloseIcon, PlusIcon } from '../design/icons.tsx';
import { useRoom, useShow } from './desk.tsx';
import {
  dropBoardOf,
  dropShortOf,
  dropStateWords,
  dropTermsWords,
  inReadingOrder,
} from './drop-board.ts';
import { CancelDrop } from './drop-desk.tsx';
import { Key } from './key.tsx';

export type DropActions = {
  readonly announce: (productId?: string) => void;
  readonly open: (drop: RoomDrop) => void;
  readonly opening: boolean;
  readonly error: unknown;
};

export function DropsPanel({ direct, actions }: { direct: boolean; actions: DropActions }) {
  const drops = useRoom((room) => room.drops);
  const phase = useRoom((room) => room.phase);
  const crew = useShow((state) => state.crew);
  const { announced, next } = dropBoardOf(drops);
  const isOpen = phase === 'planned' || phase === 'live';
  if (drops.length === 0 && !(direct && isOpen)) return null;
  return (
    <section
      aria-label="Drops"
      className="flex max-h-[34%] shrink-0 flex-col border-t border-line max-lg:max-h-none"
    >
      <div className="flex min-h-12 items-center justify-between gap-2 py-1 pr-3 pl-5">
        <h2 className="label font-sans text-soft">
          Drops {drops.length > 0 ? `· ${announced.length} to come` : null}
        </h2>
        {direct && isOpen ? (
          <Button look="plain" size="small" onClick={() => actions.announce()}>
            <PlusIcon className="size-4" /> Drop <Key>G</Key>
          </Button>
        ) : null}
      </div>
      <ProblemNote error={actions.error} className="mx-3 mb-2" />
      {drops.length === 0 ? null : (
        <ol
          // A list that scrolls must be reachable by keys.
          // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
          tabIndex={0}
          aria-label="Drops of this show"
          className="scroll-quiet min-h-0 flex-1 overflow-y-auto px-3 pb-2"
        >
          {inReadingOrder(drops).map((drop) => (
            <DropRow
              key={drop.dropId}
              drop={drop}
              short={drop.figures.phase === 'refused' ? dropShortOf(drop.dropId, crew) : null}
              isNext={drop === next}
              direct={direct && isOpen}
              mayOpen={phase === 'live' && !actions.opening}
              actions={actions}
            />
          ))}
        </ol>
      )}
    </section>
  );
}

function DropRow({
  drop,
  short,
  isNext,
  direct,
  mayOpen,
  actions,
}: {
  drop: RoomDrop;
  /** How many there were when it was refused. */
  short: number | null;
  isNext: boolean;
  direct: boolean;
  mayOpen: boolean;
  actions: DropActions;
}) {
  const { phase, reason, isReady } = drop.figures;
  const isAnnounced = phase === 'announced';
  const isOpen = phase === 'open';
  const isRefused = phase === 'refused';
  return (
    <li
      className={classes(
        'relative flex min-h-14 items-center gap-2 rounded-control px-3 py-1.5',
        isOpen && 'bg-sunken',
      )}
    >
      {isOpen ? (
        <span
          aria-hidden="true"
          className="absolute inset-y-2 left-0 w-[3px] rounded-full bg-vermilion"
        />
      ) : null}
      <span className="min-w-0 flex-1">
        <span
          className={classes(
            'block truncate text-[0.9375rem] leading-snug',
            isOpen ? 'font-semibold' : 'font-medium',
            !isOpen && !isAnnounced && 'text-soft',
          )}
        >
          {drop.isGiveaway ? <span className="mr-1.5 text-soft">Giveaway</span> : null}
          {drop.title}
        </span>
        {isAnnounced ? (
          <span className="block text-xs text-soft">{dropTermsWords(drop)}</span>
        ) : null}
        {isRefused ? (
          <span role="alert" className="block text-xs font-semibold text-urgent">
            Not announced: {short === null ? 'too few' : short === 0 ? 'none' : `only ${short}`} in
            stock
          </span>
        ) : (
          <span
            className={classes(
              'flex items-center gap-1 text-xs',
              isOpen ? 'font-semibold text-urgent' : 'text-soft',
            )}
          >
            {phase === 'closed' && reason === 'sold-out' ? (
              <CheckIcon className="size-3.5" />
            ) : null}
            {dropStateWords(drop)}
          </span>
        )}
      </span>
      {direct && isAnnounced ? (
        <>
          <CancelDrop drop={drop}>
            {(cancel) => (
              <IconButton
                label={`Cancel ${drop.title} …`}
                size="small"
                className="size-6! text-soft"
                onClick={cancel}
              >
                <CloseIcon className="size-3.5" />
              </IconButton>
            )}
          </CancelDrop>
          <Button
            size="small"
            look={isNext ? 'accent' : 'quiet'}
            disabled={!mayOpen || !isReady}
            aria-keyshortcuts={isNext ? 'D' : undefined}
            onClick={() => actions.open(drop)}
          >
            Open <span className="sr-only">drop: {drop.title}</span>
            {isNext ? <Key>D</Key> : null}
          </Button>
        </>
      ) : null}
      {direct && isRefused ? (
        <Button size="small" look="plain" onClick={() => actions.announce(drop.productId)}>
          Again … <span className="sr-only">{drop.title}</span>
        </Button>
      ) : null}
    </li>
  );
}
