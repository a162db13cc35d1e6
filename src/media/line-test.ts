// A test stream of a host's line has an id that no show can have: a dot in it. No door takes such an id, so nobody
// watches it, no poster of it is served, and no show hears of it.

import type { Random } from '../base/ports.ts';

const begins = 'test.';

export const newLineTestId = (random: Random): string => `${begins}${random.id()}`;

export const isLineTest = (showId: string): boolean => showId.startsWith(begins);
