// The promo codes of the shop: what each takes off, how often it was used, and making and ending them. Terms of
// a code never change: who wants others makes another code.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CodeView, MakeCodeBody } from '../../protocol/codes.ts';
import { useCrew } from '../crew/crew-gate.tsx';
import { LoadFailure, ProblemNote } from '../crew/problem-note.tsx';
import { ask, codesQuery, shopQuery } from '../crew/shop-data.ts';
import { Badge, type BadgeLook } from '../design/badge.tsx';
import { Button } from '../design/button.tsx';
import { Dialog, Sheet } from '../design/dialog.tsx';
import { EmptyState, Skeleton } from '../design/empty-state.tsx';
import { Field, SelectField } from '../design/field.tsx';
import { PlusIcon } from '../design/icons.tsx';
import { toast } from '../design/toast.tsx';
import { newId } from '../live/http-client.ts';
import {
  type CodeForm,
  type CodeState,
  checkCode,
  codeState,
  codeWords,
  newCode,
  timeWords,
  usesWords,
} from './code-form.ts';
import { PageHead } from './page-head.tsx';
import { ProductChooser, type ShelfItem } from './shelf-editor.tsx';

export function CodesPage() {
  const isOwner = useCrew().role === 'owner';
  const codes = useQuery(codesQuery);
  const [making, setMaking] = useState(false);
  const add = (
    <Button look="strong" onClick={() => setMaking(true)}>
      <PlusIcon /> New code
    </Button>
  );
  return (
    <>
      <PageHead
        title="Codes"
        note="A word that takes something off at the checkout. Buyers type it, or come by a link that carries it."
        actions={isOwner && (codes.data?.length ?? 0) > 0 ? add : null}
      />
      {codes.isError && !codes.data ? (
        <LoadFailure error={codes.error} onRetry={() => void codes.refetch()} />
      ) : !codes.data ? (
        <div className="grid gap-px" aria-busy="true">
          {[1, 2, 3].map((one) => (
            <Skeleton key={one} className="h-[72px]" />
          ))}
        </div>
      ) : codes.data.length === 0 ? (
        <div className="rounded-sheet border border-line bg-card">
          <EmptyState title="No code yet" action={isOwner ? add : null}>
            Thank those who came last time, or try what ten percent do. Each code has its own
            limits.
          </EmptyState>
        </div>
      ) : (
        <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-card">
          {codes.data.map((code) => (
            <Row key={code.code} code={code} isOwner={isOwner} />
          ))}
        </ul>
      )}
      {making ? <CodeSheet onClose={() => setMaking(false)} /> : null}
    </>
  );
}

const stateWords: Record<CodeState, readonly [look: BadgeLook, words: string]> = {
  running: ['accent', 'Running'],
  coming: ['outline', 'Coming'],
  'used-up': ['plain', 'Used up'],
  over: ['plain', 'Over'],
};

function Row({ code, isOwner }: { code: CodeView; isOwner: boolean }) {
  const cache = useQueryClient();
  const [asking, setAsking] = useState(false);
  const nowMs = Date.now();
  const state = codeState(code, nowMs);
  const [look, words] = stateWords[state];
  const end = useMutation({
    mutationFn: () => ask.endCode(code.code),
    onSuccess: () => {
      setAsking(false);
      void cache.invalidateQueries({ queryKey: ['codes'] });
      toast(`${code.code} is over`, { look: 'good' });
    },
  });
  const link = () => {
    void navigator.clipboard
      .writeText(`${location.origin}/?code=${code.code}`)
      .then(() => toast('The link is copied', { look: 'good' }));
  };
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-5 py-3.5 max-md:px-4">
      <span className="min-w-0 flex-1 basis-56">
        <b className="flex flex-wrap items-center gap-2 font-semibold">
          <span className="break-all">{code.code}</span> <Badge look={look}>{words}</Badge>
        </b>
        <span className="block text-sm">{codeWords(code)}</span>
        <span className="block text-xs text-soft">
          {[usesWords(code), timeWords(code, nowMs)].filter(Boolean).join(' · ')}
        </span>
      </span>
      {state === 'over' ? null : (
        <span className="flex gap-2">
          <Button onClick={link}>Copy link</Button>
          {isOwner ? <Button onClick={() => setAsking(true)}>End</Button> : null}
        </span>
      )}
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={`End ${code.code}?`}
        footer={
          <div className="flex justify-end gap-2">
            <Button onClick={() => setAsking(false)}>Keep it</Button>
            <Button look="urgent" busy={end.isPending} onClick={() => end.mutate()}>
              End it
            </Button>
          </div>
        }
      >
        <ProblemNote error={end.error} />
        <p className="text-sm text-soft">
          Nobody can use it from now on; orders that have it keep it. It can’t begin again: the word
          is taken for good.
        </p>
      </Dialog>
    </li>
  );
}

function CodeSheet({ onClose }: { onClose: () => void }) {
  const cache = useQueryClient();
  const shop = useQuery(shopQuery).data;
  const currency = shop?.currency ?? 'EUR';
  const [form, setForm] = useState<CodeForm>(newCode);
  const [items, setItems] = useState<readonly ShelfItem[]>([]);
  const [choosing, setChoosing] = useState(false);
  const [tried, setTried] = useState(false);
  // One wish, one key: pressing again after a lost answer makes one code.
  const [wish, setWish] = useState(newId);
  const make = useMutation({
    mutationFn: (body: MakeCodeBody) => ask.makeCode(body, wish),
    onSuccess: ({ code }) => {
      void cache.invalidateQueries({ queryKey: ['codes'] });
      toast(`${code} can be used`, { look: 'good' });
      onClose();
    },
  });
  const change = (part: Partial<CodeForm>) => {
    setForm({ ...form, ...part });
    setWish(newId());
    make.reset();
  };
  const check = checkCode(form, currency, Date.now());
  const problems = tried && !check.ok ? check.problems : {};
  const submit = () => {
    setTried(true);
    if (check.ok) make.mutate(check.body);
  };
  const field = (name: keyof CodeForm) => ({
    value: form[name] as string,
    error: problems[name],
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }),
  });
  return (
    <Sheet
      open
      wide
      onClose={onClose}
      title="New promo code"
      footer={
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Not now</Button>
          <Button look="strong" busy={make.isPending} onClick={submit}>
            Make it
          </Button>
        </div>
      }
    >
      <form
        className="grid gap-4 pt-1"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <ProblemNote error={make.error} />
        <Field
          label="Code"
          hint="Letters and digits that can be said aloud, such as KILN10."
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={32}
          {...field('code')}
        />
        <div className="grid grid-cols-2 items-start gap-3">
          <SelectField
            label="Takes off"
            value={form.kind}
            onChange={(event) => change({ kind: event.target.value as CodeForm['kind'] })}
          >
            <option value="percent">A share</option>
            <option value="amount">An amount</option>
          </SelectField>
          <Field
            label={form.kind === 'percent' ? 'How much of the price' : 'How much'}
            suffix={form.kind === 'percent' ? '%' : currency}
            inputMode="decimal"
            {...field('off')}
          />
        </div>
        <div className="flex flex-wrap items-center justify-between gap-2 rounded-control bg-sunken py-2 pr-2 pl-3.5 text-sm">
          <span className="min-w-0 flex-1">
            <b className="font-semibold">For</b>{' '}
            {items.length === 0 ? 'all products' : items.map(({ title }) => title).join(', ')}
          </span>
          <Button onClick={() => setChoosing(true)}>Choose products</Button>
        </div>
        <Field
          label="From an order of"
          hint="Empty: any order."
          suffix={currency}
          inputMode="decimal"
          {...field('minimum')}
        />
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label="Counts from" hint="Empty: now." type="datetime-local" {...field('from')} />
          <Field
            label="Until"
            hint="Empty: until you end it."
            type="datetime-local"
            {...field('until')}
          />
          <Field
            label="Orders in total"
            hint="Empty: no limit."
            inputMode="numeric"
            {...field('uses')}
          />
          <Field
            label="Orders a person"
            hint="Empty: no limit."
            inputMode="numeric"
            {...field('perPerson')}
          />
        </div>
        <button type="submit" hidden>
          Make it
        </button>
      </form>
      {choosing ? (
        <ProductChooser
          eyebrow="Promo code"
          countWords={(count) => (count === 0 ? 'All products' : `${count} chosen`)}
          items={items}
          onChange={(next) => {
            setItems(next);
            change({ productIds: next.map(({ productId }) => productId) });
          }}
          onClose={() => setChoosing(false)}
        />
      ) : null}
    </Sheet>
  );
}
