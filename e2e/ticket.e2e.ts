// A workshop with tickets, from outside to inside: a visitor without a ticket sees what the evening is, what to
// bring and how to get in, and nothing of the room; buys a ticket in the sandbox, is let in, and is outside
// again when the money went back.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signalOverHttp } from '../src/media/client/signal.ts';
import { ViewerClient } from '../src/media/client/viewer-client.ts';
import type { OrderView, ShowDetail, ShowSummary } from '../src/protocol/http.ts';
import { Owner, Refused, Visitor } from './back-office.ts';
import { Cast, openBrowser, type Person, scenesOf } from './cast.ts';
import { type House, openHouse } from './house.ts';
import { createJudge } from './judge.ts';

const { judge, findings } = createJudge();

let house: House;
let cast: Cast;
let owner: Owner;
let ines: Person;
let desk: Person;
let office: Person;
let showId = '';
let ticketTitle = '';
let clayTitle = '';

beforeAll(async () => {
  house = await openHouse();
  cast = new Cast(await openBrowser());
  owner = await Owner.of(house);
  ines = await cast.onPhone('ines_w', { still: true });
  desk = await cast.atDesk('passer-by', { still: true });
  office = await cast.atDesk('office', { still: true });
  await office.context.addCookies(owner.cookies);
}, 240_000);
afterAll(async () => {
  await cast?.close();
  await house?.close();
});
scenesOf(
  () => cast,
  () => house,
);

const refusalOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'let in',
    (error: unknown) => (error instanceof Refused ? error.message : String(error)),
  );

describe('a workshop with tickets', { timeout: 180_000 }, () => {
  it('[TKT-1] [TKT-8] is planned in the office: who gets in, by which ticket, and what to bring', async () => {
    const [seat, clay] = await owner.imports('apparel');
    if (!seat || !clay) throw new Error('nothing to sell');
    [ticketTitle, clayTitle] = [seat.title, clay.title];
    for (const { variants } of [seat, clay])
      await owner.ask('PUT', `/api/variants/${variants[0]?.id}/stock`, { onHand: 20 });
    const show = await owner.ask<ShowSummary>('POST', '/api/shows', {
      title: 'Throwing a bowl',
      showKind: 'workshop',
      startsAtMs: Date.now() + 3_600_000,
      productIds: [clay.id],
    });
    showId = show.showId;
    const { page } = office;
    await office.opens(`${house.url}/office/shows/${showId}`);
    await page.getByLabel('Who may watch and take part').selectOption('ticket');
    await page.getByLabel('The product that is the ticket').fill(ticketTitle);
    await office.button(`This one: ${ticketTitle} as the ticket`).click();
    await office.sees('The ticket:');
    await office.button('Add a material').click();
    await page.getByLabel('Material 1', { exact: true }).fill('Clay');
    await page.getByLabel('How much').fill('2 kg');
    await page.getByLabel('On the shelf').selectOption({ label: clayTitle });
    await judge([office], 'office-access');
    await office.button('Save').click();
    await office.button('Saved').waitFor();
    const { room } = await owner.show(showId);
    expect(room.plan.access).toMatchObject({ for: 'ticket', productId: seat.id });
    expect(room.plan.materials).toEqual([
      { title: 'Clay', quantity: '2 kg', note: '', productId: clay.id },
    ]);
  });

  it('[TKT-5] [TKT-8] shows those outside the plan, the materials and the way in, and nothing of the room', async () => {
    await owner.ask('POST', `/api/shows/${showId}/go-live`);
    for (const person of [ines, desk]) {
      await person.opens(`${house.url}/shows/${showId}`);
      await person.sees('How to get in');
      await person.sees('What will happen');
      await person.sees(/2 kg\s+Clay/);
      expect(await person.chat.count()).toBe(0);
    }
    await judge([ines, desk], 'outside');
    await desk.opens(house.url);
    await desk.sees(/Workshop.*with a ticket/);
    const stranger = new Visitor(house);
    const { room, entry } = await stranger.ask<ShowDetail>('GET', `/api/shows/${showId}`);
    expect(entry.mayEnter).toBe(false);
    expect([room.chat, room.shelf, room.offers, room.lots]).toEqual([[], [], [], []]);
  });

  it('[TKT-6] no door lets anybody in without a ticket', async () => {
    const stranger = await new Visitor(house).asGuest('stranger');
    const claim = { offerId: 'o', variantId: 'v', quantity: 1 };
    const asked = [
      stranger.ask('POST', `/api/shows/${showId}/claims`, claim),
      stranger.ask('GET', `/api/shows/${showId}/replay`),
      stranger.ask('POST', `/whep/${showId}`),
    ];
    for (const refusal of await Promise.all(asked.map(refusalOf)))
      expect(refusal).toContain('ticket-needed');
  });

  it('[TKT-2] lets in who has bought one', async () => {
    await ines.button(/^Buy a ticket for/).click();
    await ines.givesName();
    await ines.page.getByRole('dialog', { name: 'Checkout' }).waitFor();
    await ines.pays();
    await ines.page
      .getByRole('dialog', { name: 'It’s yours' })
      .getByRole('button', { name: /Close|Back/ })
      .first()
      .click();
    await ines.chat.waitFor();
    await ines.says('Which wheel do you use?');
    await ines.sees('Which wheel do you use?');
  });

  it('[TKT-10] lets in another player by a token, as long as its person may come in', async () => {
    const part = office.page.getByRole('region', { name: 'In another player' });
    await office.opens(`${house.url}/office/shows/${showId}`);
    await part.getByRole('button', { name: 'Make a token' }).click();
    const address = await part.getByLabel('WHEP address', { exact: true }).inputValue();
    const token = await part.getByLabel('bearer token', { exact: true }).inputValue();
    await judge([office], 'other-player');
    expect(new URL(address).pathname).toBe(`/whep/${showId}`);
    const asks = (bearer: string) => {
      const headers = { authorization: `Bearer ${bearer}` };
      return refusalOf(
        ViewerClient.connect({ signal: signalOverHttp(address, headers) }).then((viewer) =>
          viewer.close(),
        ),
      );
    };
    expect(await asks(token)).toBe('let in');
    expect(await asks(`${token}x`)).toContain('watch-token-invalid');
    const stranger = await new Visitor(house).asGuest('stranger');
    expect(await refusalOf(stranger.ask('POST', `/api/shows/${showId}/watch-token`))).toContain(
      'ticket-needed',
    );
  });

  it('[TKT-7] is outside again when the ticket’s money has gone back', async () => {
    const { orders } = await owner.ask<{ orders: OrderView[] }>('GET', '/api/orders');
    const [order] = orders;
    expect(order?.lines[0]?.title).toContain(ticketTitle);
    await owner.ask('POST', `/api/orders/${order?.orderId}/refund`);
    await ines.sees('How to get in');
  });

  it('keep the rules of WCAG 2.2 AA and the width of the screen', () => {
    expect(findings).toEqual([]);
  });

  it('met no error of their own', () => cast.hadNoFaults());
});
