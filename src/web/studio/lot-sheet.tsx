// The form of a lot as a sheet over the studio. What is right and wrong in it is decided in lot-form.ts; a
// term that the shop refuses is named at its field. What was typed stays until the shop has taken it.

import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PrepareLotBody } from '../../protocol/lots.ts';
import { ProblemNote } from '../crew/problem-note.tsx';
import { ask, referencePricesQuery } from '../crew/shop-data.ts';
import { readAmount } from '../design/amount.ts';
import { Button, IconButton } from '../design/button.tsx';
import { CheckField, Field, SelectField } from '../design/field.tsx';
import { CloseIcon, PlusIcon } from '../design/icons.tsx';
import { moneyText } from '../design/money.tsx';
import { toast } from '../design/toast.tsx';
import { newId, problemFrom } from '../live/http-client.ts';
import { Choice } from './choice.tsx';
import { useDesk, useRoom } from './desk.tsx';
import {
  checkLot,
  fieldOfTerm,
  type LotForm,
  type LotProblems,
  lotFormAs,
  lotFormFor,
  lotFormWith,
  usualStepsNear,
} from './lot-form.ts';
import { referenceWords } from './reference-words.ts';
import { ShelfField, TermsSheet } from './terms-sheet.tsx';

export function LotSheet({ productId, onClose }: { productId: string; onClose: () => void }) {
  const { showId } = useDesk();
  const shelf = useRoom((room) => room.shelf);
  const stock = useRoom((room) => room.stock);
  const first = shelf.find((item) => item.productId === productId) ?? shelf[0];
  const [form, setForm] = useState<LotForm | null>(() => (first ? lotFormFor(first) : null));
  const references = useQuery(referencePricesQuery(form?.productId ?? '')).data;
  const [tried, setTried] = useState(false);
  // One wish, one key: pressing again after a lost answer prepares one lot.
  const [wish, setWish] = useState(newId);
  const prepare = useMutation({
    mutationFn: (body: PrepareLotBody) => ask.prepareLot(showId, body, wish),
    onSuccess: () => {
      toast('The lot is prepared.', { look: 'good' });
      onClose();
    },
  });
  const item = shelf.find((one) => one.productId === form?.productId);
  if (!form || !item) return null;

  const change = (next: LotForm) => {
    setForm(next);
    setWish(newId());
    prepare.reset();
  };
  const set = (part: Partial<LotForm>) => change({ ...form, ...part });
  const check = checkLot(form);
  const refusedField = prepare.error ? fieldOfTerm(problemFrom(prepare.error).field) : null;
  const problems: LotProblems = {
    ...(tried && !check.ok ? check.problems : {}),
    ...(refusedField ? { [refusedField]: 'The shop refuses this: choose another value.' } : {}),
  };
  const submit = () => {
    setTried(true);
    if (check.ok) prepare.mutate(check.body);
  };
  const available = stock[form.variantId]?.available ?? 0;
  const { currency } = form.usualPrice;
  const english = form.format === 'english';
  const amountField = (field: 'start' | 'reserve' | 'buyNow' | 'floor' | 'fall', label: string) => (
    <Field
      label={label}
      suffix={currency}
      inputMode="decimal"
      placeholder={field === 'reserve' || field === 'buyNow' ? 'none' : undefined}
      value={form[field]}
      error={problems[field]}
      onChange={(event) => set({ [field]: event.target.value })}
    />
  );

  return (
    <TermsSheet
      kind="Lot"
      title={item.title}
      summary={
        available === 0
          ? 'None is in stock: the lot can’t open before one is.'
          : 'Its piece leaves the shop’s stock when the lot opens.'
      }
      action="Prepare this lot"
      busy={prepare.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      {refusedField ? null : <ProblemNote error={prepare.error} />}
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <ShelfField
          shelf={shelf}
          productId={form.productId}
          onChoose={(other) => change(lotFormWith(form, other))}
        />
        <SelectField
          label="Variant"
          hint={`${available} in stock, ${referenceWords(references?.get(form.variantId))}`}
          value={form.variantId}
          onChange={(event) => change(lotFormWith(form, item, event.target.value))}
        >
          {item.variants.map(({ variantId, title }) => (
            <option key={variantId} value={variantId}>
              {title || 'One kind'}
            </option>
          ))}
        </SelectField>
      </div>
      <Choice
        legend="How it is sold"
        chosen={form.format}
        options={[
          ['english', 'Rising bids', 'the highest maximum gets it'],
          ['dutch', 'Falling price', 'the first to take it gets it'],
        ]}
        onChoose={(format) => change(lotFormAs(form, item, format))}
      />
      {english ? (
        <>
          <div className="grid items-start gap-4 sm:grid-cols-3">
            {amountField('start', 'Starts at')}
            {amountField('reserve', 'Reserve, seen by nobody')}
            {amountField('buyNow', 'Buy now, until the first bid')}
          </div>
          <Steps form={form} problem={problems.rows} onChange={change} />
          <div className="grid items-start gap-4 sm:grid-cols-[1fr_2fr]">
            <Field
              label="Runs for"
              suffix="s"
              inputMode="decimal"
              value={form.seconds}
              error={problems.seconds}
              onChange={(event) => set({ seconds: event.target.value })}
            />
            <div className="grid grid-cols-[1fr_110px] items-start gap-3">
              <Choice
                legend="How it closes"
                chosen={form.ending}
                options={[
                  ['soft', 'Soft close', 'a late bid extends'],
                  ['sudden', 'Sudden death', 'the clock is final'],
                ]}
                onChoose={(ending) => set({ ending })}
              />
              {form.ending === 'soft' ? (
                <Field
                  label="Soft close"
                  suffix="s"
                  inputMode="decimal"
                  value={form.softSeconds}
                  error={problems.softSeconds}
                  onChange={(event) => set({ softSeconds: event.target.value })}
                />
              ) : null}
            </div>
          </div>
        </>
      ) : (
        <div className="grid items-start gap-4 sm:grid-cols-3">
          {amountField('start', 'Starts at')}
          {amountField('floor', 'Falls no further than')}
          <Field
            label="Pieces"
            inputMode="numeric"
            suffix={`of ${available}`}
            value={form.quantity}
            error={problems.quantity}
            onChange={(event) => set({ quantity: event.target.value })}
          />
          {amountField('fall', 'Falls by')}
          <Field
            label="Every"
            suffix="s"
            inputMode="decimal"
            value={form.fallSeconds}
            error={problems.fallSeconds}
            onChange={(event) => set({ fallSeconds: event.target.value })}
          />
        </div>
      )}
      <div className="grid items-start gap-x-4 gap-y-2 border-t border-line pt-4 sm:grid-cols-3">
        <Field
          label="Time to pay"
          suffix="h"
          inputMode="decimal"
          value={form.payHours}
          error={problems.payHours}
          onChange={(event) => set({ payHours: event.target.value })}
        />
        {english ? (
          <>
            <CheckField
              label="Second chance"
              hint="Unpaid, it is offered to the runner-up once."
              className="sm:pt-6"
              checked={form.secondChance}
              onChange={(event) => set({ secondChance: event.target.checked })}
            />
            <CheckField
              label="Early maxima"
              hint="People may leave one before it opens."
              className="sm:pt-6"
              checked={form.takesEarlyBids}
              onChange={(event) => set({ takesEarlyBids: event.target.checked })}
            />
          </>
        ) : null}
      </div>
      <button type="submit" hidden>
        Prepare
      </button>
    </TermsSheet>
  );
}

/** The table of steps: the usual one in a line, or the host's own in rows. */
function Steps({
  form,
  problem,
  onChange,
}: {
  form: LotForm;
  problem: string | undefined;
  onChange: (form: LotForm) => void;
}) {
  const { currency } = form.usualPrice;
  const row = (at: number, part: Partial<LotForm['rows'][number]>) =>
    onChange({
      ...form,
      rows: form.rows.map((one, nth) => (nth === at ? { ...one, ...part } : one)),
    });
  const start = readAmount(form.start, currency)?.minor ?? 0;
  const near = usualStepsNear(start, currency);
  return (
    <fieldset className="grid gap-2">
      <legend className="sr-only">Steps</legend>
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <p className="text-sm">
          <b>Steps</b>{' '}
          <span className="text-soft">
            {form.steps === 'usual'
              ? near
                  .map(({ from, step }, nth) =>
                    nth === 0
                      ? `of ${moneyText(step)}`
                      : `from ${moneyText(from)} on ${moneyText(step)}`,
                  )
                  .join(', ')
              : 'your own'}
          </span>
        </p>
        <Button
          look="plain"
          className="-mr-3"
          onClick={() => onChange({ ...form, steps: form.steps === 'usual' ? 'own' : 'usual' })}
        >
          {form.steps === 'usual' ? 'Own steps' : 'The usual steps'}
        </Button>
      </div>
      {form.steps === 'own' ? (
        <>
          {form.rows.map((one, at) => (
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name, and only the last goes.
              key={at}
              className="grid grid-cols-[1fr_1fr_44px] items-center gap-2"
            >
              <Field
                label={`From a price of, row ${at + 1}`}
                labelHidden
                suffix="from"
                inputMode="decimal"
                value={one.from}
                onChange={(event) => row(at, { from: event.target.value })}
              />
              <Field
                label={`Step, row ${at + 1}`}
                labelHidden
                suffix="step"
                inputMode="decimal"
                value={one.step}
                onChange={(event) => row(at, { step: event.target.value })}
              />
              {at > 0 && at === form.rows.length - 1 ? (
                <IconButton
                  label={`Take row ${at + 1} away`}
                  onClick={() => onChange({ ...form, rows: form.rows.slice(0, -1) })}
                >
                  <CloseIcon className="size-4" />
                </IconButton>
              ) : null}
            </div>
          ))}
          <div>
            <Button
              onClick={() => onChange({ ...form, rows: [...form.rows, { from: '', step: '' }] })}
            >
              <PlusIcon className="size-4" /> Another row
            </Button>
          </div>
        </>
      ) : null}
      {problem ? (
        <p className="text-xs font-semibold text-urgent">
          <span aria-hidden="true">! </span>
          {problem}
        </p>
      ) : null}
    </fieldset>
  );
}
