// The form of a drop or giveaway as a sheet over the studio. What is right and wrong in it is decided in drop-form.ts; a
// term that the shop refuses is named at its field. What was typed stays until the shop has taken it.

import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { limits } from '../../base/limits.ts';
import type { AnnounceDropBody } from '../../protocol/drops.ts';
import { ProblemNote } from '../crew/problem-note.tsx';
import { ask, referencePricesQuery } from '../crew/shop-data.ts';
import { Button, IconButton } from '../design/button.tsx';
import { CheckField, Field } from '../design/field.tsx';
import { CloseIcon, PlusIcon } from '../design/icons.tsx';
import { toast } from '../design/toast.tsx';
import { newId, problemFrom } from '../live/http-client.ts';
import { BundleFields } from './bundle-fields.tsx';
import { newBundle } from './bundle-form.ts';
import { Choice } from './choice.tsx';
import { useDesk, useRoom } from './desk.tsx';
import {
  checkDrop,
  type DropForm,
  type DropProblems,
  dropFormFor,
  dropFormWith,
  fieldOfDropTerm,
} from './drop-form.ts';
import { referenceWords } from './reference-words.ts';
import { ShelfField, TermsSheet } from './terms-sheet.tsx';

export function DropSheet({
  productId,
  onClose,
  onAnnounced,
}: {
  productId: string;
  onClose: () => void;
  /** The shop has taken it; whether its units are there is told later. */
  onAnnounced: (dropId: string) => void;
}) {
  const { showId, client } = useDesk();
  const shelf = useRoom((room) => room.shelf);
  const stock = useRoom((room) => room.stock);
  const first = shelf.find((item) => item.productId === productId) ?? shelf[0];
  const [form, setForm] = useState<DropForm | null>(() =>
    first ? dropFormFor(first, stock) : null,
  );
  const [tried, setTried] = useState(false);
  // One wish, one key: pressing again after a lost answer announces one drop.
  const [wish, setWish] = useState(newId);
  const announce = useMutation({
    mutationFn: (body: AnnounceDropBody) => ask.announceDrop(showId, body, wish),
    onSuccess: ({ dropId }, { isGiveaway }) => {
      onAnnounced(dropId);
      toast(isGiveaway ? 'The giveaway is announced.' : 'The drop is announced.', { look: 'good' });
      onClose();
    },
  });
  const item = shelf.find((one) => one.productId === form?.productId);
  if (!form || !item) return null;

  const change = (next: DropForm) => {
    setForm(next);
    setWish(newId());
    announce.reset();
  };
  const set = (part: Partial<DropForm>) => change({ ...form, ...part });
  const check = checkDrop(form, stock, client.nowMs());
  const refusedField = announce.error
    ? fieldOfDropTerm(problemFrom(announce.error).field, form)
    : null;
  const problems: DropProblems = {
    ...(tried && !check.ok ? check.problems : {}),
    ...(refusedField ? { [refusedField]: 'The shop refuses this: choose another value.' } : {}),
  };
  const submit = () => {
    setTried(true);
    if (check.ok) announce.mutate(check.body);
  };
  const isGiveaway = form.kind === 'giveaway';
  const field = (
    name: 'inMinutes' | 'minutes' | 'holdSeconds' | 'perPerson',
    label: string,
    suffix: string,
  ) => (
    <Field
      label={label}
      suffix={suffix}
      inputMode="decimal"
      value={form[name]}
      error={problems[name]}
      onChange={(event) => set({ [name]: event.target.value })}
    />
  );

  return (
    <TermsSheet
      kind={isGiveaway ? 'Giveaway' : 'Drop'}
      title={item.title}
      summary={
        check.ok
          ? summaryOf(check.body)
          : 'Its units leave the shop’s stock as soon as it is announced.'
      }
      action="Announce it"
      busy={announce.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      {refusedField ? null : <ProblemNote error={announce.error} />}
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <ShelfField
          shelf={shelf}
          productId={form.productId}
          onChoose={(other) => change(dropFormWith(form, other, stock))}
        />
        <Choice
          legend="What it is"
          chosen={form.kind}
          options={[
            ['drop', 'Drop', 'units at a price'],
            ['giveaway', 'Giveaway', 'free, with delivery'],
          ]}
          onChoose={(kind) => set({ kind })}
        />
      </div>
      <Variants form={form} problems={problems} onChange={change} />
      <CheckField
        label={isGiveaway ? 'Give several pieces as a set' : 'Offer several pieces as a set'}
        checked={form.bundle !== null}
        onChange={(event) =>
          change(
            event.target.checked
              ? {
                  ...form,
                  bundle: newBundle,
                  // What is in the set isn't given out on its own too, unless the host says so.
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
          forMembers={false}
          isFree={isGiveaway}
          problems={problems}
          onChange={(bundle) => change({ ...form, bundle })}
        />
      ) : null}
      {isGiveaway ? null : (
        <Choice
          legend="Who comes first"
          chosen={form.order}
          options={[
            ['queue', 'Fair queue', 'drawn at the opening; late ones stand behind'],
            ['draw', 'Draw', 'entries until the opening only'],
          ]}
          onChoose={(order) => set({ order })}
        />
      )}
      <div className="grid items-start gap-4 sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Choice
          legend="When it opens"
          chosen={form.opening}
          options={[
            ['in', 'In minutes', 'from now on'],
            ['at', 'At a time', 'on a day'],
            ['hand', 'By hand', 'when you say so'],
          ]}
          onChoose={(opening) => set({ opening })}
        />
        {form.opening === 'in' ? (
          field('inMinutes', 'Opens in', 'min')
        ) : form.opening === 'at' ? (
          <Field
            label="Opens at"
            type="datetime-local"
            value={form.opensAt}
            error={problems.opensAt}
            onChange={(event) => set({ opensAt: event.target.value })}
          />
        ) : null}
      </div>
      <div className="grid items-start gap-4 sm:grid-cols-3">
        {field('minutes', 'Stands for', 'min')}
        {field('holdSeconds', isGiveaway ? 'Time to take it' : 'Time to pay', 's')}
        {field('perPerson', 'Each person', 'at most')}
      </div>
      <CheckField
        label="With an account only"
        hint="One entry for each e-mail address. Without, a name is enough, and one person can make several."
        checked={form.needsAccount}
        onChange={(event) => set({ needsAccount: event.target.checked })}
      />
      <CheckField
        label="With a proven address only"
        hint="The link of a letter shows that it is theirs: many accounts of one person need as many mailboxes."
        checked={form.provenAddress}
        onChange={(event) => set({ provenAddress: event.target.checked })}
      />
      {isGiveaway ? null : (
        <CheckField
          label="With a card on file only"
          hint="One entry for each card, with or without an account. Nothing is charged for an entry."
          checked={form.cardOnFile}
          onChange={(event) => set({ cardOnFile: event.target.checked })}
        />
      )}
      {form.opening === 'hand' ? null : (
        <Tiers form={form} problem={problems.tiers} onChange={change} />
      )}
      <button type="submit" hidden>
        Announce
      </button>
    </TermsSheet>
  );
}

function Variants({
  form,
  problems,
  onChange,
}: {
  form: DropForm;
  problems: DropProblems;
  onChange: (form: DropForm) => void;
}) {
  const stock = useRoom((room) => room.stock);
  const isGiveaway = form.kind === 'giveaway';
  const references = useQuery(referencePricesQuery(form.productId)).data;
  const set = (variantId: string, part: Partial<DropForm['rows'][number]>) =>
    onChange({
      ...form,
      rows: form.rows.map((row) => (row.variantId === variantId ? { ...row, ...part } : row)),
    });
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-2 text-sm font-semibold">
        {isGiveaway ? 'Quantity' : 'Price and quantity'}
      </legend>
      {problems.rows ? (
        <p className="text-xs font-semibold text-urgent">
          <span aria-hidden="true">! </span>
          {problems.rows}
        </p>
      ) : null}
      {form.rows.map((row) => {
        const name = row.title || 'the product';
        return (
          <div
            key={row.variantId}
            className="grid grid-cols-2 items-start gap-x-3 gap-y-2 rounded-control bg-sunken p-3 sm:grid-cols-[1fr_150px_150px]"
          >
            <div className="col-span-2 sm:col-span-1 sm:pt-1">
              <p className="font-semibold">{row.title || 'One kind'}</p>
              <p className="text-xs text-soft">{referenceWords(references?.get(row.variantId))}</p>
            </div>
            {isGiveaway ? (
              <p className="grid h-12 content-center text-sm font-semibold">Free</p>
            ) : (
              <Field
                label={`Price of ${name}`}
                labelHidden
                suffix={row.usualPrice.currency}
                inputMode="decimal"
                value={row.price}
                error={problems[`price:${row.variantId}`]}
                onChange={(event) => set(row.variantId, { price: event.target.value })}
              />
            )}
            <Field
              label={`Quantity of ${name}`}
              labelHidden
              suffix={`of ${stock[row.variantId]?.available ?? 0}`}
              inputMode="numeric"
              value={row.quantity}
              error={problems[`quantity:${row.variantId}`]}
              onChange={(event) => set(row.variantId, { quantity: event.target.value })}
            />
          </div>
        );
      })}
    </fieldset>
  );
}

/** Members of a tier are let in earlier. */
function Tiers({
  form,
  problem,
  onChange,
}: {
  form: DropForm;
  problem: string | undefined;
  onChange: (form: DropForm) => void;
}) {
  const { tiers } = form;
  const row = (at: number, part: Partial<DropForm['tiers'][number]>) =>
    onChange({ ...form, tiers: tiers.map((one, nth) => (nth === at ? { ...one, ...part } : one)) });
  return (
    <fieldset className="grid gap-2 border-t border-line pt-4">
      <legend className="sr-only">Early access</legend>
      <div className="flex items-center justify-between gap-3">
        <p className="text-sm">
          <b>Early access</b>{' '}
          <span className="text-soft">
            {tiers.length === 0 ? 'for nobody: all are let in at once' : 'by tier of membership'}
          </span>
        </p>
        <Button
          look="plain"
          className="-mr-3"
          disabled={tiers.length >= limits.dropTiersMax}
          onClick={() => onChange({ ...form, tiers: [...tiers, { tier: '', minutes: '' }] })}
        >
          <PlusIcon className="size-4" /> Tier
        </Button>
      </div>
      {tiers.map((one, at) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name.
          key={at}
          className="grid grid-cols-[1fr_1fr_44px] items-center gap-2"
        >
          <Field
            label={`Tier ${at + 1}`}
            labelHidden
            placeholder="Gold"
            maxLength={limits.tierNameMax}
            value={one.tier}
            onChange={(event) => row(at, { tier: event.target.value })}
          />
          <Field
            label={`Minutes earlier, tier ${at + 1}`}
            labelHidden
            suffix="min earlier"
            inputMode="decimal"
            value={one.minutes}
            onChange={(event) => row(at, { minutes: event.target.value })}
          />
          <IconButton
            label={`Take tier ${at + 1} away`}
            onClick={() => onChange({ ...form, tiers: tiers.filter((_, nth) => nth !== at) })}
          >
            <CloseIcon className="size-4" />
          </IconButton>
        </div>
      ))}
      {problem ? (
        <p className="text-xs font-semibold text-urgent">
          <span aria-hidden="true">! </span>
          {problem}
        </p>
      ) : null}
    </fieldset>
  );
}

const summaryOf = ({ variants = [], bundles = [] }: AnnounceDropBody): string => {
  const alone = variants.reduce((total, { quantity }) => total + quantity, 0);
  const units = bundles.reduce(
    (total, { quantity, parts }) =>
      total + quantity * parts.reduce((all, part) => all + part.quantity, 0),
    alone,
  );
  return `${units} ${units === 1 ? 'unit leaves' : 'units leave'} the shop’s stock now; what is left goes back.`;
};
