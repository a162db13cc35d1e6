// What a segment of a plan can take up.

import type { CueRoom } from '../crew/cue-words.ts';

/** A product on the show's shelf. */
export type ShelfChoice = { readonly productId: string; readonly title: string };

/** What a segment of this show can hold ready; nothing before the show is planned. */
export type ReadyChoices = CueRoom;
