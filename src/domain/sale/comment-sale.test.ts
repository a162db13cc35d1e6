import { describe, expect, it } from 'vitest';
import type { MessageId, OfferId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import type { Actor } from '../decider.ts';
import { system } from '../decider.ts';
import { type ShowCommand, type ShowEvent, showDecider } from '../show/show.ts';
import { ines, mina, otto, person, startMs, teo, testbed, tomasz } from '../testing/given.ts';
import {
  ended,
  expired,
  held,
  hold,
  lagoon,
  live,
  ochre,
  offerId,
  personId,
  planned,
  releasedHold,
  settled,
  terms,
} from '../testing/show-cast.ts';
import type { CommentEvent, CommentPolicy } from './comment-sale.ts';

const { given, fold } = testbed(showDecider);
const id = (name: string) => name as MessageId;

const on: ShowEvent = { kind: 'CommentClaimsSwitched', data: { isOn: true } };
const codes = [{ variantId: lagoon, word: 'LAGOON' }];
const withCodes = (policy: CommentPolicy, perPersonMax: number | null = 2) => ({
  ...terms,
  perPersonMax,
  comments: { policy, codes },
});
const offered = (
  policy: CommentPolicy,
  quantity = 3,
  perPersonMax: number | null = 2,
): readonly ShowEvent[] => [
  ...live,
  on,
  { kind: 'OfferRequested', data: { terms: withCodes(policy, perPersonMax) } },
  { kind: 'OfferAllocated', data: { offerId, variantId: lagoon, quantity } },
  { kind: 'OfferOpened', data: { offerId, closesAtMs: startMs + terms.durationMs } },
];

const say = (text: string, name = 'm1'): ShowCommand => ({
  kind: 'PostMessage',
  messageId: id(name),
  text,
  replyTo: null,
  holdId: hold(`h-${name}`),
});
const said = (by: Actor, text: string, name = 'm1', first = true): ShowEvent => {
  if (by.kind !== 'person') throw new Error('only people speak');
  return {
    kind: 'MessagePosted',
    data: { messageId: id(name), personId: by.id, role: by.role, replyTo: null, first },
    personal: { name: by.name, text },
  };
};
const about = (by: string, quantity = 1, name = 'm1') => ({
  messageId: id(name),
  personId: personId(by),
  offerId,
  variantId: lagoon,
  quantity,
});
const claimed = (by: string, quantity = 1, isKept = true): ShowEvent => ({
  kind: 'CommentClaimed',
  data: { ...about(by, quantity), holdId: isKept ? hold('h-m1') : null },
});
const heldBy = (by: string, name: string, quantity = 1): ShowEvent =>
  ({ ...held('h-m1', by, quantity), personal: { name } }) as ShowEvent;
const refusedFor = (by: string, reason: string, detail: object = {}, quantity = 1): ShowEvent =>
  ({
    kind: 'CommentRefused',
    data: { ...about(by, quantity), reason, detail },
  }) as ShowEvent;
const waiting = (by: string, name = 'm1', quantity = 1): ShowEvent => ({
  kind: 'CommentWaiting',
  data: {
    messageId: id(name),
    offerId,
    variantId: lagoon,
    quantity,
    holdId: hold(`h-${name}`),
  },
  personal: { personId: personId(by), name: by },
});
const served = (name: string, quantity = 1): ShowEvent => ({
  kind: 'CommentServed',
  data: { offerId, variantId: lagoon, quantity, holdId: hold(`h-${name}`) },
});
const leftLine = (
  name: string,
  reason: Extract<CommentEvent, { kind: 'CommentLineLeft' }>['data']['reason'],
): ShowEvent => ({
  kind: 'CommentLineLeft',
  data: { offerId, variantId: lagoon, holdId: hold(`h-${name}`), reason },
});

describe('the switch', () => {
  const turn = (isOn: boolean): ShowCommand => ({ kind: 'SwitchCommentClaims', isOn });
  it('[CCL-1] is the owner’s alone, while a show is planned or live', () => {
    given(planned).when(turn(true), otto).then(on);
    given(...live)
      .when(turn(true), otto)
      .then(on);
    for (const by of [mina, teo, ines, system])
      given(...live)
        .when(turn(true), by)
        .refused('not-allowed');
    given(...live, ended)
      .when(turn(true), otto)
      .refused('show-ended');
    given(...live, on)
      .when(turn(true), otto)
      .then();
    given(...live, on)
      .when(turn(false), otto)
      .then({ kind: 'CommentClaimsSwitched', data: { isOn: false } });
  });
  it('[CCL-1] off, no offer has code words and comments are words', () => {
    const open: ShowCommand = { kind: 'OpenOffer', terms: withCodes('hold') };
    given(...live)
      .when(open, mina)
      .refused('comment-claims-off');
    given(...live, on)
      .when(open, mina)
      .then({ kind: 'OfferRequested', data: { terms: withCodes('hold') } });
    given(...offered('hold'), { kind: 'CommentClaimsSwitched', data: { isOn: false } })
      .when(say('lagoon'), ines)
      .then(said(ines, 'lagoon'));
  });
});

describe('code words of an offer', () => {
  const opens = (words: readonly (readonly [typeof lagoon, string])[], other = 'offer2') => ({
    kind: 'OpenOffer' as const,
    terms: {
      ...terms,
      offerId: other as OfferId,
      comments: {
        policy: 'hold' as const,
        codes: words.map(([variantId, word]) => ({ variantId, word })),
      },
    },
  });
  it('[CCL-2] are words that may be one, in the form in which they are compared', () => {
    for (const word of ['', 'A', 'lagoon', 'YES', 'RED', 'X2', 'TWO WORDS'])
      given(...live, on)
        .when(opens([[lagoon, word]]), mina)
        .refused('code-word-invalid', { word });
  });
  it('[CCL-2] stand each for one variant of the offer', () => {
    for (const wrong of [
      opens([]),
      opens([[ochre, 'OCHRE']]),
      opens([
        [lagoon, 'LAGOON'],
        [lagoon, 'SEA'],
      ]),
    ])
      given(...live, on)
        .when(wrong, mina)
        .refused('offer-invalid', { field: 'comments' });
  });
  it('[CCL-3] are unique among offers that are open or about to, and free when those are over', () => {
    for (const word of ['LAGOON', 'LAGOON2', '2XLAGOON'])
      given(...offered('hold'))
        .when(opens([[lagoon, word]]), mina)
        .refused('code-word-taken', { word });
    given(...live, on, { kind: 'OfferRequested', data: { terms: withCodes('hold') } })
      .when(opens([[lagoon, 'LAGOON']]), mina)
      .refused('code-word-taken', { word: 'LAGOON' });
    given(...offered('hold'), { kind: 'OfferClosed', data: { offerId, reason: 'crew' } })
      .when(opens([[lagoon, 'LAGOON']]), mina)
      .then({ kind: 'OfferRequested', data: { terms: opens([[lagoon, 'LAGOON']]).terms } });
  });
});

describe('a comment', () => {
  it('[CCL-6] [CCL-7] that claims is one step with its hold', () => {
    given(...offered('hold'))
      .when(say('lagoon x2!'), ines)
      .then(said(ines, 'lagoon x2!'), claimed('ines', 2), heldBy('ines', 'ines_w', 2));
  });
  it('[CCL-6] that is refused as a message claims nothing, a second one of the same id neither', () => {
    const spoken = [
      ...offered('hold'),
      said(ines, 'lagoon'),
      claimed('ines'),
      held('h-m1', 'ines'),
    ];
    given(...spoken)
      .when(say('lagoon'), ines)
      .refused('message-exists');
    given(...offered('hold'), ended)
      .when(say('lagoon'), ines)
      .refused('show-not-live');
    given(...offered('hold'))
      .when(say('lagoon'), system)
      .refused('sign-in-needed');
  });
  it('[CCL-6] keeps what it claimed when it is removed or its words are erased', () => {
    const events = [
      ...offered('waitlist', 1),
      said(ines, 'lagoon'),
      claimed('ines'),
      held('h-m1', 'ines'),
      said(tomasz, 'lagoon', 'm2'),
      waiting('tomasz', 'm2'),
    ];
    const removed: ShowEvent = {
      kind: 'MessageRemoved',
      data: { messageId: id('m2'), by: personId('tomasz'), reason: '' },
    };
    const erased = events.map(
      (event): ShowEvent => (event.kind === 'MessagePosted' ? { ...event, personal: null } : event),
    );
    const { sale } = fold(events, startMs);
    expect(sale.comments.lines.get(offerId)).toHaveLength(1);
    expect(fold([...events, removed], startMs).sale).toEqual(sale);
    expect(fold(erased, startMs).sale).toEqual(sale);
  });
  it('[CCL-6] whose door gave it no id for a hold claims nothing', () => {
    given(...offered('hold'))
      .when({ kind: 'PostMessage', messageId: id('m1'), text: 'lagoon', replyTo: null }, ines)
      .then(said(ines, 'lagoon'));
  });
  it('[CCL-5] that is unclear claims nothing and says why', () => {
    given(...offered('hold'))
      .when(say('is lagoon still there?'), ines)
      .then(said(ines, 'is lagoon still there?'), {
        kind: 'CommentUnclear',
        data: {
          messageId: id('m1'),
          personId: personId('ines'),
          reason: 'question',
          words: ['LAGOON'],
        },
      });
    given(...offered('hold'))
      .when(say('hello'), ines)
      .then(said(ines, 'hello'));
  });
  it('[CCL-8] keeps nothing where whoever pays first gets it', () => {
    given(...offered('first-paid'))
      .when(say('lagoon'), ines)
      .then(said(ines, 'lagoon'), claimed('ines', 1, false));
    given(...offered('first-paid', 1), held('h1', 'tomasz'))
      .when(say('lagoon'), ines)
      .then(said(ines, 'lagoon'), refusedFor('ines', 'sold-out', { left: 0, inCarts: 1 }));
  });
  it('[CCL-10] is refused what the button would refuse', () => {
    given(...offered('hold'), held('h1', 'tomasz', 2))
      .when(say('lagoon 2'), ines)
      .then(said(ines, 'lagoon 2'), refusedFor('ines', 'sold-out', { left: 1, inCarts: 2 }, 2));
    given(...offered('hold'))
      .when(say('lagoon 3'), ines)
      .then(
        said(ines, 'lagoon 3'),
        refusedFor('ines', 'per-person-limit', { max: 2, taken: 0 }, 3),
      );
    given(...offered('waitlist'), {
      kind: 'BuyerBarred',
      data: { personId: personId('ines'), isBarred: true, reason: 'spoils' },
    })
      .when(say('lagoon'), ines)
      .then(said(ines, 'lagoon'), refusedFor('ines', 'buyer-barred'));
    given(...offered('waitlist'))
      .when(say('lagoon'), ines, startMs + terms.durationMs)
      .then(said(ines, 'lagoon'), refusedFor('ines', 'offer-not-open'));
  });
  it('[CCL-10] counts what somebody has bought and waits for to their limit', () => {
    given(...offered('hold'), held('h1', 'ines', 2), settled('h1', 'ines', 2))
      .when(say('lagoon'), ines)
      .then(said(ines, 'lagoon'), refusedFor('ines', 'per-person-limit', { max: 2, taken: 2 }));
  });
  it('[CCL-11] written again claims no more while the first is held or waits', () => {
    given(...offered('hold'), held('h1', 'ines'))
      .when(say('LAGOON!!!'), ines)
      .then(said(ines, 'LAGOON!!!'), refusedFor('ines', 'claimed-already'));
    given(...offered('waitlist', 1), held('h1', 'tomasz'), waiting('ines', 'm0'))
      .when(say('lagoon'), ines)
      .then(said(ines, 'lagoon'), refusedFor('ines', 'claimed-already'));
    given(...offered('hold'), held('h1', 'ines'), settled('h1', 'ines'))
      .when(say('lagoon'), ines)
      .then(said(ines, 'lagoon'), claimed('ines'), heldBy('ines', 'ines_w'));
  });
  it('[CCL-3] with the word of an offer that is over is words', () => {
    given(...offered('hold'), { kind: 'OfferClosed', data: { offerId, reason: 'crew' } })
      .when(say('lagoon'), ines)
      .then(said(ines, 'lagoon'));
  });
  it('[CCL-6] is read as it is stored', () => {
    given(...offered('hold'))
      .when(say('\u0007lagoon\u0007'), ines)
      .then(said(ines, 'lagoon'), claimed('ines'), heldBy('ines', 'ines_w'));
  });
  it('[CCL-12] of the crew is words', () => {
    for (const by of [mina, teo, otto])
      given(...offered('hold'))
        .when(say('lagoon'), by)
        .then(said(by, 'lagoon'));
  });
});

describe('the line', () => {
  const full = [...offered('waitlist', 1), held('h1', 'tomasz')];
  const release: ShowCommand = { kind: 'ReleaseHold', holdId: hold('h1') };
  const later = startMs + terms.holdMs;
  const heldLater = (name: string, by: string, atMs: number, quantity = 1) =>
    held(`h-${name}`, by, quantity, atMs);

  it('[CCL-9] takes who comes when none is left, while one may come back', () => {
    given(...offered('waitlist', 1))
      .when(say('lagoon'), ines)
      .then(said(ines, 'lagoon'), claimed('ines'), heldBy('ines', 'ines_w'));
    given(...full)
      .when(say('lagoon'), ines)
      .then(said(ines, 'lagoon'), {
        ...waiting('ines'),
        personal: { personId: personId('ines'), name: 'ines_w' },
      } as ShowEvent);
    given(...full, settled('h1', 'tomasz'))
      .when(say('lagoon'), ines)
      .then(said(ines, 'lagoon'), refusedFor('ines', 'sold-out', { left: 0, inCarts: 0 }));
  });
  it('[CCL-9] gives a unit that is released to the next in the same step', () => {
    given(...full, waiting('ines', 'm2'), waiting('petr', 'm3'))
      .when(release, tomasz)
      .then(releasedHold('h1', 'tomasz'), served('m2'), heldLater('m2', 'ines', startMs));
  });
  it('[CCL-9] gives units that expire together to those who are next, in order', () => {
    given(
      ...offered('waitlist', 3, 5),
      held('h1', 'tomasz', 2),
      held('h2', 'anna'),
      waiting('ines', 'm2', 2),
      waiting('petr', 'm3', 2),
      waiting('olga', 'm4'),
    )
      .when({ kind: 'ExpireHolds' }, system, later)
      .then(
        expired('h1', 'tomasz', 2),
        expired('h2', 'anna'),
        served('m2', 2),
        heldLater('m2', 'ines', later, 2),
        // They asked for two; one is what is left.
        served('m3', 1),
        heldLater('m3', 'petr', later, 1),
      );
  });
  it('[CCL-9] serves nobody after the offer’s closing time', () => {
    const closesAtMs = startMs + terms.durationMs;
    given(...full, waiting('ines', 'm2'))
      .when(release, tomasz, closesAtMs)
      .then(releasedHold('h1', 'tomasz'));
  });
  it('[CCL-10] counts what somebody waits for to their limit, over all variants', () => {
    const { sale } = fold([...full, waiting('ines', 'm2', 2)], startMs);
    const two: ShowEvent[] = [
      ...live,
      on,
      {
        kind: 'OfferRequested',
        data: {
          terms: {
            ...terms,
            variants: [...terms.variants, { ...terms.variants[0]!, variantId: ochre }],
            comments: {
              policy: 'waitlist',
              codes: [...codes, { variantId: ochre, word: 'OCHRE' }],
            },
          },
        },
      },
      { kind: 'OfferAllocated', data: { offerId, variantId: lagoon, quantity: 1 } },
      { kind: 'OfferAllocated', data: { offerId, variantId: ochre, quantity: 1 } },
      { kind: 'OfferOpened', data: { offerId, closesAtMs: startMs + terms.durationMs } },
      held('h1', 'tomasz'),
      waiting('ines', 'm2', 2),
    ];
    expect(sale.comments.lines.get(offerId)).toHaveLength(1);
    given(...two)
      .when(say('ochre'), ines)
      .then(said(ines, 'ochre'), {
        ...refusedFor('ines', 'per-person-limit', { max: 2, taken: 2 }),
        data: {
          ...about('ines'),
          variantId: ochre,
          reason: 'per-person-limit',
          detail: { max: 2, taken: 2 },
        },
      } as ShowEvent);
  });
  it('[CCL-13] passes over who was barred, erased, or has reached the limit meanwhile', () => {
    given(
      ...offered('waitlist', 3),
      held('h0', 'petr', 2),
      settled('h0', 'petr', 2),
      held('h1', 'tomasz'),
      waiting('ines', 'm2'),
      { ...waiting('anna', 'm3'), personal: null } as ShowEvent,
      waiting('petr', 'm4'),
      waiting('olga', 'm5'),
      {
        kind: 'BuyerBarred',
        data: { personId: personId('ines'), isBarred: true, reason: 'spoils' },
      },
    )
      .when(release, tomasz)
      .then(
        releasedHold('h1', 'tomasz'),
        leftLine('m2', 'barred'),
        leftLine('m3', 'erased'),
        leftLine('m4', 'limit'),
        served('m5'),
        heldLater('m5', 'olga', startMs),
      );
  });
  it('[CCL-10] serves nobody above their limit, whatever comes back together', () => {
    const ofOchre = (event: ShowEvent): ShowEvent =>
      ({ ...event, data: { ...event.data, variantId: ochre } }) as ShowEvent;
    const two: readonly ShowEvent[] = [
      ...live,
      on,
      {
        kind: 'OfferRequested',
        data: {
          terms: {
            ...withCodes('waitlist', 1),
            variants: [...terms.variants, { ...terms.variants[0]!, variantId: ochre }],
          },
        },
      },
      { kind: 'OfferAllocated', data: { offerId, variantId: lagoon, quantity: 1 } },
      { kind: 'OfferAllocated', data: { offerId, variantId: ochre, quantity: 1 } },
      { kind: 'OfferOpened', data: { offerId, closesAtMs: startMs + terms.durationMs } },
      held('h1', 'tomasz'),
    ];
    // One a person: of two that she waits for, the first is hers.
    given(
      ...two,
      ofOchre(held('h2', 'anna')),
      waiting('ines', 'm2'),
      ofOchre(waiting('ines', 'm3')),
    )
      .when({ kind: 'ExpireHolds' }, system, later)
      .then(
        expired('h1', 'tomasz'),
        ofOchre(expired('h2', 'anna')),
        served('m2'),
        heldLater('m2', 'ines', later),
        ofOchre(leftLine('m3', 'limit')),
      );
    // Hers runs out with his: she may have another.
    given(...two, ofOchre(held('h2', 'ines')), waiting('ines', 'm2'))
      .when({ kind: 'ExpireHolds' }, system, later)
      .then(
        expired('h1', 'tomasz'),
        ofOchre(expired('h2', 'ines')),
        served('m2'),
        heldLater('m2', 'ines', later),
      );
  });
  it('[CCL-13] lets go whoever wants, once', () => {
    const leave: ShowCommand = { kind: 'LeaveCommentLine', offerId, variantId: lagoon };
    given(...full, waiting('ines', 'm2'))
      .when(leave, ines)
      .then(leftLine('m2', 'own'));
    given(...full, waiting('ines', 'm2'))
      .when(leave, person('petr'))
      .refused('entry-unknown');
    given(...full, waiting('ines', 'm2'), leftLine('m2', 'own'))
      .when(leave, ines)
      .refused('entry-unknown');
  });
  it('[CCL-13] ends when the last unit is paid for, with the offer, and with the show', () => {
    given(...full, waiting('ines', 'm2'))
      .when({ kind: 'SettleHold', holdId: hold('h1'), orderId: 'h1' as never }, system)
      .then(settled('h1', 'tomasz'), leftLine('m2', 'sold-out'));
    given(...full, waiting('ines', 'm2'))
      .when({ kind: 'CloseOffer', offerId }, mina)
      .then({ kind: 'OfferClosed', data: { offerId, reason: 'crew' } }, leftLine('m2', 'closed'));
    given(...full, waiting('ines', 'm2'))
      .when({ kind: 'EndShow' }, mina)
      .then(
        { kind: 'OfferClosed', data: { offerId, reason: 'show-ended' } },
        leftLine('m2', 'closed'),
        ended,
      );
  });
  it('[CCL-13] stays while another unit may come back', () => {
    given(
      ...offered('waitlist', 2),
      held('h1', 'tomasz'),
      held('h2', 'anna'),
      waiting('ines', 'm2'),
    )
      .when({ kind: 'SettleHold', holdId: hold('h1'), orderId: 'h1' as never }, system)
      .then(settled('h1', 'tomasz'));
  });
  it('[CCL-1] goes on when comments are switched off', () => {
    given(...full, waiting('ines', 'm2'), {
      kind: 'CommentClaimsSwitched',
      data: { isOn: false },
    })
      .when(release, tomasz)
      .then(releasedHold('h1', 'tomasz'), served('m2'), heldLater('m2', 'ines', startMs));
  });
  it('[CCL-9] is no longer than its limit', () => {
    const many = Array.from({ length: limits.commentLineMax }, (_, n) => waiting(`p${n}`, `w${n}`));
    given(...full, ...many)
      .when(say('lagoon'), ines)
      .then(said(ines, 'lagoon'), refusedFor('ines', 'line-full', { max: limits.commentLineMax }));
  });
  it('is in a snapshot as it was', () => {
    const state = fold([...full, waiting('ines', 'm2')], startMs);
    expect(showDecider.load(showDecider.save(state))).toEqual(state);
  });
});
