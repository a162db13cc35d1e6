import { describe, expect, it } from 'vitest';
import { aloudOf, byWeight, inForce, labelOf } from '../../base/disclosure.ts';
import { disclosures } from '../../base/words.ts';
import { ines, mina, otto, teo, testbed } from '../testing/given.ts';
import { live, plan, planned, segment, started, vase, vaseItem } from '../testing/show-cast.ts';
import { undisclosed } from './disclosure.ts';
import { type ShowEvent, showDecider } from './show.ts';

const { given } = testbed(showDecider);
const earning: ShowEvent = {
  kind: 'ShelfStocked',
  data: { items: [{ ...vaseItem, hostEarns: true }] },
};
const stocked: ShowEvent = { kind: 'ShelfStocked', data: { items: [vaseItem] } };
const planOf = (disclosure: (typeof disclosures)[number]): ShowEvent => ({
  kind: 'ShowPlanned',
  data: { plan: { ...plan, disclosure } },
});
const arranged = (...segments: readonly ReturnType<typeof segment>[]): ShowEvent => ({
  kind: 'SegmentsArranged',
  data: { segments },
});

describe('what a host earns from', () => {
  it('[DIS-1] is noted on the shelf, and again when the catalogue says otherwise', () => {
    const note = (...productIds: (typeof vase)[]) => ({ kind: 'NoteEarning', productIds }) as const;
    given(planned, stocked).when(note(vase), otto).then(earning);
    given(planned, earning).when(note(vase), otto).then();
    given(planned, earning).when(note(), otto).then(stocked);
    given(planned, stocked).when(note(), otto).then();
    given(planned, stocked).when(note(vase), teo).refused('not-allowed');
  });
  it.each(['own-brand', 'gift', 'none'] as const)(
    '[DIS-2] a show that says “%s” doesn’t start while it earns',
    (disclosure) => {
      given(planOf(disclosure), earning)
        .when({ kind: 'GoLive' }, mina)
        .refused('disclosure-needed', { products: 'Lagoon vase' });
    },
  );
  it.each(['affiliate', 'paid-partnership'] as const)(
    '[DIS-2] a show that says “%s” starts',
    (disclosure) => {
      given(planOf(disclosure), earning).when({ kind: 'GoLive' }, mina).then(started);
    },
  );
  it('[DIS-2] a show without anything to disclose starts; one that is live is started already', () => {
    given(planned, stocked).when({ kind: 'GoLive' }, mina).then(started);
    given(...live, earning)
      .when({ kind: 'GoLive' }, mina)
      .then();
  });
  it('[DIS-3] segments cover it where each that shows the product says so', () => {
    const says = { ...segment('one', [vase]), disclosure: 'affiliate' as const };
    const silent = segment('two', [vase]);
    given(planned, earning, arranged(says)).when({ kind: 'GoLive' }, mina).then(started);
    for (const run of [arranged(says, silent), arranged(segment('none')), arranged(silent)]) {
      given(planned, earning, run).when({ kind: 'GoLive' }, mina).refused('disclosure-needed');
    }
    const show = { disclosure: 'gift', segments: [says], earning: ['vase', 'bowl'] };
    expect(undisclosed(show)).toEqual(['bowl']);
  });
  it('[DIS-8] that it was said aloud is told in the log, while live, by who directs', () => {
    given(...live)
      .when({ kind: 'SayDisclosure' }, mina)
      .then({ kind: 'DisclosureSaid', data: {} });
    given(planned).when({ kind: 'SayDisclosure' }, mina).refused('show-not-live');
    for (const by of [teo, ines])
      given(...live)
        .when({ kind: 'SayDisclosure' }, by)
        .refused('not-allowed');
  });
});

describe('the label', () => {
  it('[DIS-4] a segment adds to what the show says and takes nothing away', () => {
    expect(inForce({ show: 'paid-partnership', segment: 'none', earns: false })).toEqual([
      'paid-partnership',
    ]);
    expect(inForce({ show: 'own-brand', segment: 'gift', earns: false })).toEqual([
      'gift',
      'own-brand',
    ]);
    expect(inForce({ show: 'none', segment: null, earns: false })).toEqual([]);
  });
  it('[DIS-5] what earns is labelled while it is shown, unless that is said already', () => {
    expect(inForce({ show: 'own-brand', earns: true })).toEqual(['affiliate', 'own-brand']);
    expect(inForce({ show: 'paid-partnership', earns: true })).toEqual(['paid-partnership']);
  });
  it('[DIS-7] every disclosure but none has its weight, its words and a sentence with the host’s name', () => {
    expect([...byWeight, 'none'].sort()).toEqual([...disclosures].sort());
    for (const disclosure of disclosures) {
      const { words, sentence } = labelOf(disclosure, 'Mina');
      expect(words.length).toBeGreaterThan(0);
      expect(words.length).toBeLessThan(20);
      expect(sentence).toContain('Mina');
    }
  });
  it('[DIS-9] who pays stands on the label of a paid partnership, and on no other', () => {
    const paid = labelOf('paid-partnership', 'Mina', 'Murano Glass');
    expect(paid.words).toBe('Paid partnership with Murano Glass');
    expect(paid.sentence).toContain('paid by Murano Glass');
    expect(aloudOf(paid)).toBe('I am paid by Murano Glass for this show.');
    for (const disclosure of disclosures.filter((one) => one !== 'paid-partnership'))
      expect(labelOf(disclosure, 'Mina', 'Murano Glass')).toEqual(labelOf(disclosure, 'Mina'));
    expect(labelOf('paid-partnership', 'Mina', '')).toEqual(labelOf('paid-partnership', 'Mina'));
  });
});
