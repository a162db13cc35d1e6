// `npm run seed`: a shop to work on, in RIALTO_DATA (default ./data): a named cast with one password, the
// demo's catalogue, and a show in every phase. For development only; it refuses to run in production and
// on a shop that somebody uses.

import {
  type CommandId,
  type OfferId,
  type ProductId,
  type SegmentId,
  type ShowId,
  showStream,
} from '../src/base/brand.ts';
import { freePort } from '../src/base/free-port.ts';
import { systemRandom } from '../src/base/ports.ts';
import { readSettings } from '../src/base/settings.ts';
import type { Role } from '../src/base/words.ts';
import type { Actor } from '../src/domain/decider.ts';
import { templateFor } from '../src/domain/show/templates.ts';
import type { Command } from '../src/engine/contract.ts';
import { start } from '../src/main.ts';
import { furnishDemo } from './demo.ts';

const password = 'rialto for developers';

/** The cast of the demo, the simulator and the browser stories. */
const cast: readonly (readonly [name: string, role: Role])[] = [
  ['Otto', 'owner'],
  ['Mina Orsini', 'host'],
  ['Luca', 'host'],
  ['Teo', 'moderator'],
  ['ines_w', 'shopper'],
  ['tomasz', 'shopper'],
  ['halima', 'shopper'],
  ['jo.m', 'shopper'],
  ['petr_k', 'shopper'],
  ['anouk', 'shopper'],
  // Writes what filters are for.
  ['vinnie', 'shopper'],
];

const main = async (): Promise<void> => {
  const env = { ...process.env, PORT: String(await freePort()), HOST: '127.0.0.1' };
  const settings = readSettings(env, ['--bare']);
  if (settings.isProduction)
    throw new Error(
      'npm run seed makes accounts with a known password; it does not run with NODE_ENV=production.',
    );
  const rialto = await start(settings, () => {});
  try {
    if (!(await rialto.catalogue.isEmpty()))
      throw new Error(
        `The shop in ${settings.dataFolder} is in use. Choose another folder with RIALTO_DATA.`,
      );
    await furnishDemo({
      catalogue: rialto.catalogue,
      countStock: rialto.countStock,
      onProgress: (done, of) => console.log(`${done} of ${of} products drawn`),
    });
    const people = new Map<string, Extract<Actor, { kind: 'person' }>>();
    for (const [name, role] of cast) {
      const email = `${name.split(' ')[0]!.toLowerCase()}@rialto.example`;
      const { personId } = await rialto.accounts.ensurePerson({ name, email, password, role });
      people.set(name, { kind: 'person', id: personId as never, name, role });
      console.log(`${role.padEnd(10)} ${email}`);
    }
    const mina = people.get('Mina Orsini')!;
    const tell = async (showId: string, command: Command, by: Actor = mina) => {
      const outcome = await rialto.engine.send(showStream(showId as ShowId), command, {
        commandId: systemRandom.id() as CommandId,
        by,
      });
      if (outcome.kind === 'refused')
        throw new Error(`${command.kind} in ${showId}: ${outcome.reason}`);
    };
    const { products } = await rialto.catalogue.list({ limit: 6, offset: 0, status: 'active' });
    const items = await rialto.shelfItems(products.map(({ id }) => id as ProductId));
    const plan = async (showId: string, title: string, startsInHours: number) => {
      await tell(showId, {
        kind: 'PlanShow',
        plan: {
          title,
          showKind: 'demonstration',
          startsAtMs: Date.now() + startsInHours * 3_600_000,
          hostId: mina.id,
          hostName: mina.name,
          shopName: 'Laguna Ceramics',
          disclosure: 'own-brand',
          isDemo: false,
        },
      });
      await tell(showId, {
        kind: 'ArrangeSegments',
        segments: templateFor('demonstration', (index) => `s${index + 1}` as SegmentId),
      });
      await tell(showId, { kind: 'StockShelf', items });
    };
    const talk = async (showId: string) => {
      const lines: [string, string][] = [
        ['ines_w', 'KILN! KILN! KILN!'],
        ['jo.m', 'what does kiln kiln mean'],
        ['halima', 'it means we open the kiln together, stay for it'],
        ['petr_k', 'could the next one be in ochre?'],
        ['vinnie', 'call me for a better price'],
      ];
      for (const [name, text] of lines) {
        await tell(
          showId,
          { kind: 'PostMessage', messageId: systemRandom.id() as never, text, replyTo: null },
          people.get(name)!,
        );
      }
    };
    await plan('coming', 'Kiln night no. 11', 48);
    await plan('called-off', 'Raku in the rain', 24);
    await tell('called-off', { kind: 'CancelShow', reason: 'It rains too much.' });
    await plan('over', 'Kiln night no. 9', -24);
    await tell('over', { kind: 'GoLive' });
    await talk('over');
    await tell('over', { kind: 'EndShow' });
    await plan('on', 'Kiln night no. 10', 0);
    await tell('on', { kind: 'GoLive' });
    await tell('on', { kind: 'EnterSegment', segmentId: 's1' as SegmentId });
    await talk('on');
    const [item] = items;
    if (item) {
      await tell('on', { kind: 'PinProduct', productId: item.productId });
      const variants = item.variants
        .slice(0, 1)
        .map(({ price, ...variant }) => ({ ...variant, price, usualPrice: price, quantity: 3 }));
      await tell('on', {
        kind: 'OpenOffer',
        terms: {
          offerId: 'seeded' as OfferId,
          productId: item.productId,
          title: item.title,
          variants,
          perPersonMax: 2,
          durationMs: 6 * 3_600_000,
          holdMs: 120_000,
        },
      });
    }
    console.log(
      `\nEverybody's password: ${password}\nShows: coming, on, over, called-off. Start with: npm start -- --bare`,
    );
  } finally {
    await rialto.stop();
  }
};

main().then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
