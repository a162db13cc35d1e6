// What a host says of a lot before it opens: who may, and which terms can't be.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { limits } from '../../base/limits.ts';
import { ines, mina, otto, teo } from '../testing/given.ts';
import {
  AuctionHouse,
  dutchLot,
  englishLot,
  lotId,
  lotNamed,
  lotTerms,
  refused,
  reserveOf,
} from '../testing/lot-cast.ts';
import { ended, eur, live, offerId, planned, terms } from '../testing/show-cast.ts';
import type { LotTerms } from './lot-terms.ts';

const sha256 = (...lines: (string | number)[]) =>
  createHash('sha256').update(lines.join('\n')).digest('hex');

describe('preparing a lot', () => {
  it('[LOT-1] owner and host prepare it, before or in a live show', () => {
    for (const by of [mina, otto])
      for (const before of [[planned], live]) {
        const house = new AuctionHouse(before);
        expect(house.send({ kind: 'PrepareLot', terms: lotTerms, reserve: null }, by)).toEqual([
          { kind: 'LotPrepared', data: { terms: lotTerms, reserveCommitment: null } },
        ]);
      }
  });
  it('[LOT-1] a moderator and a shopper may not prepare, open, pause, resume, cancel or withdraw', () => {
    const house = new AuctionHouse().open();
    house.prepare(englishLot({}, { lotId: lotNamed('lot2') }));
    for (const by of [teo, ines])
      for (const command of [
        { kind: 'PrepareLot', terms: englishLot({}, { lotId: lotNamed('lot3') }), reserve: null },
        { kind: 'OpenLot', lotId: lotNamed('lot2') },
        { kind: 'WithdrawLot', lotId: lotNamed('lot2'), reason: 'broken' },
        { kind: 'PauseLot', lotId, reason: 'wait' },
        { kind: 'ResumeLot', lotId },
        { kind: 'CancelLot', lotId, reason: 'broken' },
        { kind: 'RunLots', lotIds: [lotNamed('lot2')], gapMs: 0 },
        { kind: 'StopLotRun' },
        { kind: 'DropHammer', lotId },
        { kind: 'OpenNextLot' },
        { kind: 'MeasureAllowance', pictureDelayP95Ms: 400, viewers: 3 },
      ] as const)
        expect(house.send(command, by), command.kind).toEqual({ refused: 'not-allowed' });
  });
  it('[LOT-1] not after the show, and not twice under one id', () => {
    expect(new AuctionHouse([...live, ended]).prepare()).toEqual(refused('show-ended'));
    const house = new AuctionHouse();
    house.prepare();
    expect(house.prepare()).toEqual(refused('lot-exists'));
    expect(house.send({ kind: 'OpenOffer', terms: { ...terms, offerId: lotId } })).toEqual(
      refused('offer-exists'),
    );
    house.send({ kind: 'OpenOffer', terms });
    expect(house.prepare(englishLot({}, { lotId: offerId }))).toEqual(refused('lot-exists'));
  });
  it('[LOT-1] a show has so many lots and no more', () => {
    const house = new AuctionHouse();
    for (let nth = 0; nth < limits.lotsMax; nth += 1)
      house.prepare(englishLot({}, { lotId: lotNamed(`l${nth}`) }));
    expect(house.prepare()).toEqual(refused('too-many-lots', { max: limits.lotsMax }));
  });
  it.each<[field: string, terms: LotTerms, reserve?: number]>([
    ['title', englishLot({}, { title: '' })],
    ['quantity', englishLot({}, { quantity: 0 })],
    ['quantity', englishLot({}, { quantity: 2 })],
    ['quantity', dutchLot({}, { quantity: limits.lotUnitsMax + 1 })],
    ['payMs', englishLot({}, { payMs: 59_999 })],
    ['payMs', englishLot({}, { payMs: Number.NaN })],
    ['start', englishLot({ start: eur(0) })],
    ['start', englishLot({ start: eur(-1) })],
    ['start', englishLot({ start: eur(10.5) })],
    ['start', englishLot({ start: { minor: 1_000, currency: 'USD' } })],
    ['steps', englishLot({ steps: [] })],
    ['steps', englishLot({ steps: [{ fromMinor: 1, stepMinor: 1 }] })],
    ['steps', englishLot({ steps: [{ fromMinor: 0, stepMinor: 0 }] })],
    [
      'steps',
      englishLot({
        steps: [
          { fromMinor: 0, stepMinor: 2 },
          { fromMinor: 50, stepMinor: 1 },
        ],
      }),
    ],
    [
      'steps',
      englishLot({
        steps: [
          { fromMinor: 0, stepMinor: 1 },
          { fromMinor: 0, stepMinor: 2 },
        ],
      }),
    ],
    ['reserve', englishLot({ hasReserve: true })],
    ['reserve', englishLot({ hasReserve: true }), 999],
    ['reserve', englishLot(), 2_000],
    ['reserve', dutchLot(), 2_000],
    ['buyNow', englishLot({ buyNow: eur(999) })],
    ['buyNow', englishLot({ buyNow: eur(3_999), hasReserve: true }), 4_000],
    ['buyNow', englishLot({ buyNow: { minor: 5_000, currency: 'USD' } })],
    ['durationMs', englishLot({ durationMs: 999 })],
    ['durationMs', englishLot({ durationMs: -60_000 })],
    ['softCloseMs', englishLot({ softCloseMs: -1 })],
    ['softCloseMs', englishLot({ softCloseMs: 60_001 })],
    ['extensionMsMax', englishLot({ extensionMsMax: -1 })],
    ['undoMs', englishLot({ undoMs: limits.bidUndoMsMax + 1 })],
    ['floor', dutchLot({ floor: eur(-1) })],
    ['floor', dutchLot({ floor: { minor: 1, currency: 'USD' } })],
    ['start', dutchLot({ floor: eur(5_001) })],
    ['stepMinor', dutchLot({ stepMinor: 0 })],
    ['stepMs', dutchLot({ stepMs: 249 })],
    ['stepMs', dutchLot({ stepMinor: 1, stepMs: 3_600_000 })],
    ['floorMs', dutchLot({ floorMs: 999 })],
  ])('[LOT-3] an impossible %s is refused by name', (field, impossible, reserve) => {
    expect(
      new AuctionHouse().prepare(impossible, reserve === undefined ? null : reserveOf(reserve)),
    ).toEqual({ refused: 'lot-invalid', detail: { field } });
  });
  it('[LOT-24] a reserve is committed to and told to nobody', () => {
    const house = new AuctionHouse();
    const reserved = englishLot({ hasReserve: true, buyNow: eur(8_000) });
    expect(house.prepare(reserved, reserveOf(4_321))).toEqual([
      {
        kind: 'LotPrepared',
        data: {
          terms: reserved,
          reserveCommitment: sha256(
            'rialto-lot-1',
            lotId,
            'reserve',
            4_321,
            'EUR',
            'nonce-reserve-4321',
          ),
        },
        personal: { reserve: reserveOf(4_321) },
      },
    ]);
  });
  it('[LOT-1] a prepared lot is taken back with a reason; an opened one isn’t', () => {
    const house = new AuctionHouse();
    house.prepare();
    expect(house.send({ kind: 'WithdrawLot', lotId, reason: ' ' })).toEqual(
      refused('reason-needed'),
    );
    expect(house.send({ kind: 'WithdrawLot', lotId, reason: 'chipped' })).toEqual([
      { kind: 'LotWithdrawn', data: { lotId, reason: 'chipped' } },
    ]);
    for (const command of [
      { kind: 'WithdrawLot', lotId, reason: 'again' },
      { kind: 'OpenLot', lotId },
    ] as const)
      expect(house.send(command)).toEqual(refused('lot-not-prepared'));
    expect(new AuctionHouse().open().send({ kind: 'WithdrawLot', lotId, reason: 'no' })).toEqual(
      refused('lot-not-prepared'),
    );
  });
});
