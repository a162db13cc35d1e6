// The variants of a product: up to three options, and for each combination its price and what is on hand.
// On a phone each variant is a small form of its own; on a desk they stand in rows.

import { TrashIcon } from '../crew/icons.tsx';
import { Button, IconButton } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { PlusIcon } from '../design/icons.tsx';
import { newId } from '../live/http-client.ts';
import { newVariantRow, type ProductProblems, type VariantRow } from './product-form.ts';

const optionsMax = 3;

export function VariantEditor({
  names,
  rows,
  currency,
  problems,
  onChange,
}: {
  names: readonly string[];
  rows: readonly VariantRow[];
  currency: string;
  problems: ProductProblems;
  onChange: (names: readonly string[], rows: readonly VariantRow[]) => void;
}) {
  const change = (key: string, part: Partial<VariantRow>) =>
    onChange(
      names,
      rows.map((row) => (row.key === key ? { ...row, ...part } : row)),
    );
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-end gap-3">
        {names.map((name, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an option is its place until it has a name.
          <div key={index} className="flex items-end gap-1">
            <label className="grid gap-1.5 text-sm font-semibold">
              Option {index + 1}
              <input
                value={name}
                placeholder="Size"
                aria-invalid={problems.options ? true : undefined}
                onChange={(event) =>
                  onChange(
                    names.map((one, at) => (at === index ? event.target.value : one)),
                    rows,
                  )
                }
                className={classes(box, 'h-11 w-36 font-normal')}
              />
            </label>
            <IconButton
              label={`Take away the option ${name || index + 1}`}
              onClick={() =>
                onChange(
                  names.filter((_, at) => at !== index),
                  rows.map((row) => ({
                    ...row,
                    values: row.values.filter((_, at) => at !== index),
                  })),
                )
              }
            >
              <TrashIcon />
            </IconButton>
          </div>
        ))}
        {names.length < optionsMax ? (
          <Button
            look="plain"
            onClick={() =>
              onChange(
                [...names, ''],
                rows.map((row) => ({ ...row, values: [...row.values, ''] })),
              )
            }
          >
            <PlusIcon /> {names.length === 0 ? 'It comes in sizes or colours' : 'One more option'}
          </Button>
        ) : null}
      </div>
      {problems.options ? (
        <p className="text-xs font-semibold text-urgent">{problems.options}</p>
      ) : null}
      {problems.variants ? (
        <p className="text-xs font-semibold text-urgent">{problems.variants}</p>
      ) : null}
      <ul className="grid gap-2">
        {rows.map((row, index) => (
          <Row
            key={row.key}
            row={row}
            names={names}
            name={
              row.values.filter(Boolean).join(' / ') ||
              (rows.length === 1 ? 'the product' : `variant ${index + 1}`)
            }
            currency={currency}
            problems={problems}
            removable={rows.length > 1}
            onChange={(part) => change(row.key, part)}
            onRemove={() =>
              onChange(
                names,
                rows.filter((one) => one.key !== row.key),
              )
            }
          />
        ))}
      </ul>
      <Button
        className="border border-dashed border-line bg-transparent"
        onClick={() => {
          const withOption = names.length === 0 ? [''] : names;
          const filled = names.length === 0 ? rows.map((row) => ({ ...row, values: [''] })) : rows;
          onChange(withOption, [...filled, newVariantRow(newId(), filled.at(-1))]);
        }}
      >
        <PlusIcon /> Add a variant
      </Button>
    </div>
  );
}

const box =
  'rounded-xl border border-line bg-card px-3 text-base placeholder:text-soft hover:border-soft aria-invalid:border-urgent';

function Row({
  row,
  names,
  name,
  currency,
  problems,
  removable,
  onChange,
  onRemove,
}: {
  row: VariantRow;
  names: readonly string[];
  name: string;
  currency: string;
  problems: ProductProblems;
  removable: boolean;
  onChange: (part: Partial<VariantRow>) => void;
  onRemove: () => void;
}) {
  const wrong = ['option', 'price', 'compare', 'stock', 'sku', 'grams']
    .map((field) => problems[`${field}:${row.key}`])
    .filter((problem) => problem !== undefined);
  const cell = (
    label: string,
    field: 'price' | 'compareAt' | 'onHand' | 'sku' | 'grams',
    problem: string,
    width: string,
    extra: { suffix?: string; numeric?: boolean } = {},
  ) => (
    <label className={classes('grid gap-1 text-xs font-medium text-soft', width)}>
      {label}
      <span className="relative">
        <input
          aria-label={`${label} of ${name}`}
          aria-invalid={problems[`${problem}:${row.key}`] ? true : undefined}
          inputMode={extra.numeric ? 'decimal' : 'text'}
          value={row[field]}
          onChange={(event) => onChange({ [field]: event.target.value })}
          className={classes(
            box,
            'h-11 w-full text-text',
            extra.suffix && (extra.suffix.length > 1 ? 'pr-12' : 'pr-7'),
            extra.numeric && 'text-right',
          )}
        />
        {extra.suffix ? (
          <span className="pointer-events-none absolute inset-y-0 right-3 grid place-items-center text-xs text-soft">
            {extra.suffix}
          </span>
        ) : null}
      </span>
    </label>
  );
  return (
    <li className="grid gap-2 rounded-card border border-line bg-card p-3 sm:p-4">
      {names.length > 0 ? (
        <div className="mb-1 grid grid-cols-[repeat(auto-fit,minmax(min(9.5rem,100%),1fr))] gap-x-2 gap-y-3">
          {names.map((option, index) => (
            <label
              // biome-ignore lint/suspicious/noArrayIndexKey: a value belongs to its option's place.
              key={index}
              className="grid gap-1 text-xs font-medium text-soft"
            >
              {option || `Option ${index + 1}`}
              <input
                aria-label={`${option || `Option ${index + 1}`} of ${name}`}
                aria-invalid={problems[`option:${row.key}`] ? true : undefined}
                value={row.values[index] ?? ''}
                onChange={(event) =>
                  onChange({
                    values: names.map((_, at) =>
                      at === index ? event.target.value : (row.values[at] ?? ''),
                    ),
                  })
                }
                className={classes(box, 'h-11 w-full font-semibold text-text')}
              />
            </label>
          ))}
        </div>
      ) : null}
      <div className="grid grid-cols-2 items-end gap-x-2 gap-y-3 sm:flex sm:flex-wrap">
        {cell('Price', 'price', 'price', 'sm:w-[7.25rem]', {
          suffix: currency,
          numeric: true,
        })}
        {cell('Before', 'compareAt', 'compare', 'sm:w-[7.25rem]', {
          suffix: currency,
          numeric: true,
        })}
        {cell('On hand', 'onHand', 'stock', 'sm:w-20', { numeric: true })}
        {cell('SKU', 'sku', 'sku', 'sm:min-w-20 sm:flex-1 sm:basis-20')}
        {cell('Weight', 'grams', 'grams', 'sm:w-22', { suffix: 'g', numeric: true })}
        {removable ? (
          <IconButton
            label={`Take out ${name}`}
            onClick={onRemove}
            className="justify-self-end text-soft"
          >
            <TrashIcon />
          </IconButton>
        ) : null}
      </div>
      {row.allocated > 0 ? (
        <p className="text-xs text-soft">
          {row.allocated} of these are promised in shows and carts.
        </p>
      ) : null}
      {wrong.map((problem) => (
        <p key={problem} className="text-xs font-semibold text-urgent">
          {problem}
        </p>
      ))}
    </li>
  );
}
