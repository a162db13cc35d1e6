// Those of `limits.ts` that the crowd's page itself must know. They stand apart so that a phone doesn't load the others;
// everybody else reads them from `limits`.

export const crowdLimits = {
  /** Crew messages that a member of the crew finds when they come: as many as their page shows. */
  crewMessagesKept: 200,
  /** Enterings of segments that a room remembers: an evening of twenty segments, each gone back to often. */
  segmentVisitsKept: 200,
  chatTextMax: 500,
  /** A maximum above so many times the smallest next bid is asked for again: a slip of the finger. */
  bidUnusualTimes: 10,
  /** No undo so shortly before the close, whatever the soft close is. */
  bidUndoGuardMs: 10_000,
  dropEntriesMax: 200_000,
} as const;
