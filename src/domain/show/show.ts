// A show is its parts: life, run of show, shelf, sale, chat, reactions. This file only joins them:
// which part decides a command, what one part's end means for another, and what is due next. Rules of
// a part stand in its own file.

import type { MessageId, OfferId, PersonId, ProductId } from '../../base/brand.ts';
import type { JsonObject } from '../../base/json.ts';
import { limits } from '../../base/limits.ts';
import { isRefusal, type Refusal, refuse } from '../../base/result.ts';
import type { Reaction } from '../../base/words.ts';
import type { Deadline, Decider, EventStamp, Stamp } from '../decider.ts';
import {
  type CaptionCommand,
  type CaptionEvent,
  type Captions,
  decideCaption,
  evolveCaption,
  noCaptions,
} from '../room/captions.ts';
import {
  type Chat,
  type ChatCommand,
  type ChatEvent,
  cleanText,
  decideChat,
  evolveChat,
} from '../room/chat.ts';
import {
  decidePolls,
  endPolls,
  evolvePolls,
  loadPolls,
  nextPollDue,
  noPolls,
  type PollCommand,
  type PollEvent,
  type Polls,
  type SavedPolls,
  savePolls,
} from '../room/polls.ts';
import {
  decideReactions,
  evolveReactions,
  noReactions,
  type ReactionCommand,
  type ReactionEvent,
} from '../room/reactions.ts';
import { pauseForPicture, resumeWithPicture } from '../sale/outage.ts';
import {
  decideSale,
  emptySale,
  endSale,
  evolveSale,
  loadSale,
  nextSaleDue,
  readInSale,
  type Sale,
  type SaleCommand,
  type SaleEvent,
  type SavedSale,
  saveSale,
} from '../sale/sale.ts';
import {
  decideShelf,
  evolveShelf,
  type Shelf,
  type ShelfCommand,
  type ShelfEvent,
  type ShelfItem,
} from '../sale/shelf.ts';
import { type ClipCommand, type ClipEvent, type Clips, decideClips, evolveClips } from './clips.ts';
import { undisclosed } from './disclosure.ts';
import {
  decideGuests,
  evolveGuests,
  type GuestCommand,
  type GuestEvent,
  type Guests,
} from './guests.ts';
import { decideLife, evolveLife, type Life, type LifeCommand, type LifeEvent } from './life.ts';
import {
  decideRunOfShow,
  evolveRunOfShow,
  type RunOfShow,
  type RunOfShowCommand,
  type RunOfShowEvent,
} from './run-of-show.ts';

export type Show = {
  readonly showId: string;
  readonly life: Life;
  readonly clips: Clips;
  readonly guests: Guests;
  readonly run: RunOfShow;
  readonly shelf: Shelf;
  readonly sale: Sale;
  readonly chat: Chat;
  readonly captions: Captions;
  readonly polls: Polls;
  readonly reactions: { total: Record<Reaction, number> };
};

export type ShowCommand =
  | LifeCommand
  | ClipCommand
  | GuestCommand
  | RunOfShowCommand
  | ShelfCommand
  | SaleCommand
  | ChatCommand
  | CaptionCommand
  | PollCommand
  | ReactionCommand;

export type ShowEvent =
  | LifeEvent
  | ClipEvent
  | GuestEvent
  | RunOfShowEvent
  | ShelfEvent
  | SaleEvent
  | ChatEvent
  | CaptionEvent
  | PollEvent
  | ReactionEvent;

const decide = (show: Show, command: ShowCommand, stamp: Stamp): readonly ShowEvent[] | Refusal => {
  const { phase } = show.life;
  if (phase === 'none' && command.kind !== 'PlanShow') return refuse('show-unknown');
  switch (command.kind) {
    case 'EndShow': {
      const ended = decideLife(show.life, command, stamp);
      if (isRefusal(ended) || ended.length === 0) return ended;
      return [...endPolls(show.polls), ...endSale(show.sale, stamp), ...ended];
    }
    case 'CancelShow': {
      const cancelled = decideLife(show.life, command, stamp);
      return isRefusal(cancelled) ? cancelled : [...endSale(show.sale, stamp), ...cancelled];
    }
    case 'GoLive': {
      const begun = decideLife(show.life, command, stamp);
      if (isRefusal(begun) || begun.length === 0) return begun;
      const products = undisclosedOf(show);
      return products === '' ? begun : refuse('disclosure-needed', { products });
    }
    case 'PlanShow':
    case 'ChangePlan':
    case 'ChooseWatchBy':
    case 'ChooseCover':
    case 'SayDisclosure':
    case 'PictureOff':
    case 'AttachRecording':
    case 'DropRecording':
      return decideLife(show.life, command, stamp);
    // [LOT-27] Lots stand still while the picture is away.
    case 'PictureOn':
    case 'PictureLost': {
      const changed = decideLife(show.life, command, stamp);
      if (isRefusal(changed) || changed.length === 0 || phase !== 'live') return changed;
      const { auction } = show.sale;
      const lots = command.kind === 'PictureOn' ? resumeWithPicture : pauseForPicture;
      return [...changed, ...lots(auction, stamp)];
    }
    case 'AttachClip':
    case 'NoteClipFailed':
    case 'RemoveClip':
      if (phase !== 'live' && phase !== 'ended') return refuse('show-not-live');
      return decideClips(show.clips, command, stamp);
    // [STG-2] The stage is there before a show and during it.
    case 'InviteGuest':
    case 'RemoveGuest':
    case 'AdmitGuest':
    case 'MuteGuest':
    case 'JoinStage':
    case 'LeaveStage':
    case 'MuteMyself':
      if (phase !== 'planned' && phase !== 'live') return refuse('show-ended');
      return decideGuests(show.guests, command, stamp);
    case 'ArrangeSegments':
    case 'EditSegments':
      if (phase !== 'planned' && phase !== 'live') return refuse('show-ended');
      return decideRunOfShow(show.run, command, stamp);
    case 'EnterSegment': {
      if (phase !== 'live') return refuse('show-not-live');
      const entered = decideRunOfShow(show.run, command, stamp);
      if (isRefusal(entered) || entered.length === 0) return entered;
      // [SHO-7] The pin moves with the segment: its first product on the shelf is pinned.
      const segment = show.run.segments.find(({ segmentId }) => segmentId === command.segmentId);
      const productId = segment?.productIds.find((id) => show.shelf.items.has(id));
      if (productId === undefined || productId === show.shelf.pinned) return entered;
      return [...entered, { kind: 'ProductPinned', data: { productId } }];
    }
    case 'StockShelf':
    case 'NoteEarning':
      if (phase !== 'planned' && phase !== 'live') return refuse('show-ended');
      return decideShelf(show.shelf, command, stamp);
    case 'PinProduct':
      if (phase !== 'live') return refuse('show-not-live');
      return decideShelf(show.shelf, command, stamp);
    case 'OpenOffer':
      if (phase !== 'live') return refuse('show-not-live');
      if (!show.shelf.items.has(command.terms.productId)) return refuse('product-not-on-shelf');
      if (command.terms.by !== undefined) return refuse('offer-invalid', { field: 'by' });
      return decideSale(show.sale, command, stamp);
    case 'AnnounceDrop':
      if (phase !== 'planned' && phase !== 'live') return refuse('show-ended');
      // [DRO-1]
      if (!show.shelf.items.has(command.terms.productId)) return refuse('product-not-on-shelf');
      return decideSale(show.sale, command, stamp);
    case 'OpenDrop':
    case 'StepDrop':
      if (phase !== 'live') return refuse('show-not-live');
      return decideSale(show.sale, command, stamp);
    case 'EnterDrop':
    case 'PrepareLot':
      if (phase !== 'planned' && phase !== 'live') return refuse('show-ended');
      return decideSale(show.sale, command, stamp);
    case 'RunLots':
      if (phase !== 'live') return refuse('show-not-live');
      return decideSale(show.sale, command, stamp);
    case 'OpenLot':
      if (phase !== 'live') return refuse('show-not-live');
      if (!isLotOnShelf(show, command.lotId)) return refuse('product-not-on-shelf');
      return decideSale(show.sale, command, stamp);
    case 'OpenNextLot': {
      const opened = decideSale(show.sale, command, stamp);
      if (isRefusal(opened)) return opened;
      const called = opened.find((event) => event.kind === 'LotCalled');
      return called && !isLotOnShelf(show, called.data.lotId)
        ? [{ kind: 'LotRunStopped', data: { reason: 'lot' } }]
        : opened;
    }
    case 'ConfirmAllocation': {
      // [OFF-2] Units that arrive after the end of the show go straight back to stock.
      const confirmed = decideSale(show.sale, command, stamp);
      if (phase === 'live' || phase === 'planned' || isRefusal(confirmed)) return confirmed;
      const { offerId, variantId, quantity } = command;
      return [
        { kind: 'OfferAllocated', data: { offerId, variantId, quantity } },
        { kind: 'UnitsReleased', data: { offerId, variantId, quantity } },
      ];
    }
    case 'Claim':
      if (phase !== 'live') return refuse('show-not-live');
      return decideSale(show.sale, command, stamp);
    case 'PostMessage':
      if (phase !== 'live') return refuse('show-not-live');
      return postMessage(show, command, stamp);
    case 'SwitchCommentClaims':
      if (phase !== 'planned' && phase !== 'live') return refuse('show-ended');
      return decideSale(show.sale, command, stamp);
    case 'RemoveMessage':
      return decideChat(show.chat, command, stamp);
    case 'SayCaption':
      if (phase !== 'live') return refuse('show-not-live');
      return decideCaption(show.captions, command, stamp);
    case 'OpenPoll':
    case 'Vote':
      if (phase !== 'live') return refuse('show-not-live');
      return decidePolls(show.polls, command, stamp);
    case 'ClosePoll':
      return decidePolls(show.polls, command, stamp);
    case 'CountReactions':
      if (phase !== 'live') return refuse('show-not-live');
      return decideReactions(command, stamp);
    default:
      return decideSale(show.sale, command, stamp);
  }
};

/** [DIS-2] The titles of what the host earns from and nothing says so; empty for none. */
const undisclosedOf = ({ life, run, shelf }: Show): string => {
  const earning = [...shelf.items.values()].filter(({ hostEarns }) => hostEarns === true);
  const open = undisclosed({
    disclosure: life.plan?.disclosure ?? 'none',
    segments: run.segments,
    earning: earning.map(({ productId }) => productId),
  });
  return earning
    .flatMap(({ productId, title }) => (open.includes(productId) ? title : []))
    .join(', ')
    .slice(0, limits.noteMax);
};

/** [CCL-6] A message and what it claims, in one step. */
const postMessage = (
  { chat, sale }: Show,
  command: Extract<ChatCommand, { kind: 'PostMessage' }>,
  stamp: Stamp,
): readonly ShowEvent[] | Refusal => {
  const posted = decideChat(chat, command, stamp);
  const { messageId, holdId, tier = null } = command;
  if (isRefusal(posted) || holdId === undefined) return posted;
  const comment = { messageId, text: cleanText(command.text), holdId, tier };
  return [...posted, ...readInSale(sale, comment, stamp)];
};

/** [LOT-1] A lot that nobody prepared is refused by its own rules. */
const isLotOnShelf = ({ sale, shelf }: Show, lotId: OfferId): boolean => {
  const lot = sale.auction.lots.get(lotId);
  return lot === undefined || shelf.items.has(lot.terms.productId);
};

const evolve = (show: Show, event: ShowEvent, { atMs }: EventStamp): Show => {
  switch (event.kind) {
    case 'ShowPlanned':
    case 'PlanChanged':
    case 'WatchByChosen':
    case 'CoverChosen':
    case 'ShowCancelled':
    case 'ShowStarted':
    case 'ShowEnded':
    case 'DisclosureSaid':
    case 'PictureChanged':
    case 'RecordingAttached':
    case 'RecordingDropped':
      evolveLife(show.life, event, atMs);
      return show;
    case 'ClipAttached':
    case 'ClipFailed':
    case 'ClipRemoved':
      evolveClips(show.clips, event);
      return show;
    case 'GuestInvited':
    case 'GuestJoined':
    case 'GuestAdmitted':
    case 'GuestMuted':
    case 'GuestUnmuted':
    case 'GuestRemoved':
    case 'GuestLeft':
      evolveGuests(show.guests, event);
      return show;
    case 'SegmentsArranged':
    case 'SegmentEntered':
      evolveRunOfShow(show.run, event, atMs);
      return show;
    case 'ShelfStocked':
    case 'ProductPinned':
      evolveShelf(show.shelf, event);
      return show;
    case 'MessagePosted':
    case 'MessageRemoved':
      evolveChat(show.chat, event, atMs);
      return show;
    case 'CaptionSaid':
      evolveCaption(show.captions, atMs);
      return show;
    case 'PollOpened':
    case 'Voted':
    case 'PollClosed':
      evolvePolls(show.polls, event);
      return show;
    case 'ReactionsCounted':
      evolveReactions(show.reactions, event);
      return show;
    default:
      evolveSale(show.sale, event, atMs);
      return show;
  }
};

const deadline = (show: Show): Deadline<ShowCommand> | null => {
  const { picture, phase } = show.life;
  const dues: readonly (Deadline<ShowCommand> | null)[] = [
    nextSaleDue(show.sale, phase === 'live'),
    nextPollDue(show.polls),
    picture.state === 'lost'
      ? { atMs: picture.graceEndsAtMs, command: { kind: 'PictureOff' } }
      : null,
  ];
  return dues.reduce(
    (first, due) => (due && (!first || due.atMs < first.atMs) ? due : first),
    null,
  );
};

type SavedShow = Omit<Show, 'shelf' | 'sale' | 'chat' | 'polls'> & {
  polls: SavedPolls;
  shelf: { items: ShelfItem[]; pinned: ProductId | null };
  sale: SavedSale;
  chat: {
    recent: [MessageId, PersonId][];
    bursts: [PersonId, number[]][];
    voices: PersonId[];
    messages: number;
  };
};

const save = (show: Show): JsonObject => {
  const saved: SavedShow = {
    ...show,
    shelf: { items: [...show.shelf.items.values()], pinned: show.shelf.pinned },
    sale: saveSale(show.sale),
    polls: savePolls(show.polls),
    chat: {
      recent: [...show.chat.recent],
      bursts: [...show.chat.bursts],
      voices: [...show.chat.voices],
      messages: show.chat.messages,
    },
  };
  return structuredClone(saved) as unknown as JsonObject;
};

const load = (json: JsonObject): Show => {
  const saved = structuredClone(json) as unknown as SavedShow;
  return {
    ...saved,
    shelf: {
      items: new Map(saved.shelf.items.map((item) => [item.productId, item])),
      pinned: saved.shelf.pinned,
    },
    sale: loadSale(saved.sale),
    polls: loadPolls(saved.polls),
    chat: {
      recent: new Map(saved.chat.recent),
      bursts: new Map(saved.chat.bursts),
      voices: new Set(saved.chat.voices),
      messages: saved.chat.messages,
    },
  };
};

export const showDecider: Decider<Show, ShowCommand, ShowEvent> = {
  type: 'show',
  stateVersion: 13,
  initial: (showId) => ({
    showId,
    life: {
      phase: 'none',
      plan: null,
      startedAtMs: null,
      endedAtMs: null,
      picture: { state: 'off' },
      hasRecording: false,
    },
    clips: {},
    guests: {},
    run: { segments: [], current: null, currentSinceMs: null },
    shelf: { items: new Map(), pinned: null },
    sale: emptySale(),
    chat: { recent: new Map(), bursts: new Map(), voices: new Set(), messages: 0 },
    captions: noCaptions(),
    polls: noPolls(),
    reactions: { total: noReactions() },
  }),
  decide,
  evolve,
  deadline,
  save,
  load,
};
