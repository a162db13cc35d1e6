// My limits: what I allow myself in a day and in a show, for how long, and above what I am asked again. What
// is looser than before stands beside its field with the time from which it counts, until then to take back.

import { useCallback, useEffect, useState } from 'react';
import { money } from '../../base/money.ts';
import type { PageState } from '../../protocol/first-paint.ts';
import type { LimitsBody, LimitsView } from '../../protocol/limits.ts';
import { Button, ButtonLink } from '../design/button.tsx';
import { momentText } from '../design/clock.tsx';
import { EmptyState, Failure, Skeleton } from '../design/empty-state.tsx';
import { Field } from '../design/field.tsx';
import { moneyText } from '../design/money.tsx';
import { ShopFrame } from '../home/shop-frame.tsx';
import { http, problemFrom, type WebProblem } from '../live/http-client.ts';
import { useMe } from '../watch/session.ts';
import {
  bodyOf,
  durationWords,
  formOf,
  type LimitField,
  type LimitsForm,
  pendingOf,
  valueWords,
} from './limits-form.ts';

export default function LimitsPage({ state }: { state: PageState }) {
  const me = useMe();
  return (
    <ShopFrame state={state}>
      <h1 className="mt-4 text-3xl">My limits</h1>
      <p className="mt-2 max-w-[62ch] text-soft">
        A live show is quick. Here you say beforehand how far you go; the shop holds you to it in
        all its shows at once. Nobody else sees it. A tighter limit counts at once, a looser one, or
        none, a day later.
      </p>
      {me ? (
        <Limits />
      ) : (
        <EmptyState
          title="Sign in to set limits"
          action={
            <ButtonLink href="/sign-in?next=/limits" look="strong">
              Sign in
            </ButtonLink>
          }
        >
          They belong to the name that you buy under.
        </EmptyState>
      )}
    </ShopFrame>
  );
}

function Limits() {
  const [view, setView] = useState<LimitsView | null>(null);
  const [problem, setProblem] = useState<WebProblem | null>(null);
  const load = useCallback(async () => {
    setProblem(null);
    try {
      setView(await http.get<LimitsView>('/api/me/limits'));
    } catch (error) {
      setProblem(problemFrom(error));
    }
  }, []);
  useEffect(() => void load(), [load]);

  if (problem)
    return <Failure title={problem.title} detail={problem.detail} onRetry={() => void load()} />;
  if (!view) return <Skeleton className="mt-8 h-80" />;
  return (
    <div className="mt-8 grid gap-8 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <Form view={view} onSaved={setView} />
      <Today view={view} />
    </div>
  );
}

const words: Readonly<Record<LimitField, { readonly label: string; readonly hint: string }>> = {
  dayMinor: {
    label: 'Spending in a day',
    hint: 'What you hold, bid and buy from midnight to midnight, shipping included.',
  },
  showMinor: { label: 'Spending in one show', hint: 'The same, for each show by itself.' },
  confirmAboveMinor: {
    label: 'Ask me again above',
    hint: 'A claim or bid that may cost more is sent only when you press twice.',
  },
  watchMinutes: {
    label: 'Minutes of live shows in a day',
    hint: 'Afterwards you may watch, but not claim or bid, until the next day.',
  },
};

function Form({ view, onSaved }: { view: LimitsView; onSaved: (view: LimitsView) => void }) {
  const { currency } = view;
  const [form, setForm] = useState<LimitsForm>(() => formOf(view));
  const [errors, setErrors] = useState<Partial<Record<LimitField, string>>>({});
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState<{ readonly text: string; readonly isWrong: boolean } | null>(
    null,
  );

  const send = async (body: LimitsBody) => {
    setBusy(true);
    setSaid(null);
    try {
      const wish = { ...body, ...offsetOf(view) };
      const saved = await http.put<LimitsView>('/api/me/limits', wish);
      onSaved(saved);
      setForm(formOf(saved));
      const text =
        saved.pending.length > 0
          ? 'Saved. What is looser counts from the time beside it.'
          : 'Saved. It counts from now.';
      setSaid({ text, isWrong: false });
    } catch (error) {
      const { title, detail } = problemFrom(error);
      setSaid({ text: `${title}. ${detail}`, isWrong: true });
    }
    setBusy(false);
  };
  const submit = () => {
    const read = bodyOf(form, currency);
    setErrors('errors' in read ? read.errors : {});
    if ('body' in read) void send(read.body);
  };
  /** Only this field goes back to what counts; what else is typed isn't sent. */
  const takeBack = (field: LimitField) => {
    const read = bodyOf(formOf(view), currency);
    if ('body' in read) void send({ ...read.body, [field]: view.limits[field] });
  };

  const field = (name: LimitField) => {
    const later = pendingOf(view, name);
    return (
      <div className="grid gap-2">
        <Field
          {...words[name]}
          inputMode={name === 'watchMinutes' ? 'numeric' : 'decimal'}
          autoComplete="off"
          placeholder={valueWords(name, null, currency)}
          suffix={name === 'watchMinutes' ? 'min' : currency}
          value={form[name]}
          error={errors[name]}
          onChange={(event) => setForm({ ...form, [name]: event.target.value })}
        />
        {later ? (
          <div className="flex flex-wrap items-center justify-between gap-2 rounded-control border border-line py-2 pr-2 pl-3.5 text-sm">
            <p className="min-w-0 flex-1 basis-60">
              <b>{valueWords(name, view.limits[name], currency)}</b> until{' '}
              {momentText(later.fromMs)}, then {valueWords(name, later.value, currency)}.
            </p>
            <Button
              disabled={isBusy}
              aria-label={`Keep ${valueWords(name, view.limits[name], currency)}: ${words[name].label}`}
              onClick={() => takeBack(name)}
            >
              Keep {valueWords(name, view.limits[name], currency)}
            </Button>
          </div>
        ) : null}
      </div>
    );
  };

  return (
    <form
      className="grid content-start gap-6"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {field('dayMinor')}
      {field('showMinor')}
      {field('confirmAboveMinor')}
      {field('watchMinutes')}
      <div className="flex flex-wrap items-center gap-4">
        <Button type="submit" look="strong" size="large" busy={isBusy}>
          Save my limits
        </Button>
        <p
          role="status"
          className={said?.isWrong ? 'text-sm font-semibold text-urgent' : 'text-sm text-soft'}
        >
          {said?.text}
        </p>
      </div>
    </form>
  );
}

/** The first limits say where my day begins; later ones leave it as it is. */
const offsetOf = ({ limits, pending }: LimitsView): Pick<LimitsBody, 'utcOffsetMinutes'> => {
  const { utcOffsetMinutes: _, ...values } = limits;
  const hasAny = pending.length > 0 || Object.values(values).some((value) => value !== null);
  return hasAny ? {} : { utcOffsetMinutes: -new Date().getTimezoneOffset() };
};

function Today({ view }: { view: LimitsView }) {
  const { today, limits, currency } = view;
  const amount = (minor: number) => moneyText(money(minor, currency));
  const rows: [string, string][] = [
    ['Held, bid or won', amount(today.promisedMinor)],
    ['Paid', amount(today.spentMinor)],
    ...(today.leftMinor === null ? [] : [['Left', amount(today.leftMinor)] as [string, string]]),
    ...(limits.watchMinutes === null
      ? []
      : [
          [
            'Watched',
            `${durationWords(Math.floor(today.watchedMs / 60_000))} of ${durationWords(limits.watchMinutes)}`,
          ] as [string, string],
        ]),
  ];
  return (
    <section aria-labelledby="today" className="h-fit rounded-card bg-sunken px-5 py-4">
      <h2 id="today" className="text-lg">
        Today
      </h2>
      <dl className="mt-2 grid gap-1 text-sm">
        {rows.map(([name, value]) => (
          <div key={name} className="flex justify-between gap-3">
            <dt className="text-soft">{name}</dt>
            <dd className="font-semibold">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-3 text-xs text-soft">
        Counted while a limit is set. Your day ends {momentText(today.endsAtMs)}.
      </p>
    </section>
  );
}
