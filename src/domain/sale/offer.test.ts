import { describe, it } from 'vitest';
import { system } from '../decider.ts';
import { type ShowEvent, showDecider } from '../show/show.ts';
import { ines, mina, person, startMs, teo, testbed, tomasz } from '../testing/given.ts';
import {
  ended,
  eur,
  expired,
  held,
  hold,
  lagoon,
  live,
  ochre,
  offerId,
  onOffer,
  order,
  planned,
  releasedHold,
  settled,
  started,
  terms,
  unitsReleased,
} from '../testing/show-cast.ts';
import type { OfferTerms } from './offer.ts';

const { given } = testbed(showDecider);

const claim = (holdId: string, quantity = 1, variantId = lagoon) =>
  ({ kind: 'Claim', offerId, variantId, quantity, holdId: hold(holdId) }) as const;
const both: OfferTerms = {
  ...terms,
  variants: [
    ...terms.variants,
    { variantId: ochre, title: 'Ochre', price: eur(8600), usualPrice: eur(9800), quantity: 2 },
  ],
};
const open = (change: Partial<OfferTerms> = {}) =>
  ({ kind: 'OpenOffer', terms: { ...terms, ...change } }) as const;
const confirm = (variantId = lagoon, quantity = 3) =>
  ({ kind: 'ConfirmAllocation', offerId, variantId, quantity }) as const;
const requested = { kind: 'OfferRequested', data: { terms } } as const;
const requestedBoth = { kind: 'OfferRequested', data: { terms: both } } as const;

describe('opening an offer', () => {
  it('[OFF-1] a host opens an offer for what is on the shelf of a live show', () => {
    given(...live)
      .when(open(), mina)
      .then(requested);
  });
  it('[OFF-1] a moderator and a shopper may not', () => {
    given(...live)
      .when(open(), teo)
      .refused('not-allowed');
    given(...live)
      .when(open(), ines)
      .refused('not-allowed');
  });
  it('[OFF-1] not before the show, not after it, not for what isn’t on the shelf', () => {
    given(planned).when(open(), mina).refused('show-not-live');
    given(...live, ended)
      .when(open(), mina)
      .refused('show-not-live');
    given(planned, started).when(open(), mina).refused('product-not-on-shelf');
  });
  it('[OFF-2] it opens when its last variant is allocated, and its clock starts then', () => {
    given(...live, requestedBoth)
      .when(confirm(), system, startMs + 5)
      .then({ kind: 'OfferAllocated', data: { offerId, variantId: lagoon, quantity: 3 } });
    given(...live, requestedBoth, {
      kind: 'OfferAllocated',
      data: { offerId, variantId: lagoon, quantity: 3 },
    })
      .when(confirm(ochre, 2), system, startMs + 7)
      .then(
        { kind: 'OfferAllocated', data: { offerId, variantId: ochre, quantity: 2 } },
        { kind: 'OfferOpened', data: { offerId, closesAtMs: startMs + 7 + terms.durationMs } },
      );
  });
  it('[OFF-2] one refused variant sends the others back, also one that comes later', () => {
    const refused = {
      kind: 'OfferRefused',
      data: { offerId, variantId: ochre, available: 1 },
    } as const;
    const allocated = {
      kind: 'OfferAllocated',
      data: { offerId, variantId: lagoon, quantity: 3 },
    } as const;
    given(...live, requestedBoth, allocated)
      .when({ kind: 'RefuseAllocation', offerId, variantId: ochre, available: 1 }, system)
      .then(refused, unitsReleased(3));
    given(...live, requestedBoth, refused)
      .when(confirm(), system)
      .then(allocated, unitsReleased(3));
  });
  it('[OFF-2] units that come after the end of the show go back', () => {
    given(...live, requested, ended)
      .when(confirm(), system)
      .then(
        { kind: 'OfferAllocated', data: { offerId, variantId: lagoon, quantity: 3 } },
        unitsReleased(3),
      );
  });
  it('[OFF-2] the same allocation doesn’t count twice', () => {
    given(...onOffer)
      .when(confirm(), system)
      .refused('allocation-unexpected');
  });
  it.each([
    ['variants', { variants: [] }],
    ['variants', { variants: [terms.variants[0]!, terms.variants[0]!] }],
    ['quantity', { variants: [{ ...terms.variants[0]!, quantity: 0 }] }],
    ['price', { variants: [{ ...terms.variants[0]!, price: eur(-1) }] }],
    ['holdMs', { holdMs: 1_000 }],
    ['holdMs', { holdMs: Number.NaN }],
    ['durationMs', { durationMs: 0 }],
    ['durationMs', { durationMs: -60_000 }],
    ['perPersonMax', { perPersonMax: 0 }],
  ] as const)('[OFF-3] impossible %s is refused by name', (field, change) => {
    given(...live)
      .when(open(change), mina)
      .refused('offer-invalid', { field });
  });
});

describe('claiming', () => {
  it('[OFF-4] a claim holds units at the offer’s price for the offer’s time', () => {
    given(...onOffer)
      .when(claim('h1'), ines, startMs + 10)
      .then({
        kind: 'HoldPlaced',
        data: {
          holdId: hold('h1'),
          offerId,
          variantId: lagoon,
          quantity: 1,
          personId: 'ines' as never,
          price: eur(8600),
          expiresAtMs: startMs + 10 + terms.holdMs,
        },
        personal: { name: 'ines_w' },
      });
  });
  it('[OFF-4] what isn’t left can’t be claimed; the refusal says what is in carts', () => {
    given(...onOffer, held('h1', 'ines', 2), held('h2', 'tomasz', 1))
      .when(claim('h3'), person('petr'))
      .refused('sold-out', { left: 0, inCarts: 3 });
  });
  it.each([0, -1, 1e9, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    '[OFF-5] a claim for %s is refused',
    (quantity) => {
      given(...onOffer)
        .when(claim('h1', quantity), ines)
        .refused('quantity-invalid', { max: 100 });
    },
  );
  it('[OFF-5] a variant or an offer that isn’t there is refused', () => {
    given(...onOffer)
      .when(claim('h1', 1, ochre), ines)
      .refused('variant-not-offered');
    given(...live)
      .when(claim('h1'), ines)
      .refused('offer-unknown');
  });
  it('[OFF-6] nobody gets more than the limit, by holds and bought units together', () => {
    given(...onOffer, held('h1', 'ines'), settled('h1', 'ines'), held('h2', 'ines'))
      .when(claim('h3'), ines)
      .refused('per-person-limit', { max: 2, taken: 2 });
  });
  it('[OFF-6] an expired or released unit counts no more', () => {
    given(...onOffer, held('h1', 'ines', 2), expired('h1', 'ines', 2))
      .when(claim('h2', 2), tomasz)
      .then(held('h2', 'tomasz', 2));
    given(...onOffer, held('h1', 'tomasz', 2), expired('h1', 'tomasz', 2))
      .when(claim('h2', 2), tomasz)
      .then(held('h2', 'tomasz', 2));
  });
  it('[OFF-8] the closing time itself is too late', () => {
    given(...onOffer)
      .when(claim('h1'), ines, startMs + terms.durationMs)
      .refused('offer-not-open');
  });
  it('a claim without an account is refused', () => {
    given(...onOffer)
      .when(claim('h1'), system)
      .refused('sign-in-needed');
  });
});

describe('the end of a hold', () => {
  it('[OFF-7] what is due expires, in the order in which it fell due; the rest stays', () => {
    given(
      ...onOffer,
      held('h2', 'tomasz', 1, startMs + 5),
      held('h1', 'ines'),
      held('h3', 'petr', 1, startMs + 100),
    )
      .when({ kind: 'ExpireHolds' }, system, startMs + terms.holdMs + 5)
      .then(expired('h1', 'ines'), expired('h2', 'tomasz'));
  });
  it('[OFF-7] nobody can make holds expire', () => {
    given(...onOffer, held('h1', 'ines'))
      .when({ kind: 'ExpireHolds' }, mina, startMs + 90_000)
      .refused('not-allowed');
  });
  it('[OFF-9] a closing offer sends back what is left and keeps what is held', () => {
    given(...onOffer, held('h1', 'ines'))
      .when({ kind: 'CloseOffer', offerId }, mina)
      .then({ kind: 'OfferClosed', data: { offerId, reason: 'crew' } }, unitsReleased(2));
  });
  it('[OFF-9] a hold that expires after the closing sends its units back', () => {
    const closed = { kind: 'OfferClosed', data: { offerId, reason: 'time' } } as const;
    given(...onOffer, held('h1', 'ines'), closed, unitsReleased(2))
      .when({ kind: 'ExpireHolds' }, system, startMs + terms.holdMs)
      .then(expired('h1', 'ines'), unitsReleased(1));
  });
  it('[OFF-10] the buyer and the crew release a hold, another shopper doesn’t', () => {
    const release = { kind: 'ReleaseHold', holdId: hold('h1') } as const;
    given(...onOffer, held('h1', 'ines'))
      .when(release, ines)
      .then(releasedHold('h1', 'ines'));
    given(...onOffer, held('h1', 'ines'))
      .when(release, teo)
      .then(releasedHold('h1', 'ines'));
    given(...onOffer, held('h1', 'ines'))
      .when(release, tomasz)
      .refused('not-allowed');
  });
  it('[OFF-10] nobody pays for another’s hold', () => {
    given(...onOffer, held('h1', 'ines'))
      .when(
        { kind: 'BeginPayment', holdId: hold('h1'), orderId: order('h1'), attempt: 'a1' },
        tomasz,
      )
      .refused('not-allowed');
  });
  it('[OFF-11] a payment keeps the hold for three minutes; released it can’t be meanwhile', () => {
    const begun = {
      kind: 'PaymentBegun',
      data: {
        holdId: hold('h1'),
        orderId: order('h1'),
        attempt: 'a1',
        untilMs: startMs + 180_000,
      },
    } as const;
    given(...onOffer, held('h1', 'ines'))
      .when({ kind: 'BeginPayment', holdId: hold('h1'), orderId: order('h1'), attempt: 'a1' }, ines)
      .then(begun);
    given(...onOffer, held('h1', 'ines'), begun)
      .when({ kind: 'ExpireHolds' }, system, startMs + 179_999)
      .then();
    given(...onOffer, held('h1', 'ines'), begun)
      .when({ kind: 'ReleaseHold', holdId: hold('h1') }, ines)
      .refused('payment-under-way');
    given(...onOffer, held('h1', 'ines'), begun)
      .when({ kind: 'ExpireHolds' }, system, startMs + 180_000)
      .then(expired('h1', 'ines'));
  });
  it('[OFF-11] the late end of a try leaves the time of the next one alone', () => {
    const begin = (attempt: string) =>
      ({ kind: 'BeginPayment', holdId: hold('h1'), orderId: order('h1'), attempt }) as const;
    const giveUp = (attempt: string | null) =>
      ({ kind: 'AbandonPayment', holdId: hold('h1'), orderId: order('h1'), attempt }) as const;
    const begun = (attempt: string | null, untilMs: number): ShowEvent => ({
      kind: 'PaymentBegun',
      data: { holdId: hold('h1'), orderId: order('h1'), attempt, untilMs },
    });
    const first = [...onOffer, held('h1', 'ines'), begun('a1', startMs + 180_000)];
    const second = [...first, begun('a2', startMs + 185_000)];
    const abandoned: ShowEvent = {
      kind: 'PaymentAbandoned',
      data: { holdId: hold('h1'), orderId: order('h1'), expiresAtMs: startMs + 36_000 },
    };
    given(...first)
      .when(begin('a1'), ines)
      .then();
    given(...first)
      .when(begin('a2'), ines, startMs + 5_000)
      .then(begun('a2', startMs + 185_000));
    given(...second)
      .when(giveUp('a1'), system, startMs + 6_000)
      .refused('payment-unknown');
    for (const attempt of ['a2', null])
      given(...second)
        .when(giveUp(attempt), system, startMs + 6_000)
        .then(abandoned);
    // A payment from before tries had names.
    given(...onOffer, held('h1', 'ines'), begun(null, startMs + 180_000))
      .when(giveUp('a1'), system, startMs + 6_000)
      .then(abandoned);
    given(...second)
      .when({ ...begin('a3'), orderId: order('h2') }, ines)
      .refused('payment-under-way');
  });
  it('[OFF-12] an expired hold can’t be paid, even before its expiry was decided', () => {
    const pay = {
      kind: 'BeginPayment',
      holdId: hold('h1'),
      orderId: order('h1'),
      attempt: 'a1',
    } as const;
    given(...onOffer, held('h1', 'ines'))
      .when(pay, ines, startMs + terms.holdMs)
      .refused('hold-gone');
    given(...onOffer, held('h1', 'ines'), expired('h1', 'ines'))
      .when(pay, ines)
      .refused('hold-gone');
  });
  it('[OFF-12] what was settled is settled once', () => {
    const settle = { kind: 'SettleHold', holdId: hold('h1'), orderId: order('h1') } as const;
    given(...onOffer, held('h1', 'ines'))
      .when(settle, system)
      .then(settled('h1', 'ines'));
    given(...onOffer, held('h1', 'ines'), settled('h1', 'ines'))
      .when(settle, system)
      .refused('hold-gone');
  });
  it('[OFF-13] the end of the show closes its offers in the same step', () => {
    given(...onOffer, held('h1', 'ines'))
      .when({ kind: 'EndShow' }, mina)
      .then(
        { kind: 'OfferClosed', data: { offerId, reason: 'show-ended' } },
        unitsReleased(2),
        ended,
      );
  });
});
