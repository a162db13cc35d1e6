// Where each person stands in the crowd's picture. A pure table: the first is the host, parts are of the whole, 0..1.

export const layouts = ['alone', 'side', 'inset', 'grid', 'screen'] as const;
export type Layout = (typeof layouts)[number];

export const layoutWords: Readonly<Record<Layout, string>> = {
  alone: 'Host alone',
  side: 'Side by side',
  inset: 'Guests small in the corner',
  grid: 'Grid of four',
  screen: 'Screen large, faces beside it',
};

export type Rect = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

const whole: Rect = { x: 0, y: 0, width: 1, height: 1 };

/** A place for each of `count` people; people without one aren't seen. */
export const placesOf = (layout: Layout, count: number): readonly Rect[] => {
  if (count <= 0) return [];
  if (layout === 'alone' || count === 1) return [whole];
  switch (layout) {
    case 'side':
      return each(count, (index) => ({ x: index / count, y: 0, width: 1 / count, height: 1 }));
    case 'grid': {
      const columns = count > 4 ? 3 : 2;
      const rows = Math.ceil(count / columns);
      // Who is left over for the last row stands in its middle.
      const inLast = count - (rows - 1) * columns;
      return each(count, (index) => {
        const row = Math.floor(index / columns);
        const indent = row === rows - 1 ? (columns - inLast) / 2 : 0;
        return {
          x: (indent + (index % columns)) / columns,
          y: row / rows,
          width: 1 / columns,
          height: 1 / rows,
        };
      });
    }
    case 'inset':
      return [
        whole,
        ...each(count - 1, (index) => ({
          x: 1 - 0.02 - 0.24 * (count - 1 - index),
          y: 0.72,
          width: 0.22,
          height: 0.25,
        })),
      ];
    case 'screen': {
      const height = 1 / (count - 1);
      return [
        { x: 0, y: 0, width: 0.75, height: 1 },
        ...each(count - 1, (index) => ({ x: 0.75, y: index * height, width: 0.25, height })),
      ];
    }
  }
};

const each = (count: number, place: (index: number) => Rect): Rect[] =>
  Array.from({ length: count }, (_, index) => place(index));
