// The part of an offer's or a drop's sheet in which several pieces become a set. What is right and wrong in it is decided in
// bundle-form.ts.

import type { RoomItem, StockFigures } from '../../protocol/room.ts';
import { IconButton } from '../design/button.tsx';
import { Field, SelectField } from '../design/field.tsx';
import { CloseIcon } from '../design/icons.tsx';
import {
  apartText,
  type BundleForm,
  type BundlePiece,
  piecesOf,
  setsAvailable,
} from './bundle-form.ts';

export function BundleFields({
  form,
  shelf,
  stock,
  currency,
  forMembers,
  isFree = false,
  problems,
  onChange,
}: {
  form: BundleForm;
  shelf: readonly RoomItem[];
  stock: Readonly<Record<string, StockFigures>>;
  currency: string;
  forMembers: boolean;
  /** Of a giveaway: no price is asked for. */
  isFree?: boolean;
  problems: Readonly<Record<string, string>>;
  onChange: (form: BundleForm) => void;
}) {
  const chosen = new Set(form.pieces.map(({ variantId }) => variantId));
  const others = piecesOf(shelf).filter(({ variantId }) => !chosen.has(variantId));
  const change = (part: Partial<BundleForm>) => onChange({ ...form, ...part });
  const put = (variantId: string, quantity: string) =>
    change({
      pieces: form.pieces.map((piece) =>
        piece.variantId === variantId ? { ...piece, quantity } : piece,
      ),
    });
  const available = setsAvailable(form, stock);
  return (
    <fieldset className="grid gap-3 rounded-control bg-sunken p-3">
      <legend className="sr-only">The set</legend>
      <Field
        label="Name of the set"
        placeholder="Tea for two"
        maxLength={120}
        value={form.title}
        error={problems['bundle:title']}
        onChange={(event) => change({ title: event.target.value })}
      />
      {form.pieces.map((piece) => (
        <Piece
          key={piece.variantId}
          piece={piece}
          available={stock[piece.variantId]?.available ?? 0}
          problem={problems[`bundle:${piece.variantId}`]}
          onCount={(quantity) => put(piece.variantId, quantity)}
          onRemove={() => change({ pieces: form.pieces.filter((other) => other !== piece) })}
        />
      ))}
      <SelectField
        label="Add a piece"
        value=""
        error={problems['bundle:pieces']}
        onChange={(event) => {
          const piece = others.find(({ variantId }) => variantId === event.target.value);
          if (piece) change({ pieces: [...form.pieces, piece] });
        }}
      >
        <option value="">{others.length === 0 ? 'Nothing else on the shelf' : 'Choose …'}</option>
        {others.map(({ variantId, title }) => (
          <option key={variantId} value={variantId}>
            {title} ({stock[variantId]?.available ?? 0} in stock)
          </option>
        ))}
      </SelectField>
      <div className="grid grid-cols-2 items-start gap-3">
        {isFree ? (
          <p className="self-center pt-6 text-sm font-semibold">Free, with delivery</p>
        ) : (
          <Field
            label="Price of a set"
            suffix={currency}
            inputMode="decimal"
            hint={apartText(form)}
            value={form.price}
            error={problems['bundle:price']}
            onChange={(event) => change({ price: event.target.value })}
          />
        )}
        <Field
          label="Sets to offer"
          suffix={available === null ? '' : `of ${available}`}
          inputMode="numeric"
          value={form.quantity}
          error={problems['bundle:quantity']}
          onChange={(event) => change({ quantity: event.target.value })}
        />
        {forMembers ? (
          <Field
            label="Members’ price of a set"
            suffix={currency}
            placeholder="the same"
            inputMode="decimal"
            value={form.membersPrice}
            error={problems['bundle:members']}
            onChange={(event) => change({ membersPrice: event.target.value })}
          />
        ) : null}
      </div>
    </fieldset>
  );
}

function Piece({
  piece,
  available,
  problem,
  onCount,
  onRemove,
}: {
  piece: BundlePiece;
  available: number;
  problem: string | undefined;
  onCount: (quantity: string) => void;
  onRemove: () => void;
}) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_96px_auto] items-start gap-2">
      <p className="min-w-0 pt-1">
        <span className="block truncate font-semibold">{piece.title}</span>
        <span className="text-xs text-soft">{available} in stock</span>
      </p>
      <Field
        label={`How many of ${piece.title} in a set`}
        labelHidden
        inputMode="numeric"
        suffix="×"
        value={piece.quantity}
        error={problem}
        onChange={(event) => onCount(event.target.value)}
      />
      <IconButton label={`Take ${piece.title} out of the set`} onClick={onRemove}>
        <CloseIcon className="size-4" />
      </IconButton>
    </div>
  );
}
