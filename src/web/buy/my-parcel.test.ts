import { describe, expect, it } from 'vitest';
import type { ParcelAnswer } from '../../protocol/http.ts';
import { createMyParcel } from './my-parcel.ts';

const parcel = {
  orderId: 'o1',
  address: { name: 'Ada', line1: 'x 1', line2: '', postcode: '1', city: 'V', country: 'IT' },
};

/** A server whose answers are given by hand, in any order. */
const asked = () => {
  const waiting: { resolve: (answer: ParcelAnswer) => void; reject: (error: Error) => void }[] = [];
  const paths: string[] = [];
  const mine = createMyParcel('s 1', (path) => {
    paths.push(path);
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  });
  let told = 0;
  mine.subscribe(() => {
    told += 1;
  });
  return { mine, waiting, paths, told: () => told };
};

describe('my parcel of a show', () => {
  it('[PRI-7] is none until the shop has said so, so that a button never promises too little', async () => {
    const { mine, waiting, paths, told } = asked();
    const refreshed = mine.refresh();
    expect(mine.now()).toBeNull();
    waiting[0]!.resolve({ parcel });
    await refreshed;
    expect([mine.now(), paths, told()]).toEqual([parcel, ['/api/shows/s%201/parcel'], 1]);
  });
  it('is not somebody else’s: an answer that comes after another person did is dropped', async () => {
    const { mine, waiting } = asked();
    const refreshed = mine.refresh();
    mine.forget();
    waiting[0]!.resolve({ parcel });
    await refreshed;
    expect(mine.now()).toBeNull();
  });
  it('stays as it is known when the shop can’t be reached; the later of two answers counts', async () => {
    const { mine, waiting } = asked();
    const [first, second] = [mine.refresh(), mine.refresh()];
    waiting[1]!.resolve({ parcel });
    waiting[0]!.resolve({ parcel: null });
    await Promise.all([first, second]);
    expect(mine.now()).toEqual(parcel);
    const third = mine.refresh();
    waiting[2]!.reject(new Error('no line'));
    await third;
    expect(mine.now()).toEqual(parcel);
  });
});
