// What a show of each kind begins with: a run of show that works as it stands, with its beats, minutes, the
// prompter's notes and a question time. A host changes it to theirs. Rules: docs/rules/show.md.

import type { SegmentId } from '../../base/brand.ts';
import type { Beat, ShowKind } from '../../base/words.ts';
import type { Segment } from './run-of-show.ts';

type Step = readonly [title: string, beat: Beat, minutes: number, notes: string];

const templates: Record<ShowKind, readonly Step[]> = {
  demonstration: [
    [
      'Why we are here tonight',
      'hook',
      3,
      'Greet people by name. Say in one sentence what they will have seen by the end.\nSay aloud what your stake in the goods is.',
    ],
    [
      'Where it comes from',
      'backstory',
      7,
      'Who made it, where, of what. One thing that went wrong on the way.\nAsk the room: who has one at home?',
    ],
    [
      'See it made, see it used',
      'demo',
      12,
      'Hands near the camera. Do it slowly, then once more.\nShow what it can’t do as well.',
    ],
    [
      'Your questions',
      'questions',
      8,
      'Read each question aloud with the name. What you don’t know, promise to look up, and note it.',
    ],
    [
      'Tonight’s offer',
      'offer',
      8,
      'What it costs, what it cost before, how many there are, when it arrives.\nThen be quiet for a moment.',
    ],
    [
      'Thank you, and what comes next',
      'community',
      5,
      'Thank people by name. Say when the next show is and what it is about.',
    ],
  ],
  entertainment: [
    ['Doors open', 'community', 5, 'Greet people by name while they come in. Nothing to sell yet.'],
    [
      'Tonight’s theme',
      'hook',
      4,
      'One question that tonight answers. Say aloud what your stake in the goods is.',
    ],
    [
      'The story behind it',
      'backstory',
      8,
      'A story with a beginning and an end, and a person in it.',
    ],
    [
      'Play: you decide',
      'community',
      10,
      'Let the room choose what comes. Read the answers aloud; do what they chose.',
    ],
    ['What we brought, in our hands', 'demo', 8, 'Each piece in use, near the camera.'],
    ['You ask, we answer', 'questions', 6, 'Read each question aloud with the name.'],
    [
      'What we brought, for you',
      'offer',
      8,
      'What it costs, how many there are, when it arrives. Then be quiet for a moment.',
    ],
    ['Last words', 'community', 5, 'Thank people by name. Say when the next show is.'],
  ],
  auction: [
    [
      'Tonight’s table',
      'hook',
      4,
      'Every piece once, quickly. Say how bidding works and when it closes.\nSay aloud what your stake in the goods is.',
    ],
    ['Provenance, piece by piece', 'proof', 8, 'Maker, origin, papers. Say what isn’t known.'],
    ['A closer look', 'demo', 8, 'Turn it, light it from the side, show every flaw.'],
    [
      'First round',
      'offer',
      12,
      'Open the lots one by one. Read bids aloud. Don’t rush the hammer.',
    ],
    ['Questions and a breath', 'questions', 6, 'Read each question aloud with the name. Water.'],
    ['The second table, up close', 'demo', 6, 'The pieces of the second round, flaws and all.'],
    ['Second round', 'offer', 12, 'As before. Say how many lots are left.'],
    [
      'Who won what',
      'community',
      4,
      'Thank the bidders, also those who didn’t win. When is the next?',
    ],
  ],
  workshop: [
    [
      'What we make today',
      'hook',
      4,
      'Show the finished piece first. Say aloud what your stake in the goods is.',
    ],
    ['Materials and tools', 'proof', 6, 'What each is for, and what works instead of it.'],
    [
      'Step by step',
      'demo',
      25,
      'One step, then wait. Ask who is with you. Say what goes wrong most often.',
    ],
    ['Break', 'break', 5, 'Say when it goes on.'],
    [
      'Your hands, your questions',
      'questions',
      12,
      'Read each question aloud with the name. Let people show what they made.',
    ],
    [
      'Take the kit home',
      'offer',
      6,
      'What is in it, what it costs, how many there are. Who needs none may go without.',
    ],
    ['Shown by you', 'community', 4, 'What people made. When is the next workshop?'],
  ],
};

/** A sensible run of show for a kind. `idOf` gives ids for positions 0, 1, 2 …. */
export const templateFor = (
  kind: ShowKind,
  idOf: (index: number) => SegmentId,
): readonly Segment[] =>
  templates[kind].map(([title, beat, minutes, notes], index) => ({
    segmentId: idOf(index),
    title,
    beat,
    minutes,
    productIds: [],
    notes,
  }));
