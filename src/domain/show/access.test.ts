// What a plan may say of who gets in and of what they should bring.

import { describe, it } from 'vitest';
import type { ProductId, VariantId } from '../../base/brand.ts';
import { limits } from '../../base/limits.ts';
import { mina, testbed } from '../testing/given.ts';
import { plan, planned, started } from '../testing/show-cast.ts';
import type { Material, ShowAccess } from './access.ts';
import { showDecider } from './show.ts';

const { given } = testbed(showDecider);
const ticket: ShowAccess = {
  for: 'ticket',
  productId: 'seat' as ProductId,
  variantId: 'seat-1' as VariantId,
};
const clay: Material = { title: 'Clay', quantity: '2 kg', note: 'Any colour', productId: null };

describe('who gets in', () => {
  it('[TKT-1] [TKT-8] stands in the plan, with what to bring', () => {
    const wished = { ...plan, access: ticket, materials: [clay] };
    given()
      .when({ kind: 'PlanShow', plan: wished }, mina)
      .then({ kind: 'ShowPlanned', data: { plan: wished } });
  });
  it('[TKT-1] is changed until the show is live', () => {
    const change = { kind: 'ChangePlan', plan: { ...plan, access: ticket } } as const;
    given(planned)
      .when(change, mina)
      .then({ kind: 'PlanChanged', data: { plan: change.plan } });
    given(planned, started).when(change, mina).refused('show-not-planned');
  });
  it.each<[string, unknown]>([
    ['nobody it knows', { for: 'nobody' }],
    ['a ticket without a product', { ...ticket, productId: '' }],
    ['a ticket that is no variant', { ...ticket, variantId: 'a b' }],
    ['members of no tier', { for: 'members', tier: ' ' }],
    ['a tier without end', { for: 'members', tier: 'x'.repeat(limits.tierNameMax + 1) }],
  ])('[TKT-1] can’t be %s', (_, access) => {
    given()
      .when({ kind: 'PlanShow', plan: { ...plan, access: access as ShowAccess } }, mina)
      .refused('plan-invalid', { field: 'access' });
  });
  it.each<[string, readonly Material[]]>([
    ['without a name', [{ ...clay, title: ' ' }]],
    ['of a product that can’t be', [{ ...clay, productId: '../x' as ProductId }]],
    ['with a quantity like a letter', [{ ...clay, quantity: 'x'.repeat(31) }]],
    ['without end', Array.from({ length: limits.materialsMax + 1 }, () => clay)],
  ])('[TKT-8] a material can’t be %s', (_, materials) => {
    given()
      .when({ kind: 'PlanShow', plan: { ...plan, materials } }, mina)
      .refused('plan-invalid', { field: 'materials' });
  });
});
