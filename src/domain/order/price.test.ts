import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinsParcel } from './parcel.ts';
import { orderPrice, type PricedLine } from './price.ts';

const eur = (minor: number) => ({ minor, currency: 'EUR' });
const settings = { shippingMinor: 590, taxIncludedMilliPercent: 22_000 };
const vase: PricedLine = { unitPrice: eur(8_600), quantity: 1 };
const bowl: PricedLine = { unitPrice: eur(2_400), quantity: 2 };
const plain = { discount: null, joinsParcel: false };

const lines = fc.array(
  fc.record({
    unitPrice: fc.integer({ min: 0, max: 5_000_000 }).map(eur),
    quantity: fc.integer({ min: 1, max: 100 }),
  }),
  { minLength: 1, maxLength: 8 },
);
const terms = fc.record({
  discount: fc.option(fc.integer({ min: 0, max: 20_000_000 }).map(eur)),
  joinsParcel: fc.boolean(),
});
const anySettings = fc.record({
  shippingMinor: fc.integer({ min: 0, max: 100_000 }),
  taxIncludedMilliPercent: fc.integer({ min: 0, max: 100_000 }),
});

describe('the all-in price', () => {
  it('[PRI-6] sums up several goods and one parcel', () => {
    expect(orderPrice([vase, bowl], plain, settings)).toEqual({
      goods: eur(13_400),
      discount: eur(0),
      shipping: eur(590),
      tax: eur(2_523),
      total: eur(13_990),
    });
  });
  it('[PRI-7] goods that go into a parcel that is there pay no shipping', () => {
    const { shipping, total } = orderPrice([vase], { ...plain, joinsParcel: true }, settings);
    expect([shipping, total]).toEqual([eur(0), eur(8_600)]);
  });
  it('[PRI-8] a discount lowers the goods, and tax with them; shipping stays', () => {
    expect(orderPrice([vase], { ...plain, discount: eur(860) }, settings)).toEqual({
      goods: eur(8_600),
      discount: eur(860),
      shipping: eur(590),
      tax: eur(1_502),
      total: eur(8_330),
    });
  });
  it('[PRI-8] a discount above the goods takes them off, no more; the parcel is still paid for', () => {
    const { discount, shipping, total } = orderPrice(
      [vase],
      { ...plain, discount: eur(9_999) },
      settings,
    );
    expect([discount, shipping, total]).toEqual([eur(8_600), eur(590), eur(590)]);
  });
  it('[PRI-6] [PRI-8] whatever is sold: total = goods - discount + shipping, none below nothing, tax inside', () => {
    fc.assert(
      fc.property(lines, terms, anySettings, (sold, how, shop) => {
        const { goods, discount, shipping, tax, total } = orderPrice(sold, how, shop);
        const sum = sold.reduce((all, line) => all + line.unitPrice.minor * line.quantity, 0);
        expect(goods.minor).toBe(sum);
        expect(total.minor).toBe(goods.minor - discount.minor + shipping.minor);
        expect(discount.minor).toBe(Math.min(sum, how.discount?.minor ?? 0));
        for (const { minor } of [goods, discount, shipping, tax, total])
          expect(minor).toBeGreaterThanOrEqual(0);
        expect(shipping.minor).toBe(how.joinsParcel || sum === 0 ? 0 : shop.shippingMinor);
        const net = total.minor - tax.minor;
        // Tax on the net amount gives the total again, to half a minor unit of rounding and its tax.
        const again = net * (1 + shop.taxIncludedMilliPercent / 100_000);
        expect(Math.abs(again - total.minor)).toBeLessThanOrEqual(1 + 1e-6);
      }),
    );
  });
});

describe('a parcel', () => {
  const address = {
    name: 'Ada Byron',
    line1: 'Calle Larga 1',
    line2: '',
    postcode: '30100',
    city: 'Venezia',
    country: 'IT',
  };
  const parcel = { orderId: 'o1', address };
  it('[PRI-7] takes what goes to the same person and place, however it is written', () => {
    expect(joinsParcel(parcel, address)).toBe(true);
    const { line2: _none, ...shorter } = address;
    expect(joinsParcel(parcel, shorter)).toBe(true);
    expect(joinsParcel(parcel, { ...address, name: ' ada  byron ', city: 'VENEZIA' })).toBe(true);
  });
  it('[PRI-7] takes nothing for another person or place, and is no parcel when there is none', () => {
    for (const [field, value] of Object.entries({
      name: 'Bob',
      line1: 'Calle Larga 2',
      line2: 'int. 3',
      postcode: '30101',
      city: 'Mestre',
      country: 'AT',
    }))
      expect(joinsParcel(parcel, { ...address, [field]: value })).toBe(false);
    expect(joinsParcel(null, address)).toBe(false);
    // Two fields aren't one: what moves from one to the next is another address.
    expect(joinsParcel(parcel, { ...address, line1: 'Calle', line2: 'Larga 1' })).toBe(false);
  });
});
