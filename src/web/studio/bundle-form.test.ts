import { describe, expect, it } from 'vitest';
import type { RoomItem } from '../../protocol/room.ts';
import {
  apartText,
  type BundleForm,
  checkBundle,
  newBundle,
  piecesOf,
  setsAvailable,
} from './bundle-form.ts';

const eur = (minor: number) => ({ minor, currency: 'EUR' });
const shelf: RoomItem[] = [
  {
    productId: 'cup',
    title: 'Cup',
    imageUrl: null,
    variants: [{ variantId: 'cup1', title: '', price: eur(2_400) }],
    provenance: null,
  },
  {
    productId: 'vase',
    title: 'Vase',
    imageUrl: null,
    variants: [{ variantId: 'blue', title: 'Blue', price: eur(8_600) }],
    provenance: null,
  },
];
const stock = {
  cup1: { available: 7, inCarts: 0 },
  blue: { available: 5, inCarts: 0 },
};
const [cup, vase] = piecesOf(shelf) as [BundleForm['pieces'][number], BundleForm['pieces'][number]];
const set: BundleForm = {
  ...newBundle,
  title: ' Tea for two ',
  price: '99',
  quantity: '3',
  pieces: [{ ...cup, quantity: '2' }, vase],
};
const options = { currency: 'EUR', forMembers: false, alone: [] };
const wrong = (over: Partial<BundleForm>, how: object = {}) =>
  Object.keys(checkBundle({ ...set, ...over }, stock, { ...options, ...how }).problems);

describe('a set of several pieces', () => {
  it('[PRI-19] is what the shop takes', () => {
    expect(checkBundle(set, stock, options)).toEqual({
      body: {
        title: 'Tea for two',
        priceMinor: 9_900,
        membersPriceMinor: null,
        quantity: 3,
        parts: [
          { productId: 'cup', variantId: 'cup1', quantity: 2 },
          { productId: 'vase', variantId: 'blue', quantity: 1 },
        ],
      },
      problems: {},
    });
  });
  it('[PRI-19] can be offered as often as its scarcest piece allows', () => {
    expect(setsAvailable(set, stock)).toBe(3);
    expect(setsAvailable({ ...set, pieces: [vase] }, stock)).toBe(5);
    expect(setsAvailable({ ...set, pieces: [{ ...cup, quantity: 'x' }] }, stock)).toBeNull();
    expect(wrong({ quantity: '4' })).toEqual(['bundle:quantity']);
  });
  it('names every field that can’t be', () => {
    expect(wrong({ title: ' ' })).toEqual(['bundle:title']);
    expect(wrong({ price: 'x' })).toEqual(['bundle:price']);
    expect(wrong({ quantity: '' })).toEqual(['bundle:quantity']);
    expect(wrong({ pieces: [] })).toEqual(['bundle:pieces']);
    expect(wrong({ pieces: [{ ...cup, quantity: '0' }, vase] })).toEqual(['bundle:cup1']);
    expect(wrong({}, { alone: ['blue'] })).toEqual(['bundle:blue']);
    expect(wrong({ membersPrice: '100' }, { forMembers: true })).toEqual(['bundle:members']);
    expect(wrong({ membersPrice: '100' })).toEqual([]);
  });
  it('says what its pieces cost apart', () => {
    expect(apartText(set)).toBe('€\u00a0134.00 apart');
    expect(apartText({ ...set, pieces: [{ ...cup, quantity: '' }] })).toBe('');
    expect(apartText(newBundle)).toBe('');
  });
});
