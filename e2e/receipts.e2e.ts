// A receipt, from the claim to the proof: somebody claims in the live show, downloads what the shop signed
// for them after its end, and checks it with the command that anybody has, against the public log; a log in
// which one figure was changed is refused.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Owner } from './back-office.ts';
import { Cast, openBrowser, type Person, scenesOf } from './cast.ts';
import { type House, openHouse } from './house.ts';

let house: House;
let cast: Cast;
let owner: Owner;
let ines: Person;
let folder: string;
let showId = '';
let receiptFile = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rialto-receipts-'));
  house = await openHouse();
  cast = new Cast(await openBrowser());
  owner = await Owner.of(house);
  ines = await cast.onPhone('ines_w');
}, 240_000);
afterAll(async () => {
  await cast?.close();
  await house?.close();
  await rm(folder, { recursive: true, force: true });
});
scenesOf(
  () => cast,
  () => house,
);

const verify = (...args: string[]): Promise<{ code: number; out: string }> =>
  new Promise((resolve) => {
    const command = join(import.meta.dirname, '../tools/verify.ts');
    execFile(process.execPath, [command, ...args], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out: stdout + stderr }),
    );
  });

describe('a receipt', { timeout: 120_000 }, () => {
  it('[RCP-2] is among one’s own after a claim in the live show', async () => {
    const products = (await owner.imports('apparel')).slice(0, 2);
    ({ showId } = await owner.plans('Signed and sealed', products));
    await owner.ask('POST', `/api/shows/${showId}/go-live`);
    await ines.opens(`${house.url}/shows/${showId}`);
    const [product] = products;
    if (!product) throw new Error('nothing to sell');
    await owner.offers(showId, product, {
      quantity: 3,
      perPersonMax: 2,
      durationMs: 600_000,
      holdMs: 600_000,
    });
    await ines.button(/^Claim for/).click();
    await ines.givesName();
    await ines.sees('One is held for you');
    await ines.opens(`${house.url}/receipts`);
    await ines.sees(product.title);
    await ines.sees('Claim in Signed and sealed');
  });

  it('[RCP-5] nobody reads the log before the show has ended', async () => {
    expect(await verify(`${house.url}/shows/${showId}`)).toMatchObject({ code: 2 });
  });

  it('[RCP-4] is downloaded, and fits the public log under the shop’s key', async () => {
    await owner.ask('POST', `/api/shows/${showId}/end`);
    const { page } = ines;
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: /^Download the receipt of/ }).click();
    receiptFile = join(folder, (await download).suggestedFilename());
    expect(receiptFile).toMatch(new RegExp(`rialto-receipt-${showId}-\\d+\\.json$`));
    await (await download).saveAs(receiptFile);
    await writeFile(join(folder, 'keys'), await (await fetch(`${house.url}/api/keys`)).text());
    const { code, out } = await verify(
      `${house.url}/shows/${showId}`,
      '--receipt',
      receiptFile,
      '--key',
      join(folder, 'keys'),
    );
    expect(out).toContain('receipts   1 given, each for the event that stands there');
    expect(code).toBe(0);
  });

  it('[RCP-6] contradicts a log in which one figure was changed', async () => {
    const log = await (await fetch(`${house.url}/api/shows/${showId}/log`)).text();
    const changed = log.replace('"quantity":1,"variantId"', '"quantity":2,"variantId"');
    expect(changed).not.toBe(log);
    const file = join(folder, 'changed');
    await writeFile(file, changed);
    const { code, out } = await verify(file, '--receipt', receiptFile);
    expect(out).toContain('NOT WHOLE');
    expect(code).toBe(1);
  });

  it('no page met an error of its own', () => cast.hadNoFaults());
});
