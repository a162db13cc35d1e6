// A draw, from the entries to the proof: three people enter a giveaway, the host opens it, and a stranger on a
// phone sees on its page that it was right, and has the command that says so without the page.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Owner, Visitor } from './back-office.ts';
import { Cast, openBrowser, type Person, scenesOf } from './cast.ts';
import { type House, openHouse } from './house.ts';
import { createJudge } from './judge.ts';

const { judge, findings } = createJudge();

let house: House;
let cast: Cast;
let owner: Owner;
let strangers: readonly Person[] = [];
let showId = '';
let page = '';

beforeAll(async () => {
  house = await openHouse();
  cast = new Cast(await openBrowser());
  owner = await Owner.of(house);
  strangers = [
    await cast.onPhone('stranger-phone', { still: true }),
    await cast.atDesk('stranger-desk', { still: true }),
  ];
}, 240_000);
afterAll(async () => {
  await cast?.close();
  await house?.close();
});
scenesOf(
  () => cast,
  () => house,
);

/** Enters by the show's socket, as the page of a viewer does; resolves when it is acknowledged. */
const enter = async (visitor: Visitor, message: object): Promise<void> => {
  const socket = new WebSocket(`${house.url.replace('http', 'ws')}/api/shows/${showId}/live`, {
    headers: {
      origin: house.url,
      cookie: visitor.cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
    },
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('open', () => {
      socket.send(JSON.stringify({ t: 'hello' }));
      socket.send(JSON.stringify({ t: 'enter', id: 'enter', quantity: 1, ...message }));
    });
    socket.on('message', (data) => {
      const answer = JSON.parse(String(data)) as { t: string };
      if (answer.t === 'done') resolve();
      if (answer.t === 'refused') reject(new Error(String(data)));
    });
    socket.on('error', reject);
  });
  socket.close();
};

const verify = (address: string): Promise<{ code: number; out: string }> =>
  new Promise((resolve) => {
    const command = join(import.meta.dirname, '../tools/verify.ts');
    execFile(process.execPath, [command, address], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out: stdout + stderr }),
    );
  });

describe('a draw', { timeout: 120_000 }, () => {
  it('[DRO-9] shows what it is committed to, before it is opened', async () => {
    const product = (await owner.imports('jewelry')).find(({ variants }) => variants.length === 1)!;
    const variantId = product.variants[0]!.id;
    ({ showId } = await owner.plans('Gifts for the first hour', [product]));
    await owner.ask('POST', `/api/shows/${showId}/go-live`);
    await owner.ask('PUT', `/api/variants/${variantId}/stock`, { onHand: 5 });
    const { dropId } = await owner.ask<{ dropId: string }>('POST', `/api/shows/${showId}/drops`, {
      productId: product.id,
      variants: [{ variantId, priceMinor: 0, quantity: 2 }],
      order: 'draw',
      isGiveaway: true,
    });
    page = `/shows/${showId}/drops/${dropId}`;
    for (const name of ['nora', 'olga', 'petra']) {
      const guest = await new Visitor(house).asGuest(name);
      await enter(guest, { dropId, variantId, words: `words-of-${name}` });
    }
    await Promise.all(strangers.map((person) => person.opens(house.url + page)));
    await Promise.all(strangers.map((person) => person.sees('Not opened yet.')));
    await Promise.all(strangers.map((person) => person.sees('not told yet')));
    await judge(strangers, 'draw-announced');
  });

  it('[DRO-9] is recounted in the browser once it was opened', async () => {
    await owner.ask('POST', `${page.replace('/shows', '/api/shows')}/open`);
    await Promise.all(strangers.map((person) => person.opens(house.url + page)));
    await Promise.all(
      strangers.map((person) => person.sees('Recounted in this browser: it is right.')),
    );
    await Promise.all(strangers.map((person) => person.sees('3 entries, 2 served')));
    await judge(strangers, 'draw-opened');
  });

  it('[DRO-9] gives the command that recounts it from the public log', async () => {
    await owner.ask('POST', `/api/shows/${showId}/end`);
    const [phone] = strangers;
    await phone!.opens(house.url + page);
    await phone!.page.getByText('How to check it without this page').click();
    const command = (await phone!.page.locator('pre').textContent()) ?? '';
    const [, address] = /^npm run verify -- (\S+)$/.exec(command.trim()) ?? [];
    const { code, out } = await verify(address ?? '');
    expect(out).toContain('every drop was served in the order that its seeds and entries make');
    expect(code).toBe(0);
  });

  it('no page is wider than its screen, nor breaks a rule of accessibility', () => {
    expect(findings).toEqual([]);
  });
  it('no page met an error of its own', () => cast.hadNoFaults());
});
