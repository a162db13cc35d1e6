// The people of the simulated show: a host who plans, sells and ends it, and a crowd that chats, claims by button
// and by comment, pays, hesitates, gives back and comes too late. Each acts on answers alone, as a device does, and
// keeps trying with the same id until it gets one. What they do with lots stands in
// auction-cast.ts, with drops in drop-cast.ts.

import type {
  HoldId,
  MessageId,
  OfferId,
  OrderId,
  PersonId,
  ProductId,
  ShowId,
  StreamId,
  VariantId,
} from '../src/base/brand.ts';
import { orderStream, showStream, stockStream } from '../src/base/brand.ts';
import { limits } from '../src/base/limits.ts';
import { type Actor, system } from '../src/domain/decider.ts';
import { noProvider } from '../src/domain/order/order.ts';
import { allInPrice } from '../src/domain/order/price.ts';
import { commentPolicies } from '../src/domain/sale/comment-sale.ts';
import type { OfferTerms } from '../src/domain/sale/offer.ts';
import type { ShowCommand } from '../src/domain/show/show.ts';
import { hostLots, shopLots } from './auction-cast.ts';
import { hostDrops, shopDrops } from './drop-cast.ts';
import { type Buyer, Screen, type Shopper, type Stage } from './stage.ts';
import type { World } from './world.ts';

const eur = (minor: number) => ({ minor, currency: 'EUR' });
const address = {
  name: 'A',
  line1: '1 Quay',
  line2: '',
  postcode: '30100',
  city: 'Venezia',
  country: 'IT',
};

/** Plays a whole show; resolves when everybody went home. */
export const play = async (world: World): Promise<void> => {
  const { random } = world;
  const showId = 's1' as ShowId;
  const stage: Stage = {
    showId,
    show: showStream(showId),
    variants: (['vase', 'bowl', 'cup'] as VariantId[]).slice(0, 1 + random.below(3)),
    offers: [],
    screen: new Screen(world, { showId, show: showStream(showId) }),
    isPaying: new Set(),
    isOver: false,
  };
  const crowd = 3 + random.below(random.chance(0.3) ? 50 : 15);
  await Promise.all([
    host(world, stage),
    ...Array.from({ length: crowd }, (_, nth) => shopper(world, stage, `p${nth}`)),
  ]);
};

const host = async (world: World, stage: Stage): Promise<void> => {
  const { random } = world;
  const by: Actor = { kind: 'person', id: 'host' as PersonId, name: 'Mina', role: 'host' };
  let ids = 0;
  const send = (stream: StreamId, command: Parameters<World['insist']>[1]) =>
    world.insist(stream, command, by, `host-${++ids}`);
  /** A machine that was frozen may refuse from old memory (decision 0003); a host who sees that presses again. */
  const press = async (command: ShowCommand): Promise<void> => {
    for (let times = 0; times < 20; times++) {
      if ((await send(stage.show, command))?.kind === 'done') return;
      await world.wait(5_000);
    }
  };
  const productId = 'ceramics' as ProductId;

  for (const variantId of stage.variants)
    await send(stockStream(variantId), { kind: 'CountStock', onHand: random.below(60) });
  await send(stage.show, {
    kind: 'PlanShow',
    plan: {
      title: 'Kiln night',
      showKind: 'demonstration',
      startsAtMs: world.clock.nowMs(),
      hostId: 'host' as PersonId,
      hostName: 'Mina',
      shopName: 'Laguna',
      disclosure: 'own-brand',
      isDemo: false,
    },
  });
  await send(stage.show, {
    kind: 'StockShelf',
    items: [
      {
        productId,
        title: 'Ceramics',
        imageUrl: null,
        provenance: null,
        variants: stage.variants.map((variantId) => ({
          variantId,
          title: variantId,
          price: eur(9_800),
        })),
      },
    ],
  });
  if (random.chance(0.2)) await hostDrops(world, stage, 99, (command) => send(stage.show, command));
  await press({ kind: 'GoLive' });
  if (random.chance(0.7)) {
    const owner: Actor = { ...by, role: 'owner' };
    const on = { kind: 'SwitchCommentClaims', isOn: true } as const;
    await world.insist(stage.show, on, owner, 'comments-on');
  }
  await send(stage.show, { kind: 'PictureOn' });

  const acts = 3 + random.below(8);
  for (let act = 0; act < acts; act++) {
    await world.wait(random.below(20_000));
    if (random.chance(0.4)) {
      await hostLots(world, stage, act, (command) => send(stage.show, command));
      continue;
    }
    if (random.chance(0.35)) {
      await hostDrops(world, stage, act, (command) => send(stage.show, command));
      continue;
    }
    switch (random.below(7)) {
      case 0:
      case 1:
      case 2: {
        const variants = stage.variants.filter(() => random.chance(0.7));
        const bare: OfferTerms = {
          offerId: `offer${act}` as OfferId,
          productId,
          title: 'Tonight only',
          variants: (variants.length > 0 ? variants : stage.variants).map((variantId) => ({
            variantId,
            title: variantId,
            price: eur(8_600),
            usualPrice: eur(9_800),
            quantity: 1 + random.below(random.chance(0.2) ? 30 : 8),
          })),
          perPersonMax: random.pick([null, 1, 2]),
          durationMs: 1_000 + random.below(90_000),
          holdMs: limits.holdMsMin + random.below(45_000),
        };
        const comments = wordsOf(world, bare.variants, act);
        const terms = random.chance(0.6) ? { ...bare, comments } : bare;
        const opened = await send(stage.show, { kind: 'OpenOffer', terms });
        if (opened?.kind === 'done') stage.offers.push(terms);
        break;
      }
      case 3:
        if (stage.offers.length > 0)
          await send(stage.show, {
            kind: 'CloseOffer',
            offerId: random.pick(stage.offers).offerId,
          });
        break;
      case 4:
        await send(stockStream(random.pick(stage.variants)), {
          kind: 'CountStock',
          onHand: random.below(80),
        });
        break;
      case 5:
        await send(stage.show, { kind: 'PictureLost' });
        if (random.chance(0.5)) await send(stage.show, { kind: 'PictureOn' });
        break;
      default:
        await world.insist(
          stage.show,
          { kind: 'CountReactions', counts: { heart: 1 + random.below(90) } },
          system,
          `reactions-${act}`,
        );
    }
  }
  // Some wait for the last hammer, some close the shop in the middle of it.
  if (random.chance(0.6)) await world.wait(random.below(90_000));
  await press({ kind: 'EndShow' });
  stage.isOver = true;
};

/** Every variant by a word of its own; whoever writes it gets what the policy says. */
const wordsOf = (
  { random }: World,
  variants: OfferTerms['variants'],
  act: number,
): NonNullable<OfferTerms['comments']> => ({
  policy: random.pick(commentPolicies),
  codes: variants.map(({ variantId }) => ({
    variantId,
    word: `${variantId}${'abcdefghijk'[act]}`.toUpperCase(),
  })),
});

/** By comment, in a show whose owner reads them: exactly, in a sentence, too many, or with nothing to buy in it. */
const claimByComment = async (
  world: World,
  stage: Stage,
  { by, id, tries, pay, later }: Shopper,
): Promise<void> => {
  const { random } = world;
  const offer = stage.offers.at(-1);
  if (!offer?.comments) return;
  const { word, variantId } = random.pick(offer.comments.codes);
  const text = random.pick([
    word,
    word,
    `${word} 2`,
    `2x ${word}`,
    `is the ${word} gone?`,
    'vase 0',
  ]);
  const holdId = `${id}-hold` as HoldId;
  const said = await world.insist(
    stage.show,
    { kind: 'PostMessage', messageId: id as MessageId, text, replyTo: null, holdId, tier: null },
    by,
    id,
    tries,
  );
  if (said?.kind !== 'done') return;
  const waits = said.events.some(({ kind }) => kind === 'CommentWaiting');
  if (waits && random.chance(0.2)) {
    const leave = { kind: 'LeaveCommentLine', offerId: offer.offerId, variantId } as const;
    await world.insist(stage.show, leave, by, `${id}-leave`, tries);
    return;
  }
  later(payWhatIsHeld(world, stage, holdId, pay));
};

/** What a comment became: held at once, or when somebody before gives it back. */
const payWhatIsHeld = async (
  world: World,
  stage: Stage,
  holdId: HoldId,
  pay: Buyer,
): Promise<void> => {
  for (let look = 0; look < 6; look += 1) {
    const hold = stage.screen.hold(holdId);
    if (hold) return pay(holdId, hold.variantId, hold.price);
    await world.wait(1_000 + world.random.below(15_000));
  }
};

const shopper = async (world: World, stage: Stage, name: string): Promise<void> => {
  const { random } = world;
  const by = { kind: 'person' as const, id: name as PersonId, name, role: 'shopper' as const };
  let ids = 0;
  const buying: Promise<void>[] = [];
  await world.wait(random.below(60_000));
  for (
    let turns = 4 + random.below(20);
    turns > 0 && (!stage.isOver || random.chance(0.4));
    turns--
  ) {
    // A crowd comes at once when something opens.
    await world.wait(random.chance(0.4) ? random.below(50) : random.below(12_000));
    const id = `${name}-${++ids}`;
    // Who claims and hears nothing for long walks away; what became of it is settled without them.
    const tries = random.chance(0.2) ? 1 + random.below(3) : Number.POSITIVE_INFINITY;
    const pay: Buyer = (holdId, variantId, price) => {
      stage.isPaying.add(holdId as HoldId);
      return buy(world, by, stage, stage.show, holdId, variantId, price);
    };
    const later = (paying: Promise<void>) => void buying.push(paying);
    if (random.chance(0.4) && stage.offers.at(-1)?.comments) {
      await claimByComment(world, stage, { by, id, tries, pay, later });
      continue;
    }
    if (random.chance(0.2)) {
      await world.insist(
        stage.show,
        { kind: 'PostMessage', messageId: id as MessageId, text: `hello ${ids}`, replyTo: null },
        by,
        id,
        tries,
      );
      continue;
    }
    if (random.chance(0.5) && stage.screen.lots.length > 0) {
      await shopLots(world, stage, { by, id, tries, pay, later });
      continue;
    }
    if (random.chance(0.5) && stage.screen.drops.length > 0) {
      await shopDrops(world, stage, { by, id, tries, pay, later });
      continue;
    }
    if (random.chance(0.15)) {
      const variantId = random.pick(stage.variants);
      const stream = stockStream(variantId);
      const held = await world.insist(
        stream,
        {
          kind: 'HoldFromShelf',
          holdId: id as HoldId,
          quantity: 1 + random.below(2),
          price: eur(9_800),
          showId: stage.showId,
          holdMs: limits.holdMsMin + random.below(30_000),
        },
        by,
        id,
        tries,
      );
      if (held?.kind === 'done') buying.push(buy(world, by, stage, stream, id, variantId));
      continue;
    }
    if (stage.offers.length === 0) continue;
    const offer = random.chance(0.8) ? stage.offers.at(-1)! : random.pick(stage.offers);
    const variantId = random.chance(0.95)
      ? random.pick(offer.variants).variantId
      : random.pick(stage.variants);
    const quantity = random.pick([1, 1, 1, 2, 3, random.chance(0.1) ? 0 : 1]);
    const claimed = await world.insist(
      stage.show,
      { kind: 'Claim', offerId: offer.offerId, variantId, quantity, holdId: id as HoldId },
      by,
      id,
      tries,
    );
    if (claimed?.kind !== 'done') continue;
    buying.push(buy(world, by, stage, stage.show, id, variantId));
    // A broken device, or a thief who heard the id: another wish under a name that was used.
    if (random.chance(0.15)) {
      const thief: Actor = random.chance(0.5)
        ? by
        : { kind: 'person', id: 'thief' as PersonId, name: 'T', role: 'shopper' };
      await world.reuse(
        stage.show,
        {
          kind: 'Claim',
          offerId: offer.offerId,
          variantId,
          quantity: 2,
          holdId: `${id}x` as HoldId,
        },
        thief,
        id,
      );
    }
  }
  await Promise.all(buying);
};

/** From a hold to an order, or to nothing: what the checkout's door does, one step after the other. */
const buy = async (
  world: World,
  by: Actor,
  stage: Stage,
  place: StreamId,
  id: string,
  variantId: VariantId,
  price = eur(8_600),
): Promise<void> => {
  const { random } = world;
  const holdId = id as HoldId;
  const orderId = id as OrderId;
  const order = orderStream(orderId);
  await world.wait(random.below(random.chance(0.1) ? 90_000 : 8_000));
  if (random.chance(0.15)) return;
  if (random.chance(0.1)) {
    await world.insist(place, { kind: 'ReleaseHold', holdId }, by, `${id}-release`);
    return;
  }
  const totals = allInPrice(price, 1, { shippingMinor: 500, taxIncludedMilliPercent: 22_000 });
  const lines = [
    {
      productId: 'ceramics' as ProductId,
      variantId,
      title: variantId,
      quantity: 1,
      unitPrice: price,
    },
  ];
  const placed = await world.insist(
    order,
    {
      kind: 'PlaceOrder',
      hold: { stream: place, holdId },
      showId: stage.showId,
      lines,
      totals,
      code: null,
      address,
      email: `${by.kind}@example.org`,
    },
    by,
    `${id}-place`,
  );
  if (placed?.kind !== 'done') return;
  if (random.chance(0.1)) {
    await world.insist(order, { kind: 'CancelOrder', reason: 'buyer' }, by, `${id}-cancel`);
    return;
  }
  for (let attempt = 1; attempt <= 3; attempt++) {
    await world.wait(random.below(3_000));
    const begun = await world.insist(
      place,
      { kind: 'BeginPayment', holdId, orderId, attempt: String(attempt) },
      by,
      `${id}-begin-${attempt}`,
    );
    if (begun?.kind !== 'done') return;
    if (totals.total.minor === 0) {
      const free = {
        kind: 'RecordPayment',
        paymentId: `free-${id}`,
        provider: noProvider,
      } as const;
      await world.insist(order, free, system, `${id}-free`);
      return;
    }
    const started = await world.insist(
      order,
      { kind: 'StartPayment', attempt: String(attempt) },
      by,
      `${id}-start-${attempt}`,
    );
    if (started?.kind !== 'done') return;
    const paymentId = `pay-${id}-${attempt}`;
    const answer = await world.gateway.charge(paymentId, { orderId: id, amount: totals.total });
    if (answer === 'silent') return;
    if (answer === 'paid') {
      // The provider's notice comes until it is taken, and sometimes once more.
      const tell = (nth: number) =>
        world.insist(
          order,
          { kind: 'RecordPayment', paymentId, provider: 'sim' },
          system,
          `${paymentId}-${nth}`,
        );
      await Promise.all([tell(1), random.chance(0.2) ? tell(2) : null]);
      // The other tab's payment goes through as well.
      const twin = `${paymentId}-twin`;
      if (
        random.chance(0.1) &&
        (await world.gateway.charge(twin, { orderId: id, amount: totals.total })) === 'paid'
      ) {
        await world.insist(
          order,
          { kind: 'RecordPayment', paymentId: twin, provider: 'sim' },
          system,
          twin,
        );
      }
      if (random.chance(0.05)) {
        await world.wait(random.below(20_000));
        const crew: Actor = { kind: 'person', id: 'host' as PersonId, name: 'Mina', role: 'host' };
        await world.insist(order, { kind: 'RefundOrder', reason: 'crew' }, crew, `${id}-refund`);
      }
      return;
    }
    await world.insist(
      order,
      { kind: 'RecordDecline', attempt: String(attempt), reason: 'card-declined' },
      system,
      `${id}-decline-${attempt}`,
    );
  }
};
