// A poll as the crowd sees it: types alone, since every page takes them.

export type RoomPoll = {
  readonly pollId: string;
  readonly question: string;
  readonly options: readonly string[];
  readonly closesAtMs: number;
  /** How many stand behind each option. */
  readonly tally: readonly number[];
  /** Null while it is open. */
  readonly closedAtMs: number | null;
};

/** Somebody's own choice in the poll that is open: which of its options, from 0. */
export type MyVote = { readonly pollId: string; readonly option: number };
