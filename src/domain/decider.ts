// What every decider is: a state, commands, events, and two total functions without clock, chance or
// I/O. Engine, simulator and browser drive deciders through this one shape.

import type { CommandId, PersonId } from '../base/brand.ts';
import type { JsonObject } from '../base/json.ts';
import type { Refusal } from '../base/result.ts';
import type { Role } from '../base/words.ts';

/** Who sends a command. `system` is the engine itself: deadlines and policies. */
export type Actor =
  | { readonly kind: 'person'; readonly id: PersonId; readonly name: string; readonly role: Role }
  | { readonly kind: 'system' };

export const system: Actor = { kind: 'system' };

/** Owner, host and moderator of the shop; the system counts, since it only does what was decided. */
export const isCrew = (actor: Actor): boolean =>
  actor.kind === 'system' || actor.role !== 'shopper';

/** May plan, direct and sell: owner and host. A moderator keeps the room, not the till. */
export const mayDirect = (actor: Actor): boolean =>
  actor.kind === 'system' || actor.role === 'owner' || actor.role === 'host';

/** What the engine stamps on a command before it is decided. */
export type Stamp = {
  readonly commandId: CommandId;
  /** Server time, milliseconds since the Unix epoch; never runs backwards within a stream. */
  readonly atMs: number;
  readonly by: Actor;
};

/** What stands with an event in the log. */
export type EventStamp = { readonly seq: number; readonly atMs: number };

/**
 * Every event is a kind and its data. `personal` holds what the law lets a person erase (their words,
 * name, address): it stands outside the hashed body. `evolve` must cope with it missing.
 */
export type EventShape = {
  readonly kind: string;
  readonly data: JsonObject;
  readonly personal?: JsonObject | null;
};

/** A command to oneself, due at a time: closing an offer, expiring a hold. */
export type Deadline<C> = { readonly atMs: number; readonly command: C };

/**
 * A decider. `decide` reads; it never changes `state`. `evolve` owns the state that it is given and
 * returns it changed (in place: a drop has 100,000 holds, and copying them for each event is what this
 * program must not do); whoever needs the former state replays. Both are total and synchronous.
 */
export interface Decider<S, C extends { kind: string }, E extends EventShape> {
  /** The prefix of its streams' names: `show`, `stock`, `order`. */
  readonly type: string;
  /** Raised whenever the shape of `S` changes: older snapshots are dropped, the events replayed. */
  readonly stateVersion: number;
  initial(id: string): S;
  decide(state: S, command: C, stamp: Stamp): readonly E[] | Refusal;
  evolve(state: S, event: E, stamp: EventStamp): S;
  /** The earliest thing that this state waits for, or null. */
  deadline(state: S): Deadline<C> | null;
  /** State to JSON and back: what a snapshot holds. `load(save(s))` equals `s`. */
  save(state: S): JsonObject;
  load(saved: JsonObject): S;
}
