// The form of a live offer as a sheet over the studio. What is right and wrong in it is decided in
// offer-form.ts; what was typed stays until the shop has taken it.

import { useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Money } from '../../base/money.ts';
import type { OpenOfferBody } from '../../protocol/http.ts';
import type { RoomItem, StockFigures } from '../../protocol/room.ts';
import { ProblemNote } from '../crew/problem-note.tsx';
import { ask, referencePricesQuery } from '../crew/shop-data.ts';
import { Button } from '../design/button.tsx';
import { CheckField, Field, SelectField } from '../design/field.tsx';
import { newId } from '../live/http-client.ts';
import { BundleFields } from './bundle-fields.tsx';
import { newBundle } from './bundle-form.ts';
import { useDesk, useRoom } from './desk.tsx';
import {
  checkOffer,
  commentClaimsOf,
  type OfferForm,
  type OfferRow,
  offerFormFor,
  percentOff,
} from './offer-form.ts';
import { referenceWords } from './reference-words.ts';
import { ShelfField, TermsSheet } from './terms-sheet.tsx';

export function OfferSheet({
  start,
  onClose,
  onAsked,
}: {
  /** A form to go on with, or the product to begin with. */
  start: OfferForm | string;
  onClose: () => void;
  onAsked: (offerId: string, form: OfferForm) => void;
}) {
  const { showId } = useDesk();
  const shelf = useRoom((room) => room.shelf);
  const stock = useRoom((room) => room.stock);
  const isWordRead = useRoom((room) => room.commentClaims);
  const offers = useRoom((room) => room.offers);
  const words = useMemo(
    () => commentClaimsOf({ commentClaims: isWordRead, offers }),
    [isWordRead, offers],
  );
  const [form, setForm] = useState<OfferForm>(() => {
    if (typeof start !== 'string') return start;
    const item = shelf.find(({ productId }) => productId === start) ?? shelf[0];
    return item ? offerFormFor(item, stock, words) : emptyForm;
  });
  const references = useQuery(referencePricesQuery(form.productId)).data;
  const [tried, setTried] = useState(false);
  // One wish, one key: pressing again after a lost answer opens one offer.
  const [wish, setWish] = useState(newId);
  const open = useMutation({
    mutationFn: (body: OpenOfferBody) => ask.openOffer(showId, body, wish),
    onSuccess: ({ offerId }) => {
      onAsked(offerId, form);
      onClose();
    },
  });
  const change = (next: OfferForm) => {
    setForm(next);
    setWish(newId());
    open.reset();
  };
  const check = checkOffer(form, stock, words.taken);
  const problems = tried && !check.ok ? check.problems : {};
  const submit = () => {
    setTried(true);
    if (check.ok) open.mutate(check.body);
  };

  return (
    <TermsSheet
      kind="Live offer"
      title={form.title || 'Choose a product'}
      summary={summaryOf(check.ok ? check.body : null)}
      action="Open for everyone"
      busy={open.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <ProblemNote error={open.error} />
      <ShelfField
        shelf={shelf}
        productId={form.productId}
        titleOf={(item) => `${item.title} (${availableOf(item, stock)} in stock)`}
        onChoose={(item) => change({ ...offerFormFor(item, stock, words), ...keptTerms(form) })}
      />
      <fieldset className="grid gap-2">
        <legend className="mb-2 text-sm font-semibold">Price and quantity</legend>
        {problems.rows ? (
          <p className="text-xs font-semibold text-urgent">{problems.rows}</p>
        ) : null}
        {form.rows.map((row) => (
          <VariantRow
            key={row.variantId}
            row={row}
            reference={references?.get(row.variantId) ?? null}
            only={form.rows.length === 1}
            available={stock[row.variantId]?.available ?? 0}
            priceProblem={problems[`price:${row.variantId}`]}
            quantityProblem={problems[`quantity:${row.variantId}`]}
            wordProblem={problems[`word:${row.variantId}`]}
            membersProblem={problems[`members:${row.variantId}`]}
            forMembers={form.forMembers}
            hasWord={form.comments !== 'off'}
            onChange={(changed) =>
              change({
                ...form,
                rows: form.rows.map((one) => (one.variantId === row.variantId ? changed : one)),
              })
            }
          />
        ))}
      </fieldset>
      <CheckField
        label="Offer several pieces as a set"
        checked={form.bundle !== null}
        onChange={(event) =>
          change(
            event.target.checked
              ? {
                  ...form,
                  bundle: newBundle,
                  // What is sold in the set isn't sold on its own too, unless the host says so.
                  rows: form.rows.map((row) => ({ ...row, quantity: '' })),
                }
              : { ...form, bundle: null },
          )
        }
      />
      {form.bundle ? (
        <BundleFields
          form={form.bundle}
          shelf={shelf}
          stock={stock}
          currency={form.rows[0]?.usualPrice.currency ?? ''}
          forMembers={form.forMembers}
          problems={problems}
          onChange={(bundle) => change({ ...form, bundle })}
        />
      ) : null}
      <CheckField
        label="Members have a price of their own"
        checked={form.forMembers}
        onChange={(event) => change({ ...form, forMembers: event.target.checked })}
      />
      {isWordRead || form.comments !== 'off' ? (
        <SelectField
          label="A code word in the chat"
          hint={policyHints[form.comments]}
          value={form.comments}
          onChange={(event) =>
            change({ ...form, comments: event.target.value as OfferForm['comments'] })
          }
        >
          <option value="hold">holds the piece, as the button does</option>
          <option value="first-paid">holds nothing: whoever pays first gets it</option>
          <option value="waitlist">holds the piece, then makes a line</option>
          <option value="off">does nothing: the button alone claims</option>
        </SelectField>
      ) : null}
      <div className="grid gap-4 sm:grid-cols-3">
        <Field
          label="Open for"
          suffix="min"
          inputMode="decimal"
          value={form.minutes}
          error={problems.minutes}
          onChange={(event) => change({ ...form, minutes: event.target.value })}
        />
        <Field
          label="Each person"
          suffix="at most"
          inputMode="numeric"
          placeholder="no limit"
          value={form.perPerson}
          error={problems.perPerson}
          onChange={(event) => change({ ...form, perPerson: event.target.value })}
        />
        <Field
          label="Kept in a cart"
          suffix="s"
          inputMode="numeric"
          value={form.holdSeconds}
          error={problems.holdSeconds}
          onChange={(event) => change({ ...form, holdSeconds: event.target.value })}
        />
      </div>
      <button type="submit" hidden>
        Open
      </button>
    </TermsSheet>
  );
}

function VariantRow({
  row,
  reference,
  only,
  available,
  priceProblem,
  quantityProblem,
  wordProblem,
  membersProblem,
  forMembers,
  hasWord,
  onChange,
}: {
  row: OfferRow;
  /** Null: not known yet. */
  reference: Money | null;
  only: boolean;
  available: number;
  priceProblem: string | undefined;
  quantityProblem: string | undefined;
  wordProblem: string | undefined;
  membersProblem: string | undefined;
  forMembers: boolean;
  hasWord: boolean;
  onChange: (row: OfferRow) => void;
}) {
  const off = reference && percentOff(row, reference);
  const name = row.title || 'the product';
  const over = quantityProblem !== undefined && Number(row.quantity) > available && available > 0;
  return (
    <div className="grid grid-cols-2 gap-x-3 gap-y-2 rounded-control bg-sunken p-3 sm:grid-cols-[1fr_150px_150px] sm:items-start">
      <div className="col-span-2 sm:col-span-1 sm:pt-1">
        <p className="font-semibold">{only && !row.title ? 'One kind' : row.title}</p>
        <p className="text-xs text-soft">
          {referenceWords(reference)}
          {off === null ? null : <span className="font-semibold text-ritual"> · {off} % less</span>}
        </p>
      </div>
      <Field
        label={`Live price of ${name}`}
        labelHidden
        suffix={row.usualPrice.currency}
        inputMode="decimal"
        value={row.price}
        error={priceProblem}
        onChange={(event) => onChange({ ...row, price: event.target.value })}
      />
      <div className="grid gap-1.5">
        <Field
          label={`Quantity of ${name}`}
          labelHidden
          suffix={`of ${available}`}
          inputMode="numeric"
          value={row.quantity}
          error={quantityProblem}
          onChange={(event) => onChange({ ...row, quantity: event.target.value })}
        />
        {over ? (
          <Button onClick={() => onChange({ ...row, quantity: String(available) })}>
            Offer {available}
          </Button>
        ) : null}
      </div>
      {forMembers ? (
        <Field
          label={`Members’ price of ${name}`}
          labelHidden
          suffix={`${row.usualPrice.currency}, members`}
          placeholder="the same"
          inputMode="decimal"
          value={row.membersPrice}
          error={membersProblem}
          onChange={(event) => onChange({ ...row, membersPrice: event.target.value })}
          className="col-span-2 sm:col-start-2"
        />
      ) : null}
      {hasWord ? (
        <Field
          label={`Code word of ${name}`}
          labelHidden
          suffix="in chat"
          placeholder="no code word"
          autoCapitalize="characters"
          value={row.word}
          error={wordProblem}
          onChange={(event) => onChange({ ...row, word: event.target.value })}
          className="col-span-2 sm:col-start-2"
        />
      ) : null}
    </div>
  );
}

const policyHints: Readonly<Record<OfferForm['comments'], string>> = {
  hold: 'Exactly the word, or with how many: LAGOON, lagoon 2, 2x lagoon. Anything else gets a private word on what to write.',
  'first-paid':
    'Who writes the word gets a private way to pay. The piece goes to the first payment.',
  waitlist:
    'When none is left, who writes the word waits in a line; a piece that comes back goes to the next at once.',
  off: 'Comments are only words for this offer.',
};

const emptyForm: OfferForm = {
  productId: '',
  title: '',
  rows: [],
  perPerson: '2',
  minutes: '10',
  holdSeconds: '120',
  forMembers: false,
  bundle: null,
  comments: 'off',
};

const keptTerms = ({ perPerson, minutes, holdSeconds, forMembers, comments }: OfferForm) => ({
  perPerson,
  minutes,
  holdSeconds,
  forMembers,
  comments,
});

const availableOf = (item: RoomItem, stock: Readonly<Record<string, StockFigures>>): number =>
  item.variants.reduce((total, { variantId }) => total + (stock[variantId]?.available ?? 0), 0);

const summaryOf = (body: OpenOfferBody | null): string => {
  if (!body) return 'Something is still to be corrected.';
  const alone = body.variants.reduce((total, { quantity }) => total + quantity, 0);
  const inSets = (body.bundles ?? []).reduce(
    (total, { quantity, parts }) =>
      total + quantity * parts.reduce((all, part) => all + part.quantity, 0),
    0,
  );
  const units = alone + inSets;
  return `${units} ${units === 1 ? 'unit' : 'units'} leave the shop’s stock for this show; what is left goes back.`;
};
