import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageId, VariantId } from '../../base/brand.ts';
import type { Money } from '../../base/money.ts';
import { isRefusal } from '../../base/result.ts';
import { type Actor, system } from '../decider.ts';
import { type ShowCommand, type ShowEvent, showDecider } from '../show/show.ts';
import { ines, mina, person, startMs, testbed } from '../testing/given.ts';
import { eur, hold, lagoon, live, offerId, terms } from '../testing/show-cast.ts';
import type { OfferTerms } from './offer.ts';

const { given, fold } = testbed(showDecider);
const termsWith = (membersPrice: Money): OfferTerms => ({
  ...terms,
  variants: [{ ...terms.variants[0]!, membersPrice }],
});
const opened = (offered: OfferTerms): readonly ShowEvent[] => [
  ...live,
  { kind: 'OfferRequested', data: { terms: offered } },
  { kind: 'OfferAllocated', data: { offerId, variantId: lagoon, quantity: 3 } },
  { kind: 'OfferOpened', data: { offerId, closesAtMs: startMs + terms.durationMs } },
];
const claim = (tier?: string | null) => ({
  kind: 'Claim' as const,
  offerId,
  variantId: lagoon as VariantId,
  quantity: 1,
  holdId: hold('h1'),
  ...(tier === undefined ? {} : { tier }),
});
const priceOf = (offered: OfferTerms, tier?: string | null): Money => {
  const decided = showDecider.decide(fold(opened(offered), startMs), claim(tier), {
    commandId: 'c' as never,
    atMs: startMs,
    by: ines,
  });
  if (isRefusal(decided)) throw new Error(decided.refused);
  return (decided[0]!.data as { price: Money }).price;
};

describe('the members’ price', () => {
  it('[PRI-17] is what a member holds it at, of whichever tier; everybody else pays the price', () => {
    const offered = termsWith(eur(8_000));
    expect(['gold', 'club', null, undefined].map((tier) => priceOf(offered, tier))).toEqual([
      eur(8_000),
      eur(8_000),
      eur(8_600),
      eur(8_600),
    ]);
    expect(priceOf(termsWith(eur(0)), 'gold')).toEqual(eur(0));
    expect(priceOf(terms, 'gold')).toEqual(eur(8_600));
  });
  it('[PRI-17] that isn’t one is refused: dearer, below nothing, of another currency', () => {
    for (const wrong of [eur(8_601), eur(-1), eur(0.5), { minor: 1, currency: 'USD' }])
      given(...live)
        .when({ kind: 'OpenOffer', terms: termsWith(wrong) }, mina)
        .refused('offer-invalid', { field: 'membersPrice' });
    const same = termsWith(eur(8_600));
    given(...live)
      .when({ kind: 'OpenOffer', terms: same }, mina)
      .then({ kind: 'OfferRequested', data: { terms: same } });
  });
  it('[PRI-17] is a member’s by a comment too, at once or when their turn in the line comes', () => {
    const codes = [{ variantId: lagoon, word: 'LAGOON' }];
    const offered: OfferTerms = {
      ...termsWith(eur(8_000)),
      comments: { policy: 'waitlist', codes },
    };
    const on: ShowEvent = { kind: 'CommentClaimsSwitched', data: { isOn: true } };
    const say = (name: string, tier: string | null) =>
      ({
        kind: 'PostMessage',
        messageId: name as MessageId,
        text: 'lagoon',
        replyTo: null,
        holdId: hold(`h-${name}`),
        tier,
      }) as const;
    const before = [
      on,
      ...opened({ ...offered, variants: [{ ...offered.variants[0]!, quantity: 1 }] }),
    ];
    const only = before.map((event) =>
      event.kind === 'OfferAllocated' ? { ...event, data: { ...event.data, quantity: 1 } } : event,
    );
    const run = (tier: string | null) => {
      let show = fold(only, startMs);
      const prices: Money[] = [];
      const send = (command: ShowCommand, by: Actor) => {
        const decided = showDecider.decide(show, command, {
          commandId: 'c' as never,
          atMs: startMs,
          by,
        });
        if (isRefusal(decided)) throw new Error(decided.refused);
        for (const event of decided) {
          if (event.kind === 'HoldPlaced') prices.push(event.data.price);
          show = showDecider.evolve(show, event, { seq: 1, atMs: startMs });
        }
      };
      send(say('m1', null), person('first'));
      send(say('m2', tier), ines);
      // A snapshot in between: who waits keeps their tier.
      show = showDecider.load(JSON.parse(JSON.stringify(showDecider.save(show))));
      send({ kind: 'ReleaseHold', holdId: hold('h-m1') }, person('first'));
      const due = showDecider.deadline(show);
      if (prices.length < 2 && due) send(due.command, system);
      return prices;
    };
    expect(run('gold')).toEqual([eur(8_600), eur(8_000)]);
    expect(run(null)).toEqual([eur(8_600), eur(8_600)]);
    given(...[on, ...opened(offered)])
      .when(say('m1', 'gold'), ines)
      .then(
        expect.objectContaining({ kind: 'MessagePosted' }) as never,
        expect.objectContaining({ kind: 'CommentClaimed' }) as never,
        expect.objectContaining({
          kind: 'HoldPlaced',
          data: expect.objectContaining({ price: eur(8_000) }),
        }) as never,
      );
  });
  it('[PRI-17] is never above what everybody pays', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8_600 }), fc.option(fc.string()), (minor, tier) => {
        const paid = priceOf(termsWith(eur(minor)), tier);
        expect(paid.minor).toBeLessThanOrEqual(8_600);
        expect(paid).toEqual(tier ? eur(minor) : eur(8_600));
      }),
    );
  });
});
