// The only place where things are built and joined: a table of contents of the running program. Reads
// top-down: settings, storage, engine, media, doors, then the order in which all of it stops. Nothing
// is decided here.

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { demoShopName } from '../tools/demo.ts';
import { openDemo } from '../tools/demo-shop.ts';
import { type Accounts, createAccounts } from './accounts/accounts.ts';
import { readInstallation } from './accounts/installation.ts';
import { createKeptCards } from './accounts/kept-cards.ts';
import { createMemberships } from './accounts/memberships.ts';
import { watchTokens } from './accounts/watch-tokens.ts';
import { accountRoutes } from './api/account-routes.ts';
import { captionRoutes } from './api/caption-routes.ts';
import { catalogueRoutes } from './api/catalogue-routes.ts';
import { commandIdFor } from './api/command-door.ts';
import { coverRoutes } from './api/cover-routes.ts';
import { createStockDesk } from './api/desks.ts';
import { encoders } from './api/encoders.ts';
import { entrants } from './api/entrant.ts';
import { frontOf } from './api/front.ts';
import { health } from './api/health.ts';
import { hls } from './api/hls.ts';
import { keptRoutes } from './api/kept-routes.ts';
import { LiveDoor } from './api/live-socket.ts';
import { mediaRights } from './api/media-rights.ts';
import { mediaRoutes } from './api/media-routes.ts';
import { metricsText } from './api/metrics.ts';
import { nonces } from './api/nonces.ts';
import { pages } from './api/pages.ts';
import { announcementsOf, planningDoors } from './api/planning-doors.ts';
import { pollRoutes } from './api/poll-routes.ts';
import { preflight } from './api/preflight.ts';
import { proofRoutes } from './api/proof-routes.ts';
import { createReceiptDesk } from './api/receipt-desk.ts';
import { receiptRoutes } from './api/receipt-routes.ts';
import { openRehearsing } from './api/rehearsing.ts';
import { sellingDesks, sellingDoors } from './api/selling-doors.ts';
import { createServer, listenFault } from './api/server.ts';
import { createShowDoor, showAccess } from './api/show-access.ts';
import type { ShowDesk } from './api/show-desk.ts';
import { simulcast } from './api/simulcast.ts';
import { Spending } from './api/spending.ts';
import { commandOfCue } from './api/stage-cue.ts';
import { stageDoors } from './api/stage-routes.ts';
import { StockCounts } from './api/stock-counts.ts';
import { originAllowed, sessionsOf } from './api/visitor.ts';
import { WatchMeter } from './api/watch-meter.ts';
import { watcherBehind, watchTokenRoutes } from './api/watch-token-routes.ts';
import { whipWhep } from './api/whip-whep.ts';
import { type ShowId, showStream } from './base/brand.ts';
import { Fault } from './base/fault.ts';
import { Parts } from './base/parts.ts';
import { systemClock, systemRandom } from './base/ports.ts';
import { readSettings, SettingError, type Settings } from './base/settings.ts';
import { together } from './base/together.ts';
import { type Catalogue, createCatalogue } from './catalogue/catalogue.ts';
import { createCommissions } from './catalogue/commissions.ts';
import { imageStore } from './catalogue/image-store.ts';
import { type Actor, system } from './domain/decider.ts';
import { orderDecider } from './domain/order/order.ts';
import { promoCodeDecider } from './domain/order/promo-code.ts';
import { limitsDecider } from './domain/person/limits.ts';
import type { ShowCommand } from './domain/show/show.ts';
import { showDecider } from './domain/show/show.ts';
import { stockDecider } from './domain/stock/stock.ts';
import type { Engine, Outcome } from './engine/contract.ts';
import { createEngine } from './engine/engine.ts';
import { startPolicies } from './engine/policies.ts';
import { openMail } from './gateways/open-mail.ts';
import { fileJournal } from './gateways/sandbox-journal.ts';
import { sandboxPayments } from './gateways/sandbox-payments.ts';
import { openKeeping } from './keeping/keeping.ts';
import { openDatabase, openPool } from './log/database.ts';
import { migrate } from './log/migrate.ts';
import { openPostgresLog } from './log/postgres-log.ts';
import { openPlane } from './media/open-plane.ts';
import { Stage, type StageCue } from './media/stage.ts';
import type { ShopInfo } from './protocol/http.ts';
import { Rooms } from './publish/rooms.ts';
import { Notary } from './receipts/notary.ts';
import { openSigningKeys } from './receipts/signing-keys.ts';
import { openReminders } from './remind/reminders.ts';
import { allViews } from './views/all.ts';
import { allLimits } from './views/limits.ts';
import { LimitsBook } from './views/limits-book.ts';
import { Projector } from './views/projector.ts';
import { showsInPhase, showsWithoutRecording } from './views/shows.ts';
import type { ViewTables } from './views/tables.ts';

/** The running program, for tools that start it in their own process. */
export type Rialto = {
  /** Finishes what was begun, then stops everything in reverse order. Resolves to what didn't end in time. */
  readonly stop: () => Promise<readonly string[]>;
  readonly engine: Engine;
  readonly accounts: Accounts;
  readonly catalogue: Catalogue;
  readonly shelfItems: ShowDesk['shelfItems'];
  readonly countStock: (variantId: string, onHand: number) => Promise<Outcome>;
};

/** Loaded only where it is used: it costs a start a quarter of a second. */
const stripeGateway = async (options: NonNullable<Settings['stripe']>) =>
  (await import('./gateways/stripe.ts')).stripePayments(options);

const webFolder = fileURLToPath(new URL('../dist/web', import.meta.url));

export const start = async (
  settings: Settings,
  say: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Promise<Rialto> => {
  const clock = systemClock;
  const random = systemRandom;
  const logger = pino(
    { level: settings.logLevel, base: null },
    pino.destination({ dest: 2, sync: false }),
  );
  const note = (line: string) => logger.info({ part: 'media' }, line);
  for (const name of settings.unknown) say(`! ${name} is set, but Rialto has no such setting.`);
  const running = new Parts({
    clock,
    onFault: (part, error) => logger.error({ err: error, part }, 'did not stop cleanly'),
  });
  const stop = () => running.stop();

  /** Without its database nothing here can go on: whoever keeps the process starts it again. */
  const ended = async (fault: Fault) => {
    logger.fatal({ err: fault }, 'the database ended');
    say(
      `\n${fault.message}\nRialto stops. What was acknowledged is in the data folder; start it again.`,
    );
    await stop();
    process.exit(1);
  };

  try {
    // ── storage ──
    const dataFolder = resolve(settings.dataFolder);
    const recordingsFolder = resolve(dataFolder, 'media/recordings');
    const installation = await readInstallation(dataFolder, { isDemo: !settings.bare });
    const signingKeys = await openSigningKeys(dataFolder, clock.nowMs());
    const [database, media] = await together(
      async () => {
        const opened = await openDatabase<ViewTables>(
          settings.databaseUrl === null
            ? {
                embedded: {
                  folder: resolve(dataFolder, 'postgres'),
                  onExit: (fault) => void ended(fault),
                },
              }
            : { url: settings.databaseUrl },
        );
        running.push({ name: 'database', stop: () => opened.close() });
        return opened;
      },
      async (failed) => {
        const started = await openPlane(settings, { recordingsFolder, onNote: note }, failed);
        running.push({ name: 'media', stop: () => started.close() });
        return started;
      },
    );
    await migrate(database.pool);
    const logPool = openPool(database.url, { name: 'rialto log' });
    running.push({ name: 'log connections', stop: () => logPool.end() });
    const log = await openPostgresLog({ pool: logPool });

    // ── command, decide, append ──
    const payments = settings.stripe
      ? await stripeGateway(settings.stripe)
      : sandboxPayments(fileJournal(resolve(dataFolder, 'sandbox/payments.jsonl')));
    const engine = createEngine({
      log,
      clock,
      node: settings.node,
      deciders: [showDecider, stockDecider, orderDecider, promoCodeDecider, limitsDecider],
      report: ({ level, what, ...figures }) => logger[level](figures, what),
    });
    running.push({ name: 'engine', stop: () => engine.stop() });
    const limitsBook = new LimitsBook({
      log,
      onFault: (error) => logger.error({ err: error }, 'a buyer’s limits can’t be read'),
    });
    engine.onCommitted(({ stream, events }) => limitsBook.committed(stream, events));
    const price = {
      shippingMinor: settings.shippingMinor,
      taxIncludedMilliPercent: settings.taxIncludedMilliPercent,
    };
    const policies = startPolicies({
      engine,
      log,
      clock,
      gateway: payments,
      spending: { book: limitsBook, price },
      report: ({ level, what, ...figures }) => logger[level](figures, what),
    });
    running.push({ name: 'policies', stop: () => policies.stop() });
    const tellShow = (showId: string, command: ShowCommand, key: string, by: Actor = system) =>
      engine.send(showStream(showId as ShowId), command, {
        commandId: commandIdFor('system', command.kind, key),
        by,
      });

    // ── publish, view ──
    const rooms = new Rooms({
      log,
      epoch: clock.nowMs(),
      countReactions: async (showId, counts) => {
        await tellShow(showId, { kind: 'CountReactions', counts }, random.id());
      },
      measureDelay: (showId, pictureDelayP95Ms, viewers) => {
        tellShow(
          showId,
          { kind: 'MeasureAllowance', pictureDelayP95Ms, viewers },
          random.id(),
        ).catch((error: unknown) => logger.error({ err: error }, 'a delay could not be measured'));
      },
      report: (what, error) => logger.error({ err: error }, what),
    });
    running.push({ name: 'rooms', stop: async () => rooms.close() });
    const projector = new Projector({
      log,
      db: database.kysely,
      views: allViews,
      clock,
      onFault: (error) => logger.error({ err: error }, 'views can’t follow the log'),
    });
    await projector.start();
    limitsBook.open(await allLimits(database.kysely));
    running.push({ name: 'views', stop: () => projector.stop() });

    // ── media ──
    const catalogue = createCatalogue({
      pool: database.pool,
      dataFolder,
      baseUrl: settings.publicUrl,
      currency: settings.currency,
      clock,
      random,
    });
    const keeping = await openKeeping({
      ...{ engine, log, clock, projector, media, recordingsFolder, s3: settings.s3, catalogue },
      ...{ db: database.kysely, pool: database.pool },
      report: ({ level, what, ...figures }) => logger[level](figures, what),
    });
    running.push({ name: 'keeping', stop: () => keeping.stop() });
    const stage = new Stage({
      media,
      clock,
      tell: (showId, cue) => tellCue(showId, cue),
      onFault: (what, error) => logger.error({ err: error }, what),
    });
    running.push({ name: 'stage', stop: () => stage.stop() });
    const tellCue = async (showId: string, cue: StageCue): Promise<void> => {
      if (cue.cue === 'recording') return keeping.attach(showId, cue.recording);
      await tellShow(showId, commandOfCue(cue), random.id());
    };
    engine.onCommitted(({ stream, events, waiting }) => {
      rooms.committed(stream, events, waiting);
      const last = events.at(-1);
      if (last) projector.committed(stream, last.seq);
      for (const { kind } of events) {
        if (kind === 'ShowStarted') void stage.opened(stream.slice('show-'.length));
        else if (kind === 'ShowEnded') void stage.closed(stream.slice('show-'.length));
      }
    });
    for (const show of await showsInPhase(database.kysely, 'live')) void stage.opened(show.show_id);
    for (const show of await showsWithoutRecording(database.kysely))
      void stage.closed(show.show_id);

    // ── shop ──
    const mail = await openMail(settings, () => clock.nowMs());
    const shopName = settings.shopName ?? (installation.isDemo ? demoShopName : 'My shop');
    const accounts = createAccounts({
      pool: database.pool,
      secret: installation.secret,
      baseUrl: settings.publicUrl,
      shopName,
      sendLetter: (letter) => mail.send(letter),
      clock,
      random,
      onFault: (message, error) => logger.error({ err: error }, message),
    });
    const reminders = await openReminders({
      ...{ pool: database.pool, log, engine, clock, mail, dataFolder, shopName, rooms },
      ...{ secret: installation.secret, publicUrl: settings.publicUrl },
      report: ({ level, what, ...figures }) => logger[level](figures, what),
    });
    running.push({ name: 'reminders', stop: () => reminders.stop() });
    const counts = new StockCounts({
      engine,
      catalogue,
      shown: (stream, seq) => projector.reached(stream, seq),
      clock,
      report: (what, figures) => logger.warn(figures, what),
    });
    running.push({ name: 'stock counts', stop: () => counts.stop() });
    await counts.start();
    const shop = async (): Promise<ShopInfo> => ({
      name: shopName,
      currency: settings.currency,
      sandbox: { payments: payments.sandbox, mail: mail.sandbox },
      ...price,
      needsSetup: await accounts.needsSetup(),
      version: packageJson.version,
    });

    // ── doors ──
    const memberships = createMemberships({ pool: database.pool, clock });
    const cards = createKeptCards({ pool: database.pool });
    const sessionOf = sessionsOf(accounts, memberships);
    const front = frontOf(settings.trustedProxies);
    const notary = new Notary(signingKeys);
    const nonceOf = nonces(installation.secret);
    const limiting = {
      engine,
      book: limitsBook,
      roomOf: (showId: ShowId) => rooms.room(showId),
      price,
      clock,
      random,
      currency: settings.currency,
      report: (what: string, error: unknown) => logger.warn({ err: error }, what),
    };
    const spending = new Spending(limiting);
    const roomAtHand = (showId: ShowId) => rooms.roomAtHand(showId);
    const showDoor = createShowDoor(showAccess({ db: database.kysely, memberships, roomAtHand }));
    const door = new LiveDoor({
      engine,
      rooms,
      front,
      sessionOf,
      allowOrigin: (origin, host) => originAllowed(origin, host, settings.publicUrl),
      clock,
      random,
      entrantOf: entrants({ accounts, memberships, cards, nonceOf }),
      nonceOf,
      notary,
      spending,
      showDoor,
      watchMeter: new WatchMeter(limiting),
      report: (what, error) => logger.error({ err: error }, what),
    });
    const app = await createServer({
      logger,
      publicUrl: settings.publicUrl,
      front,
      version: packageJson.version,
      sessionOf,
      readiness: async () => {
        await database.pool.query('select 1');
        return [];
      },
      metrics: () => metricsText({ sockets: door.size, rooms: rooms.figures }),
    });
    const deskOptions = {
      db: database.kysely,
      log,
      projector,
      catalogue,
      clock,
      roomOf: (showId: ShowId) => rooms.room(showId),
      viewersOf: (showId: string) => rooms.viewers(showId as ShowId),
      hasPoster: (showId: string) => media.hasPoster(showId),
    };
    const rehearsing = await openRehearsing({
      ...{ ...limiting, ...deskOptions, app, media, front, sessionOf, nonceOf, showDoor, logger },
      ...{ pool: database.pool, publicUrl: settings.publicUrl },
    });
    running.push({ name: 'rehearsals', stop: () => rehearsing.stop() });
    const showDesk = rehearsing.desk;
    /** The demo's camera publishes with this; it is known to this process alone. */
    const cameraToken = random.id(40);
    const summary = (showId: string) => showDesk.summary(showId as ShowId);
    const encoding = encoders({
      ...{ pool: database.pool, db: database.kysely, media, accounts, summary },
      ...{ clock, random, settings, logger },
    });
    running.push({ name: 'encoders', stop: () => encoding.stop() });
    const tokens = watchTokens({ secret: installation.secret, clock });
    const behind = watcherBehind(tokens, accounts);
    const rights = mediaRights(cameraToken, summary, showDoor, encoding.desk, behind);
    const doors = {
      engine: rehearsing.engine,
      desk: showDesk,
      random,
      nonceOf,
      door: showDoor,
      commissions: createCommissions({ pool: database.pool, clock }),
      shop: { name: shopName, currency: settings.currency },
    };
    await app.register(captionRoutes(doors));
    await app.register(pollRoutes(doors));
    await app.register(coverRoutes({ ...doors, images: imageStore(dataFolder) }));
    const desks = sellingDesks({ ...deskOptions, sandbox: payments.sandbox });
    const buying = { ...limiting, ...doors, ...desks, payments, spending };
    await app.register(sellingDoors({ ...buying, cards, publicUrl: settings.publicUrl }));
    await app.register(keptRoutes({ ...buying, db: database.kysely, log, keeping }));
    await app.register(
      receiptRoutes({
        log,
        keys: signingKeys,
        notary,
        desk: createReceiptDesk(database.kysely),
      }),
    );
    await app.register(proofRoutes({ log, desk: showDesk, door: showDoor }));
    await app.register(preflight({ ...limiting, ...doors, accounts, media, pool: database.pool }));
    await app.register(
      mediaRoutes({ media, recordingsFolder, door: showDoor, files: keeping.files }),
    );
    await app.register(whipWhep({ media, ...rights, onKeySession: encoding.onKeySession }));
    await app.register(watchTokenRoutes({ ...doors, tokens, publicUrl: settings.publicUrl }));
    await app.register(encoding.routes);
    await app.register(
      stageDoors({ engine, log, media, clock, random, publicUrl: settings.publicUrl }),
    );
    await app.register(hls({ media, engine, door: showDoor, clock, note }));
    await app.register(health({ media, rooms, summary }));
    await app.register(
      simulcast({
        ...{ media, engine, db: database.kysely, pool: database.pool, summary, clock, random },
        ...{ secret: installation.secret, inside: settings.simulcastInside },
        note: (figures, what) => logger.info({ part: 'simulcast', ...figures }, what),
      }),
    );
    await app.register(
      accountRoutes({ accounts, memberships, mail, publicUrl: settings.publicUrl }),
    );
    await app.register(
      catalogueRoutes({ catalogue, random, ...createStockDesk(database.kysely, counts) }),
    );
    const planning = { ...doors, clock, mail, reminders, accounts, publicUrl: settings.publicUrl };
    await app.register(planningDoors({ ...planning, shopName, shown: showDesk.shown }));
    app.get('/api/shop', { schema: { summary: 'The shop' } }, shop);
    await app.register(
      pages({ ...planning, webFolder, shop, announcements: announcementsOf(planning) }),
    );
    app.server.on('upgrade', (request, socket, head) => {
      const isTaken = rehearsing.upgrade(request, socket, head);
      if (!isTaken && !door.upgrade(request, socket, head)) socket.destroy();
    });
    running.push({
      name: 'doors',
      stop: async () => {
        await door.close();
        await app.close();
      },
    });
    await encoding.start();
    await app
      .listen({ port: settings.port, host: settings.host })
      .catch((error: NodeJS.ErrnoException) => {
        throw listenFault(error, settings);
      });

    // ── the living demo ──
    if (installation.isDemo && !settings.bare) {
      const demo = await openDemo({
        engine,
        clock,
        random,
        catalogue,
        accounts,
        db: database.kysely,
        shelfItems: showDesk.shelfItems,
        referencePrices: showDesk.referencePrices,
        countStock: (variantId, onHand) => counts.count(variantId, onHand, system, 'demo'),
        url: `http://127.0.0.1:${settings.port}`,
        cameraToken,
        dataFolder,
        dropRecording: keeping.dropDemo,
        say,
        logger,
      });
      running.push({ name: 'demo', stop: () => demo.stop() });
    }

    // ── what a person sees ──
    say('');
    say(`  ${shopName} is open at ${settings.publicUrl}`);
    if (settings.ownerLink || (await accounts.needsSetup())) {
      say(`  Owner: sign in once with ${await accounts.createOwnerLink()}`);
    }
    if (payments.sandbox)
      say('  Payments are a sandbox: no money moves. Set STRIPE_SECRET_KEY for real ones.');
    say('  Ctrl-C stops everything; the next start finds all data again.');
    say('');
    return {
      stop,
      engine,
      accounts,
      catalogue,
      shelfItems: showDesk.shelfItems,
      countStock: (variantId, onHand) => counts.count(variantId, onHand, system, 'seed'),
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** Prints what a person needs to know, and ends cleanly on Ctrl-C, also while it still starts. */
const run = async (): Promise<void> => {
  const settings = readSettings(process.env, process.argv.slice(2));
  const asked = Promise.withResolvers<void>();
  let stopping = false;
  const end = (signal: string) => {
    if (stopping) return;
    stopping = true;
    process.stdout.write(
      `\n${signal === 'SIGINT' ? 'Stopping' : 'Asked to stop'}: finishing what was begun …\n`,
    );
    asked.resolve();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => end(signal));
  const { stop } = await start(settings);
  await asked.promise;
  const late = await stop();
  const waiting = late.length === 0 ? '' : ` Not waited for: ${late.join(', ')}.`;
  process.stdout.write(`Stopped.${waiting} All data is kept.\n`);
  process.exit(late.length === 0 ? 0 : 1);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  run().catch((error: unknown) => {
    // A setting or a fault says in one sentence what is wrong; anything else is ours and shows its stack.
    const isPlain = error instanceof SettingError || error instanceof Fault;
    process.stderr.write(
      `\nRialto did not start.\n${isPlain ? error.message : (error as Error).stack}\n`,
    );
    process.exit(1);
  });
}
