// Which drops the card can show, and how urgent they are beside lots and offers. Apart from drop.ts, because every
// page decides this and only a page with a drop needs the rest. Pure.

import type { RoomDrop } from '../../protocol/room.ts';

/** From so long before its opening on an announced drop asks for the card. */
export const nearMs = 600_000;

/** Somebody may still get something of it. */
export const isOn = ({ figures: { phase } }: RoomDrop): boolean =>
  phase === 'announced' || phase === 'open';

export type DropsShown = {
  /** After the lots: open ones, and those of which I hold a unit. */
  readonly open: readonly RoomDrop[];
  /** After the offers: about to open; when the host opens it, that may be now. */
  readonly near: readonly RoomDrop[];
  /** After these: those whose end was just seen, and others' draws that go on. */
  readonly over: readonly RoomDrop[];
  /** After everything else. */
  readonly far: readonly RoomDrop[];
};

export type MyDrops = {
  /** Drops that I entered. */
  readonly entered: ReadonlySet<string>;
  /** Drops of which I hold a unit. */
  readonly held: ReadonlySet<string>;
  /** Drops whose end this page has just seen. */
  readonly ended: readonly string[];
};

export const dropsShown = (
  drops: readonly RoomDrop[],
  { entered, held, ended }: MyDrops,
  nowMs: number,
): DropsShown => {
  const announced = drops.filter(({ figures }) => figures.phase === 'announced');
  // One that has a time is sooner than one of which only the host knows when.
  const opensMs = ({ opensAtMs }: RoomDrop) => opensAtMs ?? Number.MAX_SAFE_INTEGER;
  announced.sort((a, b) => opensMs(a) - opensMs(b));
  const isNear = ({ opensAtMs }: RoomDrop) => opensAtMs === null || opensAtMs - nowMs < nearMs;
  // Nobody can enter a draw that was made: who isn't in it has nothing to do there.
  const isOthers = ({ dropId, order, figures, durationMs }: RoomDrop) =>
    order === 'draw' &&
    figures.phase === 'open' &&
    nowMs >= (figures.closesAtMs ?? 0) - durationMs &&
    !entered.has(dropId) &&
    !held.has(dropId);
  return {
    open: drops.filter(
      (drop) => (drop.figures.phase === 'open' && !isOthers(drop)) || held.has(drop.dropId),
    ),
    near: announced.filter(isNear),
    over: [
      ...drops.filter(
        (drop) =>
          !isOn(drop) &&
          // That the stock was short is the crew's trouble.
          drop.figures.phase !== 'refused' &&
          ended.includes(drop.dropId) &&
          !held.has(drop.dropId),
      ),
      ...drops.filter(isOthers),
    ],
    far: announced.filter((drop) => !isNear(drop)),
  };
};

/** Milliseconds until an announced drop becomes near; null when none is far. */
export const nextNearMs = (drops: readonly RoomDrop[], nowMs: number): number | null => {
  const waits = drops.flatMap(({ figures, opensAtMs }) =>
    figures.phase === 'announced' && opensAtMs !== null && opensAtMs - nowMs >= nearMs
      ? [opensAtMs - nowMs - nearMs]
      : [],
  );
  return waits.length === 0 ? null : Math.min(...waits);
};
