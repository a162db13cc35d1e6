import { describe, expect, it } from 'vitest';
import { layouts, placesOf } from './layout.ts';

describe('the crowd’s picture', () => {
  it('[STG-9] everybody has a place inside it in each layout but the host’s own', () => {
    for (const layout of layouts)
      for (const count of [1, 2, 3, 4, 5]) {
        const places = placesOf(layout, count);
        expect(places).toHaveLength(layout === 'alone' ? 1 : count);
        for (const { x, y, width, height } of places) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(y).toBeGreaterThanOrEqual(0);
          expect(x + width).toBeLessThanOrEqual(1 + 1e-9);
          expect(y + height).toBeLessThanOrEqual(1 + 1e-9);
        }
      }
  });

  it('[STG-9] nobody covers another but in the corner of the host’s picture', () => {
    for (const layout of ['side', 'grid', 'screen'] as const)
      for (const count of [2, 3, 4]) {
        const area = placesOf(layout, count).reduce(
          (sum, { width, height }) => sum + width * height,
          0,
        );
        expect(area).toBeLessThanOrEqual(1 + 1e-9);
      }
    expect(placesOf('side', 2)[1]).toEqual({ x: 0.5, y: 0, width: 0.5, height: 1 });
  });
});
