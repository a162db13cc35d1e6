// Opens the living demo in a running shop: furnishes it, brings the host, points the camera and the crowd
// at whichever show is on. The script of the evening is demo.ts; everybody but the host comes through
// the public doors.

import { resolve } from 'node:path';
import type { Kysely } from 'kysely';
import type { Accounts } from '../src/accounts/accounts.ts';
import type { ShowDesk } from '../src/api/show-desk.ts';
import type { PersonId, ProductId, ShowId } from '../src/base/brand.ts';
import type { Clock, Random } from '../src/base/ports.ts';
import type { Catalogue } from '../src/catalogue/catalogue.ts';
import type { Engine } from '../src/engine/contract.ts';
import { startCamera } from '../src/media/camera/start-camera.ts';
import { recordedDemoShows, showsInPhase } from '../src/views/shows.ts';
import { stockLevels } from '../src/views/stock.ts';
import type { ViewTables } from '../src/views/tables.ts';
import { startCrowd } from './crowd.ts';
import { furnishDemo, startDemo } from './demo.ts';

export type DemoShopOptions = {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly random: Random;
  readonly catalogue: Catalogue;
  readonly accounts: Accounts;
  readonly db: Kysely<ViewTables>;
  readonly shelfItems: ShowDesk['shelfItems'];
  readonly referencePrices: ShowDesk['referencePrices'];
  readonly countStock: (variantId: string, onHand: number) => Promise<unknown>;
  /** Where camera and crowd find the server. */
  readonly url: string;
  /** Lets the camera publish into demo shows. */
  readonly cameraToken: string;
  readonly dataFolder: string;
  readonly dropRecording: (showId: ShowId) => Promise<void>;
  readonly say: (line: string) => void;
  readonly logger: {
    info(figures: object | string, what?: string): void;
    warn(figures: object, what: string): void;
  };
};

/** Enough people for a room that lives, few enough for a laptop. */
const crowdCount = 24;

/** Resolves when a show is on; camera and crowd follow by themselves. */
export const openDemo = async (
  options: DemoShopOptions,
): Promise<{ readonly stop: () => Promise<void> }> => {
  const { engine, clock, random, catalogue, db, url, dataFolder, logger } = options;
  await furnishDemo({
    catalogue,
    countStock: options.countStock,
    onProgress: (done, of) =>
      options.say(`  Setting up the demo shop: ${done} of ${of} products drawn`),
  });
  const { personId, name } = await options.accounts.ensurePerson({
    name: 'Mina Orsini',
    email: 'mina@laguna.example',
    password: random.id(32),
    role: 'host',
  });
  const { products } = await catalogue.list({ limit: 50, offset: 0, status: 'active' });
  const live = (await showsInPhase(db, 'live')).find((show) => show.is_demo);

  let camera: ReturnType<typeof startCamera> | null = null;
  let crowd: ReturnType<typeof startCrowd> | null = null;
  const onShow = async (showId: ShowId): Promise<void> => {
    await camera?.stop();
    camera = startCamera(
      {
        whipUrl: `${url}/whip/${showId}`,
        headers: { authorization: `Bearer ${options.cameraToken}` },
        cacheFolder: resolve(dataFolder, 'cache'),
        clock: false,
      },
      (news) => logger.info({ news }, 'demo camera'),
    );
    if (crowd) crowd.moveTo(showId);
    else {
      crowd = startCrowd({
        url,
        showId,
        count: crowdCount,
        sessionFile: resolve(dataFolder, 'demo-crowd.json'),
        report: (line) => logger.info(line),
      });
    }
  };

  const stopScript = await startDemo({
    engine,
    clock,
    random,
    host: { kind: 'person', id: personId as PersonId, name, role: 'host' },
    items: await options.shelfItems(products.map(({ id }) => id as ProductId)),
    referencePrices: options.referencePrices,
    availableOf: async (variantId) => (await stockLevels(db, [variantId]))[0]?.available ?? 0,
    liveShow: (live?.show_id as ShowId | undefined) ?? null,
    recorded: async () => (await recordedDemoShows(db)).map(({ show_id }) => show_id as ShowId),
    dropRecording: options.dropRecording,
    onShow,
    onFault: (error) => logger.warn({ err: error }, 'a step of the demo failed'),
  });
  return {
    async stop() {
      stopScript();
      await camera?.stop();
      await crowd?.stop();
    },
  };
};
