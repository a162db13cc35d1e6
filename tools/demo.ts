// The living demo: a small pottery shop whose show is always on, directed by a script, filmed by the
// synthetic camera and watched by a simulated crowd that goes through the same doors as everybody else.
// Every show of it is marked as a demo. It stops being started once the owner sets up a shop of their own.

import type { ShowDesk } from '../src/api/show-desk.ts';
import {
  type CommandId,
  type OfferId,
  type PollId,
  type ProductId,
  type SegmentId,
  type ShowId,
  type StreamId,
  showStream,
  stockStream,
  type VariantId,
} from '../src/base/brand.ts';
import { money } from '../src/base/money.ts';
import type { Clock, Random } from '../src/base/ports.ts';
import type { Catalogue } from '../src/catalogue/catalogue.ts';
import { addDemoCatalogue } from '../src/catalogue/demo-catalogue.ts';
import type { Actor } from '../src/domain/decider.ts';
import type { ShelfItem } from '../src/domain/sale/shelf.ts';
import type { Segment } from '../src/domain/show/run-of-show.ts';
import type { Command, Engine } from '../src/engine/contract.ts';

export const demoShopName = 'Laguna Ceramics';

export type DemoOptions = {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly random: Random;
  /** The host, as the accounts know her. */
  readonly host: Extract<Actor, { kind: 'person' }>;
  /** The shelf, in the order in which the show goes through it. */
  readonly items: readonly ShelfItem[];
  readonly referencePrices: ShowDesk['referencePrices'];
  /** Units that can be allocated now. */
  readonly availableOf: (variantId: VariantId) => Promise<number>;
  /** A demo show that was live when the server stopped, or null. */
  readonly liveShow: ShowId | null;
  /** Ended demo shows with a recording, latest first. */
  readonly recorded: () => Promise<readonly ShowId[]>;
  /** Deletes a recording's files and says so in its show. */
  readonly dropRecording: (showId: ShowId) => Promise<void>;
  /** Points camera and crowd at a show. */
  readonly onShow: (showId: ShowId) => Promise<void>;
  readonly onFault: (error: unknown) => void;
};

/** A demo show ends after so long, so that there is a fresh replay, and the next one begins. */
const showMs = 40 * 60_000;
/** How long a segment and an offer take: quicker than a real evening, so that a newcomer sees all of it. */
const segmentMs = 75_000;
const offerMs = 55_000;
const holdMs = 40_000;
const pollMs = 45_000;
/** A recording is some 10 MB a minute: the last two are kept. */
const recordingsKept = 2;

/** The story of the evening. Each segment shows products by their place on the shelf. */
const story: readonly (Omit<Segment, 'segmentId' | 'productIds'> & {
  readonly shows: readonly number[];
  readonly says: string;
  /** Asked of the room while it runs. */
  readonly asks?: { readonly question: string; readonly options: readonly string[] };
})[] = [
  {
    title: 'Why the lagoon is blue',
    beat: 'hook',
    minutes: 4,
    notes: 'Start with the vase in the light.',
    shows: [0],
    says: 'Welcome in! Tonight the kiln is still warm 🔥',
  },
  {
    title: 'My grandfather’s glaze book',
    beat: 'backstory',
    minutes: 8,
    notes: 'Page 41: copper, ash, patience.',
    shows: [1],
    says: 'This glaze is page 41 of the book. Copper, wood ash and a lot of patience.',
  },
  {
    title: 'Throwing the vase',
    beat: 'demo',
    minutes: 12,
    notes: 'Show the foot ring, let them see the tool marks.',
    shows: [0, 2],
    says: 'Watch the foot ring: that line is how you know it’s ours.',
    asks: {
      question: 'What goes into the next firing?',
      options: ['Tea bowls', 'Tall vases', 'Plates for six'],
    },
  },
  {
    title: 'Offer: straight from the kiln',
    beat: 'offer',
    minutes: 6,
    notes: 'Say the price with shipping.',
    shows: [3],
    says: 'A few of these came out perfect. Live price for a minute, shipping is on the button.',
  },
  {
    title: 'Dishwasher? Microwave?',
    beat: 'questions',
    minutes: 6,
    notes: 'Answer the top three.',
    shows: [4],
    says: 'Yes, dishwasher is fine. The gold rim is the only one I’d wash by hand.',
  },
  {
    title: 'Set the table',
    beat: 'community',
    minutes: 6,
    notes: 'Who is here for the first time?',
    shows: [5, 6],
    says: 'Say hello if it’s your first kiln night 👋',
    asks: { question: 'Which glaze do you want to see next?', options: ['Celadon', 'Tenmoku'] },
  },
  {
    title: 'Last pieces of the firing',
    beat: 'offer',
    minutes: 6,
    notes: 'No more after this firing.',
    shows: [7],
    says: 'Last pieces of this firing. The next one is in two weeks.',
  },
];

/** What the demo needs of the shop before its first show. */
export type DemoShop = {
  readonly catalogue: Catalogue;
  readonly countStock: (variantId: string, onHand: number) => Promise<unknown>;
  readonly onProgress: (done: number, of: number) => void;
};

/** Fills the catalogue and counts the stock; does again only what is missing. */
export const furnishDemo = async ({
  catalogue,
  countStock,
  onProgress,
}: DemoShop): Promise<void> => {
  if (!(await catalogue.isEmpty())) return;
  for (const { variantId, onHand } of await addDemoCatalogue(catalogue, onProgress))
    await countStock(variantId, onHand);
};

/** Starts the demo; resolves when a show is on. The returned function stops the script, not the show. */
export const startDemo = async (options: DemoOptions): Promise<() => void> => {
  const demo = new Demo(options);
  await demo.begin();
  return () => demo.stop();
};

class Demo {
  readonly #options: DemoOptions;
  #showId: ShowId;
  #step = 0;
  #endsAtMs = 0;
  #cancel: () => void = () => undefined;
  #stopped = false;

  constructor(options: DemoOptions) {
    this.#options = options;
    this.#showId = options.liveShow ?? this.#newShowId();
  }

  async begin(): Promise<void> {
    const { clock, liveShow } = this.#options;
    if (liveShow === null) await this.#open();
    this.#endsAtMs = clock.nowMs() + showMs;
    await this.#options.onShow(this.#showId);
    await this.#next();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #newShowId(): ShowId {
    return `demo-${this.#options.random.id(8)}` as ShowId;
  }

  async #open(): Promise<void> {
    const { host, items, clock } = this.#options;
    const segments: Segment[] = story.map(({ shows, says: _, asks: __, ...segment }, index) => ({
      ...segment,
      segmentId: `s${index + 1}` as SegmentId,
      productIds: shows.flatMap((place) => items[place % items.length]?.productId ?? []),
    }));
    await this.#tell({
      kind: 'PlanShow',
      plan: {
        title: 'Kiln night',
        showKind: 'demonstration',
        startsAtMs: clock.nowMs(),
        hostId: host.id,
        hostName: host.name,
        shopName: demoShopName,
        disclosure: 'own-brand',
        isDemo: true,
      },
    });
    await this.#tell({ kind: 'ArrangeSegments', segments });
    await this.#tell({ kind: 'StockShelf', items: [...items] });
    await this.#tell({ kind: 'GoLive' });
  }

  /** One step of the script, and the next in its time. A fault costs a step, never the demo. */
  async #next(): Promise<void> {
    if (this.#stopped) return;
    const { clock, onFault } = this.#options;
    try {
      if (clock.nowMs() >= this.#endsAtMs) await this.#renew();
      await this.#play(this.#step);
    } catch (error) {
      onFault(error);
    }
    this.#step += 1;
    if (!this.#stopped) this.#cancel = clock.at(clock.nowMs() + segmentMs, () => void this.#next());
  }

  async #play(step: number): Promise<void> {
    const { items, random } = this.#options;
    const place = step % story.length;
    const segment = story[place]!;
    await this.#tell({ kind: 'EnterSegment', segmentId: `s${place + 1}` as SegmentId });
    await this.#tell({
      kind: 'PostMessage',
      messageId: random.id() as never,
      text: segment.says,
      replyTo: null,
    });
    const item = items[(segment.shows[0] ?? step) % items.length];
    if (item) await this.#offer(item, step);
    if (segment.asks) await this.#ask(segment.asks);
  }

  async #ask(asked: {
    readonly question: string;
    readonly options: readonly string[];
  }): Promise<void> {
    const pollId = this.#options.random.id() as PollId;
    await this.#tell({ kind: 'OpenPoll', pollId, ...asked, durationMs: pollMs });
  }

  async #offer(item: ShelfItem, step: number): Promise<void> {
    const { random } = this.#options;
    const variants = item.variants.slice(0, 2);
    const quantity = 4 + (step % 4) * 2;
    const references = await this.#options.referencePrices([item], null);
    for (const { variantId } of variants) await this.#restock(variantId, quantity * 2);
    await this.#tell({ kind: 'PinProduct', productId: item.productId as ProductId });
    await this.#tell({
      kind: 'OpenOffer',
      terms: {
        offerId: random.id() as OfferId,
        productId: item.productId,
        title: item.title,
        variants: variants.map(({ variantId, title, price }) => ({
          variantId,
          title,
          // A tenth off, in whole units of the currency.
          price: money(Math.floor((price.minor * 0.9) / 100) * 100, price.currency),
          usualPrice: references.get(variantId) ?? price,
          quantity,
        })),
        perPersonMax: 2,
        durationMs: offerMs,
        holdMs,
      },
    });
  }

  /** New pieces from the kiln when the shelf runs low. Refused while more are promised: enough for then. */
  async #restock(variantId: VariantId, wanted: number): Promise<void> {
    if ((await this.#options.availableOf(variantId)) >= wanted) return;
    await this.#send(stockStream(variantId), { kind: 'CountStock', onHand: wanted * 2 });
  }

  async #renew(): Promise<void> {
    const { clock, recorded, dropRecording, onShow } = this.#options;
    await this.#tell({ kind: 'EndShow' });
    this.#showId = this.#newShowId();
    this.#step = 0;
    this.#endsAtMs = clock.nowMs() + showMs;
    await this.#open();
    await onShow(this.#showId);
    for (const old of (await recorded()).slice(recordingsKept)) await dropRecording(old);
  }

  #tell(command: Command): Promise<void> {
    return this.#send(showStream(this.#showId), command);
  }

  async #send(stream: StreamId, command: Command): Promise<void> {
    const { engine, host, random } = this.#options;
    await engine.send(stream, command, { commandId: random.id() as CommandId, by: host });
  }
}
