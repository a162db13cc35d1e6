// Who may watch a show and what they should bring: two parts of its plan. The ticket is a product of the
// catalogue, found by its name; a material may be one on the show's shelf.

import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { limits } from '../../base/limits.ts';
import type { AccessBody } from '../../protocol/http.ts';
import { LoadFailure } from '../crew/problem-note.tsx';
import { productQuery, productsQuery } from '../crew/shop-data.ts';
import { Button, IconButton } from '../design/button.tsx';
import { Field, SelectField } from '../design/field.tsx';
import { CloseIcon, PlusIcon } from '../design/icons.tsx';
import { moneyText } from '../design/money.tsx';
import type { MaterialRow, PlanForm, PlanProblems } from './plan-form.ts';
import type { ShelfItem } from './shelf-editor.tsx';

const words: Readonly<Record<AccessBody['for'], string>> = {
  everybody: 'Everybody',
  ticket: 'Whoever has a ticket',
  members: 'Members of a tier',
};

export function AccessEditor({
  form,
  problems,
  disabled,
  onChange,
}: {
  form: Pick<PlanForm, 'accessFor' | 'ticket' | 'tier'>;
  problems: PlanProblems;
  disabled: boolean;
  onChange: (change: Partial<Pick<PlanForm, 'accessFor' | 'ticket' | 'tier'>>) => void;
}) {
  return (
    <fieldset disabled={disabled} className="grid gap-5">
      <legend className="sr-only">Who may watch</legend>
      <SelectField
        label="Who may watch and take part"
        hint="The others see the plan, the materials and how to get in. You and the crew always get in."
        value={form.accessFor}
        onChange={(event) => onChange({ accessFor: event.target.value as AccessBody['for'] })}
      >
        {Object.entries(words).map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </SelectField>
      {form.accessFor === 'members' ? (
        <Field
          label="Tier"
          hint="As the memberships of your people call it."
          maxLength={limits.tierNameMax}
          value={form.tier}
          error={problems.tier}
          onChange={(event) => onChange({ tier: event.target.value })}
        />
      ) : null}
      {form.accessFor === 'ticket' ? (
        <TicketChooser
          ticket={form.ticket}
          error={problems.ticket}
          onChoose={(ticket) => onChange({ ticket })}
        />
      ) : null}
    </fieldset>
  );
}

function TicketChooser({
  ticket,
  error,
  onChoose,
}: {
  ticket: PlanForm['ticket'];
  error: string | undefined;
  onChoose: (ticket: NonNullable<PlanForm['ticket']>) => void;
}) {
  const cache = useQueryClient();
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const found = useInfiniteQuery({ ...productsQuery({ q, status: 'active' }), enabled: q !== '' });
  const chosen = useQuery({ ...productQuery(ticket?.productId ?? ''), enabled: ticket !== null });
  const variant = chosen.data?.variants.find(({ id }) => id === ticket?.variantId);
  const choices = (found.data?.pages.flatMap(({ products }) => products) ?? []).slice(0, 8);
  const choose = async (productId: string) => {
    const product = await cache.fetchQuery(productQuery(productId));
    const [first] = product.variants;
    if (first) onChoose({ productId, variantId: first.id });
    setText('');
  };
  return (
    <div className="grid gap-3">
      <Field
        label="The product that is the ticket"
        hint="A variant of your catalogue, with its own price and number. Search by its name."
        type="search"
        value={text}
        error={error}
        onChange={(event) => setText(event.target.value)}
      />
      {found.isError ? (
        <LoadFailure error={found.error} onRetry={() => void found.refetch()} />
      ) : null}
      {choices.length > 0 ? (
        <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-card">
          {choices.map(({ id, title, priceRange }) => (
            <li key={id} className="flex items-center gap-3 py-1.5 pr-1.5 pl-4 text-sm">
              <span className="min-w-0 flex-1">
                {title}
                {priceRange ? ` · ${moneyText(priceRange.from)}` : ''}
              </span>
              <Button
                aria-label={`This one: ${title} as the ticket`}
                onClick={() => void choose(id)}
              >
                This one
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      {chosen.data && ticket && chosen.data.variants.length > 1 ? (
        <SelectField
          label="Which variant of it"
          value={ticket.variantId}
          onChange={(event) => onChoose({ ...ticket, variantId: event.target.value })}
        >
          {chosen.data.variants.map(({ id, title, price }) => (
            <option key={id} value={id}>
              {title} · {moneyText(price)}
            </option>
          ))}
        </SelectField>
      ) : null}
      {chosen.data && variant ? (
        <p className="rounded-control bg-sunken px-3.5 py-2.5 text-sm">
          The ticket: <b>{chosen.data.title}</b>
          {variant.title ? `, ${variant.title}` : ''} for {moneyText(variant.price)}
        </p>
      ) : null}
    </div>
  );
}

export function MaterialsEditor({
  rows,
  shelf,
  problems,
  disabled,
  newId,
  onChange,
}: {
  rows: readonly MaterialRow[];
  shelf: readonly ShelfItem[];
  problems: PlanProblems;
  disabled: boolean;
  newId: () => string;
  onChange: (rows: readonly MaterialRow[]) => void;
}) {
  const set = (rowId: string, change: Partial<MaterialRow>) =>
    onChange(rows.map((row) => (row.rowId === rowId ? { ...row, ...change } : row)));
  return (
    <fieldset disabled={disabled} className="grid gap-4">
      <legend className="sr-only">Materials</legend>
      {rows.map((row, index) => (
        <div
          key={row.rowId}
          className="grid items-start gap-3 rounded-card border border-line bg-card p-4 sm:grid-cols-[1fr_7rem_auto]"
        >
          <Field
            label={`Material ${index + 1}`}
            value={row.title}
            error={problems[`material:${row.rowId}`]}
            onChange={(event) => set(row.rowId, { title: event.target.value })}
          />
          <Field
            label="How much"
            value={row.quantity}
            maxLength={30}
            placeholder="500 g"
            onChange={(event) => set(row.rowId, { quantity: event.target.value })}
          />
          <IconButton
            label={`Take material ${index + 1} off the list`}
            className="sm:mt-6"
            onClick={() => onChange(rows.filter(({ rowId }) => rowId !== row.rowId))}
          >
            <CloseIcon />
          </IconButton>
          <Field
            label="Note"
            value={row.note}
            maxLength={200}
            onChange={(event) => set(row.rowId, { note: event.target.value })}
          />
          <SelectField
            label="On the shelf"
            className="sm:col-span-2"
            value={row.productId ?? ''}
            onChange={(event) => set(row.rowId, { productId: event.target.value || null })}
          >
            <option value="">Not from here</option>
            {shelf.map(({ productId, title }) => (
              <option key={productId} value={productId}>
                {title}
              </option>
            ))}
            {row.productId !== null &&
            !shelf.some(({ productId }) => productId === row.productId) ? (
              <option value={row.productId}>A product that isn’t on this shelf</option>
            ) : null}
          </SelectField>
        </div>
      ))}
      <Button
        className="justify-self-start"
        onClick={() =>
          onChange([
            ...rows,
            { rowId: newId(), title: '', quantity: '', note: '', productId: null },
          ])
        }
      >
        <PlusIcon /> Add a material
      </Button>
    </fieldset>
  );
}
