// The id of a rehearsal: told from a show's by its first letters, at every border that it could cross. No show of the
// shop is ever given such an id. Rules: docs/rules/rehearsal.md.

import type { ShowId } from './brand.ts';
import type { Random } from './ports.ts';

const begins = 'rehearsal-';

export const newRehearsalId = (random: Pick<Random, 'id'>): ShowId =>
  `${begins}${random.id(16)}` as ShowId;

/** [RHS-1] Whether an id is that of a rehearsal; no look-up, so that it can be asked anywhere. */
export const isRehearsal = (showId: string): boolean => showId.startsWith(begins);
