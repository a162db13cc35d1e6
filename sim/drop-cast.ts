// The drops and giveaways of the simulated show: a host who announces, opens and cancels them, and shoppers who
// enter, enter again, leave, get a hold when it is their turn, pay or don't.

import type { OfferId, ProductId, VariantId } from '../src/base/brand.ts';
import { limits } from '../src/base/limits.ts';
import type { Drop, DropTerms } from '../src/domain/sale/drop.ts';
import { isOn } from '../src/domain/sale/line.ts';
import type { OfferVariant } from '../src/domain/sale/offer.ts';
import type { Send, Shopper, Stage } from './stage.ts';
import type { World } from './world.ts';

const eur = (minor: number) => ({ minor, currency: 'EUR' });

/** One thing that a host does with drops. */
export const hostDrops = async (
  world: World,
  stage: Stage,
  act: number,
  send: Send,
): Promise<void> => {
  const { random } = world;
  const { drops } = stage.screen;
  if (drops.length === 0 || random.chance(0.6)) {
    const terms = dropOf(world, stage, `drop${act}` as OfferId);
    const seeds = [...terms.earlyAccess, null].map(() => random.id(32));
    const announced = await send({ kind: 'AnnounceDrop', terms, seeds });
    if (announced?.kind !== 'done' || terms.opensAtMs !== null) return;
    await world.wait(random.below(15_000));
    if (random.chance(0.9)) await send({ kind: 'OpenDrop', dropId: terms.dropId });
    return;
  }
  const { dropId } = random.pick(drops).terms;
  if (random.chance(0.3)) await send({ kind: 'CancelDrop', dropId, reason: 'cracked' });
  else await send({ kind: 'OpenDrop', dropId });
};

const dropOf = ({ random, clock }: World, stage: Stage, dropId: OfferId): DropTerms => {
  const isGiveaway = random.chance(0.3);
  const opensAtMs = random.chance(0.5) ? clock.nowMs() + random.below(30_000) : null;
  const variants = stage.variants.filter(() => random.chance(0.7));
  const price = eur(isGiveaway ? 0 : 8_600);
  const alone = (variants.length > 0 ? variants : stage.variants).map((variantId) => ({
    variantId,
    title: variantId,
    price,
    usualPrice: eur(9_800),
    quantity: 1 + random.below(4),
  }));
  return {
    dropId,
    productId: 'ceramics' as ProductId,
    title: 'First firing',
    // What was to be alone becomes one set, or a set beside the rest.
    variants: random.chance(0.6) ? inSets(alone, 1 + random.below(2)) : alone,
    order: isGiveaway ? 'draw' : random.pick(['queue', 'draw']),
    isGiveaway,
    opensAtMs,
    durationMs: 5_000 + random.below(120_000),
    holdMs: limits.holdMsMin + random.below(30_000),
    perPersonMax: 1 + random.below(2),
    earlyAccess:
      opensAtMs !== null && random.chance(0.5)
        ? [{ tier: 'club', earlierMs: 1_000 + random.below(10_000) }]
        : [],
    needsAccount: random.chance(0.3),
  };
};

/** The first of these, so many in a set of their own; of each set as many as of the variant. */
const inSets = (
  [first, ...rest]: readonly OfferVariant[],
  sized: number,
): readonly OfferVariant[] => {
  const parts = (rest.length > 1 ? [first!, rest.pop()!] : [first!]).map(
    ({ variantId, title }, nth) => ({
      variantId,
      productId: 'ceramics' as ProductId,
      title,
      quantity: nth === 0 ? sized : 1,
    }),
  );
  return [{ ...first!, variantId: 'bundle_sim' as VariantId, title: 'A set', parts }, ...rest];
};

/** A shopper looks at the drops and does one thing. What comes of an entry they may pay, later. */
export const shopDrops = async (world: World, stage: Stage, shopper: Shopper): Promise<void> => {
  const { by, id, tries, later } = shopper;
  const { random } = world;
  const { drops } = stage.screen;
  const lively = drops.filter(isOn);
  if (drops.length === 0) return;
  const drop: Drop = lively.length > 0 && random.chance(0.9) ? lively.at(-1)! : random.pick(drops);
  const { dropId, variants } = drop.terms;
  if (drop.entryOf.has(by.id) && random.chance(0.2)) {
    await world.insist(stage.show, { kind: 'LeaveDrop', dropId }, by, id, tries);
    return;
  }
  const variantId: VariantId = random.chance(0.95)
    ? random.pick(variants).variantId
    : random.pick(stage.variants);
  const entered = await world.insist(
    stage.show,
    {
      kind: 'EnterDrop',
      dropId,
      variantId,
      quantity: random.pick([1, 1, 1, 2, 0]),
      words: random.id(8),
      tier: random.chance(0.3) ? 'club' : null,
      // Some have two accounts with one address, some none.
      identity: random.pick([`${by.id}@example.org`, 'p0@example.org', null]),
    },
    by,
    id,
    tries,
  );
  if (entered?.kind === 'done' && entered.events.length > 0)
    later(collect(world, stage, shopper, dropId));
};

/** Waits for their turn, and takes what is theirs, gives it back, or lets it run out. */
const collect = async (
  world: World,
  stage: Stage,
  { by, id, pay }: Shopper,
  dropId: OfferId,
): Promise<void> => {
  const { random } = world;
  for (let look = 0; look < 8; look += 1) {
    await world.wait(2_000 + random.below(10_000));
    const hold = stage.screen.holdOf(by.id, dropId);
    if (hold === undefined) continue;
    const { holdId, variantId, price } = hold;
    if (stage.isPaying.has(holdId) || random.chance(0.2)) return;
    if (random.chance(0.7)) return pay(holdId, variantId, price);
    await world.insist(stage.show, { kind: 'ReleaseHold', holdId }, by, `${id}-back`);
    return;
  }
};
