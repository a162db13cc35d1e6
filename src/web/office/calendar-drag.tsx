// A planned show is moved to another day by hand: with the mouse at once, with a finger after a moment, so that the page
// still scrolls. What the move means is the caller's. By keys it is the date in the show's own dialog. Over @dnd-kit.

import {
  type Announcements,
  DndContext,
  DragOverlay,
  MouseSensor,
  pointerWithin,
  TouchSensor,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { type ReactNode, useId, useState } from 'react';
import type { CalendarShow } from '../../protocol/remind.ts';
import { timeText } from '../design/clock.tsx';
import { type Day, dayText } from './calendar-grid.ts';

/** A press that moves less than this is no drag. */
const dragFromPixels = 4;
/** A finger that rests so long means the show and not the page. */
const restMs = 250;
const restPixels = 8;

type Held = { readonly show: CalendarShow; readonly from: Day };

export function CalendarDrag({
  onDrop,
  children,
}: {
  /** The show was put down on another day. */
  onDrop: (show: CalendarShow, day: Day) => void;
  children: ReactNode;
}) {
  const id = useId();
  const [held, setHeld] = useState<CalendarShow | null>(null);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: dragFromPixels } }),
    useSensor(TouchSensor, { activationConstraint: { delay: restMs, tolerance: restPixels } }),
  );
  const announcements: Announcements = {
    onDragStart: () => undefined,
    onDragOver: ({ over }) => (over ? dayText(over.data.current?.day) : undefined),
    onDragEnd: () => undefined,
    onDragCancel: () => undefined,
  };
  return (
    <DndContext
      id={id}
      sensors={sensors}
      collisionDetection={pointerWithin}
      accessibility={{
        announcements,
        screenReaderInstructions: { draggable: 'Press to open it; its day stands there.' },
      }}
      onDragStart={({ active }) => setHeld((active.data.current as Held).show)}
      onDragCancel={() => setHeld(null)}
      onDragEnd={({ active, over }) => {
        setHeld(null);
        const { show, from } = active.data.current as Held;
        const day: Day | undefined = over?.data.current?.day;
        if (day !== undefined && day !== from) onDrop(show, day);
      }}
    >
      {children}
      <DragOverlay dropAnimation={null}>
        {held ? (
          <div className="w-fit max-w-64 truncate rounded-chip bg-accent-mist px-3 py-2 text-sm font-semibold shadow-card">
            {timeText(held.startsAtMs)} {held.title}
          </div>
        ) : null}
      </DragOverlay>
    </DndContext>
  );
}

/** A day on which a show can be put down, unless it is past. */
export const useDayTarget = (day: Day, isPast: boolean) => {
  const place = useId();
  const target = useDroppable({ id: place, data: { day }, disabled: isPast });
  return { ref: target.setNodeRef, isChosen: target.isOver };
};

/** What makes a show's button one that can be taken up. */
export const useShowHandle = (show: CalendarShow, from: Day, mayMove: boolean) => {
  const place = useId();
  const held: Held = { show, from };
  const { setNodeRef, listeners, isDragging } = useDraggable({
    id: place,
    data: held,
    disabled: !mayMove || show.phase !== 'planned',
  });
  return { props: { ref: setNodeRef, ...listeners }, isHeld: isDragging };
};
