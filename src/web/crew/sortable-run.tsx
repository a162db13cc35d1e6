// A run of show that is put in order by hand: its rows move by a handle, with mouse, finger or pen, and by keys (arrows
// at once; Space takes a row up, arrows carry it, Space puts it down, Escape puts it back). What a move means is the
// caller's. Over @dnd-kit.

import {
  type Announcements,
  closestCenter,
  DndContext,
  KeyboardSensor,
  PointerSensor,
  type UniqueIdentifier,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable';
import { type CSSProperties, type KeyboardEvent, type ReactNode, useId } from 'react';
import { classes } from '../design/classes.ts';
import { GripIcon } from './icons.tsx';

/** A press that moves less than this is no drag. */
const dragFromPixels = 4;

export function SortableRun({
  ids,
  nameOf,
  onMove,
  children,
}: {
  ids: readonly string[];
  /** For those who listen. */
  nameOf: (id: string) => string;
  /** The row at `from` is wanted at `to`. */
  onMove: (from: number, to: number) => void;
  children: ReactNode;
}) {
  const id = useId();
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: dragFromPixels } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const name = (one: UniqueIdentifier) => nameOf(String(one)) || 'Segment';
  const place = (one: UniqueIdentifier) => `${ids.indexOf(String(one)) + 1} of ${ids.length}`;
  const announcements: Announcements = {
    onDragStart: ({ active }) => `${name(active.id)} is taken up, ${place(active.id)}`,
    onDragOver: ({ active, over }) =>
      over ? `${name(active.id)} is over ${place(over.id)}` : undefined,
    onDragEnd: ({ active, over }) =>
      `${name(active.id)} is put down${over ? `, ${place(over.id)}` : ''}`,
    onDragCancel: ({ active }) => `${name(active.id)} is back where it was`,
  };
  return (
    <DndContext
      id={id}
      sensors={sensors}
      collisionDetection={closestCenter}
      accessibility={{
        announcements,
        screenReaderInstructions: {
          draggable:
            'Arrow keys move this segment. Space takes it up and puts it down; Escape puts it back.',
        },
      }}
      onDragEnd={({ active, over }) => {
        const from = ids.indexOf(String(active.id));
        const to = over ? ids.indexOf(String(over.id)) : -1;
        if (from >= 0 && to >= 0 && from !== to) onMove(from, to);
      }}
    >
      <SortableContext items={[...ids]} strategy={verticalListSortingStrategy}>
        {children}
      </SortableContext>
    </DndContext>
  );
}

export type SortableRow = {
  readonly setRow: (element: HTMLElement | null) => void;
  readonly style: CSSProperties;
  readonly isDragged: boolean;
  /** The handle; it takes the focus along when its row moves. */
  readonly handle: ReactNode;
};

/** A row within `SortableRun`, and its handle. `onStep` moves it by keys to a place from 0. */
export const useSortableRow = ({
  id,
  index,
  count,
  name,
  onStep,
  className,
}: {
  readonly id: string;
  readonly index: number;
  readonly count: number;
  readonly name: string;
  readonly onStep: (to: number) => void;
  readonly className?: string;
}): SortableRow => {
  const {
    attributes,
    listeners,
    setNodeRef,
    setActivatorNodeRef,
    transform,
    transition,
    isDragging,
  } = useSortable({ id });
  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>) => {
    const to = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: count - 1 }[event.key];
    if (to === undefined || isDragging) {
      listeners?.onKeyDown?.(event);
      return;
    }
    event.preventDefault();
    if (to < 0 || to >= count || to === index) return;
    const self = event.currentTarget;
    onStep(to);
    requestAnimationFrame(() => self.focus());
  };
  return {
    setRow: setNodeRef,
    isDragged: isDragging,
    style: {
      transform: transform ? `translate3d(0, ${Math.round(transform.y)}px, 0)` : undefined,
      transition,
    },
    handle: (
      <button
        ref={setActivatorNodeRef}
        type="button"
        {...attributes}
        {...listeners}
        onKeyDown={onKeyDown}
        aria-label={`Move ${name}; arrow keys up and down`}
        title="Drag, or arrow keys"
        className={classes(
          'grid size-11 shrink-0 cursor-grab touch-none place-items-center rounded-xl text-soft active:cursor-grabbing',
          className,
        )}
      >
        <GripIcon />
      </button>
    ),
  };
};
