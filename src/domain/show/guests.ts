// Who stands on stage beside the host: invited by a link, waiting in the wings, admitted, muted, gone. A link is known
// by its hash alone, and that and a guest's name are personal: they stand outside the hashed body. Pictures and sound
// are the media plane's. The rule it guards: never more than four on stage, and who was removed doesn't come back by
// the same link. Rules: docs/rules/stage.md.

import { isId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import { type Refusal, refuse } from '../../base/result.ts';
import { mayDirect, type Stamp } from '../decider.ts';
import { cleanText } from '../room/chat.ts';

/** The place of the host; no guest has this id. */
export const hostSeat = 'host';

export type Guest = {
  readonly guestId: string;
  /** `left` may come back by the same link; `removed` may not. */
  phase: 'invited' | 'wings' | 'stage' | 'left' | 'removed';
  /** Empty before they came, and when it was erased. */
  name: string;
  /** Null when it was erased: then the link opens nothing. */
  tokenHash: string | null;
  readonly expiresAtMs: number;
  mutedByCrew: boolean;
  mutedBySelf: boolean;
};

/** By id, in the order in which they were invited. */
export type Guests = Record<string, Guest>;

/** What somebody does who has the link. */
type WithLink = { readonly guestId: string; readonly tokenHash: string };

export type GuestCommand =
  | ({ readonly kind: 'InviteGuest'; readonly expiresAtMs: number } & WithLink)
  /** Also takes an invitation back. */
  | { readonly kind: 'RemoveGuest'; readonly guestId: string }
  | { readonly kind: 'AdmitGuest'; readonly guestId: string }
  | { readonly kind: 'MuteGuest'; readonly guestId: string; readonly muted: boolean }
  | ({ readonly kind: 'JoinStage'; readonly name: string } & WithLink)
  | ({ readonly kind: 'LeaveStage' } & WithLink)
  | ({ readonly kind: 'MuteMyself'; readonly muted: boolean } & WithLink);

type Who = { readonly guestId: string };
type Gone = Who & { readonly wasOnStage: boolean };
type Muter = Who & { readonly by: 'crew' | 'guest' };
type Named = { readonly name: string } | null;

export type GuestEvent =
  | {
      readonly kind: 'GuestInvited';
      readonly data: Who & { readonly expiresAtMs: number };
      readonly personal?: { readonly tokenHash: string } | null;
    }
  | { readonly kind: 'GuestJoined'; readonly data: Who; readonly personal?: Named }
  | { readonly kind: 'GuestAdmitted'; readonly data: Who; readonly personal?: Named }
  | { readonly kind: 'GuestMuted'; readonly data: Muter }
  | { readonly kind: 'GuestUnmuted'; readonly data: Muter }
  | { readonly kind: 'GuestRemoved'; readonly data: Gone }
  | { readonly kind: 'GuestLeft'; readonly data: Gone };

export const guestOf = (guests: Guests, guestId: string): Guest | undefined =>
  Object.hasOwn(guests, guestId) ? guests[guestId] : undefined;

/** Whether this hash is of the guest's link, and the link still opens something. */
export const mayEnter = (
  guest: Guest | undefined,
  tokenHash: string,
  nowMs: number,
): guest is Guest =>
  guest !== undefined &&
  guest.tokenHash === tokenHash &&
  guest.phase !== 'removed' &&
  // Who is in isn't sent away by the clock.
  (guest.phase === 'wings' || guest.phase === 'stage' || nowMs < guest.expiresAtMs);

export const onStage = (guests: Guests): readonly Guest[] =>
  Object.values(guests).filter(({ phase }) => phase === 'stage');

/** [STG-3] Whether there is no place beside the host. */
export const isStageFull = (guests: Guests): boolean =>
  onStage(guests).length + 1 >= limits.stagePeopleMax;

export const isSilent = ({ mutedByCrew, mutedBySelf }: Guest): boolean =>
  mutedByCrew || mutedBySelf;

export const decideGuests = (
  guests: Guests,
  command: GuestCommand,
  { by, atMs }: Stamp,
): readonly GuestEvent[] | Refusal => {
  switch (command.kind) {
    case 'InviteGuest': {
      if (!mayDirect(by)) return refuse('not-allowed');
      const { guestId, tokenHash, expiresAtMs } = command;
      if (!isId(guestId) || guestId === hostSeat || guestOf(guests, guestId))
        return refuse('stage-guest-unknown');
      if (Object.keys(guests).length >= limits.stageInvitationsMax)
        return refuse('stage-invitations-full', { max: limits.stageInvitationsMax });
      return [{ kind: 'GuestInvited', data: { guestId, expiresAtMs }, personal: { tokenHash } }];
    }
    case 'RemoveGuest':
    case 'AdmitGuest':
    case 'MuteGuest': {
      if (!mayDirect(by)) return refuse('not-allowed');
      const guest = guestOf(guests, command.guestId);
      return guest ? direct(guests, guest, command) : refuse('stage-guest-unknown');
    }
    case 'JoinStage':
    case 'LeaveStage':
    case 'MuteMyself': {
      const guest = guestOf(guests, command.guestId);
      return mayEnter(guest, command.tokenHash, atMs)
        ? act(guest, command)
        : refuse('stage-link-invalid');
    }
  }
};

type Direction = Extract<GuestCommand, { kind: 'RemoveGuest' | 'AdmitGuest' | 'MuteGuest' }>;

const direct = (
  guests: Guests,
  guest: Guest,
  command: Direction,
): readonly GuestEvent[] | Refusal => {
  const { guestId, phase, name } = guest;
  switch (command.kind) {
    case 'AdmitGuest':
      if (phase === 'stage') return [];
      if (phase !== 'wings') return refuse('stage-guest-away');
      if (isStageFull(guests)) return refuse('stage-full', { max: limits.stagePeopleMax });
      return [{ kind: 'GuestAdmitted', data: { guestId }, personal: { name } }];
    case 'MuteGuest': {
      if (phase !== 'stage' && phase !== 'wings') return refuse('stage-guest-away');
      if (command.muted === guest.mutedByCrew) return [];
      const kind = command.muted ? 'GuestMuted' : 'GuestUnmuted';
      return [{ kind, data: { guestId, by: 'crew' } }];
    }
    case 'RemoveGuest':
      if (phase === 'removed') return [];
      return [{ kind: 'GuestRemoved', data: { guestId, wasOnStage: phase === 'stage' } }];
  }
};

type Act = Extract<GuestCommand, WithLink & { kind: 'JoinStage' | 'LeaveStage' | 'MuteMyself' }>;

const act = (guest: Guest, command: Act): readonly GuestEvent[] | Refusal => {
  const { guestId, phase } = guest;
  const isIn = phase === 'wings' || phase === 'stage';
  switch (command.kind) {
    case 'JoinStage': {
      if (isIn) return [];
      const name = cleanText(command.name).replace(/\s+/g, ' ');
      if (name.length === 0 || name.length > limits.guestNameMax)
        return refuse('stage-name-invalid', { max: limits.guestNameMax });
      return [{ kind: 'GuestJoined', data: { guestId }, personal: { name } }];
    }
    case 'LeaveStage':
      if (!isIn) return [];
      return [{ kind: 'GuestLeft', data: { guestId, wasOnStage: phase === 'stage' } }];
    case 'MuteMyself': {
      if (!isIn) return refuse('stage-guest-away');
      if (command.muted === guest.mutedBySelf) return [];
      const kind = command.muted ? 'GuestMuted' : 'GuestUnmuted';
      return [{ kind, data: { guestId, by: 'guest' } }];
    }
  }
};

export const evolveGuests = (guests: Guests, event: GuestEvent): void => {
  const { guestId } = event.data;
  if (event.kind === 'GuestInvited') {
    guests[guestId] = {
      guestId,
      phase: 'invited',
      name: '',
      tokenHash: event.personal?.tokenHash ?? null,
      expiresAtMs: event.data.expiresAtMs,
      mutedByCrew: false,
      mutedBySelf: false,
    };
    return;
  }
  const guest = guestOf(guests, guestId);
  if (!guest) return;
  switch (event.kind) {
    case 'GuestJoined':
      guest.phase = 'wings';
      guest.name = event.personal?.name ?? '';
      return;
    case 'GuestAdmitted':
      guest.phase = 'stage';
      return;
    case 'GuestMuted':
    case 'GuestUnmuted': {
      const muted = event.kind === 'GuestMuted';
      if (event.data.by === 'crew') guest.mutedByCrew = muted;
      else guest.mutedBySelf = muted;
      return;
    }
    case 'GuestRemoved':
      guest.phase = 'removed';
      return;
    case 'GuestLeft':
      guest.phase = 'left';
      return;
  }
};

const kinds: Readonly<Record<GuestEvent['kind'], true>> = {
  GuestInvited: true,
  GuestJoined: true,
  GuestAdmitted: true,
  GuestMuted: true,
  GuestUnmuted: true,
  GuestRemoved: true,
  GuestLeft: true,
};

/** Whether a show's event is of its guests. */
export const isOfGuests = (event: { readonly kind: string }): event is GuestEvent =>
  Object.hasOwn(kinds, event.kind);
