// A show's life: planned, live, ended. Whether the host's picture runs is part of it, because the
// crowd must see the difference between a quiet host and a lost line. Rules: docs/rules/show.md.

import type { PersonId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import { type Refusal, refuse } from '../../base/result.ts';
import {
  type Disclosure,
  disclosures,
  type ShowKind,
  showKinds,
  type WatchWay,
  watchWays,
} from '../../base/words.ts';
import { mayDirect, type Stamp } from '../decider.ts';
import { cleanText } from '../room/chat.ts';
import { type Material, type ShowAccess, wrongAccess, wrongMaterials } from './access.ts';
import { type Removal, wrongRemoval } from './clips.ts';

export type ShowPlan = {
  readonly title: string;
  readonly showKind: ShowKind;
  readonly startsAtMs: number;
  readonly hostId: PersonId;
  readonly hostName: string;
  readonly shopName: string;
  readonly disclosure: Disclosure;
  /** Played by machines to show the system: marked as a demo wherever it appears. */
  readonly isDemo: boolean;
  /** How long the evening is meant to be. Absent: as long as its segments. */
  readonly minutes?: number;
  /** Absent: everybody. */
  readonly access?: ShowAccess;
  /** Absent: none. */
  readonly materials?: readonly Material[];
  /** Absent: by WebRTC. */
  readonly watchBy?: WatchWay;
  /** Where the show's own cover is. Absent: it has none. */
  readonly coverUrl?: string;
  /** [DIS-9] Who pays for a paid partnership. Absent: nobody is named. */
  readonly partner?: string;
};

/** The host's picture: `on`, lost but expected back until `graceEndsAtMs`, or off. */
export type Picture =
  | { readonly state: 'off' }
  | { readonly state: 'on' }
  | { readonly state: 'lost'; readonly graceEndsAtMs: number };

/** Small pictures of the recording's time line in one file, row by row: picture `n` shows `n * everyMs`. */
export type Previews = {
  readonly url: string;
  readonly everyMs: number;
  readonly count: number;
  readonly columns: number;
  /** Of one picture, in pixels. */
  readonly width: number;
  readonly height: number;
};

export type Life = {
  phase: 'none' | 'planned' | 'live' | 'ended' | 'cancelled';
  plan: ShowPlan | null;
  startedAtMs: number | null;
  endedAtMs: number | null;
  picture: Picture;
  hasRecording: boolean;
};

export type LifeCommand =
  | { readonly kind: 'PlanShow'; readonly plan: ShowPlan }
  | { readonly kind: 'ChangePlan'; readonly plan: ShowPlan }
  /** Beside the cover the one thing of a plan that also changes while the show is live. */
  | { readonly kind: 'ChooseWatchBy'; readonly watchBy: WatchWay }
  /** Null: none of its own. */
  | { readonly kind: 'ChooseCover'; readonly coverUrl: string | null }
  | { readonly kind: 'CancelShow'; readonly reason: string }
  | { readonly kind: 'GoLive' }
  | { readonly kind: 'EndShow' }
  /** The host said aloud what their stake is. */
  | { readonly kind: 'SayDisclosure' }
  | { readonly kind: 'PictureOn' }
  | { readonly kind: 'PictureLost' }
  | { readonly kind: 'PictureOff' }
  | {
      readonly kind: 'AttachRecording';
      readonly url: string;
      readonly posterUrl: string | null;
      readonly durationMs: number;
      /** Server time of its first frame: `event.atMs - startedAtMs` is the event's moment. */
      readonly startedAtMs: number;
      readonly previews?: Previews | null;
    }
  /** The recording's files are gone: kept long enough, or unwanted. The chat and the shelf stay. */
  | { readonly kind: 'DropRecording'; readonly why: Removal; readonly reason: string };

export type LifeEvent =
  | { readonly kind: 'ShowPlanned'; readonly data: { readonly plan: ShowPlan } }
  | { readonly kind: 'PlanChanged'; readonly data: { readonly plan: ShowPlan } }
  | { readonly kind: 'WatchByChosen'; readonly data: { readonly watchBy: WatchWay } }
  | { readonly kind: 'CoverChosen'; readonly data: { readonly coverUrl: string | null } }
  | { readonly kind: 'ShowCancelled'; readonly data: { readonly reason: string } }
  | { readonly kind: 'ShowStarted'; readonly data: Record<string, never> }
  | { readonly kind: 'ShowEnded'; readonly data: Record<string, never> }
  | { readonly kind: 'DisclosureSaid'; readonly data: Record<string, never> }
  | { readonly kind: 'PictureChanged'; readonly data: { readonly picture: Picture } }
  | {
      readonly kind: 'RecordingAttached';
      readonly data: {
        readonly url: string;
        readonly posterUrl: string | null;
        readonly durationMs: number;
        readonly startedAtMs: number;
        readonly previews?: Previews | null;
      };
    }
  /** Those from before say nothing of why. */
  | {
      readonly kind: 'RecordingDropped';
      readonly data: { readonly why?: Removal; readonly reason?: string };
    };

export const decideLife = (
  life: Life,
  command: LifeCommand,
  stamp: Stamp,
): readonly LifeEvent[] | Refusal => {
  if (!mayDirect(stamp.by)) return refuse('not-allowed');
  if (command.kind === 'PlanShow') {
    if (life.phase !== 'none') return refuse('show-exists');
    const wrong = wrongPlan(command.plan);
    return wrong
      ? refuse('plan-invalid', { field: wrong })
      : [{ kind: 'ShowPlanned', data: { plan: command.plan } }];
  }
  if (life.phase === 'none') return refuse('show-unknown');
  switch (command.kind) {
    case 'ChangePlan': {
      if (life.phase !== 'planned') return refuse('show-not-planned');
      const wrong = wrongPlan(command.plan);
      return wrong
        ? refuse('plan-invalid', { field: wrong })
        : [{ kind: 'PlanChanged', data: { plan: command.plan } }];
    }
    // [HLS-18]
    case 'ChooseWatchBy': {
      const { watchBy } = command;
      if (life.phase !== 'planned' && life.phase !== 'live') return refuse('show-ended');
      if (!watchWays.includes(watchBy)) return refuse('plan-invalid', { field: 'watchBy' });
      return watchBy === (life.plan?.watchBy ?? 'webrtc')
        ? []
        : [{ kind: 'WatchByChosen', data: { watchBy } }];
    }
    // [SHO-16]
    case 'ChooseCover': {
      const { coverUrl } = command;
      if (life.phase === 'cancelled') return refuse('show-ended');
      if (coverUrl !== null && isWrongCover(coverUrl))
        return refuse('plan-invalid', { field: 'coverUrl' });
      return coverUrl === (life.plan?.coverUrl ?? null)
        ? []
        : [{ kind: 'CoverChosen', data: { coverUrl } }];
    }
    case 'CancelShow':
      if (life.phase !== 'planned') return refuse('show-not-planned');
      return [{ kind: 'ShowCancelled', data: { reason: command.reason.slice(0, limits.noteMax) } }];
    case 'GoLive':
      if (life.phase === 'live') return [];
      if (life.phase !== 'planned') return refuse('show-not-planned');
      return [{ kind: 'ShowStarted', data: {} }];
    case 'EndShow':
      if (life.phase === 'ended') return [];
      if (life.phase !== 'live') return refuse('show-not-live');
      return [{ kind: 'ShowEnded', data: {} }];
    case 'SayDisclosure':
      if (life.phase !== 'live') return refuse('show-not-live');
      return [{ kind: 'DisclosureSaid', data: {} }];
    case 'PictureOn':
      if (life.phase === 'ended' || life.phase === 'cancelled') return refuse('show-not-live');
      return life.picture.state === 'on'
        ? []
        : [{ kind: 'PictureChanged', data: { picture: { state: 'on' } } }];
    case 'PictureLost':
      if (life.picture.state !== 'on') return [];
      return [
        {
          kind: 'PictureChanged',
          data: { picture: { state: 'lost', graceEndsAtMs: stamp.atMs + limits.publisherGraceMs } },
        },
      ];
    case 'PictureOff':
      return life.picture.state === 'off'
        ? []
        : [{ kind: 'PictureChanged', data: { picture: { state: 'off' } } }];
    case 'AttachRecording': {
      if (life.phase !== 'ended') return refuse('show-not-ended');
      const { url, posterUrl, durationMs, startedAtMs, previews = null } = command;
      const data = { url, posterUrl, durationMs, startedAtMs, previews };
      return [{ kind: 'RecordingAttached', data }];
    }
    case 'DropRecording': {
      if (life.phase !== 'ended') return refuse('show-not-ended');
      const wrong = wrongRemoval(command, stamp);
      if (wrong) return wrong;
      const { why, reason } = command;
      if (!life.hasRecording) return [];
      return [{ kind: 'RecordingDropped', data: { why, reason: reason.trim() } }];
    }
  }
};

const isWrongPartner = (partner: string): boolean =>
  partner !== cleanText(partner) || partner.length < 1 || partner.length > limits.partnerMax;

const isWrongCover = (coverUrl: string): boolean =>
  coverUrl.length < 1 || coverUrl.length > limits.coverUrlMax;

/** A plan with another cover, or with none. */
export const withCover = <Plan extends { readonly coverUrl?: string }>(
  { coverUrl: _, ...plan }: Plan,
  coverUrl: string | null,
) => ({ ...plan, ...(coverUrl === null ? {} : { coverUrl }) });

const wrongPlan = (plan: ShowPlan): string | null => {
  const title = plan.title.trim();
  if (title.length < 1 || title.length > limits.titleMax) return 'title';
  if (!showKinds.includes(plan.showKind)) return 'showKind';
  if (!disclosures.includes(plan.disclosure)) return 'disclosure';
  if (!Number.isSafeInteger(plan.startsAtMs) || plan.startsAtMs < 0) return 'startsAtMs';
  if (plan.minutes !== undefined && !(plan.minutes > 0 && plan.minutes <= 24 * 60))
    return 'minutes';
  if (plan.watchBy !== undefined && !watchWays.includes(plan.watchBy)) return 'watchBy';
  if (plan.coverUrl !== undefined && isWrongCover(plan.coverUrl)) return 'coverUrl';
  if (plan.partner !== undefined && isWrongPartner(plan.partner)) return 'partner';
  return (
    (plan.access ? wrongAccess(plan.access) : null) ??
    (plan.materials ? wrongMaterials(plan.materials) : null)
  );
};

export const evolveLife = (life: Life, event: LifeEvent, atMs: number): void => {
  switch (event.kind) {
    case 'ShowPlanned':
      life.phase = 'planned';
      life.plan = event.data.plan;
      return;
    case 'PlanChanged':
      life.plan = event.data.plan;
      return;
    case 'WatchByChosen':
      if (life.plan) life.plan = { ...life.plan, watchBy: event.data.watchBy };
      return;
    case 'CoverChosen':
      if (life.plan) life.plan = withCover(life.plan, event.data.coverUrl);
      return;
    case 'ShowCancelled':
      life.phase = 'cancelled';
      return;
    case 'ShowStarted':
      life.phase = 'live';
      life.startedAtMs = atMs;
      return;
    case 'ShowEnded':
      life.phase = 'ended';
      life.endedAtMs = atMs;
      life.picture = { state: 'off' };
      return;
    case 'DisclosureSaid':
      return;
    case 'PictureChanged':
      life.picture = event.data.picture;
      return;
    case 'RecordingAttached':
      life.hasRecording = true;
      return;
    case 'RecordingDropped':
      life.hasRecording = false;
      return;
  }
};
