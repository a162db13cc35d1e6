import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../base/limits.ts';
import { isRefusal } from '../../base/result.ts';
import { type Actor, system } from '../decider.ts';
import { ines, mina, otto, startMs, teo, testbed } from '../testing/given.ts';
import { ended, live, planned } from '../testing/show-cast.ts';
import {
  type GuestCommand,
  type GuestEvent,
  type Guests,
  guestOf,
  mayEnter,
  onStage,
} from './guests.ts';
import { publishedForms } from './published-form.ts';
import { type Show, type ShowEvent, showDecider } from './show.ts';

const { given } = testbed(showDecider);
const expiresAtMs = startMs + limits.stageLinkMs;
const invite = (guestId: string, tokenHash = `of-${guestId}`): GuestCommand => ({
  kind: 'InviteGuest',
  guestId,
  tokenHash,
  expiresAtMs,
});
const join = (guestId: string, name = guestId, tokenHash = `of-${guestId}`): GuestCommand => ({
  kind: 'JoinStage',
  guestId,
  name,
  tokenHash,
});
const invited = (guestId: string): GuestEvent => ({
  kind: 'GuestInvited',
  data: { guestId, expiresAtMs },
  personal: { tokenHash: `of-${guestId}` },
});
const joined = (guestId: string): GuestEvent => ({
  kind: 'GuestJoined',
  data: { guestId },
  personal: { name: guestId },
});
const admitted = (guestId: string): GuestEvent => ({
  kind: 'GuestAdmitted',
  data: { guestId },
  personal: { name: guestId },
});
const waiting = (guestId: string) => [invited(guestId), joined(guestId)];
const standing = (guestId: string) => [...waiting(guestId), admitted(guestId)];
const removed = (guestId: string, wasOnStage: boolean): GuestEvent => ({
  kind: 'GuestRemoved',
  data: { guestId, wasOnStage },
});

describe('the stage', () => {
  it('[STG-1] is directed by owner and host, and by nobody else', () => {
    const commands: GuestCommand[] = [
      invite('kai'),
      { kind: 'AdmitGuest', guestId: 'ann' },
      { kind: 'MuteGuest', guestId: 'ann', muted: true },
      { kind: 'RemoveGuest', guestId: 'ann' },
    ];
    for (const command of commands) {
      const stage = given(...live, ...waiting('ann'));
      for (const by of [teo, ines]) stage.when(command, by).refused('not-allowed');
      for (const by of [mina, otto])
        expect(() => stage.when(command, by).refused('not-allowed')).toThrow();
    }
  });

  it('[STG-2] is there before a show and during it, and closed with its end', () => {
    const event = invited('ann');
    given(planned).when(invite('ann'), mina).then(event);
    given(...live)
      .when(invite('ann'), mina)
      .then(event);
    given(...live, ended)
      .when(invite('ann'), mina)
      .refused('show-ended');
    given(...live, ...waiting('ann'), ended)
      .when(join('ann'), system)
      .refused('show-ended');
  });

  it('[STG-3] has four places, the host’s among them', () => {
    const three = ['ann', 'ben', 'cem'].flatMap(standing);
    given(...live, ...three, ...waiting('dov'))
      .when({ kind: 'AdmitGuest', guestId: 'dov' }, mina)
      .refused('stage-full', { max: 4 });
    given(...live, ...three, removed('ben', true), ...waiting('dov'))
      .when({ kind: 'AdmitGuest', guestId: 'dov' }, mina)
      .then(admitted('dov'));
  });

  it('[STG-3] who comes waits; who hasn’t come can’t be admitted', () => {
    given(...live, invited('ann'))
      .when(join('ann', ' Ann \n Lee '), system)
      .then({
        kind: 'GuestJoined',
        data: { guestId: 'ann' },
        personal: { name: 'Ann Lee' },
      });
    given(...live, invited('ann'))
      .when({ kind: 'AdmitGuest', guestId: 'ann' }, mina)
      .refused('stage-guest-away');
    given(...live, invited('ann'))
      .when(join('ann', '  '), system)
      .refused('stage-name-invalid');
  });

  it('[STG-4] neither link nor name is published', () => {
    for (const event of [...standing('ann'), removed('ann', true)]) {
      const form = publishedForms[event.kind] as unknown as { open: (data: object) => object };
      expect(JSON.stringify(form.open(event.data))).not.toMatch(/of-ann|personal/);
      expect(Object.keys(event.data)).not.toContain('name');
    }
  });

  it('[STG-4] an erased link opens nothing', () => {
    given(...live, { ...invited('ann'), personal: null } as ShowEvent)
      .when(join('ann'), system)
      .refused('stage-link-invalid');
  });

  it('[STG-5] a link is good for a day; who is in stays in', () => {
    const late = expiresAtMs;
    given(...live, invited('ann'))
      .when(join('ann'), system, late)
      .refused('stage-link-invalid');
    given(...live, ...standing('ann'))
      .when(join('ann'), system, late)
      .then();
    given(...live, invited('ann'))
      .when(join('ann', 'Ann', 'of-ben'), system)
      .refused('stage-link-invalid');
  });

  it('[STG-5] who left comes back to the wings, who was removed doesn’t come back', () => {
    const left: GuestEvent = { kind: 'GuestLeft', data: { guestId: 'ann', wasOnStage: true } };
    given(...live, ...standing('ann'), left)
      .when(join('ann'), system)
      .then(joined('ann'));
    for (const before of [[invited('ann')], waiting('ann'), standing('ann')])
      given(...live, ...before, removed('ann', before.length === 3))
        .when(join('ann'), system)
        .refused('stage-link-invalid');
  });

  it('[STG-6] each mute is lifted by who set it', () => {
    const mute = (muted: boolean): GuestCommand => ({
      ...{ kind: 'MuteMyself', guestId: 'ann', tokenHash: 'of-ann', muted },
    });
    const silenced: GuestEvent = { kind: 'GuestMuted', data: { guestId: 'ann', by: 'crew' } };
    given(...live, ...standing('ann'), silenced)
      .when(mute(false), system)
      .then();
    given(...live, ...standing('ann'), silenced)
      .when({ kind: 'MuteGuest', guestId: 'ann', muted: false }, mina)
      .then({ kind: 'GuestUnmuted', data: { guestId: 'ann', by: 'crew' } });
    given(...live, ...standing('ann'), {
      kind: 'GuestMuted',
      data: { guestId: 'ann', by: 'guest' },
    })
      .when({ kind: 'MuteGuest', guestId: 'ann', muted: false }, mina)
      .then();
  });
});

const ids = ['ann', 'ben', 'cem', 'dov', 'eva'] as const;
const guestId = fc.constantFrom(...ids);
const step = fc.record({
  command: fc.oneof(
    guestId.map((id) => invite(id)),
    fc.tuple(guestId, guestId).map(([id, token]) => join(id, id, `of-${token}`)),
    guestId.map((id): GuestCommand => ({ kind: 'AdmitGuest', guestId: id })),
    guestId.map((id): GuestCommand => ({ kind: 'RemoveGuest', guestId: id })),
    fc
      .tuple(guestId, fc.boolean())
      .map(([id, muted]): GuestCommand => ({ kind: 'MuteGuest', guestId: id, muted })),
    guestId.map((id): GuestCommand => ({ kind: 'LeaveStage', guestId: id, tokenHash: `of-${id}` })),
    fc.tuple(guestId, fc.boolean()).map(
      ([id, muted]): GuestCommand => ({
        ...{ kind: 'MuteMyself', guestId: id, tokenHash: `of-${id}`, muted },
      }),
    ),
  ),
  by: fc.constantFrom<Actor>(mina, system, teo, ines),
  atMs: fc.constant(startMs),
});

describe('any evening on stage', () => {
  const opened = (): Show =>
    live.reduce(
      (show, event, index) => showDecider.evolve(show, event, { seq: index + 1, atMs: startMs }),
      showDecider.initial('s'),
    );

  it('[STG-3] [STG-5] [STG-6] never has five, never lets back who was removed, never unmutes by the wrong hand', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        let show = opened();
        let seq = live.length;
        const gone = new Set<string>();
        for (const { command, by, atMs } of steps) {
          const before: Guests = structuredClone(show.guests);
          const decided = showDecider.decide(show, command, { commandId: 'c' as never, atMs, by });
          if (isRefusal(decided)) continue;
          for (const event of decided) {
            seq += 1;
            show = showDecider.evolve(show, event, { seq, atMs });
          }
          expect(onStage(show.guests).length).toBeLessThanOrEqual(limits.stagePeopleMax - 1);
          if (command.kind === 'RemoveGuest') gone.add(command.guestId);
          for (const id of gone) {
            const guest = guestOf(show.guests, id);
            expect(guest?.phase).toBe('removed');
            expect(mayEnter(guest, `of-${id}`, atMs)).toBe(false);
          }
          for (const [id, was] of Object.entries(before)) {
            const is = guestOf(show.guests, id);
            if (was.mutedByCrew && !is?.mutedByCrew) expect(command.kind).toBe('MuteGuest');
            if (was.mutedBySelf && !is?.mutedBySelf) expect(command.kind).toBe('MuteMyself');
          }
        }
        expect(showDecider.load(showDecider.save(show)).guests).toEqual(show.guests);
      }),
    );
  });
});
